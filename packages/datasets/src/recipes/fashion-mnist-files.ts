/** One of the four published files: an IDX array, compressed. */
export interface PublishedFile {
  /** Name without `.gz`. */
  readonly name: string;
  readonly split: 'train' | 'test';
  readonly dimensions: 1 | 3;
  /** Size and checksum (hex) of the compressed file as published. */
  readonly compressed: { readonly bytes: number; readonly sha256: string };
  /** Size and checksum (hex) of its contents, however they are compressed. */
  readonly contents: { readonly bytes: number; readonly sha256: string };
}

/** The files of Fashion-MNIST: 60,000 training and 10,000 test images of 28 × 28 grey pixels, with labels. */
export const fashionMnistFiles: readonly PublishedFile[] = [
  {
    name: 'train-images-idx3-ubyte',
    split: 'train',
    dimensions: 3,
    compressed: { bytes: 26421856, sha256: 'b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7' },
    contents: { bytes: 47040016, sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888' },
  },
  {
    name: 'train-labels-idx1-ubyte',
    split: 'train',
    dimensions: 1,
    compressed: { bytes: 29491, sha256: '0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056' },
    contents: { bytes: 60008, sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9' },
  },
  {
    name: 't10k-images-idx3-ubyte',
    split: 'test',
    dimensions: 3,
    compressed: { bytes: 4422079, sha256: 'cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa' },
    contents: { bytes: 7840016, sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b' },
  },
  {
    name: 't10k-labels-idx1-ubyte',
    split: 'test',
    dimensions: 1,
    compressed: { bytes: 5125, sha256: '8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05' },
    contents: { bytes: 10008, sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34' },
  },
];

/** The names of the classes 0 … 9. */
export const fashionMnistClassNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

export const fashionMnistLicence = 'MIT, © 2017 Zalando SE';
export const fashionMnistCitation =
  'H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms. 2017, arXiv:1708.07747';
