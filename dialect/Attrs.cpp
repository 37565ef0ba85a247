// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Attributes of the gemel dialect: text form and invariants.

#include "dialect/Dialect.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace gemel;

#include "dialect/Enums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/Attrs.cpp.inc"

void GemelDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/Attrs.cpp.inc"
      >();
}

LogicalResult
OrderAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                  OrderKind kind, int64_t blocks) {
  if (kind != OrderKind::Blocks)
    return success();
  if (blocks < 1 || blocks > (1 << 30) || !llvm::isPowerOf2_64(blocks))
    return emitError() << "'blocks' takes a power of two up to 2^30, not "
                       << blocks;
  return success();
}

Attribute OrderAttr::parse(AsmParser &p, Type) {
  StringRef word;
  int64_t blocks = 0;
  SMLoc loc = p.getCurrentLocation();
  if (p.parseLess() || p.parseKeyword(&word))
    return {};
  std::optional<OrderKind> kind = symbolizeOrderKind(word);
  if (!kind) {
    p.emitError(loc, "an order is default, serial, blocks or free, not '")
        << word << "'";
    return {};
  }
  if (*kind == OrderKind::Blocks && p.parseInteger(blocks))
    return {};
  if (p.parseGreater())
    return {};
  return getChecked([&] { return p.emitError(loc); }, p.getContext(), *kind,
                    blocks);
}

void OrderAttr::print(AsmPrinter &p) const {
  p << "<" << stringifyOrderKind(getKind());
  if (getKind() == OrderKind::Blocks)
    p << " " << getBlocks();
  p << ">";
}
