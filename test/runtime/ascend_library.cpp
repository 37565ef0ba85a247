// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An operator library for Ascend as gemelc would write it, by hand: tables, and
// kernels of ascend_kernels.cce that the stand-in ccec compiled.
#include "ascend_library.h"

#include <fstream>
#include <iterator>

namespace {

constexpr int32_t kAxis0[] = {0}, kAxis1[] = {1}, kAxes01[] = {0, 1};
constexpr gemel_axis_desc kAxesN[] = {{"N", -1, 1, INT64_MAX}};
constexpr gemel_work_desc kWorkN[] = {{0, 1}}, kWorkN16[] = {{0, 16}};

constexpr const char *kTarget = "ascend910b";

constexpr gemel_variant_desc variantOf(const gemel_launch_desc *launches,
                                       int32_t count,
                                       const char *target = kTarget) {
  return {target,  nullptr, 4,        0, nullptr, 0,
          nullptr, count,   launches, 0, nullptr};
}

// scale_add[N](x: f32[N], y: f32[N], a: f32, b: f32 = 2.0) -> (z: f32[N])
//   z = a * x + b * y, by at most 4 blocks
constexpr gemel_argument_desc kScaleAddArguments[] = {
    {"x", GEMEL_INPUT, GEMEL_F32, -1, 0, 1, 0, kAxis0, 0},
    {"y", GEMEL_INPUT, GEMEL_F32, -1, 0, 1, 0, kAxis0, 0},
    {"a", GEMEL_SCALAR, GEMEL_F32, -1, 0, 0, 0, nullptr, 0},
    {"b", GEMEL_SCALAR, GEMEL_F32, -1, 0, 0, 1, nullptr, 2.0},
    {"z", GEMEL_RESULT, GEMEL_F32, -1, GEMEL_EXACT, 1, 0, kAxis0, 0}};
constexpr gemel_launch_desc kScaleAddLaunches[] = {
    {"scale_add.0", nullptr, 1, kWorkN16, 1, "scale_add", 1, 0, 4,
     GEMEL_UNIT_VECTOR, 0}};
constexpr gemel_variant_desc kScaleAddVariants[] = {
    variantOf(kScaleAddLaunches, 1)};

// total[R, C](x: f32[R, C]) -> (s: f32[]): rows to a workspace, in pieces of 16
// by at most 3 blocks, then their sum; a second one says which block made them.
constexpr gemel_axis_desc kAxesRC[] = {{"R", -1, 1, INT64_MAX},
                                       {"C", -1, 1, INT64_MAX}};
constexpr gemel_argument_desc kTotalArguments[] = {
    {"x", GEMEL_INPUT, GEMEL_F32, -1, 0, 2, 0, kAxes01, 0},
    {"s", GEMEL_RESULT, GEMEL_F32, -1, GEMEL_EXACT, 0, 0, nullptr, 0}};
constexpr gemel_workspace_desc kTotalWorkspaces[] = {{4, 1, kAxis0},
                                                     {4, 1, kAxis0}};
constexpr gemel_launch_desc kTotalLaunches[] = {
    {"total.0", nullptr, 1, kWorkN, 16, "total_rows", 1, 0, 3,
     GEMEL_UNIT_VECTOR, 0},
    {"total.1", nullptr, 0, nullptr, 1, "total_all", 1, 0, 1, GEMEL_UNIT_VECTOR,
     0}};
constexpr gemel_variant_desc kTotalVariants[] = {
    {kTarget, nullptr, 4, 0, nullptr, 2, kTotalWorkspaces, 2, kTotalLaunches, 0,
     nullptr}};

// which<E: f32|i32>[N](x: E[N]) -> (which: i32[]): the variant that ran, as in
// cuda_library.cpp
constexpr gemel_dtype_variable_desc kVariableE[] = {{"E"}};
constexpr int32_t kF32[] = {GEMEL_F32}, kI32[] = {GEMEL_I32};
constexpr gemel_argument_desc kWhichArguments[] = {
    {"x", GEMEL_INPUT, 0, 0, 0, 1, 0, kAxis0, 0},
    {"which", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 0, 0, nullptr, 0}};
constexpr gemel_launch_desc which(const char *kernel) {
  return {"which.0", nullptr,           1, kWorkN, 1, kernel, 1, 0,
          0,         GEMEL_UNIT_VECTOR, 0};
}
constexpr gemel_launch_desc kWhichLaunches[] = {which("w1"), which("w2"),
                                                which("w3"), which("w4")};
constexpr gemel_fact_desc kSmallBy4[] = {{0, 4, 64}},
                          kBy4[] = {{0, 4, INT64_MAX}};
constexpr gemel_variant_desc kWhichVariants[] = {
    {kTarget, kF32, 16, 0, nullptr, 0, nullptr, 1, &kWhichLaunches[0], 1,
     kSmallBy4},
    {kTarget, kF32, 16, 0, nullptr, 0, nullptr, 1, &kWhichLaunches[1], 1, kBy4},
    {kTarget, kF32, 4, 0, nullptr, 0, nullptr, 1, &kWhichLaunches[2], 0,
     nullptr},
    {kTarget, kI32, 4, 0, nullptr, 0, nullptr, 1, &kWhichLaunches[3], 0,
     nullptr}};

// outside[N](x: i32[N]) -> (y: i32[N]): reads what lies behind x
constexpr gemel_argument_desc kOutsideArguments[] = {
    {"x", GEMEL_INPUT, GEMEL_I32, -1, 0, 1, 0, kAxis0, 0},
    {"y", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 1, 0, kAxis0, 0}};
constexpr gemel_launch_desc kOutsideLaunches[] = {{"outside.0", nullptr, 1,
                                                   kWorkN, 65536, "outside", 1,
                                                   0, 0, GEMEL_UNIT_VECTOR, 0}};
constexpr gemel_variant_desc kOutsideVariants[] = {
    variantOf(kOutsideLaunches, 1)};

// huge[A, B](a: u8[A], b: u8[B]) -> (z: u8[]): its work exceeds any grid
constexpr gemel_axis_desc kAxesAB[] = {{"A", -1, 1, INT64_MAX},
                                       {"B", -1, 1, INT64_MAX}};
constexpr gemel_argument_desc kHugeArguments[] = {
    {"a", GEMEL_INPUT, GEMEL_U8, -1, 0, 1, 0, kAxis0, 0},
    {"b", GEMEL_INPUT, GEMEL_U8, -1, 0, 1, 0, kAxis1, 0},
    {"z", GEMEL_RESULT, GEMEL_U8, -1, GEMEL_EXACT, 0, 0, nullptr, 0}};
constexpr gemel_work_desc kWorkAB[] = {{0, 1}, {1, 1}};
constexpr gemel_launch_desc kHugeLaunches[] = {
    {"huge.0", nullptr, 1, kWorkN, 65536, "outside", 1, 0, 0, GEMEL_UNIT_VECTOR,
     0},
    {"huge.1", nullptr, 2, kWorkAB, 2, "outside", 1, 0, 0, GEMEL_UNIT_VECTOR,
     0}};
constexpr gemel_variant_desc kHugeVariants[] = {variantOf(kHugeLaunches, 2)};

// group[N]() -> (y: i32[N], z: i32[N]): y = 100 b + s by group b of
// ceil(N / 32) and its vector core s, then z = 2 y by vector cores alone
constexpr gemel_argument_desc kGroupArguments[] = {
    {"y", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 1, 0, kAxis0, 0},
    {"z", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 1, 0, kAxis0, 0}};
constexpr gemel_work_desc kWorkN32[] = {{0, 32}};
constexpr gemel_launch_desc kGroupLaunches[] = {
    {"group.0", nullptr, 1, kWorkN32, 1, "group", 1, 0, 20, GEMEL_UNIT_MIXED,
     0},
    {"group.1", nullptr, 1, kWorkN16, 1, "twice", 1, 0, 40, GEMEL_UNIT_VECTOR,
     0}};
constexpr gemel_variant_desc kGroupVariants[] = {variantOf(kGroupLaunches, 2)};

// best() -> (which: i32[]): the target that the device took
constexpr gemel_argument_desc kBestArguments[] = {
    {"which", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 0, 0, nullptr, 0}};
constexpr gemel_launch_desc best(int32_t unit) {
  return {"best.0", nullptr, 0, nullptr, 1, "best", 1, 0, 0, unit, 0};
}
constexpr gemel_launch_desc kBestLaunches[] = {best(GEMEL_UNIT_VECTOR)},
                            kCubeLaunches[] = {best(GEMEL_UNIT_CUBE)},
                            kPlainLaunches[] = {best(GEMEL_UNIT_DEFAULT)};
constexpr gemel_variant_desc kBestVariants[] = {
    variantOf(kBestLaunches, 1), variantOf(kBestLaunches, 1, "ascend910b3"),
    variantOf(kBestLaunches, 1, "ascend910b1"),
    variantOf(kBestLaunches, 1, "ascend910c"),
    variantOf(kBestLaunches, 1, "ascend310p")};
constexpr gemel_variant_desc kOneChipVariants[] = {
    variantOf(kBestLaunches, 1, "ascend910b1"),
    variantOf(kBestLaunches, 1, "ascend910b4")};
constexpr gemel_variant_desc kCubeVariants[] = {variantOf(kCubeLaunches, 1)},
                             kPlainVariants[] = {variantOf(kPlainLaunches, 1)};
void nothing(void *const *, const int64_t *, const uint64_t *, int64_t,
             int64_t) {}
constexpr gemel_launch_desc kCpuLaunches[] = {
    {"cpu_only.0", nothing, 0, nullptr, 1, nullptr, 0, 0, 0, 0, 0}};
constexpr gemel_variant_desc kCpuVariants[] = {
    variantOf(kCpuLaunches, 1, "cpu")};

constexpr char kCceText[] = "extern \"C\" __global__ __aicore__ void best();\n";
constexpr char kNoObject[] = "no object of ccec, or of anyone else";

/// The tables that hold code, which is read from files.
struct Library {
  static std::string read(const char *name) {
    std::ifstream file(std::string(GEMEL_TEST_ASCEND_KERNELS "/") + name +
                           ".bin",
                       std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static gemel_code_desc object(const std::string &data,
                                const char *target = kTarget) {
    return {target, GEMEL_ASCEND_ELF, static_cast<int64_t>(data.size()),
            data.data()};
  }
  template <size_t X, size_t A, size_t V, size_t C>
  static gemel_op_desc over(const char *name, const gemel_axis_desc (&axes)[X],
                            const gemel_argument_desc (&arguments)[A],
                            const gemel_variant_desc (&variants)[V],
                            const gemel_code_desc (&code)[C]) {
    return {name,     "ascend.mlir:1", X, axes,    0, nullptr, A, arguments, V,
            variants, nullptr,         0, nullptr, C, code};
  }
  template <size_t V, size_t C>
  static gemel_op_desc best(const char *name,
                            const gemel_variant_desc (&variants)[V],
                            const gemel_code_desc (&code)[C]) {
    return {
        name,     "ascend.mlir:2", 0, nullptr, 0, nullptr, 1, kBestArguments, V,
        variants, nullptr,         0, nullptr, C, code};
  }

  std::string vector = read("vector"), vector1 = read("vector1"),
              vector3 = read("vector3"), vectorC = read("vectorC"),
              cube = read("cube"), groups = read("groups");
  gemel_code_desc text = {kTarget, GEMEL_CCE, sizeof(kCceText) - 1, kCceText};
  gemel_code_desc damaged = {kTarget, GEMEL_ASCEND_ELF, sizeof(kNoObject),
                             kNoObject};
  gemel_code_desc vectorCode[1] = {object(vector)},
                  cubeCode[1] = {object(cube)}, groupCode[1] = {object(groups)},
                  textCode[1] = {text}, damagedCode[2] = {damaged, text},
                  secondCode[3] = {text, damaged, object(vector)},
                  cudaCode[1] = {
                      {kTarget, GEMEL_PTX, sizeof(kCceText) - 1, kCceText}};
  // "ascend310p" has no code here, and is never asked for any.
  gemel_code_desc bestCode[4] = {object(vector), object(vector1, "ascend910b1"),
                                 object(vector3, "ascend910b3"),
                                 object(vectorC, "ascend910c")};
  gemel_code_desc oneChipCode[2] = {object(vector1, "ascend910b1"),
                                    object(vector3, "ascend910b4")};
  gemel_op_desc ops[18] = {
      over("scale_add", kAxesN, kScaleAddArguments, kScaleAddVariants,
           vectorCode),
      over("total", kAxesRC, kTotalArguments, kTotalVariants, vectorCode),
      {"which", "ascend.mlir:7", 1, kAxesN, 1, kVariableE, 2, kWhichArguments,
       4, kWhichVariants, nullptr, 0, nullptr, 1, vectorCode},
      over("outside", kAxesN, kOutsideArguments, kOutsideVariants, vectorCode),
      over("huge", kAxesAB, kHugeArguments, kHugeVariants, vectorCode),
      over("group", kAxesN, kGroupArguments, kGroupVariants, groupCode),
      best("best", kBestVariants, bestCode),
      best("one_chip", kOneChipVariants, oneChipCode),
      best("on_cube", kCubeVariants, cubeCode),
      best("plain", kPlainVariants, vectorCode),
      best("wrong_unit", kCubeVariants, vectorCode),
      best("text_only", kCubeVariants, textCode),
      best("damaged", kCubeVariants, damagedCode),
      best("second", kPlainVariants, secondCode),
      best("other_code", kCubeVariants, cudaCode),
      {"no_code", "ascend.mlir:22", 0, nullptr, 0, nullptr, 1, kBestArguments,
       1, kCubeVariants, nullptr, 0, nullptr, 0, nullptr},
      best("other_name", kPlainVariants, groupCode),
      best("cpu_only", kCpuVariants, vectorCode)};
  gemel_manifest_desc manifest = {GEMEL_MANIFEST_MAGIC,
                                  GEMEL_ABI_VERSION,
                                  "by hand",
                                  static_cast<int32_t>(std::size(ops)),
                                  ops,
                                  0,
                                  nullptr};
};

} // namespace

const gemel_manifest_desc &ascendManifest() {
  static const Library library;
  return library.manifest;
}
