// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Fields, addresses and elements of instructions against the chip's limits.
#include "codegen/ascend/cce/Verify.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace gemel;

LogicalResult cce::verifyField(Operation *op, StringRef name,
                               OpFoldResult value, int64_t least, int64_t most,
                               StringRef unit, StringRef wayOut) {
  APInt number;
  if (auto attr = dyn_cast<Attribute>(value))
    number = cast<IntegerAttr>(attr).getValue();
  else if (!matchPattern(cast<Value>(value), m_ConstantInt(&number)))
    return success(); // known at run time
  int64_t known = number.getSExtValue();
  if (known >= least && known <= most)
    return success();
  return op->emitOpError() << "has " << name << " " << known
                           << ", but the field holds " << least << " to "
                           << most << " " << unit << "; " << wayOut;
}

std::optional<int64_t> cce::numberOf(Value value) {
  APInt number;
  if (matchPattern(value, m_ConstantInt(&number)))
    return number.getSExtValue();
  return std::nullopt;
}

/// Bytes behind the beginning of the buffer, where they are known.
static std::optional<int64_t> offsetOf(Value pointer) {
  if (pointer.getDefiningOp<cce::AllocOp>())
    return 0;
  if (auto cast = pointer.getDefiningOp<cce::CastOp>())
    return offsetOf(cast.getBase());
  if (auto offset = pointer.getDefiningOp<cce::OffsetOp>()) {
    std::optional<int64_t> base = offsetOf(offset.getBase()),
                           elements = cce::numberOf(offset.getElements());
    auto type = cast<cce::PtrType>(offset.getType());
    if (base && elements)
      return *base + *elements * cce::bytesOf(type.getElement());
  }
  return std::nullopt;
}

LogicalResult cce::verifyFits(Operation *op, StringRef name, Value pointer,
                              int64_t bytes) {
  auto alloc = rootOf(pointer).getDefiningOp<AllocOp>();
  std::optional<int64_t> offset = offsetOf(pointer);
  int64_t room = alloc ? static_cast<int64_t>(alloc.getBytes()) : 0;
  if (!alloc || !offset || *offset + bytes <= room)
    return success();
  return op->emitOpError() << "takes " << bytes << " bytes of " << name
                           << ", whose buffer has " << room - *offset
                           << " from there on; take a larger buffer, or a "
                              "smaller tile";
}

/// Bytes behind the beginning of the memory, where they are known.
static std::optional<int64_t> addressOf(Value pointer) {
  auto alloc = cce::rootOf(pointer).getDefiningOp<cce::AllocOp>();
  std::optional<int64_t> offset = offsetOf(pointer);
  if (!alloc || !alloc.getAddress() || !offset)
    return std::nullopt; // an unplanned one will be aligned
  return *alloc.getAddress() + *offset;
}

LogicalResult cce::verifyAligned(Operation *op, StringRef name, Value pointer,
                                 int64_t alignment) {
  std::optional<int64_t> address = addressOf(pointer);
  if (!address || *address % alignment == 0)
    return success();
  return op->emitOpError() << "has " << name << " at byte " << *address
                           << ", but operands begin at multiples of "
                           << alignment
                           << " bytes; move the buffer, or take the elements "
                              "before it along";
}

LogicalResult cce::verifyElements(Operation *op, ArrayRef<Value> pointers,
                                  StringRef elements) {
  Type first = cast<PtrType>(pointers.front().getType()).getElement();
  SmallVector<StringRef> known;
  elements.split(known, ' ');
  if (!llvm::is_contained(known, shortName(first))) {
    InFlightDiagnostic error = op->emitOpError()
                               << "has no form for " << shortName(first)
                               << "; it takes ";
    llvm::interleave(
        known, [&](StringRef word) { error << word; }, [&] { error << ", "; });
    return error << "; convert first";
  }
  for (Value pointer : pointers.drop_front())
    if (Type other = cast<PtrType>(pointer.getType()).getElement();
        other != first)
      return op->emitOpError()
             << "mixes " << shortName(first) << " and " << shortName(other)
             << "; convert first, or cast where the bits are meant";
  return success();
}

LogicalResult cce::verifyScalar(Operation *op, Value pointer, Value scalar) {
  Type element = cast<PtrType>(pointer.getType()).getElement();
  if (auto integer = dyn_cast<IntegerType>(element))
    element = IntegerType::get(op->getContext(), integer.getWidth());
  if (scalar.getType() == element)
    return success();
  return op->emitOpError() << "has a scalar " << scalar.getType()
                           << " for elements " << element
                           << "; convert the scalar";
}

std::optional<cce::Unit> cce::unitOf(Operation *op) {
  if (auto kernel = op->getParentOfType<KernelOp>())
    return kernel.getUnit();
  return std::nullopt;
}
