// y = x · factor + term for each channel, with or without ReLU after it: what is left of batch normalisation once the moments are known.
#include "kernel-api.h"
#include "operations.h"
#include "reduce-rows.h"
#include "scale-shift.h"

namespace tensor_papers {
namespace {

TP_HOT void scaleRows(const float* __restrict x, const float* __restrict factor, const float* __restrict term, float* __restrict y,
                      int64_t rows, int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < channels; c++) y[r * channels + c] = scaleShift(x[r * channels + c], factor[c], term[c]);
  }
}

TP_HOT void scaleAndClipRows(const float* __restrict x, const float* __restrict factor, const float* __restrict term,
                             float* __restrict y, int64_t rows, int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < channels; c++) {
      const float z = scaleShift(x[r * channels + c], factor[c], term[c]);
      y[r * channels + c] = z <= 0.0f ? 0.0f : z;
    }
  }
}

void* create(TF_OpKernelConstruction* construction) {
  int32_t* relu = new int32_t(0);
  Attributes(construction).read("relu", relu);
  return relu;
}

void destroy(void* kernel) { delete static_cast<int32_t*>(kernel); }

// x, factor, term → y
void compute(void* kernel, TF_OpKernelContext* context) {
  const bool relu = *static_cast<int32_t*>(kernel) != 0;
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* factor = call.input(1);
  TF_Tensor* term = call.input(2);
  if (!call.ok()) return;
  const int64_t channels = size(factor);
  if (channels == 0 || size(term) != channels || TF_NumDims(x) == 0 || TF_Dim(x, TF_NumDims(x) - 1) != channels) {
    return call.fail("ScaleShift: expected one factor and one term for each value of the last axis");
  }
  float* y = call.output(0, shape(x));
  if (!call.ok()) return;
  const PerChannel factors(data(factor), channels), terms(data(term), channels);
  forRows(size(x) / channels, channels, [&](int64_t from, int64_t count, int64_t width) {
    const int64_t at = from * channels;
    (relu ? scaleAndClipRows : scaleRows)(data(x) + at, factors.data(), terms.data(), y + at, count, width);
  });
}

}  // namespace

Operation scaleShiftOperation() {
  return {"TensorPapersScaleShift", {"x: float", "factor: float", "term: float"}, {"y: float"}, {"relu: int"}, create, compute, destroy};
}

}  // namespace tensor_papers
