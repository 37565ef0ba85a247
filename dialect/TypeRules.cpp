// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The typing rules of the language.

#include "dialect/TypeRules.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/Words.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace gemel {

Type elementOf(Type type) {
  if (auto array = dyn_cast<ArrayType>(type))
    return array.getElementType();
  if (auto tile = dyn_cast<TileType>(type))
    return tile.getElementType();
  return {};
}

ArrayRef<StringAttr> axesOf(Type type) {
  if (auto array = dyn_cast<ArrayType>(type))
    return array.getAxes();
  if (auto tile = dyn_cast<TileType>(type))
    return tile.getAxes();
  return {};
}

bool hasAxis(Type type, StringAttr axis) {
  return llvm::is_contained(axesOf(type), axis);
}

bool isNarrow(Type element) {
  return element.isBF16() || element.isF16() || element.isUnsignedInteger(8);
}

Type widened(Type element) {
  if (element.isBF16() || element.isF16())
    return Float32Type::get(element.getContext());
  if (element.isUnsignedInteger(8))
    return IntegerType::get(element.getContext(), 32);
  return element;
}

bool isTyped(ValueRange values) {
  return llvm::none_of(values,
                       [](Value v) { return isa<UntypedType>(v.getType()); });
}

Type joinAxes(ValueRange operands, Type element) {
  llvm::SmallMapVector<StringAttr, int64_t, 8> axes;
  bool tile = false;
  for (Value operand : operands) {
    if (auto type = dyn_cast<TileType>(operand.getType())) {
      tile = true;
      for (auto [axis, extent] : llvm::zip(type.getAxes(), type.getExtents()))
        axes.insert({axis, extent});
    } else {
      for (StringAttr axis : axesOf(operand))
        axes.insert({axis, 0});
    }
  }
  SmallVector<StringAttr> names;
  SmallVector<int64_t> extents;
  for (auto [axis, extent] : axes) {
    names.push_back(axis);
    extents.push_back(extent);
  }
  MLIRContext *context = element.getContext();
  if (tile)
    return TileType::get(context, names, extents, element);
  return ArrayType::get(context, names, element);
}

Type withElement(Type type, Type element) {
  if (auto tile = dyn_cast<TileType>(type))
    return TileType::get(type.getContext(), tile.getAxes(), tile.getExtents(),
                         element);
  return ArrayType::get(type.getContext(), axesOf(type), element);
}

Type withoutAxes(Type type, ArrayRef<StringAttr> axes) {
  SmallVector<StringAttr> names;
  SmallVector<int64_t> extents;
  auto tile = dyn_cast<TileType>(type);
  for (auto [i, axis] : llvm::enumerate(axesOf(type)))
    if (!llvm::is_contained(axes, axis)) {
      names.push_back(axis);
      if (tile)
        extents.push_back(tile.getExtents()[i]);
    }
  if (tile)
    return TileType::get(type.getContext(), names, extents, elementOf(type));
  return ArrayType::get(type.getContext(), names, elementOf(type));
}

/// The integer of a literal, if `value` is one.
static std::optional<int64_t> integerLiteral(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant)
    return std::nullopt;
  auto attr = dyn_cast<IntegerAttr>(constant.getValue());
  if (!attr || attr.getType().isInteger(1))
    return std::nullopt;
  return attr.getValue().getSExtValue();
}

Value coerce(OpBuilder &b, Location loc, Value value, Type element) {
  Type from = elementOf(value);
  if (from == element)
    return value;
  Type target = ArrayType::get(b.getContext(), {}, element);
  if (std::optional<int64_t> literal = integerLiteral(value)) {
    if (element.isF32())
      return ConstantOp::create(
          b, value.getLoc(), target,
          cast<TypedAttr>(b.getF32FloatAttr(static_cast<float>(*literal))));
    if (element.isInteger(64) ||
        (element.isInteger(32) && llvm::isInt<32>(*literal)))
      return ConstantOp::create(
          b, value.getLoc(), target,
          cast<TypedAttr>(b.getIntegerAttr(element, *literal)));
  }
  Type wide = widened(from);
  if (wide != from) {
    value = WidenOp::create(b, loc, withElement(value.getType(), wide), value);
    if (wide == element)
      return value;
  }
  Type result = withElement(value.getType(), element);
  if (element.isF32() && (wide.isInteger(32) || wide.isInteger(64)))
    return ConvertOp::create(b, loc, result, value);
  if (element.isInteger(64) && wide.isInteger(32))
    return WidenOp::create(b, loc, result, value);
  return {};
}

LogicalResult coerceOperand(Operation *op, unsigned i, Type element) {
  OpBuilder b(op);
  Value operand = op->getOperand(i);
  Value value = coerce(b, op->getLoc(), operand, element);
  if (!value)
    return emitError(op->getLoc())
           << "'" << spelling(op) << "' needs " << dtypeWord(element)
           << ", but an operand is " << describe(operand.getType())
           << "; write the cast";
  op->setOperand(i, value);
  return success();
}

Type promote(Operation *op, ValueRange operands) {
  Type common;
  bool literals = true;
  auto rank = [](Type t) { return t.isF32() ? 2 : t.isInteger(64) ? 1 : 0; };
  for (Value operand : operands) {
    Type element = widened(elementOf(operand));
    if (element.isInteger(1)) {
      emitError(op->getLoc())
          << "'" << spelling(op) << "' takes numbers, but an operand is "
          << describe(operand.getType())
          << "; write where(c, 1, 0) to count it";
      return {};
    }
    if (integerLiteral(operand))
      continue;
    literals = false;
    if (!common || rank(element) > rank(common))
      common = element;
  }
  Type i32 = IntegerType::get(op->getContext(), 32);
  if (literals)
    common = i32;
  if (common == i32)
    for (Value operand : operands)
      if (std::optional<int64_t> literal = integerLiteral(operand))
        if (!llvm::isInt<32>(*literal)) {
          emitError(operand.getLoc())
              << "integer literal " << *literal
              << " does not fit i32, its partner's type; cast the partner to "
                 "i64";
          return {};
        }
  return common;
}

LogicalResult promoteOperands(Operation *op, unsigned first, unsigned count) {
  Type element = promote(op, op->getOperands().slice(first, count));
  if (!element)
    return failure();
  for (unsigned i = first; i < first + count; ++i)
    if (failed(coerceOperand(op, i, element)))
      return failure();
  return success();
}

LogicalResult widenOperand(Operation *op, unsigned i) {
  return coerceOperand(op, i, widened(elementOf(op->getOperand(i))));
}

LogicalResult expectBool(Operation *op, unsigned i) {
  Value operand = op->getOperand(i);
  if (elementOf(operand).isInteger(1))
    return success();
  return emitError(op->getLoc())
         << "'" << spelling(op) << "' takes i1, but an operand is "
         << describe(operand.getType()) << "; write a comparison";
}

LogicalResult expectInteger(Operation *op, unsigned i) {
  Type element = widened(elementOf(op->getOperand(i)));
  if (element.isInteger(32) || element.isInteger(64))
    return coerceOperand(op, i, element);
  return emitError(op->getLoc())
         << "'" << spelling(op) << "' takes integers, but an operand is "
         << describe(op->getOperand(i).getType()) << "; cast it to i32";
}

LogicalResult verifyElements(Operation *op, ValueRange operands,
                             ArrayRef<StringLiteral> words) {
  for (Value operand : operands)
    if (!llvm::is_contained(words, dtypeWord(elementOf(operand))))
      return op->emitOpError() << "computes on " << llvm::join(words, " or ")
                               << ", not " << describe(operand.getType());
  return success();
}

LogicalResult verifyTyped(Operation *op) {
  if (!isTyped(op->getOperands()) || !isTyped(op->getResults()))
    return success();
  FailureOr<Type> type = cast<TypedOpInterface>(op).inferType();
  if (failed(type))
    return failure();
  Type actual = op->getResult(0).getType();
  // A constant or a size fills a tile of any shape.
  if (op->getNumOperands() == 0 && isa<TileType>(actual) &&
      elementOf(actual) == elementOf(*type))
    return success();
  bool same = elementOf(actual) == elementOf(*type) &&
              axesOf(actual).size() == axesOf(*type).size() &&
              isa<TileType>(actual) == isa<TileType>(*type);
  for (StringAttr axis : axesOf(*type))
    same = same && hasAxis(actual, axis);
  if (!same)
    return op->emitOpError()
           << "gives " << *type << ", but its result is " << actual;
  return success();
}

} // namespace gemel
