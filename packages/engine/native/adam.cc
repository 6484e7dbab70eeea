// One step of Adam for one variable, in one pass over its values.
#include <cmath>

#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

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

// settings: beta1, beta2, rate, epsilon, keep. They come as a tensor because they change from step to step and TensorFlow keeps a
// kernel for each value of an attribute.
void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* in[5];
  for (int i = 0; i < 5; i++) in[i] = call.input(i);
  if (!call.ok()) return;
  const int64_t count = size(in[0]);
  for (int i = 1; i < 4; i++) {
    if (size(in[i]) != count) return call.fail("Adam: expected moments and gradient of the variable's size");
  }
  if (size(in[4]) != 5) return call.fail("Adam: expected five settings");
  const float* values = data(in[4]);
  const Settings settings{values[0], values[1], values[2], values[3], values[4]};
  float* out[3];
  for (int i = 0; i < 3; i++) out[i] = call.output(i, shape(in[0]));
  if (!call.ok()) return;
  parallelFor(count, 8, [&](int64_t from, int64_t to) {
    update(data(in[0]) + from, data(in[1]) + from, data(in[2]) + from, data(in[3]) + from, out[0] + from, out[1] + from,
           out[2] + from, to - from, settings);
  });
}

}  // namespace

Operation adam() {
  return {"TensorPapersAdam",
          {"w: float", "m: float", "v: float", "g: float", "settings: float"},
          {"next_w: float", "next_m: float", "next_v: float"},
          {},
          createNothing,
          compute,
          noAttributes};
}

}  // namespace tensor_papers
