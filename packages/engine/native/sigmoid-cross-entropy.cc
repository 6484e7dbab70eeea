// Sigmoid cross-entropy of logits, value and gradient in one pass:
// loss = max(x, 0) − x·t + log(1 + e^−|x|), dloss/dx = σ(x) − t.
#include <cmath>

#include "kernel-api.h"
#include "loss-output.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

TP_HOT void rows(const float* __restrict x, const float* __restrict t, float* __restrict loss, float* __restrict slope, int64_t count,
                 float share) {
  for (int64_t i = 0; i < count; i++) {
    const float small = std::exp(-std::fabs(x[i]));
    const float sigmoid = (x[i] >= 0.0f ? 1.0f : small) / (1.0f + small);
    loss[i] = (x[i] > 0.0f ? x[i] : 0.0f) - x[i] * t[i] + std::log1p(small);
    slope[i] = (sigmoid - t[i]) * share;
  }
}

// logits, labels → loss, or the mean of the losses [], and its slope
void compute(void* kernel, TF_OpKernelContext* context) {
  const bool mean = isMean(kernel);
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* t = call.input(1);
  if (!call.ok()) return;
  if (size(x) != size(t)) return call.fail("SigmoidCrossEntropy: expected labels of the shape of the logits");
  LossOutput loss(call, shape(x), mean);
  float* slope = call.output(1, shape(x));
  if (!call.ok()) return;
  parallelFor(size(x), 40, [&](int64_t from, int64_t to) {
    rows(data(x) + from, data(t) + from, loss.each() + from, slope + from, to - from, loss.share());
  });
  loss.finish();
}

}  // namespace

Operation sigmoidCrossEntropy() {
  return {"TensorPapersSigmoidCrossEntropy", {"logits: float", "labels: float"}, {"loss: float", "slope: float"}, {"mean: int"}, createLoss,
          compute, destroyLoss};
}

}  // namespace tensor_papers
