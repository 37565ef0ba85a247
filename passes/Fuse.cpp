// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Partitions an operator's body into groups, one launch each.

#include "passes/AxisSet.h"
#include "passes/Chain.h"
#include "passes/Inouts.h"
#include "passes/Passes.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/RunningMax.h"
#include "dialect/SortOps.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace gemel;

namespace {

/// One value that is stored, and the launch that stores it.
struct Root {
  Value value;
  AxisSet work;     ///< axes that work items walk
  bool contraction; ///< a dot is computed in it
  bool product;     ///< by a matrix unit, from memory
  int level = 0;    ///< launches that must have run before
  int group = -1;
};

class Fusion {
public:
  Fusion(OpOp op, MachineAttr machine)
      : op(op), machine(machine), block(op.getBody().front()),
        returns(cast<ReturnOp>(block.back())) {}
  void run();

private:
  void chooseStored();
  void findChains();
  std::optional<Chain> chainOf(Value value);
  bool shareChain(const Root &a, const Root &b);
  void storeWhatRowsRepeat();
  void storeWhatJoinsRepeat(ReductionOpInterface reduction);
  bool isProduct(Operation *o);
  void storeBesideProducts();
  void storeOtherLanes();
  void storeWhatPositionsRepeat();
  /// Later launches load a barrier, for `reason`; other stored values they
  /// recompute, which costs nothing where both end up in one launch.
  bool store(Value value, StringRef reason);
  SmallVector<Operation *> coneOf(Value value) { return cone(value, barriers); }
  /// Whether a launch has it from memory.
  bool isArray(Value value) {
    return !value.getDefiningOp() || barriers.contains(value);
  }
  bool heavy(Value value);
  bool isComputed(Value value);
  bool onlyElementwiseUses(Value value);
  void describe(Root &root);
  void group();
  void joinRuns();
  AxisSet cutAxes(ArrayRef<Root *> members);
  bool areRowRuns(ArrayRef<Root *> members);
  bool shareReads(ArrayRef<Root *> a, ArrayRef<Root *> b, StringAttr axis);
  void layOut();
  void build();

  OpOp op;
  MachineAttr machine;
  Block &block;
  ReturnOp returns;
  llvm::SetVector<Value> stored;
  llvm::DenseSet<Value> barriers;
  llvm::DenseMap<Value, StringRef> reasons;
  llvm::DenseSet<Value> beside;  ///< barriers for what a matrix unit makes
  llvm::DenseSet<Value> chained; ///< products whose values stay in the unit
  SmallVector<Root> roots;
  SmallVector<SmallVector<Root *>> groups;
};

} // namespace

bool Fusion::store(Value value, StringRef reason) {
  if (!value.getDefiningOp())
    return false;
  bool fresh = stored.insert(value);
  fresh |= barriers.insert(value).second;
  reasons.try_emplace(value, reason);
  return fresh;
}

// Work that is dearer to repeat than to store and load: 4 bytes written and
// read cost about as much as this many instructions an element; a launch of its
// own, with rows enough that repeat it, as much as these.
static constexpr int64_t kDearInstructions = 8, kLaunchInstructions = 32;

/// Of the elementwise ops that compute it, for one element.
static int64_t instructionsOf(ArrayRef<Operation *> ops) {
  int64_t instructions = 0;
  for (Operation *o : ops)
    if (auto elementwise = dyn_cast<ElementwiseOpInterface>(o))
      if (!isa<WidenOp, ConstantOp, SizeOp, PosOp, CastOp>(o))
        instructions += elementwise.getInstructionCount();
  return instructions;
}

bool Fusion::heavy(Value value) {
  if (barriers.contains(value) || !value.getDefiningOp())
    return false;
  SmallVector<Operation *> ops = coneOf(value);
  return llvm::any_of(
             ops, [](Operation *o) { return reduces(o) || isa<AtOp>(o); }) ||
         instructionsOf(ops) >= kDearInstructions;
}

/// Whether there is anything to do for it.
bool Fusion::isComputed(Value value) {
  return !barriers.contains(value) && value.getDefiningOp() &&
         instructionsOf(coneOf(value)) > 0;
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

/// The products that a matrix unit chains to `value`.
std::optional<Chain> Fusion::chainOf(Value value) {
  if (!value.getDefiningOp())
    return std::nullopt;
  return findChain(coneOf(value), op, machine,
                   [&](Value operand) { return isArray(operand); });
}

/// Products all of whose uses are running reductions that a matrix unit chains
/// to them.
void Fusion::findChains() {
  llvm::MapVector<Value, SmallVector<Operation *>> ends;
  for (Operation &o : block)
    if (isa<ReductionOpInterface>(o))
      if (std::optional<Chain> chain = chainOf(o.getResult(0));
          chain && chain->first != &o)
        ends[chain->first->getResult(0)].push_back(&o);
  for (auto &[first, reductions] : ends) {
    llvm::SetVector<Value> reached;
    reached.insert(first);
    bool all = true;
    for (size_t i = 0; i < reached.size(); ++i)
      for (Operation *user : reached[i].getUsers()) {
        if (llvm::is_contained(reductions, user))
          continue;
        all &= isa<ElementwiseOpInterface>(user);
        if (user->getNumResults() == 1)
          reached.insert(user->getResult(0));
      }
    if (all)
      chained.insert(first);
  }
}

/// Of values that one launch may then give: a step holds all lanes of either.
bool Fusion::shareChain(const Root &a, const Root &b) {
  std::optional<Chain> one = chainOf(a.value), other = chainOf(b.value);
  return one && other && one->first == other->first &&
         holdsLanes(*one, op, machine) && holdsLanes(*other, op, machine);
}

void Fusion::chooseStored() {
  for (Value value : returns.getValues())
    if (value.getDefiningOp())
      stored.insert(value);
  findChains();
  for (Operation &o : block) {
    if (isa<PlacingOpInterface>(o)) {
      store(o.getResult(0), "every position of it may come from any term");
      for (Value operand : o.getOperands())
        if (heavy(operand) || (isa<ArgsortOp>(o) && isComputed(operand)))
          store(operand, "'put' would compute it again for each position");
    } else if (isa<RelayoutOp>(o)) {
      store(o.getResult(0), "its memory order is the one that is read");
    } else if (auto at = dyn_cast<AtOp>(o)) {
      if (llvm::any_of(coneOf(at.getSource()), reduces))
        store(at.getSource(), "'at' reads it at any position");
    } else if (auto reduction = dyn_cast<ReductionOpInterface>(o)) {
      FailureOr<std::optional<RunningMax>> max = findRunningMax(&o);
      bool running = succeeded(max) && *max;
      if (reduction.getRunAxis())
        store(o.getResult(0), "the runs meet when all of them are there");
      storeWhatJoinsRepeat(reduction);
      if (reduction.isContraction()) {
        if (!onlyElementwiseUses(o.getResult(0)) && !running &&
            !chained.contains(o.getResult(0)))
          store(o.getResult(0),
                "a 'dot' with other than elementwise uses is not fused yet");
        for (Value operand : o.getOperands())
          if (!running && heavy(operand))
            store(operand, "'dot' would compute it again for each tile");
      }
      if (running && (*max)->max.getOperand().getDefiningOp() &&
          llvm::any_of(coneOf((*max)->max.getOperand()), [&](Operation *made) {
            return reduces(made) && !chained.contains(made->getResult(0));
          }))
        store((*max)->max.getOperand(),
              "a running max over a 'dot' is not fused yet");
    }
  }
  storeBesideProducts();
  storeWhatRowsRepeat();
  storeOtherLanes();
  storeWhatPositionsRepeat();
}

/// Lanes in step are those of one axis: a reduction along another, which the
/// arrays that it reads end with, would have one.
void Fusion::storeOtherLanes() {
  if (machine.getTeam() > 1)
    return;
  for (size_t i = 0; i < stored.size(); ++i) {
    SmallVector<Operation *> ops = coneOf(stored[i]);
    // A running max is no value before what runs with it is done.
    if (llvm::any_of(ops, [](Operation *o) {
          FailureOr<std::optional<RunningMax>> max = findRunningMax(o);
          return succeeded(max) && *max;
        }))
      continue;
    StringAttr lane = laneAxis({stored[i]}, ops);
    for (Operation *o : ops) {
      auto reduction = dyn_cast<ReductionOpInterface>(o);
      if (!reduction || reduction.isContraction() ||
          o->getResult(0) == stored[i] ||
          hasAxis(o->getOperand(0).getType(), lane))
        continue;
      if (llvm::is_contained(reduction.getReducedAxes(),
                             axesOf(o->getOperand(0)).back()))
        store(o->getResult(0), "its lanes are those of another axis");
    }
  }
}

/// A product that a matrix unit makes of what stands in memory.
bool Fusion::isProduct(Operation *o) {
  auto dot = dyn_cast<ReductionOpInterface>(o);
  return dot && multipliesMemory(dot, machine) &&
         dot.getReducedAxes().size() == 1 &&
         dot.getReductionOrder().getKind() == OrderKind::Default;
}

/// The launch of such a product has one reduction: others, that no other one
/// depends on, are stored, as are its operands.
void Fusion::storeBesideProducts() {
  auto product = [&](Operation *o) { return isProduct(o); };
  for (Operation &o : block)
    if (product(&o))
      for (Value operand : o.getOperands())
        if (Operation *made = operand.getDefiningOp();
            made && !isa<WidenOp>(made))
          store(operand, "the matrix unit reads it from memory");
  for (size_t i = 0; i < stored.size(); ++i) {
    llvm::SetVector<Operation *> reductions;
    for (Operation *o : coneOf(stored[i]))
      if (reduces(o))
        reductions.insert(o);
    if (reductions.size() < 2 || llvm::none_of(reductions, product))
      continue;
    llvm::SetVector<Operation *> outer = reductions;
    for (Operation *o : reductions)
      if (o->getResult(0) != stored[i])
        for (Operation *within : coneOf(o->getResult(0)))
          if (within != o)
            outer.remove(within);
    bool isOne = llvm::count_if(outer, product) == 1;
    for (Operation *o : outer)
      if (o->getResult(0) != stored[i] && !(isOne && product(o))) {
        store(o->getResult(0), "a matrix unit's launch has one reduction");
        beside.insert(o->getResult(0));
      }
  }
}

/// Positions of several axes taken as one are walked together: a reduction
/// inside that keeps some of these axes would be repeated along the others.
void Fusion::storeWhatJoinsRepeat(ReductionOpInterface reduction) {
  SmallVector<StringAttr> joined = reduction.getReducedAxes();
  if (joined.size() < 2)
    return;
  for (Operation *o : coneOf(reduction->getResult(0)))
    if (o != reduction && reduces(o) &&
        llvm::any_of(joined, [&](StringAttr axis) {
          return hasAxis(o->getResult(0).getType(), axis);
        }))
      store(o->getResult(0), "a reduction over several axes would repeat it");
}

/// A reduction whose axes share nothing with the loops around it would be
/// repeated by each of them, or, where they share only the lanes' axis, would
/// leave all rows to one work item.
void Fusion::storeWhatRowsRepeat() {
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < stored.size(); ++i) {
      AxisSet work = axisSet(stored[i]);
      StringAttr lane = laneAxis({stored[i]}, coneOf(stored[i]));
      for (Operation *o : coneOf(stored[i])) {
        if (!reduces(o) || o->getResult(0) == stored[i])
          continue;
        AxisSet common = intersect(work, axisSet(o->getResult(0)));
        bool lonely =
            common.size() == 1 && common.contains(lane) && work.size() > 1;
        if ((common.empty() && !work.empty()) || lonely)
          changed |= store(o->getResult(0), "rows would compute it again");
        else
          work = common;
      }
    }
  }
}

/// The axes that work items of a value walk: those that all reductions on the
/// way to it keep.
static AxisSet workOf(Value value, ArrayRef<Operation *> ops) {
  AxisSet work = axisSet(value);
  for (Operation *o : ops)
    if (reduces(o) && o->getResult(0) != value)
      work = intersect(work, axisSet(o->getResult(0)));
  return work;
}

/// A value that lacks axes of the work items, such as the angles of positions
/// that all heads share, is computed again at each position of these.
void Fusion::storeWhatPositionsRepeat() {
  for (size_t i = 0; i < stored.size(); ++i) {
    SmallVector<Operation *> ops = coneOf(stored[i]);
    AxisSet work = workOf(stored[i], ops);
    for (Operation *o : ops)
      for (Value operand : o->getOperands()) {
        AxisSet axes = axisSet(operand);
        auto lacks = [&](StringAttr axis) { return !axes.contains(axis); };
        // What a later op of the same axes computes from it is stored instead.
        if (axes.empty() || !operand.getDefiningOp() ||
            barriers.contains(operand) || llvm::none_of(work, lacks) ||
            sameSet(axisSet(o->getResult(0)), axes) || reduces(o) ||
            !isa<ElementwiseOpInterface>(operand.getDefiningOp()))
          continue;
        SmallVector<Operation *> made = coneOf(operand);
        if (llvm::none_of(made, reduces) &&
            instructionsOf(made) >= kLaunchInstructions)
          store(operand, "positions that share it would compute it again");
      }
  }
}

void Fusion::describe(Root &root) {
  SmallVector<Operation *> ops = coneOf(root.value);
  root.work = workOf(root.value, ops);
  root.contraction = root.product = false;
  for (Operation *o : ops) {
    auto reduction = dyn_cast<ReductionOpInterface>(o);
    root.contraction |= reduction && reduction.isContraction();
    root.product |= isProduct(o);
  }
  for (Operation *o : ops) {
    for (Value operand : o->getOperands())
      for (Root &other : roots)
        if (other.value == operand && barriers.contains(operand) &&
            operand != root.value) {
          // What is no product may be made where the barrier is.
          bool joins = beside.contains(operand) && !root.contraction &&
                       !other.contraction && sameSet(root.work, other.work);
          root.level = std::max(root.level, other.level + !joins);
        }
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
    auto placing = root.value.getDefiningOp<PlacingOpInterface>();
    for (auto &members : groups) {
      Root &first = *members.front();
      Operation *other = first.value.getDefiningOp();
      bool joins =
          placing ? placing.joins(other) : !isa<PlacingOpInterface>(other);
      if (joins && first.level == root.level &&
          first.contraction == root.contraction &&
          sameSet(first.work, root.work) &&
          (!root.contraction ||
           (sameSet(axisSet(first.value), axisSet(root.value)) &&
            !first.product && !root.product) ||
           shareChain(first, root))) {
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
  joinRuns();
  llvm::stable_sort(groups, [](auto &a, auto &b) {
    return a.front()->level < b.front()->level;
  });
}

/// The axes that the work items of a group have in runs.
AxisSet Fusion::cutAxes(ArrayRef<Root *> members) {
  AxisSet cut;
  for (Root *root : members)
    for (StringAttr axis : root->work)
      if (StringAttr base = op.getCutAxis(axis))
        cut.insert(base);
  return cut;
}

/// True if work items have whole rows, summed position by position.
bool Fusion::areRowRuns(ArrayRef<Root *> members) {
  return llvm::any_of(members, [&](Root *root) {
    return llvm::any_of(root->work, [&](StringAttr axis) {
      return op.getCutAxis(axis) &&
             machine.areRowRuns(op.getAxis(op.findAxis(axis)).getRuns());
    });
  });
}

/// True if both read an array that has `axis`.
bool Fusion::shareReads(ArrayRef<Root *> a, ArrayRef<Root *> b,
                        StringAttr axis) {
  auto readsOf = [&](ArrayRef<Root *> members) {
    llvm::DenseSet<Value> reads;
    for (Root *root : members)
      for (Operation *o : coneOf(root->value))
        for (Value operand : o->getOperands())
          if (hasAxis(operand.getType(), axis) && isArray(operand))
            reads.insert(operand);
    return reads;
  };
  llvm::DenseSet<Value> first = readsOf(a);
  return llvm::any_of(readsOf(b), [&](Value v) { return first.contains(v); });
}

/// A launch that gives one value of each run of positions, and one that gives
/// something for each position, become one that does both run by run, if what
/// they read is then read once: from memory, and again from beside the unit, or
/// by steps that hold all of a row.
void Fusion::joinRuns() {
  for (auto &runs : groups) {
    if (runs.empty() || !(machine.getCache() > 0 || areRowRuns(runs)))
      continue;
    for (StringAttr axis : cutAxes(runs))
      for (auto &rows : groups) {
        if (&rows == &runs || rows.empty() || runs.empty())
          continue;
        Root &first = *runs.front();
        bool joins = llvm::all_of(rows, [&](Root *root) {
          return root->level == first.level && !root->contraction &&
                 !isa<PlacingOpInterface>(root->value.getDefiningOp()) &&
                 root->work.contains(axis) &&
                 laneAxis({root->value}, coneOf(root->value)) != axis;
        });
        if (!joins || first.contraction || !shareReads(runs, rows, axis))
          continue;
        llvm::append_range(runs, rows);
        rows.clear();
      }
  }
  llvm::erase_if(groups, [](auto &members) { return members.empty(); });
}

/// What is stored has its axes in the order of an array that is returned for
/// it, else of one that it is made of, so that work items and what they load
/// and store follow one another in memory. What is in another order on purpose
/// stays so, and a product's last axis, for which `relayout` laid its operands.
void Fusion::layOut() {
  for (const Root &root : roots) {
    Value value = root.value;
    // Ops of other types have their order from what they place.
    if (!isa<TypedOpInterface>(value.getDefiningOp()))
      continue;
    auto inOrderOf = [&](ArrayRef<StringAttr> array) {
      SmallVector<StringAttr> order;
      for (StringAttr axis : array)
        if (hasAxis(value.getType(), axis))
          order.push_back(axis);
      return order;
    };
    SmallVector<SmallVector<StringAttr>> orders;
    for (OpOperand &use : value.getUses())
      if (use.getOwner() == returns) {
        auto argument = op.getStoredArgument(use.getOperandNumber());
        auto axes = argument.getAxes().getAsRange<StringAttr>();
        orders.push_back(inOrderOf(SmallVector<StringAttr>(axes)));
      }
    if (orders.empty() && !isa<RelayoutOp>(value.getDefiningOp()))
      for (Operation *o : coneOf(value))
        for (Value operand : o->getOperands())
          if (isArray(operand))
            orders.push_back(inOrderOf(axesOf(operand)));
    ArrayRef<StringAttr> axes = axesOf(value);
    llvm::erase_if(orders, [&](auto &order) {
      return order.size() != axes.size() || axes.empty() ||
             (root.contraction && order.back() != axes.back());
    });
    if (!orders.empty() && !llvm::is_contained(orders, axes))
      value.setType(
          ArrayType::get(op.getContext(), orders.front(), elementOf(value)));
  }
}

void Fusion::build() {
  OpBuilder b(returns);
  IRMapping outside;
  for (auto [number, members] : llvm::enumerate(groups)) {
    llvm::SetVector<Operation *> all;
    for (Root *root : members) {
      auto ops = coneOf(root->value);
      all.insert(ops.begin(), ops.end());
    }
    // A stored value that another member computes is that member's op.
    for (Root *root : members)
      all.insert(root->value.getDefiningOp());
    SmallVector<Operation *> ops(all.begin(), all.end());
    llvm::sort(
        ops, [](Operation *a, Operation *c) { return a->isBeforeInBlock(c); });
    SmallVector<Type> types;
    for (Root *root : members)
      types.push_back(root->value.getType());
    std::string name = "g" + std::to_string(number);
    auto groupOp = GroupOp::create(b, members.front()->value.getLoc(), types,
                                   name, PlanAttr());
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
  for (const Root &root : roots) {
    Value result = outside.lookup(root.value);
    if (llvm::any_of(result.getUsers(),
                     [&](Operation *user) { return user != returns; }))
      emitRemark(root.value.getLoc())
          << "this value crosses launches by way of memory: "
          << reasons.lookup(root.value);
  }
  // What the groups cloned is dead; statements have done their part.
  SmallVector<Operation *> originals =
      llvm::to_vector(llvm::make_pointer_range(block.without_terminator()));
  for (Operation *o : llvm::reverse(originals))
    if (!isa<GroupOp, RequireOp>(o) && o->use_empty())
      o->erase();
}

void Fusion::run() {
  chooseStored();
  group();
  layOut();
  build();
  orderInouts(op);
}

void gemel::fuse(OpOp op, MachineAttr machine) { Fusion(op, machine).run(); }
