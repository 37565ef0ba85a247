// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Addresses of buffers: those that are not alive together may share bytes.
//
// A buffer is alive from its first use to its last one; throughout a loop if it
// is taken outside and used inside; not from where it is released to where it
// is used next. What the scalar unit loads it has for sure where an instruction
// needs it, which is a use, too. Buffers are placed by size, the largest first,
// each at the lowest address that no placed one has while both are alive. What
// shares bytes is ordered by the synchronisation that follows: so bytes rest
// between two buffers for as long as there is room for that, and who takes them
// waits for nobody. Where there is little, a result takes the place of what it
// is made of, if that is done with.
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
  SmallVector<std::pair<int64_t, int64_t>, 2> holes = {}; ///< between two uses
  int64_t address = 0;
  size_t place = 0; ///< the number of the buffer whose place it has: its own

  /// Whether both are alive, or less than `rest` ops lie between them.
  bool meets(const Buffer &other, int64_t rest = 0) const {
    return first <= other.last + rest && other.first <= last + rest &&
           !fitsHole(other, rest) && !other.fitsHole(*this, rest);
  }

  /// Whether all of the other one's life is in one of the holes.
  bool fitsHole(const Buffer &other, int64_t rest) const {
    return llvm::any_of(holes, [&](auto hole) {
      return hole.first + rest < other.first && other.last + rest < hole.second;
    });
  }
};

class Planning {
public:
  explicit Planning(KernelOp kernel) : kernel(kernel) {}
  LogicalResult run();

private:
  void numberOps();
  void findLives();
  void joinInPlace();
  size_t placeOf(size_t buffer) const;
  void place(Space space, int64_t rest);
  int64_t endOf(Space space) const;
  LogicalResult checkRoom(Space space);

  KernelOp kernel;
  llvm::DenseMap<Operation *, std::pair<int64_t, int64_t>> spans;
  SmallVector<Buffer> buffers;
  llvm::DenseMap<Value, size_t> numbers; ///< of allocs, buffers
};

} // namespace

/// Each op's number, and its last nested op's. Buffers have none: one that
/// nothing uses goes, which must not change the plan.
void Planning::numberOps() {
  int64_t count = 0;
  std::function<void(Operation *)> visit = [&](Operation *op) {
    int64_t first = isa<AllocOp>(op) ? count : count++;
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (Operation &nested : block)
          visit(&nested);
    spans[op] = {first, count - 1};
  };
  visit(kernel);
}

void Planning::findLives() {
  kernel.walk([&](AllocOp alloc) {
    size_t number = buffers.size();
    numbers[alloc.getResult()] = number;
    buffers.push_back({alloc, cast<PtrType>(alloc.getType()).getSpace(),
                       static_cast<int64_t>(alloc.getBytes())});
    buffers.back().place = number;
  });
  auto use = [&](Value pointer, Operation *op) {
    auto found = numbers.find(rootOf(pointer));
    if (found == numbers.end())
      return;
    Buffer &buffer = buffers[found->second];
    // The outermost loop between the use and the buffer.
    Operation *user = op;
    for (Operation *up = op; up != buffer.alloc->getParentOp();
         up = up->getParentOp())
      if (isa<LoopLikeOpInterface>(up))
        user = up;
    buffer.first = std::min(buffer.first, spans[user].first);
    buffer.last = std::max(buffer.last, spans[user].second);
  };
  kernel.walk([&](Operation *op) {
    if (isa<OffsetOp, CastOp, ReleaseOp>(op))
      return;
    for (Value operand : op->getOperands())
      if (isa<PtrType>(operand.getType()))
        use(operand, op);
    auto load = dyn_cast<LoadOp>(op);
    Operation *needs = load ? firstNeeding(load) : nullptr;
    if (needs && isa<InstructionOpInterface>(needs))
      use(load.getPointer(), needs);
  });
  kernel.walk([&](ReleaseOp release) {
    auto found = numbers.find(release.getBuffer());
    Operation *next = release.getNextUse();
    if (found != numbers.end() && next)
      buffers[found->second].holes.push_back(
          {spans[release].first, spans[next].first});
  });
  for (Buffer &buffer : buffers)
    if (buffer.last < 0) // nothing uses it, nothing needs it
      buffer.bytes = 0;
}

size_t Planning::placeOf(size_t buffer) const {
  while (buffers[buffer].place != buffer)
    buffer = buffers[buffer].place;
  return buffer;
}

/// The number of the buffer that a pointer is the begin of.
static std::optional<size_t>
wholeOf(Value pointer, const llvm::DenseMap<Value, size_t> &numbers) {
  while (auto cast = pointer.getDefiningOp<CastOp>())
    pointer = cast.getBase();
  auto found = numbers.find(pointer);
  if (found == numbers.end())
    return std::nullopt;
  return found->second;
}

/// A buffer that begins where another one of its size ends, as what is made of
/// it, becomes one with it.
void Planning::joinInPlace() {
  kernel.walk<WalkOrder::PreOrder>([&](InstructionOpInterface op) {
    for (Value source : op.getInPlace()) {
      auto from = wholeOf(source, numbers);
      auto into = wholeOf(op.getWrites().front(), numbers);
      if (!from || !into)
        continue;
      size_t old = placeOf(*from);
      Buffer &before = buffers[old], &after = buffers[*into];
      int64_t here = spans[op].first;
      if (after.place != *into || old == *into || before.last != here ||
          after.first != here || before.bytes != after.bytes ||
          before.space != after.space)
        continue;
      before.last = after.last;
      after.place = old;
      after.address = after.bytes = 0;
      return;
    }
  });
}

void Planning::place(Space space, int64_t rest) {
  SmallVector<Buffer *> order;
  for (auto [number, buffer] : llvm::enumerate(buffers))
    if (buffer.space == space && buffer.place == number && buffer.bytes > 0)
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
    if (buffer.space == space && buffer.bytes > 0 && buffer.meets(*highest))
      error.attachNote(buffer.alloc->getLoc())
          << buffer.bytes << " bytes are in use with the last of them";
  return error;
}

LogicalResult Planning::run() {
  numberOps();
  findLives();
  auto fits = [&](Space space, int64_t rest) {
    place(space, rest);
    return endOf(space) <= memoryOf(space).bytes;
  };
  for (Space space :
       {Space::Ub, Space::L1, Space::L0a, Space::L0b, Space::L0c}) {
    auto fitsSo = [&](int64_t rest) { return fits(space, rest); };
    if (fitsSo(kRests[0]))
      continue;
    // Who takes what it reads itself waits for nobody else.
    if (space == Space::Ub)
      joinInPlace();
    if (!llvm::any_of(kRests, fitsSo) && failed(checkRoom(space)))
      return failure();
  }
  for (auto [number, buffer] : llvm::enumerate(buffers))
    if (buffer.last >= 0)
      buffer.alloc.setAddress(buffers[placeOf(number)].address);
  kernel.walk([](AllocOp alloc) {
    if (!alloc.getAddress() && alloc.use_empty())
      alloc.erase();
  });
  return success();
}

LogicalResult cce::planMemory(KernelOp kernel) {
  return Planning(kernel).run();
}
