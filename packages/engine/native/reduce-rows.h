// Loops over rows of channels on several threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "thread-pool.h"

namespace tensor_papers {

// Rows that are read as one, so that inner loops are long enough to pay where there are few channels.
inline int64_t rowsTogether(int64_t channels) {
  int64_t together = 1;
  while (together < 16 && together * channels < 128) together *= 2;
  return together;
}

// One value for each channel, repeated for rows that are read together.
class PerChannel {
 public:
  PerChannel(const float* values, int64_t channels) : values_(static_cast<size_t>(channels * rowsTogether(channels))) {
    for (size_t i = 0; i < values_.size(); i++) values_[i] = values[static_cast<int64_t>(i) % channels];
  }
  const float* data() const { return values_.data(); }

 private:
  std::vector<float> values_;
};

// Calls body(row, rows, width) for pieces of all rows: `rows` rows of `width` values, which are rows read together or single ones.
template <typename Body>
void forRows(int64_t rows, int64_t channels, const Body& body) {
  const int64_t together = rowsTogether(channels);
  parallelFor(rows / together, together * channels, [&](int64_t from, int64_t to) {
    if (to > from) body(from * together, to - from, together * channels);
  });
  const int64_t rest = rows % together;
  if (rest > 0) body(rows - rest, rest, channels);
}

// Sums of a block are kept apart and added in order, so that the result is the same to the bit for any number of threads.
constexpr int64_t kBlocks = 64;
// Rows that are summed in float before they are added to a double.
constexpr int64_t kRun = 64;

// `sum(row, rows, width, totals)` adds rows of `width` values (rows read together, or single ones) to float totals: for each of `count`
// quantities `stride` of them, of which it uses the first `width`. Returns `count × channels` sums.
template <typename Sum>
std::vector<double> reduceRows(int64_t rows, int64_t channels, int64_t count, const Sum& sum) {
  const int64_t together = rowsTogether(channels), stride = together * channels;
  const int64_t blocks = std::max<int64_t>(1, std::min(kBlocks, rows / kRun));
  std::vector<double> partial(static_cast<size_t>(blocks * count * channels), 0.0);
  parallelFor(blocks, rows / blocks * count * channels, [&](int64_t from, int64_t to) {
    std::vector<float> run(static_cast<size_t>(count * stride));
    for (int64_t block = from; block < to; block++) {
      double* total = partial.data() + block * count * channels;
      const int64_t end = rows * (block + 1) / blocks;
      for (int64_t row = rows * block / blocks; row < end; row += kRun) {
        std::fill(run.begin(), run.end(), 0.0f);
        const int64_t here = std::min(kRun, end - row), rest = here % together;
        sum(row, here / together, stride, run.data());
        if (rest > 0) sum(row + here - rest, rest, channels, run.data());
        for (int64_t q = 0; q < count; q++) {
          for (int64_t i = 0; i < together; i++) {
            const float* part = run.data() + q * stride + i * channels;
            for (int64_t c = 0; c < channels; c++) total[q * channels + c] += part[c];
          }
        }
      }
    }
  });
  std::vector<double> sums(static_cast<size_t>(count * channels), 0.0);
  for (int64_t block = 0; block < blocks; block++) {
    for (size_t c = 0; c < sums.size(); c++) sums[c] += partial[static_cast<size_t>(block) * sums.size() + c];
  }
  return sums;
}

}  // namespace tensor_papers
