// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C++20 header over the C ABI.
#include <gemel/runtime.hpp>

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

extern "C" const gemel_manifest_desc handmade_manifest;

namespace {

class HppTest : public testing::Test {
protected:
  gemel::Device device = gemel::Device::open("cpu:2").value_or_throw();
  gemel::Library library =
      gemel::Library::from_manifest(handmade_manifest).value_or_throw();
  gemel::Op op(const char *name) {
    return library.op(device, name).value_or_throw();
  }
};

TEST_F(HppTest, NamesTheTrainingPair) {
  const gemel_pair_desc *pair = library.pair("scale_add").value_or_throw();
  const gemel_manifest_desc &manifest = library.manifest();
  EXPECT_STREQ(manifest.ops[pair->backward].name, manifest.ops[1].name);
  EXPECT_STREQ(pair->saved[0], "r");
  EXPECT_STREQ(pair->gradients[1].of, "y");
  EXPECT_STREQ(pair->gradients[1].name, "dy");
  EXPECT_EQ(library.pair(manifest.ops[1].name).error().status, GEMEL_NOT_FOUND);
}

TEST_F(HppTest, LaunchesWithScalarsAndDefaults) {
  alignas(16) std::array<float, 4> x{1, 2, 3, 4}, z{};
  alignas(16) const std::array<float, 4> y{10, 10, 10, 10};
  auto result = op("scale_add")
                    .launch(device.stream(), {},
                            gemel::Array::from(device, std::span<float>(x)),
                            gemel::Array::from(device, std::span(y)), 3.0f,
                            gemel::default_value,
                            gemel::Array::from(device, std::span<float>(z)));
  ASSERT_TRUE(result) << result.error().sentence;
  EXPECT_EQ(z, (std::array<float, 4>{23, 26, 29, 32}));
}

TEST_F(HppTest, LaunchesWithAWorkspaceAndRankZero) {
  std::vector<float> x(12);
  std::iota(x.begin(), x.end(), 0.0f);
  float sum = -1;
  std::span<float> elements(x);
  auto flat = gemel::Array::from(device, elements);
  EXPECT_EQ(flat.get().sizes[0], 12);
  auto in = gemel::Array::from(device, elements, {3, 4});
  auto out = gemel::Array::from(device, sum);
  gemel::Op total = op("total");
  EXPECT_EQ(total.workspace_bytes(in, out).value_or_throw(), 128u);
  alignas(GEMEL_WORKSPACE_ALIGNMENT) std::array<std::byte, 128> workspace;
  total.launch(device.stream(), workspace, in, out).value_or_throw();
  EXPECT_EQ(sum, 66);
}

TEST_F(HppTest, ErrorsAreValues) {
  auto none = gemel::Device::open("gpu");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().status, GEMEL_NOT_FOUND);
  EXPECT_EQ(none.error().sentence, gemel_last_error());
  EXPECT_EQ(library.op(device, "nothing").error().status, GEMEL_NOT_FOUND);
}

TEST_F(HppTest, ErrorsCanBeThrown) {
  try {
    gemel::Library::open("/nowhere/x.so").value_or_throw();
    FAIL() << "nothing thrown";
  } catch (const gemel::Exception &exception) {
    EXPECT_EQ(exception.status, GEMEL_NOT_FOUND);
    EXPECT_STREQ(exception.what(), gemel_last_error());
  }
}

TEST_F(HppTest, StridesReachTheLaunch) {
  std::vector<float> x(8);
  float sum = -1;
  int64_t sizes[] = {2, 2}, strides[] = {4, 1};
  gemel::Array strided(device, x.data(), GEMEL_F32, sizes, strides);
  auto result = op("total").launch(device.stream(), {}, strided,
                                   gemel::Array::from(device, sum));
  EXPECT_EQ(result.error().status, GEMEL_WRONG_LAYOUT);
  EXPECT_EQ(sum, -1);
}

TEST_F(HppTest, ARankAboveTheLimitIsRefused) {
  float x = 0;
  std::array<int64_t, 12> sizes{};
  gemel::Array deep(device, &x, GEMEL_F32, sizes);
  EXPECT_EQ(
      op("total")
          .launch(device.stream(), {}, deep, gemel::Array::from(device, x))
          .error()
          .status,
      GEMEL_WRONG_RANK);
}

} // namespace
