// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Prints how fast the simulator runs instructions, with its checks and without.

#include "acl_abi.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

void *library;

template <class R = aclError, class... A>
R call(const char *name, A... a) {
  void *p = dlsym(library, name);
  if (!p) {
    fprintf(stderr, "no symbol %s\n", name);
    exit(1);
  }
  return reinterpret_cast<R (*)(A...)>(p)(a...);
}

const char *const kVectorText = R"(
#define OVER(NAME, ...)                                                        \
  extern "C" __global__ __aicore__ void NAME(__gm__ float *x, int64_t n) {     \
    set_mask_norm(); set_vector_mask(-1, -1);                                  \
    __ubuf__ float *a = (__ubuf__ float *)(uintptr_t)0;                        \
    __ubuf__ float *b = (__ubuf__ float *)(uintptr_t)0x10000;                  \
    copy_gm_to_ubuf(a, x, 0, 1, 2040, 0, 0);                                   \
    pipe_barrier(PIPE_ALL);                                                    \
    for (int64_t i = 0; i < n; ++i) { __VA_ARGS__; pipe_barrier(PIPE_V); }     \
  }
OVER(vadd, vadd(b, a, a, 255, 1, 1, 1, 8, 8, 8))
OVER(vadd_by_rows, vadd(b, a, a, 127, 1, 1, 0, 16, 16, 1))
OVER(vexp, vexp(b, a, 255, 1, 1, 8, 8))
OVER(vcadd, vcadd(b, a, 255, 1, 1, 8, false))
OVER(vconv, vconv_f322f16r((__ubuf__ half *)b, a, 255, 1, 1, 4, 8))
OVER(small, vadd(b, a, a, 1, 1, 1, 1, 8, 8, 8))
OVER(load, copy_gm_to_ubuf(a, x, 0, 1, 2040, 0, 0); pipe_barrier(PIPE_MTE2))
)";
const char *const kCubeText = R"(
extern "C" __global__ __aicore__ void mad(__gm__ float *x, int64_t n) {
  __ca__ half *a = (__ca__ half *)(uintptr_t)0;
  __cb__ half *b = (__cb__ half *)(uintptr_t)0;
  create_ca_matrix(a, 1 | 32 << 16, (half)1.0f);
  create_cb_matrix(b, 1 | 64 << 16, (half)1.0f);
  pipe_barrier(PIPE_ALL);
  for (int64_t i = 0; i < n; ++i)
    mad((__cc__ float *)(uintptr_t)0, a, b, 128, 64, 256, 0, false, false,
        i == 0);
}
)";

aclrtBinHandle load(const std::string &text, const std::string &kind) {
  char folder[] = "/tmp/gemel-ascend-bench-XXXXXX";
  if (!mkdtemp(folder))
    exit(1);
  std::string stem = std::string(folder) + "/k", tools = GEMEL_ASCEND_SIM_TOOLS;
  std::ofstream(stem + ".cce") << text;
  std::string command = tools + "/ccec -x cce --cce-aicore-arch=dav-c220-" +
                        kind + " " + stem + ".cce -o " + stem;
  int status = system(command.c_str());
  std::ifstream file(stem, std::ios::binary);
  std::string data((std::istreambuf_iterator<char>(file)), {});
  for (const char *suffix : {".cce", ""})
    unlink((stem + suffix).c_str());
  rmdir(folder);
  aclrtBinHandle binary = nullptr;
  if (status ||
      call("aclrtBinaryLoadFromData", static_cast<const void *>(data.data()),
           data.size(), static_cast<const aclrtBinaryLoadOptions *>(nullptr),
           &binary))
    exit(1);
  return binary;
}

double seconds(aclrtBinHandle binary, const char *name, void *x, int64_t n) {
  aclrtFuncHandle f = nullptr;
  call("aclrtBinaryGetFunction", binary, name, &f);
  auto run = [&](int64_t times) {
    uint64_t slots[2] = {reinterpret_cast<uint64_t>(x),
                         static_cast<uint64_t>(times)};
    auto start = std::chrono::steady_clock::now();
    call("aclrtLaunchKernelWithHostArgs", f, 1u, aclrtStream(nullptr),
         static_cast<aclrtLaunchKernelCfg *>(nullptr),
         static_cast<void *>(slots), sizeof slots,
         static_cast<aclrtPlaceHolderInfo *>(nullptr), size_t(0));
    if (call("aclrtSynchronizeStream", aclrtStream(nullptr)))
      exit(1);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                         start)
        .count();
  };
  run(1);
  return (run(n) - run(1)) / static_cast<double>(n - 1);
}

} // namespace

int main() {
  library = dlopen(GEMEL_ASCEND_SIM_LIBRARY, RTLD_NOW);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  call("aclInit", static_cast<const char *>(nullptr));
  call("aclrtSetDevice", int32_t(0));
  void *x = nullptr;
  call("aclrtMalloc", &x, size_t(1 << 16), ACL_MEM_MALLOC_HUGE_FIRST);
  call("aclrtMemset", x, size_t(1 << 16), int32_t(0), size_t(1 << 16));
  aclrtBinHandle vector = load(kVectorText, "vec"),
                 cube = load(kCubeText, "cube");
  struct {
    const char *name, *unit;
    double work;
    bool onCube;
  } const rows[] = {
      {"vadd", "M elements/s", 16320e-6, false},
      {"vadd_by_rows", "M elements/s", 8128e-6, false},
      {"vexp", "M elements/s", 16320e-6, false},
      {"vcadd", "M elements/s", 16320e-6, false},
      {"vconv", "M elements/s", 16320e-6, false},
      {"load", "MB/s", 65280e-6, false},
      {"small", "M instructions/s", 1e-6, false},
      {"mad", "G multiply-adds/s", 128 * 64 * 256e-9, true},
  };
  printf("%-14s %12s %12s\n", "", "check", "fast");
  for (const auto &row : rows) {
    double rate[2];
    for (int fast = 0; fast < 2; ++fast) {
      setenv("GEMEL_ASCEND_SIM", fast ? "fast" : "check", 1);
      call<void>("gemelAscendSimReset");
      rate[fast] = row.work / seconds(row.onCube ? cube : vector, row.name, x,
                                      row.work < 1e-5 ? 200000 : 2000);
    }
    printf("%-14s %12.1f %12.1f %s\n", row.name, rate[0], rate[1], row.unit);
  }
  return 0;
}
