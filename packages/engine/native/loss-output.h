// The losses of examples, each for itself or their mean, by a kernel's attribute `mean`.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel-api.h"

namespace tensor_papers {

inline void* createLoss(TF_OpKernelConstruction* construction) {
  int32_t* mean = new int32_t(0);
  Attributes(construction).read("mean", mean);
  return mean;
}

inline void destroyLoss(void* kernel) { delete static_cast<int32_t*>(kernel); }

inline bool isMean(void* kernel) { return *static_cast<int32_t*>(kernel) != 0; }

// Output 0 of a call: the losses as they come, or one number made of them at the end, whatever the number of threads.
class LossOutput {
 public:
  LossOutput(Call& call, const std::vector<int64_t>& shape, bool mean) : mean_(mean) {
    int64_t count = 1;
    for (int64_t size : shape) count *= size;
    if (mean) losses_.resize(static_cast<size_t>(count));
    output_ = call.output(0, mean ? std::vector<int64_t>{} : shape);
    share_ = mean ? 1.0f / static_cast<float>(count) : 1.0f;
  }
  // Where the losses are to be written.
  float* each() { return mean_ ? losses_.data() : output_; }
  // Of each example in the output.
  float share() const { return share_; }
  void finish() {
    if (!mean_) return;
    double sum = 0;
    for (float loss : losses_) sum += loss;
    *output_ = static_cast<float>(sum / static_cast<double>(losses_.size()));
  }

 private:
  bool mean_;
  float* output_ = nullptr;
  float share_ = 1.0f;
  std::vector<float> losses_;
};

}  // namespace tensor_papers
