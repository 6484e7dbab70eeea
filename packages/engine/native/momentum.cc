// One step of SGD with momentum for one variable, in one pass over its values.
#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

struct Settings {
  float momentum, rate, keep, nesterov;
};

TP_HOT void update(const float* __restrict w, const float* __restrict a, const float* __restrict g, float* __restrict nextW,
                   float* __restrict nextA, int64_t count, const Settings& s) {
  // With Nesterov the step looks ahead: g + momentum · a' in place of a'.
  const float plain = s.nesterov > 0.0f ? s.rate : 0.0f;
  const float accumulated = s.nesterov > 0.0f ? s.rate * s.momentum : s.rate;
  for (int64_t i = 0; i < count; i++) {
    const float next = s.momentum * a[i] + g[i];
    nextA[i] = next;
    nextW[i] = s.keep * w[i] - plain * g[i] - accumulated * next;
  }
}

void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* in[4];
  for (int i = 0; i < 4; i++) in[i] = call.input(i);
  if (!call.ok()) return;
  const int64_t count = size(in[0]);
  if (size(in[1]) != count || size(in[2]) != count) return call.fail("Momentum: expected accumulator and gradient of the variable's size");
  if (size(in[3]) != 4) return call.fail("Momentum: expected four settings");
  const float* values = data(in[3]);
  const Settings settings{values[0], values[1], values[2], values[3]};
  float* nextW = call.output(0, shape(in[0]));
  float* nextA = call.output(1, shape(in[0]));
  if (!call.ok()) return;
  parallelFor(count, 4, [&](int64_t from, int64_t to) {
    update(data(in[0]) + from, data(in[1]) + from, data(in[2]) + from, nextW + from, nextA + from, to - from, settings);
  });
}

}  // namespace

Operation momentum() {
  return {"TensorPapersMomentum",
          {"w: float", "a: float", "g: float", "settings: float"},
          {"next_w: float", "next_a: float"},
          {},
          createNothing,
          compute,
          noAttributes};
}

}  // namespace tensor_papers
