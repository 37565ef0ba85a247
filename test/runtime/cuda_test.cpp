// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cuda driver on a simulated GPU: opening devices, loading code.
#include "cuda_library.h"

#include <regex>

namespace {

TEST_F(Cuda, Names) {
  for (const char *name : {"cuda", "cuda:0"}) {
    gemel_device *opened = nullptr;
    ASSERT_OK(gemel_device_open(name, &opened));
    EXPECT_STREQ(gemel_device_name(opened), name);
    EXPECT_EQ(gemel_device_stream(opened), nullptr);
    EXPECT_EQ(gemel_device_thread_count(opened), 0);
    gemel_device_close(opened);
  }
  gemel_device *none = nullptr;
  EXPECT_REFUSED(gemel_device_open("cuda:7", &none), GEMEL_NOT_FOUND,
                 "device 'cuda:7': CUDA's driver has 1 device, numbered from "
                 "0; open one of these, or 'cpu'");
  for (std::string number : {"", "-1", "x", "0x", " 0", "1024", "99999999999"})
    EXPECT_REFUSED(gemel_device_open(("cuda:" + number).c_str(), &none),
                   GEMEL_INVALID_ARGUMENT,
                   ("device 'cuda:" + number + "': '" + number +
                    "' is no number of a chip; write 'cuda:N' with N from 0")
                       .c_str());
  EXPECT_EQ(none, nullptr);
}

TEST_F(Cuda, MemoryAndStreams) {
  void *memory = nullptr, *none = &memory;
  ASSERT_OK(gemel_memory_allocate(device, 100, &memory));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 256, 0u);
  ASSERT_OK(gemel_memory_allocate(device, 0, &none));
  EXPECT_EQ(none, nullptr);
  char text[100] = "there and back", back[100] = "";
  EXPECT_OK(gemel_memory_copy(device, memory, text, 100, stream));
  EXPECT_OK(gemel_memory_fill(device, memory, 'x', 5, stream));
  EXPECT_OK(gemel_memory_copy(device, back, memory, 100, stream));
  wait();
  EXPECT_STREQ(back, "xxxxx and back");
  EXPECT_REFUSED(gemel_memory_allocate(device, size_t{1} << 60, &none),
                 GEMEL_OUT_OF_MEMORY,
                 "cuda:0: cuMemAlloc says CUDA_ERROR_OUT_OF_MEMORY (out of "
                 "memory)");
  EXPECT_REFUSED(gemel_memory_copy(device, memory, text, 1000, stream),
                 GEMEL_DEVICE_ERROR,
                 "cuda:0: cuMemcpyAsync says CUDA_ERROR_INVALID_VALUE (invalid "
                 "argument)");
  EXPECT_EQ(none, nullptr);
  gemel_memory_free(device, memory);
}

// On an A100 and on an H100: gemel_cuda_tests runs once for each.
TEST_F(Cuda, TakesTheBestTarget) {
  const char *chip = getenv("GEMEL_CUDA_SIM_CHIP");
  auto which = array<int32_t>({0});
  ASSERT_OK(Call(op("best"), device).array(which.data(), {}).launch());
  EXPECT_EQ(which.read()[0], chip && chip == std::string("sm_80") ? 80 : 90);
}

TEST_F(Cuda, SaysThatTheDriverCompiled) {
  const char *kNote = "%s: the driver compiled PTX for sm_80 in [0-9]+ ms; a "
                      "library built where ptxas is installed carries machine "
                      "code";
  for (const char *name : {"scale_add", "cubin_then_text"}) {
    char note[256];
    snprintf(note, sizeof(note), kNote, name);
    EXPECT_TRUE(std::regex_match(gemel_op_note(op(name)), std::regex(note)))
        << gemel_op_note(op(name));
  }
}

TEST_F(Cuda, TakesTheTextOfACubinOfAnotherChip) {
  auto which = array<int32_t>({0});
  ASSERT_OK(
      Call(op("cubin_then_text"), device).array(which.data(), {}).launch());
  EXPECT_EQ(which.read()[0], 80);
}

TEST_F(Cuda, CodeThatCannotBeLoaded) {
  struct {
    const char *name, *status, *sentence;
  } cases[] = {
      {"refused", "GEMEL_DEVICE_ERROR",
       "refused: PTX for sm_80, of which the driver says: PTX line 6: "
       "instruction 'frobnicate' is not simulated: `frobnicate.b32 %r0;`: "
       "cuModuleLoadDataEx says CUDA_ERROR_INVALID_PTX (the PTX could not be "
       "compiled)"},
      {"cubin_only", "GEMEL_DEVICE_ERROR",
       "cubin_only: the cubin for sm_80, of which the driver says: a cubin or "
       "fat binary cannot be simulated; load PTX text: cuModuleLoadDataEx says "
       "CUDA_ERROR_NO_BINARY_FOR_GPU (no code for this device)"},
      {"no_code", "GEMEL_DAMAGED_LIBRARY",
       "no_code: the library has no code for 'sm_80'; build it again with "
       "gemelc"},
      {"other_name", "GEMEL_DEVICE_ERROR",
       "other_name: kernel 'best': cuModuleGetFunction says "
       "CUDA_ERROR_NOT_FOUND (no such name)"},
      {"too_wide", "GEMEL_DEVICE_ERROR",
       "too_wide: kernel 'best' wants blocks of 64 threads, but the device "
       "runs it with 32 at most"},
      {"too_fat", "GEMEL_DEVICE_ERROR",
       "too_fat: kernel 'best' with 1048576 bytes of shared memory: "
       "cuFuncSetAttribute says CUDA_ERROR_INVALID_VALUE (invalid argument)"},
      {"cpu_only", "GEMEL_MISSING_VARIANT",
       "cpu_only: no variant runs on device 'cuda:0', the library was built "
       "for cpu; build it with a --target that this device runs"}};
  for (auto &c : cases) {
    const gemel_op *found = nullptr;
    // Twice: what failed leaves nothing behind that a second try would take.
    for (int i = 0; i < 2; ++i) {
      gemel_status status = gemel_library_op(library, device, c.name, &found);
      EXPECT_STREQ(gemel_status_name(status), c.status) << c.name;
      EXPECT_STREQ(gemel_last_error(), c.sentence) << c.name;
      EXPECT_EQ(found, nullptr);
    }
  }
}

TEST_F(Cuda, ResolvesOncePerDevice) {
  gemel_device *other = nullptr;
  ASSERT_OK(gemel_device_open("cuda", &other));
  EXPECT_EQ(op("which"), op("which"));
  EXPECT_NE(op("which"), op("which", other));
  gemel_device_close(other);
}

TEST(CudaLife, LibraryAndDeviceCloseInEitherOrder) {
  setenv("GEMEL_CUDA_DRIVER", GEMEL_CUDA_SIM_LIBRARY, 1);
  for (bool libraryFirst : {true, false}) {
    gemel_device *device = nullptr;
    gemel_library *library = nullptr;
    const gemel_op *op = nullptr;
    ASSERT_OK(gemel_device_open("cuda", &device));
    ASSERT_OK(gemel_library_from_manifest(&cuda_manifest, &library));
    ASSERT_OK(gemel_library_op(library, device, "best", &op));
    int active = 0;
    if (libraryFirst)
      gemel_library_close(library);
    gemel_device_close(device);
    simtest::call("cuDevicePrimaryCtxGetState", 0,
                  static_cast<unsigned *>(nullptr), &active);
    // The library's operators keep the device.
    EXPECT_EQ(active, !libraryFirst);
    if (!libraryFirst)
      gemel_library_close(library);
    simtest::call("cuDevicePrimaryCtxGetState", 0,
                  static_cast<unsigned *>(nullptr), &active);
    EXPECT_EQ(active, 0);
  }
}

} // namespace
