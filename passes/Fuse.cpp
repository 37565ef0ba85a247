// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Partitions an operator's body into groups, one launch each.

#include "passes/Passes.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/Interfaces.h"
#include "dialect/RunningMax.h"
#include "dialect/TypeRules.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace gemel;

namespace {

using AxisSet = llvm::SmallSetVector<StringAttr, 8>;

AxisSet axisSet(Value value) {
  AxisSet set;
  for (StringAttr axis : axesOf(value))
    set.insert(axis);
  return set;
}

AxisSet intersect(const AxisSet &a, const AxisSet &b) {
  AxisSet both;
  for (StringAttr axis : a)
    if (b.contains(axis))
      both.insert(axis);
  return both;
}

bool sameSet(const AxisSet &a, const AxisSet &b) {
  return a.size() == b.size() && intersect(a, b).size() == a.size();
}

/// One value that is stored, and the launch that stores it.
struct Root {
  Value value;
  AxisSet work;          ///< axes that work items walk
  bool contraction;      ///< a dot is computed in it
  int level = 0;         ///< launches that must have run before
  int group = -1;
};

class Fusion {
public:
  explicit Fusion(OpOp op)
      : op(op), block(op.getBody().front()),
        returns(cast<ReturnOp>(block.back())) {}
  void run();

private:
  void chooseStored();
  /// Later launches load a barrier; other stored values they recompute, which
  /// costs nothing where both end up in one launch.
  bool store(Value value, bool barrier = true);
  /// The ops that compute `value` from stored values and parameters, in
  /// order.
  SmallVector<Operation *> cone(Value value);
  bool heavy(Value value);
  bool onlyElementwiseUses(Value value);
  void describe(Root &root);
  void group();
  void build();
  void orderInouts();

  OpOp op;
  Block &block;
  ReturnOp returns;
  llvm::SetVector<Value> stored;
  llvm::DenseSet<Value> barriers;
  SmallVector<Root> roots;
  SmallVector<SmallVector<Root *>> groups;
};

/// A reduction, a dot or a put: what runs over axes its value lacks.
bool reduces(Operation *o) { return isa<ReductionOpInterface, PutOp>(o); }

} // namespace

bool Fusion::store(Value value, bool barrier) {
  if (!value.getDefiningOp())
    return false;
  bool fresh = stored.insert(value);
  if (barrier)
    fresh |= barriers.insert(value).second;
  return fresh;
}

SmallVector<Operation *> Fusion::cone(Value value) {
  llvm::SetVector<Operation *> ops;
  if (Operation *o = value.getDefiningOp())
    ops.insert(o);
  for (size_t i = 0; i < ops.size(); ++i)
    for (Value operand : ops[i]->getOperands())
      if (Operation *o = operand.getDefiningOp();
          o && !barriers.contains(operand))
        ops.insert(o);
  SmallVector<Operation *> sorted(ops.begin(), ops.end());
  llvm::sort(sorted, [](Operation *a, Operation *b) {
    return a->isBeforeInBlock(b);
  });
  return sorted;
}

// Work that is dearer to repeat than to store and load: 4 bytes written and
// read cost about as much as this many instructions an element.
static constexpr int64_t kDearInstructions = 8;

bool Fusion::heavy(Value value) {
  if (barriers.contains(value) || !value.getDefiningOp())
    return false;
  int64_t instructions = 0;
  for (Operation *o : cone(value)) {
    if (reduces(o) || isa<AtOp>(o))
      return true;
    if (auto elementwise = dyn_cast<ElementwiseOpInterface>(o))
      if (!isa<WidenOp, ConstantOp, SizeOp, PosOp, CastOp>(o))
        instructions += elementwise.getInstructionCount();
  }
  return instructions >= kDearInstructions;
}

/// True if the value reaches results through elementwise ops alone.
bool Fusion::onlyElementwiseUses(Value value) {
  llvm::SetVector<Value> reached;
  reached.insert(value);
  for (size_t i = 0; i < reached.size(); ++i)
    for (Operation *user : reached[i].getUsers()) {
      if (isa<ReturnOp, SaveOp>(user)) {
        if (!sameSet(axisSet(reached[i]), axisSet(value)))
          return false;
        continue;
      }
      if (!isa<ElementwiseOpInterface>(user))
        return false;
      reached.insert(user->getResult(0));
    }
  return true;
}

void Fusion::chooseStored() {
  for (Value value : returns.getValues())
    store(value, /*barrier=*/false);
  for (Operation &o : block) {
    if (isa<PutOp>(o)) {
      store(o.getResult(0));
      if (heavy(cast<PutOp>(o).getIndex()))
        store(cast<PutOp>(o).getIndex());
      if (heavy(cast<PutOp>(o).getSource()))
        store(cast<PutOp>(o).getSource());
    } else if (auto at = dyn_cast<AtOp>(o)) {
      auto ops = cone(at.getSource());
      if (llvm::any_of(ops, reduces))
        store(at.getSource());
    } else if (auto reduction = dyn_cast<ReductionOpInterface>(o)) {
      FailureOr<std::optional<RunningMax>> max = findRunningMax(&o);
      bool running = succeeded(max) && *max;
      if (reduction.isContraction()) {
        if (!onlyElementwiseUses(o.getResult(0)) && !running)
          store(o.getResult(0));
        for (Value operand : o.getOperands())
          if (!running && heavy(operand))
            store(operand);
      }
      if (running && (*max)->max.getOperand().getDefiningOp() &&
          llvm::any_of(cone((*max)->max.getOperand()), reduces))
        store((*max)->max.getOperand());
    }
  }
  // A reduction whose axes share nothing with the loops around it would be
  // repeated by each of them.
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < stored.size(); ++i) {
      AxisSet work = axisSet(stored[i]);
      for (Operation *o : cone(stored[i])) {
        if (!reduces(o) || o->getResult(0) == stored[i])
          continue;
        AxisSet common = intersect(work, axisSet(o->getResult(0)));
        if (common.empty() && !work.empty())
          changed |= store(o->getResult(0));
        else
          work = common;
      }
    }
  }
}

void Fusion::describe(Root &root) {
  root.work = axisSet(root.value);
  root.contraction = false;
  for (Operation *o : cone(root.value)) {
    auto reduction = dyn_cast<ReductionOpInterface>(o);
    root.contraction |= reduction && reduction.isContraction();
    if (reduces(o) && o->getResult(0) != root.value)
      root.work = intersect(root.work, axisSet(o->getResult(0)));
    for (Value operand : o->getOperands())
      for (Root &other : roots)
        if (other.value == operand && barriers.contains(operand) &&
            operand != root.value)
          root.level = std::max(root.level, other.level + 1);
  }
}

void Fusion::group() {
  SmallVector<Value> values(stored.begin(), stored.end());
  llvm::sort(values, [](Value a, Value b) {
    return a.getDefiningOp()->isBeforeInBlock(b.getDefiningOp());
  });
  roots.reserve(values.size());
  for (Value value : values) {
    Root root;
    root.value = value;
    describe(root);
    roots.push_back(root);
  }
  for (Root &root : roots) {
    bool put = isa<PutOp>(root.value.getDefiningOp());
    for (auto &members : groups) {
      Root &first = *members.front();
      if (!put && first.level == root.level &&
          first.contraction == root.contraction &&
          sameSet(first.work, root.work) &&
          (!root.contraction ||
           sameSet(axisSet(first.value), axisSet(root.value))) &&
          !isa<PutOp>(first.value.getDefiningOp())) {
        members.push_back(&root);
        root.group = &members - groups.begin();
        break;
      }
    }
    if (root.group < 0) {
      root.group = groups.size();
      groups.push_back({&root});
    }
  }
  llvm::stable_sort(groups, [](auto &a, auto &b) {
    return a.front()->level < b.front()->level;
  });
}

/// The axis that most leaf arrays of a group have last in memory.
static StringAttr laneAxis(ArrayRef<Root *> members,
                           ArrayRef<Operation *> ops) {
  if (members.front()->contraction) {
    ArrayRef<StringAttr> axes = axesOf(members.front()->value);
    return axes.empty() ? StringAttr() : axes.back();
  }
  // A put asks one position at a time whether its index is the row's: lanes
  // lie along an axis that the index lacks.
  if (auto put = members.front()->value.getDefiningOp<PutOp>()) {
    for (StringAttr axis : llvm::reverse(axesOf(put.getResult())))
      if (axis != put.getAxisAttr() &&
          !hasAxis(put.getIndex().getType(), axis))
        return axis;
    return {};
  }
  llvm::SmallMapVector<StringAttr, int64_t, 8> votes;
  auto vote = [&](Value value, int64_t weight) {
    if (!axesOf(value).empty())
      votes[axesOf(value).back()] += weight * axesOf(value).size();
  };
  llvm::SmallPtrSet<Operation *, 32> inside(ops.begin(), ops.end());
  llvm::SmallPtrSet<void *, 16> seen;
  for (Operation *o : ops)
    for (Value operand : o->getOperands())
      if ((!operand.getDefiningOp() ||
           !inside.contains(operand.getDefiningOp())) &&
          seen.insert(operand.getAsOpaquePointer()).second)
        vote(operand, 2);
  for (Root *root : members)
    vote(root->value, 1);
  StringAttr best;
  for (auto [axis, count] : votes)
    if (!best || count > votes[best])
      best = axis;
  return best;
}

void Fusion::build() {
  OpBuilder b(returns);
  IRMapping outside;
  for (auto [number, members] : llvm::enumerate(groups)) {
    llvm::SetVector<Operation *> all;
    for (Root *root : members) {
      auto ops = cone(root->value);
      all.insert(ops.begin(), ops.end());
    }
    // A stored value that another member computes is that member's op.
    for (Root *root : members)
      all.insert(root->value.getDefiningOp());
    SmallVector<Operation *> ops(all.begin(), all.end());
    llvm::sort(ops, [](Operation *a, Operation *c) {
      return a->isBeforeInBlock(c);
    });
    SmallVector<Type> types;
    for (Root *root : members)
      types.push_back(root->value.getType());
    SmallVector<NamedAttribute> plan;
    SmallVector<Attribute> work;
    for (StringAttr axis : members.front()->work)
      work.push_back(axis);
    plan.push_back(b.getNamedAttr("work", b.getArrayAttr(work)));
    if (StringAttr lane = laneAxis(members, ops))
      plan.push_back(b.getNamedAttr("lane", lane));
    if (members.front()->contraction)
      plan.push_back(b.getNamedAttr("contraction", b.getUnitAttr()));
    std::string name = "g" + std::to_string(number);
    auto groupOp =
        GroupOp::create(b, members.front()->value.getLoc(), types, name,
                        b.getDictionaryAttr(plan));
    OpBuilder inner(op.getContext());
    inner.setInsertionPointToStart(&groupOp.getBody().emplaceBlock());
    IRMapping mapping = outside;
    for (Operation *o : ops)
      inner.clone(*o, mapping);
    SmallVector<Value> yields;
    for (Root *root : members)
      yields.push_back(mapping.lookup(root->value));
    YieldOp::create(inner, groupOp.getLoc(), yields);
    for (auto [root, result] : llvm::zip(members, groupOp.getResults()))
      outside.map(root->value, result);
  }
  for (OpOperand &operand : returns->getOpOperands())
    operand.set(outside.lookupOrDefault(operand.get()));
  // What the groups cloned is dead; statements have done their part.
  SmallVector<Operation *> originals = llvm::to_vector(
      llvm::make_pointer_range(block.without_terminator()));
  for (Operation *o : llvm::reverse(originals))
    if (!isa<GroupOp, RequireOp>(o) && o->use_empty())
      o->erase();
}

/// A result that is a parameter as it is, and an inout whose old value is read
/// by a later launch or at other positions, are copied by a launch of their
/// own at the end.
void Fusion::orderInouts() {
  OpBuilder b(returns);
  int copies = 0;
  auto copy = [&](OpOperand &operand) {
    Value value = operand.get();
    SmallVector<Attribute> work;
    for (StringAttr axis : axesOf(value))
      work.push_back(axis);
    SmallVector<NamedAttribute> plan = {
        b.getNamedAttr("work", b.getArrayAttr(work))};
    if (!work.empty())
      plan.push_back(b.getNamedAttr("lane", work.back()));
    auto groupOp = GroupOp::create(b, returns.getLoc(), value.getType(),
                                   "copy" + std::to_string(copies++),
                                   b.getDictionaryAttr(plan));
    OpBuilder inner(op.getContext());
    inner.setInsertionPointToStart(&groupOp.getBody().emplaceBlock());
    YieldOp::create(inner, groupOp.getLoc(), value);
    operand.set(groupOp.getResult(0));
  };
  unsigned first = op.getResults_().size();
  SmallVector<int64_t> inouts = op.getInouts();
  // Inouts that trade places are all read before the first is written.
  for (OpOperand &operand : returns->getOpOperands().drop_front(first))
    if (isa<BlockArgument>(operand.get()) &&
        operand.get() !=
            block.getArgument(inouts[operand.getOperandNumber() - first]))
      copy(operand);
  // Results first: they may copy an inout's old value.
  for (OpOperand &operand : returns->getOpOperands()) {
    unsigned i = operand.getOperandNumber();
    Value value = operand.get();
    if (i < first) {
      if (isa<BlockArgument>(value))
        copy(operand);
      continue;
    }
    BlockArgument old = block.getArgument(inouts[i - first]);
    if (value == old)
      continue;
    Operation *producer = value.getDefiningOp();
    bool hazard = !producer;
    for (Operation *user : old.getUsers()) {
      Operation *top = block.findAncestorOpInBlock(*user);
      if (top == returns || isa<RequireOp>(top))
        continue;
      // In the storing launch, only reads of the very position are safe.
      hazard |= top != producer || !isa<ElementwiseOpInterface>(user);
      if (top == producer)
        for (Operation *o : llvm::make_pointer_range(
                 cast<GroupOp>(top).getBody().front()))
          hazard |= reduces(o) || isa<AtOp>(o);
    }
    if (hazard)
      copy(operand);
  }
}

void Fusion::run() {
  chooseStored();
  group();
  build();
  orderInouts();
}

void gemel::fuse(OpOp op) { Fusion(op).run(); }
