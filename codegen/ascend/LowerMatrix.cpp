// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Dots of a cube core: operands go from GM to fractals in L1, in steps of
// terms, and from there to L0A and L0B in smaller ones; each memory has room
// for two or three, so that all pipes are at work. Sums stay in L0C from a
// tile's first term to its last.
//
// What a core reads of GM for a tile takes longer than its products. So, where
// tiles go straight to their array, a core has such as follow one another along
// the lanes, and for those of the same rows some steps of these rows' terms
// stay in what L1 has left. They are spread over all steps: the way from GM is
// at work throughout, also while a tile leaves L0C.
//
// A tile that is stored as it is goes straight to its array, rounded on the
// way. Any other is handed to the two vector cores of the group, through memory
// that has room for two tiles of each group; they do the rest
// (LowerEpilogue.cpp).
#include "codegen/ascend/Chips.h"
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/Lowering.h"

#include "dialect/TypeRules.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::ascend;

// Terms of two bytes that L0A and L0B have room for, twice: 128 and 256 of them
// are a quarter and half of these memories.
static constexpr int64_t kL0Terms = 64, kL0Steps = 2;

// Steps of terms that L1 has room for: while one is used, another has come, and
// one is on its way.
static constexpr int64_t kL1Steps = 3;

// One matrix, which follows no other.
static constexpr int64_t kOneMatrix = 1 | 1ll << 16 | 1ll << 32;

ForOp Lowering::productOf(KernelOp kernel) {
  auto matrix = kernel->getAttrOfType<StringAttr>("matrix");
  ForOp found;
  kernel.walk([&](ForOp loop) {
    if (loop.getAxisAttr() == matrix)
      found = loop;
  });
  return found;
}

/// The store that is all that is done with a product, and that the way out of
/// L0C can do: rows of a row's neighbours.
gemel::StoreOp Lowering::storeOf(KernelOp kernel) {
  ForOp product = productOf(kernel);
  auto lane = kernel->getAttrOfType<StringAttr>("lane");
  auto row = kernel->getAttrOfType<StringAttr>("row");
  Value result = product.getResult(0);
  if (!result.hasOneUse())
    return nullptr;
  auto store = dyn_cast<gemel::StoreOp>(*result.user_begin());
  if (!store || axesOf(store.getArray()).back() != lane ||
      !llvm::is_contained(axesOf(store.getArray()), row) ||
      !isa<FloatType>(elementOf(store.getArray())))
    return nullptr;
  // Another store would have no value of its own.
  int64_t stores = 0;
  kernel.walk(
      [&](Operation *o) { stores += isa<gemel::StoreOp, ScatterOp>(o); });
  return stores == 1 ? store : nullptr;
}

bool Lowering::isProduct(KernelOp kernel) { return kernel->hasAttr("matrix"); }

bool Lowering::handsOver(KernelOp kernel) {
  return isProduct(kernel) && !storeOf(kernel);
}

int64_t Lowering::handoverBytes(int64_t groups) {
  return groups * 2 * kMatrixRows * kMatrixLanes * 4;
}

/// All ops outside the product, those of loops behind the loop.
void Lowering::flattenTile() {
  ForOp product = productOf(kernel);
  auto visit = [&](auto &self, Block &block) -> void {
    for (Operation &o : block) {
      if (&o == product)
        continue;
      flat.push_back(&o);
      if (auto loop = dyn_cast<ForOp>(o))
        self(self, loop.getBody().front());
    }
  };
  visit(visit, kernel.getBody().front());
}

Value Lowering::workPosition(StringAttr axis) {
  Block &body = kernel.getBody().front();
  for (auto [i, work] : llvm::enumerate(kernel.getWorkAxes()))
    if (work == axis)
      return body.getArgument(body.getNumArguments() -
                              kernel.getWorkAxes().size() + i);
  llvm_unreachable("a tile has positions of its rows and lanes");
}

void Lowering::bindTile() {
  for (Operation *o : flat) {
    if (auto loop = dyn_cast<ForOp>(o))
      indices[loop.getBody().getArgument(0)] = indices.lookup(loop.getLower());
    else
      lowerIndex(*o);
  }
}

Lowering::Tile Lowering::enterTile(Value number) {
  bindItem(number);
  bindTile();
  auto extent = [&](StringAttr axis, int64_t most) {
    return e.min(e.sub(axisSize(axis), indices[workPosition(axis)]),
                 e.number(most));
  };
  return {extent(row, kMatrixRows), extent(lane, kMatrixLanes)};
}

Value Lowering::handoverOf(Value tile, Value group, Value groups) {
  Value turn = e.rem(e.div(e.sub(tile, group), groups), e.number(2));
  Value index = e.add(e.mul(group, e.number(2)), turn);
  return e.at(slot(arrays()),
              e.mul(index, e.number(kMatrixRows * kMatrixLanes)));
}

Value Lowering::pitchOf(Value array, StringAttr axis) {
  Value pitch = e.number(1);
  for (StringAttr inner : llvm::reverse(axesOf(array))) {
    if (inner == axis)
      break;
    pitch = e.mul(pitch, axisSize(inner));
  }
  return pitch;
}

static Value upTo16(Emitter &e, Value x) {
  return e.mul(e.ceilDiv(x, kFractalRows), e.number(kFractalRows));
}

/// What brings a term, before it is widened.
static gemel::LoadOp loadOf(Value term) {
  if (auto widen = term.getDefiningOp<WidenOp>())
    term = widen.getOperand();
  return term.getDefiningOp<gemel::LoadOp>();
}

Lowering::Operand Lowering::operandOf(ForOp product, Value term,
                                      StringAttr free) {
  gemel::LoadOp load = loadOf(term);
  Operand operand;
  operand.load = load;
  operand.terms = product.getAxisAttr();
  operand.step = product.getStep();
  operand.most = free == row ? kMatrixRows : kMatrixLanes;
  operand.isInner = axesOf(load.getArray()).back() == operand.terms;
  operand.pitch =
      pitchOf(load.getArray(), operand.isInner ? free : operand.terms);
  operand.stride = pitchOf(load.getArray(), operand.terms);
  // The first term's place.
  indices[product.getBody().getArgument(0)] = e.number(0);
  Place place = placeOf(load.getArray(), load.getPositions(), 0, e.number(0),
                        /*rows=*/false, /*lanes=*/false);
  Type element = elementOf(load.getArray());
  Value array = slot(cast<BlockArgument>(load.getArray()).getArgNumber());
  // What moves bits has no form of bf16.
  operand.moved = element.isBF16() ? b.getF16Type() : element;
  if (operand.moved != element)
    array = cce::CastOp::create(
        b, e.loc,
        cce::PtrType::get(b.getContext(), cce::Space::Gm, operand.moved),
        array);
  operand.first = e.at(array, place.offset);
  return operand;
}

/// Rows of a matrix in GM as fractals.
void Lowering::loadFractals(const Operand &operand, Value to, Value from,
                            Value rows, Value columns, int64_t room) {
  auto copy = [&](Value dst, Value src, Value count, Value pitch) {
    cce::CopyGmToCbufMultiNd2nzOp::create(b, e.loc, dst, src, 1, count, columns,
                                          0, pitch, e.number(room), 1, 1);
  };
  auto rowByRow = [&] {
    e.loop(e.number(0), rows, e.number(1), [&](Value r) {
      Value dst = e.at(
          to, e.mul(r, e.number(kBlockBytes / cce::bytesOf(operand.moved))));
      copy(dst, e.at(from, e.mul(r, operand.pitch)), e.number(1), columns);
    });
  };
  auto whole = [&] { copy(to, from, rows, operand.pitch); };
  std::optional<int64_t> pitch = e.known(operand.pitch);
  if (pitch && *pitch <= kMostWideStride)
    whole();
  else if (pitch)
    rowByRow();
  else
    e.choose(e.less(operand.pitch, e.number(kMostWideStride + 1)), whole,
             rowByRow);
}

void Lowering::loadTerms(const Operand &operand, Value to, Value from,
                         Value count, Value free) {
  Value src = e.at(operand.first, e.mul(from, operand.stride));
  if (operand.isInner)
    loadFractals(operand, to, src, free, count, operand.most);
  else
    loadFractals(operand, to, src, count, free, operand.step);
}

Value Lowering::allocate(cce::Space space, Type type, int64_t count) {
  return cce::AllocOp::create(
      b, e.loc, cce::PtrType::get(b.getContext(), space, type),
      count * static_cast<int64_t>(cce::bytesOf(type)), IntegerAttr());
}

/// Steps of a row's terms that L1 has room for beside those that come and go.
static int64_t mostHeld(int64_t step, int64_t bytes) {
  int64_t inTurns = kL1Steps * (kMatrixRows + kMatrixLanes) * step * bytes;
  return (kL1Bytes - inTurns) / (kMatrixRows * step * bytes);
}

Lowering::Held Lowering::hold(const Operand &operand, Value rows, Value tiles) {
  auto bytes = static_cast<int64_t>(cce::bytesOf(operand.moved));
  int64_t most = mostHeld(operand.step, bytes);
  Value size = axisSize(operand.terms), one = e.number(1),
        step = e.number(operand.step);
  Held held;
  held.pointer = allocate(cce::Space::L1, operand.moved,
                          kMatrixRows * operand.step * most);
  held.steps = e.max(e.ceilDiv(size, operand.step), one);
  // Until they are there no products are made, so not for two tiles.
  held.count =
      arith::SelectOp::create(b, e.loc, e.less(tiles, e.number(3)), e.number(0),
                              e.min(held.steps, e.number(most)));
  e.loop(e.number(0), held.count, one, [&](Value i) {
    // The last step with only `i` of them before it.
    Value number =
        e.div(e.sub(e.mul(e.add(i, one), held.steps), one), held.count);
    Value from = e.mul(number, step);
    loadTerms(operand, heldAt(held, operand, i), from,
              e.min(e.sub(size, from), step), rows);
  });
  return held;
}

/// Where L1 has what is held as number `i`.
Value Lowering::heldAt(const Held &held, const Operand &operand, Value i) {
  return e.at(held.pointer, e.mul(i, e.number(kMatrixRows * operand.step)));
}

void Lowering::multiply(Operand left, const Operand &right, const Held &held,
                        const Tile &tile, Value sums) {
  Type element = elementOf(left.load.getArray()), moved = left.moved;
  auto bytes = static_cast<int64_t>(cce::bytesOf(moved));
  int64_t termsL1 = left.step, termsL0 = kL0Terms * 2 / bytes;
  Value size = axisSize(left.terms);
  Value rows16 = upTo16(e, tile.rows), lanes16 = upTo16(e, tile.lanes);
  // A product of one row would read it unblocked.
  Value rows2 = arith::SelectOp::create(
      b, e.loc, e.less(tile.rows, e.number(2)), e.number(2), tile.rows);
  auto loop = [&](Value end, int64_t step, int64_t sets,
                  llvm::function_ref<void(Value)> body) {
    e.loop(e.number(0), end, e.number(step), body)
        ->setAttr(cce::CceDialect::kBuffers, b.getI64IntegerAttr(sets));
  };
  // Terms from `at` on, of those in L1, to L0 and into the sums.
  auto step = [&](Value leftL1, Value rightL1, Value isHeld, Value heldL1,
                  Value at, Value inL1, Value count, Value isFirst) {
    Value leftL0 = allocate(cce::Space::L0a, moved, kMatrixRows * termsL0),
          rightL0 = allocate(cce::Space::L0b, moved, kMatrixLanes * termsL0);
    Value zero = e.number(0), count16 = upTo16(e, count),
          inL116 = upTo16(e, inL1);
    // What is read along its terms is one image of all of them in L1.
    auto toL0 = [&](auto make, const Operand &operand, Value to, Value from,
                    Value free16) {
      if (operand.isInner)
        make(to, from, count16, free16, at, zero, false, inL116);
      else
        make(to, from, free16, count16, zero, at, true, free16);
    };
    auto leftToL0 = [&](Value pointer) {
      toL0(
          [&](auto... of) {
            cce::Img2colv2CbufToCaOp::create(b, e.loc, of...);
          },
          left, leftL0, pointer, rows16);
    };
    if (isHeld)
      e.choose(isHeld, [&] { leftToL0(heldL1); }, [&] { leftToL0(leftL1); });
    else
      leftToL0(leftL1);
    toL0([&](auto... of) { cce::Img2colv2CbufToCbOp::create(b, e.loc, of...); },
         right, rightL0, rightL1, lanes16);
    auto cast = [&](cce::Space space, Value pointer) -> Value {
      auto type = cce::PtrType::get(b.getContext(), space, element);
      return moved == element
                 ? pointer
                 : cce::CastOp::create(b, e.loc, type, pointer).getResult();
    };
    // Fractals of f32 stand in pairs, for loads that transpose leave them so.
    cce::MadOp::create(b, e.loc, sums, cast(cce::Space::L0a, leftL0),
                       cast(cce::Space::L0b, rightL0), rows2, count, tile.lanes,
                       0, /*align=*/bytes == 4, isFirst);
  };
  auto zeros = [&](Value pointer, int64_t count) {
    auto f16 =
        cce::PtrType::get(b.getContext(), cce::Space::L1, b.getF16Type());
    if (pointer.getType() != f16)
      pointer = cce::CastOp::create(b, e.loc, f16, pointer);
    cce::CreateCbufMatrixOp::create(b, e.loc, pointer,
                                    count * bytes / kBlockBytes);
  };
  // The sum of no terms is that of one, of zeros.
  bool mayBeEmpty = e.known(size).value_or(0) == 0;
  auto atLeastOne = [&](Value x) -> Value {
    if (!mayBeEmpty)
      return x;
    return arith::SelectOp::create(b, e.loc, e.less(x, e.number(1)),
                                   e.number(1), x);
  };
  loop(atLeastOne(size), termsL1, kL1Steps, [&](Value from) {
    Value leftL1 = allocate(cce::Space::L1, moved, kMatrixRows * termsL1),
          rightL1 = allocate(cce::Space::L1, moved, kMatrixLanes * termsL1);
    Value inL1 = atLeastOne(e.min(e.sub(size, from), e.number(termsL1)));
    Value isHeld, heldL1;
    if (held.pointer) {
      Value number = e.div(from, e.number(termsL1));
      auto heldBefore = [&](Value step) {
        return e.div(e.mul(step, held.count), held.steps);
      };
      Value before = heldBefore(number);
      isHeld = e.less(before, heldBefore(e.add(number, e.number(1))));
      heldL1 = heldAt(held, left, before);
    }
    auto loadBoth = [&] {
      auto loadLeft = [&] { loadTerms(left, leftL1, from, inL1, tile.rows); };
      if (isHeld)
        e.choose(isHeld, [] {}, loadLeft);
      else
        loadLeft();
      loadTerms(right, rightL1, from, inL1, tile.lanes);
    };
    if (mayBeEmpty)
      e.choose(e.less(e.number(0), size), loadBoth, [&] {
        zeros(leftL1, kMatrixRows * termsL1);
        zeros(rightL1, kMatrixLanes * termsL1);
      });
    else
      loadBoth();
    loop(inL1, termsL0, kL0Steps, [&](Value at) {
      Value isFirst = arith::CmpIOp::create(b, e.loc, arith::CmpIPredicate::eq,
                                            e.add(from, at), e.number(0));
      step(leftL1, rightL1, isHeld, heldL1, at, inL1,
           e.min(e.sub(inL1, at), e.number(termsL0)), isFirst);
    });
  });
}

void Lowering::runProduct() {
  ForOp product = productOf(kernel);
  gemel::StoreOp store = storeOf(kernel);
  e.loc = product.getLoc();
  flattenTile();
  if (isMixed())
    cce::SetFftsBaseAddrOp::create(b, e.loc, into.getBody().getArgument(0));
  cce::SetNdParaOp::create(b, e.loc, e.number(kOneMatrix));
  auto yield = cast<YieldOp>(product.getBody().front().back());
  Value leftTerm = yield.getValues()[0], rightTerm = yield.getValues()[1];
  if (!hasAxis(leftTerm.getType(), row))
    std::swap(leftTerm, rightTerm);
  // The rows of what is in L1, padded ones too, by one.
  auto imageOf = [&](Value term, int64_t free) {
    bool isInner =
        axesOf(loadOf(term).getArray()).back() == product.getAxisAttr();
    return e.number((isInner ? free : product.getStep()) | 1 << 16);
  };
  cce::SetFmatrixOp::create(b, e.loc, imageOf(leftTerm, kMatrixRows));
  cce::SetFmatrixBOp::create(b, e.loc, imageOf(rightTerm, kMatrixLanes));
  Value group = cce::GetBlockIdxOp::create(b, e.loc, b.getI64Type()),
        groups = cce::GetBlockNumOp::create(b, e.loc, b.getI64Type()),
        items = itemCount();
  auto doTile = [&](const Operand &left, const Held &held, Value number) {
    Tile tile = enterTile(number);
    Value sums =
        allocate(cce::Space::L0c, b.getF32Type(), kMatrixRows * kMatrixLanes);
    multiply(left, operandOf(product, rightTerm, lane), held, tile, sums);
    auto send = [&](Value to, Value pitch) {
      cce::CopyMatrixCcToGmOp::create(b, e.loc, to, sums, tile.lanes, tile.rows,
                                      pitch, upTo16(e, tile.rows), 0, 0);
    };
    if (store) {
      Location loc = e.loc;
      e.loc = store.getLoc();
      Place place = placeOf(store.getArray(), store.getPositions(), 0,
                            e.number(0), /*rows=*/false, /*lanes=*/false);
      Value array = slot(cast<BlockArgument>(store.getArray()).getArgNumber());
      send(e.at(array, place.offset), pitchOf(store.getArray(), row));
      e.loc = loc;
      return;
    }
    // The third tile goes where the first was, once that has been read.
    Value third = e.add(group, e.mul(groups, e.number(2)));
    e.choose(
        e.less(number, third), [] {},
        [&] { cce::WaitFlagDevOp::create(b, e.loc, kTaken); });
    send(handoverOf(number, group, groups), e.number(kMatrixLanes));
    cce::FftsCrossCoreSyncOp::create(b, e.loc, cce::Pipe::FIX, 2, kMade);
  };
  if (store)
    return doRuns(product, leftTerm, group, groups, doTile);
  e.loop(group, items, groups, [&](Value number) {
    enterTile(number);
    doTile(operandOf(product, leftTerm, row), Held(), number);
  });
  // What has been said of the last two tiles is not left to the next kernel.
  for (Value last : {group, e.add(group, groups)})
    e.choose(e.less(last, items),
             [&] { cce::WaitFlagDevOp::create(b, e.loc, kTaken); });
}

/// A core's share of all tiles, by runs of those that have the same rows.
void Lowering::doRuns(ForOp product, Value leftTerm, Value group, Value groups,
                      DoTile doTile) {
  auto before = [&](Value g) { return e.div(e.mul(itemCount(), g), groups); };
  Value begin = before(group), end = before(e.add(group, e.number(1)));
  Value together = e.number(1);
  if (kernel.getWorkAxes()[kernel.getWorkAxes().size() - 1] == lane)
    together = e.ceilDiv(axisSize(lane), kMatrixLanes);
  e.loop(e.div(begin, together),
         e.div(e.sub(e.add(end, together), e.number(1)), together), e.number(1),
         [&](Value run) {
           Value start = e.mul(run, together), first = e.max(begin, start),
                 last = e.min(end, e.add(start, together));
           Tile tile = enterTile(first);
           Operand left = operandOf(product, leftTerm, row);
           Held held = hold(left, tile.rows, e.sub(last, first));
           e.loop(first, last, e.number(1),
                  [&](Value number) { doTile(left, held, number); });
         });
}
