// One step of SGD with momentum for all variables, in one pass over their values.
#include "operations.h"
#include "optimizers.h"

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
  updateVariables(context, 1, 4, 4, [](const OptimizerPart& part, int64_t from, int64_t to, const float* values) {
    const Settings settings{values[0], values[1], values[2], values[3]};
    update(part.in[0] + from, part.in[1] + from, part.in[2] + from, part.out[0] + from, part.out[1] + from, to - from, settings);
  });
}

}  // namespace

Operation momentum() {
  return {"TensorPapersMomentum",
          {"w: n * float", "a: n * float", "g: n * float", "settings: float"},
          {"next_w: n * float", "next_a: n * float"},
          {"n: int >= 1"},
          createNothing,
          compute,
          noAttributes};
}

}  // namespace tensor_papers
