// Sums of rows times the signs of their products with directions, without writing products or signs down: what a rotation of codes (ITQ)
// asks of the data in every iteration.
#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kTile = 4;
// Rows whose signs are kept meanwhile, and blocks of rows that are added up in float.
constexpr int64_t kRows = 64;
constexpr int64_t kBlocks = 64;

// Compilers split them into what the processor has. Aligned as single numbers, so that any allocator will do.
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float)), aligned(4)));

int64_t roundUp(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

// For each m of a tile and each group g of columns sums[m, g] += Σ_t a[t · termStride + m · tileStride] · b[t, g]. Sums stay in registers.
TP_HOT void addProducts(const float* __restrict a, int64_t tileStride, int64_t termStride, int64_t terms, const Lanes* __restrict b,
                        int64_t groups, Lanes* __restrict sums) {
  const float* __restrict a1 = a + tileStride;
  const float* __restrict a2 = a1 + tileStride;
  const float* __restrict a3 = a2 + tileStride;
  int64_t g = 0;
  for (; g + 1 < groups; g += 2) {
    Lanes s0 = sums[g], s1 = sums[groups + g], s2 = sums[2 * groups + g], s3 = sums[3 * groups + g];
    Lanes z0 = sums[g + 1], z1 = sums[groups + g + 1], z2 = sums[2 * groups + g + 1], z3 = sums[3 * groups + g + 1];
    for (int64_t t = 0; t < terms; t++) {
      const Lanes column = b[t * groups + g], next = b[t * groups + g + 1];
      const int64_t at = t * termStride;
      s0 += a[at] * column;
      s1 += a1[at] * column;
      s2 += a2[at] * column;
      s3 += a3[at] * column;
      z0 += a[at] * next;
      z1 += a1[at] * next;
      z2 += a2[at] * next;
      z3 += a3[at] * next;
    }
    sums[g] = s0, sums[groups + g] = s1, sums[2 * groups + g] = s2, sums[3 * groups + g] = s3;
    sums[g + 1] = z0, sums[groups + g + 1] = z1, sums[2 * groups + g + 1] = z2, sums[3 * groups + g + 1] = z3;
  }
  if (g == groups) return;
  Lanes s0 = sums[g], s1 = sums[groups + g], s2 = sums[2 * groups + g], s3 = sums[3 * groups + g];
  for (int64_t t = 0; t < terms; t++) {
    const Lanes column = b[t * groups + g];
    const int64_t at = t * termStride;
    s0 += a[at] * column;
    s1 += a1[at] * column;
    s2 += a2[at] * column;
    s3 += a3[at] * column;
  }
  sums[g] = s0, sums[groups + g] = s1, sums[2 * groups + g] = s2, sums[3 * groups + g] = s3;
}

TP_HOT void becomeSigns(Lanes* __restrict values, int64_t count) {
  const Lanes one = Lanes{} + 1.0f;
  for (int64_t i = 0; i < count; i++) values[i] = values[i] >= Lanes{} ? one : -one;
}

// x [n, d], r [d, k] → Σ over the rows of x · sgn(x · r), where sgn 0 = 1, [d, k].
void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* r = call.input(1);
  if (!call.ok()) return;
  if (TF_NumDims(x) != 2 || TF_NumDims(r) != 2 || TF_Dim(x, 1) != TF_Dim(r, 0)) {
    return call.fail("CorrelateSigns: expected x [n, d], r [d, k]");
  }
  const int64_t n = TF_Dim(x, 0), d = TF_Dim(x, 1), k = TF_Dim(r, 1);
  float* sums = call.output(0, {d, k});
  if (!call.ok()) return;
  // Rows, columns and groups that fill up the last tiles are 0, and so is what they add.
  const int64_t width = roundUp(d, kTile), groups = roundUp(k, kLanes) / kLanes;
  std::vector<float> directions(static_cast<size_t>(d * groups * kLanes));
  for (int64_t j = 0; j < d; j++) std::copy(data(r) + j * k, data(r) + (j + 1) * k, directions.begin() + j * groups * kLanes);
  const Lanes* columns = reinterpret_cast<const Lanes*>(directions.data());
  // By thread, and added in their order: rounding must not depend on who is done first.
  std::map<int64_t, std::vector<double>> totals;
  std::mutex adding;
  const int64_t rowsTogether = kRows * kBlocks;
  parallelFor((n + rowsTogether - 1) / rowsTogether, rowsTogether * d * k, [&](int64_t from, int64_t to) {
    std::vector<float> rows(static_cast<size_t>(kRows * width));
    std::vector<float> signs(static_cast<size_t>(kRows * groups * kLanes));
    std::vector<float> part(static_cast<size_t>(width * groups * kLanes));
    std::vector<double> total(static_cast<size_t>(d * k));
    Lanes* ofSigns = reinterpret_cast<Lanes*>(signs.data());
    Lanes* ofPart = reinterpret_cast<Lanes*>(part.data());
    for (int64_t together = from; together < to; together++) {
      std::fill(part.begin(), part.end(), 0.0f);
      const int64_t end = std::min(n, (together + 1) * rowsTogether);
      for (int64_t row = together * rowsTogether; row < end; row += kRows) {
        const int64_t count = std::min(kRows, end - row);
        if (count < kRows) std::fill(rows.begin(), rows.end(), 0.0f);
        for (int64_t i = 0; i < count; i++) std::copy(data(x) + (row + i) * d, data(x) + (row + i + 1) * d, rows.begin() + i * width);
        std::fill(signs.begin(), signs.end(), 0.0f);
        for (int64_t i = 0; i < kRows; i += kTile) addProducts(rows.data() + i * width, width, 1, d, columns, groups, ofSigns + i * groups);
        becomeSigns(ofSigns, kRows * groups);
        for (int64_t j = 0; j < width; j += kTile) addProducts(rows.data() + j, 1, width, kRows, ofSigns, groups, ofPart + j * groups);
      }
      for (int64_t j = 0; j < d; j++) {
        for (int64_t c = 0; c < k; c++) total[static_cast<size_t>(j * k + c)] += part[static_cast<size_t>(j * groups * kLanes + c)];
      }
    }
    std::lock_guard<std::mutex> guard(adding);
    totals[from] = std::move(total);
  });
  std::vector<double> all(static_cast<size_t>(d * k));
  for (const auto& [from, total] : totals) {
    for (size_t i = 0; i < all.size(); i++) all[i] += total[i];
  }
  std::copy(all.begin(), all.end(), sums);
}

}  // namespace

Operation correlateSigns() {
  return {"TensorPapersCorrelateSigns", {"x: float", "r: float"}, {"sums: float"}, {}, createNothing, compute, noAttributes};
}

}  // namespace tensor_papers
