// The same expression forward and in the gradient's mask, so that both agree to the bit on which values are positive.
#pragma once

namespace tensor_papers {

inline __attribute__((always_inline)) float scaleShift(float x, float factor, float term) { return x * factor + term; }

}  // namespace tensor_papers
