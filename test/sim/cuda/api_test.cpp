// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The driver's behaviour: lazy streams, events, memory, attributes, launches.

#include "sim.h"

#include <csetjmp>
#include <csignal>

using namespace simtest;

namespace {

const char *const kFill = R"(
.visible .entry k(.param .u64 p, .param .u32 v) {
  .reg .b32 %r<4>; .reg .b64 %x<2>;
  ld.param.u64 %x0, [p]; ld.param.u32 %r1, [v];
  mov.u32 %r0, %tid.x;
  mad.wide.u32 %x0, %r0, 4, %x0;
  st.global.u32 [%x0], %r1;
  ret;
})";

class Api : public Sim {
protected:
  CUresult start(CUfunction f, CUstream stream, CUdeviceptr p, uint32_t v,
                 unsigned threads = 32) {
    void *params[] = {&p, &v};
    return call("cuLaunchKernel", f, 1u, 1u, 1u, threads, 1u, 1u, 0u, stream,
                static_cast<void **>(params), static_cast<void **>(nullptr));
  }
  int attribute(int which) {
    int v = -1;
    call("cuDeviceGetAttribute", &v, which, 0);
    return v;
  }
};

TEST_F(Api, Device) {
  char name[64];
  size_t bytes;
  int version;
  EXPECT_EQ(call("cuDeviceGetName", name, 64, 0), CUDA_SUCCESS);
  EXPECT_STREQ(name, "Simulated H100-SXM5-80GB");
  EXPECT_EQ(call("cuDeviceTotalMem_v2", &bytes, 0), CUDA_SUCCESS);
  EXPECT_EQ(bytes, 80ull << 30);
  EXPECT_EQ(call("cuDriverGetVersion", &version), CUDA_SUCCESS);
  EXPECT_EQ(version, 13000);
  EXPECT_EQ(attribute(75), 9);
  EXPECT_EQ(attribute(76), 0);
  EXPECT_EQ(attribute(16), 132);
  EXPECT_EQ(attribute(97), 227 * 1024);
  EXPECT_EQ(attribute(10), 32);
}

TEST_F(Api, WorkRunsWhenSomebodyWaits) {
  CUfunction f = function(load(kFill));
  Buffer b(128);
  CUstream s;
  ASSERT_EQ(call("cuStreamCreate", &s, unsigned(CU_STREAM_NON_BLOCKING)),
            CUDA_SUCCESS);
  std::vector<uint32_t> host(32, 1);
  ASSERT_EQ(start(f, s, b.address, 7), CUDA_SUCCESS);
  ASSERT_EQ(call("cuMemcpyDtoHAsync_v2", static_cast<void *>(host.data()),
                 b.address, size_t(128), s),
            CUDA_SUCCESS);
  EXPECT_EQ(host[0], 1u); // a host that does not wait reads what was there
  EXPECT_EQ(call("cuStreamQuery", s), CUDA_ERROR_NOT_READY);
  EXPECT_EQ(call("cuStreamSynchronize", s), CUDA_SUCCESS);
  EXPECT_EQ(host[31], 7u);
  EXPECT_EQ(call("cuStreamQuery", s), CUDA_SUCCESS);
  call("cuStreamDestroy_v2", s);
}

TEST_F(Api, EventsOrderStreams) {
  CUfunction f = function(load(kFill));
  Buffer b(128);
  CUstream s, t;
  CUevent e;
  call("cuStreamCreate", &s, unsigned(CU_STREAM_NON_BLOCKING));
  call("cuStreamCreate", &t, unsigned(CU_STREAM_NON_BLOCKING));
  call("cuEventCreate", &e, 0u);
  start(f, s, b.address, 1);
  call("cuEventRecord", e, s);
  call("cuStreamWaitEvent", t, e, 0u);
  start(f, t, b.address, 2);
  EXPECT_EQ(call("cuEventQuery", e), CUDA_ERROR_NOT_READY);
  // Waiting for t runs s as far as the event.
  EXPECT_EQ(call("cuStreamSynchronize", t), CUDA_SUCCESS);
  EXPECT_EQ(call("cuEventQuery", e), CUDA_SUCCESS);
  EXPECT_EQ(b.read<uint32_t>()[3], 2u);
  call("cuEventDestroy_v2", e);
  call("cuStreamDestroy_v2", s);
  call("cuStreamDestroy_v2", t);
}

TEST_F(Api, DefaultStreamWaitsForBlockingOnes) {
  CUfunction f = function(load(kFill));
  Buffer b(128);
  CUstream s, free;
  call("cuStreamCreate", &s, 0u);
  call("cuStreamCreate", &free, unsigned(CU_STREAM_NON_BLOCKING));
  start(f, s, b.address, 5);
  EXPECT_EQ(b.read<uint32_t>()[0], 5u); // the copy is in the default stream
  start(f, free, b.address, 6);
  EXPECT_EQ(b.read<uint32_t>()[0], 5u); // not ordered: not yet run
  call("cuStreamSynchronize", free);
  EXPECT_EQ(b.read<uint32_t>()[0], 6u);
  call("cuStreamDestroy_v2", s);
  call("cuStreamDestroy_v2", free);
}

sigjmp_buf landing;

TEST_F(Api, DeviceMemoryIsNotTheHosts) {
  Buffer b(64);
  struct sigaction old, now = {};
  now.sa_handler = [](int) { siglongjmp(landing, 1); };
  sigaction(SIGSEGV, &now, &old);
  bool faulted = sigsetjmp(landing, 1);
  if (!faulted)
    *reinterpret_cast<volatile int *>(b.address) = 1;
  sigaction(SIGSEGV, &old, nullptr);
  EXPECT_TRUE(faulted);
}

TEST_F(Api, CopiesFillsAndPointers) {
  Buffer b(64), c(64);
  call("cuMemsetD8_v2", b.address, static_cast<unsigned char>(1), size_t(64));
  call("cuMemsetD16_v2", b.address + 4, static_cast<unsigned short>(0x203),
       size_t(2));
  call("cuMemsetD32_v2", b.address + 8, 0x04050607u, size_t(1));
  call("cuMemcpyDtoD_v2", c.address, b.address, size_t(64));
  auto v = c.read<uint32_t>();
  EXPECT_EQ(v[0], 0x01010101u);
  EXPECT_EQ(v[1], 0x02030203u);
  EXPECT_EQ(v[2], 0x04050607u);
  unsigned type = 0;
  EXPECT_EQ(call("cuPointerGetAttribute", static_cast<void *>(&type),
                 int(CU_POINTER_ATTRIBUTE_MEMORY_TYPE), b.address + 5),
            CUDA_SUCCESS);
  EXPECT_EQ(type, unsigned(CU_MEMORYTYPE_DEVICE));
  int host;
  EXPECT_EQ(call("cuPointerGetAttribute", static_cast<void *>(&type),
                 int(CU_POINTER_ATTRIBUTE_MEMORY_TYPE),
                 reinterpret_cast<CUdeviceptr>(&host)),
            CUDA_ERROR_INVALID_VALUE);
  std::vector<uint32_t> more(17);
  EXPECT_EQ(call("cuMemcpyHtoD_v2", b.address,
                 static_cast<const void *>(more.data()), size_t(68)),
            CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(call("cuMemFree_v2", b.address + 4), CUDA_ERROR_INVALID_VALUE);
  size_t available, total;
  EXPECT_EQ(call("cuMemGetInfo_v2", &available, &total), CUDA_SUCCESS);
  EXPECT_EQ(total - available, 128u);
  CUdeviceptr p;
  EXPECT_EQ(call("cuMemAlloc_v2", &p, size_t(81ull << 30)),
            CUDA_ERROR_OUT_OF_MEMORY);
}

TEST_F(Api, PinnedMemoryIsReachedFromKernels) {
  void *p;
  ASSERT_EQ(call("cuMemHostAlloc", &p, size_t(128), 0u), CUDA_SUCCESS);
  CUfunction f = function(load(kFill));
  EXPECT_EQ(start(f, nullptr, reinterpret_cast<CUdeviceptr>(p), 9),
            CUDA_SUCCESS);
  EXPECT_EQ(call("cuCtxSynchronize"), CUDA_SUCCESS);
  EXPECT_EQ(static_cast<uint32_t *>(p)[31], 9u);
  EXPECT_EQ(call("cuMemFreeHost", p), CUDA_SUCCESS);
}

TEST_F(Api, ParametersInABuffer) {
  CUfunction f = function(load(kFill));
  Buffer b(128);
  struct {
    CUdeviceptr p;
    uint32_t v;
  } params = {b.address, 11};
  size_t bytes = 12;
  void *extra[] = {reinterpret_cast<void *>(1), &params,
                   reinterpret_cast<void *>(2), &bytes, nullptr};
  EXPECT_EQ(call("cuLaunchKernel", f, 1u, 1u, 1u, 32u, 1u, 1u, 0u,
                 CUstream(nullptr), static_cast<void **>(nullptr),
                 static_cast<void **>(extra)),
            CUDA_SUCCESS);
  EXPECT_EQ(b.read<uint32_t>()[5], 11u);
}

TEST_F(Api, LaunchEx) {
  CUfunction f = function(load(kFill));
  Buffer b(128);
  uint32_t v = 12;
  void *params[] = {&b.address, &v};
  CUlaunchConfig config = {};
  config.gridDimX = config.gridDimY = config.gridDimZ = 1;
  config.blockDimX = 32;
  config.blockDimY = config.blockDimZ = 1;
  EXPECT_EQ(call("cuLaunchKernelEx",
                 static_cast<const CUlaunchConfig *>(&config), f,
                 static_cast<void **>(params), static_cast<void **>(nullptr)),
            CUDA_SUCCESS);
  EXPECT_EQ(b.read<uint32_t>()[0], 12u);
  CUlaunchAttribute cluster = {};
  cluster.id = CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION;
  cluster.value.clusterDim = {2, 1, 1};
  config.attrs = &cluster;
  config.numAttrs = 1;
  EXPECT_EQ(call("cuLaunchKernelEx",
                 static_cast<const CUlaunchConfig *>(&config), f,
                 static_cast<void **>(params), static_cast<void **>(nullptr)),
            CUDA_ERROR_NOT_SUPPORTED);
}

TEST_F(Api, LaunchLimits) {
  CUfunction f = function(load(".visible .entry k() .maxntid 64 {\n"
                               ".shared .align 4 .b8 s[1024];\nret;\n}"));
  auto go = [&](unsigned threads, unsigned shared) {
    return call("cuLaunchKernel", f, 1u, 1u, 1u, threads, 1u, 1u, shared,
                CUstream(nullptr), static_cast<void **>(nullptr),
                static_cast<void **>(nullptr));
  };
  EXPECT_EQ(go(64, 47 * 1024), CUDA_SUCCESS);
  EXPECT_EQ(go(96, 0), CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
  EXPECT_EQ(go(1025, 0), CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(go(64, 48 * 1024), CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(call("cuFuncSetAttribute", f,
                 int(CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES),
                 227 * 1024),
            CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(call("cuFuncSetAttribute", f,
                 int(CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES),
                 226 * 1024),
            CUDA_SUCCESS);
  EXPECT_EQ(go(64, 226 * 1024), CUDA_SUCCESS);
  int v;
  call("cuFuncGetAttribute", &v, int(CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES), f);
  EXPECT_EQ(v, 1024);
  call("cuFuncGetAttribute", &v, int(CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK),
       f);
  EXPECT_EQ(v, 64);
  EXPECT_EQ(call("cuOccupancyMaxActiveBlocksPerMultiprocessor", &v, f, 64,
                 size_t(100 * 1024)),
            CUDA_SUCCESS);
  EXPECT_EQ(v, 2); // 228 KB hold 102 KB twice
  EXPECT_EQ(call("cuCtxSynchronize"), CUDA_SUCCESS);
}

TEST_F(Api, GlobalsAndDynamicShared) {
  CUmodule m = load(R"(
.visible .global .align 4 .u32 table[4] = {1, 2, 3, 4};
.visible .global .align 8 .u64 pointer = table;
.visible .const .align 4 .u32 factor = 3;
.extern .shared .align 16 .b8 dyn[];
.visible .entry k(.param .u64 out) {
  .reg .b32 %r<8>; .reg .b64 %x<4>;
  ld.param.u64 %x0, [out];
  mov.u32 %r0, %tid.x;
  ld.global.u64 %x1, [pointer];
  ld.global.u32 %r1, [%x1+8];
  ld.const.u32 %r2, [factor];
  mul.lo.u32 %r1, %r1, %r2;
  mov.u32 %r3, dyn;
  mad.lo.u32 %r3, %r0, 4, %r3;
  st.shared.u32 [%r3], %r1;
  ld.shared.u32 %r4, [%r3];
  mov.u32 %r5, %dynamic_smem_size;
  add.u32 %r4, %r4, %r5;
  mad.wide.u32 %x2, %r0, 4, %x0;
  st.global.u32 [%x2], %r4;
  ret;
})");
  Buffer b(128);
  EXPECT_EQ(launch(function(m), 1, 32, 128, b.address), CUDA_SUCCESS)
      << report();
  EXPECT_EQ(b.read<uint32_t>()[31], 9u + 128);
  CUdeviceptr p;
  size_t bytes;
  ASSERT_EQ(call("cuModuleGetGlobal_v2", &p, &bytes, m, "table"), CUDA_SUCCESS);
  EXPECT_EQ(bytes, 16u);
  uint32_t seven = 7;
  call("cuMemcpyHtoD_v2", p + 8, static_cast<const void *>(&seven), size_t(4));
  EXPECT_EQ(launch(function(m), 1, 32, 128, b.address), CUDA_SUCCESS);
  EXPECT_EQ(b.read<uint32_t>()[0], 21u + 128);
  EXPECT_EQ(launch(function(m), 1, 64, 128, b.address),
            CUDA_ERROR_ILLEGAL_ADDRESS);
  EXPECT_NE(report().find("shared memory + 128 (of 128 bytes)"),
            std::string::npos)
      << report();
}

TEST_F(Api, NamesAndSymbols) {
  const char *text;
  call("cuGetErrorName", int(CUDA_ERROR_ILLEGAL_ADDRESS), &text);
  EXPECT_STREQ(text, "CUDA_ERROR_ILLEGAL_ADDRESS");
  void *p;
  EXPECT_EQ(call("cuGetProcAddress_v2", "cuMemAlloc", &p, 12000, uint64_t(0),
                 static_cast<int *>(nullptr)),
            CUDA_SUCCESS);
  EXPECT_EQ(p, symbol("cuMemAlloc_v2"));
  EXPECT_EQ(call("cuGetProcAddress_v2", "cuNoSuch", &p, 12000, uint64_t(0),
                 static_cast<int *>(nullptr)),
            CUDA_ERROR_NOT_FOUND);
  unsigned long long before =
      call<unsigned long long>("gemelCudaSimInstructions");
  Buffer b(128);
  EXPECT_EQ(run(kFill, 1, 32, 0, b.address, 1u), CUDA_SUCCESS);
  EXPECT_EQ(call<unsigned long long>("gemelCudaSimInstructions") - before,
            32u * 7);
}

TEST_F(Api, Contexts) {
  CUcontext first, second, current;
  call("cuCtxGetCurrent", &first);
  ASSERT_EQ(call("cuCtxCreate_v2", &second, 0u, 0), CUDA_SUCCESS);
  call("cuCtxGetCurrent", &current);
  EXPECT_EQ(current, second);
  EXPECT_EQ(call("cuCtxPopCurrent_v2", &current), CUDA_SUCCESS);
  EXPECT_EQ(call("cuCtxDestroy_v2", second), CUDA_SUCCESS);
  call("cuCtxGetCurrent", &current);
  EXPECT_EQ(current, first);
  call("cuCtxSetCurrent", CUcontext(nullptr));
  CUdeviceptr p;
  EXPECT_EQ(call("cuMemAlloc_v2", &p, size_t(4)), CUDA_ERROR_INVALID_CONTEXT);
  call("cuCtxSetCurrent", first);
}

TEST(Chip, IsChosenByTheEnvironment) {
  // No context lives between tests, so the chip may change.
  setenv("GEMEL_CUDA_SIM_CHIP", "sm_80", 1);
  ASSERT_EQ(call("cuInit", 0u), CUDA_SUCCESS);
  CUcontext context;
  call("cuDevicePrimaryCtxRetain", &context, 0);
  call("cuCtxSetCurrent", context);
  auto attribute = [](int which) {
    int v = -1;
    call("cuDeviceGetAttribute", &v, which, 0);
    return v;
  };
  EXPECT_EQ(attribute(75), 8);
  EXPECT_EQ(attribute(16), 108);
  EXPECT_EQ(attribute(97), 163 * 1024);
  auto load = [](const std::string &text) {
    CUmodule m;
    return call("cuModuleLoadData", &m,
                static_cast<const void *>(text.c_str()));
  };
  const std::string body = "\n.address_size 64\n.visible .entry k() {\n.reg "
                           ".b32 %r<2>; .reg .b16 %h<3>; .reg .pred %p;\n";
  EXPECT_EQ(load(".version 8.0\n.target sm_80" + body + "ret;\n}"),
            CUDA_SUCCESS);
  EXPECT_EQ(load(".version 8.0\n.target sm_90a" + body + "ret;\n}"),
            CUDA_ERROR_INVALID_PTX);
  // Instructions of the newer chip alone.
  EXPECT_EQ(load(".version 8.0\n.target sm_80" + body +
                 "elect.sync %r0|%p, -1;\nret;\n}"),
            CUDA_ERROR_INVALID_PTX);
  EXPECT_STREQ(call<const char *>("gemelCudaSimReport"),
               "PTX line 6: elect needs sm_90: `elect.sync %r0|%p, -1;`");
  EXPECT_EQ(load(".version 8.0\n.target sm_80" + body +
                 "add.rn.bf16 %h0, %h1, %h2;\nret;\n}"),
            CUDA_ERROR_INVALID_PTX);
  call("cuDevicePrimaryCtxRelease_v2", 0);
  unsetenv("GEMEL_CUDA_SIM_CHIP");
  ASSERT_EQ(call("cuInit", 0u), CUDA_SUCCESS);
}

} // namespace
