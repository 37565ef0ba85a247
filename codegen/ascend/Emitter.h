// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes instructions of a vector core over pieces of tiles.
//
// A piece is a row of a tile, in a buffer of UB: its positions along the lane
// axis one after another, or, of a tile without lanes, a block, whose first
// eight elements are the same. Instructions count their elements (counter
// mode): `whole` of a row, n rounded up to repeats, all of them defined where
// an element has 32 bits; n of other elements; 8 of a block, 64 of a column of
// blocks. A block beside a row or a column goes by strides of 0.
//
// Booleans are bits, one an element of a row or a column, 64 the same of a
// block.

#ifndef GEMEL_CODEGEN_ASCEND_EMITTER_H
#define GEMEL_CODEGEN_ASCEND_EMITTER_H

#include "codegen/ascend/cce/Cce.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include "llvm/ADT/MapVector.h"

namespace gemel::ascend {

/// A row of a tile, one value for all of it, or, of eight rows that are in UB
/// together, one value each: a column of blocks.
struct Piece {
  mlir::Value pointer;
  bool lanes = false, column = false;
  mlir::Value scalar = {}; ///< the value of a block, if the scalar unit has it
  bool isBlock() const { return !lanes && !column; }
};

class Emitter {
public:
  /// `extent`: the most lanes of a tile.
  Emitter(cce::KernelOp kernel, int64_t extent);

  /// Where what holds for the whole kernel stands; ends the preamble when the
  /// items' loop is there.
  template <typename Fn>
  auto inPreamble(Fn make) {
    if (!items || b.getInsertionPoint() == mlir::Block::iterator(items))
      return make();
    mlir::OpBuilder::InsertionGuard guard(b);
    mlir::Value count = current;
    b.setInsertionPoint(items);
    current = nullptr;
    auto made = make();
    current = count;
    return made;
  }
  void startItems(mlir::Operation *loop) { items = loop; }

  // Numbers of the scalar unit, i64.
  mlir::Value number(int64_t value);
  mlir::Value add(mlir::Value x, mlir::Value y);
  mlir::Value sub(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, mlir::Value y);
  mlir::Value div(mlir::Value x, mlir::Value y);
  mlir::Value rem(mlir::Value x, mlir::Value y);
  mlir::Value min(mlir::Value x, mlir::Value y);
  mlir::Value max(mlir::Value x, mlir::Value y);
  mlir::Value less(mlir::Value x, mlir::Value y);
  mlir::Value ceilDiv(mlir::Value x, int64_t y);
  std::optional<int64_t> known(mlir::Value x);

  // Loops and choices.
  mlir::scf::ForOp loop(mlir::Value lower, mlir::Value upper, mlir::Value step,
                        llvm::function_ref<void(mlir::Value)> body);
  void choose(mlir::Value condition, llvm::function_ref<void()> then,
              llvm::function_ref<void()> otherwise = nullptr);

  // Lanes of the piece that the code is in.
  mlir::Value n, whole;
  /// Sets both; `repeats`: it is a multiple of whole repeats.
  void setLanes(mlir::Value count, bool repeats = false);

  // Buffers.
  mlir::Type pointer(mlir::Type element);
  mlir::Value alloc(mlir::Type element, int64_t count);
  /// Of a row or a block of the element; of booleans, of bits.
  Piece piece(mlir::Type element, bool lanes, bool column = false);
  Piece like(mlir::Type element, Piece x) {
    return piece(element, x.lanes, x.column);
  }
  mlir::Value as(mlir::Type element, mlir::Value pointer);
  mlir::Value at(mlir::Value pointer, mlir::Value elements);
  mlir::Value at(mlir::Value pointer, int64_t elements) {
    return at(pointer, number(elements));
  }
  mlir::Type stored(mlir::Type element); ///< as UB holds it, i1 as ui8

  /// Elements of a piece of 32-bit elements.
  mlir::Value elements(Piece x) {
    return x.lanes ? whole : number(x.column ? kColumn : kBlock);
  }
  void countOf(Piece x) { count(elements(x)); }
  /// Elements that the instructions that follow take.
  void count(mlir::Value elements);
  void count(int64_t elements) { count(number(elements)); }
  /// Nothing is known of the mask any more.
  void forget() { current = nullptr; }

  // Instructions; `dst`: where, or a new piece.
  template <typename OpTy>
  Piece two(mlir::Type element, Piece x, Piece y, Piece dst = {}) {
    if (!dst.pointer)
      dst = piece(element, x.lanes || y.lanes, x.column || y.column);
    countOf(dst);
    OpTy::create(b, loc, as(element, dst.pointer), as(element, x.pointer),
                 as(element, y.pointer), number(1), 1, stride(x, dst, 1),
                 stride(y, dst, 1), 8, stride(x, dst, 8), stride(y, dst, 8));
    return dst;
  }
  template <typename OpTy>
  Piece one(mlir::Type element, Piece x, Piece dst = {}) {
    if (!dst.pointer)
      dst = like(element, x);
    countOf(dst);
    OpTy::create(b, loc, as(element, dst.pointer), as(element, x.pointer),
                 number(1), 1, stride(x, dst, 1), 8, stride(x, dst, 8));
    return dst;
  }
  /// With a number: an attribute or a value of the element's type.
  template <typename OpTy>
  Piece with(mlir::Type element, Piece x, mlir::OpFoldResult scalar,
             Piece dst = {}) {
    if (!dst.pointer)
      dst = like(element, x);
    mlir::Value value = scalarOf(scalar);
    countOf(dst);
    OpTy::create(b, loc, as(element, dst.pointer), as(element, x.pointer),
                 value, number(1), 1, stride(x, dst, 1), 8, stride(x, dst, 8));
    return dst;
  }
  template <typename OpTy>
  Piece shift(mlir::Type element, Piece x, int64_t bits) {
    Piece dst = like(b.getI32Type(), x);
    countOf(dst);
    OpTy::create(b, loc, as(element, dst.pointer), as(element, x.pointer), bits,
                 number(1), 1, 1, 8, 8);
    return dst;
  }
  /// Of 16-bit halves, or of the bits of booleans.
  template <typename OpTy>
  Piece bitwise(mlir::Type element, Piece x, Piece y);
  Piece bitNot(Piece x);

  void fill(mlir::Value pointer, mlir::TypedAttr value, int64_t elements);
  void fill(mlir::Value pointer, mlir::Value scalar, int64_t elements);
  void fill(Piece dst, mlir::OpFoldResult scalar, mlir::Type element);
  /// Elements n to `whole` of a row of 32-bit elements.
  void fillPads(mlir::Value pointer, mlir::TypedAttr value);
  void fillPads(mlir::Value pointer, mlir::Value scalar);
  void padWithZeros(Piece x, mlir::Type element);
  Piece constant(mlir::TypedAttr value);
  /// Positions 0, 1, … of a row, i32.
  Piece ramp();
  Piece rampOfReals(); ///< f32
  bool isRamp(Piece x) { return x.pointer == positions.pointer; }
  /// Where x is another element: `from` to `to`, `round` as vconv has it.
  Piece convert(Piece x, mlir::Type from, mlir::Type to, llvm::StringRef round,
                Piece dst = {});
  /// A block's value along the lanes.
  Piece spread(Piece x, mlir::Type element);
  Piece spreadColumn(Piece x, mlir::Type element);
  /// Of the first element of a buffer that has room for 8: a block.
  Piece block(mlir::Value pointer, mlir::Type element);
  void copy(Piece from, Piece to, mlir::Type element);

  // Booleans.
  /// `spread`: bits of a row, whatever x and y are.
  Piece compare(cce::Relation relation, mlir::Type element, Piece x, Piece y,
                bool spread = false);
  Piece choose(Piece bits, mlir::Type element, Piece x, Piece y);
  /// 1.0 and 0.0 of bits, and back.
  Piece toNumbers(Piece bits);
  Piece toBits(Piece numbers);

  /// What the scalar unit makes of each element, or of a block's.
  struct Operand {
    Piece piece;
    mlir::Type element;
  };
  Piece map(mlir::Type to, llvm::ArrayRef<Operand> operands,
            llvm::function_ref<mlir::Value(llvm::ArrayRef<mlir::Value>)> make);
  /// Loads the element of a piece that stands at a lane; an i1 of 0.0 or 1.0.
  mlir::Value scalar(Piece piece, mlir::Type element, mlir::Value lane);

  static constexpr int64_t kBlock = 8;   ///< elements of a block
  static constexpr int64_t kColumn = 64; ///< of a column of blocks

  mlir::OpBuilder b;
  mlir::Location loc;
  int64_t tile;   ///< the most lanes of a tile
  int64_t extent; ///< elements that a row's buffer has room for
  int64_t span;   ///< positions of `ramp`
  Piece inside; ///< bits of the lanes that are no pads; null: pads are defined

private:
  static int64_t stride(Piece x, Piece dst, int64_t otherwise) {
    return x.isBlock() && !dst.isBlock() ? 0 : otherwise;
  }
  mlir::Value fold(mlir::OpFoldResult made);
  mlir::Value scalarOf(mlir::OpFoldResult scalar);
  template <typename OpTy>
  mlir::Value arithmetic(mlir::Value x, mlir::Value y);
  void setMaskFrom(mlir::Value first);
  mlir::Value addressCell(mlir::Value bits);

  cce::KernelOp kernel;
  mlir::Operation *items = nullptr;
  mlir::Value current; ///< what the mask counts
  llvm::DenseMap<int64_t, mlir::Value> numbers;
  llvm::DenseMap<mlir::Attribute, Piece> constants;
  llvm::DenseMap<mlir::Value, mlir::Value> cells; ///< of bits: their address
  Piece positions, reals;
};

template <typename OpTy>
Piece Emitter::bitwise(mlir::Type element, Piece x, Piece y) {
  mlir::Type u16 =
      mlir::IntegerType::get(b.getContext(), 16, mlir::IntegerType::Unsigned);
  bool bits = element.isInteger(1);
  if (bits && (x.lanes || y.lanes) && x.lanes != y.lanes) {
    x = spread(x, element);
    y = spread(y, element);
  }
  Piece dst = piece(element, x.lanes || y.lanes, x.column || y.column);
  if (bits) // those of a block are all the same
    count(dst.lanes ? div(whole, number(16)) : number(kColumn / 16));
  else
    count(mul(elements(dst), number(2)));
  int64_t xs = bits ? 1 : stride(x, dst, 1), ys = bits ? 1 : stride(y, dst, 1);
  OpTy::create(b, loc, as(u16, dst.pointer), as(u16, x.pointer),
               as(u16, y.pointer), number(1), 1, xs, ys, 8, 8 * xs, 8 * ys);
  return dst;
}

} // namespace gemel::ascend

#endif // GEMEL_CODEGEN_ASCEND_EMITTER_H
