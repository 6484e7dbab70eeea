// Bias and ReLU in one pass, and their gradients in one pass. z is read as rows of channels.
#include <algorithm>

#include "kernel-api.h"
#include "operations.h"
#include "reduce-rows.h"

namespace tensor_papers {
namespace {

TP_HOT void addAndClip(const float* __restrict z, const float* __restrict bias, float* __restrict y, int64_t rows, int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < channels; c++) {
      const float sum = z[r * channels + c] + bias[c];
      y[r * channels + c] = sum <= 0.0f ? 0.0f : sum;
    }
  }
}

// dz = dy where y > 0, and its sums per channel.
TP_HOT void gateAndSum(const float* __restrict y, const float* __restrict dy, float* __restrict dz, float* __restrict sums, int64_t rows,
                       int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < channels; c++) {
      const float g = y[r * channels + c] > 0.0f ? dy[r * channels + c] : 0.0f;
      dz[r * channels + c] = g;
      sums[c] += g;
    }
  }
}

// z, bias → y = max(z + bias, 0)
void computeForward(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* z = call.input(0);
  TF_Tensor* bias = call.input(1);
  if (!call.ok()) return;
  const int64_t channels = size(bias);
  if (channels == 0 || TF_NumDims(z) == 0 || TF_Dim(z, TF_NumDims(z) - 1) != channels) {
    return call.fail("BiasRelu: expected one bias for each value of the last axis");
  }
  float* y = call.output(0, shape(z));
  if (!call.ok()) return;
  const PerChannel biases(data(bias), channels);
  forRows(size(z) / channels, channels, [&](int64_t from, int64_t count, int64_t width) {
    addAndClip(data(z) + from * channels, biases.data(), y + from * channels, count, width);
  });
}

// y, dy → dz, dbias
void computeBackward(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* y = call.input(0);
  TF_Tensor* dy = call.input(1);
  if (!call.ok()) return;
  if (TF_NumDims(y) == 0 || size(y) != size(dy)) return call.fail("BiasReluGrad: expected dy of the shape of y");
  const int64_t channels = TF_Dim(y, TF_NumDims(y) - 1);
  float* dz = call.output(0, shape(y));
  float* dbias = call.output(1, {channels});
  if (!call.ok() || channels == 0) return;
  const std::vector<double> sums = reduceRows(size(y) / channels, channels, 1, [&](int64_t row, int64_t rows, int64_t width, float* total) {
    gateAndSum(data(y) + row * channels, data(dy) + row * channels, dz + row * channels, total, rows, width);
  });
  for (int64_t c = 0; c < channels; c++) dbias[c] = static_cast<float>(sums[static_cast<size_t>(c)]);
}

}  // namespace

Operation biasRelu() {
  return {"TensorPapersBiasRelu", {"z: float", "bias: float"}, {"y: float"}, {}, createNothing, computeForward, noAttributes};
}

Operation biasReluGrad() {
  return {"TensorPapersBiasReluGrad", {"y: float", "dy: float"}, {"dz: float", "dbias: float"}, {}, createNothing, computeBackward,
          noAttributes};
}

}  // namespace tensor_papers
