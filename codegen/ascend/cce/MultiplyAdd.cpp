// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A product and the sum that takes it, as one instruction.
//
// The unit has three that round the product, then the sum, as two would: vmla
// and vaxpy add to what their destination holds, vmadd multiplies that. So one
// of the operands has to be done with there, and the sum stands where it stood.
// One instruction takes less time than two, and no one waits for the product. A
// difference, which takes longer than a sum, is one with -1 times its number.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

/// An operand, as instructions with two sources have it.
struct Operand {
  Value pointer;
  int64_t block, repeat; ///< strides
  bool isDense() const { return block == 1 && repeat == 8; }
};

/// a * b, or a times a number.
struct Product {
  Operation *op;
  Operand a, b;
  Value number;
};

/// What is added to a product: a row or a number. `isMinus`: what the product
/// is taken from.
struct Sum {
  Operation *op;
  Value dst, repeat;
  Operand other;
  FloatAttr number;
  bool isMinus;
};

/// Goes through the sums of a block.
class Joining {
public:
  Joining(Block &block, llvm::MapVector<Attribute, Value> &constants)
      : block(block), constants(constants) {}
  void run();

private:
  AllocOp ownOf(Value pointer) const;
  bool isBehind(Operation *user, Operation *op) const;
  bool isDoneBehind(AllocOp buffer, Operation *op) const;
  bool mayStandAt(Value place, const Sum &sum) const;
  std::optional<Product> productOf(Value pointer, const Sum &sum) const;
  Operand constantOf(Operation *op, FloatAttr value);
  Value addToSummand(const Sum &sum, const Product &product);
  Value multiplyFactor(const Sum &sum, const Product &product);
  Value addToNumber(const Sum &sum, const Product &product);
  void finish(const Sum &sum, Value place);
  void join(Operation *op);

  Block &block;
  llvm::MapVector<Attribute, Value> &constants;       ///< blocks of the kernel
  llvm::DenseMap<Operation *, SetVectorMaskOp> masks; ///< of instructions
};

} // namespace

/// The buffer of this block, if the pointer is its begin.
AllocOp Joining::ownOf(Value pointer) const {
  auto alloc = pointer.getDefiningOp<AllocOp>();
  return alloc && alloc->getBlock() == &block ? alloc : nullptr;
}

/// What uses a buffer, by whatever pointer.
static SmallVector<Operation *> usersOf(AllocOp buffer) {
  SmallVector<Operation *> users;
  SmallVector<Value> pointers = {buffer.getResult()};
  while (!pointers.empty())
    for (Operation *user : pointers.pop_back_val().getUsers()) {
      if (isa<OffsetOp, CastOp>(user))
        pointers.push_back(user->getResult(0));
      else
        users.push_back(user);
    }
  return users;
}

bool Joining::isBehind(Operation *user, Operation *op) const {
  return op->isBeforeInBlock(block.findAncestorOpInBlock(*user));
}

/// Whether nothing uses a buffer behind an op.
bool Joining::isDoneBehind(AllocOp buffer, Operation *op) const {
  return llvm::none_of(usersOf(buffer),
                       [&](Operation *user) { return isBehind(user, op); });
}

/// Whether something between two ops writes where a pointer points to, or gives
/// its buffer away.
static bool isChanged(Value pointer, Operation *from, Operation *to) {
  Value root = rootOf(pointer);
  auto changes = [&](Operation *op) {
    if (auto release = dyn_cast<ReleaseOp>(op))
      return rootOf(release.getBuffer()) == root;
    auto instruction = dyn_cast<InstructionOpInterface>(op);
    return instruction &&
           llvm::any_of(instruction.getWrites(),
                        [&](Value written) { return rootOf(written) == root; });
  };
  for (Operation *op = from->getNextNode(); op != to; op = op->getNextNode())
    if (op->walk([&](Operation *inner) {
            return changes(inner) ? WalkResult::interrupt()
                                  : WalkResult::advance();
          }).wasInterrupted())
      return true;
  return false;
}

/// Whether a sum may stand at `place`, which nothing needs behind it, and what
/// reads it there.
bool Joining::mayStandAt(Value place, const Sum &sum) const {
  if (place == sum.dst)
    return true;
  AllocOp from = ownOf(place), to = ownOf(sum.dst);
  return from && to && from.getType() == to.getType() &&
         from.getBytes() == to.getBytes() && isDoneBehind(from, sum.op) &&
         llvm::all_of(usersOf(to), [&](Operation *user) {
           return user == sum.op || isBehind(user, sum.op);
         });
}

static Operand operand(Value pointer, uint64_t block, uint64_t repeat) {
  return {pointer, static_cast<int64_t>(block), static_cast<int64_t>(repeat)};
}

/// The product that a sum reads, if nothing else does, and it may as well be
/// computed where the sum is.
std::optional<Product> Joining::productOf(Value pointer, const Sum &sum) const {
  AllocOp buffer = ownOf(pointer);
  if (!buffer)
    return std::nullopt;
  SmallVector<Operation *> users = usersOf(buffer);
  if (users.size() != 2 || !llvm::is_contained(users, sum.op))
    return std::nullopt;
  Operation *op = users[0] == sum.op ? users[1] : users[0];
  if (op->getBlock() != &block)
    return std::nullopt;
  std::optional<Product> product;
  auto see = [&](auto mul, Operand a, Operand b, Value number) {
    if (mul.getDst() == pointer && mul.getDstBlk() == 1 &&
        mul.getDstRep() == 8 && mul.getRepeat() == sum.repeat)
      product = {op, a, b, number};
  };
  if (auto mul = dyn_cast<VmulOp>(op))
    see(mul, operand(mul.getSrc0(), mul.getSrc0Blk(), mul.getSrc0Rep()),
        operand(mul.getSrc1(), mul.getSrc1Blk(), mul.getSrc1Rep()), {});
  else if (auto mul = dyn_cast<VmulsOp>(op))
    see(mul, operand(mul.getSrc(), mul.getSrcBlk(), mul.getSrcRep()), {},
        mul.getScalar());
  if (!product || !isSameMask(masks.lookup(op), masks.lookup(sum.op)) ||
      isChanged(product->a.pointer, op, sum.op) ||
      (product->b.pointer && isChanged(product->b.pointer, op, sum.op)))
    return std::nullopt;
  return product;
}

/// A block of a number, filled where the kernel begins.
Operand Joining::constantOf(Operation *op, FloatAttr value) {
  Value &known = constants[value];
  if (!known) {
    auto kernel = op->getParentOfType<KernelOp>();
    auto counts = *kernel.getBody().front().getOps<SetMaskCountOp>().begin();
    OpBuilder b(kernel.getContext());
    b.setInsertionPointAfter(counts);
    Location loc = op->getLoc();
    auto number = [&](int64_t n) -> Value {
      return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(n));
    };
    known = AllocOp::create(
        b, loc, PtrType::get(b.getContext(), Space::Ub, b.getF32Type()),
        ascend::kBlockBytes, IntegerAttr());
    SetVectorMaskOp::create(b, loc, number(0), number(ascend::kBlockBytes / 4));
    Value scalar = arith::ConstantOp::create(b, loc, value);
    VectorDupOp::create(b, loc, known, scalar, number(1), 1, 8);
  }
  return {known, 0, 0};
}

/// What is known to be that number, if C has a literal of it.
static FloatAttr constant(Value scalar) {
  FloatAttr value;
  bool isKnown = matchPattern(scalar, m_Constant(&value));
  return isKnown && value.getValue().isFinite() ? value : FloatAttr();
}

static FloatAttr negated(FloatAttr value) {
  return FloatAttr::get(value.getType(), -value.getValue());
}

/// Adds the product where the summand stands, and returns that, or null.
Value Joining::addToSummand(const Sum &sum, const Product &product) {
  const Operand &other = sum.other;
  // A factor may be the very same.
  auto meetsOther = [&](const Operand &factor) {
    return factor.pointer && rootOf(factor.pointer) == rootOf(other.pointer) &&
           !(factor.pointer == other.pointer && factor.isDense());
  };
  if (sum.number || !other.isDense() || meetsOther(product.a) ||
      meetsOther(product.b) || !mayStandAt(other.pointer, sum))
    return {};
  OpBuilder b(sum.op);
  Location loc = sum.op->getLoc();
  if (!product.number) {
    if (sum.isMinus)
      return {};
    VmlaOp::create(b, loc, other.pointer, product.a.pointer, product.b.pointer,
                   sum.repeat, 1, product.a.block, product.b.block, 8,
                   product.a.repeat, product.b.repeat);
    return other.pointer;
  }
  Value number = product.number;
  if (sum.isMinus) {
    FloatAttr value = constant(number);
    if (!value)
      return {};
    number = arith::ConstantOp::create(b, loc, negated(value));
  }
  VaxpyOp::create(b, loc, other.pointer, product.a.pointer, number, sum.repeat,
                  1, product.a.block, 8, product.a.repeat);
  return other.pointer;
}

/// Multiplies a factor where it stands, and adds there, and returns that, or
/// null.
Value Joining::multiplyFactor(const Sum &sum, const Product &product) {
  FloatAttr factor;
  if (product.number && !(factor = constant(product.number)))
    return {};
  if (sum.isMinus && !factor)
    return {};
  std::pair<Operand, Operand> ways[] = {{product.a, product.b},
                                        {product.b, product.a}};
  for (auto [mine, its] : ways) {
    AllocOp buffer = mine.pointer ? ownOf(mine.pointer) : nullptr;
    if (!buffer || !mine.isDense() ||
        (its.pointer && rootOf(its.pointer) == buffer.getResult()) ||
        !isDoneBehind(buffer, product.op) || !mayStandAt(mine.pointer, sum))
      continue;
    if (factor)
      its = constantOf(sum.op, sum.isMinus ? negated(factor) : factor);
    Operand other = sum.number ? constantOf(sum.op, sum.number) : sum.other;
    OpBuilder b(sum.op);
    VmaddOp::create(b, sum.op->getLoc(), mine.pointer, its.pointer,
                    other.pointer, sum.repeat, 1, its.block, other.block, 8,
                    its.repeat, other.repeat);
    return mine.pointer;
  }
  return {};
}

/// Adds to a row of the number, which waits for nothing, and returns that, or
/// null.
Value Joining::addToNumber(const Sum &sum, const Product &product) {
  if (!sum.number || !product.number ||
      rootOf(product.a.pointer) == rootOf(sum.dst))
    return {};
  OpBuilder b(sum.op);
  Location loc = sum.op->getLoc();
  Value number = arith::ConstantOp::create(b, loc, sum.number);
  VectorDupOp::create(b, loc, sum.dst, number, sum.repeat, 1, 8);
  VaxpyOp::create(b, loc, sum.dst, product.a.pointer, product.number,
                  sum.repeat, 1, product.a.block, 8, product.a.repeat);
  return sum.dst;
}

/// Leaves the result at `place` for who reads it where `sum` left it.
void Joining::finish(const Sum &sum, Value place) {
  Value dst = sum.dst;
  if (place != dst) {
    dst.replaceAllUsesWith(place);
    dst.getDefiningOp()->erase();
  }
  masks[sum.op->getPrevNode()] = masks.lookup(sum.op);
  masks.erase(sum.op);
  sum.op->erase();
}

void Joining::join(Operation *op) {
  struct Way {
    Value product;
    Sum sum;
  };
  SmallVector<Way, 2> ways;
  auto see = [&](auto add, const Operand &product, const Operand &other,
                 FloatAttr number, bool isMinus) {
    if (product.isDense() && add.getDstBlk() == 1 && add.getDstRep() == 8)
      ways.push_back(
          {product.pointer,
           {op, add.getDst(), add.getRepeat(), other, number, isMinus}});
  };
  auto first = [](auto add) {
    return operand(add.getSrc0(), add.getSrc0Blk(), add.getSrc0Rep());
  };
  auto second = [](auto add) {
    return operand(add.getSrc1(), add.getSrc1Blk(), add.getSrc1Rep());
  };
  auto sub = dyn_cast<VsubOp>(op);
  if (auto add = dyn_cast<VaddOp>(op)) {
    see(add, second(add), first(add), {}, /*isMinus=*/false);
    see(add, first(add), second(add), {}, /*isMinus=*/false);
  } else if (sub) {
    see(sub, second(sub), first(sub), {}, /*isMinus=*/true);
  } else if (auto add = dyn_cast<VaddsOp>(op)) {
    if (FloatAttr number = constant(add.getScalar()))
      see(add, operand(add.getSrc(), add.getSrcBlk(), add.getSrcRep()), {},
          number, /*isMinus=*/false);
  }
  for (auto form : {&Joining::addToSummand, &Joining::multiplyFactor,
                    &Joining::addToNumber})
    for (auto &[pointer, sum] : ways) {
      std::optional<Product> product = productOf(pointer, sum);
      Value place = product ? (this->*form)(sum, *product) : Value();
      if (!place)
        continue;
      product->op->erase();
      return finish(sum, place);
    }
  if (!sub || sub.getDstBlk() != 1 || sub.getDstRep() != 8)
    return;
  // A difference takes longer than what adds the number times -1.
  OpBuilder b(op);
  Operand taken = second(sub);
  Sum sum = {op, sub.getDst(), sub.getRepeat(), first(sub), {}, true};
  Value number =
      arith::ConstantOp::create(b, op->getLoc(), b.getF32FloatAttr(1));
  Product product = {nullptr, taken, {}, number};
  if (Value place = addToSummand(sum, product))
    return finish(sum, place);
  number.getDefiningOp()->erase();
}

void Joining::run() {
  SetVectorMaskOp now; // none: unknown
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (op.getNumRegions()) {
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          Joining(inner, constants).run();
      now = {}; // whatever it leaves
    } else if (auto mask = dyn_cast<SetVectorMaskOp>(op)) {
      now = mask;
    } else if (isa<SetMaskNormOp, SetMaskCountOp>(op)) {
      now = {};
    } else if (auto one = dyn_cast<InstructionOpInterface>(op);
               one && one.getPipe() == Pipe::V) {
      masks[&op] = now;
      Value written = one.getWrites().empty() ? Value() : one.getWrites()[0];
      if (now && written &&
          cast<PtrType>(written.getType()).getElement().isF32())
        join(&op);
    }
  }
}

void cce::multiplyAdd(KernelOp kernel) {
  llvm::MapVector<Attribute, Value> constants;
  auto counts = kernel.getBody().front().getOps<SetMaskCountOp>();
  if (counts.empty() || !ascend::kRoundsProducts) // it counts no elements
    return;
  for (Block &block : kernel.getBody())
    Joining(block, constants).run();
}
