// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Quotients and roots rounded once, on a unit whose own are 1 ulp off.
//
// A quotient of significands is 1 ulp off at most, so what is left of the
// dividend, a 2^s - q b, is less than 2^31: 32-bit integers that wrap have it
// exactly, and comparing it with b / 2 says which neighbour is nearest. Scaling
// the quotient by its power of two rounds again where the result is subnormal;
// if that was a tie, the sign of what is left decides. Zeros, infinities and
// NaN go as the unit has them. Roots alike, and never subnormal.
//
// Of many elements all go as usual numbers do (RoundUsual.cpp), a third of the
// instructions; if one is none, all go again as any number does, few at a time:
// what that takes of UB is not taken from those that are usual.
#include "codegen/ascend/cce/Exact.h"
#include "codegen/ascend/cce/Passes.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

// From 1024 elements on, looking for unusual ones costs little.
static constexpr int64_t kManyBytes = 4096;

// Where there are some, so many elements go at a time.
static constexpr int64_t kFew = 512, kFewBytes = 4 * kFew;

/// A subnormal is taken 2^24 times as large.
Exact::Parts Exact::split(Value magnitude) {
  Value small = isNegative(plus(magnitude, -0x800000));
  Value larger = as(i32, with<VmulsOp>(magnitude, b.getF32FloatAttr(0x1p24f)));
  Value normal = choose(small, larger, magnitude);
  return {add(right(normal, 23), times(small, 24)), significandOf(normal)};
}

void Exact::divide(Value dst, Value dividend, Value divisor) {
  Value units = as(i32, two<VdivOp>(dividend, divisor, f32));
  Value sign = left(add(right(dividend, 31), right(divisor, 31)), 31);
  Value a = magnitude(dividend), d = magnitude(divisor);
  Value special = most(add(isSpecial(a), isSpecial(d)), -1);
  Parts above = split(a), below = split(d);
  Value n = above.significand, m = below.significand;

  // The quotient of two numbers in [1, 2), in (1/2, 2); its grid is that of
  // numbers below 1 exactly where n < m.
  Value quotient =
      as(i32, two<VdivOp>(plus(n, 0x3f000000), plus(m, 0x3f000000), f32));
  Value isBelow = isNegative(sub(n, m));
  quotient =
      choose(isBelow, least(quotient, 0x3f7fffff), most(quotient, 0x3f800000));
  Value scaled = left(n, 23);
  scaled = sub(scaled, mul(isBelow, scaled));
  Value rest = sub(scaled, mul(significandOf(quotient), m));
  Value twice = left(rest, 1);
  Value up = isNegative(sub(m, twice)), down = isNegative(add(twice, m));
  quotient = add(sub(quotient, up), down);
  rest = add(rest, mul(sub(up, down), m));

  // 2^100 and 2^-100 do not make it subnormal; what is left may.
  Value k = most(least(sub(above.exponent, below.exponent), 200), -200);
  Value first = most(least(k, 100), -100), second = sub(k, first);
  Value exact = mulFloats(quotient, powerOfTwo(first));
  Value result = mulFloats(exact, powerOfTwo(second));
  Value back = mulFloats(result, powerOfTwo(minus(second)));
  Value lost = as(i32, two<VsubOp>(exact, back, f32));
  // Half of 2^-149, as it stands before the second scaling.
  Value half = left(most(plus(minus(second), -23), 1), 23);
  Value apart = sub(magnitude(lost), half);
  Value differs = add(isNegative(apart), isNegative(minus(apart)));
  Value tie = plus(minus(differs), -1);
  Value wentUp = isNegative(lost);
  Value wentDown = plus(minus(wentUp), -1);
  Value more = mul(tie, mul(isNegative(minus(rest)), wentDown));
  Value fewer = mul(tie, mul(isNegative(rest), wentUp));
  result = add(sub(result, more), fewer);
  keep(dst, choose(special, units, add(result, sign)));
}

void Exact::root(Value dst, Value radicand) {
  Value units;
  {
    Value made = fresh(f32);
    VsqrtOp::create(b, loc, made, as(f32, radicand), repeat, 1, 1, 8, 8);
    units = as(i32, made);
  }
  // Negative numbers, too, are the unit's.
  Value bits = as(i32, radicand);
  Value special = most(add(isSpecial(magnitude(bits)), isNegative(bits)), -1);
  Parts parts = split(magnitude(bits));
  // An odd exponent gives a factor of 2 to the significand; 127 is odd.
  Value odd = plus(minus(right(left(parts.exponent, 31), 31)), 1);
  Value n = add(parts.significand, mul(odd, parts.significand));
  Value number = add(plus(parts.significand, 0x3f000000), left(odd, 23));
  Value root;
  {
    Value made = fresh(f32);
    VsqrtOp::create(b, loc, made, as(f32, number), repeat, 1, 1, 8, 8);
    root = most(least(as(i32, made), 0x3fffffff), 0x3f800000);
  }
  // (r + 1/2)^2 is r^2 + r and less than one more.
  Value r = significandOf(root);
  Value rest = sub(left(n, 23), mul(r, r));
  Value up = isNegative(sub(r, rest));
  Value down = isNegative(plus(add(rest, r), -1));
  root = add(sub(root, up), down);
  Value half = shift<VshrOp>(sub(plus(parts.exponent, -127), odd), 1, i32);
  keep(dst, choose(special, units, add(root, left(half, 23))));
}

/// Whether all operands lie one repeat after another.
static bool isDense(ArrayRef<int64_t> strides) {
  return llvm::equal(strides, std::initializer_list<int64_t>{1, 1, 8, 8}) ||
         llvm::equal(strides, std::initializer_list<int64_t>{1, 1, 1, 8, 8, 8});
}

static LogicalResult refuse(Operation *op) {
  return op->emitOpError() << "is rounded once only where its operands are "
                              "dense; take block strides of 1 and repeat "
                              "strides of 8";
}

/// A loop that goes through `count` elements, kFew at a time, before `end`:
/// its induction variable, the first of them. They are counted.
static Value goThrough(SetVectorMaskOp count, Operation *end) {
  OpBuilder b(end);
  Location loc = end->getLoc();
  auto number = [&](int64_t n) {
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(n));
  };
  Value few = number(kFew), all = count.getLow();
  auto loop = scf::ForOp::create(b, loc, number(0), all, few);
  b.setInsertionPointToStart(loop.getBody());
  Value first = loop.getInductionVar();
  Value left = arith::SubIOp::create(b, loc, all, first);
  Value isLast =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, left, few);
  SetVectorMaskOp::create(b, loc, count.getHigh(),
                          arith::SelectOp::create(b, loc, isLast, left, few));
  return first;
}

/// The count of elements that an instruction has, if it may be of many and
/// leaves its operands as they are; else null.
static SetVectorMaskOp countOfMany(Operation *op) {
  Operation *dst = rootOf(op->getOperand(0)).getDefiningOp();
  auto alloc = dyn_cast_or_null<AllocOp>(dst);
  if (!alloc || static_cast<int64_t>(alloc.getBytes()) < kManyBytes)
    return {};
  for (Value operand : op->getOperands().drop_front())
    if (isa<PtrType>(operand.getType()) &&
        rootOf(operand).getDefiningOp() == dst)
      return {};
  for (Operation *o = op->getPrevNode(); o; o = o->getPrevNode()) {
    if (isa<SetMaskNormOp>(o) || o->getNumRegions())
      return {};
    if (auto count = dyn_cast<SetVectorMaskOp>(o))
      return count;
  }
  return {};
}

LogicalResult cce::roundExactly(KernelOp kernel) {
  SmallVector<Operation *> ops;
  kernel.walk([&](Operation *op) {
    auto of = [](Value v) {
      return cast<PtrType>(v.getType()).getElement().isF32();
    };
    if (auto division = dyn_cast<VdivOp>(op); division && of(division.getDst()))
      ops.push_back(op);
    if (auto root = dyn_cast<VsqrtOp>(op); root && of(root.getDst()))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    auto division = dyn_cast<VdivOp>(op);
    auto root = dyn_cast<VsqrtOp>(op);
    bool dense =
        division
            ? isDense({int64_t(division.getDstBlk()),
                       int64_t(division.getSrc0Blk()),
                       int64_t(division.getSrc1Blk()),
                       int64_t(division.getDstRep()),
                       int64_t(division.getSrc0Rep()),
                       int64_t(division.getSrc1Rep())})
            : isDense({int64_t(root.getDstBlk()), int64_t(root.getSrcBlk()),
                       int64_t(root.getDstRep()), int64_t(root.getSrcRep())});
    if (!dense)
      return refuse(op);
    Value dst = division ? division.getDst() : root.getDst();
    Value repeat = division ? division.getRepeat() : root.getRepeat();
    SmallVector<Value, 3> operands = {dst};
    if (division)
      operands.append({division.getSrc0(), division.getSrc1()});
    else
      operands.push_back(root.getSrc());
    Operation *any = op;
    int64_t bytes = rootOf(dst).getDefiningOp<AllocOp>().getBytes();
    if (SetVectorMaskOp count = countOfMany(op)) {
      Exact usual(op, repeat, bytes);
      auto unusual =
          division ? usual.divideUsual(dst, operands[1], operands[2], count)
                   : usual.rootUsual(dst, operands[1], count);
      any = unusual.thenBlock()->getTerminator();
      Value first = goThrough(count, any);
      any = first.getParentBlock()->getTerminator();
      OpBuilder b(any);
      for (Value &operand : operands)
        operand = OffsetOp::create(b, op->getLoc(), operand.getType(), operand,
                                   first);
      bytes = kFewBytes;
    }
    Exact exact(any, repeat, bytes);
    if (division)
      exact.divide(operands[0], operands[1], operands[2]);
    else
      exact.root(operands[0], operands[1]);
    op->erase();
  }
  return success();
}
