// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Addresses of buffers: those that are not alive together may share bytes.
//
// A buffer is alive from its first use to its last one; throughout a loop if it
// is taken outside and used inside. Buffers are placed by size, the largest
// first, each at the lowest address that no placed one has while both are
// alive. What shares bytes is ordered by the synchronisation that follows: so
// bytes rest between two buffers for as long as there is room for that, and
// who takes them waits for nobody.
#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

namespace {

/// Ops that bytes rest for; the first that there is room for.
constexpr int64_t kRests[] = {64, 32, 16, 8, 0};

struct Buffer {
  AllocOp alloc;
  Space space;
  int64_t bytes;
  int64_t first = std::numeric_limits<int64_t>::max(), last = -1; ///< uses
  int64_t address = 0;

  /// Whether both are alive, or less than `rest` ops lie between them.
  bool meets(const Buffer &other, int64_t rest = 0) const {
    return first <= other.last + rest && other.first <= last + rest;
  }
};

class Planning {
public:
  explicit Planning(KernelOp kernel) : kernel(kernel) {}
  LogicalResult run();

private:
  void numberOps();
  void findLives();
  void place(Space space, int64_t rest);
  int64_t endOf(Space space) const;
  LogicalResult checkRoom(Space space);

  KernelOp kernel;
  llvm::DenseMap<Operation *, std::pair<int64_t, int64_t>> spans;
  SmallVector<Buffer> buffers;
};

} // namespace

/// Each op's number, and its last nested op's.
void Planning::numberOps() {
  int64_t count = 0;
  std::function<void(Operation *)> visit = [&](Operation *op) {
    int64_t first = count++;
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (Operation &nested : block)
          visit(&nested);
    spans[op] = {first, count - 1};
  };
  visit(kernel);
}

void Planning::findLives() {
  llvm::DenseMap<Value, size_t> numbers;
  kernel.walk([&](AllocOp alloc) {
    numbers[alloc.getResult()] = buffers.size();
    buffers.push_back({alloc, cast<PtrType>(alloc.getType()).getSpace(),
                       static_cast<int64_t>(alloc.getBytes())});
  });
  kernel.walk([&](Operation *op) {
    if (isa<OffsetOp, CastOp>(op))
      return;
    for (Value operand : op->getOperands()) {
      if (!isa<PtrType>(operand.getType()))
        continue;
      auto found = numbers.find(rootOf(operand));
      if (found == numbers.end())
        continue;
      Buffer &buffer = buffers[found->second];
      // The outermost loop between the use and the buffer.
      Operation *user = op;
      for (Operation *up = op; up != buffer.alloc->getParentOp();
           up = up->getParentOp())
        if (isa<LoopLikeOpInterface>(up))
          user = up;
      buffer.first = std::min(buffer.first, spans[user].first);
      buffer.last = std::max(buffer.last, spans[user].second);
    }
  });
}

void Planning::place(Space space, int64_t rest) {
  SmallVector<Buffer *> order;
  for (Buffer &buffer : buffers)
    if (buffer.space == space)
      order.push_back(&buffer);
  llvm::stable_sort(order, [](const Buffer *a, const Buffer *b) {
    return a->bytes > b->bytes;
  });
  SmallVector<Buffer *> placed; // by address
  for (Buffer *buffer : order) {
    int64_t at = 0;
    for (Buffer *other : placed) {
      if (!buffer->meets(*other, rest))
        continue;
      if (at + buffer->bytes <= other->address)
        break;
      at = std::max<int64_t>(at, llvm::alignTo(other->address + other->bytes,
                                               memoryOf(space).alignment));
    }
    buffer->address = at;
    placed.insert(llvm::upper_bound(placed, buffer,
                                    [](const Buffer *a, const Buffer *b) {
                                      return a->address < b->address;
                                    }),
                  buffer);
  }
}

int64_t Planning::endOf(Space space) const {
  int64_t end = 0;
  for (const Buffer &buffer : buffers)
    if (buffer.space == space)
      end = std::max(end, buffer.address + buffer.bytes);
  return end;
}

LogicalResult Planning::checkRoom(Space space) {
  int64_t room = memoryOf(space).bytes, end = 0;
  const Buffer *highest = nullptr;
  for (const Buffer &buffer : buffers)
    if (buffer.space == space && buffer.address + buffer.bytes > end) {
      end = buffer.address + buffer.bytes;
      highest = &buffer;
    }
  if (end <= room)
    return success();
  InFlightDiagnostic error = kernel.emitOpError()
                             << "needs " << end << " bytes of "
                             << stringifySpace(space) << " at once, which has "
                             << room << "; tiles of " << room * 100 / end
                             << " % of their size fit";
  for (const Buffer &buffer : buffers)
    if (buffer.space == space && buffer.meets(*highest))
      error.attachNote(buffer.alloc->getLoc())
          << buffer.bytes << " bytes are in use with the last of them";
  return error;
}

LogicalResult Planning::run() {
  numberOps();
  findLives();
  // Nothing uses it, nothing needs it.
  llvm::erase_if(buffers, [](Buffer &buffer) { return buffer.last < 0; });
  for (Space space :
       {Space::Ub, Space::L1, Space::L0a, Space::L0b, Space::L0c}) {
    for (int64_t rest : kRests) {
      place(space, rest);
      if (endOf(space) <= memoryOf(space).bytes)
        break;
    }
    if (failed(checkRoom(space)))
      return failure();
  }
  for (Buffer &buffer : buffers)
    buffer.alloc.setAddress(buffer.address);
  kernel.walk([](AllocOp alloc) {
    if (!alloc.getAddress() && alloc.use_empty())
      alloc.erase();
  });
  return success();
}

LogicalResult cce::planMemory(KernelOp kernel) {
  return Planning(kernel).run();
}
