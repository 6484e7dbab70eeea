// Softmax cross-entropy of logits, value and gradient in one pass over each row:
// loss = Σ t · (log Σ e^x − x), dloss/dx = softmax(x) · Σ t − t, also where labels t do not sum to 1. Attribute mean: the mean over the rows.
#include <algorithm>
#include <cmath>

#include "exponential.h"
#include "kernel-api.h"
#include "loss-output.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

TP_HOT void rows(const float* __restrict x, const float* __restrict t, float* __restrict loss, float* __restrict slope, int64_t count,
                 int64_t classes, float share) {
  for (int64_t r = 0; r < count; r++) {
    const float* __restrict in = x + r * classes;
    const float* __restrict label = t + r * classes;
    float* __restrict out = slope + r * classes;
    float highest = in[0];
    for (int64_t c = 1; c < classes; c++) highest = std::max(highest, in[c]);
    for (int64_t c = 0; c < classes; c++) out[c] = exponential(in[c] - highest);
    double sum = 0, labels = 0, product = 0;
    for (int64_t c = 0; c < classes; c++) {
      sum += out[c];
      labels += label[c];
      product += static_cast<double>(label[c]) * (in[c] - highest);
    }
    loss[r] = static_cast<float>(std::log(sum) * labels - product);
    const float scale = static_cast<float>(labels / sum);
    for (int64_t c = 0; c < classes; c++) out[c] = (out[c] * scale - label[c]) * share;
  }
}

// logits, labels [B, C] → loss [B], or their mean [], and its slope [B, C]
void compute(void* kernel, TF_OpKernelContext* context) {
  const bool mean = isMean(kernel);
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* t = call.input(1);
  if (!call.ok()) return;
  if (TF_NumDims(x) != 2 || shape(t) != shape(x)) return call.fail("SoftmaxCrossEntropy: expected logits and labels of one shape [B, C]");
  const int64_t batch = TF_Dim(x, 0), classes = TF_Dim(x, 1);
  if (classes == 0) return call.fail("SoftmaxCrossEntropy: expected at least one class");
  LossOutput loss(call, {batch}, mean);
  float* slope = call.output(1, shape(x));
  if (!call.ok()) return;
  parallelFor(batch, 16 * classes, [&](int64_t from, int64_t to) {
    rows(data(x) + from * classes, data(t) + from * classes, loss.each() + from, slope + from * classes, to - from, classes, loss.share());
  });
  loss.finish();
}

}  // namespace

Operation softmaxCrossEntropy() {
  return {"TensorPapersSoftmaxCrossEntropy", {"logits: float", "labels: float"}, {"loss: float", "slope: float"}, {"mean: int"}, createLoss,
          compute, destroyLoss};
}

}  // namespace tensor_papers
