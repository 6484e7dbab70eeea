import { Agh, Bre, CcaItq, type Hasher, Itq, Ksh, Mlh, Pcah, Sdh, SimHash, SpectralHashing } from '../src/index.js';
import type { HashingConfig } from './config.js';

/** A way to hash, and what it is. */
export interface Method {
  readonly what: string;
  readonly supervised: boolean;
  make(bits: number, config: HashingConfig): Hasher;
}

/** The hashers that are compared by labels, by the name of their arms. */
export const methods: Readonly<Record<string, Method>> = {
  simhash: { what: 'SimHash: random directions', supervised: false, make: (bits) => new SimHash({ bits }) },
  pcah: { what: 'PCA hashing', supervised: false, make: (bits) => new Pcah({ bits }) },
  sh: { what: 'spectral hashing', supervised: false, make: (bits) => new SpectralHashing({ bits }) },
  itq: { what: 'iterative quantisation', supervised: false, make: (bits) => new Itq({ bits }) },
  agh: {
    what: 'anchor graph hashing, one layer',
    supervised: false,
    make: (bits, { anchors }) => new Agh({ bits, anchors: Math.max(anchors, bits + 2) }),
  },
  bre: {
    what: 'binary reconstructive embedding',
    supervised: false,
    make: (bits, { kernelSample }) => new Bre({ bits, sample: kernelSample / 2 }),
  },
  'cca-itq': {
    what: 'iterative quantisation of canonical directions',
    supervised: true,
    make: (bits) => new CcaItq({ bits }),
  },
  ksh: {
    what: 'kernel-based supervised hashing',
    supervised: true,
    make: (bits, { anchors, kernelSample }) => new Ksh({ bits, anchors, sample: kernelSample }),
  },
  sdh: {
    what: 'supervised discrete hashing',
    supervised: true,
    make: (bits, { anchors }) => new Sdh({ bits, anchors }),
  },
  mlh: { what: 'minimal loss hashing', supervised: true, make: (bits, { pairs }) => new Mlh({ bits, pairs }) },
};
