// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Prints how many thread-instructions a second the simulator executes.

#include "cuda_abi.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <vector>

namespace {

void *library;

template <class R = CUresult, class... A>
R call(const char *name, A... a) {
  void *p = dlsym(library, name);
  if (!p) {
    fprintf(stderr, "no symbol %s\n", name);
    exit(1);
  }
  return reinterpret_cast<R (*)(A...)>(p)(a...);
}

const char *const kText = R"(
.version 8.0
.target sm_80
.address_size 64
// y[i] = a x[i] + y[i], 4 elements a thread.
.visible .entry stream(.param .u64 x, .param .u64 y) {
  .reg .b32 %r<8>; .reg .b64 %x<8>; .reg .f32 %f<12>;
  ld.param.u64 %x0, [x]; ld.param.u64 %x1, [y];
  mov.u32 %r0, %tid.x; mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x;
  mad.lo.u32 %r0, %r1, %r2, %r0;
  mad.wide.u32 %x0, %r0, 16, %x0;
  mad.wide.u32 %x1, %r0, 16, %x1;
  ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%x0];
  ld.global.v4.f32 {%f4, %f5, %f6, %f7}, [%x1];
  fma.rn.f32 %f4, %f0, 0f3FC00000, %f4;
  fma.rn.f32 %f5, %f1, 0f3FC00000, %f5;
  fma.rn.f32 %f6, %f2, 0f3FC00000, %f6;
  fma.rn.f32 %f7, %f3, 0f3FC00000, %f7;
  st.global.v4.f32 [%x1], {%f4, %f5, %f6, %f7};
  ret;
}
// Each thread sums a row of shared memory 64 times over.
.visible .entry shared(.param .u64 x, .param .u64 y) {
  .reg .b32 %r<12>; .reg .b64 %x<4>; .reg .f32 %f<8>; .reg .pred %p<2>;
  .shared .align 4 .b8 s[1024];
  ld.param.u64 %x1, [y];
  mov.u32 %r0, %tid.x; mov.u32 %r1, s;
  mad.lo.u32 %r2, %r0, 4, %r1;
  cvt.rn.f32.u32 %f0, %r0;
  st.shared.f32 [%r2], %f0;
  bar.sync 0;
  mov.f32 %f1, 0f00000000;
  mov.u32 %r3, 0;
again:
  add.u32 %r4, %r0, %r3;
  and.b32 %r4, %r4, 255;
  mad.lo.u32 %r4, %r4, 4, %r1;
  ld.shared.f32 %f2, [%r4];
  fma.rn.f32 %f1, %f2, %f2, %f1;
  add.u32 %r3, %r3, 1;
  setp.lt.u32 %p0, %r3, 64;
  @%p0 bra again;
  mov.u32 %r5, %ctaid.x;
  mad.lo.u32 %r5, %r5, 256, %r0;
  mad.wide.u32 %x1, %r5, 4, %x1;
  st.global.f32 [%x1], %f1;
  ret;
}
// Registers only.
.visible .entry compute(.param .u64 x, .param .u64 y) {
  .reg .b32 %r<8>; .reg .b64 %x<4>; .reg .f32 %f<8>; .reg .pred %p<2>;
  ld.param.u64 %x1, [y];
  mov.u32 %r0, %tid.x; mov.u32 %r5, %ctaid.x;
  cvt.rn.f32.u32 %f0, %r0;
  mov.f32 %f1, 0f3F800000;
  mov.u32 %r3, 0;
again:
  fma.rn.f32 %f1, %f1, %f0, %f1;
  fma.rn.f32 %f2, %f1, %f0, %f0;
  mul.f32 %f1, %f2, 0f3DCCCCCD;
  add.f32 %f1, %f1, %f0;
  add.u32 %r3, %r3, 1;
  setp.lt.u32 %p0, %r3, 200;
  @%p0 bra again;
  mad.lo.u32 %r5, %r5, 256, %r0;
  mad.wide.u32 %x1, %r5, 4, %x1;
  st.global.f32 [%x1], %f1;
  ret;
}
)";

} // namespace

int main(int argc, char **argv) {
  std::string path = argc > 1 ? argv[1] : GEMEL_CUDA_SIM_LIBRARY;
  library = dlopen(path.c_str(), RTLD_NOW);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  CUcontext context;
  CUmodule module;
  CUdeviceptr x, y;
  const unsigned ctas = 512, threads = 256;
  const size_t bytes = size_t(ctas) * threads * 16;
  if (call("cuInit", 0u) || call("cuDevicePrimaryCtxRetain", &context, 0) ||
      call("cuCtxSetCurrent", context) ||
      call("cuModuleLoadData", &module, static_cast<const void *>(kText)) ||
      call("cuMemAlloc_v2", &x, bytes) || call("cuMemAlloc_v2", &y, bytes))
    return 1;
  std::vector<float> ones(bytes / 4, 1.0f);
  call("cuMemcpyHtoD_v2", x, static_cast<const void *>(ones.data()), bytes);
  call("cuMemcpyHtoD_v2", y, static_cast<const void *>(ones.data()), bytes);
  printf("%-10s%16s%16s\n", "kernel", "check", "fast");
  for (const char *name : {"stream", "shared", "compute"}) {
    CUfunction f;
    call("cuModuleGetFunction", &f, module, name);
    printf("%-10s", name);
    for (const char *mode : {"check", "fast"}) {
      setenv("GEMEL_CUDA_SIM", mode, 1);
      void *params[] = {&x, &y};
      double best = 0;
      for (int repeat = 0; repeat < 4; ++repeat) {
        auto before = call<unsigned long long>("gemelCudaSimInstructions");
        auto start = std::chrono::steady_clock::now();
        if (call("cuLaunchKernel", f, ctas, 1u, 1u, threads, 1u, 1u, 0u,
                 CUstream(nullptr), static_cast<void **>(params),
                 static_cast<void **>(nullptr)) ||
            call("cuCtxSynchronize"))
          return 1;
        double seconds = std::chrono::duration<double>(
                             std::chrono::steady_clock::now() - start)
                             .count();
        double done = static_cast<double>(
            call<unsigned long long>("gemelCudaSimInstructions") - before);
        best = std::max(best, done / seconds / 1e6);
      }
      printf("%10.0f M/s ", best);
    }
    printf("\n");
  }
  return 0;
}
