// Of each row the column vector with the largest product, without writing the products down: the nearest centroid, if rows are [x, 1] and
// columns [c, -|c|^2 / 2].
#include <algorithm>
#include <limits>

#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

constexpr int64_t kLanes = 16;
// Products of a row that are in the first cache while they are summed.
constexpr int64_t kTile = 256;
constexpr int64_t kRows = 4;

// products[r][t] += x[r][j] · columns[j][t] for four rows and four j at once, so that each loaded number is used again.
TP_HOT void addProducts(const float* __restrict x, int64_t stride, const float* __restrict columns, int64_t width, int64_t d,
                        float* __restrict products, int64_t count) {
  int64_t j = 0;
  float* __restrict p0 = products;
  float* __restrict p1 = products + kTile;
  float* __restrict p2 = products + 2 * kTile;
  float* __restrict p3 = products + 3 * kTile;
  for (; j + 4 <= d; j += 4) {
    const float* __restrict a = columns + j * width;
    const float* __restrict b = a + width;
    const float* __restrict c = b + width;
    const float* __restrict e = c + width;
    const float* __restrict x0 = x + j;
    const float* __restrict x1 = x0 + stride;
    const float* __restrict x2 = x1 + stride;
    const float* __restrict x3 = x2 + stride;
    TP_INDEPENDENT
    for (int64_t t = 0; t < count; t++) {
      p0[t] += x0[0] * a[t] + x0[1] * b[t] + x0[2] * c[t] + x0[3] * e[t];
      p1[t] += x1[0] * a[t] + x1[1] * b[t] + x1[2] * c[t] + x1[3] * e[t];
      p2[t] += x2[0] * a[t] + x2[1] * b[t] + x2[2] * c[t] + x2[3] * e[t];
      p3[t] += x3[0] * a[t] + x3[1] * b[t] + x3[2] * c[t] + x3[3] * e[t];
    }
  }
  for (; j < d; j++) {
    const float* __restrict a = columns + j * width;
    const float y0 = x[j], y1 = x[stride + j], y2 = x[2 * stride + j], y3 = x[3 * stride + j];
    TP_INDEPENDENT
    for (int64_t t = 0; t < count; t++) {
      p0[t] += y0 * a[t];
      p1[t] += y1 * a[t];
      p2[t] += y2 * a[t];
      p3[t] += y3 * a[t];
    }
  }
}

// The largest of count values, a multiple of kLanes, and where it stands first; both go on from what they are.
TP_HOT void keepLargest(const float* __restrict values, int64_t count, int64_t first, float* largest, int32_t* place) {
  float best[kLanes];
  int32_t at[kLanes];
  for (int64_t l = 0; l < kLanes; l++) {
    best[l] = values[l];
    at[l] = 0;
  }
  for (int64_t t = kLanes; t < count; t += kLanes) {
    for (int64_t l = 0; l < kLanes; l++) {
      const bool better = values[t + l] > best[l];
      best[l] = better ? values[t + l] : best[l];
      at[l] = better ? static_cast<int32_t>(t) : at[l];
    }
  }
  float most = best[0];
  int32_t where = at[0];
  for (int32_t l = 1; l < kLanes; l++) {
    if (best[l] > most || (best[l] == most && at[l] + l < where)) {
      most = best[l];
      where = at[l] + l;
    }
  }
  if (most > *largest) {
    *largest = most;
    *place = static_cast<int32_t>(first) + where;
  }
}

// x [n, d], c [k, d] → of each row of x the first row of c with the largest product, as float32.
void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* c = call.input(1);
  if (!call.ok()) return;
  if (TF_NumDims(x) != 2 || TF_NumDims(c) != 2 || TF_Dim(x, 1) != TF_Dim(c, 1) || TF_Dim(c, 0) < 1 || TF_Dim(c, 0) > (1 << 24)) {
    return call.fail("LargestProduct: expected x [n, d] and c [k, d] with k of 1 to 2^24");
  }
  const int64_t n = TF_Dim(x, 0), d = TF_Dim(x, 1), k = TF_Dim(c, 0);
  float* places = call.output(0, {n});
  if (!call.ok() || n == 0) return;
  // Columns that fill up the last lanes are copies of the first one, which never wins against it.
  const int64_t width = (k + kLanes - 1) / kLanes * kLanes;
  std::vector<float> columns(static_cast<size_t>(width * d));
  for (int64_t t = 0; t < width; t++) {
    for (int64_t j = 0; j < d; j++) columns[static_cast<size_t>(j * width + t)] = data(c)[(t < k ? t : 0) * d + j];
  }
  const float* rows = data(x);
  parallelFor((n + kRows - 1) / kRows, kRows * d * k, [&](int64_t from, int64_t to) {
    std::vector<float> products(static_cast<size_t>(kRows * kTile));
    std::vector<float> padded(static_cast<size_t>(kRows * d));
    for (int64_t group = from; group < to; group++) {
      const int64_t row = group * kRows;
      const int64_t left = std::min(kRows, n - row);
      const float* four = rows + row * d;
      if (left < kRows) {
        std::copy(four, four + left * d, padded.begin());
        four = padded.data();
      }
      float largest[kRows];
      int32_t place[kRows] = {0, 0, 0, 0};
      std::fill(largest, largest + kRows, -std::numeric_limits<float>::infinity());
      for (int64_t tile = 0; tile < width; tile += kTile) {
        const int64_t count = std::min(kTile, width - tile);
        std::fill(products.begin(), products.end(), 0.0f);
        addProducts(four, d, columns.data() + tile, width, d, products.data(), count);
        for (int64_t r = 0; r < left; r++) keepLargest(products.data() + r * kTile, count, tile, &largest[r], &place[r]);
      }
      for (int64_t r = 0; r < left; r++) places[row + r] = static_cast<float>(place[r]);
    }
  });
}

}  // namespace

Operation largestProduct() {
  return {"TensorPapersLargestProduct", {"x: float", "c: float"}, {"place: float"}, {}, createNothing, compute, noAttributes};
}

}  // namespace tensor_papers
