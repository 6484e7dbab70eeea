// Every operation that is registered, one file each.
#pragma once

#include "kernel-api.h"

namespace tensor_papers {

Operation adam();
Operation batchNormGrad();
Operation batchNormMoments();
Operation biasRelu();
Operation biasReluGrad();
Operation maxPoolGrad();
Operation momentum();
Operation scaleShiftOperation();
Operation sgd();
Operation sigmoidCrossEntropy();

}  // namespace tensor_papers
