// Gradient of max pooling by comparison: the first maximum of a window, row by row, takes the window's gradient.
#include <algorithm>
#include <vector>

#include "kernel-api.h"
#include "operations.h"
#include "thread-pool.h"

namespace tensor_papers {
namespace {

struct Window {
  int32_t height, width, strideHeight, strideWidth, top, left;
};

struct Shape {
  int64_t batch, height, width, channels, outHeight, outWidth;
};

// Windows of 2 × 2 that do not overlap and cover the image: every input pixel belongs to one window, so dx is written once.
TP_HOT void pairs(const float* __restrict x, const float* __restrict dy, float* __restrict dx, int64_t width, int64_t outWidth,
                  int64_t channels) {
  const int64_t row = width * channels;
  for (int64_t j = 0; j < outWidth; j++) {
    const int64_t at = 2 * j * channels;
    const float *a = x + at, *b = a + channels, *c = a + row, *d = c + channels, *g = dy + j * channels;
    float *da = dx + at, *db = da + channels, *dc = da + row, *dd = dc + channels;
    TP_INDEPENDENT
    for (int64_t k = 0; k < channels; k++) {
      const float top = a[k] >= b[k] ? a[k] : b[k];
      const float bottom = c[k] >= d[k] ? c[k] : d[k];
      const float toTop = top >= bottom ? g[k] : 0.0f;
      const float toBottom = top >= bottom ? 0.0f : g[k];
      da[k] = a[k] >= b[k] ? toTop : 0.0f;
      db[k] = a[k] >= b[k] ? 0.0f : toTop;
      dc[k] = c[k] >= d[k] ? toBottom : 0.0f;
      dd[k] = c[k] >= d[k] ? 0.0f : toBottom;
    }
  }
}

// One place of the window over all channels: where x exceeds the best value so far, it becomes the best.
TP_HOT void challenge(const float* __restrict x, int32_t place, float* __restrict best, int32_t* __restrict places, int64_t channels) {
  for (int64_t k = 0; k < channels; k++) {
    const bool wins = x[k] > best[k];
    best[k] = wins ? x[k] : best[k];
    places[k] = wins ? place : places[k];
  }
}

// Adds the window's gradient at the place of its first maximum.
TP_HOT void award(const float* __restrict g, int32_t place, const int32_t* __restrict places, float* __restrict dx, int64_t channels) {
  for (int64_t k = 0; k < channels; k++) dx[k] += places[k] == place ? g[k] : 0.0f;
}

// Any window: looks for the first maximum of each one. A window of nothing but NaN gives its gradient to its first pixel.
void general(const float* x, const float* dy, float* dx, const Shape& s, const Window& w) {
  std::vector<float> best(static_cast<size_t>(s.channels));
  std::vector<int32_t> places(static_cast<size_t>(s.channels));
  std::fill(dx, dx + s.height * s.width * s.channels, 0.0f);
  for (int64_t i = 0; i < s.outHeight; i++) {
    for (int64_t j = 0; j < s.outWidth; j++) {
      const int64_t firstRow = i * w.strideHeight - w.top, firstColumn = j * w.strideWidth - w.left;
      const int64_t fromRow = std::max<int64_t>(firstRow, 0), toRow = std::min<int64_t>(firstRow + w.height, s.height);
      const int64_t fromColumn = std::max<int64_t>(firstColumn, 0), toColumn = std::min<int64_t>(firstColumn + w.width, s.width);
      if (fromRow >= toRow || fromColumn >= toColumn) continue;
      const auto forPlaces = [&](const auto& visit) {
        int32_t place = 0;
        for (int64_t row = fromRow; row < toRow; row++) {
          for (int64_t column = fromColumn; column < toColumn; column++) visit((row * s.width + column) * s.channels, place++);
        }
      };
      const float* first = x + (fromRow * s.width + fromColumn) * s.channels;
      std::copy(first, first + s.channels, best.begin());
      std::fill(places.begin(), places.end(), 0);
      forPlaces([&](int64_t at, int32_t place) { challenge(x + at, place, best.data(), places.data(), s.channels); });
      const float* g = dy + (i * s.outWidth + j) * s.channels;
      forPlaces([&](int64_t at, int32_t place) { award(g, place, places.data(), dx + at, s.channels); });
    }
  }
}

void* create(TF_OpKernelConstruction* construction) {
  Window* window = new Window();
  Attributes attributes(construction);
  attributes.read("height", &window->height);
  attributes.read("width", &window->width);
  attributes.read("stride_height", &window->strideHeight);
  attributes.read("stride_width", &window->strideWidth);
  attributes.read("top", &window->top);
  attributes.read("left", &window->left);
  return window;
}

void compute(void* kernel, TF_OpKernelContext* context) {
  const Window& w = *static_cast<Window*>(kernel);
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* dy = call.input(1);
  if (!call.ok()) return;
  if (TF_NumDims(x) != 4 || TF_NumDims(dy) != 4) return call.fail("MaxPoolGrad: expected x and dy of rank 4");
  const Shape s{TF_Dim(x, 0), TF_Dim(x, 1), TF_Dim(x, 2), TF_Dim(x, 3), TF_Dim(dy, 1), TF_Dim(dy, 2)};
  if (TF_Dim(dy, 0) != s.batch || TF_Dim(dy, 3) != s.channels) return call.fail("MaxPoolGrad: expected the batch and channels of x in dy");
  float* dx = call.output(0, shape(x));
  if (dx == nullptr) return;
  const int64_t image = s.height * s.width * s.channels, outImage = s.outHeight * s.outWidth * s.channels;
  const bool arePairs = w.height == 2 && w.width == 2 && w.strideHeight == 2 && w.strideWidth == 2 && w.top == 0 && w.left == 0 &&
                        s.height == 2 * s.outHeight && s.width == 2 * s.outWidth;
  parallelFor(s.batch, image, [&](int64_t from, int64_t to) {
    for (int64_t b = from; b < to; b++) {
      const float* in = data(x) + b * image;
      const float* gradient = data(dy) + b * outImage;
      float* out = dx + b * image;
      if (!arePairs) {
        general(in, gradient, out, s, w);
        continue;
      }
      for (int64_t i = 0; i < s.outHeight; i++) {
        const int64_t row = 2 * i * s.width * s.channels;
        pairs(in + row, gradient + i * s.outWidth * s.channels, out + row, s.width, s.outWidth, s.channels);
      }
    }
  });
}

void destroy(void* kernel) { delete static_cast<Window*>(kernel); }

}  // namespace

Operation maxPoolGrad() {
  return {"TensorPapersMaxPoolGrad",
          {"x: float", "dy: float"},
          {"dx: float"},
          {"height: int", "width: int", "stride_height: int", "stride_width: int", "top: int", "left: int"},
          create,
          compute,
          destroy};
}

}  // namespace tensor_papers
