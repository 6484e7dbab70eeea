// A loop whose iterations run on several threads. The workers are started once and wait for work; the caller takes part.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tensor_papers {

class ThreadPool {
 public:
  // Lives as long as the process: joining threads while a library is unloaded can hang.
  static ThreadPool& instance() {
    static ThreadPool* pool = new ThreadPool();
    return *pool;
  }

  void setThreads(int threads) {
    std::lock_guard<std::mutex> serial(calls_);
    std::lock_guard<std::mutex> guard(mutex_);
    threads_ = threads < 1 ? 1 : threads;
    while (static_cast<int>(started_) < threads_ - 1) {
      const int index = static_cast<int>(started_++);
      std::thread([this, index] { work(index); }).detach();
    }
  }

  // Calls body(from, to) for parts of 0 … count. Small work stays on the calling thread.
  template <typename Body>
  void run(int64_t count, int64_t cost, const Body& body) {
    const int64_t parts = threads_ < count ? threads_ : count;
    if (parts < 2 || count * cost < kSmallestWork) {
      body(static_cast<int64_t>(0), count);
      return;
    }
    std::lock_guard<std::mutex> serial(calls_);
    std::function<void(int64_t)> part = [&](int64_t p) { body(count * p / parts, count * (p + 1) / parts); };
    {
      std::lock_guard<std::mutex> guard(mutex_);
      part_ = &part;
      parts_ = parts;
      pending_.store(parts - 1);
      generation_++;
    }
    wake_.notify_all();
    part(0);
    // The others finish within microseconds of each other, so waiting actively is cheaper than sleeping.
    while (pending_.load(std::memory_order_acquire) != 0) std::this_thread::yield();
  }

 private:
  // Below this many scalar operations another thread costs more than it saves.
  static constexpr int64_t kSmallestWork = 1 << 16;

  void work(int index) {
    uint64_t seen = 0;
    for (;;) {
      std::function<void(int64_t)>* part = nullptr;
      {
        std::unique_lock<std::mutex> guard(mutex_);
        wake_.wait(guard, [&] { return generation_ != seen; });
        seen = generation_;
        if (index + 1 < parts_) part = part_;
      }
      if (part != nullptr) {
        (*part)(index + 1);
        pending_.fetch_sub(1, std::memory_order_release);
      }
    }
  }

  std::mutex calls_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::function<void(int64_t)>* part_ = nullptr;
  int64_t parts_ = 0;
  uint64_t generation_ = 0;
  std::atomic<int64_t> pending_{0};
  std::atomic<int> started_{0};
  int threads_ = 1;
};

template <typename Body>
void parallelFor(int64_t count, int64_t cost, const Body& body) {
  ThreadPool::instance().run(count, cost, body);
}

}  // namespace tensor_papers
