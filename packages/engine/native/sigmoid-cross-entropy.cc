// Sigmoid cross-entropy of logits, value and gradient in one pass:
// loss = max(x, 0) − x·t + log(1 + e^−|x|), dloss/dx = σ(x) − t.
#include <cmath>

#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

TP_HOT void rows(const float* __restrict x, const float* __restrict t, float* __restrict loss, float* __restrict slope, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    const float small = std::exp(-std::fabs(x[i]));
    const float sigmoid = (x[i] >= 0.0f ? 1.0f : small) / (1.0f + small);
    loss[i] = (x[i] > 0.0f ? x[i] : 0.0f) - x[i] * t[i] + std::log1p(small);
    slope[i] = sigmoid - t[i];
  }
}

// logits, labels → loss, slope
void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* t = call.input(1);
  if (!call.ok()) return;
  if (size(x) != size(t)) return call.fail("SigmoidCrossEntropy: expected labels of the shape of the logits");
  float* loss = call.output(0, shape(x));
  float* slope = call.output(1, shape(x));
  if (!call.ok()) return;
  parallelFor(size(x), 40, [&](int64_t from, int64_t to) { rows(data(x) + from, data(t) + from, loss + from, slope + from, to - from); });
}

}  // namespace

Operation sigmoidCrossEntropy() {
  return {"TensorPapersSigmoidCrossEntropy", {"logits: float", "labels: float"}, {"loss: float", "slope: float"}, {}, createNothing,
          compute, noAttributes};
}

}  // namespace tensor_papers
