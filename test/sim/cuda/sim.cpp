// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The simulated driver through its symbols, and helpers to run small kernels.

#include "sim.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>

namespace simtest {

void *symbol(const char *name) {
  const char *named = getenv("GEMEL_CUDA_DRIVER"); // a GPU's
  static void *library =
      dlopen(named ? named : GEMEL_CUDA_SIM_LIBRARY, RTLD_NOW);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    abort();
  }
  void *p = dlsym(library, name);
  if (!p) {
    fprintf(stderr, "no symbol %s\n", name);
    abort();
  }
  return p;
}

Buffer::Buffer(size_t bytes) : bytes(bytes) {
  call("cuMemAlloc_v2", &address, bytes);
}
Buffer::~Buffer() { call("cuMemFree_v2", address); }

void Sim::SetUp() {
  ASSERT_EQ(call("cuInit", 0u), CUDA_SUCCESS);
  ASSERT_EQ(call("cuDevicePrimaryCtxRetain", &context, 0), CUDA_SUCCESS);
  ASSERT_EQ(call("cuCtxSetCurrent", context), CUDA_SUCCESS);
  call<void>("gemelCudaSimReset");
}

void Sim::TearDown() {
  call<void>("gemelCudaSimReset");
  for (CUmodule m : modules)
    call("cuModuleUnload", m);
  call("cuDevicePrimaryCtxRelease_v2", 0);
}

std::string Sim::report() { return call<const char *>("gemelCudaSimReport"); }

/// Has ptxas assemble the text too, if the environment asks for it: what the
/// tests write has to be PTX.
static void assemble(const std::string &text, const char *target) {
  static const char *ptxas = getenv("GEMEL_SIM_TEST_PTXAS");
  if (!ptxas)
    return;
  std::string path = ::testing::TempDir() + "gemel_sim_test.ptx";
  std::ofstream(path) << text;
  std::string command =
      std::string(ptxas) + " -arch=" + target + " " + path + " -o /dev/null";
  EXPECT_EQ(system(command.c_str()), 0) << text;
}

CUmodule Sim::load(const std::string &body, const char *target) {
  std::string text = body.find(".version") != body.npos
                         ? body
                         : ".version 8.6\n.target " + std::string(target) +
                               "\n.address_size 64\n" + body;
  assemble(text, target);
  CUmodule module = nullptr;
  EXPECT_EQ(call("cuModuleLoadData", &module,
                 static_cast<const void *>(text.c_str())),
            CUDA_SUCCESS)
      << report() << "\n"
      << text;
  if (module)
    modules.push_back(module);
  return module;
}

std::string Sim::loadError(const std::string &text, CUresult *result) {
  char log[512] = "";
  int options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
  void *values[] = {log, reinterpret_cast<void *>(sizeof log)};
  CUmodule module = nullptr;
  CUresult e =
      call("cuModuleLoadDataEx", &module,
           static_cast<const void *>(text.c_str()), 2u, options, values);
  EXPECT_NE(e, CUDA_SUCCESS);
  if (result)
    *result = e;
  return log;
}

CUfunction Sim::function(CUmodule module, const char *name) {
  CUfunction f = nullptr;
  EXPECT_EQ(call("cuModuleGetFunction", &f, module, name), CUDA_SUCCESS);
  return f;
}

std::string Sim::mapKernel(const std::string &instructions, size_t d, size_t a,
                           size_t b, size_t c) {
  std::string text = R"(
.visible .entry k(.param .u64 pd, .param .u64 pa, .param .u64 pb,
                  .param .u64 pc, .param .u32 n) {
  .reg .pred %p<8>;
  .reg .b16 %h<8>;
  .reg .b32 %r<32>;
  .reg .b64 %x<32>;
)";
  auto bits = [](size_t n) { return std::to_string(8 * n); };
  text += "  .reg .b" + bits(d) + " %d;\n  .reg .b" + bits(a) +
          " %a;\n  .reg .b" + bits(b) + " %b;\n  .reg .b" + bits(c) + " %c;\n";
  text += R"(
  mov.u32 %r0, %tid.x;
  mov.u32 %r1, %ctaid.x;
  mov.u32 %r2, %ntid.x;
  mad.lo.u32 %r0, %r1, %r2, %r0;
  ld.param.u32 %r3, [n];
  setp.ge.u32 %p0, %r0, %r3;
  @%p0 bra done;
)";
  auto pointer = [&](const char *reg, const char *param, size_t size) {
    text += std::string("  ld.param.u64 ") + reg + ", [" + param +
            "];\n  mad.wide.u32 " + reg + ", %r0, " + std::to_string(size) +
            ", " + reg + ";\n";
  };
  pointer("%x0", "pd", d);
  pointer("%x1", "pa", a);
  pointer("%x2", "pb", b);
  pointer("%x3", "pc", c);
  text += "  ld.global.b" + bits(a) + " %a, [%x1];\n  ld.global.b" + bits(b) +
          " %b, [%x2];\n  ld.global.b" + bits(c) + " %c, [%x3];\n";
  text += instructions + "\n  st.global.b" + bits(d) +
          " [%x0], %d;\ndone:\n  ret;\n}\n";
  return text;
}

std::vector<uint32_t> floats32(size_t n, unsigned seed) {
  std::mt19937 random(seed);
  const uint32_t special[] = {0,          0x80000000, 0x7f800000, 0xff800000,
                              0x7fc00000, 0xffa12345, 1,          0x80000001,
                              0x007fffff, 0x00800000, 0x7f7fffff, 0x3f800000,
                              0xbf800000, 0x3f000000, 0x4b800001, 0xcf000000};
  std::vector<uint32_t> v(n);
  for (uint32_t &x : v)
    switch (random() % 4) {
    case 0:
      x = special[random() % 16];
      break;
    case 1:
      x = static_cast<uint32_t>(random());
      break;
    default: { // near one another, where rounding shows
      float f = static_cast<float>(static_cast<int32_t>(random())) * 0x1p-28f;
      memcpy(&x, &f, 4);
    }
    }
  return v;
}

std::vector<uint64_t> floats64(size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  const uint64_t special[] = {
      0, 0x8000000000000000, 0x7ff0000000000000, 0xfff0000000000000,
      1, 0x000fffffffffffff, 0x3ff0000000000000, 0xc1e0000000000000};
  std::vector<uint64_t> v(n);
  for (uint64_t &x : v)
    if (random() % 4 == 0) {
      x = special[random() % 8];
    } else {
      double d = static_cast<double>(static_cast<int64_t>(random())) * 0x1p-58;
      memcpy(&x, &d, 8);
    }
  return v;
}

std::vector<uint16_t> floats16(size_t n, unsigned seed, bool brain) {
  std::mt19937 random(seed);
  const uint16_t half[] = {0,      0x8000, 0x7c00, 0xfc00, 0x7e00, 1,
                           0x03ff, 0x0400, 0x7bff, 0x3c00, 0xbc00, 0x8001};
  const uint16_t bfloat[] = {0,      0x8000, 0x7f80, 0xff80, 0x7fc0, 1,
                             0x007f, 0x0080, 0x7f7f, 0x3f80, 0xbf80, 0x8001};
  std::vector<uint16_t> v(n);
  for (uint16_t &x : v)
    x = random() % 4 == 0
            ? (brain ? bfloat : half)[random() % 12]
            : static_cast<uint16_t>(random() % 2 ? random()
                                                 : (brain ? 0x3f00 : 0x3800) +
                                                       random() % 1024);
  return v;
}

} // namespace simtest
