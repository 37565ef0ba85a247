// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The vector unit's instructions: elements, strides, repeats.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/Verify.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

static IntegerAttr number(Operation *op, int64_t value) {
  return Builder(op->getContext()).getI64IntegerAttr(value);
}

static LogicalResult verifyRepeat(Operation *op, Value repeat,
                                  int64_t most = ascend::kMostRepeats) {
  return verifyField(op, "repeat", repeat, 0, most, "repeats",
                     "loop over pieces, or count elements with "
                     "cce.set_mask_count");
}

namespace {
struct Stride {
  StringLiteral name;
  IntegerAttr value;
};
} // namespace

static LogicalResult verifyStrides(Operation *op, int64_t most,
                                   ArrayRef<Stride> strides) {
  for (const Stride &stride : strides)
    if (failed(verifyField(op, stride.name, stride.value, 0, most, "blocks",
                           "loop over rows")))
      return failure();
  if (strides.front().value.getInt() != 0)
    return success();
  return op->emitOpError() << "has dst_blk 0, which the chip does not define; "
                              "take 1 or more";
}

static LogicalResult verifyPointers(Operation *op,
                                    ArrayRef<std::pair<StringRef, Value>> all) {
  for (auto [name, pointer] : all)
    if (failed(verifyAligned(op, name, pointer, ascend::kUbAlignment)))
      return failure();
  return success();
}

/// Two sources. `elements`: asc-devkit, vector_compute_impl of NPU 2201.
template <typename OpTy>
static LogicalResult verifyTwo(OpTy op, StringRef elements) {
  return success(
      succeeded(verifyElements(op, {op.getDst(), op.getSrc0(), op.getSrc1()},
                               elements)) &&
      succeeded(verifyRepeat(op, op.getRepeat())) &&
      succeeded(verifyStrides(op, ascend::kMostStride,
                              {{"dst_blk", op.getDstBlkAttr()},
                               {"src0_blk", op.getSrc0BlkAttr()},
                               {"src1_blk", op.getSrc1BlkAttr()},
                               {"dst_rep", op.getDstRepAttr()},
                               {"src0_rep", op.getSrc0RepAttr()},
                               {"src1_rep", op.getSrc1RepAttr()}})) &&
      succeeded(verifyPointers(op, {{"dst", op.getDst()},
                                    {"src0", op.getSrc0()},
                                    {"src1", op.getSrc1()}})));
}

template <typename OpTy>
static LogicalResult verifyFour(OpTy op) {
  return success(succeeded(verifyRepeat(op, op.getRepeat())) &&
                 succeeded(verifyStrides(op, ascend::kMostWideStride,
                                         {{"dst_blk", op.getDstBlkAttr()},
                                          {"src_blk", op.getSrcBlkAttr()},
                                          {"dst_rep", op.getDstRepAttr()},
                                          {"src_rep", op.getSrcRepAttr()}})) &&
                 succeeded(verifyPointers(
                     op, {{"dst", op.getDst()}, {"src", op.getSrc()}})));
}

/// One source.
template <typename OpTy>
static LogicalResult verifyOne(OpTy op, StringRef elements) {
  if (failed(verifyElements(op, {op.getDst(), op.getSrc()}, elements)))
    return failure();
  return verifyFour(op);
}

template <typename OpTy>
static LogicalResult verifyWithScalar(OpTy op, StringRef elements) {
  if (failed(verifyScalar(op, op.getDst(), op.getScalar())))
    return failure();
  return verifyOne(op, elements);
}

#define TWO(op, elements)                                                      \
  LogicalResult op::verify() { return verifyTwo(*this, elements); }
TWO(VaddOp, "f16 f32 s16 s32")
TWO(VsubOp, "f16 f32 s16 s32")
TWO(VmulOp, "f16 f32 s16 s32")
TWO(VmaxOp, "f16 f32 s16 s32")
TWO(VminOp, "f16 f32 s16 s32")
TWO(VdivOp, "f16 f32")
TWO(VmaddOp, "f16 f32")
TWO(VmlaOp, "f16 f32")
TWO(VandOp, "s16 u16")
TWO(VorOp, "s16 u16")
#undef TWO

#define ONE(op, elements)                                                      \
  LogicalResult op::verify() { return verifyOne(*this, elements); }
ONE(VabsOp, "f16 f32")
ONE(VexpOp, "f16 f32")
ONE(VlnOp, "f16 f32")
ONE(VsqrtOp, "f16 f32")
ONE(VreluOp, "f16 f32 s32")
ONE(VnotOp, "s16 u16")
ONE(VcopyOp, "s16 u16 s32 u32")
#undef ONE

#define SCALAR(op, elements)                                                   \
  LogicalResult op::verify() { return verifyWithScalar(*this, elements); }
SCALAR(VaddsOp, "f16 f32 s16 s32")
SCALAR(VmulsOp, "f16 f32 s16 s32")
SCALAR(VmaxsOp, "f16 f32 s16 s32")
SCALAR(VminsOp, "f16 f32 s16 s32")
SCALAR(VaxpyOp, "f16 f32")
#undef SCALAR

template <typename OpTy>
static LogicalResult verifyShift(OpTy op) {
  if (failed(verifyOne(op, "s16 u16 s32 u32")))
    return failure();
  Type element = cast<PtrType>(op.getDst().getType()).getElement();
  return verifyField(op, "distance", op.getDistanceAttr(), 0,
                     element.getIntOrFloatBitWidth(), "bits",
                     "more leaves nothing; take vector_dup");
}
LogicalResult VshlOp::verify() { return verifyShift(*this); }
LogicalResult VshrOp::verify() { return verifyShift(*this); }

//===- VectorDupOp -===//

SmallVector<OpFoldResult> VectorDupOp::getFields() {
  return {getDst(),         getScalar(),     getRepeat(),     getDstBlkAttr(),
          number(*this, 1), getDstRepAttr(), number(*this, 0)};
}

LogicalResult VectorDupOp::verify() {
  return success(succeeded(verifyElements(*this, {getDst()},
                                          "f16 bf16 f32 s16 u16 s32 u32")) &&
                 succeeded(verifyScalar(*this, getDst(), getScalar())) &&
                 succeeded(verifyRepeat(*this, getRepeat())) &&
                 succeeded(verifyStrides(*this, ascend::kMostWideStride,
                                         {{"dst_blk", getDstBlkAttr()},
                                          {"dst_rep", getDstRepAttr()}})) &&
                 succeeded(verifyPointers(*this, {{"dst", getDst()}})));
}

//===- VconvOp -===//

namespace {
/// A conversion and its roundings; '-' is the form that names none.
struct Conversion {
  StringLiteral from, to, rounds;
};
} // namespace

// AscendNPU-IR, Vector/Cast; asc-devkit, Cast of NPU 2201.
static constexpr Conversion kConversions[] = {
    {"f32", "f16", "-rafczo"}, {"f32", "bf16", "rafcz"},
    {"f32", "f32", "rafcz"},   {"f32", "s16", "rafcz"},
    {"f32", "s32", "rafcz"},   {"f32", "s64", "rafcz"},
    {"f16", "f32", "-"},       {"f16", "s32", "rafcz"},
    {"f16", "s16", "rafcz"},   {"f16", "s8", "-rafcz"},
    {"f16", "u8", "-rafcz"},   {"bf16", "f32", "-"},
    {"bf16", "s32", "rafcz"},  {"s16", "f16", "-rafcz"},
    {"s16", "f32", "-"},       {"s32", "f32", "-rafcz"},
    {"s32", "s16", "-"},       {"s32", "s64", "-"},
    {"s64", "s32", "-"},       {"s64", "f32", "rafcz"},
    {"s8", "f16", "-"},        {"u8", "f16", "-"},
};

std::string VconvOp::getIntrinsic() {
  StringRef from = shortName(cast<PtrType>(getSrc().getType()).getElement());
  StringRef to = shortName(cast<PtrType>(getDst().getType()).getElement());
  return ("vconv_" + from + "2" + to + getRound()).str();
}

LogicalResult VconvOp::verify() {
  StringRef from = shortName(cast<PtrType>(getSrc().getType()).getElement());
  StringRef to = shortName(cast<PtrType>(getDst().getType()).getElement());
  const auto *known = llvm::find_if(kConversions, [&](const Conversion &one) {
    return one.from == from && one.to == to;
  });
  if (known == std::end(kConversions))
    return emitOpError() << "goes from " << from << " to " << to
                         << ", which the chip does not convert; go by f32";
  StringRef round = getRound().empty() ? "-" : getRound();
  if (round.size() != 1 || !known->rounds.contains(round))
    return emitOpError() << "from " << from << " to " << to
                         << " has no rounding '" << getRound()
                         << "'; take one of '" << known->rounds
                         << "', where - is \"\"";
  return verifyFour(*this);
}

//===- VcmpvOp -===//

LogicalResult VcmpvOp::verify() {
  StringRef elements =
      getRelation() == Relation::Eq ? "f16 f32 s32" : "f16 f32";
  if (shortName(cast<PtrType>(getDst().getType()).getElement()) != "u8")
    return emitOpError() << "writes bits; its dst is a pointer to ui8";
  return success(
      succeeded(verifyElements(*this, {getSrc0(), getSrc1()}, elements)) &&
      succeeded(verifyRepeat(*this, getRepeat())) &&
      succeeded(verifyStrides(*this, ascend::kMostStride,
                              {{"dst_blk", getDstBlkAttr()},
                               {"src0_blk", getSrc0BlkAttr()},
                               {"src1_blk", getSrc1BlkAttr()},
                               {"dst_rep", getDstRepAttr()},
                               {"src0_rep", getSrc0RepAttr()},
                               {"src1_rep", getSrc1RepAttr()}})) &&
      succeeded(verifyPointers(
          *this,
          {{"dst", getDst()}, {"src0", getSrc0()}, {"src1", getSrc1()}})));
}

//===- VselOp -===//

SmallVector<OpFoldResult> VselOp::getFields() {
  SmallVector<OpFoldResult> fields = {
      getDst(),         getSrc0(),        getSrc1(),        getRepeat(),
      getDstBlkAttr(),  getSrc0BlkAttr(), getSrc1BlkAttr(), getDstRepAttr(),
      getSrc0RepAttr(), getSrc1RepAttr()};
  if (getMode() != 0)
    fields.push_back(getModeAttr());
  return fields;
}

LogicalResult VselOp::verify() {
  if (getMode() != 0 && getMode() != 2) // vsel_c1
    return emitOpError() << "has mode " << getMode()
                         << "; take 0, where CMPMASK has the bits, or 2, where "
                            "it has their address";
  if ((getMode() == 2) != static_cast<bool>(getBits()))
    return emitOpError() << (getBits() ? "names a buffer of bits that mode 0 "
                                         "does not read; take mode 2"
                                       : "reads bits by their address and does "
                                         "not name their buffer; write 'by'");
  return verifyTwo(*this, "f16 f32");
}

//===- SetCmpmaskOp -===//

LogicalResult SetCmpmaskOp::verify() {
  return verifyAligned(*this, "src", getSrc(), ascend::kCmpMaskBytes);
}

//===- Vreducev2Op -===//

LogicalResult Vreducev2Op::verify() {
  return success(
      succeeded(verifyElements(*this, {getDst(), getSrc()}, "u16 u32")) &&
      succeeded(verifyField(*this, "repeat", getRepeat(), 0,
                            ascend::kMostWideStride, "repeats",
                            "loop over pieces")) &&
      succeeded(verifyField(*this, "pattern", getPatternAttr(), 1, 7,
                            "of the chip's patterns",
                            "take 1 and 2 for even and odd elements, 3 to 6 "
                            "for one of four")) &&
      succeeded(verifyField(*this, "src_blk", getSrcBlkAttr(), 0,
                            ascend::kMostStride, "blocks", "loop over rows")) &&
      succeeded(verifyField(*this, "src_rep", getSrcRepAttr(), 0,
                            ascend::kMostWideStride, "blocks",
                            "loop over rows")) &&
      succeeded(verifyPointers(*this, {{"dst", getDst()}, {"src", getSrc()}})));
}

//===- Reductions -===//

SmallVector<OpFoldResult> VcaddOp::getFields() {
  return {getDst(),
          getSrc(),
          getRepeat(),
          getDstRepAttr(),
          getSrcBlkAttr(),
          getSrcRepAttr(),
          Builder(getContext()).getBoolAttr(false)};
}

/// A destination begins at any element of vcadd, else at any result's.
template <typename OpTy>
static LogicalResult verifyAcross(OpTy op) {
  constexpr StringLiteral kRows = "loop over rows";
  return success(
      succeeded(verifyElements(op, {op.getDst(), op.getSrc()}, "f16 f32")) &&
      succeeded(verifyRepeat(op, op.getRepeat())) &&
      succeeded(verifyField(op, "dst_rep", op.getDstRepAttr(), 0,
                            ascend::kMostWideStride, "results", kRows)) &&
      succeeded(verifyField(op, "src_blk", op.getSrcBlkAttr(), 0,
                            ascend::kMostWideStride, "blocks", kRows)) &&
      succeeded(verifyField(op, "src_rep", op.getSrcRepAttr(), 0,
                            ascend::kMostWideStride, "blocks", kRows)) &&
      succeeded(verifyPointers(op, {{"src", op.getSrc()}})));
}
LogicalResult VcaddOp::verify() { return verifyAcross(*this); }

/// Eight results of a repeat stand together.
template <typename OpTy>
static LogicalResult verifyAcrossBlocks(OpTy op) {
  if (failed(verifyAcross(op)))
    return failure();
  auto type = cast<PtrType>(op.getDst().getType());
  return verifyAligned(op, "dst", op.getDst(), 8 * bytesOf(type.getElement()));
}
LogicalResult VcgaddOp::verify() { return verifyAcrossBlocks(*this); }
LogicalResult VcgmaxOp::verify() { return verifyAcrossBlocks(*this); }
LogicalResult VcgminOp::verify() { return verifyAcrossBlocks(*this); }
LogicalResult VcpaddOp::verify() { return verifyAcross(*this); }

//===- VbrcbOp -===//

LogicalResult VbrcbOp::verify() {
  if (rootOf(getDst()) == rootOf(getSrc()) && getDst() == getSrc())
    return emitOpError() << "fills what it reads; take another buffer";
  return success(
      succeeded(verifyElements(*this, {getDst(), getSrc()}, "u16 u32")) &&
      succeeded(
          verifyRepeat(*this, getRepeat(), ascend::kMostBroadcastRepeats)) &&
      succeeded(verifyStrides(
          *this, ascend::kMostWideStride,
          {{"dst_blk", getDstBlkAttr()}, {"dst_rep", getDstRepAttr()}})) &&
      succeeded(verifyPointers(*this, {{"dst", getDst()}, {"src", getSrc()}})));
}

void CceDialect::registerVectorOps() {
  addOperations<
#define GET_OP_LIST
#include "codegen/ascend/cce/CceVectorOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceVectorOps.cpp.inc"
