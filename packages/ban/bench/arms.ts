/** Every arm and what it is. CNN: the net of the configuration; students have their teacher's architecture unless said otherwise. */
export const arms = {
  teacher: 'CNN trained on labels: the teacher of every arm below that has one',
  'teacher-2': 'The same with another seed (control)',
  'teacher-3': 'The same with a third seed (control)',
  ban: 'BAN-1: student of the teacher, soft targets only',
  'ban-2': 'BAN-2: student of BAN-1',
  'ban-3': 'BAN-3: student of BAN-2',
  'ban+l': 'Student of the teacher, labels and soft targets',
  cwtm: 'Labels, each image weighted by the teacher’s largest probability',
  dkpp: 'Soft targets with the non-argmax probabilities permuted',
  smoothMax: 'Soft targets with the non-argmax probabilities averaged (noise-free control of dkpp)',
  'bane-2': 'Ensemble of BAN-1 and BAN-2 (mean probabilities)',
  'bane-3': 'Ensemble of BAN-1, BAN-2 and BAN-3',
  'teacher+bane-2': 'Ensemble of the teacher, BAN-1 and BAN-2',
  'ensemble-2-teachers': 'Ensemble of two independent teachers (control of bane-2)',
  'ensemble-3-teachers': 'Ensemble of three independent teachers (control of bane-3)',
  'cross/mlp-ce': 'Multi-layer perceptron trained on labels (control)',
  'cross/cnn-to-mlp': 'Multi-layer perceptron, student of the CNN teacher',
  'cross/mlp-to-cnn': 'CNN, student of the multi-layer perceptron',
  'short/teacher': 'Under-trained teacher: global average pooling, augmentation, short schedule',
  'short/ban': 'Student of the under-trained teacher, soft targets only',
  'short/ban+l': 'Student of the under-trained teacher, labels and soft targets',
} as const;

export type Arm = keyof typeof arms;
