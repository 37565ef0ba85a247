// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies: their limits and how they are spelled.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/Verify.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

static OpFoldResult number(Operation *op, int64_t value) {
  return Builder(op->getContext()).getI64IntegerAttr(value);
}

/// The name's end: elements of 1, 2 or 4 bytes; of 8 they go as two of 4.
static StringRef width(Value pointer) {
  switch (bytesOf(cast<PtrType>(pointer.getType()).getElement())) {
  case 1:
    return "_b8";
  case 2:
    return "_b16";
  default:
    return "_b32";
  }
}

static LogicalResult verifyBursts(Operation *op, Value local, Value bursts,
                                  Value length, Value srcGap, Value dstGap,
                                  int64_t mostLength, StringRef unit) {
  constexpr StringLiteral kLoop = "copy in several pieces";
  return success(
      succeeded(verifyField(op, "bursts", bursts, 0, ascend::kMostBursts,
                            "bursts", kLoop)) &&
      succeeded(
          verifyField(op, "length", length, 0, mostLength, unit, kLoop)) &&
      succeeded(verifyField(op, "src_gap", srcGap, 0, ascend::kMostGap,
                            "of its unit", kLoop)) &&
      succeeded(verifyField(op, "dst_gap", dstGap, 0, ascend::kMostGap,
                            "of its unit", kLoop)) &&
      succeeded(verifyAligned(op, "its buffer", local, ascend::kUbAlignment)));
}

//===- CopyGmToUbufAlignOp -===//

std::string CopyGmToUbufAlignOp::getIntrinsic() {
  return ("copy_gm_to_ubuf_align" + width(getDst())).str();
}

SmallVector<OpFoldResult> CopyGmToUbufAlignOp::getFields() {
  return {getDst(),          getSrc(),    number(*this, 0),
          getBursts(),       getLength(), getLeftPadAttr(),
          getRightPadAttr(), getSrcGap(), getDstGap()};
}

LogicalResult CopyGmToUbufAlignOp::verify() {
  Type element = cast<PtrType>(getDst().getType()).getElement();
  if (element != cast<PtrType>(getSrc().getType()).getElement())
    return emitOpError() << "copies "
                         << shortName(
                                cast<PtrType>(getSrc().getType()).getElement())
                         << " to " << shortName(element) << "; convert in UB";
  int64_t most = ascend::kMostPadBytes / bytesOf(element);
  for (auto [name, attr] : {std::pair("left_pad", getLeftPadAttr()),
                            std::pair("right_pad", getRightPadAttr())})
    if (failed(verifyField(*this, name, attr, 0, most, "elements",
                           "fill the rest with vector_dup")))
      return failure();
  return verifyBursts(*this, getDst(), getBursts(), getLength(), getSrcGap(),
                      getDstGap(), ascend::kMostBurstBytes, "bytes");
}

//===- CopyUbufToGmAlignOp -===//

std::string CopyUbufToGmAlignOp::getIntrinsic() {
  return ("copy_ubuf_to_gm_align" + width(getSrc())).str();
}

SmallVector<OpFoldResult> CopyUbufToGmAlignOp::getFields() {
  return {getDst(),         getSrc(),    number(*this, 0),
          getBursts(),      getLength(), number(*this, 0),
          number(*this, 0), getSrcGap(), getDstGap()};
}

LogicalResult CopyUbufToGmAlignOp::verify() {
  if (cast<PtrType>(getDst().getType()).getElement() !=
      cast<PtrType>(getSrc().getType()).getElement())
    return emitOpError()
           << "copies "
           << shortName(cast<PtrType>(getSrc().getType()).getElement())
           << " to "
           << shortName(cast<PtrType>(getDst().getType()).getElement())
           << "; convert in UB";
  return verifyBursts(*this, getSrc(), getBursts(), getLength(), getSrcGap(),
                      getDstGap(), ascend::kMostBurstBytes, "bytes");
}

//===- CopyUbufToUbufOp -===//

SmallVector<OpFoldResult> CopyUbufToUbufOp::getFields() {
  return {getDst(),    getSrc(),    number(*this, 0), getBursts(),
          getLength(), getSrcGap(), getDstGap()};
}

LogicalResult CopyUbufToUbufOp::verify() {
  if (failed(verifyAligned(*this, "dst", getDst(), ascend::kUbAlignment)))
    return failure();
  return verifyBursts(*this, getSrc(), getBursts(), getLength(), getSrcGap(),
                      getDstGap(), ascend::kMostBurstBlocks, "blocks");
}

void CceDialect::registerMoveOps() {
  addOperations<
#define GET_OP_LIST
#include "codegen/ascend/cce/CceMoveOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceMoveOps.cpp.inc"
