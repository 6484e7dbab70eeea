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
  'win32-x64': {
    distribution: 'tensorflow-cpu',
    tag: 'win_amd64',
    wheel: 'tensorflow_cpu-2.18.1-cp311-cp311-win_amd64.whl',
    sha256: 'd4a0a78fe265376f38a58253389eb026b963c6865123ddb23c5ebb7e12d07ece',
    unusable: 'the addon would have to be compiled with MSVC, which was not tried',
  },
};

/**
 * The same library for NVIDIA's graphics processors, and the wheels that bring CUDA 12.5 and cuDNN 9.3 to it, as TensorFlow's own extra
 * `and-cuda` lists them. Asked for by TENSOR_PAPERS_CUDA=1; it was never run.
 */
const cuda = {
  'linux-x64': {
    distribution: 'tensorflow',
    tag: 'manylinux_2_17_x86_64',
    wheel: 'tensorflow-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    sha256: 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828',
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
    // They come to deps/nvidia/<name>/lib, which LD_LIBRARY_PATH has to name before Node starts.
    companions: [
      'nvidia-cublas-cu12==12.5.3.2 --hash=sha256:ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b',
      'nvidia-cuda-cupti-cu12==12.5.82 --hash=sha256:bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953',
      'nvidia-cuda-nvcc-cu12==12.5.82 --hash=sha256:b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0',
      'nvidia-cuda-nvrtc-cu12==12.5.82 --hash=sha256:3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
      'nvidia-cuda-runtime-cu12==12.5.82 --hash=sha256:3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
      'nvidia-cudnn-cu12==9.3.0.75 --hash=sha256:9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d',
      'nvidia-cufft-cu12==11.2.3.61 --hash=sha256:9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8',
      'nvidia-curand-cu12==10.3.6.82 --hash=sha256:2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536',
      'nvidia-cusolver-cu12==11.6.3.83 --hash=sha256:93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
      'nvidia-cusparse-cu12==12.5.1.3 --hash=sha256:016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
      'nvidia-nccl-cu12==2.21.5 --hash=sha256:8579076d30a8c24988834445f8d633c697d42397e92ffc3f63fa26766d25e0a0',
      'nvidia-nvjitlink-cu12==12.5.82 --hash=sha256:f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
    ],
  },
};

/** Whether the environment asks for the library that computes on NVIDIA's graphics processors. */
export const asksForCuda = (env) => env.TENSOR_PAPERS_CUDA === '1';

/** The wheel of a platform, usable or not (`unusable` says why), or undefined where there is none. */
export function listedPlan(platform = process.platform, arch = process.arch, env = process.env) {
  const withCuda = asksForCuda(env);
  const wheel = (withCuda ? cuda : wheels)[`${platform}-${arch}`];
  if (!wheel) return undefined;
  return {
    ...wheel,
    version: tensorflowVersion,
    key: `tensorflow-${tensorflowVersion}-tfjs-node-${tfjsNodeVersion}-${platform}-${arch}${withCuda ? '-cuda' : ''}-napi8`,
    headers: ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/'],
  };
}

/** What to install here, or undefined where no wheel can serve. */
export function installPlan(platform = process.platform, arch = process.arch, env = process.env) {
  const plan = listedPlan(platform, arch, env);
  return plan?.unusable ? undefined : plan;
}
