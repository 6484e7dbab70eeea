// Of each part of each row the vector with the largest product and offset, without writing the products down: the nearest centroid c, if the
// offsets are -|c|^2 / 2.
#include <algorithm>
#include <limits>

#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kRows = 4;

// Products of one row with as many columns as there are lanes, and the place of a group of columns for each. Compilers split them into
// what the processor has. Aligned as single numbers, so that any allocator will do.
typedef float Products __attribute__((vector_size(kLanes * sizeof(float)), aligned(4)));
typedef int32_t Places __attribute__((vector_size(kLanes * sizeof(int32_t)), aligned(4)));

// Of each lane the largest product so far and the group of columns where it stands.
struct Largest {
  Products product;
  Places group;
};

// The first of the largest products of all lanes, as the number of its column. Halves are compared without branches, which would be guessed
// wrong as often as not.
TP_HOT int32_t firstOfLargest(const Largest& largest) {
  float most[kLanes];
  int32_t columns[kLanes];
  for (int32_t l = 0; l < kLanes; l++) most[l] = largest.product[l];
  for (int32_t half = kLanes / 2; half > 0; half /= 2) {
    for (int32_t l = 0; l < half; l++) most[l] = most[l] > most[l + half] ? most[l] : most[l + half];
  }
  for (int32_t l = 0; l < kLanes; l++) {
    const int32_t column = largest.group[l] * static_cast<int32_t>(kLanes) + l;
    columns[l] = largest.product[l] == most[0] ? column : std::numeric_limits<int32_t>::max();
  }
  for (int32_t half = kLanes / 2; half > 0; half /= 2) {
    for (int32_t l = 0; l < half; l++) columns[l] = std::min(columns[l], columns[l + half]);
  }
  return columns[0];
}

// d numbers of four rows, `stride` apart, against groups of columns, [groups, d, lanes], with an offset each, [groups, lanes]. Sums stay in
// registers; each column is loaded once for four rows.
TP_HOT void findLargest(const float* __restrict x, int64_t stride, int64_t d, const Products* __restrict columns,
                        const Products* __restrict offsets, int64_t groups, Largest* largest) {
  Products most0, most1, most2, most3;
  most0 = most1 = most2 = most3 = Products{} - std::numeric_limits<float>::infinity();
  Places at0{}, at1{}, at2{}, at3{};
  const float* __restrict x1 = x + stride;
  const float* __restrict x2 = x1 + stride;
  const float* __restrict x3 = x2 + stride;
  for (int64_t g = 0; g < groups; g++) {
    const Products* __restrict column = columns + g * d;
    Products p0 = offsets[g], p1 = p0, p2 = p0, p3 = p0;
    for (int64_t j = 0; j < d; j++) {
      p0 += x[j] * column[j];
      p1 += x1[j] * column[j];
      p2 += x2[j] * column[j];
      p3 += x3[j] * column[j];
    }
    const Places here = Places{} + static_cast<int32_t>(g);
    at0 = p0 > most0 ? here : at0;
    at1 = p1 > most1 ? here : at1;
    at2 = p2 > most2 ? here : at2;
    at3 = p3 > most3 ? here : at3;
    most0 = p0 > most0 ? p0 : most0;
    most1 = p1 > most1 ? p1 : most1;
    most2 = p2 > most2 ? p2 : most2;
    most3 = p3 > most3 ? p3 : most3;
  }
  largest[0] = {most0, at0};
  largest[1] = {most1, at1};
  largest[2] = {most2, at2};
  largest[3] = {most3, at3};
}

// x [n, p·d], c [p, k, d], b [p, k] → of each part m of each row of x the first t with the largest x_m · c[m, t] + b[m, t], as float32 [n, p].
void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* c = call.input(1);
  TF_Tensor* b = call.input(2);
  if (!call.ok()) return;
  if (TF_NumDims(x) != 2 || TF_NumDims(c) != 3 || TF_Dim(x, 1) != TF_Dim(c, 0) * TF_Dim(c, 2) || TF_Dim(c, 1) < 1 ||
      TF_Dim(c, 1) > (1 << 24) || size(b) != TF_Dim(c, 0) * TF_Dim(c, 1)) {
    return call.fail("LargestProduct: expected x [n, p * d], c [p, k, d] with k of 1 to 2^24, b [p, k]");
  }
  const int64_t n = TF_Dim(x, 0), stride = TF_Dim(x, 1), parts = TF_Dim(c, 0), k = TF_Dim(c, 1), d = TF_Dim(c, 2);
  float* places = call.output(0, {n, parts});
  if (!call.ok() || n == 0) return;
  // Columns that fill up the last lanes are copies of the first one, which never win against it.
  const int64_t groups = (k + kLanes - 1) / kLanes;
  std::vector<float> columns(static_cast<size_t>(parts * groups * d * kLanes));
  std::vector<float> offsets(static_cast<size_t>(parts * groups * kLanes));
  for (int64_t m = 0; m < parts; m++) {
    for (int64_t t = 0; t < groups * kLanes; t++) {
      const int64_t column = m * k + (t < k ? t : 0);
      const int64_t group = m * groups + t / kLanes;
      offsets[static_cast<size_t>(group * kLanes + t % kLanes)] = data(b)[column];
      for (int64_t j = 0; j < d; j++) columns[static_cast<size_t>((group * d + j) * kLanes + t % kLanes)] = data(c)[column * d + j];
    }
  }
  const float* rows = data(x);
  parallelFor((n + kRows - 1) / kRows, kRows * stride * k, [&](int64_t from, int64_t to) {
    Largest largest[kRows];
    std::vector<float> padded(static_cast<size_t>(kRows * stride));
    for (int64_t row = from * kRows; row < std::min(n, to * kRows); row += kRows) {
      const int64_t left = std::min(kRows, n - row);
      const float* four = rows + row * stride;
      if (left < kRows) {
        std::copy(four, four + left * stride, padded.begin());
        four = padded.data();
      }
      for (int64_t m = 0; m < parts; m++) {
        findLargest(four + m * d, stride, d, reinterpret_cast<const Products*>(columns.data()) + m * groups * d,
                    reinterpret_cast<const Products*>(offsets.data()) + m * groups, groups, largest);
        for (int64_t r = 0; r < left; r++) places[(row + r) * parts + m] = static_cast<float>(firstOfLargest(largest[r]));
      }
    }
  });
}

}  // namespace

Operation largestProduct() {
  return {"TensorPapersLargestProduct", {"x: float", "c: float", "b: float"}, {"place: float"}, {}, createNothing, compute, noAttributes};
}

}  // namespace tensor_papers
