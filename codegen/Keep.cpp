// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Decides what the backward reads from memory and what it computes again.

#include "codegen/Keep.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/ReduceOps.h"
#include "dialect/Silence.h"
#include "dialect/Words.h"
#include "passes/Cost.h"
#include "passes/Differentiate.h"
#include "passes/Passes.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace gemel;

// Values weighed of one operator; each costs a derivation and a fusion.
static constexpr size_t kMostWeighed = 32;

namespace {
struct Moved {
  double bytes;
  double held; ///< by the value in question; 0 if the backward does not read it
};
} // namespace

static double bytesMoved(OpOp op, const llvm::StringMap<int64_t> &given) {
  MachineAttr machine = anyMachine(op.getContext());
  if (failed(toGroups(op, machine, PlanOp())))
    return std::numeric_limits<double>::infinity();
  llvm::StringMap<int64_t> sizes = assumeSizes(op, given);
  double bytes = 0;
  for (GroupOp group : op.getBody().getOps<GroupOp>())
    bytes += costOf(group, sizes, machine).bytes();
  return bytes;
}

/// Bytes that forward and backward move as `op` is now, or nothing if it has no
/// backward; that is reported where it is derived for good.
static std::optional<Moved> weigh(Program &program, OpOp op, StringRef name) {
  Silence silence(op.getContext());
  FailureOr<Instance> instance = program.instantiate(op, bindingsOf(op)[0]);
  if (failed(instance))
    return std::nullopt;
  FailureOr<Derivative> derivative = differentiate(*instance->op);
  if (failed(derivative))
    return std::nullopt;
  OpOp backward = *derivative->backward;
  double held = 0;
  for (Attribute attr : backward.getParameters())
    if (auto parameter = cast<ArgumentAttr>(attr);
        parameter.getName().getValue() == name)
      held = bytesOf(parameter, op.getContext(),
                     assumeSizes(backward, program.sizes));
  return Moved{bytesMoved(*derivative->training, program.sizes) +
                   bytesMoved(backward, program.sizes),
               held};
}

/// Values of the body that are behind a reduction, a dot or a call, and that
/// no statement saves; last first.
static SmallVector<Operation *> candidatesOf(OpOp op) {
  llvm::DenseSet<Operation *> deep, given;
  SmallVector<Operation *> candidates;
  for (Operation &o : op.getBody().front()) {
    auto in = [&](const llvm::DenseSet<Operation *> &set) {
      return llvm::any_of(o.getOperands(), [&](Value v) {
        return v.getDefiningOp() && set.contains(v.getDefiningOp());
      });
    };
    if (isa<CotangentOp>(o) || in(given)) {
      given.insert(&o);
      continue;
    }
    if (o.getNumResults() != 1 || isa<ConstantOp, PosOp, SizeOp>(o))
      continue;
    if (!isa<ReduceOp, DotOp, CallOp>(o) && !in(deep))
      continue;
    deep.insert(&o);
    if (llvm::none_of(o.getUsers(), [](Operation *user) {
          return isa<SaveOp, RequireOp>(user);
        }))
      candidates.push_back(&o);
  }
  std::reverse(candidates.begin(), candidates.end());
  if (candidates.size() > kMostWeighed)
    candidates.resize(kMostWeighed);
  return candidates;
}

/// "h", or "'dot' at 12:9".
static std::string placeOf(Operation *o) {
  Location loc = o->getLoc();
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName().str();
  auto call = dyn_cast<CallOp>(o);
  std::string text =
      ("'" + (call ? call.getCallee() : spelling(o)) + "'").str();
  if (auto place = dyn_cast<FileLineColLoc>(loc))
    text += (" at " + Twine(place.getLine()) + ":" + Twine(place.getColumn()))
                .str();
  return text;
}

void gemel::keepWhatPays(Program &program, OpOp op,
                         std::vector<Weighed> &weighed) {
  std::optional<Moved> without = weigh(program, op, "");
  if (!without)
    return;
  llvm::StringSet<> taken;
  for (ArrayAttr list : {op.getParameters(), op.getResults_()})
    for (Attribute attr : list)
      taken.insert(cast<ArgumentAttr>(attr).getName().getValue());
  for (SaveOp save : op.getBody().front().getOps<SaveOp>())
    taken.insert(save.getName());
  int unnamed = 0;
  for (Operation *o : candidatesOf(op)) {
    auto loc = dyn_cast<NameLoc>(o->getLoc());
    std::string name = loc ? loc.getName().str() : "";
    while (!isFreeName(name) || taken.contains(name))
      name = "kept" + std::to_string(unnamed++);
    OpBuilder b(op.getContext());
    b.setInsertionPointAfter(o);
    auto save = SaveOp::create(b, o->getLoc(), name, o->getResult(0));
    std::optional<Moved> with = weigh(program, op, name);
    bool pays =
        with && with->held > 0 && with->bytes + with->held <= without->bytes;
    if (with && with->held > 0)
      weighed.push_back(
          {name, placeOf(o), pays, with->held, with->bytes, without->bytes});
    if (!pays) {
      save.erase();
      continue;
    }
    taken.insert(name);
    without = with;
  }
}
