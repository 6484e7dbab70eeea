// Sums per channel over rows, on several threads, the same to the bit for any number of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "thread-pool.h"

namespace tensor_papers {

// Sums of a block are kept apart and added in order, so that the result does not depend on the number of threads.
constexpr int64_t kBlocks = 64;
// Rows that are summed in float before they are added to a double.
constexpr int64_t kRun = 64;

// `sum(row, rows, totals)` adds some rows to `count` float sums per channel. Returns `count × channels` sums.
template <typename Sum>
std::vector<double> reduceRows(int64_t rows, int64_t channels, int64_t count, const Sum& sum) {
  const int64_t width = count * channels;
  const int64_t blocks = std::max<int64_t>(1, std::min(kBlocks, rows));
  std::vector<double> partial(static_cast<size_t>(blocks * width), 0.0);
  parallelFor(blocks, rows / blocks * width, [&](int64_t from, int64_t to) {
    std::vector<float> run(static_cast<size_t>(width));
    for (int64_t block = from; block < to; block++) {
      double* total = partial.data() + block * width;
      const int64_t end = rows * (block + 1) / blocks;
      for (int64_t row = rows * block / blocks; row < end; row += kRun) {
        std::fill(run.begin(), run.end(), 0.0f);
        sum(row, std::min(kRun, end - row), run.data());
        for (int64_t c = 0; c < width; c++) total[c] += run[static_cast<size_t>(c)];
      }
    }
  });
  std::vector<double> sums(static_cast<size_t>(width), 0.0);
  for (int64_t block = 0; block < blocks; block++) {
    for (int64_t c = 0; c < width; c++) sums[static_cast<size_t>(c)] += partial[static_cast<size_t>(block * width + c)];
  }
  return sums;
}

}  // namespace tensor_papers
