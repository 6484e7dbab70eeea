// Every operation that is registered, one file each.
#pragma once

#include "kernel-api.h"

namespace tensor_papers {

Operation adam();
Operation batchNormGrad();
Operation batchNormInputGrad();
Operation batchNormMoments();
Operation biasRelu();
Operation biasReluGrad();
Operation correlateSigns();
Operation dropout();
Operation largestProduct();
Operation maxPoolGrad();
Operation momentum();
Operation prelu();
Operation preluGrad();
Operation scaleShiftOperation();
Operation sgd();
Operation sigmoidCrossEntropy();
Operation softmaxCrossEntropy();

}  // namespace tensor_papers
