// y = x where x > 0, else alpha · x, and its gradients. x is read as rows of alpha's size.
#include "kernel-api.h"
#include "operations.h"
#include "reduce-rows.h"

namespace tensor_papers {
namespace {

TP_HOT void forwardRows(const float* __restrict x, const float* __restrict alpha, float* __restrict y, int64_t rows, int64_t width) {
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < width; c++) {
      const float value = x[r * width + c];
      y[r * width + c] = value > 0.0f ? value : alpha[c] * value;
    }
  }
}

TP_HOT void backwardRows(const float* __restrict x, const float* __restrict dy, const float* __restrict alpha, float* __restrict dx,
                         float* __restrict sums, int64_t rows, int64_t width) {
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < width; c++) {
      const float value = x[r * width + c], g = dy[r * width + c];
      dx[r * width + c] = value > 0.0f ? g : alpha[c] * g;
      sums[c] += value > 0.0f ? 0.0f : value * g;
    }
  }
}

// Whether x is rows of alpha's size; otherwise the call has failed.
bool fits(Call& call, TF_Tensor* x, TF_Tensor* alpha) {
  if (!call.ok()) return false;
  const bool ok = size(alpha) > 0 && size(x) % size(alpha) == 0;
  if (!ok) call.fail("Prelu: expected x to be rows of alpha's size");
  return ok;
}

// x, alpha → y
void computeForward(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* alpha = call.input(1);
  if (!fits(call, x, alpha)) return;
  float* y = call.output(0, shape(x));
  if (!call.ok()) return;
  const int64_t width = size(alpha);
  const PerChannel alphas(data(alpha), width);
  forRows(size(x) / width, width, [&](int64_t from, int64_t rows, int64_t together) {
    forwardRows(data(x) + from * width, alphas.data(), y + from * width, rows, together);
  });
}

// x, alpha, dy → dx, dalpha
void computeBackward(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* alpha = call.input(1);
  TF_Tensor* dy = call.input(2);
  if (!fits(call, x, alpha)) return;
  if (size(dy) != size(x)) return call.fail("PreluGrad: expected dy of the shape of x");
  float* dx = call.output(0, shape(x));
  float* dalpha = call.output(1, shape(alpha));
  if (!call.ok()) return;
  const int64_t width = size(alpha);
  const PerChannel alphas(data(alpha), width);
  const std::vector<double> sums =
      reduceRows(size(x) / width, width, 1, [&](int64_t from, int64_t rows, int64_t together, float* totals) {
        const int64_t at = from * width;
        backwardRows(data(x) + at, data(dy) + at, alphas.data(), dx + at, totals, rows, together);
      });
  for (int64_t c = 0; c < width; c++) dalpha[c] = static_cast<float>(sums[static_cast<size_t>(c)]);
}

}  // namespace

Operation prelu() {
  return {"TensorPapersPrelu", {"x: float", "alpha: float"}, {"y: float"}, {}, createNothing, computeForward, noAttributes};
}

Operation preluGrad() {
  return {"TensorPapersPreluGrad", {"x: float", "alpha: float", "dy: float"}, {"dx: float", "dalpha: float"}, {}, createNothing,
          computeBackward, noAttributes};
}

}  // namespace tensor_papers
