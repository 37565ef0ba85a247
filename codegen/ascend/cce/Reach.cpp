// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which bytes of a buffer an instruction may use.
#include "codegen/ascend/cce/Reach.h"

#include "codegen/ascend/Facts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

static std::optional<int64_t> constantOf(Value value) {
  IntegerAttr known;
  if (matchPattern(value, m_Constant(&known)))
    return known.getInt();
  return std::nullopt;
}

/// Instructions count from the kernel's begin on, and a block that turns to
/// masks turns back before anything in it or behind it is another block.
Reaches::Reaches(KernelOp kernel) {
  auto &body = kernel.getBody().front();
  auto first = llvm::find_if(body, llvm::IsaPred<SetMaskCountOp>);
  counts &=
      first != body.end() &&
      std::none_of(body.begin(), first, [](Operation &o) {
        return o.getNumRegions() > 0 ||
               (isa<InstructionOpInterface>(o) && !isa<SetVectorMaskOp>(o) &&
                cast<InstructionOpInterface>(o).getPipe() == Pipe::V);
      });
  kernel.walk([&](SetMaskNormOp norm) {
    Operation *next = norm->getNextNode();
    while (next && !isa<SetMaskCountOp>(next) && next->getNumRegions() == 0)
      next = next->getNextNode();
    counts &= next && isa<SetMaskCountOp>(next);
  });
}

/// The most that a number may be, if it is not negative.
std::optional<int64_t> Reaches::most(Value number) {
  if (std::optional<int64_t> constant = constantOf(number))
    return constant;
  auto [it, isNew] = known.try_emplace(number, std::nullopt);
  if (!isNew)
    return it->second;
  auto both = [&](Value a, Value b, auto make) -> std::optional<int64_t> {
    std::optional<int64_t> x = most(a), y = constantOf(b);
    if (!x || !y || *x < 0 || *y < 0)
      return std::nullopt;
    return make(*x, *y);
  };
  auto chosen = [&](arith::SelectOp select) -> std::optional<int64_t> {
    Value yes = select.getTrueValue(), no = select.getFalseValue();
    std::optional<int64_t> a = most(yes), b = most(no);
    auto compare = select.getCondition().getDefiningOp<arith::CmpIOp>();
    bool isLess = compare && compare.getLhs() == yes &&
                  compare.getRhs() == no &&
                  compare.getPredicate() == arith::CmpIPredicate::slt;
    if (isLess && a && b)
      return std::min(*a, *b);
    if (isLess)
      return a ? a : b;
    if (!a || !b)
      return std::nullopt;
    return std::max(*a, *b);
  };
  if (!number.getDefiningOp())
    return std::nullopt;
  auto found =
      llvm::TypeSwitch<Operation *, std::optional<int64_t>>(
          number.getDefiningOp())
          .Case<arith::AddIOp>([&](auto op) {
            return both(op.getLhs(), op.getRhs(),
                        [](int64_t x, int64_t y) { return x + y; });
          })
          .Case<arith::MulIOp>([&](auto op) {
            return both(op.getLhs(), op.getRhs(),
                        [](int64_t x, int64_t y) { return x * y; });
          })
          .Case<arith::DivSIOp>([&](auto op) {
            return both(op.getLhs(), op.getRhs(),
                        [](int64_t x, int64_t y) -> std::optional<int64_t> {
                          return y ? std::optional(x / y) : std::nullopt;
                        });
          })
          .Case<arith::SelectOp>(chosen)
          .Default([](Operation *) { return std::nullopt; });
  return known[number] = found;
}

/// What each instruction of a block counts, at most.
void Reaches::readCounts(Block &block) {
  bool isCounting = counts;
  std::optional<int64_t> now;
  for (Operation &op : block) {
    if (isa<SetMaskCountOp>(op)) {
      isCounting = true;
    } else if (isa<SetMaskNormOp>(op)) {
      isCounting = false;
      now = std::nullopt;
    } else if (auto mask = dyn_cast<SetVectorMaskOp>(op)) {
      now =
          constantOf(mask.getHigh()) == 0 ? most(mask.getLow()) : std::nullopt;
    } else if (op.getNumRegions() > 0) {
      now = std::nullopt; // whatever it leaves
    } else if (isa<InstructionOpInterface>(op)) {
      elements[&op] = isCounting ? now : std::nullopt;
    }
  }
}

/// The elements that an instruction counts, at most.
std::optional<int64_t> Reaches::mostElements(Operation *op) {
  auto known = elements.find(op);
  if (known == elements.end()) {
    readCounts(*op->getBlock());
    known = elements.find(op);
  }
  return known->second;
}

namespace {
struct Operand {
  Value pointer;
  int64_t block, repeat; ///< strides, in blocks
  int64_t blocks = 0;    ///< of a repeat, if not as many as its elements take
};
} // namespace

static SmallVector<Operand, 3> operandsOf(Operation *op) {
  auto attr = [&](StringRef name) {
    return op->getAttrOfType<IntegerAttr>(name).getInt();
  };
  auto two = [&](auto one) -> SmallVector<Operand, 3> {
    return {{one.getDst(), attr("dst_blk"), attr("dst_rep")},
            {one.getSrc0(), attr("src0_blk"), attr("src0_rep")},
            {one.getSrc1(), attr("src1_blk"), attr("src1_rep")}};
  };
  auto four = [&](auto one) -> SmallVector<Operand, 3> {
    return {{one.getDst(), attr("dst_blk"), attr("dst_rep")},
            {one.getSrc(), attr("src_blk"), attr("src_rep")}};
  };
  auto across = [&](auto one) -> SmallVector<Operand, 3> {
    return {{one.getDst(), 0, attr("dst_rep"), /*blocks=*/1},
            {one.getSrc(), attr("src_blk"), attr("src_rep")}};
  };
  return llvm::TypeSwitch<Operation *, SmallVector<Operand, 3>>(op)
      .Case<VaddOp, VsubOp, VmulOp, VmaxOp, VminOp, VdivOp>(two)
      .Case<VabsOp, VsqrtOp, VcopyOp, VaddsOp, VmulsOp, VmaxsOp, VminsOp,
            VshlOp, VshrOp, VconvOp>(four)
      .Case<VcgaddOp, VcgmaxOp, VcgminOp>(across)
      .Default([](Operation *) { return SmallVector<Operand, 3>(); });
}

static int64_t elementBytes(Value pointer) {
  return static_cast<int64_t>(
      bytesOf(cast<PtrType>(pointer.getType()).getElement()));
}

Reach Reaches::of(InstructionOpInterface op, Value pointer) {
  auto alloc = rootOf(pointer).getDefiningOp<AllocOp>();
  Reach all{0, static_cast<int64_t>(alloc.getBytes())};
  int64_t first = 0;
  for (Value at = pointer; at != alloc.getResult();) {
    if (auto cast = at.getDefiningOp<CastOp>()) {
      at = cast.getBase();
      continue;
    }
    auto offset = at.getDefiningOp<OffsetOp>();
    std::optional<int64_t> elements =
        offset ? constantOf(offset.getElements()) : std::nullopt;
    if (!elements || *elements < 0)
      return all;
    first += *elements * elementBytes(at);
    at = offset.getBase();
  }
  SmallVector<Operand, 3> operands = operandsOf(op);
  std::optional<int64_t> count =
      operands.empty() ? std::nullopt : mostElements(op);
  if (!count || *count < 0 || *count > all.end)
    return {first, all.end};
  // As many elements a repeat as the widest has of 256 bytes.
  int64_t widest = 1, length = 0;
  for (const Operand &operand : operands)
    widest = std::max(widest, elementBytes(operand.pointer));
  int64_t each = ascend::kRepeatBytes / widest;
  int64_t repeats = std::max<int64_t>(llvm::divideCeil(*count, each), 1);
  for (const Operand &operand : operands)
    if (operand.pointer == pointer) {
      int64_t blocks = operand.blocks;
      if (!blocks)
        blocks = std::max<int64_t>(
            each * elementBytes(pointer) / ascend::kBlockBytes, 1);
      int64_t last =
          (repeats - 1) * operand.repeat + (blocks - 1) * operand.block;
      length = std::max(length, (last + 1) * ascend::kBlockBytes);
    }
  return {first, length ? std::min(all.end, first + length) : all.end};
}

/// What a number grows by while `position` does by 1, if it is that times a
/// constant, or nothing.
static std::optional<int64_t> growthOf(Value number, Value position) {
  if (number == position)
    return 1;
  auto product = number.getDefiningOp<arith::MulIOp>();
  if (!product || product.getLhs() != position)
    return std::nullopt;
  return constantOf(product.getRhs());
}

Operation *Reaches::loopApart(InstructionOpInterface op, Value pointer) {
  // One burst, the last block of which it has whole.
  auto copy = dyn_cast<CopyGmToUbufAlignOp>(*op);
  auto loop = op->getParentOfType<scf::ForOp>();
  if (!copy || !loop || pointer != copy.getDst() || copy.getLeftPad() ||
      copy.getRightPad() || constantOf(copy.getBursts()) != 1)
    return nullptr;
  std::optional<int64_t> bytes = constantOf(copy.getLength()),
                         step = constantOf(loop.getStep());
  if (!bytes || !step || *step < 1)
    return nullptr;
  int64_t apart = 0; // bytes from one iteration's to the next one's
  for (Value at = pointer; !at.getDefiningOp<AllocOp>();) {
    if (auto cast = at.getDefiningOp<CastOp>()) {
      at = cast.getBase();
      continue;
    }
    auto offset = at.getDefiningOp<OffsetOp>();
    if (!offset)
      return nullptr;
    Value elements = offset.getElements();
    if (std::optional<int64_t> growth =
            growthOf(elements, loop.getInductionVar());
        growth && *growth > 0 && !apart)
      apart = *growth * *step * elementBytes(at);
    else if (loop.getRegion().isAncestor(elements.getParentRegion()) &&
             !constantOf(elements))
      return nullptr;
    at = offset.getBase();
  }
  return apart >= static_cast<int64_t>(
                      llvm::alignTo(*bytes, ascend::kBlockBytes))
             ? loop
             : nullptr;
}
