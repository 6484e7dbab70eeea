// What the optimisers share: one operation updates all variables. Its inputs are lists (n variables, then n of each state, n gradients,
// then one tensor of settings, which are no attributes because they change from step to step and TensorFlow keeps a kernel for each
// value of an attribute), its outputs the new variables and states in the same order.
#pragma once

#include <vector>

#include "kernel-api.h"
#include "thread-pool.h"

namespace tensor_papers {

// One variable's part: pointers of w, the states and g, and of what becomes of w and the states.
struct OptimizerPart {
  const float* in[4];
  float* out[3];
};

// Calls update(part, from, to, settings) for each variable, with pieces of it on several threads. `states` is how many tensors the
// optimiser keeps for a variable; `cost` counts scalar operations for a value.
template <typename Update>
void updateVariables(TF_OpKernelContext* context, int states, int settingsCount, int64_t cost, const Update& update) {
  Call call(context);
  const int lists = states + 2, n = (call.inputs() - 1) / lists;
  TF_Tensor* settings = call.input(lists * n);
  if (!call.ok()) return;
  if (size(settings) != settingsCount) return call.fail("optimizer: expected another number of settings");
  for (int i = 0; i < n; i++) {
    TF_Tensor* in[4];
    for (int k = 0; k < lists; k++) in[k] = call.input(k * n + i);
    if (!call.ok()) return;
    const int64_t count = size(in[0]);
    for (int k = 1; k < lists; k++) {
      if (size(in[k]) != count) return call.fail("optimizer: expected states and gradients of the variables' sizes");
    }
    OptimizerPart part;
    for (int k = 0; k < lists; k++) part.in[k] = data(in[k]);
    for (int k = 0; k <= states; k++) part.out[k] = call.output(k * n + i, shape(in[0]));
    if (!call.ok()) return;
    parallelFor(count, cost, [&](int64_t from, int64_t to) { update(part, from, to, data(settings)); });
  }
}

}  // namespace tensor_papers
