import { augmentBatch } from '@tensor-papers/numerics/augment';
import { accuracy, negativeLogLikelihood } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import { pairedTInterval } from '@tensor-papers/numerics/statistics';

const rng = createRng(7);
console.log(rng.stream('shuffle').permutation(5).join(' '), rng.stream('noise').normal().toFixed(4));
const logits = Float32Array.of(2, 0, -1, 0.5, 1, 3);
console.log(accuracy(logits, [0, 1], 3), negativeLogLikelihood(logits, [0, 1], 3).toFixed(4));
const { mean, low, high } = pairedTInterval([91.2, 90.8, 91.5], [90.1, 90.3, 90.4]);
console.log(`${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`);
const images = Float32Array.of(0.1, 0.2, 0.3, 0.4);
console.log(augmentBatch(images, [1, 2, 2, 1], [{ kind: 'flip', probability: 1 }], rng.stream('augment')));
