// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types of the gemel dialect: text form and invariants.

#include "dialect/Dialect.h"
#include "dialect/Words.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace gemel;

#define GET_TYPEDEF_CLASSES
#include "dialect/Types.cpp.inc"

void GemelDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/Types.cpp.inc"
      >();
}

static LogicalResult
verifyAxes(llvm::function_ref<InFlightDiagnostic()> emitError,
           ArrayRef<StringAttr> axes, Type element) {
  llvm::SmallPtrSet<Attribute, 8> seen;
  for (StringAttr axis : axes) {
    if (!isAxisName(axis.getValue()))
      return emitError() << "'" << axis.getValue() << "' is not a name for an "
                         << "axis; use letters, digits and '_'";
    if (!seen.insert(axis).second)
      return emitError() << "axis '" << axis.getValue() << "' appears twice";
  }
  if (dtypeWord(element) == "?")
    return emitError() << "an element is f32, bf16, f16, i32, i64, u8 or i1, "
                       << "not " << element;
  return success();
}

LogicalResult
ArrayType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                  ArrayRef<StringAttr> axes, Type element) {
  return verifyAxes(emitError, axes, element);
}

LogicalResult
TileType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                 ArrayRef<StringAttr> axes, ArrayRef<int64_t> extents,
                 Type element) {
  if (axes.size() != extents.size())
    return emitError() << "a tile needs one extent for each axis";
  for (int64_t extent : extents)
    if (extent < 1 || extent > 65536)
      return emitError() << "a tile's extent is 1 to 65536, not " << extent;
  return verifyAxes(emitError, axes, element);
}

/// `[T = 4, D] ` with or without extents, then the element type.
static ParseResult parseAxes(AsmParser &p, SmallVectorImpl<StringAttr> &axes,
                             SmallVectorImpl<int64_t> *extents, Type &element) {
  auto one = [&]() -> ParseResult {
    StringRef word;
    if (p.parseKeyword(&word))
      return failure();
    axes.push_back(StringAttr::get(p.getContext(), word));
    if (!extents)
      return success();
    return failure(p.parseEqual() || p.parseInteger(extents->emplace_back()));
  };
  return failure(p.parseLess() ||
                 p.parseCommaSeparatedList(AsmParser::Delimiter::Square, one) ||
                 p.parseType(element) || p.parseGreater());
}

Type ArrayType::parse(AsmParser &p) {
  SmallVector<StringAttr> axes;
  Type element;
  SMLoc loc = p.getCurrentLocation();
  if (parseAxes(p, axes, nullptr, element))
    return {};
  return getChecked([&] { return p.emitError(loc); }, p.getContext(), axes,
                    element);
}

void ArrayType::print(AsmPrinter &p) const {
  p << "<[";
  llvm::interleaveComma(getAxes(), p, [&](StringAttr a) { p << a.getValue(); });
  p << "] " << getElementType() << ">";
}

Type TileType::parse(AsmParser &p) {
  SmallVector<StringAttr> axes;
  SmallVector<int64_t> extents;
  Type element;
  SMLoc loc = p.getCurrentLocation();
  if (parseAxes(p, axes, &extents, element))
    return {};
  return getChecked([&] { return p.emitError(loc); }, p.getContext(), axes,
                    extents, element);
}

void TileType::print(AsmPrinter &p) const {
  p << "<[";
  llvm::interleaveComma(llvm::zip(getAxes(), getExtents()), p, [&](auto pair) {
    p << std::get<0>(pair).getValue() << " = " << std::get<1>(pair);
  });
  p << "] " << getElementType() << ">";
}
