// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cube's instructions: their limits and how they are spelled.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Verify.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

static OpFoldResult number(Operation *op, int64_t value) {
  return Builder(op->getContext()).getI64IntegerAttr(value);
}
static OpFoldResult flag(Operation *op, bool value) {
  return Builder(op->getContext()).getBoolAttr(value);
}

static Type elementOf(Value pointer) {
  return cast<PtrType>(pointer.getType()).getElement();
}

/// A block of 32 bytes in elements.
static int64_t perBlock(Value pointer) {
  return ascend::kBlockBytes / bytesOf(elementOf(pointer));
}

/// What moves bits between GM, L1 and L0 has forms by the element's size; the
/// one for two bytes is declared for half.
static LogicalResult verifyMoved(Operation *op, ArrayRef<Value> pointers) {
  for (Value pointer : pointers)
    if (elementOf(pointer).isBF16())
      return op->emitOpError() << "has no form for bf16; cast the pointers to "
                                  "f16, which moves the same bits";
  return verifyElements(op, pointers, "f16 f32");
}

static LogicalResult verifyUnit(Operation *op, IntegerAttr unit) {
  if (unit.getInt() == 0 || unit.getInt() == 2 || unit.getInt() == 3)
    return success();
  return op->emitOpError() << "has unit " << unit.getInt()
                           << ", which the chip does not define; take 0, 2 or "
                              "3";
}

//===- CopyGmToCbufMultiNd2nzOp -===//

std::string CopyGmToCbufMultiNd2nzOp::getIntrinsic() {
  bool isWide = bytesOf(elementOf(getDst())) == 4;
  return std::string("copy_gm_to_cbuf_multi_nd2nz_") +
         (isWide ? "b32s" : "b16");
}

SmallVector<OpFoldResult> CopyGmToCbufMultiNd2nzOp::getFields() {
  return {getDst(),
          getSrc(),
          number(*this, 0),
          getNdNumAttr(),
          getNValue(),
          getDValue(),
          getSrcNdMatrixStrideAttr(),
          getSrcDValue(),
          getDstNzC0Stride(),
          getDstNzNStrideAttr(),
          getDstNzMatrixStrideAttr()};
}

LogicalResult CopyGmToCbufMultiNd2nzOp::verify() {
  if (failed(verifyMoved(*this, {getDst(), getSrc()}))) // nd2nz_c1
    return failure();
  struct Field { // nd2nz_c2
    StringLiteral name;
    OpFoldResult value;
    int64_t least, most;
    StringLiteral unit, wayOut;
  } fields[] = {
      {"nd_num", getNdNumAttr(), 0, ascend::kMostBursts, "matrices",
       "copy in several pieces"},
      {"n_value", getNValue(), 0, ascend::kMostNdRows, "rows",
       "copy in several pieces"},
      {"d_value", getDValue(), 0, ascend::kMostWideStride, "columns",
       "copy in several pieces"},
      {"src_nd_matrix_stride", getSrcNdMatrixStrideAttr(), 0,
       ascend::kMostWideStride, "elements", "copy one matrix at a time"},
      {"src_d_value", getSrcDValue(), 1, ascend::kMostWideStride, "elements",
       "copy row by row, each a matrix of one row"},
      {"dst_nz_c0_stride", getDstNzC0Stride(), 1, ascend::kMostNdRows, "blocks",
       "take a smaller tile"},
      {"dst_nz_n_stride", getDstNzNStrideAttr(), 1, ascend::kMostNdRows,
       "blocks", "take 1: rows one behind the other"},
      {"dst_nz_matrix_stride", getDstNzMatrixStrideAttr(), 1,
       ascend::kMostWideStride, "elements", "copy one matrix at a time"}};
  for (const Field &field : fields)
    if (failed(verifyField(*this, field.name, field.value, field.least,
                           field.most, field.unit, field.wayOut)))
      return failure();
  if (failed(verifyAligned(*this, "dst", getDst(), ascend::kBlockBytes)))
    return failure();
  std::optional<int64_t> rows = numberOf(getNValue()),
                         columns = numberOf(getDValue()),
                         stride = numberOf(getDstNzC0Stride());
  if (!rows || !columns || !stride || !*rows || !*columns || getNdNum() != 1)
    return success();
  int64_t blocks =
      (llvm::divideCeil(*columns, perBlock(getDst())) - 1) * *stride +
      (*rows - 1) * getDstNzNStride() + 1;
  return verifyFits(*this, "dst", getDst(), // nd2nz_c3
                    blocks * ascend::kBlockBytes);
}

//===- CreateCbufMatrixOp -===//

SmallVector<OpFoldResult> CreateCbufMatrixOp::getFields() {
  // Repeats, blocks of each, blocks between them.
  return {getDst(), number(*this, 1 | static_cast<int64_t>(getBlocks()) << 16),
          number(*this, 0)};
}

LogicalResult CreateCbufMatrixOp::verify() {
  if (failed(verifyElements(*this, {getDst()}, "f16")) ||     // zeros_c1
      failed(verifyField(*this, "blocks", getBlocksAttr(), 1, // zeros_c2
                         ascend::kMostFillBlocks, "blocks",
                         "take a smaller tile")))
    return failure();
  return verifyFits(*this, "dst", getDst(),
                    static_cast<int64_t>(getBlocks()) * ascend::kBlockBytes);
}

//===- Img2colv2CbufToCaOp, Img2colv2CbufToCbOp -===//

template <typename OpTy>
static SmallVector<OpFoldResult> fieldsOfLoad(OpTy op, bool isB) {
  // From stride_w to dil_h: kernel, strides and dilations are 1.
  SmallVector<OpFoldResult> fields = {op.getDst(),   op.getSrc(),
                                      op.getStepK(), op.getStepM(),
                                      op.getPosK(),  op.getPosM()};
  fields.append(6, number(op, 1));
  fields.append({flag(op, false), flag(op, false), op.getTransposeAttr(),
                 flag(op, isB), op.getChannels()});
  return fields;
}
SmallVector<OpFoldResult> Img2colv2CbufToCaOp::getFields() {
  return fieldsOfLoad(*this, /*isB=*/false);
}
SmallVector<OpFoldResult> Img2colv2CbufToCbOp::getFields() {
  return fieldsOfLoad(*this, /*isB=*/true);
}

template <typename OpTy>
static LogicalResult verifyLoad(OpTy op) {
  if (failed(verifyMoved(op, {op.getDst(), op.getSrc()}))) // c1
    return failure();
  int64_t block = perBlock(op.getDst());
  struct Field { // c2
    StringLiteral name;
    Value value;
    int64_t multiple;
  } fields[] = {{"step_k", op.getStepK(), block},
                {"step_m", op.getStepM(), ascend::kFractalRows},
                {"pos_k", op.getPosK(), block},
                {"pos_m", op.getPosM(), ascend::kFractalRows},
                {"channels", op.getChannels(), block}};
  for (const Field &field : fields) {
    if (failed(verifyField(op, field.name, field.value, 0,
                           ascend::kMostWideStride, "elements",
                           "take a smaller tile")))
      return failure();
    std::optional<int64_t> known = numberOf(field.value);
    if (known && *known % field.multiple)
      return op.emitOpError() << "has " << field.name << " " << *known
                              << ", and takes multiples of " << field.multiple
                              << "; round it up, for buffers have room for "
                                 "whole fractals";
  }
  if (failed(verifyAligned(op, "dst", op.getDst(),
                           ascend::kL0Alignment)) || // c3
      failed(verifyAligned(op, "src", op.getSrc(), ascend::kBlockBytes)))
    return failure();
  std::optional<int64_t> k = numberOf(op.getStepK()),
                         m = numberOf(op.getStepM());
  if (!k || !m)
    return success();
  // Rows and columns in whole fractals on either side of a transposition.
  int64_t other =
      op.getTranspose() ? llvm::alignTo(*k, ascend::kFractalRows) : *k;
  return verifyFits(op, "dst", op.getDst(), // c4
                    other * *m * bytesOf(elementOf(op.getDst())));
}
LogicalResult Img2colv2CbufToCaOp::verify() { return verifyLoad(*this); }
LogicalResult Img2colv2CbufToCbOp::verify() { return verifyLoad(*this); }

//===- SetFmatrixOp, SetFmatrixBOp -===//

static LogicalResult verifyImage(Operation *op, Value image) {
  std::optional<int64_t> known = numberOf(image);
  if (!known || ((*known & 0xffff) && (*known >> 16 & 0xffff))) // c1
    return success();
  return op->emitOpError() << "says an image of " << (*known & 0xffff) << " by "
                           << (*known >> 16 & 0xffff)
                           << "; a matrix is its rows by 1: rows + 65536";
}
LogicalResult SetFmatrixOp::verify() { return verifyImage(*this, getImage()); }
LogicalResult SetFmatrixBOp::verify() { return verifyImage(*this, getImage()); }

//===- MadOp -===//

SmallVector<OpFoldResult> MadOp::getFields() {
  return {getC(),
          getA(),
          getB(),
          getM(),
          getK(),
          getN(),
          getUnitAttr(),
          getAlignAttr(),
          flag(*this, false), // c comes from L0C, not from the bias table
          getInit()};
}

/// Fractals of c, where they are known.
static std::optional<int64_t> fractalsOf(MadOp op) {
  std::optional<int64_t> m = numberOf(op.getM()), n = numberOf(op.getN());
  if (!m || !n)
    return std::nullopt;
  return llvm::divideCeil(*m, ascend::kFractalRows) *
         llvm::divideCeil(*n, ascend::kFractalRows);
}
bool MadOp::isLong() {
  return fractalsOf(*this).value_or(0) >= ascend::kLongProduct;
}
bool MadOp::isShort() {
  return fractalsOf(*this).value_or(ascend::kLongProduct) <
         ascend::kLongProduct;
}

LogicalResult MadOp::verify() {
  if (failed(verifyElements(*this, {getA(), getB()}, "f16 bf16 f32"))) // mad_c1
    return failure();
  Type sums = elementOf(getC());
  if (!sums.isF32())
    return emitOpError() << "adds in " << shortName(sums)
                         << "; its c is a pointer to f32";
  for (auto [name, size] :
       {std::pair("m", getM()), std::pair("k", getK()), std::pair("n", getN())})
    if (failed(verifyField(*this, name, size, 0, ascend::kMostProduct, // mad_c2
                           "elements", "multiply in several pieces")))
      return failure();
  std::optional<int64_t> m = numberOf(getM()), k = numberOf(getK()),
                         n = numberOf(getN());
  if (m && *m == 1) // mad_c3
    return emitOpError() << "has m 1, for which the chip reads a row by row; "
                            "take 2: the second row of c is not stored";
  if (failed(verifyAligned(*this, "c", getC(), ascend::kL0cAlignment)) ||
      failed(verifyAligned(*this, "a", getA(), ascend::kL0Alignment)) ||
      failed(verifyAligned(*this, "b", getB(), ascend::kL0Alignment)) ||
      failed(verifyUnit(*this, getUnitAttr()))) // mad_c4, mad_c5
    return failure();
  Type element = elementOf(getA());
  if (getAlign() && !element.isF32()) // mad_c6
    return emitOpError() << "has align for " << shortName(element)
                         << ", whose k is padded to 16 anyway; take false";
  int64_t step = getAlign() ? ascend::kFractalRows : perBlock(getA());
  auto fits = [&](StringRef name, Value pointer, std::optional<int64_t> size,
                  std::optional<int64_t> other, int64_t multiple) {
    if (!size || !other)
      return success();
    return verifyFits(*this, name, pointer, // mad_c7
                      llvm::alignTo(*size, ascend::kFractalRows) *
                          llvm::alignTo(*other, multiple) *
                          bytesOf(elementOf(pointer)));
  };
  return success(succeeded(fits("a", getA(), m, k, step)) &&
                 succeeded(fits("b", getB(), n, k, step)) &&
                 succeeded(fits("c", getC(), m, n, ascend::kFractalRows)));
}

//===- CopyMatrixCcToGmOp -===//

SmallVector<OpFoldResult> CopyMatrixCcToGmOp::getFields() {
  Type to = elementOf(getDst());
  StringRef rounds = to.isF16()    ? "F322F16"
                     : to.isBF16() ? "F322BF16"
                                   : "NoQuant";
  return {getDst(),
          getSrc(),
          number(*this, 0),
          getN(),
          getM(),
          getDstStride(),
          getSrcStride(),
          getUnitAttr(),
          Attribute(StringAttr::get(getContext(), rounds)),
          getReluAttr(),
          flag(*this, false), // channels are not split
          flag(*this, true)}; // rows, not fractals
}

LogicalResult CopyMatrixCcToGmOp::verify() {
  Type from = elementOf(getSrc()), to = elementOf(getDst());
  if (!from.isF32() || !(to.isF32() || to.isF16() || to.isBF16())) // fix_c1
    return emitOpError() << "goes from " << shortName(from) << " to "
                         << shortName(to)
                         << "; the way out takes f32 to f32, f16 or bf16";
  constexpr StringLiteral kPieces = "store in several pieces";
  if (failed(verifyField(*this, "n", getN(), 0, ascend::kMostProduct, "columns",
                         kPieces)) || // fix_c2
      failed(verifyField(*this, "m", getM(), 0, ascend::kMostFixpipeRows,
                         "rows", kPieces)) ||
      failed(verifyField(*this, "dst_stride", getDstStride(), 0,
                         ascend::kMostGap, "elements", "store row by row")) ||
      failed(verifyField(*this, "src_stride", getSrcStride(), 0,
                         ascend::kMostWideStride, "rows",
                         "take a smaller tile")))
    return failure();
  std::optional<int64_t> stride = numberOf(getSrcStride()),
                         m = numberOf(getM());
  if (stride && (*stride % ascend::kFractalRows || (m && *stride < *m)))
    return emitOpError() << "has src_stride " << *stride // fix_c3
                         << "; take the rows of the tile in L0C, a multiple of "
                         << ascend::kFractalRows << " and not less than m";
  if (failed(verifyAligned(*this, "src", getSrc(),
                           ascend::kL0cAlignment)) || // fix_c4
      failed(verifyUnit(*this, getUnitAttr())))       // fix_c5
    return failure();
  if (getRelu() > 1) // fix_c6
    return emitOpError() << "has relu " << getRelu()
                         << "; take 0, or 1 for negative elements as 0";
  return success();
}

void CceDialect::registerCubeOps() {
  addOperations<
#define GET_OP_LIST
#include "codegen/ascend/cce/CceCubeOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceCubeOps.cpp.inc"
