// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches that are right: values, defaults, variants, workspaces, edges.
#include "support.h"

namespace {

using LaunchTest = Handmade;

TEST_F(LaunchTest, ScalarsGoByValueAndDefaultsFillNulls) {
  Buffer<float> x(100, 3), y(100, 5), z(100);
  Call call(op("scale_add"), device);
  call.array(x.data(), {100}).array(y.data(), {100}).scalar(10.0f).noScalar();
  call.array(z.data(), {100});
  ASSERT_OK(call.launch());
  EXPECT_TRUE(z.all(40)); // 10 * 3 + 2 * 5

  float b = -1;
  call.args[3] = &b;
  ASSERT_OK(call.launch());
  EXPECT_TRUE(z.all(25));
}

TEST_F(LaunchTest, InoutIsUpdatedInPlaceWithI32AndI64Scalars) {
  Buffer<float> p(5, 100), g(5, 7);
  Call call(op("step"), device);
  call.array(p.data(), {5}).array(g.data(), {5}).scalar(int32_t{-2}).noScalar();
  ASSERT_OK(call.launch());
  EXPECT_TRUE(p.all(83)); // 100 - 2 * 7 - 3

  int64_t seed = 1'000'000;
  call.args[3] = &seed;
  ASSERT_OK(call.launch());
  EXPECT_TRUE(p.all(1'000'069));
}

TEST_F(LaunchTest, TwoLaunchesShareAWorkspace) {
  Buffer<float> x(37 * 5, 1), s(1, -1);
  Call call(op("total"), device);
  call.array(x.data(), {37, 5}).array(s.data(), {});
  size_t bytes = 0;
  ASSERT_OK(call.workspaceBytes(&bytes));
  EXPECT_EQ(bytes, 192u + 64u); // 37 floats and 37 bytes, each rounded up
  Buffer<char> workspace(bytes);
  ASSERT_OK(call.launch(workspace.data(), bytes));
  EXPECT_EQ(s[0], 185);
}

TEST_F(LaunchTest, WorkspaceBytesAsksForNeitherDataNorScalars) {
  Call call(op("scale_add"), device);
  call.array<float>(nullptr, {8}).array<float>(nullptr, {8});
  call.noScalar().noScalar().array<float>(nullptr, {8});
  call.arrays[0].device = nullptr;
  size_t bytes = 1;
  ASSERT_OK(call.workspaceBytes(&bytes));
  EXPECT_EQ(bytes, 0u);
}

TEST_F(LaunchTest, EmptyAxesRunWhatTheWorkCountSays) {
  // The first launch of `total` has no items, the second always one.
  Buffer<float> s(1, -1);
  Call call(op("total"), device);
  call.array<float>(nullptr, {0, 5}).array(s.data(), {});
  size_t bytes = 1;
  ASSERT_OK(call.workspaceBytes(&bytes));
  EXPECT_EQ(bytes, 0u);
  ASSERT_OK(call.launch());
  EXPECT_EQ(s[0], 0);
}

TEST_F(LaunchTest, EmptyArraysMayHaveNullDataAnyStridesAnyAddress) {
  int64_t strides[] = {-7};
  Call call(op("scale_add"), device);
  call.array<float>(nullptr, {0});
  call.array(reinterpret_cast<float *>(uintptr_t{3}), {0});
  call.scalar(1.0f).noScalar().array<float>(nullptr, {0});
  call.arrays[0].strides = strides;
  EXPECT_OK(call.launch());
}

TEST_F(LaunchTest, AnAxisOfSizeOneMayHaveAnyStride) {
  Buffer<float> x(4, 1), k(1, 2), y(2);
  int64_t xStrides[] = {4, 1}, kStrides[] = {99}, yStrides[] = {1, -5};
  Call call(op("window"), device);
  call.array(x.data(), {2, 4}).array(k.data(), {1}).scalar(int32_t{0});
  call.noScalar().array(y.data(), {2, 1});
  Buffer<float> wide(8, 3);
  call.arrays[0].data = wide.data();
  call.arrays[0].strides = xStrides;
  call.arrays[1].strides = kStrides;
  call.arrays[4].strides = yStrides;
  ASSERT_OK(call.launch());
  EXPECT_TRUE(y.all(3));
}

TEST_F(LaunchTest, VariantFollowsTargetThenAlignment) {
  const gemel_op *twice = op("twice");
  int32_t v4 = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  v4 = __builtin_cpu_supports("avx512f") &&
       __builtin_cpu_supports("avx512bw") &&
       __builtin_cpu_supports("avx512cd") &&
       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
  int32_t base = v4 ? 40 : 10;
  Buffer<float> x(9, 1), y(8, 2), z(8);
  Buffer<int32_t> which(1);
  Call call(twice, device);
  call.array(x.data(), {8}).array(y.data(), {8}).array(z.data(), {8});
  call.array(which.data(), {});
  ASSERT_OK(call.launch());
  EXPECT_EQ(which[0], base + 1);
  EXPECT_TRUE(z.all(3));

  call.arrays[0].data = x.data() + 1;
  ASSERT_OK(call.launch());
  EXPECT_EQ(which[0], base + 2);
}

TEST_F(LaunchTest, VariantFollowsDtypes) {
  Buffer<int32_t> x(8, 1), y(8, 2), z(8), which(1);
  Call call(op("twice"), device);
  call.array(x.data(), {8}).array(y.data(), {8}).array(z.data(), {8});
  call.array(which.data(), {});
  ASSERT_OK(call.launch());
  EXPECT_EQ(which[0], 13);
  EXPECT_TRUE(z.all(3));
}

TEST_F(LaunchTest, FactsAndRequirementsThatHoldPass) {
  Buffer<float> x(64 * 4, 2), k(3, 5), y(64 * 3);
  Call call(op("window"), device);
  call.array(x.data(), {64, 4}).array(k.data(), {3}).scalar(int32_t{2});
  call.noScalar().array(y.data(), {64, 3});
  ASSERT_OK(call.launch());
  EXPECT_TRUE(y.all(5)); // 2 * 5 * 0.5
}

TEST_F(LaunchTest, AdjacentArraysDoNotOverlap) {
  Buffer<float> all(96, 1);
  Call call(op("scale_add"), device);
  call.array(all.data(), {32}).array(all.data(), {32}).scalar(1.0f).noScalar();
  call.array(all.data() + 32, {32});
  ASSERT_OK(call.launch());
  EXPECT_EQ(all[31], 1);
  EXPECT_EQ(all[32], 3);
  EXPECT_EQ(all[64], 1);
}

TEST_F(LaunchTest, LibraryAndDeviceMayBeClosedInEitherOrder) {
  gemel_device *other = nullptr;
  gemel_library *copy = nullptr;
  const gemel_op *resolved = nullptr;
  for (bool deviceFirst : {true, false}) {
    ASSERT_OK(gemel_device_open("cpu:2", &other));
    ASSERT_OK(gemel_library_from_manifest(&handmade_manifest, &copy));
    ASSERT_OK(gemel_library_op(copy, other, "step", &resolved));
    if (deviceFirst)
      gemel_device_close(other);
    gemel_library_close(copy);
    if (!deviceFirst)
      gemel_device_close(other);
  }
}

TEST_F(LaunchTest, ASuccessLeavesTheSentenceAlone) {
  EXPECT_EQ(gemel_device_open("nothing", &device), GEMEL_NOT_FOUND);
  std::string sentence = gemel_last_error();
  Buffer<float> p(1), g(1);
  Call call(op("step"), device);
  call.array(p.data(), {1}).array(g.data(), {1}).scalar(int32_t{1}).noScalar();
  ASSERT_OK(call.launch());
  EXPECT_EQ(gemel_last_error(), sentence);
}

} // namespace
