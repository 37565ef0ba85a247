// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ACL: streams, events, memory, binaries, arguments; and the compiler.

#include "sim.h"

using namespace simtest;

namespace {

const char kFill[] =
    "set_atomic_none(); set_mask_norm(); set_vector_mask(-1, -1);\n"
    "__ubuf__ float *a = (__ubuf__ float *)(uintptr_t)0;\n"
    "vector_dup(a, value, 1, 1, 1, 8, 0);\n"
    "set_flag(PIPE_V, PIPE_MTE3, 0); wait_flag(PIPE_V, PIPE_MTE3, 0);\n"
    "copy_ubuf_to_gm(y, a, 0, 1, 8, 0, 0);\n";

class Api : public Sim {
protected:
  aclrtFuncHandle fill() {
    return kernelOf("__gm__ float *y, float value", kFill);
  }
  aclError enqueue(aclrtFuncHandle f, aclrtStream s, uint64_t y, float value) {
    uint64_t slots[2] = {y, std::bit_cast<uint32_t>(value)};
    return call("aclrtLaunchKernelWithHostArgs", f, 1u, s,
                static_cast<aclrtLaunchKernelCfg *>(nullptr),
                static_cast<void *>(slots), sizeof slots,
                static_cast<aclrtPlaceHolderInfo *>(nullptr), size_t(0));
  }
  std::string compileError(const std::string &body,
                           const std::string &arch = "vec") {
    Build b = build("extern \"C\" __global__ __aicore__ void KERNEL() {\n" +
                        body + "\n}\n",
                    arch);
    EXPECT_NE(b.status, 0);
    return b.log;
  }
};

TEST_F(Api, WorkWaitsForTheHost) {
  aclrtStream s = nullptr;
  ASSERT_EQ(call("aclrtCreateStream", &s), ACL_SUCCESS);
  Buffer y(std::vector<float>(64, 7));
  ASSERT_EQ(enqueue(fill(), s, y.at(), 3), ACL_SUCCESS);
  // Nobody has waited: memory is as it was.
  EXPECT_EQ(y.read<float>()[0], 7.0f);
  EXPECT_EQ(call("aclrtSynchronizeStream", s), ACL_SUCCESS);
  EXPECT_EQ(y.read<float>()[0], 3.0f);
  EXPECT_EQ(call("aclrtDestroyStream", s), ACL_SUCCESS);
}

TEST_F(Api, EventsOrderStreams) {
  aclrtStream a = nullptr, b = nullptr;
  aclrtEvent e = nullptr;
  call("aclrtCreateStream", &a);
  call("aclrtCreateStream", &b);
  call("aclrtCreateEventWithFlag", &e, 0u);
  Buffer x(256), y(std::vector<float>(64, 0));
  enqueue(fill(), a, x.at(), 5);
  call("aclrtRecordEvent", e, a);
  call("aclrtStreamWaitEvent", b, e);
  call("aclrtMemcpyAsync", y.address, y.bytes,
       static_cast<const void *>(x.address), size_t(256),
       ACL_MEMCPY_DEVICE_TO_DEVICE, b);
  EXPECT_EQ(call("aclrtSynchronizeStream", b), ACL_SUCCESS);
  EXPECT_EQ(y.read<float>()[0], 5.0f);
  EXPECT_EQ(call("aclrtSynchronizeEvent", e), ACL_SUCCESS);
  call("aclrtDestroyEvent", e);
  call("aclrtDestroyStream", a);
  call("aclrtDestroyStream", b);
}

TEST_F(Api, CapturedWorkIsReplayed) {
  aclrtStream s = nullptr, side = nullptr;
  aclrtEvent fork = nullptr, join = nullptr;
  call("aclrtCreateStream", &s);
  call("aclrtCreateStream", &side);
  call("aclrtCreateEventWithFlag", &fork, 0u);
  call("aclrtCreateEventWithFlag", &join, 0u);
  Buffer x(std::vector<float>(64, 0)), y(std::vector<float>(64, 0));
  aclrtFuncHandle f = fill();
  ASSERT_EQ(call("aclmdlRICaptureBegin", s, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL),
            ACL_SUCCESS);
  EXPECT_EQ(enqueue(f, s, x.at(), 9), ACL_SUCCESS);
  call("aclrtRecordEvent", fork, s);
  call("aclrtStreamWaitEvent", side, fork);
  call("aclrtMemcpyAsync", y.address, y.bytes,
       static_cast<const void *>(x.address), size_t(256),
       ACL_MEMCPY_DEVICE_TO_DEVICE, side);
  call("aclrtRecordEvent", join, side);
  call("aclrtStreamWaitEvent", s, join);
  aclmdlRI model = nullptr;
  ASSERT_EQ(call("aclmdlRICaptureEnd", s, &model), ACL_SUCCESS) << report();
  call("aclrtSynchronizeStream", s);
  EXPECT_EQ(y.read<float>()[0], 0.0f); // captured, not done
  for (int i = 0; i < 2; ++i) {
    call("aclrtMemset", y.address, y.bytes, int32_t(0), size_t(256));
    EXPECT_EQ(call("aclmdlRIExecuteAsync", model, s), ACL_SUCCESS);
    EXPECT_EQ(call("aclrtSynchronizeStream", s), ACL_SUCCESS) << report();
    EXPECT_EQ(y.read<float>()[0], 9.0f);
  }
  call("aclmdlRIDestroy", model);
  // Who waits while it captures breaks it.
  call("aclmdlRICaptureBegin", s, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL);
  EXPECT_NE(call("aclrtSynchronizeStream", s), ACL_SUCCESS);
  EXPECT_NE(call("aclmdlRICaptureEnd", s, &model), ACL_SUCCESS);
  EXPECT_NE(report().find("the host waited for a stream that captures"),
            std::string::npos);
  call("aclrtDestroyEvent", fork);
  call("aclrtDestroyEvent", join);
  call("aclrtDestroyStream", s);
  call("aclrtDestroyStream", side);
}

TEST_F(Api, MemsetAndQueries) {
  Buffer y(256);
  EXPECT_EQ(call("aclrtMemset", y.address, y.bytes, int32_t(0), size_t(256)),
            ACL_SUCCESS);
  EXPECT_EQ(y.read<float>()[63], 0.0f);
  EXPECT_EQ(call("aclrtMemset", y.address, size_t(4), int32_t(0), size_t(8)),
            ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_STREQ(call<const char *>("aclrtGetSocName"), "Ascend910B2");
  int64_t cores = 0;
  EXPECT_EQ(
      call("aclrtGetDeviceInfo", 0u, ACL_DEV_ATTR_VECTOR_CORE_NUM, &cores),
      ACL_SUCCESS);
  EXPECT_EQ(cores, 48);
  aclrtStreamStatus status;
  EXPECT_EQ(call("aclrtStreamQuery", aclrtStream(nullptr), &status),
            ACL_SUCCESS);
  EXPECT_EQ(status, ACL_STREAM_STATUS_COMPLETE);
}

TEST_F(Api, CopiesAreChecked) {
  Buffer y(256);
  std::vector<float> host(64);
  EXPECT_EQ(call("aclrtMemcpy", y.address, y.bytes,
                 static_cast<const void *>(host.data()), size_t(256),
                 ACL_MEMCPY_DEVICE_TO_HOST),
            ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_NE(report().find("the destination is on the device"),
            std::string::npos);
  EXPECT_EQ(call("aclrtMemcpy", y.address, size_t(4096),
                 static_cast<const void *>(host.data()), size_t(4096),
                 ACL_MEMCPY_HOST_TO_DEVICE),
            ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_EQ(call("aclrtFree", static_cast<void *>(host.data())),
            ACL_ERROR_RT_MEMORY_FREE);
}

TEST_F(Api, ArgumentsByHandle) {
  aclrtFuncHandle f = fill();
  Buffer y(256);
  aclrtArgsHandle args = nullptr;
  aclrtParamHandle param = nullptr;
  float value = 2;
  ASSERT_EQ(call("aclrtKernelArgsInit", f, &args), ACL_SUCCESS);
  call("aclrtKernelArgsAppend", args, static_cast<void *>(&y.address),
       sizeof y.address, &param);
  call("aclrtKernelArgsAppend", args, static_cast<void *>(&value), sizeof value,
       &param);
  value = 4;
  call("aclrtKernelArgsParaUpdate", args, param, static_cast<void *>(&value),
       sizeof value);
  auto launchIt = [&] {
    return call("aclrtLaunchKernelWithConfig", f, 1u, aclrtStream(nullptr),
                static_cast<aclrtLaunchKernelCfg *>(nullptr), args,
                static_cast<void *>(nullptr));
  };
  EXPECT_EQ(launchIt(), ACL_ERROR_RT_PARAM_INVALID); // not finished
  call("aclrtKernelArgsFinalize", args);
  EXPECT_EQ(launchIt(), ACL_SUCCESS);
  EXPECT_EQ(call("aclrtSynchronizeStream", aclrtStream(nullptr)), ACL_SUCCESS);
  EXPECT_EQ(y.read<float>()[0], 4.0f);
}

TEST_F(Api, ArgumentsAsArrayAndInDeviceMemory) {
  aclrtFuncHandle f = fill();
  Buffer y(256);
  float value = 6;
  void *array[] = {&y.address, &value};
  EXPECT_EQ(call("aclrtLaunchKernelWithArgsArray", f, 1u, aclrtStream(nullptr),
                 static_cast<aclrtLaunchKernelCfg *>(nullptr), array),
            ACL_SUCCESS);
  call("aclrtSynchronizeStream", aclrtStream(nullptr));
  EXPECT_EQ(y.read<float>()[0], 6.0f);
  Buffer slots(std::vector<uint64_t>{y.at(), std::bit_cast<uint32_t>(8.0f)});
  EXPECT_EQ(call("aclrtLaunchKernel", f, 1u,
                 static_cast<const void *>(slots.address), size_t(16),
                 aclrtStream(nullptr)),
            ACL_SUCCESS);
  call("aclrtSynchronizeStream", aclrtStream(nullptr));
  EXPECT_EQ(y.read<float>()[0], 8.0f);
}

TEST_F(Api, WrongLaunchesAreRefused) {
  aclrtFuncHandle f = fill();
  Buffer y(256);
  EXPECT_EQ(launch(f, 1, y), ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_NE(report().find("it has 2 parameters, each in eight bytes"),
            std::string::npos);
  EXPECT_EQ(launch(f, 0, y, 1.0f), ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_EQ(launch(f, 65536, y, 1.0f), ACL_ERROR_RT_PARAM_INVALID);
}

TEST_F(Api, WrongBinariesAreRefused) {
  auto loadBytes = [&](const std::string &bytes) {
    aclrtBinHandle binary = nullptr;
    return call("aclrtBinaryLoadFromData",
                static_cast<const void *>(bytes.data()), bytes.size(),
                static_cast<const aclrtBinaryLoadOptions *>(nullptr), &binary);
  };
  EXPECT_EQ(loadBytes("no binary"), ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_NE(report().find("it is no ELF file"), std::string::npos);
  EXPECT_EQ(loadBytes(std::string("\x7f"
                                  "ELF") +
                      std::string(200, '\0')),
            ACL_ERROR_RT_PARAM_INVALID);
}

TEST_F(Api, AddressSpacesDoNotMix) {
  EXPECT_NE(compileError("__ubuf__ half *a = (__ubuf__ half *)(uintptr_t)0;\n"
                         "__gm__ half *b = a;")
                .find("cannot initialize a variable of type '__gm__ half *'"),
            std::string::npos);
  EXPECT_NE(compileError("__ubuf__ half *a = (__ubuf__ half *)(uintptr_t)0;\n"
                         "__gm__ half *b = (__gm__ half *)a;")
                .find("a pointer is cast from one memory to another"),
            std::string::npos);
  EXPECT_NE(compileError("__ubuf__ half *a = (__ubuf__ half *)(uintptr_t)0;\n"
                         "copy_ubuf_to_gm(a, a, 0, 1, 1, 0, 0);")
                .find("no matching function for call to 'copy_ubuf_to_gm'"),
            std::string::npos);
}

TEST_F(Api, TypesThatAnInstructionLacks) {
  EXPECT_NE(compileError("__ubuf__ bfloat16_t *a = (__ubuf__ bfloat16_t "
                         "*)(uintptr_t)0;\nvadd(a, a, a, 1, 1, 1, 1, 8, 8, 8);")
                .find("vadd has on dav-c220 the element types f16 f32 s16 s32"),
            std::string::npos);
  EXPECT_NE(compileError("__ubuf__ float *a = (__ubuf__ float *)(uintptr_t)0;\n"
                         "vand(a, a, a, 1, 1, 1, 1, 8, 8, 8);")
                .find("element types s16 u16"),
            std::string::npos);
}

TEST_F(Api, InstructionsOfTheOtherCore) {
  EXPECT_NE(compileError("set_fmatrix(0);").find("'set_fmatrix'"),
            std::string::npos);
  EXPECT_NE(compileError("set_mask_norm();", "cube").find("'set_mask_norm'"),
            std::string::npos);
  EXPECT_NE(compileError("vtanh(0);").find("'vtanh'"), std::string::npos);
}

TEST_F(Api, TheCompilerKnowsItsFlags) {
  auto log = [&](const std::string &flags) {
    return build("extern \"C\" __global__ __aicore__ void KERNEL() {}", "vec",
                 flags);
  };
  Build good = log("-mllvm -cce-aicore-stack-size=0x8000 -mllvm "
                   "-cce-aicore-dcci-insert-for-scalar=false");
  EXPECT_EQ(good.status, 0) << good.log;
  EXPECT_NE(log("--cce-auto-sync").log.find("write set_flag and wait_flag"),
            std::string::npos);
  EXPECT_NE(log("-ffast-math").log.find("not a flag it knows"),
            std::string::npos);
  EXPECT_NE(log("--cce-aicore-arch=dav-c310").log.find("dav-c310"),
            std::string::npos);
}

TEST_F(Api, SwitchesListTheirSources) {
  std::string table = call<const char *>("gemelAscendSimSwitches");
  EXPECT_NE(table.find("GEMEL_ASCEND_SIM_FB | 2048 7168"), std::string::npos);
}

} // namespace
