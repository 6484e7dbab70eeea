// Of each part of each row the vector with the largest product and offset, without writing the products down: the nearest centroid c, if the
// offsets are -|c|^2 / 2, or the nearest of other unit rows.
#include <algorithm>
#include <limits>

#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kRows = 4;
// Fours of rows that are compared with some columns together, and the numbers of those columns: both stay in the cache.
constexpr int64_t kFours = 32;
constexpr int64_t kCached = 1 << 16;

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
TP_HOT int32_t firstOfLargest(const Largest& largest, float* product) {
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
  *product = most[0];
  return columns[0];
}

// d numbers of four rows, `stride` apart, against groups of columns from first to end, [groups, d, lanes], with an offset each,
// [groups, lanes]. Sums stay in registers; each column is loaded once for four rows. Column own + r is not for row r.
TP_HOT void findLargest(const float* __restrict x, int64_t stride, int64_t d, const Products* __restrict columns,
                        const Products* __restrict offsets, int64_t first, int64_t end, int64_t own, Largest* largest) {
  Products most0 = largest[0].product, most1 = largest[1].product, most2 = largest[2].product, most3 = largest[3].product;
  Places at0 = largest[0].group, at1 = largest[1].group, at2 = largest[2].group, at3 = largest[3].group;
  const float* __restrict x1 = x + stride;
  const float* __restrict x2 = x1 + stride;
  const float* __restrict x3 = x2 + stride;
  for (int64_t g = first; g < end; g++) {
    const Products* __restrict column = columns + g * d;
    Products p0 = offsets[g], p1 = p0, p2 = p0, p3 = p0;
    for (int64_t j = 0; j < d; j++) {
      p0 += x[j] * column[j];
      p1 += x1[j] * column[j];
      p2 += x2[j] * column[j];
      p3 += x3[j] * column[j];
    }
    const int64_t lane = own - g * kLanes;
    if (lane > -kRows && lane < kLanes) {
      const float never = -std::numeric_limits<float>::infinity();
      if (lane >= 0) p0[lane] = never;
      if (lane + 1 >= 0 && lane + 1 < kLanes) p1[lane + 1] = never;
      if (lane + 2 >= 0 && lane + 2 < kLanes) p2[lane + 2] = never;
      if (lane + 3 < kLanes) p3[lane + 3] = never;
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

// x [n, p·d], c [p, k, d], b [p, k], own [1] → of each part m of each row i of x the first t with the largest x_m · c[m, t] + b[m, t], and that
// product, as float32 [n, p]. Column own + i is not for row i; own = -n: none is left out.
void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* c = call.input(1);
  TF_Tensor* b = call.input(2);
  TF_Tensor* own = call.input(3);
  if (!call.ok()) return;
  if (TF_NumDims(x) != 2 || TF_NumDims(c) != 3 || TF_Dim(x, 1) != TF_Dim(c, 0) * TF_Dim(c, 2) || TF_Dim(c, 1) < 1 ||
      TF_Dim(c, 1) > (1 << 24) || size(b) != TF_Dim(c, 0) * TF_Dim(c, 1) || size(own) != 1) {
    return call.fail("LargestProduct: expected x [n, p * d], c [p, k, d] with k of 1 to 2^24, b [p, k], own [1]");
  }
  const int64_t n = TF_Dim(x, 0), stride = TF_Dim(x, 1), parts = TF_Dim(c, 0), k = TF_Dim(c, 1), d = TF_Dim(c, 2);
  const int64_t ownColumn = static_cast<int64_t>(data(own)[0]);
  float* places = call.output(0, {n, parts});
  float* products = call.output(1, {n, parts});
  if (!call.ok() || n == 0) return;
  // Columns that fill up the last lanes are never the largest.
  const int64_t groups = (k + kLanes - 1) / kLanes;
  std::vector<float> columns(static_cast<size_t>(parts * groups * d * kLanes));
  std::vector<float> offsets(static_cast<size_t>(parts * groups * kLanes));
  for (int64_t m = 0; m < parts; m++) {
    for (int64_t t = 0; t < groups * kLanes; t++) {
      const int64_t column = m * k + (t < k ? t : 0);
      const int64_t group = m * groups + t / kLanes;
      offsets[static_cast<size_t>(group * kLanes + t % kLanes)] = t < k ? data(b)[column] : -std::numeric_limits<float>::infinity();
      for (int64_t j = 0; j < d; j++) columns[static_cast<size_t>((group * d + j) * kLanes + t % kLanes)] = data(c)[column * d + j];
    }
  }
  const float* rows = data(x);
  const int64_t together = std::max<int64_t>(1, kCached / (d * kLanes));
  const Largest nothing = {Products{} - std::numeric_limits<float>::infinity(), Places{}};
  parallelFor((n + kRows - 1) / kRows, kRows * stride * k, [&](int64_t from, int64_t to) {
    std::vector<Largest> largest(static_cast<size_t>(kFours * kRows));
    std::vector<float> padded(static_cast<size_t>(kRows * stride));
    for (int64_t four = from; four < to; four += kFours) {
      const int64_t fours = std::min(kFours, to - four);
      for (int64_t m = 0; m < parts; m++) {
        std::fill(largest.begin(), largest.end(), nothing);
        for (int64_t first = 0; first < groups; first += together) {
          for (int64_t f = 0; f < fours; f++) {
            const int64_t row = (four + f) * kRows;
            const float* numbers = rows + row * stride;
            if (row + kRows > n) {
              std::copy(numbers, rows + n * stride, padded.begin());
              numbers = padded.data();
            }
            findLargest(numbers + m * d, stride, d, reinterpret_cast<const Products*>(columns.data()) + m * groups * d,
                        reinterpret_cast<const Products*>(offsets.data()) + m * groups, first, std::min(groups, first + together),
                        ownColumn + row, &largest[f * kRows]);
          }
        }
        const int64_t count = std::min(fours * kRows, n - four * kRows);
        for (int64_t r = 0; r < count; r++) {
          const int64_t at = (four * kRows + r) * parts + m;
          places[at] = static_cast<float>(firstOfLargest(largest[r], &products[at]));
        }
      }
    }
  });
}

}  // namespace

Operation largestProduct() {
  return {"TensorPapersLargestProduct", {"x: float", "c: float", "b: float", "own: float"}, {"place: float", "product: float"}, {}, createNothing, compute, noAttributes};
}

}  // namespace tensor_papers
