// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What each elementwise op computes on numbers. Compiled without contraction.

#include "codegen/reference/Scalar.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/FunctionOps.h"
#include "dialect/Functions.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace gemel;
using namespace gemel::reference;

double gemel::reference::addReal(double a, double b, Mode mode) {
  if (mode == Mode::F64)
    return a + b;
  return static_cast<float>(a) + static_cast<float>(b);
}

double gemel::reference::mulReal(double a, double b, Mode mode) {
  if (mode == Mode::F64)
    return a * b;
  return static_cast<float>(a) * static_cast<float>(b);
}

double gemel::reference::fmaReal(double a, double b, double c, Mode mode) {
  if (mode == Mode::F64)
    return std::fma(a, b, c);
  return std::fmaf(static_cast<float>(a), static_cast<float>(b),
                   static_cast<float>(c));
}

double gemel::reference::maximum(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return NAN;
  if (a == b)
    return std::signbit(a) ? b : a;
  return a > b ? a : b;
}

double gemel::reference::minimum(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return NAN;
  if (a == b)
    return std::signbit(a) ? a : b;
  return a < b ? a : b;
}

int64_t gemel::reference::wrap(Type element, uint64_t value) {
  return element.isInteger(64) ? static_cast<int64_t>(value)
                               : static_cast<int32_t>(value);
}

namespace {
/// Runs the definitions on plain floats.
struct FloatBuilder {
  using F32 = float;
  using I32 = int32_t;
  using Pred = bool;
  F32 f32(float v) { return v; }
  I32 i32(int32_t v) { return v; }
  F32 add(F32 a, F32 b) { return a + b; }
  F32 sub(F32 a, F32 b) { return a - b; }
  F32 mul(F32 a, F32 b) { return a * b; }
  F32 max(F32 a, F32 b) { return maximum(a, b); }
  F32 min(F32 a, F32 b) { return minimum(a, b); }
  I32 add(I32 a, I32 b) { return uint32_t(a) + uint32_t(b); }
  I32 sub(I32 a, I32 b) { return uint32_t(a) - uint32_t(b); }
  I32 shl(I32 a, int n) { return uint32_t(a) << n; }
  I32 shrl(I32 a, int n) { return uint32_t(a) >> n; }
  I32 shra(I32 a, int n) { return a >> n; }
  Pred lt(F32 a, F32 b) { return a < b; }
  Pred le(F32 a, F32 b) { return a <= b; }
  Pred eq(F32 a, F32 b) { return a == b; }
  Pred lt(I32 a, I32 b) { return a < b; }
  Pred eq(I32 a, I32 b) { return a == b; }
  F32 select(Pred p, F32 a, F32 b) { return p ? a : b; }
  I32 select(Pred p, I32 a, I32 b) { return p ? a : b; }
  I32 bits(F32 a) {
    I32 i;
    std::memcpy(&i, &a, 4);
    return i;
  }
  F32 fromBits(I32 a) {
    F32 f;
    std::memcpy(&f, &a, 4);
    return f;
  }
};
} // namespace

/// The defined functions; none for other ops.
static std::optional<double> applyFunction(Operation *op, double x, Mode mode) {
  FloatBuilder b;
  auto f = static_cast<float>(x);
  bool quick = op->hasAttr("quick"), exact = mode == Mode::F64;
  if (isa<ExpOp>(op))
    return exact   ? std::exp(x)
           : quick ? functions::quickExp(b, f)
                   : functions::exp(b, f);
  if (isa<SigmoidOp>(op))
    return exact   ? 1.0 / (1.0 + std::exp(-x))
           : quick ? functions::quickSigmoid(b, f)
                   : functions::sigmoid(b, f);
  if (isa<TanhOp>(op))
    return exact   ? std::tanh(x)
           : quick ? functions::quickTanh(b, f)
                   : functions::tanh(b, f);
  if (isa<ErfOp>(op))
    return exact   ? std::erf(x)
           : quick ? functions::quickErf(b, f)
                   : functions::erf(b, f);
  if (isa<LogOp>(op))
    return exact ? std::log(x) : functions::log(b, f);
  if (isa<RsqrtOp>(op))
    return exact ? 1.0 / std::sqrt(x) : functions::rsqrt(b, f);
  if (isa<RecipOp>(op))
    return exact ? 1.0 / x : functions::recip(b, f);
  if (isa<SinOp>(op))
    return exact ? std::sin(x) : functions::sin(b, f);
  if (isa<CosOp>(op))
    return exact ? std::cos(x) : functions::cos(b, f);
  return std::nullopt;
}

static int64_t floorDiv(int64_t a, int64_t b) {
  if (b == 0)
    return 0;
  if (b == -1)
    return -uint64_t(a); // the smallest integer wraps
  int64_t q = a / b;
  return q - (a % b != 0 && (a < 0) != (b < 0));
}

/// f32 to integer: truncates, saturates, NaN gives 0.
static int64_t saturate(double x, Type element) {
  if (std::isnan(x))
    return 0;
  double low = element.isUnsignedInteger(8) ? 0.0
               : element.isInteger(32)      ? -0x1p31
                                            : -0x1p63;
  double high = element.isUnsignedInteger(8) ? 256.0
                : element.isInteger(32)      ? 0x1p31
                                             : 0x1p63;
  x = std::trunc(x);
  if (x <= low)
    return static_cast<int64_t>(low);
  if (x >= high)
    return element.isUnsignedInteger(8) ? 255
           : element.isInteger(32)      ? std::numeric_limits<int32_t>::max()
                                        : std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(x);
}

Number gemel::reference::applyScalar(Operation *op, ArrayRef<Number> x,
                                     Mode mode) {
  Type element = elementOf(op->getOperand(0));
  bool real = isa<FloatType>(element);
  bool contract = mode == Mode::Contract;
  double a = x[0].real, b = x.size() > 1 ? x[1].real : 0.0;
  uint64_t i = x[0].integer, j = x.size() > 1 ? x[1].integer : 0;
  auto number = [&](double r, uint64_t n) {
    return real ? Number{r, 0} : Number{0, wrap(element, n)};
  };
  auto logic = [](bool value) { return Number{0, value}; };
  if (auto value = applyFunction(op, a, mode))
    return {*value, 0};
  if (isa<AddOp>(op))
    return number(addReal(a, b, mode), i + j);
  if (isa<SubOp>(op))
    return number(addReal(a, -b, mode), i - j);
  if (isa<MulOp>(op))
    return number(mulReal(a, b, mode), i * j);
  if (isa<SqOp>(op))
    return number(mulReal(a, a, mode), i * i);
  if (isa<DivOp>(op))
    return {contract ? static_cast<float>(a) / static_cast<float>(b) : a / b,
            0};
  if (isa<SqrtOp>(op))
    return {contract ? std::sqrt(static_cast<float>(a)) : std::sqrt(a), 0};
  if (isa<FloorDivOp>(op))
    return {0, wrap(element, floorDiv(i, j))};
  if (isa<ModOp>(op))
    return {0, j == 0 ? 0 : wrap(element, i - j * floorDiv(i, j))};
  if (isa<MaxOp>(op))
    return {maximum(a, b), std::max(int64_t(i), int64_t(j))};
  if (isa<MinOp>(op))
    return {minimum(a, b), std::min(int64_t(i), int64_t(j))};
  if (isa<NegOp>(op))
    return number(-a, -i);
  if (isa<AbsOp>(op))
    return number(std::fabs(a), int64_t(i) < 0 ? -i : i);
  if (isa<AndOp>(op))
    return logic(i & j);
  if (isa<OrOp>(op))
    return logic(i | j);
  if (isa<NotOp>(op))
    return logic(!i);
  if (isa<WhereOp>(op))
    return x[0].integer ? x[1] : x[2];
  if (auto compare = dyn_cast<CompareOp>(op)) {
    auto decide = [&](auto l, auto r) {
      switch (compare.getKind()) {
      case CompareKind::Lt:
        return l < r;
      case CompareKind::Le:
        return l <= r;
      case CompareKind::Gt:
        return l > r;
      case CompareKind::Ge:
        return l >= r;
      case CompareKind::Eq:
        return l == r;
      case CompareKind::Ne:
        return l != r;
      }
      llvm_unreachable("a comparison");
    };
    return logic(real ? decide(a, b) : decide(int64_t(i), int64_t(j)));
  }
  if (isa<ConvertOp>(op))
    return {contract ? static_cast<float>(int64_t(i)) : double(int64_t(i)), 0};
  if (isa<CastOp>(op)) {
    Type to = elementOf(op->getResult(0));
    if (isa<FloatType>(to)) {
      if (!real)
        a = contract ? static_cast<float>(int64_t(i)) : double(int64_t(i));
      return {contract ? roundTo(to, a) : a, 0};
    }
    if (real)
      return {0, saturate(a, to)};
    return {0, to.isUnsignedInteger(8) ? int64_t(i & 0xFF) : wrap(to, i)};
  }
  assert((isa<WidenOp, StopOp, RelayoutOp>(op)) &&
         "an elementwise op without a rule");
  return x[0];
}
