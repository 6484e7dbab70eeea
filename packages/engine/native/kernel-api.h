// The part of TensorFlow's C API for custom operations that is used here, and a thin layer above it. The functions are declared by
// hand because the headers that declare them (tensorflow/c/kernels.h, ops.h) include a good part of TensorFlow.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

extern "C" {
typedef struct TF_Status TF_Status;
typedef struct TF_Tensor TF_Tensor;
typedef struct TF_OpDefinitionBuilder TF_OpDefinitionBuilder;
typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_OpKernelConstruction TF_OpKernelConstruction;
typedef struct TF_OpKernelContext TF_OpKernelContext;
typedef struct TF_ShapeInferenceContext TF_ShapeInferenceContext;

TF_Status* TF_NewStatus();
void TF_DeleteStatus(TF_Status*);
int TF_GetCode(const TF_Status*);
const char* TF_Message(const TF_Status*);
void TF_SetStatus(TF_Status*, int code, const char* message);

int TF_NumInputs(TF_OpKernelContext*);
int TF_NumDims(const TF_Tensor*);
int64_t TF_Dim(const TF_Tensor*, int index);
void* TF_TensorData(const TF_Tensor*);
void TF_DeleteTensor(TF_Tensor*);

TF_OpDefinitionBuilder* TF_NewOpDefinitionBuilder(const char* name);
void TF_OpDefinitionBuilderAddInput(TF_OpDefinitionBuilder*, const char*);
void TF_OpDefinitionBuilderAddOutput(TF_OpDefinitionBuilder*, const char*);
void TF_OpDefinitionBuilderAddAttr(TF_OpDefinitionBuilder*, const char*);
void TF_OpDefinitionBuilderSetShapeInferenceFunction(TF_OpDefinitionBuilder*, void (*)(TF_ShapeInferenceContext*, TF_Status*));
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder*, TF_Status*);
void TF_ShapeInferenceContextSetUnknownShape(TF_ShapeInferenceContext*, TF_Status*);

TF_KernelBuilder* TF_NewKernelBuilder(const char* op, const char* device, void* (*create)(TF_OpKernelConstruction*),
                                      void (*compute)(void*, TF_OpKernelContext*), void (*destroy)(void*));
void TF_RegisterKernelBuilder(const char* name, TF_KernelBuilder*, TF_Status*);
void TF_OpKernelConstruction_GetAttrInt32(TF_OpKernelConstruction*, const char*, int32_t*, TF_Status*);
void TF_OpKernelConstruction_GetAttrFloat(TF_OpKernelConstruction*, const char*, float*, TF_Status*);
void TF_OpKernelConstruction_Failure(TF_OpKernelConstruction*, TF_Status*);
void TF_GetInput(TF_OpKernelContext*, int, TF_Tensor**, TF_Status*);
TF_Tensor* TF_AllocateOutput(TF_OpKernelContext*, int index, int dtype, const int64_t* dims, int rank, size_t bytes, TF_Status*);
void TF_OpKernelContext_Failure(TF_OpKernelContext*, TF_Status*);
}

// Hot loops are compiled once for every instruction set that pays; the loader picks one.
#if defined(__x86_64__) && defined(__GNUC__) && defined(__linux__)
#define TP_HOT __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"))) static
#else
#define TP_HOT static
#endif

// The iterations of the next loop do not touch each other's values, which the compiler cannot see.
#if defined(__clang__)
#define TP_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define TP_INDEPENDENT _Pragma("GCC ivdep")
#else
#define TP_INDEPENDENT
#endif

namespace tensor_papers {

constexpr int kFloat = 1;
constexpr int kInvalidArgument = 3;

// One call of a kernel: inputs and outputs, freed at the end; the first failure is handed to TensorFlow.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() {
    if (TF_GetCode(status_) != 0) TF_OpKernelContext_Failure(context_, status_);
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }
  bool ok() const { return TF_GetCode(status_) == 0; }
  int inputs() const { return TF_NumInputs(context_); }
  void fail(const char* message) { TF_SetStatus(status_, kInvalidArgument, message); }

  TF_Tensor* input(int index) {
    TF_Tensor* tensor = nullptr;
    if (!ok()) return nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    if (tensor != nullptr) tensors_.push_back(tensor);
    return tensor;
  }
  float* output(int index, const std::vector<int64_t>& shape) {
    if (!ok()) return nullptr;
    size_t bytes = sizeof(float);
    for (int64_t size : shape) bytes *= static_cast<size_t>(size);
    TF_Tensor* tensor = TF_AllocateOutput(context_, index, kFloat, shape.data(), static_cast<int>(shape.size()), bytes, status_);
    if (tensor == nullptr || !ok()) return nullptr;
    tensors_.push_back(tensor);
    return static_cast<float*>(TF_TensorData(tensor));
  }

 private:
  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

inline const float* data(const TF_Tensor* tensor) { return static_cast<const float*>(TF_TensorData(tensor)); }

inline std::vector<int64_t> shape(const TF_Tensor* tensor) {
  std::vector<int64_t> sizes(static_cast<size_t>(TF_NumDims(tensor)));
  for (size_t i = 0; i < sizes.size(); i++) sizes[i] = TF_Dim(tensor, static_cast<int>(i));
  return sizes;
}

inline int64_t size(const TF_Tensor* tensor) {
  int64_t product = 1;
  for (int i = 0; i < TF_NumDims(tensor); i++) product *= TF_Dim(tensor, i);
  return product;
}

// An operation as TensorFlow has to know it.
struct Operation {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  std::vector<const char*> attributes;
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*destroy)(void*);
};

inline void noAttributes(void*) {}
inline void* createNothing(TF_OpKernelConstruction*) { return nullptr; }

// The attributes of a kernel, read once when TensorFlow makes it; a failure is handed to TensorFlow.
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction* construction) : construction_(construction), status_(TF_NewStatus()) {}
  ~Attributes() {
    if (TF_GetCode(status_) != 0) TF_OpKernelConstruction_Failure(construction_, status_);
    TF_DeleteStatus(status_);
  }
  void read(const char* name, int32_t* value) {
    if (TF_GetCode(status_) == 0) TF_OpKernelConstruction_GetAttrInt32(construction_, name, value, status_);
  }
  void read(const char* name, float* value) {
    if (TF_GetCode(status_) == 0) TF_OpKernelConstruction_GetAttrFloat(construction_, name, value, status_);
  }

 private:
  TF_OpKernelConstruction* construction_;
  TF_Status* status_;
};

// Registers an operation and its kernel on the processor; the message of a failure, or empty.
inline const char* registerOperation(const Operation& operation, TF_Status* status) {
  TF_OpDefinitionBuilder* builder = TF_NewOpDefinitionBuilder(operation.name);
  for (const char* text : operation.inputs) TF_OpDefinitionBuilderAddInput(builder, text);
  for (const char* text : operation.outputs) TF_OpDefinitionBuilderAddOutput(builder, text);
  for (const char* text : operation.attributes) TF_OpDefinitionBuilderAddAttr(builder, text);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, &TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(builder, status);
  if (TF_GetCode(status) != 0) return TF_Message(status);
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(operation.name, "CPU", operation.create, operation.compute, operation.destroy);
  TF_RegisterKernelBuilder(operation.name, kernel, status);
  return TF_GetCode(status) == 0 ? "" : TF_Message(status);
}

}  // namespace tensor_papers
