// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The simulated driver through its symbols, and helpers to run small kernels.

#ifndef GEMEL_TEST_SIM_CUDA_SIM_H
#define GEMEL_TEST_SIM_CUDA_SIM_H

#include "cuda_abi.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace simtest {

/// A function of the driver by its symbol.
void *symbol(const char *name);
template <class R = CUresult, class... A>
R call(const char *name, A... a) {
  return reinterpret_cast<R (*)(A...)>(symbol(name))(a...);
}

/// Device memory with a copy of host data.
class Buffer {
public:
  explicit Buffer(size_t bytes);
  template <class T>
  explicit Buffer(const std::vector<T> &v) : Buffer(v.size() * sizeof(T)) {
    call("cuMemcpyHtoD_v2", address, static_cast<const void *>(v.data()),
         bytes);
  }
  ~Buffer();
  Buffer(const Buffer &) = delete;
  template <class T>
  std::vector<T> read() const {
    std::vector<T> v(bytes / sizeof(T));
    call("cuMemcpyDtoH_v2", static_cast<void *>(v.data()), address, bytes);
    return v;
  }
  CUdeviceptr address = 0;
  size_t bytes;
};

/// Fresh error state and a current context for each test.
class Sim : public ::testing::Test {
protected:
  void SetUp() override;
  void TearDown() override;

  /// Loads a module, which has to work. The text gets a header in front.
  CUmodule load(const std::string &body, const char *target = "sm_90a");
  /// The error of a module that does not load, with its log.
  std::string loadError(const std::string &text, CUresult *result = nullptr);
  CUfunction function(CUmodule module, const char *name = "k");

  template <class... A>
  CUresult launch(CUfunction f, unsigned grid, unsigned block, unsigned shared,
                  const A &...args) {
    const void *params[] = {static_cast<const void *>(&args)..., nullptr};
    CUresult e = call("cuLaunchKernel", f, grid, 1u, 1u, block, 1u, 1u, shared,
                      CUstream(nullptr), const_cast<void **>(params),
                      static_cast<void **>(nullptr));
    return e ? e : call("cuCtxSynchronize");
  }
  /// Loads \p body's kernel k and runs it.
  template <class... A>
  CUresult run(const std::string &body, unsigned grid, unsigned block,
               unsigned shared, const A &...args) {
    return launch(function(load(body)), grid, block, shared, args...);
  }
  std::string report();

  /// One result a thread: instruction text over %d, %a, %b, %c.
  template <class D, class A, class B = A, class C = A>
  std::vector<D> map(const std::string &instructions, const std::vector<A> &a,
                     const std::vector<B> &b = {},
                     const std::vector<C> &c = {}) {
    size_t n = a.size();
    Buffer da(a), db(b.empty() ? std::vector<B>(n) : b),
        dc(c.empty() ? std::vector<C>(n) : c), dd(n * sizeof(D));
    std::string text =
        mapKernel(instructions, sizeof(D), sizeof(A), sizeof(B), sizeof(C));
    uint32_t count = static_cast<uint32_t>(n);
    EXPECT_EQ(run(text, (count + 127) / 128, 128, 0, dd.address, da.address,
                  db.address, dc.address, count),
              CUDA_SUCCESS)
        << instructions << "\n"
        << report();
    return dd.read<D>();
  }

private:
  static std::string mapKernel(const std::string &instructions, size_t d,
                               size_t a, size_t b, size_t c);
  CUcontext context = nullptr;
  std::vector<CUmodule> modules;
};

/// Random bits with many special values among them.
std::vector<uint32_t> floats32(size_t n, unsigned seed);
std::vector<uint64_t> floats64(size_t n, unsigned seed);
std::vector<uint16_t> floats16(size_t n, unsigned seed, bool brain);
template <class T>
std::vector<T> integers(size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  const T special[] = {T(0), T(1), T(-1), T(T(1) << (8 * sizeof(T) - 1)),
                       T((T(1) << (8 * sizeof(T) - 1)) - 1)};
  std::vector<T> v(n);
  for (T &x : v)
    x = random() % 4 ? T(random() >> random() % (8 * sizeof(T)))
                     : special[random() % 5];
  return v;
}

} // namespace simtest

#endif
