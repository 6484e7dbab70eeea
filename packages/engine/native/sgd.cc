// One step of plain gradient descent for all variables.
#include "operations.h"
#include "optimizers.h"

namespace tensor_papers {
namespace {

TP_HOT void update(const float* __restrict w, const float* __restrict g, float* __restrict nextW, int64_t count, float rate, float keep) {
  for (int64_t i = 0; i < count; i++) nextW[i] = keep * w[i] - rate * g[i];
}

void compute(void*, TF_OpKernelContext* context) {
  updateVariables(context, 0, 2, 2, [](const OptimizerPart& part, int64_t from, int64_t to, const float* values) {
    update(part.in[0] + from, part.in[1] + from, part.out[0] + from, to - from, values[0], values[1]);
  });
}

}  // namespace

Operation sgd() {
  return {"TensorPapersSgd", {"w: n * float", "g: n * float", "settings: float"}, {"next_w: n * float"}, {"n: int >= 1"}, createNothing,
          compute, noAttributes};
}

}  // namespace tensor_papers
