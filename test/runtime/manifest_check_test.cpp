// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each rule of gemel/library.h that a table can break.
#include "support.h"

#include <cmath>
#include <functional>
#include <limits>

namespace {

/// One op of every kind of table, all of it writable. Right until a test
/// breaks something.
struct Tables {
  static void kernel(void *const *, const int64_t *, const uint64_t *, int64_t,
                     int64_t) {}
  static int32_t decide(const int64_t *, const uint64_t *) { return -1; }

  int32_t axisIndices[9] = {0, 1};
  gemel_axis_desc axes[2] = {{"A", -1, 1, INT64_MAX}, {"B", 8, 4, 16}};
  gemel_dtype_variable_desc variables[1] = {{"E"}};
  gemel_argument_desc arguments[3] = {
      {"x", GEMEL_INPUT, 0, 0, 0, 2, 0, axisIndices, 0},
      {"s", GEMEL_SCALAR, GEMEL_I32, -1, 0, 0, 1, nullptr, 3.0},
      {"y", GEMEL_RESULT, GEMEL_F32, -1, GEMEL_EXACT, 1, 0, axisIndices, 0}};
  gemel_workspace_desc workspaces[1] = {{4, 2, axisIndices}};
  gemel_runs_desc runs[1] = {{64, 2, axisIndices}};
  gemel_work_desc work[1] = {{0, 16}};
  gemel_launch_desc launches[1] = {
      {"o.0", kernel, 1, work, 4, nullptr, 0, 0, 0, 0}};
  gemel_launch_desc deviceLaunches[1] = {
      {"o.0", nullptr, 1, work, 4, "o_0", 128, 64, 0, 0}};
  gemel_fact_desc facts[1] = {{1, 8, 1024}};
  int32_t dtypes[1] = {GEMEL_F32};
  gemel_variant_desc variants[2] = {
      {"cpu", dtypes, 64, 1, runs, 1, workspaces, 1, launches, 0, nullptr},
      {"sm_80", dtypes, 16, 1, runs, 1, workspaces, 1, deviceLaunches, 1,
       facts}};
  gemel_code_desc code[1] = {{"sm_80", GEMEL_PTX, 4, "text"}};
  const char *texts[1] = {"size[A] > 0"};
  gemel_op_desc ops[2] = {{"o", "o.mlir:1", 2, axes, 1, variables, 3, arguments,
                           2, variants, decide, 1, texts, 1, code},
                          {"p", "o.mlir:9", 0, nullptr, 0, nullptr, 0, nullptr,
                           0, nullptr, nullptr, 0, nullptr, 0, nullptr}};
  const char *saved[1] = {"r"};
  gemel_gradient_desc incoming[1] = {{"y", "dy"}}, gradients[1] = {{"x", "dx"}};
  gemel_pair_desc pairs[1] = {
      {0, 0, 1, 1, 1, saved, 1, incoming, 1, gradients}};
  gemel_manifest_desc manifest = {
      GEMEL_MANIFEST_MAGIC, GEMEL_ABI_VERSION, "by hand", 2, ops, 1, pairs};
};

struct Damage {
  const char *name;
  std::function<void(Tables &)> make;
  const char *sentence;
};

// For test names.
void PrintTo(const Damage &damage, std::ostream *out) { *out << damage.name; }

class ManifestCheckTest : public testing::TestWithParam<Damage> {};

TEST_P(ManifestCheckTest, IsRefused) {
  Tables tables;
  GetParam().make(tables);
  gemel_library *library = nullptr;
  std::string sentence = std::string("linked-in library: damaged manifest: ") +
                         GetParam().sentence +
                         "; build the library again with gemelc";
  EXPECT_REFUSED(gemel_library_from_manifest(&tables.manifest, &library),
                 GEMEL_DAMAGED_LIBRARY, sentence.c_str());
  EXPECT_EQ(library, nullptr);
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const Damage kDamages[] = {
    {"PairCount", [](Tables &t) { t.manifest.pair_count = -1; },
     "the number of pairs is -1, not in 0 .. 65536"},
    {"Pairs", [](Tables &t) { t.manifest.pairs = nullptr; },
     "the table of pairs is null"},
    {"PairForward", [](Tables &t) { t.pairs[0].forward = -1; },
     "pair 0, its forward is op -1 of 2"},
    {"PairTraining", [](Tables &t) { t.pairs[0].training = 2; },
     "pair 0, its training is op 2 of 2"},
    {"PairBackward", [](Tables &t) { t.pairs[0].backward = 9; },
     "pair 0, its backward is op 9 of 2"},
    {"PairAccumulate", [](Tables &t) { t.pairs[0].accumulate = INT32_MIN; },
     "pair 0, its accumulate is op -2147483648 of 2"},
    {"PairSavedCount", [](Tables &t) { t.pairs[0].saved_count = 33; },
     "pair 0, the number of saved values is 33, not in 0 .. 32"},
    {"PairSaved", [](Tables &t) { t.saved[0] = nullptr; },
     "pair 0, its saved value's name is null"},
    {"PairIncoming", [](Tables &t) { t.pairs[0].incoming = nullptr; },
     "pair 0, the table of incoming gradients is null"},
    {"PairIncomingName", [](Tables &t) { t.incoming[0].name = nullptr; },
     "pair 0, its gradient's name is null"},
    {"PairGradients", [](Tables &t) { t.pairs[0].gradient_count = -3; },
     "pair 0, the number of gradients is -3, not in 0 .. 32"},
    {"PairGradientOf", [](Tables &t) { t.gradients[0].of = nullptr; },
     "pair 0, its gradient's argument is null"},
    {"Magic", [](Tables &t) { t.manifest.magic = 7; },
     "its first word is 0x00000007, not 0x314c4d47"},
    {"Compiler", [](Tables &t) { t.manifest.compiler = nullptr; },
     "its compiler is null"},
    {"OpCountNegative", [](Tables &t) { t.manifest.op_count = -1; },
     "the number of ops is -1, not in 0 .. 65536"},
    {"OpCountWild", [](Tables &t) { t.manifest.op_count = INT32_MAX; },
     "the number of ops is 2147483647, not in 0 .. 65536"},
    {"Ops", [](Tables &t) { t.manifest.ops = nullptr; },
     "the table of ops is null"},
    {"OpName", [](Tables &t) { t.ops[1].name = nullptr; },
     "op 1, its name is null"},
    {"OpNameTwice", [](Tables &t) { t.ops[1].name = "o"; },
     "op 1, op 0 has the same name, 'o'"},
    {"OpSource", [](Tables &t) { t.ops[0].source = nullptr; },
     "op 'o', its source is null"},
    {"AxisCount", [](Tables &t) { t.ops[0].axis_count = 25; },
     "op 'o', the number of axes is 25, not in 0 .. 24"},
    {"Axes", [](Tables &t) { t.ops[0].axes = nullptr; },
     "op 'o', the table of axes is null"},
    {"AxisName", [](Tables &t) { t.axes[1].name = nullptr; },
     "op 'o', axis 1, its name is null"},
    {"AxisFixed", [](Tables &t) { t.axes[1].fixed = -2; },
     "op 'o', axis 1, its fixed size -2 is not in -1 .. 2^31-1"},
    {"AxisFixedLarge", [](Tables &t) { t.axes[1].fixed = int64_t{1} << 31; },
     "op 'o', axis 1, its fixed size 2147483648 is not in -1 .. 2^31-1"},
    {"AxisMultiple", [](Tables &t) { t.axes[0].multiple = 0; },
     "op 'o', axis 0, its multiple 0 is less than 1"},
    {"AxisMaximum", [](Tables &t) { t.axes[0].maximum = -1; },
     "op 'o', axis 0, its maximum -1 is negative"},
    {"AxisFixedNoMultiple", [](Tables &t) { t.axes[1].multiple = 3; },
     "op 'o', axis 1, its fixed size 8 breaks its own multiple or maximum"},
    {"AxisFixedAboveMaximum", [](Tables &t) { t.axes[1].maximum = 7; },
     "op 'o', axis 1, its fixed size 8 breaks its own multiple or maximum"},
    {"AxisWithoutSize", [](Tables &t) { t.axisIndices[0] = 1; },
     "op 'o', axis 0, it is not fixed and no argument has it"},
    {"VariableCount", [](Tables &t) { t.ops[0].dtype_variable_count = 5; },
     "op 'o', the number of dtype variables is 5, not in 0 .. 4"},
    {"Variables", [](Tables &t) { t.ops[0].dtype_variables = nullptr; },
     "op 'o', the table of dtype variables is null"},
    {"VariableName", [](Tables &t) { t.variables[0].name = nullptr; },
     "op 'o', its dtype variable's name is null"},
    {"VariableWithoutDtype",
     [](Tables &t) {
       t.arguments[0].dtype = GEMEL_F32;
       t.arguments[0].dtype_variable = -1;
     },
     "op 'o', dtype variable 0, no argument has it"},
    {"ArgumentCount", [](Tables &t) { t.ops[0].argument_count = 33; },
     "op 'o', the number of arguments is 33, not in 0 .. 32"},
    {"Arguments", [](Tables &t) { t.ops[0].arguments = nullptr; },
     "op 'o', the table of arguments is null"},
    {"ArgumentName", [](Tables &t) { t.arguments[0].name = nullptr; },
     "op 'o', argument 0, its name is null"},
    {"ArgumentRole", [](Tables &t) { t.arguments[0].role = 5; },
     "op 'o', argument 0, its role 5 is no gemel_role"},
    {"ArgumentRank", [](Tables &t) { t.arguments[0].rank = 9; },
     "op 'o', argument 0, the number of axes is 9, not in 0 .. 8"},
    {"ArgumentRankNegative", [](Tables &t) { t.arguments[0].rank = -1; },
     "op 'o', argument 0, the number of axes is -1, not in 0 .. 8"},
    {"ArgumentAxes", [](Tables &t) { t.arguments[0].axes = nullptr; },
     "op 'o', argument 0, the table of axes is null"},
    {"ArgumentAxis", [](Tables &t) { t.axisIndices[1] = 2; },
     "op 'o', argument 0, it names axis 2 of 2"},
    {"ArgumentAxisNegative", [](Tables &t) { t.axisIndices[1] = -1; },
     "op 'o', argument 0, it names axis -1 of 2"},
    {"ArgumentVariable", [](Tables &t) { t.arguments[0].dtype_variable = 1; },
     "op 'o', argument 0, it names dtype variable 1 of 1"},
    {"ArgumentDtypeTwice", [](Tables &t) { t.arguments[0].dtype = GEMEL_F32; },
     "op 'o', argument 0, its dtype 1 does not fit its dtype variable 0"},
    {"ArgumentDtype", [](Tables &t) { t.arguments[2].dtype = 8; },
     "op 'o', argument 2, its dtype 8 does not fit its dtype variable -1"},
    {"ArgumentClassMissing", [](Tables &t) { t.arguments[2].result_class = 0; },
     "op 'o', argument 2, its result class 0 does not fit its role"},
    {"ArgumentClassOfInput",
     [](Tables &t) { t.arguments[0].result_class = GEMEL_EXACT; },
     "op 'o', argument 0, its result class 1 does not fit its role"},
    {"ArrayDefault", [](Tables &t) { t.arguments[0].has_default = 1; },
     "op 'o', argument 0, an array has a default"},
    {"HasDefault", [](Tables &t) { t.arguments[1].has_default = 2; },
     "op 'o', argument 1, has_default is 2, not 0 or 1"},
    {"ScalarDtype", [](Tables &t) { t.arguments[1].dtype = GEMEL_BF16; },
     "op 'o', argument 1, a scalar's dtype is 2, neither f32, i32 nor i64"},
    {"ScalarVariable", [](Tables &t) { t.arguments[1].dtype_variable = 0; },
     "op 'o', argument 1, a scalar has a dtype variable"},
    {"ScalarRank",
     [](Tables &t) {
       t.arguments[1].rank = 1;
       t.arguments[1].axes = t.axisIndices;
     },
     "op 'o', argument 1, a scalar has rank 1"},
    {"ScalarDefaultFraction",
     [](Tables &t) { t.arguments[1].default_value = 0.5; },
     "op 'o', argument 1, its default 0.5 is no i32"},
    {"ScalarDefaultLarge",
     [](Tables &t) { t.arguments[1].default_value = 0x1p31; },
     "op 'o', argument 1, its default 2.14748e+09 is no i32"},
    {"ScalarDefaultNan",
     [](Tables &t) {
       t.arguments[1].dtype = GEMEL_I64;
       t.arguments[1].default_value = kNan;
     },
     "op 'o', argument 1, its default nan is no i64"},
    {"VariantCount", [](Tables &t) { t.ops[0].variant_count = -4; },
     "op 'o', the number of variants is -4, not in 0 .. 65536"},
    {"Variants", [](Tables &t) { t.ops[0].variants = nullptr; },
     "op 'o', the table of variants is null"},
    {"VariantTarget", [](Tables &t) { t.variants[0].target = nullptr; },
     "op 'o', variant 0, its target is null"},
    {"VariantDtypes", [](Tables &t) { t.variants[0].dtypes = nullptr; },
     "op 'o', variant 0, the table of dtypes is null"},
    {"VariantDtype", [](Tables &t) { t.dtypes[0] = 0; },
     "op 'o', variant 0, dtype 0 is no gemel_dtype"},
    {"VariantAlignment", [](Tables &t) { t.variants[0].alignment = 48; },
     "op 'o', variant 0, its alignment 48 is no power of two in 1 .. 4096"},
    {"VariantAlignmentZero", [](Tables &t) { t.variants[0].alignment = 0; },
     "op 'o', variant 0, its alignment 0 is no power of two in 1 .. 4096"},
    {"RunsCount", [](Tables &t) { t.variants[0].runs_count = 23; },
     "op 'o', variant 0, the number of runs is 23, not in 0 .. 22"},
    {"Runs", [](Tables &t) { t.variants[0].runs = nullptr; },
     "op 'o', variant 0, the table of runs is null"},
    {"RunsLength", [](Tables &t) { t.runs[0].length = 0; },
     "op 'o', variant 0, runs have length 0, less than 1"},
    {"RunsAxes", [](Tables &t) { t.runs[0].axes = nullptr; },
     "op 'o', variant 0, the table of axes is null"},
    {"WorkspaceCount", [](Tables &t) { t.variants[0].workspace_count = 65; },
     "op 'o', variant 0, the number of workspaces is 65, not in 0 .. 64"},
    {"Workspaces", [](Tables &t) { t.variants[0].workspaces = nullptr; },
     "op 'o', variant 0, the table of workspaces is null"},
    {"WorkspaceBytes", [](Tables &t) { t.workspaces[0].element_bytes = 0; },
     "op 'o', variant 0, a workspace's element has 0 bytes"},
    {"WorkspaceRank", [](Tables &t) { t.workspaces[0].rank = 25; },
     "op 'o', variant 0, the number of axes is 25, not in 0 .. 24"},
    {"WorkspaceAxes", [](Tables &t) { t.workspaces[0].axes = nullptr; },
     "op 'o', variant 0, the table of axes is null"},
    {"LaunchCount", [](Tables &t) { t.variants[0].launch_count = -1; },
     "op 'o', variant 0, the number of launches is -1, not in 0 .. 65536"},
    {"Launches", [](Tables &t) { t.variants[0].launches = nullptr; },
     "op 'o', variant 0, the table of launches is null"},
    {"LaunchName", [](Tables &t) { t.launches[0].name = nullptr; },
     "op 'o', variant 0, its launch's name is null"},
    {"LaunchKernel", [](Tables &t) { t.launches[0].cpu = nullptr; },
     "op 'o', variant 0, launch 'o.0' has no kernel"},
    {"LaunchKernelV4",
     [](Tables &t) {
       t.variants[0].target = "cpu-v4";
       t.launches[0].cpu = nullptr;
     },
     "op 'o', variant 0, launch 'o.0' has no kernel"},
    {"LaunchGrain", [](Tables &t) { t.launches[0].grain = 0; },
     "op 'o', variant 0, launch 'o.0' has grain 0, less than 1"},
    {"LaunchWorkCount", [](Tables &t) { t.launches[0].work_count = 25; },
     "op 'o', variant 0, the number of work axes is 25, not in 0 .. 24"},
    {"LaunchWork", [](Tables &t) { t.launches[0].work = nullptr; },
     "op 'o', variant 0, the table of work axes is null"},
    {"LaunchWorkAxis", [](Tables &t) { t.work[0].axis = 3; },
     "op 'o', variant 0, launch 'o.0' names axis 3 of 3"},
    {"LaunchWorkStep", [](Tables &t) { t.work[0].step = 0; },
     "op 'o', variant 0, launch 'o.0' has step 0, less than 1"},
    {"DeviceKernel", [](Tables &t) { t.deviceLaunches[0].kernel = nullptr; },
     "op 'o', variant 1, launch 'o.0' has no kernel"},
    {"DeviceThreads", [](Tables &t) { t.deviceLaunches[0].threads = 0; },
     "op 'o', variant 1, launch 'o.0' has blocks of 0 threads and 64 bytes"},
    {"DeviceBlocks", [](Tables &t) { t.deviceLaunches[0].blocks = 65536; },
     "op 'o', variant 1, launch 'o.0' has 65536 blocks side by side, not 0 .. "
     "65535"},
    {"DeviceUnit", [](Tables &t) { t.deviceLaunches[0].unit = 4; },
     "op 'o', variant 1, launch 'o.0' has unit 4, no gemel_unit"},
    {"FactCount", [](Tables &t) { t.variants[1].fact_count = 25; },
     "op 'o', variant 1, the number of facts is 25, not in 0 .. 24"},
    {"FactAxis", [](Tables &t) { t.facts[0].axis = 2; },
     "op 'o', variant 1, a fact names axis 2 of 2"},
    {"FactMultiple", [](Tables &t) { t.facts[0].multiple = 0; },
     "op 'o', variant 1, a fact's multiple 0 is less than 1"},
    {"CodeTarget", [](Tables &t) { t.code[0].target = nullptr; },
     "op 'o', code 0, its target is null"},
    {"CodeKind", [](Tables &t) { t.code[0].kind = 5; },
     "op 'o', code 0, its kind 5 is no gemel_code_kind"},
    {"CodeText", [](Tables &t) { t.code[0].bytes = 3; },
     "op 'o', code 0, its text is not ended by a NUL"},
    {"CodeCce",
     [](Tables &t) {
       t.code[0].kind = GEMEL_CCE;
       t.code[0].bytes = 3;
     },
     "op 'o', code 0, its text is not ended by a NUL"},
    {"RequireCount", [](Tables &t) { t.ops[0].require_count = -1; },
     "op 'o', the number of requirements is -1, not in 0 .. 65536"},
    {"RequireTexts", [](Tables &t) { t.ops[0].require_texts = nullptr; },
     "op 'o', the table of requirements is null"},
    {"RequireText", [](Tables &t) { t.texts[0] = nullptr; },
     "op 'o', the text of requirement 0 is null"},
    {"RequireFunction", [](Tables &t) { t.ops[0].require = nullptr; },
     "op 'o', it has 1 requirements and no function that decides them"},
    {"RequireFunctionAlone", [](Tables &t) { t.ops[0].require_count = 0; },
     "op 'o', it has 0 requirements and a function that decides them"},
};

INSTANTIATE_TEST_SUITE_P(Tables, ManifestCheckTest, testing::ValuesIn(kDamages),
                         [](const auto &info) {
                           return std::string(info.param.name);
                         });

TEST(ManifestTest, UnbrokenTablesPass) {
  Tables tables;
  gemel_library *library;
  ASSERT_OK(gemel_library_from_manifest(&tables.manifest, &library));
  gemel_library_close(library);
}

TEST(ManifestTest, OtherTargetsNeedNoCpuKernel) {
  Tables tables;
  tables.variants[0].target = "sm_90a";
  tables.launches[0].cpu = nullptr;
  tables.launches[0].kernel = "o_0";
  tables.launches[0].threads = 32;
  gemel_library *library;
  ASSERT_OK(gemel_library_from_manifest(&tables.manifest, &library));
  gemel_library_close(library);
}

TEST(ManifestTest, AbiMismatch) {
  Tables tables;
  tables.manifest.abi_version = GEMEL_ABI_VERSION + 1;
  gemel_library *library = nullptr;
  EXPECT_REFUSED(gemel_library_from_manifest(&tables.manifest, &library),
                 GEMEL_ABI_MISMATCH,
                 "linked-in library: the library has ABI version 7 but this "
                 "runtime has 6; build the library with the gemelc of this "
                 "runtime");
}

TEST(ManifestTest, Nulls) {
  gemel_library *library = nullptr;
  EXPECT_REFUSED(gemel_library_from_manifest(nullptr, &library),
                 GEMEL_INVALID_ARGUMENT,
                 "gemel_library_from_manifest: 'manifest' is null; pass a "
                 "manifest's address");
  EXPECT_REFUSED(
      gemel_library_from_manifest(&handmade_manifest, nullptr),
      GEMEL_INVALID_ARGUMENT,
      "gemel_library_from_manifest: 'library' is null; pass where to "
      "put the handle");
}

} // namespace
