// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opening devices, resolving ops on them, and the small queries.
#include "support.h"

#include <cstdlib>
#include <optional>

#include <sched.h>

namespace {

TEST(DeviceTest, CpuTakesAllCores) {
  gemel_device *device;
  ASSERT_OK(gemel_device_open("cpu", &device));
  cpu_set_t set;
  ASSERT_EQ(sched_getaffinity(0, sizeof(set), &set), 0);
  EXPECT_EQ(gemel_device_thread_count(device), CPU_COUNT(&set));
  EXPECT_STREQ(gemel_device_name(device), "cpu");
  EXPECT_NE(gemel_device_stream(device), nullptr);
  gemel_device_close(device);
}

TEST(DeviceTest, CpuTakesAThreadCount) {
  gemel_device *device;
  ASSERT_OK(gemel_device_open("cpu:3", &device));
  EXPECT_EQ(gemel_device_thread_count(device), 3);
  EXPECT_STREQ(gemel_device_name(device), "cpu:3");
  gemel_device_close(device);
}

TEST(DeviceTest, BadThreadCount) {
  for (const char *name :
       {"0", "-1", "1025", "two", "2x", "", " 2", "99999999999999999999"}) {
    std::string full = std::string("cpu:") + name;
    std::string sentence = "device '" + full + "': '" + name +
                           "' is no number of threads; write 'cpu:N' with N in "
                           "1 .. 1024, or 'cpu' for all cores";
    gemel_device *device = nullptr;
    EXPECT_REFUSED(gemel_device_open(full.c_str(), &device),
                   GEMEL_INVALID_ARGUMENT, sentence.c_str());
    EXPECT_EQ(device, nullptr);
  }
}

namespace {
/// An environment variable as long as this lives.
class ScopedVariable {
public:
  ScopedVariable(const char *name, const char *value) : name(name) {
    if (const char *before = getenv(name))
      old = before;
    setenv(name, value, 1);
  }
  ~ScopedVariable() {
    if (old)
      setenv(name, old->c_str(), 1);
    else
      unsetenv(name);
  }

private:
  const char *name;
  std::optional<std::string> old;
};
} // namespace

TEST(DeviceTest, VendorsDriverIsMissing) {
  gemel_device *device = nullptr;
  ScopedVariable named("GEMEL_CUDA_DRIVER", "/nowhere/libcuda.so");
  EXPECT_REFUSED(gemel_device_open("cuda:0", &device), GEMEL_UNSUPPORTED,
                 "device 'cuda:0': CUDA's driver cannot be opened "
                 "(/nowhere/libcuda.so: cannot open shared object file: No "
                 "such file or directory); install it, or name another in "
                 "GEMEL_CUDA_DRIVER");
  EXPECT_EQ(device, nullptr);
  // One that is no driver of CUDA's.
  ScopedVariable other("GEMEL_CUDA_DRIVER", "libc.so.6");
  EXPECT_REFUSED(gemel_device_open("cuda", &device), GEMEL_UNSUPPORTED,
                 "device 'cuda': CUDA's driver 'libc.so.6' has no 'cuInit'; "
                 "install one of CUDA 12 or later");
  EXPECT_REFUSED(gemel_device_open("cuda:x", &device), GEMEL_INVALID_ARGUMENT,
                 "device 'cuda:x': 'x' is no number of a chip; write 'cuda:N' "
                 "with N from 0");
  EXPECT_EQ(device, nullptr);
}

TEST(DeviceTest, WithoutCann) {
  gemel_device *device = nullptr;
  ScopedVariable absent("GEMEL_ASCEND_DRIVER", "/nowhere/libascendcl.so");
  EXPECT_REFUSED(gemel_device_open("ascend:0", &device), GEMEL_UNSUPPORTED,
                 "device 'ascend:0': CANN's ACL cannot be opened "
                 "(/nowhere/libascendcl.so: cannot open shared object file: No "
                 "such file or directory); install CANN and source its "
                 "set_env.sh, or name another in GEMEL_ASCEND_DRIVER");
  // One that is no ACL.
  ScopedVariable other("GEMEL_ASCEND_DRIVER", "libc.so.6");
  EXPECT_REFUSED(gemel_device_open("ascend", &device), GEMEL_UNSUPPORTED,
                 "device 'ascend': CANN's ACL 'libc.so.6' has no 'aclInit'; "
                 "install CANN 8.5 or later");
  EXPECT_REFUSED(gemel_device_open("ascend:x", &device), GEMEL_INVALID_ARGUMENT,
                 "device 'ascend:x': 'x' is no number of a chip; write "
                 "'ascend:N' with N from 0");
  EXPECT_EQ(device, nullptr);
}

// The last of those that open it: once open, it stays.
TEST(DeviceTest, AclThatFails) {
  gemel_device *device = nullptr;
  ScopedVariable acl("GEMEL_ASCEND_DRIVER", FAKE_ACL);
  {
    ScopedVariable init("FAKE_ACL_INIT", "507033");
    ScopedVariable words("FAKE_ACL_WORDS",
                         "EE9999: Inner Error!\n\tTraceBack:  drv open\r\n");
    // What the ACL says in lines is one in the sentence.
    EXPECT_REFUSED(gemel_device_open("ascend:0", &device), GEMEL_UNSUPPORTED,
                   "device 'ascend:0': aclInit says "
                   "ACL_ERROR_RT_DEV_SETUP_ERROR (507033): EE9999: Inner "
                   "Error! TraceBack: drv open");
  }
  EXPECT_REFUSED(gemel_device_open("ascend:0", &device), GEMEL_NOT_FOUND,
                 "device 'ascend:0': CANN's ACL has 0 devices, numbered from "
                 "0; open one of these, or 'cpu'");
  {
    ScopedVariable count("FAKE_ACL_COUNT", "500000");
    EXPECT_REFUSED(gemel_device_open("ascend:0", &device), GEMEL_DEVICE_ERROR,
                   "device 'ascend:0': aclrtGetDeviceCount says an error "
                   "(500000)");
  }
  ScopedVariable devices("FAKE_ACL_DEVICES", "2");
  {
    ScopedVariable set("FAKE_ACL_SET", "207004");
    EXPECT_REFUSED(gemel_device_open("ascend:1", &device), GEMEL_DEVICE_ERROR,
                   "device 'ascend:1': aclrtSetDevice says "
                   "ACL_ERROR_RT_NO_DEVICE (207004)");
  }
  ScopedVariable soc("FAKE_ACL_SOC", "Ascend310P3");
  EXPECT_REFUSED(gemel_device_open("ascend:1", &device), GEMEL_UNSUPPORTED,
                 "device 'ascend:1': no library is compiled for its chip, "
                 "'Ascend310P3', only for Ascend 910B and 910C; open 'cpu'");
  EXPECT_EQ(device, nullptr);
}

TEST(DeviceTest, MemoryAndStreams) {
  gemel_device *device = nullptr;
  ASSERT_OK(gemel_device_open("cpu:1", &device));
  gemel_stream stream = nullptr;
  ASSERT_OK(gemel_stream_create(device, &stream));
  EXPECT_EQ(stream, gemel_device_stream(device));
  void *memory = nullptr, *none = &memory;
  ASSERT_OK(gemel_memory_allocate(device, 100, &memory));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 256, 0u);
  ASSERT_OK(gemel_memory_allocate(device, 0, &none));
  EXPECT_EQ(none, nullptr);
  char text[100] = "there and back", back[100] = "";
  EXPECT_OK(gemel_memory_copy(device, memory, text, 100, stream));
  EXPECT_OK(gemel_memory_copy(device, back, memory, 100, stream));
  EXPECT_OK(gemel_memory_copy(device, nullptr, nullptr, 0, stream));
  EXPECT_OK(gemel_stream_synchronize(device, stream));
  EXPECT_STREQ(back, text);
  EXPECT_OK(gemel_memory_fill(device, memory, 'x', 5, stream));
  EXPECT_OK(gemel_memory_copy(device, back, memory, 100, stream));
  EXPECT_STREQ(back, "xxxxx and back");
  EXPECT_REFUSED(gemel_memory_copy(device, nullptr, text, 9, stream),
                 GEMEL_INVALID_ARGUMENT,
                 "gemel_memory_copy: 'to' is null; pass memory of 9 bytes");
  EXPECT_REFUSED(gemel_memory_allocate(device, SIZE_MAX, &none),
                 GEMEL_OUT_OF_MEMORY,
                 "device 'cpu:1': no memory for 18446744073709551615 bytes");
  EXPECT_REFUSED(gemel_stream_synchronize(device, nullptr), GEMEL_WRONG_DEVICE,
                 "gemel_stream_synchronize: the stream is not of device "
                 "'cpu:1'; pass gemel_device_stream(device)");
  gemel_memory_free(device, memory);
  gemel_memory_free(device, nullptr);
  gemel_stream_destroy(device, stream);
  gemel_device_close(device);
}

TEST(DeviceTest, UnknownName) {
  gemel_device *device = nullptr;
  EXPECT_REFUSED(gemel_device_open("gpu:0", &device), GEMEL_NOT_FOUND,
                 "device 'gpu:0': no driver has this name; open 'cpu', 'cpu:N' "
                 "(N threads), 'cuda:N' or 'ascend:N' (chip N)");
  EXPECT_EQ(gemel_device_open("", &device), GEMEL_NOT_FOUND);
  EXPECT_EQ(gemel_device_open("cpux", &device), GEMEL_NOT_FOUND);
}

TEST(DeviceTest, Nulls) {
  gemel_device *device = nullptr;
  EXPECT_REFUSED(gemel_device_open(nullptr, &device), GEMEL_INVALID_ARGUMENT,
                 "gemel_device_open: 'name' is null; pass a name such as "
                 "\"cpu\"");
  EXPECT_REFUSED(gemel_device_open("cpu", nullptr), GEMEL_INVALID_ARGUMENT,
                 "gemel_device_open: 'device' is null; pass where to put the "
                 "handle");
  gemel_device_close(nullptr);
  gemel_library_close(nullptr);
  EXPECT_STREQ(gemel_device_name(nullptr), "");
  EXPECT_EQ(gemel_device_thread_count(nullptr), 0);
  EXPECT_EQ(gemel_device_stream(nullptr), nullptr);
  EXPECT_EQ(gemel_library_manifest(nullptr), nullptr);
  EXPECT_EQ(gemel_op_description(nullptr), nullptr);
}

TEST(StatusTest, EveryStatusHasItsName) {
  for (int status = GEMEL_OK; status <= GEMEL_UNSUPPORTED; ++status)
    EXPECT_EQ(strncmp(gemel_status_name(static_cast<gemel_status>(status)),
                      "GEMEL_", 6),
              0)
        << status;
  EXPECT_STREQ(gemel_status_name(static_cast<gemel_status>(99)),
               "unknown status");
}

TEST(StatusTest, EveryDtypeHasNameAndBytes) {
  const char *names[] = {"f32", "bf16", "f16", "i32", "i64", "u8", "i1"};
  int32_t bytes[] = {4, 2, 2, 4, 8, 1, 1};
  for (int32_t dtype = GEMEL_F32; dtype <= GEMEL_I1; ++dtype) {
    EXPECT_STREQ(gemel_dtype_name(dtype), names[dtype - 1]);
    EXPECT_EQ(gemel_dtype_bytes(dtype), bytes[dtype - 1]);
  }
  EXPECT_STREQ(gemel_dtype_name(0), "unknown");
  EXPECT_EQ(gemel_dtype_bytes(8), 0);
  EXPECT_EQ(gemel_abi_version(), uint32_t{GEMEL_ABI_VERSION});
}

using OpTest = Handmade;

TEST_F(OpTest, ResolvesOnce) {
  EXPECT_EQ(op("step"), op("step"));
  EXPECT_NE(op("step"), op("total"));
  EXPECT_STREQ(gemel_op_description(op("total"))->name, "total");
  EXPECT_EQ(gemel_library_manifest(library), &handmade_manifest);
}

TEST_F(OpTest, UnknownOp) {
  const gemel_op *found = nullptr;
  EXPECT_REFUSED(gemel_library_op(library, device, "rms_norm", &found),
                 GEMEL_NOT_FOUND,
                 "rms_norm: the library has no operator of this name among its "
                 "9; gemel_library_manifest lists them");
  EXPECT_EQ(found, nullptr);
}

TEST_F(OpTest, WithoutBackward) {
  const gemel_pair_desc *pair = nullptr;
  EXPECT_REFUSED(gemel_library_pair(library, "total", &pair), GEMEL_NOT_FOUND,
                 "total: the library has no backward of an operator of this "
                 "name; build it with gemelc --backward");
  EXPECT_REFUSED(
      gemel_library_pair(library, nullptr, &pair), GEMEL_INVALID_ARGUMENT,
      "gemel_library_pair: 'name' is null; pass all three arguments");
  EXPECT_EQ(pair, nullptr);
}

TEST_F(OpTest, BuiltForOtherTargets) {
  const gemel_op *found = nullptr;
  EXPECT_REFUSED(gemel_library_op(library, device, "nowhere", &found),
                 GEMEL_MISSING_VARIANT,
                 "nowhere: no variant runs on device 'cpu:2', the library was "
                 "built for sm_90a, ascend910b; build it with a --target that "
                 "this device runs");
  EXPECT_EQ(found, nullptr);
}

TEST_F(OpTest, Nulls) {
  const gemel_op *found = nullptr;
  EXPECT_REFUSED(gemel_library_op(nullptr, device, "step", &found),
                 GEMEL_INVALID_ARGUMENT,
                 "gemel_library_op: 'library' is null; pass all four "
                 "arguments");
  EXPECT_EQ(gemel_library_op(library, nullptr, "step", &found),
            GEMEL_INVALID_ARGUMENT);
  EXPECT_EQ(gemel_library_op(library, device, nullptr, &found),
            GEMEL_INVALID_ARGUMENT);
  EXPECT_EQ(gemel_library_op(library, device, "step", nullptr),
            GEMEL_INVALID_ARGUMENT);
}

} // namespace

extern "C" int gemel_launch_from_c(const gemel_manifest_desc *manifest);

TEST(CHeaderTest, ACProgramLaunches) {
  EXPECT_EQ(gemel_launch_from_c(&handmade_manifest), 0) << gemel_last_error();
}
