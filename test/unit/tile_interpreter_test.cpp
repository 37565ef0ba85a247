// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tile interpreter on kernels written by hand: what each op means, and
// that each thing it refuses is refused.

#include "codegen/reference/TileInterpreter.h"

#include "dialect/Instantiate.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace mlir;
using namespace gemel;
using reference::Buffer;

namespace {

constexpr int64_t kRows = 4, kColumns = 5;

// Every kernel's operator: an inout, an array, indices, and two results.
constexpr const char *kHeader = R"(
gemel.op @f[N, D](inout p: f32[N], x: f32[N, D], j: i32[N]) -> (y: f32[N], i: i32[N]) {
  y = sum[D](x)
  i = j
  p = p
}
)";

struct Outcome {
  bool good = false;
  std::string error;
  std::vector<double> y, p;
  std::vector<int64_t> i;
};

/// A kernel whose work items are rows, `step` of them each.
std::string kernel(llvm::StringRef body, int64_t step = 1,
                   llvm::StringRef name = "k") {
  return ("gemel.kernel @" + name + " work [\"N\"] [" + Twine(step) +
          "] grain 1 {\n^bb0(%p: !gemel.array<[N] f32>, "
          "%x: !gemel.array<[N, D] f32>, %j: !gemel.array<[N] i32>, "
          "%y: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, "
          "%w: !gemel.array<[N] bf16>, %n: index):\n"
          "%c0 = arith.constant 0 : index\n" +
          "%one = gemel.constant 1.0 : f32 : !gemel.tile<[] f32>\n" + body +
          "\n}\n")
      .str();
}

/// Gives the other result and, where `y` is false, y too.
std::string rest(bool y = false) {
  std::string text = R"(
%rest = gemel.iota %n : !gemel.tile<[] i32>
gemel.store %rest, %i[%n] extents [1] : !gemel.tile<[] i32>, !gemel.array<[N] i32>
)";
  if (!y)
    return text;
  return text + "gemel.store %one, %y[%n] extents [1] : "
                "!gemel.tile<[] f32>, !gemel.array<[N] f32>\n";
}

std::string storeY(llvm::StringRef value) {
  return ("gemel.store " + value + ", %y[%n] extents [1] : " +
          "!gemel.tile<[] f32>, !gemel.array<[N] f32>\n")
      .str();
}

Buffer makeBuffer(MLIRContext &context, ArrayRef<StringRef> axes,
                  ArrayRef<int64_t> sizes, Type element) {
  Buffer buffer;
  for (StringRef axis : axes)
    buffer.axes.push_back(StringAttr::get(&context, axis));
  buffer.sizes.assign(sizes.begin(), sizes.end());
  buffer.element = element;
  buffer.resize();
  return buffer;
}

/// x[n, d] = 10 n + d unless given, p[n] = 100 n, j[n] = n - 1.
Outcome run(const std::string &kernels, std::vector<double> x = {},
            uint64_t seed = 1) {
  Outcome outcome;
  MLIRContext context;
  context.loadDialect<GemelDialect, arith::ArithDialect>();
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    outcome.error += diagnostic.str() + "\n";
    return success();
  });
  auto module = parseSourceString<ModuleOp>(kHeader + kernels, &context);
  if (!module) {
    ADD_FAILURE() << "does not parse or verify: " << outcome.error << kernels;
    return outcome;
  }
  OpOp op = *module->getOps<OpOp>().begin();
  if (failed(instantiate(op, {}, [](StringRef) { return OpOp(); }))) {
    ADD_FAILURE() << outcome.error;
    return outcome;
  }
  Builder b(&context);
  std::vector<Buffer> inputs = {
      makeBuffer(context, {"N"}, {kRows}, b.getF32Type()),
      makeBuffer(context, {"N", "D"}, {kRows, kColumns}, b.getF32Type()),
      makeBuffer(context, {"N"}, {kRows}, b.getI32Type())};
  for (int64_t n = 0; n < kRows; ++n) {
    inputs[0].real[n] = 100 * n;
    inputs[2].integer[n] = n - 1;
    for (int64_t d = 0; d < kColumns; ++d)
      inputs[1].real[n * kColumns + d] = x.empty() ? 10 * n + d : x[d];
  }
  auto workspace =
      ArrayType::get(&context, {b.getStringAttr("N")}, b.getBF16Type());
  llvm::StringMap<int64_t> sizes = {{"N", kRows}, {"D", kColumns}};
  SmallVector<KernelOp> ops(module->getOps<KernelOp>());
  std::vector<Buffer> outputs;
  outcome.good = succeeded(reference::interpretKernels(
      op, ops, {workspace}, sizes, inputs, seed, outputs));
  EXPECT_EQ(outcome.good, outcome.error.empty()) << outcome.error;
  if (outcome.good) {
    outcome.y = outputs[0].real;
    outcome.i = outputs[1].integer;
    outcome.p = outputs[2].real;
  }
  return outcome;
}

void expectError(const std::string &kernels, const std::string &words) {
  // Whatever the order of the work items.
  for (uint64_t seed = 0; seed < 8; ++seed) {
    Outcome outcome = run(kernels, {}, seed);
    EXPECT_FALSE(outcome.good) << kernels;
    EXPECT_NE(outcome.error.find(words), std::string::npos)
        << outcome.error << "lacks: " << words;
  }
}

/// y[n] = a loop over D of tiles of x, `step` wide.
std::string overColumns(llvm::StringRef combine, int64_t step,
                        llvm::StringRef order = "default",
                        llvm::StringRef yield = "%t",
                        llvm::StringRef types = "") {
  std::string tile = "!gemel.tile<[" +
                     (step > 1 ? "D = " + std::to_string(step) : "") + "] f32>";
  std::string yields = types.empty() ? tile : types.str();
  return ("%e = gemel.extent \"D\"\n%r = gemel.for \"D\" = %c0 to %e step " +
          Twine(step) + " combine [\"" + combine + "\"] [#gemel.order<" +
          order + ">] {\n^bb0(%d: index):\n" +
          "%t = gemel.load %x[%n, %d : index, index] : "
          "!gemel.array<[N, D] f32> -> " +
          tile + "\ngemel.yield " + yield + " : " + yields +
          "\n} : !gemel.tile<[] f32>\n" + storeY("%r") + rest())
      .str();
}

} // namespace

TEST(TileInterpreter, CombinesOnlyPositionsBeforeTheEnd) {
  for (int64_t step : {1, 2, 4, 8}) {
    EXPECT_EQ(run(kernel(overColumns("sum", step))).y,
              (std::vector<double>{10, 60, 110, 160}));
    EXPECT_EQ(run(kernel(overColumns("prod", step))).y[1],
              10.0f * 11 * 12 * 13 * 14);
    EXPECT_EQ(run(kernel(overColumns("min", step))).y[3], 30);
    EXPECT_EQ(run(kernel(overColumns("max", step))).y[3], 34);
  }
}

TEST(TileInterpreter, KeepsTheOrder) {
  // ((a + b) + (c + d)) + e, a chain, and chains of blocks.
  std::vector<double> x = {1e8, 1, -1e8, 1, 3};
  EXPECT_EQ(run(kernel(overColumns("sum", 2)), x).y[0], 3);
  EXPECT_EQ(run(kernel(overColumns("sum", 1)), x).y[0], 3);
  EXPECT_EQ(run(kernel(overColumns("sum", 2, "serial")), x).y[0], 4);
  EXPECT_EQ(run(kernel(overColumns("sum", 4, "blocks 2")), x).y[0], 3);
  std::string pair = "!gemel.tile<[] f32>, !gemel.tile<[] f32>";
  EXPECT_EQ(
      run(kernel(overColumns("dot", 1, "default", "%one, %t", pair)), x).y[0],
      4);
  EXPECT_EQ(
      run(kernel(overColumns("dot", 1, "blocks 2", "%t, %one", pair)), x).y[0],
      3);
}

TEST(TileInterpreter, DotSweepsTheLoopsAxis) {
  std::string both = "!gemel.tile<[D = 4] f32>, !gemel.tile<[] f32>";
  EXPECT_EQ(run(kernel(overColumns("dot", 4, "default", "%t, %one", both))).y,
            (std::vector<double>{10, 60, 110, 160}));
}

TEST(TileInterpreter, ArgmaxGivesThePosition) {
  for (const char *extent : {"D = 2", ""}) {
    std::string step = *extent ? "2" : "1";
    std::string body = "%e = gemel.extent \"D\"\n%c2 = arith.constant 2 : "
                       "index\n%r = gemel.for \"D\" = %c2 to %e step " +
                       step +
                       " combine [\"argmax\"] [#gemel.order<default>] {\n"
                       "^bb0(%d: index):\n%t = gemel.load %x[%n, %d : index, "
                       "index] : !gemel.array<[N, D] f32> -> !gemel.tile<[" +
                       extent + "] f32>\ngemel.yield %t : !gemel.tile<[" +
                       extent +
                       "] f32>\n} : !gemel.tile<[] i32>\n"
                       "gemel.store %r, %i[%n] extents [1] : "
                       "!gemel.tile<[] i32>, !gemel.array<[N] i32>\n";
    EXPECT_EQ(run(kernel(body + storeY("%one")), {9, 1, 3, 7, 7}).i[0], 3);
  }
}

TEST(TileInterpreter, SumIfTakesWhatMatches) {
  std::string text = overColumns("sum_if", 1, "default", "%m, %t",
                                 "!gemel.tile<[] i1>, !gemel.tile<[] f32>");
  std::string match = "%h = gemel.constant 12.0 : f32 : !gemel.tile<[] f32>\n"
                      "%m = gemel.compare lt %t, %h : (!gemel.tile<[] f32>, "
                      "!gemel.tile<[] f32>) -> !gemel.tile<[] i1>\n";
  text.insert(text.find("gemel.yield"), match);
  EXPECT_EQ(run(kernel(text)).y, (std::vector<double>{10, 21, 0, 0}));
}

TEST(TileInterpreter, CarriesAllAtOnce) {
  // Two values change places; five trips.
  std::string body = R"(
%two = gemel.constant 2.0 : f32 : !gemel.tile<[] f32>
%e = gemel.extent "D"
%r:2 = gemel.for "D" = %c0 to %e step 1 combine ["carry", "carry"] [#gemel.order<default>, #gemel.order<default>] init(%one, %two : !gemel.tile<[] f32>, !gemel.tile<[] f32>) {
^bb0(%d: index, %a: !gemel.tile<[] f32>, %b: !gemel.tile<[] f32>):
  gemel.yield %b, %a : !gemel.tile<[] f32>, !gemel.tile<[] f32>
} : !gemel.tile<[] f32>, !gemel.tile<[] f32>
)";
  EXPECT_EQ(run(kernel(body + storeY("%r#0") + rest())).y[0], 2);
  EXPECT_EQ(run(kernel(body + storeY("%r#1") + rest())).y[0], 1);
}

TEST(TileInterpreter, ReadsNothingOutside) {
  // y[n] = p[j[n]], by a tile of positions and by an index; j[0] = -1.
  std::string tile = R"(
%k = gemel.load %j[%n : index] : !gemel.array<[N] i32> -> !gemel.tile<[] i32>
%t = gemel.load %p[%k : !gemel.tile<[] i32>] : !gemel.array<[N] f32> -> !gemel.tile<[] f32>
)";
  std::string index = R"(
%k = gemel.load %j[%n : index] : !gemel.array<[N] i32> -> !gemel.tile<[] i32>
%m = gemel.read_index %k : !gemel.tile<[] i32>
%t = gemel.load %p[%m : index] : !gemel.array<[N] f32> -> !gemel.tile<[] f32>
)";
  for (const std::string &load : {tile, index}) {
    Outcome outcome = run(kernel(load + storeY("%t") + rest()));
    ASSERT_TRUE(outcome.good) << outcome.error;
    EXPECT_TRUE(std::isnan(outcome.y[0]));
    EXPECT_EQ(outcome.y[3], 200);
  }
}

TEST(TileInterpreter, StoresRoundAndStopAtTheEnd) {
  // Three rows a work item of four rows; bf16 between the launches.
  std::string first = R"(
%t = gemel.load %x[%n, %c0 : index, index] : !gemel.array<[N, D] f32> -> !gemel.tile<[N = 3] f32>
%f = gemel.constant 1.01 : f32 : !gemel.tile<[] f32>
%m = gemel.mul %t, %f : (!gemel.tile<[N = 3] f32>, !gemel.tile<[] f32>) -> !gemel.tile<[N = 3] f32>
gemel.store %m, %w[%n] extents [3] : !gemel.tile<[N = 3] f32>, !gemel.array<[N] bf16>
)";
  std::string second = R"(
%t = gemel.load %w[%n : index] : !gemel.array<[N] bf16> -> !gemel.tile<[] bf16>
%u = gemel.widen %t : (!gemel.tile<[] bf16>) -> !gemel.tile<[] f32>
)" + storeY("%u") + rest();
  Outcome outcome = run(kernel(first, 3, "a") + kernel(second, 1, "b"));
  EXPECT_EQ(outcome.y, (std::vector<double>{0, 10.125, 20.25, 30.25}));
}

TEST(TileInterpreter, AnItemUpdatesItsOwnElements) {
  std::string body = R"(
%t = gemel.load %p[%n : index] : !gemel.array<[N] f32> -> !gemel.tile<[] f32>
%u = gemel.add %t, %one : (!gemel.tile<[] f32>, !gemel.tile<[] f32>) -> !gemel.tile<[] f32>
gemel.store %u, %p[%n] extents [1] : !gemel.tile<[] f32>, !gemel.array<[N] f32>
)";
  EXPECT_EQ(run(kernel(body + rest(true))).p,
            (std::vector<double>{1, 101, 201, 301}));
}

TEST(TileInterpreter, RefusesToReadWhatNothingWrote) {
  std::string workspace = R"(
%t = gemel.load %w[%n : index] : !gemel.array<[N] bf16> -> !gemel.tile<[] bf16>
)";
  expectError(kernel(workspace + rest(true)), "'w0' at [");
  expectError(kernel(workspace + rest(true)), "which nothing has written");
  std::string result = R"(
%t = gemel.load %y[%n : index] : !gemel.array<[N] f32> -> !gemel.tile<[] f32>
)";
  expectError(kernel(result + rest(true)), "of 'k' reads 'y' at [");
}

TEST(TileInterpreter, RefusesTwoWritersOfOneElement) {
  std::string body = "gemel.store %one, %p[%c0] extents [1] : "
                     "!gemel.tile<[] f32>, !gemel.array<[N] f32>\n";
  expectError(kernel(body + rest(true)),
              "writes 'p' at [0], which work item [N");
  expectError(kernel(body + rest(true)), "writes too");
  // Of two rows' items, the first ends where the next begins.
  std::string wide = "gemel.store %one, %p[%n] extents [3] : "
                     "!gemel.tile<[] f32>, !gemel.array<[N] f32>\n";
  std::string pair = R"(
%rest = gemel.iota %n : !gemel.tile<[N = 2] i32>
gemel.store %rest, %i[%n] extents [2] : !gemel.tile<[N = 2] i32>, !gemel.array<[N] i32>
gemel.store %one, %y[%n] extents [2] : !gemel.tile<[] f32>, !gemel.array<[N] f32>
)";
  expectError(kernel(wide + pair, 2), "writes 'p' at [2]");
  EXPECT_TRUE(run(kernel(pair, 2)).good);
}

TEST(TileInterpreter, RefusesToWriteWhatAnotherReads) {
  std::string body = R"(
%t = gemel.load %p[%c0 : index] : !gemel.array<[N] f32> -> !gemel.tile<[] f32>
gemel.store %t, %p[%n] extents [1] : !gemel.tile<[] f32>, !gemel.array<[N] f32>
)";
  expectError(kernel(body + rest(true)),
              "work item [N = 0] of 'k' writes 'p' at [0], which work item [N");
  expectError(kernel(body + rest(true)), " reads");
  // One writer only, be it the first or the last: the others are outside.
  std::string one = R"(
%far = arith.constant 1000 : index
%t = gemel.load %p[%c0 : index] : !gemel.array<[N] f32> -> !gemel.tile<[] f32>
%m = arith.muli %n, %far : index
gemel.store %t, %p[%m] extents [1] : !gemel.tile<[] f32>, !gemel.array<[N] f32>
)";
  expectError(kernel(one + rest(true)), "writes 'p' at [0]");
}

TEST(TileInterpreter, FollowsOneLaunchAfterAnother) {
  std::string fill = "gemel.store %one, %w[%n] extents [1] : "
                     "!gemel.tile<[] f32>, !gemel.array<[N] bf16>\n";
  std::string use = R"(
%t = gemel.load %w[%c0 : index] : !gemel.array<[N] bf16> -> !gemel.tile<[] bf16>
)";
  EXPECT_TRUE(
      run(kernel(fill, 1, "a") + kernel(use + rest(true), 1, "b")).good);
  expectError(kernel(use + rest(true), 1, "b") + kernel(fill, 1, "a"),
              "which nothing has written");
}

TEST(TileInterpreter, RefusesAResultWithoutAnElement) {
  expectError(kernel(rest()), "no launch has written result 'y' at [0]");
  // Of four rows, two are written.
  std::string two = R"(
gemel.store %one, %y[%n] extents [2] : !gemel.tile<[] f32>, !gemel.array<[N] f32>
)";
  expectError(kernel(two, 4), "no launch has written result 'y' at [2]");
}

TEST(TileInterpreter, RefusesExtentsThatDisagree) {
  std::string four = "%a = gemel.iota %n : !gemel.tile<[N = 4] i32>\n";
  std::string add = four + R"(
%b = gemel.iota %n : !gemel.tile<[N = 2] i32>
%c = gemel.add %a, %b : (!gemel.tile<[N = 4] i32>, !gemel.tile<[N = 2] i32>) -> !gemel.tile<[N = 4] i32>
)";
  expectError(kernel(add + rest(true)),
              "'gemel.add' has 4 positions of axis 'N', but takes a tile of 2");
  expectError(kernel(four + R"(
gemel.store %a, %i[%n] extents [2] : !gemel.tile<[N = 4] i32>, !gemel.array<[N] i32>
)"),
              "'gemel.store' has 2 positions of axis 'N'");
  expectError(kernel(four + R"(
%t = gemel.load %p[%a : !gemel.tile<[N = 4] i32>] : !gemel.array<[N] f32> -> !gemel.tile<[N = 2] f32>
)"),
              "'gemel.load' has 2 positions of axis 'N'");
  std::string loop = overColumns("sum", 2);
  loop.replace(loop.find("} : !gemel.tile<[]"), 18, "} : !gemel.tile<[D = 2]");
  expectError(kernel(loop.substr(0, loop.find("gemel.store"))),
              "has axis 'D', over which it combines");
}

// What verifies and still has no meaning is refused, and crashes nothing.
TEST(TileInterpreter, RefusesWhatDoesNotFit) {
  struct Bad {
    const char *body, *words;
  };
  const Bad all[] = {
      {"%a = gemel.add %x, %x : (!gemel.array<[N, D] f32>, "
       "!gemel.array<[N, D] f32>) -> !gemel.array<[N, D] f32>",
       "is no tile"},
      {"%a = gemel.extent \"Q\"", "needs axis 'Q'"},
      {"%a = gemel.size \"Q\" : !gemel.tile<[] i32>", "needs axis 'Q'"},
      {"%a = gemel.pos \"N\" : !gemel.tile<[] i32>", "has no meaning"},
      {"%a = arith.divsi %n, %c0 : index", "has no meaning"},
      {"%a = arith.constant 1 : i32", "on indices only"},
      {"%a = gemel.iota %n : !gemel.tile<[N = 2, D = 2] i32>", "of one axis"},
      {"%a = gemel.iota %n : !gemel.tile<[N = 2] f32>", "i32 or i64"},
      {"%a = gemel.iota %n : !gemel.array<[N] i32>", "i32 or i64"},
      {"%a = gemel.constant 1.0 : f32 : !gemel.tile<[A = 65536, B = 65536, C "
       "= 65536, E = 65536] f32>",
       "too large"},
      {"%a = gemel.load %x[%n : index] : !gemel.array<[N, D] f32> -> "
       "!gemel.tile<[] f32>",
       "has 1 positions for the 2 axes of 'x'"},
      {"%a = gemel.load %p[%n : index] : !gemel.array<[N] f32> -> "
       "!gemel.tile<[] bf16>",
       "changes f32[N]"},
      {"%a = gemel.load %p[%n : index] : !gemel.array<[N] f32> -> "
       "!gemel.tile<[Q = 2] f32>",
       "nothing has a position"},
      {"%a = gemel.load %p[%one : !gemel.tile<[] f32>] : !gemel.array<[N] f32> "
       "-> !gemel.tile<[] f32>",
       "no tile of integers"},
      {"%a = gemel.load %p[%j : !gemel.array<[N] i32>] : !gemel.array<[N] f32> "
       "-> !gemel.tile<[] f32>",
       "no tile of integers"},
      {"%a = gemel.load %one : !gemel.tile<[] f32> -> !gemel.tile<[] f32>",
       "needs an array of the kernel"},
      {"%a = gemel.load %p[%n : index] : !gemel.array<[N] f32> -> "
       "!gemel.array<[N] f32>",
       "no tile and no index"},
      {"gemel.store %one, %x[%n, %c0] extents [1, 1] : !gemel.tile<[] f32>, "
       "!gemel.array<[N, D] f32>",
       "writes 'x', which is only read"},
      {"gemel.store %one, %i[%n] extents [1] : !gemel.tile<[] f32>, "
       "!gemel.array<[N] i32>",
       "has no rounding"},
      {"gemel.store %one, %y[%n] extents [0] : !gemel.tile<[] f32>, "
       "!gemel.array<[N] f32>",
       "an extent of 1 or more"},
      {"gemel.store %one, %y[%n] extents [1, 1] : !gemel.tile<[] f32>, "
       "!gemel.array<[N] f32>",
       "an extent of 1 or more"},
      {"gemel.store %one, %y[%n] extents [9223372036854775807] : "
       "!gemel.tile<[] f32>, !gemel.array<[N] f32>",
       "too large"},
      {"gemel.store %p, %y[%n] extents [1] : !gemel.array<[N] f32>, "
       "!gemel.array<[N] f32>",
       "has no rounding"},
      {"%a = gemel.read_index %one : !gemel.tile<[] f32>", "one integer"},
      {"gemel.for \"N\" = %c0 to %n step 0 combine [] [] {\n^bb0(%q: "
       "index):\ngemel.yield\n}",
       "a step of 1 or more"},
      {"gemel.for \"N\" = %c0 to %n step 1 combine [] [] {\n^bb0:\n"
       "gemel.yield\n}",
       "an argument of the body"},
      {"gemel.for \"N\" = %c0 to %n step 1 combine [\"sum\"] "
       "[#gemel.order<default>] {\n^bb0(%q: index):\ngemel.yield %one : "
       "!gemel.tile<[] f32>\n}",
       "a combination for each result"},
      {"%a = gemel.for \"N\" = %c0 to %n step 1 combine [\"mean\"] "
       "[#gemel.order<default>] {\n^bb0(%q: index):\ngemel.yield %one : "
       "!gemel.tile<[] f32>\n} : !gemel.tile<[] f32>",
       "has no combination \"mean\""},
      {"%a = gemel.for \"N\" = %c0 to %n step 1 combine [\"dot\"] "
       "[#gemel.order<default>] {\n^bb0(%q: index):\ngemel.yield %one : "
       "!gemel.tile<[] f32>\n} : !gemel.tile<[] f32>",
       "needs 2 yielded tiles"},
      {"%a = gemel.for \"N\" = %c0 to %n step 1 combine [\"sum\"] "
       "[#gemel.order<default>] {\n^bb0(%q: index):\ngemel.yield %q : "
       "index\n} : !gemel.tile<[] f32>",
       "needs 1 yielded tiles"},
      {"%a = gemel.for \"N\" = %c0 to %n step 1 combine [\"any\"] "
       "[#gemel.order<default>] {\n^bb0(%q: index):\ngemel.yield %one : "
       "!gemel.tile<[] f32>\n} : !gemel.tile<[] f32>",
       "cannot give"},
      {"%a = gemel.for \"N\" = %c0 to %n step 1 combine [\"sum\"] "
       "[#gemel.order<default>] {\n^bb0(%q: index):\ngemel.yield %one, %one : "
       "!gemel.tile<[] f32>, !gemel.tile<[] f32>\n} : !gemel.tile<[] f32>",
       "yields more than it combines"},
      {"%a = gemel.for \"N\" = %c0 to %n step 1 combine [\"carry\"] "
       "[#gemel.order<default>] init(%c0 : index) {\n^bb0(%q: index, %b: "
       "index):\ngemel.yield %one : !gemel.tile<[] f32>\n} : "
       "!gemel.tile<[] f32>",
       "carries 'index'"},
  };
  for (const Bad &bad : all)
    expectError(kernel(bad.body), bad.words);
}

TEST(TileInterpreter, RefusesKernelsOfAnotherOperator) {
  expectError("gemel.kernel @k work [] [] grain 1 {\n}\n", "needs 6 arrays");
  std::string text = kernel(rest(true));
  expectError(kernel(rest(true), 0), "a step of 1 or more");
  std::string axis = text;
  axis.replace(axis.find("[\"N\"]"), 5, "[\"Q\"]");
  expectError(axis, "needs axis 'Q'");
  std::string type = text;
  type.replace(type.find("[N] f32>"), 8, "[D] f32>");
  expectError(type, "has 'p' as '!gemel.array<[D] f32>'");
}

// A loop whose positions reach the end of the integers stops there.
TEST(TileInterpreter, StopsAtTheLargestPosition) {
  std::string body = R"(
%big = arith.constant 9223372036854775807 : index
%near = arith.constant 9223372036854775800 : index
%r = gemel.for "D" = %near to %big step 4 combine ["sum"] [#gemel.order<default>] {
^bb0(%d: index):
  %t = gemel.load %x[%n, %d : index, index] : !gemel.array<[N, D] f32> -> !gemel.tile<[D = 4] f32>
  gemel.yield %one : !gemel.tile<[] f32>
} : !gemel.tile<[] f32>
)" + storeY("%r") + rest();
  EXPECT_EQ(run(kernel(body)).y[0], 2);
}
