// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes synchronisation out of kernels of cce.
#include "Removals.h"

#include <map>

using namespace mutation;
using namespace gemel::cce;
using llvm::SmallVector;

/// What insertSync puts into a core's kernel.
static bool isInserted(mlir::Operation *op) {
  return mlir::isa<SetFlagOp, WaitFlagOp, PipeBarrierOp>(op);
}

bool mutation::isBetweenCores(mlir::Operation *op) {
  return mlir::isa<FftsCrossCoreSyncOp, WaitFlagDevOp>(op);
}

SmallVector<KernelOp> Parts::all() const {
  return other ? SmallVector<KernelOp>{kernel, other}
               : SmallVector<KernelOp>{kernel};
}

bool Parts::areProved() const {
  for (KernelOp part : all())
    if (failed(checkSync(part)))
      return false;
  return succeeded(checkCrossCore(kernel, other));
}

Parts Parts::clone(llvm::StringRef name) const {
  Parts made = {KernelOp(kernel).clone(),
                other ? KernelOp(other).clone() : KernelOp()};
  if (!other) {
    made.kernel.setSymName(name);
    return made;
  }
  made.kernel.setSymName((name + "_mix_aic").str());
  made.other.setSymName((name + "_mix_aiv").str());
  return made;
}

Removed::Removed(llvm::ArrayRef<mlir::Operation *> ops) {
  for (mlir::Operation *op : ops) {
    places.push_back({op, op->getBlock(), op->getNextNode()});
    op->remove();
  }
}

Removed::~Removed() {
  for (auto [op, block, next] : llvm::reverse(places))
    block->getOperations().insert(
        next ? mlir::Block::iterator(next) : block->end(), op);
}

std::vector<Ops> mutation::removalsOf(KernelOp kernel) {
  std::vector<Ops> found;
  std::map<std::tuple<mlir::Block *, Pipe, Pipe, int64_t>, mlir::Operation *>
      open;
  kernel.walk([&](mlir::Operation *op) {
    if (!isInserted(op) && !isBetweenCores(op))
      return;
    found.push_back({op});
    auto side = [&](auto flag) {
      auto [it, isFirst] =
          open.insert({{op->getBlock(), flag.getFrom(), flag.getTo(),
                        static_cast<int64_t>(flag.getEvent())},
                       op});
      if (isFirst)
        return;
      found.push_back({it->second, op});
      open.erase(it);
    };
    if (auto set = mlir::dyn_cast<SetFlagOp>(op))
      side(set);
    else if (auto wait = mlir::dyn_cast<WaitFlagOp>(op))
      side(wait);
  });
  return found;
}

bool mutation::isConvention(KernelOp kernel, const Ops &removed) {
  return removed.size() == 1 &&
         removed[0] == &kernel.getBody().front().back() &&
         mlir::isa<PipeBarrierOp>(removed[0]);
}

KernelOp mutation::unplanned(KernelOp kernel) {
  KernelOp bare = kernel.clone();
  Ops inserted;
  bare.walk([&](mlir::Operation *op) {
    if (isInserted(op))
      inserted.push_back(op);
    if (auto alloc = mlir::dyn_cast<AllocOp>(op))
      alloc.removeAddressAttr();
  });
  for (mlir::Operation *op : inserted)
    op->erase();
  return bare;
}
