// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One test for each misuse of a launch: its status, its exact sentence, and
// that nothing was written.
#include "support.h"

namespace {

/// A right call of `scale_add` for tests to break.
class RefusalTest : public Handmade {
protected:
  RefusalTest() : call(op("scale_add"), device) {
    call.array(x.data(), {32}).array(y.data(), {32}).scalar(1.0f).noScalar();
    call.array(z.data(), {32});
  }
  ~RefusalTest() override {
    EXPECT_TRUE(z.all(kUntouched)) << "something was written";
  }
  static constexpr float kUntouched = -77;
  Buffer<float> x{64, 1}, y{64, 1}, z{64, kUntouched};
  Call call;
};

TEST_F(RefusalTest, NullOpOrArgs) {
  EXPECT_REFUSED(
      gemel_launch(nullptr, call.args.data(), 5, nullptr, 0, call.stream),
      GEMEL_INVALID_ARGUMENT, "gemel_launch: 'op' is null; pass all arguments");
  EXPECT_REFUSED(gemel_launch(call.op, nullptr, 5, nullptr, 0, call.stream),
                 GEMEL_INVALID_ARGUMENT,
                 "gemel_launch: 'args' is null; pass all arguments");
  size_t bytes;
  EXPECT_REFUSED(gemel_workspace_bytes(call.op, call.args.data(), 5, nullptr),
                 GEMEL_INVALID_ARGUMENT,
                 "gemel_workspace_bytes: 'bytes' is null; pass all arguments");
  EXPECT_REFUSED(gemel_workspace_bytes(nullptr, call.args.data(), 5, &bytes),
                 GEMEL_INVALID_ARGUMENT,
                 "gemel_workspace_bytes: 'op' is null; pass all arguments");
}

TEST_F(RefusalTest, ArgumentCount) {
  for (int32_t count : {4, 6, 0, -1}) {
    call.count = count;
    std::string sentence = "scale_add: got " + std::to_string(count) +
                           " arguments but the operator has 5; pass (x, y, a, "
                           "b, z)";
    EXPECT_REFUSED(call.launch(), GEMEL_INVALID_ARGUMENT, sentence.c_str());
  }
}

TEST_F(RefusalTest, NullArray) {
  call.args[1] = nullptr;
  EXPECT_REFUSED(call.launch(), GEMEL_INVALID_ARGUMENT,
                 "scale_add: the array of argument 'y' is null; pass a "
                 "gemel_array");
}

TEST_F(RefusalTest, NullSizes) {
  call.arrays[1].sizes = nullptr;
  EXPECT_REFUSED(call.launch(), GEMEL_INVALID_ARGUMENT,
                 "scale_add: sizes of argument 'y' is null; pass one size for "
                 "each axis");
}

TEST_F(RefusalTest, NullData) {
  call.arrays[4].data = nullptr;
  EXPECT_REFUSED(call.launch(), GEMEL_INVALID_ARGUMENT,
                 "scale_add: argument 'z' is not empty but its data is null; "
                 "pass its address");
}

TEST_F(RefusalTest, NullScalarWithoutDefault) {
  call.args[2] = nullptr;
  EXPECT_REFUSED(call.launch(), GEMEL_INVALID_ARGUMENT,
                 "scale_add: scalar 'a' is null but has no default; pass a "
                 "pointer to its value");
}

TEST_F(RefusalTest, NoDtype) {
  for (int32_t dtype : {0, 8, -1}) {
    call.arrays[0].dtype = dtype;
    std::string sentence = "scale_add: argument 'x' has dtype " +
                           std::to_string(dtype) +
                           ", which is no gemel_dtype; set one, such as "
                           "GEMEL_F32";
    EXPECT_REFUSED(call.launch(), GEMEL_WRONG_DTYPE, sentence.c_str());
  }
}

TEST_F(RefusalTest, WrongDtype) {
  call.arrays[1].dtype = GEMEL_BF16;
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_DTYPE,
                 "scale_add: argument 'y' has dtype bf16 but must be f32; pass "
                 "an array of f32");
}

TEST_F(RefusalTest, DtypesOfOneVariableDiffer) {
  Buffer<int32_t> which(1);
  Call twice(op("twice"), device);
  twice.array(x.data(), {8}).array(y.data(), {8}).array(z.data(), {8});
  twice.array(which.data(), {});
  twice.arrays[2].dtype = GEMEL_I32;
  EXPECT_REFUSED(twice.launch(), GEMEL_WRONG_DTYPE,
                 "twice: argument 'z' has dtype i32 but 'x' fixes 'E' = f32; "
                 "pass arrays whose 'E' agree");
}

TEST_F(RefusalTest, MissingVariant) {
  Buffer<int32_t> which(1);
  Call twice(op("twice"), device);
  twice.array(x.data(), {8}).array(y.data(), {8}).array(z.data(), {8});
  twice.array(which.data(), {});
  for (int32_t i : {0, 1, 2})
    twice.arrays[i].dtype = GEMEL_BF16;
#if defined(__x86_64__)
  const char *sentence =
      "twice: no variant for E = bf16 runs on device 'cpu:2', only for E = f32 "
      "or E = i32; pass arrays of those or build the library for these";
  EXPECT_REFUSED(twice.launch(), GEMEL_MISSING_VARIANT, sentence);
  size_t bytes;
  EXPECT_REFUSED(twice.workspaceBytes(&bytes), GEMEL_MISSING_VARIANT, sentence);
#else
  EXPECT_EQ(twice.launch(), GEMEL_MISSING_VARIANT);
#endif
}

TEST_F(RefusalTest, WrongRank) {
  call.arrays[4].rank = 2;
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_RANK,
                 "scale_add: argument 'z' has rank 2 but its axes are [N]; "
                 "pass an array of rank 1");
  call.arrays[4].rank = -1;
  EXPECT_EQ(call.launch(), GEMEL_WRONG_RANK);
}

TEST_F(RefusalTest, SizesOfOneAxisDiffer) {
  call.sizes[1][0] = 31;
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_SIZE,
                 "scale_add: argument 'y' has axis 'N' of size 31 but 'x' "
                 "fixes 'N' = 32; pass arrays whose 'N' agree");
}

TEST_F(RefusalTest, NegativeSize) {
  call.sizes[0][0] = -1;
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_SIZE,
                 "scale_add: argument 'x' has axis 'N' of size -1 but sizes "
                 "are in 0 .. 2147483647; pass a size in that range");
}

TEST_F(RefusalTest, SizeAbove31Bits) {
  call.sizes[0][0] = int64_t{1} << 31;
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_SIZE,
                 "scale_add: argument 'x' has axis 'N' of size 2147483648 but "
                 "sizes are in 0 .. 2147483647; pass a size in that range");
}

TEST_F(RefusalTest, ReachesBeyondMemory) {
  for (int32_t i : {0, 1, 4}) {
    call.sizes[i][0] = INT32_MAX;
    call.arrays[i].data = reinterpret_cast<void *>(UINTPTR_MAX - 63);
  }
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_SIZE,
                 "scale_add: argument 'x' reaches beyond the end of memory; "
                 "pass the sizes of the array that is there");
}

TEST_F(RefusalTest, WrongStride) {
  int64_t two = 2;
  call.arrays[1].strides = &two;
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_LAYOUT,
                 "scale_add: argument 'y' has stride 2 on axis 'N' but dense "
                 "row-major has 1; pass a contiguous copy");
}

TEST_F(RefusalTest, TransposedStrides) {
  int64_t columnMajor[] = {1, 8};
  Call total(op("total"), device);
  total.array(x.data(), {8, 4}).array(z.data(), {});
  total.arrays[0].strides = columnMajor;
  EXPECT_REFUSED(total.launch(), GEMEL_WRONG_LAYOUT,
                 "total: argument 'x' has stride 8 on axis 'C' but dense "
                 "row-major has 1; pass a contiguous copy");
}

TEST_F(RefusalTest, MisalignedForTheElement) {
  call.arrays[0].data = reinterpret_cast<char *>(x.data()) + 2;
  EXPECT_REFUSED(call.launch(), GEMEL_MISALIGNED,
                 "scale_add: argument 'x' is aligned to 2 bytes but must be to "
                 "4; pass an array that starts at such an address");
}

TEST_F(RefusalTest, MisalignedForAllVariants) {
  call.arrays[1].data = y.data() + 1;
  EXPECT_REFUSED(call.launch(), GEMEL_MISALIGNED,
                 "scale_add: argument 'y' is aligned to 4 bytes but must be to "
                 "16; pass an array that starts at such an address");
}

TEST_F(RefusalTest, ResultOverlapsInput) {
  call.arrays[0].data = z.data() + 28;
  EXPECT_REFUSED(call.launch(), GEMEL_OVERLAP,
                 "scale_add: result 'z' and argument 'x' share 16 bytes but "
                 "what is written may overlap no other array; pass memory of "
                 "its own");
}

TEST_F(RefusalTest, InoutOverlapsInput) {
  Call step(op("step"), device);
  step.array(z.data(), {32}).array(z.data(), {32}).scalar(int32_t{1});
  step.noScalar();
  EXPECT_REFUSED(step.launch(), GEMEL_OVERLAP,
                 "step: inout 'p' and argument 'g' share 128 bytes but what is "
                 "written may overlap no other array; pass memory of its own");
}

TEST_F(RefusalTest, WorkspaceOverlapsInput) {
  Call total(op("total"), device);
  total.array(z.data(), {4, 4}).array(y.data(), {});
  EXPECT_REFUSED(total.launch(z.data(), 128), GEMEL_OVERLAP,
                 "total: the workspace and argument 'x' share 64 bytes but "
                 "what is written may overlap no other array; pass memory of "
                 "its own");
}

TEST_F(RefusalTest, ArrayOfNoDevice) {
  call.arrays[1].device = nullptr;
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_DEVICE,
                 "scale_add: argument 'y' has device 'null' but the operator "
                 "was resolved on this handle of 'cpu:2'; set the array's "
                 "device to that, or resolve the operator on the array's");
}

TEST_F(RefusalTest, ArrayOfAnotherDevice) {
  gemel_device *other;
  ASSERT_OK(gemel_device_open("cpu:1", &other));
  call.arrays[1].device = other;
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_DEVICE,
                 "scale_add: argument 'y' has device 'cpu:1' but the operator "
                 "was resolved on this handle of 'cpu:2'; set the array's "
                 "device to that, or resolve the operator on the array's");
  gemel_device_close(other);
}

TEST_F(RefusalTest, ArrayOfGarbageDevice) {
  call.arrays[1].device = reinterpret_cast<gemel_device *>(uintptr_t{0xdead});
  EXPECT_REFUSED(call.launch(), GEMEL_WRONG_DEVICE,
                 "scale_add: argument 'y' has device 'not open' but the "
                 "operator was resolved on this handle of 'cpu:2'; set the "
                 "array's device to that, or resolve the operator on the "
                 "array's");
}

TEST_F(RefusalTest, WrongStream) {
  for (gemel_stream stream : {gemel_stream(nullptr), gemel_stream(&call)}) {
    call.stream = stream;
    EXPECT_REFUSED(call.launch(), GEMEL_WRONG_DEVICE,
                   "scale_add: the stream is not of device 'cpu:2'; pass "
                   "gemel_device_stream(device)");
  }
}

TEST_F(RefusalTest, WorkspaceTooSmall) {
  Call total(op("total"), device);
  total.array(x.data(), {17, 2}).array(z.data(), {});
  EXPECT_REFUSED(total.launch(), GEMEL_WORKSPACE_TOO_SMALL,
                 "total: the workspace has 0 bytes but needs 192; ask "
                 "gemel_workspace_bytes with these arguments");
  EXPECT_REFUSED(total.launch(nullptr, 192), GEMEL_WORKSPACE_TOO_SMALL,
                 "total: the workspace has 0 bytes but needs 192; ask "
                 "gemel_workspace_bytes with these arguments");
  Buffer<char> workspace(192, 'w');
  EXPECT_REFUSED(total.launch(workspace.data(), 191), GEMEL_WORKSPACE_TOO_SMALL,
                 "total: the workspace has 191 bytes but needs 192; ask "
                 "gemel_workspace_bytes with these arguments");
  EXPECT_TRUE(workspace.all('w'));
}

TEST_F(RefusalTest, WorkspaceMisaligned) {
  Call total(op("total"), device);
  total.array(x.data(), {2, 2}).array(z.data(), {});
  Buffer<char> workspace(192, 'w');
  EXPECT_REFUSED(total.launch(workspace.data() + 32, 128), GEMEL_MISALIGNED,
                 "total: the workspace is aligned to 32 bytes but needs 64; "
                 "allocate it with that alignment");
  EXPECT_TRUE(workspace.all('w'));
}

TEST_F(RefusalTest, WorkspaceBeyond64Bits) {
  Buffer<uint8_t> result(1, 7);
  auto *far = reinterpret_cast<uint8_t *>(uintptr_t{1} << 40);
  Call huge(op("huge"), device);
  for (int i = 0; i < 3; ++i)
    huge.array(far, {INT32_MAX});
  huge.array(result.data(), {});
  const char *sentence = "huge: the workspace has more bytes than 64 bits "
                         "count; pass smaller arrays";
  EXPECT_REFUSED(huge.launch(), GEMEL_WRONG_SIZE, sentence);
  size_t bytes = 5;
  EXPECT_REFUSED(huge.workspaceBytes(&bytes), GEMEL_WRONG_SIZE, sentence);
  EXPECT_EQ(bytes, 5u);
}

TEST_F(RefusalTest, WorkBeyond64Bits) {
  Buffer<uint8_t> result(1, 7);
  auto *far = reinterpret_cast<uint8_t *>(uintptr_t{1} << 40);
  Call huge(op("huge_work"), device);
  for (int i = 0; i < 3; ++i)
    huge.array(far, {INT32_MAX});
  huge.array(result.data(), {});
  EXPECT_REFUSED(huge.launch(), GEMEL_WRONG_SIZE,
                 "huge_work: launch 'huge.0' has more work items than 64 bits "
                 "count; pass smaller arrays");
  EXPECT_EQ(result[0], 7);
}

/// A right call of `window` for tests to break.
class FactTest : public RefusalTest {
protected:
  FactTest() : window(op("window"), device) {
    window.array(x.data(), {4, 4}).array(y.data(), {3}).scalar(int32_t{1});
    window.noScalar().array(z.data(), {4, 3});
  }
  Call window;
};

TEST_F(FactTest, Fixed) {
  window.sizes[0][1] = 5;
  EXPECT_REFUSED(window.launch(), GEMEL_WRONG_SIZE,
                 "window: argument 'x' has axis 'D' of size 5 but the operator "
                 "fixes 'D' = 4; pass an array of that size");
}

TEST_F(FactTest, Multiple) {
  window.sizes[0][0] = window.sizes[4][0] = 3;
  EXPECT_REFUSED(window.launch(), GEMEL_WRONG_SIZE,
                 "window: argument 'x' has axis 'L' of size 3 but the operator "
                 "needs a multiple of 2; pad 'L' to one");
}

TEST_F(FactTest, Maximum) {
  window.sizes[0][0] = window.sizes[4][0] = 66;
  EXPECT_REFUSED(window.launch(), GEMEL_WRONG_SIZE,
                 "window: argument 'x' has axis 'L' of size 66 but the "
                 "operator allows at most 64; pass arrays with a smaller 'L'");
}

TEST_F(FactTest, RequirementOnSizes) {
  window.sizes[1][0] = window.sizes[4][1] = 6;
  EXPECT_REFUSED(window.launch(), GEMEL_REQUIREMENT_NOT_MET,
                 "window: the operator requires size[L] >= size[S] but the "
                 "arguments give L = 4, S = 6, D = 4, shift = 1, scale = 0.5; "
                 "pass arguments that meet it");
}

TEST_F(FactTest, RequirementOnScalars) {
  int32_t shift = -2;
  window.args[2] = &shift;
  EXPECT_REFUSED(window.launch(), GEMEL_REQUIREMENT_NOT_MET,
                 "window: the operator requires shift >= 0 and scale > 0.0 but "
                 "the arguments give L = 4, S = 3, D = 4, shift = -2, scale = "
                 "0.5; pass arguments that meet it");
}

} // namespace
