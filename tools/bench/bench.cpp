// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Times operators of the library against the machine's own limits, in one run.

#include "Floor.h"

#include <gemel/runtime.hpp>

#include <cblas.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <thread>

using gemel::Array;

namespace {

double seconds(const std::function<void()> &work) {
  auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

double medianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Median of nine runs after one that does not count.
double median(const std::function<void()> &work) {
  work();
  std::vector<double> times;
  for (int i = 0; i < 9; ++i)
    times.push_back(seconds(work));
  return medianOf(times);
}

/// Runs `work(thread)` on `threads` threads.
void onThreads(int threads, const std::function<void(int)> &work) {
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t)
    workers.emplace_back(work, t);
  for (std::thread &worker : workers)
    worker.join();
}

constexpr int kChains = 12, kLanes = 8;

/// Twelve chains of an addition and a multiplication hide the four cycles of
/// each.
__attribute__((target("avx2"), noinline)) void multiplyAndAdd(int rounds) {
  using Vector __attribute__((vector_size(4 * kLanes))) = float;
  Vector chain[kChains];
  for (int i = 0; i < kChains; ++i)
    chain[i] = Vector{} + static_cast<float>(i);
  for (int round = 0; round < rounds; ++round)
    for (int i = 0; i < kChains; ++i) {
      chain[i] = (chain[i] + 1.0f) * 0.5f;
      __asm__("" : "+x"(chain[i]));
    }
  for (int i = 0; i < kChains; ++i)
    __asm__ volatile("" : : "x"(chain[i]));
}

/// The machine's own limits on all threads, measured when asked.
class Limits {
public:
  explicit Limits(int threads) : threads(threads) {}

  /// Bytes a second, read and written, of memcpy.
  double copy() {
    size_t piece = from.size() / threads;
    double time = seconds([&] {
      onThreads(threads, [&](int t) {
        std::memcpy(to.data() + t * piece, from.data() + t * piece, piece);
      });
    });
    return 2.0 * static_cast<double>(from.size()) / time;
  }

  /// f32 operations a second of 8-lane vectors.
  double operations() {
    constexpr int kRounds = 1 << 19;
    double time = seconds(
        [&] { onThreads(threads, [](int) { multiplyAndAdd(kRounds); }); });
    return threads * double(kRounds) * kChains * kLanes * 2 / time;
  }

private:
  int threads;
  std::vector<char> from = std::vector<char>(size_t(64) << 20, 1);
  std::vector<char> to = std::vector<char>(size_t(64) << 20, 2);
};

class Bench {
public:
  Bench(const char *library, const char *kernels, const char *device)
      : device(gemel::Device::open(device).value_or_throw()),
        library(gemel::Library::open(library).value_or_throw()),
        kernels(kernels), limits(this->device.thread_count()) {}

  template <typename... Arguments>
  std::function<void()> launcher(const char *name,
                                 const Arguments &...arguments) {
    gemel::Op op = library.op(device, name).value_or_throw();
    size_t bytes = op.workspace_bytes(arguments...).value_or_throw();
    workspace.resize(std::max(workspace.size(), bytes + 128));
    return [=, this] {
      auto begin = reinterpret_cast<uintptr_t>(workspace.data());
      auto *aligned = workspace.data() + (64 - begin % 64) % 64;
      op.launch(device.stream(), {aligned, bytes}, arguments...)
          .value_or_throw();
    };
  }

  /// One line: an operator beside the copy and the arithmetic that were
  /// measured between its launches, so that a busy moment slows all three.
  template <typename... Arguments>
  void row(const char *name, const std::map<std::string, int64_t> &sizes,
           const Arguments &...arguments) {
    Floor floor = floorOf(kernels, name, sizes);
    auto launch = launcher(name, arguments...);
    launch();
    std::vector<double> times, ofCopy, ofFloor;
    for (int i = 0; i < 9; ++i) {
      double copy = limits.copy(), operations = limits.operations();
      times.push_back(seconds(launch));
      ofCopy.push_back(floor.bytes / times.back() / copy);
      ofFloor.push_back(floor.instructions / operations / times.back());
    }
    double time = medianOf(times);
    double copy = 100 * medianOf(ofCopy), ops = 100 * medianOf(ofFloor);
    std::printf(
        "  %-18s %9.1f us %7.1f GB/s %5.0f %% of copy %5.0f %% of %4.0f "
        "Mop   %s\n",
        name, 1e6 * time, floor.bytes / time / 1e9, copy, ops,
        floor.instructions / 1e6,
        std::max(copy, ops) >= 60 ? "" : "below 60 % of its floor");
  }

  gemel::Device device;
  gemel::Library library;
  const char *kernels;
  Limits limits;
  std::vector<std::byte> workspace;
};

} // namespace

int main(int argc, char **argv) try {
  const char *library = argc > 1 ? argv[1] : "lib/libgemel_kernels.so";
  Bench bench(library, argc > 2 ? argv[2] : "kernels", "cpu");
  std::printf("%d threads; copy of 64 MiB: %.1f GB/s (read and written); "
              "arithmetic: %.1f Gop/s (f32, 8 lanes)\n",
              bench.device.thread_count(), bench.limits.copy() / 1e9,
              bench.limits.operations() / 1e9);

  constexpr int64_t T = 4096, D = 4096, N = T * D;
  std::vector<float> x(N, 0.5f), y(N, 0.25f), z(N), w(D, 1.0f);
  for (int64_t i = 0; i < N; ++i)
    x[i] = static_cast<float>((i * 2654435761u % 4096) / 1024.0 - 2.0);
  auto matrix = [&](std::vector<float> &v) {
    return Array::from(bench.device, std::span<float>(v), {T, D});
  };
  auto vector = [&](std::vector<float> &v) {
    return Array::from(bench.device, std::span<float>(v));
  };
  std::printf("f32, %ld x %ld\n", long(T), long(D));
  std::map<std::string, int64_t> rows = {{"T", T},
                                         {"D", D},
                                         {"N", D},
                                         {"F", D}},
                                 flat = {{"N", N}};
  bench.row("residual_add", rows, matrix(x), matrix(y), matrix(z));
  bench.row("rms_norm", rows, matrix(x), vector(w), 1.0e-6f, matrix(z));
  bench.row("softmax", rows, matrix(x), matrix(z));
  bench.row("swiglu", rows, matrix(x), matrix(y), matrix(z));
  bench.row("gelu_rows", flat, vector(x), vector(z));
  {
    std::vector<float> p(N), m(N), v(N);
    std::vector<uint16_t> q(N);
    float one = 1.0f, rate = 1e-3f;
    bench.row("adamw", flat, vector(p), vector(m), vector(v), vector(x),
              Array::from(bench.device, rate), Array::from(bench.device, one),
              Array::from(bench.device, one), 0.9f, 0.99f, 1.0e-8f, 0.01f,
              Array(bench.device, q.data(), GEMEL_BF16, {N}));
  }
  {
    std::vector<float> r(T, 1.0f), dw(D), d(N), u(N);
    bench.row("rms_norm_backward", rows, matrix(x), vector(w), vector(r),
              matrix(y), matrix(z), vector(dw));
    bench.row("softmax_backward", rows, matrix(x), matrix(y), matrix(z));
    bench.row("swiglu_backward", rows, matrix(x), matrix(y), matrix(u),
              matrix(z), matrix(d));
  }
  constexpr int64_t S = 1024;
  std::vector<float> a(S * S, 0.5f), b(S * S, 0.25f), c(S * S);
  auto square = [&](std::vector<float> &v) {
    return Array::from(bench.device, std::span<float>(v), {S, S});
  };
  double ours =
      median(bench.launcher("linear", square(a), square(b), square(c)));
  double theirs = median([&] {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, S, S, S, 1.0f,
                a.data(), S, b.data(), S, 0.0f, c.data(), S);
  });
  double flops = 2.0 * S * S * S;
  std::printf("f32 linear 1024^3: %.1f GFLOP/s, OpenBLAS %.1f GFLOP/s: "
              "%.2f of it\n",
              flops / ours / 1e9, flops / theirs / 1e9, theirs / ours);
  std::vector<float> da(S * S), db(S * S);
  ours = median(bench.launcher("linear_backward", square(a), square(b),
                               square(c), square(da), square(db)));
  theirs = median([&] {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, S, S, S, 1.0f,
                c.data(), S, b.data(), S, 0.0f, da.data(), S);
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, S, S, S, 1.0f,
                a.data(), S, c.data(), S, 0.0f, db.data(), S);
  });
  std::printf("its backward:      %.1f GFLOP/s, OpenBLAS %.1f GFLOP/s: "
              "%.2f of it\n",
              2 * flops / ours / 1e9, 2 * flops / theirs / 1e9, theirs / ours);
} catch (const std::exception &error) {
  std::fprintf(stderr, "gemel-bench: %s\n", error.what());
  return 1;
}
