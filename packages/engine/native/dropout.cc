// Dropout whose mask is a function of a seed and the position of a value: the gradient draws it again, and nobody has to keep it.
#include <cstring>

#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

// A bijective mixer of 32 bits (multiply and shift, twice): neighbouring positions get unrelated values.
inline __attribute__((always_inline)) uint32_t mix(uint32_t h) {
  h ^= h >> 16;
  h *= 0x7feb352dU;
  h ^= h >> 15;
  h *= 0x846ca68bU;
  h ^= h >> 16;
  return h;
}

// y = x / (1 − rate) where mix(position, seed) ≥ rate · 2³², else 0.
TP_HOT void mask(const float* __restrict x, float* __restrict y, int64_t first, int64_t count, uint32_t seed, uint32_t threshold,
                 float scale) {
  for (int64_t i = 0; i < count; i++) {
    const uint32_t drawn = mix(mix(static_cast<uint32_t>(first + i)) + seed);
    y[i] = drawn >= threshold ? x[i] * scale : 0.0f;
  }
}

// x, settings → y. The settings are rate and seed (its bits as a float), a tensor because they change from step to step.
void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* settings = call.input(1);
  if (!call.ok()) return;
  if (size(settings) != 2) return call.fail("Dropout: expected two settings, rate and seed");
  const float rate = data(settings)[0];
  if (!(rate >= 0.0f && rate < 1.0f)) return call.fail("Dropout: expected a rate in [0, 1)");
  uint32_t seed;
  std::memcpy(&seed, data(settings) + 1, sizeof(seed));
  float* y = call.output(0, shape(x));
  if (!call.ok()) return;
  const uint32_t threshold = static_cast<uint32_t>(static_cast<double>(rate) * 4294967296.0);
  parallelFor(size(x), 12, [&](int64_t from, int64_t to) {
    mask(data(x) + from, y + from, from, to - from, mix(seed), threshold, 1.0f / (1.0f - rate));
  });
}

}  // namespace

Operation dropout() {
  return {"TensorPapersDropout", {"x: float", "settings: float"}, {"y: float"}, {}, createNothing, compute, noAttributes};
}

}  // namespace tensor_papers
