// Batch normalisation in training, forward and backward, over the last axis: x is read as rows of channels.
#include <algorithm>
#include <cmath>

#include "kernel-api.h"
#include "operations.h"
#include "reduce-rows.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

// Σ(x − shift) and Σ(x − shift)² of some rows; the shift keeps digits where the mean is large beside the deviation.
TP_HOT void sumSquares(const float* x, const float* __restrict shift, float* __restrict first, float* __restrict second, int64_t rows,
                       int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    const float* __restrict row = x + r * channels;
    for (int64_t c = 0; c < channels; c++) {
      const float d = row[c] - shift[c];
      first[c] += d;
      second[c] += d * d;
    }
  }
}

// Σ dy and Σ dy · (x − mean) of some rows.
TP_HOT void sumProducts(const float* x, const float* dy, const float* __restrict mean, float* __restrict first, float* __restrict second,
                        int64_t rows, int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    const float* __restrict row = x + r * channels;
    const float* __restrict g = dy + r * channels;
    for (int64_t c = 0; c < channels; c++) {
      first[c] += g[c];
      second[c] += g[c] * (row[c] - mean[c]);
    }
  }
}

// y = x · factor + term
TP_HOT void scaleRows(const float* x, const float* __restrict factor, const float* __restrict term, float* __restrict y, int64_t rows,
                      int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < channels; c++) y[r * channels + c] = x[r * channels + c] * factor[c] + term[c];
  }
}

// dx = dy · a + x · b + c
TP_HOT void combineRows(const float* x, const float* dy, const float* __restrict a, const float* __restrict b,
                        const float* __restrict c, float* __restrict dx, int64_t rows, int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    const int64_t at = r * channels;
    for (int64_t k = 0; k < channels; k++) dx[at + k] = dy[at + k] * a[k] + x[at + k] * b[k] + c[k];
  }
}

void* createEpsilon(TF_OpKernelConstruction* construction) {
  float* epsilon = new float(0.0f);
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", epsilon, status);
  if (TF_GetCode(status) != 0) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return epsilon;
}

void destroyEpsilon(void* kernel) { delete static_cast<float*>(kernel); }

// x, scale, offset → y, mean, variance (of the batch, biased)
void computeForward(void* kernel, TF_OpKernelContext* context) {
  const float epsilon = *static_cast<float*>(kernel);
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* scale = call.input(1);
  TF_Tensor* offset = call.input(2);
  if (!call.ok()) return;
  const int64_t channels = TF_NumDims(x) > 0 ? TF_Dim(x, TF_NumDims(x) - 1) : 0;
  if (channels == 0 || size(x) == 0) return call.fail("BatchNorm: expected x with at least one row and one channel");
  if (size(scale) != channels || size(offset) != channels) return call.fail("BatchNorm: expected one scale and one offset per channel");
  const int64_t rows = size(x) / channels;
  float* y = call.output(0, shape(x));
  float* mean = call.output(1, {channels});
  float* variance = call.output(2, {channels});
  if (!call.ok()) return;

  const float* in = data(x);
  const std::vector<double> sums = reduceRows(rows, channels, 2, [&](int64_t from, int64_t count, float* totals) {
    sumSquares(in + from * channels, in, totals, totals + channels, count, channels);
  });
  std::vector<float> factor(static_cast<size_t>(channels)), term(static_cast<size_t>(channels));
  for (int64_t c = 0; c < channels; c++) {
    const double shifted = sums[static_cast<size_t>(c)] / rows;
    const double spread = std::max(0.0, sums[static_cast<size_t>(channels + c)] / rows - shifted * shifted);
    mean[c] = static_cast<float>(in[c] + shifted);
    variance[c] = static_cast<float>(spread);
    const double inverse = data(scale)[c] / std::sqrt(spread + epsilon);
    factor[static_cast<size_t>(c)] = static_cast<float>(inverse);
    term[static_cast<size_t>(c)] = static_cast<float>(data(offset)[c] - (in[c] + shifted) * inverse);
  }
  parallelFor(rows, channels, [&](int64_t from, int64_t to) {
    scaleRows(in + from * channels, factor.data(), term.data(), y + from * channels, to - from, channels);
  });
}

// x, dy, scale, mean, variance → dx, dscale, doffset. With x̂ = (x − mean)/σ and n rows:
// dx = scale/σ · (dy − Σdy/n − x̂ · Σ(dy·x̂)/n), dscale = Σ dy·x̂, doffset = Σ dy.
void computeBackward(void* kernel, TF_OpKernelContext* context) {
  const float epsilon = *static_cast<float*>(kernel);
  Call call(context);
  TF_Tensor* in[5];
  for (int i = 0; i < 5; i++) in[i] = call.input(i);
  if (!call.ok()) return;
  const int64_t channels = TF_Dim(in[0], TF_NumDims(in[0]) - 1);
  if (size(in[1]) != size(in[0])) return call.fail("BatchNormGrad: expected dy of the shape of x");
  const int64_t rows = size(in[0]) / channels;
  float* dx = call.output(0, shape(in[0]));
  float* dscale = call.output(1, {channels});
  float* doffset = call.output(2, {channels});
  if (!call.ok()) return;

  const float *x = data(in[0]), *dy = data(in[1]), *scale = data(in[2]), *mean = data(in[3]), *variance = data(in[4]);
  const std::vector<double> sums = reduceRows(rows, channels, 2, [&](int64_t from, int64_t count, float* totals) {
    sumProducts(x + from * channels, dy + from * channels, mean, totals, totals + channels, count, channels);
  });
  std::vector<float> a(static_cast<size_t>(channels)), b(static_cast<size_t>(channels)), c(static_cast<size_t>(channels));
  for (int64_t k = 0; k < channels; k++) {
    const size_t at = static_cast<size_t>(k);
    const double inverse = 1.0 / std::sqrt(static_cast<double>(variance[k]) + epsilon);
    const double sum = sums[at], product = sums[static_cast<size_t>(channels + k)] * inverse;
    doffset[k] = static_cast<float>(sum);
    dscale[k] = static_cast<float>(product);
    const double factor = scale[k] * inverse;
    const double slope = -factor * inverse * product / rows;
    a[at] = static_cast<float>(factor);
    b[at] = static_cast<float>(slope);
    c[at] = static_cast<float>(-factor * sum / rows - slope * mean[k]);
  }
  parallelFor(rows, channels, [&](int64_t from, int64_t to) {
    combineRows(x + from * channels, dy + from * channels, a.data(), b.data(), c.data(), dx + from * channels, to - from, channels);
  });
}

}  // namespace

Operation batchNorm() {
  return {"TensorPapersBatchNorm",
          {"x: float", "scale: float", "offset: float"},
          {"y: float", "mean: float", "variance: float"},
          {"epsilon: float"},
          createEpsilon,
          computeForward,
          destroyEpsilon};
}

Operation batchNormGrad() {
  return {"TensorPapersBatchNormGrad",
          {"x: float", "dy: float", "scale: float", "mean: float", "variance: float"},
          {"dx: float", "dscale: float", "doffset: float"},
          {"epsilon: float"},
          createEpsilon,
          computeBackward,
          destroyEpsilon};
}

}  // namespace tensor_papers
