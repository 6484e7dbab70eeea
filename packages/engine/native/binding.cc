// The addon: registers the operations with TensorFlow when it is loaded. `setThreads(n)` is all that JavaScript sees.
#define NAPI_VERSION 8
#include <node_api.h>

#include <string>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

namespace {

napi_value setThreads(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int32_t threads = 1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  if (count != 1 || napi_get_value_int32(env, argument, &threads) != napi_ok) {
    napi_throw_type_error(env, nullptr, "setThreads: expected a number of threads");
    return nullptr;
  }
  tensor_papers::ThreadPool::instance().setThreads(threads);
  return nullptr;
}

// Empty, or why an operation could not be registered.
std::string registerAll() {
  TF_Status* status = TF_NewStatus();
  std::string failure;
  for (const tensor_papers::Operation& operation :
       {tensor_papers::adam(), tensor_papers::batchNormGrad(), tensor_papers::batchNormInputGrad(),
        tensor_papers::batchNormMoments(), tensor_papers::biasRelu(), tensor_papers::biasReluGrad(),
        tensor_papers::correlateSigns(), tensor_papers::dropout(), tensor_papers::largestProduct(),
        tensor_papers::maxPoolGrad(), tensor_papers::momentum(), tensor_papers::prelu(), tensor_papers::preluGrad(), tensor_papers::scaleShiftOperation(),
        tensor_papers::sgd(), tensor_papers::sigmoidCrossEntropy(), tensor_papers::softmaxCrossEntropy()}) {
    const char* message = tensor_papers::registerOperation(operation, status);
    if (*message != '\0') {
      failure = std::string(operation.name) + ": " + message;
      break;
    }
  }
  TF_DeleteStatus(status);
  return failure;
}

}  // namespace

NAPI_MODULE_INIT() {
  // A second environment of the process (a worker) finds the operations registered already.
  static const std::string failure = registerAll();
  if (!failure.empty()) {
    napi_throw_error(env, nullptr, failure.c_str());
    return nullptr;
  }
#if defined(__GLIBC__)
  // Freed activations are kept for the next step: giving them back costs a page fault for every 4 KB of the next one.
  // 32 MB is the most that glibc accepts.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
  napi_value function;
  napi_create_function(env, "setThreads", NAPI_AUTO_LENGTH, setThreads, nullptr, &function);
  napi_set_named_property(env, exports, "setThreads", function);
  return exports;
}
