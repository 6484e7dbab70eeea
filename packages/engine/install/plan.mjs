/** The version of TensorFlow that every machine gets, and the version of the addon's sources it is compiled from. */
export const tensorflowVersion = '2.18.1';
export const tfjsNodeVersion = '4.22.0';

/** Engines by name, in no order. */
export const engineNames = ['tensorflow', 'wasm', 'webgpu', 'webgl', 'cpu'];

/**
 * Where TensorFlow's shared library comes from on each platform: a wheel of PyPI, pinned by its sha256.
 * Only linux-x64 was run; the others are what the index lists.
 */
const wheels = {
  'linux-x64': {
    distribution: 'tensorflow-cpu',
    tag: 'manylinux_2_17_x86_64',
    wheel: 'tensorflow_cpu-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  'linux-arm64': {
    distribution: 'tensorflow',
    tag: 'manylinux_2_17_aarch64',
    wheel: 'tensorflow-2.18.1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl',
    sha256: '8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944',
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  'darwin-arm64': {
    distribution: 'tensorflow',
    tag: 'macosx_12_0_arm64',
    wheel: 'tensorflow-2.18.1-cp311-cp311-macosx_12_0_arm64.whl',
    sha256: '661029cd769b311db910b79a3a6ef50a5a61ecc947172228c777a49989722508',
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  },
};

/** What to install here, or undefined where no wheel can serve (Windows: the addon would need MSVC and an import library). */
export function installPlan(platform = process.platform, arch = process.arch) {
  const wheel = wheels[`${platform}-${arch}`];
  if (!wheel) return undefined;
  return {
    ...wheel,
    version: tensorflowVersion,
    key: `tensorflow-${tensorflowVersion}-tfjs-node-${tfjsNodeVersion}-${platform}-${arch}-napi8`,
    headers: ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/'],
  };
}
