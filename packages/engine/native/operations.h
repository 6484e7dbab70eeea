// Every operation that is registered, one file each.
#pragma once

#include "kernel-api.h"

namespace tensor_papers {

Operation adam();
Operation batchNorm();
Operation batchNormGrad();
Operation biasRelu();
Operation biasReluGrad();
Operation maxPoolGrad();
Operation momentum();

}  // namespace tensor_papers
