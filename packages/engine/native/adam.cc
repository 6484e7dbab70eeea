// One step of Adam for all variables, in one pass over their values.
#include <cmath>

#include "operations.h"
#include "optimizers.h"

namespace tensor_papers {
namespace {

struct Settings {
  float beta1, beta2, rate, epsilon, keep;
};

TP_HOT void update(const float* __restrict w, const float* __restrict m, const float* __restrict v, const float* __restrict g,
                   float* __restrict nextW, float* __restrict nextM, float* __restrict nextV, int64_t count, const Settings& s) {
  for (int64_t i = 0; i < count; i++) {
    const float first = s.beta1 * m[i] + (1.0f - s.beta1) * g[i];
    const float second = s.beta2 * v[i] + (1.0f - s.beta2) * g[i] * g[i];
    nextM[i] = first;
    nextV[i] = second;
    nextW[i] = s.keep * w[i] - s.rate * first / (std::sqrt(second) + s.epsilon);
  }
}

void compute(void*, TF_OpKernelContext* context) {
  updateVariables(context, 2, 5, 8, [](const OptimizerPart& part, int64_t from, int64_t to, const float* values) {
    const Settings settings{values[0], values[1], values[2], values[3], values[4]};
    update(part.in[0] + from, part.in[1] + from, part.in[2] + from, part.in[3] + from, part.out[0] + from, part.out[1] + from,
           part.out[2] + from, to - from, settings);
  });
}

}  // namespace

Operation adam() {
  return {"TensorPapersAdam",
          {"w: n * float", "m: n * float", "v: n * float", "g: n * float", "settings: float"},
          {"next_w: n * float", "next_m: n * float", "next_v: n * float"},
          {"n: int >= 1"},
          createNothing,
          compute,
          noAttributes};
}

}  // namespace tensor_papers
