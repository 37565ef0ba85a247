// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Times operators of the library against the machine's own limits, in one run.

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

/// Median of nine runs after one that does not count.
double median(const std::function<void()> &work) {
  work();
  std::vector<double> times;
  for (int i = 0; i < 9; ++i)
    times.push_back(seconds(work));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// Bytes a second, read and written, of memcpy on `threads` threads.
double copyBandwidth(int threads) {
  size_t bytes = size_t(64) << 20;
  std::vector<char> from(bytes, 1), to(bytes, 2);
  double time = median([&] {
    std::vector<std::thread> workers;
    size_t piece = bytes / threads;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        std::memcpy(to.data() + t * piece, from.data() + t * piece, piece);
      });
    for (std::thread &worker : workers)
      worker.join();
  });
  return 2.0 * static_cast<double>(bytes) / time;
}

class Bench {
public:
  Bench(const char *library, const char *device)
      : device(gemel::Device::open(device).value_or_throw()),
        library(gemel::Library::open(library).value_or_throw()) {}

  template <typename... Arguments>
  double time(const char *name, const Arguments &...arguments) {
    gemel::Op op = library.op(device, name).value_or_throw();
    size_t bytes = op.workspace_bytes(arguments...).value_or_throw();
    auto *memory = static_cast<std::byte *>(
        std::aligned_alloc(64, (bytes + 127) / 64 * 64));
    double result = median([&] {
      op.launch(device.stream(), {memory, bytes}, arguments...)
          .value_or_throw();
    });
    std::free(memory);
    return result;
  }

  void row(const char *name, double bytes, double time, double copy) {
    std::printf("  %-26s %9.1f us %8.1f GB/s %6.0f %% of copy\n", name,
                1e6 * time, bytes / time / 1e9, 100.0 * bytes / time / copy);
  }

  gemel::Device device;
  gemel::Library library;
};

} // namespace

int main(int argc, char **argv) try {
  const char *library = argc > 1 ? argv[1] : "lib/libgemel_kernels.so";
  Bench bench(library, "cpu");
  int threads = bench.device.thread_count();
  double copy = copyBandwidth(threads);
  std::printf("%d threads; copy of 64 MiB: %.1f GB/s (read and written)\n",
              threads, copy / 1e9);

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
  double f = 4.0 * N;
  std::printf("f32, %ld x %ld\n", long(T), long(D));
  bench.row("residual_add", 3 * f,
            bench.time("residual_add", matrix(x), matrix(y), matrix(z)), copy);
  bench.row("rms_norm", 2 * f,
            bench.time("rms_norm", matrix(x), vector(w), 1.0e-6f, matrix(z)),
            copy);
  bench.row("softmax", 2 * f, bench.time("softmax", matrix(x), matrix(z)),
            copy);
  bench.row("swiglu", 3 * f,
            bench.time("swiglu", matrix(x), matrix(y), matrix(z)), copy);
  bench.row("gelu_rows", 2 * f, bench.time("gelu_rows", vector(x), vector(z)),
            copy);
  {
    std::vector<float> p(N), m(N), v(N);
    std::vector<uint16_t> q(N);
    float one = 1.0f, rate = 1e-3f;
    bench.row("adamw", 30.0 * N,
              bench.time("adamw", vector(p), vector(m), vector(v), vector(x),
                         Array::from(bench.device, rate),
                         Array::from(bench.device, one),
                         Array::from(bench.device, one), 0.9f, 0.99f, 1.0e-8f,
                         0.01f,
                         Array(bench.device, q.data(), GEMEL_BF16, {N})),
              copy);
  }
  constexpr int64_t S = 1024;
  std::vector<float> a(S * S, 0.5f), b(S * S, 0.25f), c(S * S);
  auto square = [&](std::vector<float> &v) {
    return Array::from(bench.device, std::span<float>(v), {S, S});
  };
  double ours = bench.time("linear", square(a), square(b), square(c));
  double theirs = median([&] {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, S, S, S, 1.0f,
                a.data(), S, b.data(), S, 0.0f, c.data(), S);
  });
  double flops = 2.0 * S * S * S;
  std::printf("f32 linear 1024^3: %.1f GFLOP/s, OpenBLAS %.1f GFLOP/s: "
              "%.2f of it\n",
              flops / ours / 1e9, flops / theirs / 1e9, theirs / ours);
} catch (const std::exception &error) {
  std::fprintf(stderr, "gemel-bench: %s\n", error.what());
  return 1;
}
