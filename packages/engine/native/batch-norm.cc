// Batch normalisation in training over the last axis, which reads x as rows of channels. Forward: moments here, then `scale-shift.cc`.
#include <algorithm>
#include <cmath>

#include "kernel-api.h"
#include "operations.h"
#include "reduce-rows.h"
#include "scale-shift.h"

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

// Σ dz and Σ dz · (x − mean) of some rows.
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

TP_HOT void sumClippedProducts(const float* x, const float* dy, const float* __restrict mean, const float* __restrict factor,
                               const float* __restrict term, float* __restrict first, float* __restrict second, int64_t rows,
                               int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    const float* __restrict row = x + r * channels;
    const float* __restrict g = dy + r * channels;
    for (int64_t c = 0; c < channels; c++) {
      const float dz = scaleShift(row[c], factor[c], term[c]) > 0.0f ? g[c] : 0.0f;
      first[c] += dz;
      second[c] += dz * (row[c] - mean[c]);
    }
  }
}

// dx = dz · a + x · b + c, plus the addend where there is one; dz = dy, or where ReLU follows, dy where x · factor + term > 0.
template <bool kRelu, bool kAdds>
inline __attribute__((always_inline)) void combine(const float* __restrict x, const float* __restrict dy, const float* const* channel,
                                                   const float* __restrict addend, float* __restrict dx, int64_t rows, int64_t width) {
  const float *__restrict factor = channel[0], *__restrict term = channel[1], *__restrict a = channel[2], *__restrict b = channel[3],
              *__restrict c = channel[4];
  for (int64_t r = 0; r < rows; r++) {
    const int64_t at = r * width;
    for (int64_t k = 0; k < width; k++) {
      const float dz = !kRelu || scaleShift(x[at + k], factor[k], term[k]) > 0.0f ? dy[at + k] : 0.0f;
      const float own = dz * a[k] + x[at + k] * b[k] + c[k];
      dx[at + k] = kAdds ? own + addend[at + k] : own;
    }
  }
}

TP_HOT void combineRows(const float* x, const float* dy, const float* const* channel, const float* addend, float* dx, int64_t rows,
                        int64_t width, bool relu) {
  if (relu && addend != nullptr) combine<true, true>(x, dy, channel, addend, dx, rows, width);
  else if (relu) combine<true, false>(x, dy, channel, addend, dx, rows, width);
  else if (addend != nullptr) combine<false, true>(x, dy, channel, addend, dx, rows, width);
  else combine<false, false>(x, dy, channel, addend, dx, rows, width);
}

struct MomentSettings {
  float epsilon, momentum;
};

void* createMoments(TF_OpKernelConstruction* construction) {
  MomentSettings* settings = new MomentSettings();
  Attributes attributes(construction);
  attributes.read("epsilon", &settings->epsilon);
  attributes.read("momentum", &settings->momentum);
  return settings;
}

void destroyMoments(void* kernel) { delete static_cast<MomentSettings*>(kernel); }

// x, scale, offset, moving mean, moving variance → mean, variance (of the batch, biased), factor and term with
// y = x · factor + term, the next moving mean and variance.
void computeMoments(void* kernel, TF_OpKernelContext* context) {
  const MomentSettings& settings = *static_cast<MomentSettings*>(kernel);
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* perChannel[4];
  for (int i = 0; i < 4; i++) perChannel[i] = call.input(i + 1);
  if (!call.ok()) return;
  const int64_t channels = TF_NumDims(x) > 0 ? TF_Dim(x, TF_NumDims(x) - 1) : 0;
  if (channels == 0 || size(x) == 0) return call.fail("BatchNorm: expected x with at least one row and one channel");
  for (TF_Tensor* each : perChannel) {
    if (size(each) != channels) return call.fail("BatchNorm: expected one scale, offset and moving moment for each channel");
  }
  const int64_t rows = size(x) / channels;
  float* out[6];
  for (int i = 0; i < 6; i++) out[i] = call.output(i, {channels});
  if (!call.ok()) return;

  const float* in = data(x);
  const float *scale = data(perChannel[0]), *offset = data(perChannel[1]);
  const PerChannel shift(in, channels);
  const int64_t stride = channels * rowsTogether(channels);
  const std::vector<double> sums = reduceRows(rows, channels, 2, [&](int64_t from, int64_t count, int64_t width, float* totals) {
    sumSquares(in + from * channels, shift.data(), totals, totals + stride, count, width);
  });
  const auto moved = [&](int which, int64_t c, float value) {
    const float old = data(perChannel[which])[c];
    return old - (old - value) * (1.0f - settings.momentum);
  };
  for (int64_t c = 0; c < channels; c++) {
    const double shifted = sums[static_cast<size_t>(c)] / rows;
    const double spread = std::max(0.0, sums[static_cast<size_t>(channels + c)] / rows - shifted * shifted);
    const double inverse = scale[c] / std::sqrt(spread + settings.epsilon);
    out[0][c] = static_cast<float>(in[c] + shifted);
    out[1][c] = static_cast<float>(spread);
    out[2][c] = static_cast<float>(inverse);
    out[3][c] = static_cast<float>(offset[c] - (in[c] + shifted) * inverse);
    out[4][c] = moved(2, c, out[0][c]);
    out[5][c] = moved(3, c, out[1][c]);
  }
}

struct GradSettings {
  float epsilon;
  int32_t relu;
};

void* createGrad(TF_OpKernelConstruction* construction) {
  GradSettings* settings = new GradSettings();
  Attributes attributes(construction);
  attributes.read("epsilon", &settings->epsilon);
  attributes.read("relu", &settings->relu);
  return settings;
}

void destroyGrad(void* kernel) { delete static_cast<GradSettings*>(kernel); }

// x, dy, scale, mean, variance, factor, term → dscale, doffset and the coefficients a, b, c of dx = dz · a + x · b + c. With
// x̂ = (x − mean)/σ, n rows and dz the gradient of the normalised value:
// dx = scale/σ · (dz − Σdz/n − x̂ · Σ(dz·x̂)/n), dscale = Σ dz·x̂, doffset = Σ dz.
void computeGrad(void* kernel, TF_OpKernelContext* context) {
  const GradSettings& settings = *static_cast<GradSettings*>(kernel);
  Call call(context);
  TF_Tensor* in[7];
  for (int i = 0; i < 7; i++) in[i] = call.input(i);
  if (!call.ok()) return;
  const int64_t channels = TF_NumDims(in[0]) > 0 ? TF_Dim(in[0], TF_NumDims(in[0]) - 1) : 0;
  if (channels == 0 || size(in[1]) != size(in[0])) return call.fail("BatchNormGrad: expected dy of the shape of x");
  for (int i = 2; i < 7; i++) {
    if (size(in[i]) != channels) return call.fail("BatchNormGrad: expected one scale, moment, factor and term for each channel");
  }
  const int64_t rows = size(in[0]) / channels;
  float* out[5];
  for (int i = 0; i < 5; i++) out[i] = call.output(i, {channels});
  if (!call.ok()) return;

  const float *x = data(in[0]), *dy = data(in[1]), *scale = data(in[2]), *mean = data(in[3]), *variance = data(in[4]);
  const PerChannel means(mean, channels), factors(data(in[5]), channels), terms(data(in[6]), channels);
  const int64_t stride = channels * rowsTogether(channels);
  const std::vector<double> sums = reduceRows(rows, channels, 2, [&](int64_t from, int64_t count, int64_t width, float* totals) {
    const int64_t at = from * channels;
    if (settings.relu != 0) {
      sumClippedProducts(x + at, dy + at, means.data(), factors.data(), terms.data(), totals, totals + stride, count, width);
    } else {
      sumProducts(x + at, dy + at, means.data(), totals, totals + stride, count, width);
    }
  });
  for (int64_t k = 0; k < channels; k++) {
    const double inverse = 1.0 / std::sqrt(static_cast<double>(variance[k]) + settings.epsilon);
    const double sum = sums[static_cast<size_t>(k)], product = sums[static_cast<size_t>(channels + k)] * inverse;
    const double outer = scale[k] * inverse;
    const double slope = -outer * inverse * product / rows;
    out[0][k] = static_cast<float>(product);
    out[1][k] = static_cast<float>(sum);
    out[2][k] = static_cast<float>(outer);
    out[3][k] = static_cast<float>(slope);
    out[4][k] = static_cast<float>(-outer * sum / rows - slope * mean[k]);
  }
}

void* createInputGrad(TF_OpKernelConstruction* construction) {
  int32_t* relu = new int32_t(0);
  Attributes(construction).read("relu", relu);
  return relu;
}

void destroyInputGrad(void* kernel) { delete static_cast<int32_t*>(kernel); }

// x, dy, factor, term, a, b, c and none or one addend → dx
void computeInputGrad(void* kernel, TF_OpKernelContext* context) {
  const bool relu = *static_cast<int32_t*>(kernel) != 0;
  Call call(context);
  TF_Tensor* in[8] = {};
  const int count = std::min(8, call.inputs());
  for (int i = 0; i < count; i++) in[i] = call.input(i);
  if (!call.ok()) return;
  const int64_t channels = size(in[2]);
  if (channels == 0 || size(in[0]) % channels != 0 || size(in[1]) != size(in[0]) || (in[7] && size(in[7]) != size(in[0]))) {
    return call.fail("BatchNormInputGrad: expected dy and addend of the shape of x, and x to be rows of channels");
  }
  float* dx = call.output(0, shape(in[0]));
  if (!call.ok()) return;
  const PerChannel factor(data(in[2]), channels), term(data(in[3]), channels), a(data(in[4]), channels), b(data(in[5]), channels),
      c(data(in[6]), channels);
  const float* channel[5] = {factor.data(), term.data(), a.data(), b.data(), c.data()};
  forRows(size(in[0]) / channels, channels, [&](int64_t from, int64_t rows, int64_t width) {
    const int64_t at = from * channels;
    combineRows(data(in[0]) + at, data(in[1]) + at, channel, in[7] ? data(in[7]) + at : nullptr, dx + at, rows, width, relu);
  });
}

}  // namespace

Operation batchNormMoments() {
  return {"TensorPapersBatchNormMoments",
          {"x: float", "scale: float", "offset: float", "moving_mean: float", "moving_variance: float"},
          {"mean: float", "variance: float", "factor: float", "term: float", "next_mean: float", "next_variance: float"},
          {"epsilon: float", "momentum: float"},
          createMoments,
          computeMoments,
          destroyMoments};
}

Operation batchNormGrad() {
  return {"TensorPapersBatchNormGrad",
          {"x: float", "dy: float", "scale: float", "mean: float", "variance: float", "factor: float", "term: float"},
          {"dscale: float", "doffset: float", "a: float", "b: float", "c: float"},
          {"epsilon: float", "relu: int"},
          createGrad,
          computeGrad,
          destroyGrad};
}

Operation batchNormInputGrad() {
  return {"TensorPapersBatchNormInputGrad",
          {"x: float", "dy: float", "factor: float", "term: float", "a: float", "b: float", "c: float", "addends: n * float"},
          {"dx: float"},
          {"relu: int", "n: int >= 0"},
          createInputGrad,
          computeInputGrad,
          destroyInputGrad};
}

}  // namespace tensor_papers
