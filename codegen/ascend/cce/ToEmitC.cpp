// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels as emitc: what is printed as CCE C.
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/CodeSize.h"
#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Conversion/ArithToEmitC/ArithToEmitC.h"
#include "mlir/Conversion/SCFToEmitC/SCFToEmitC.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/DialectConversion.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

/// What is said of a kernel above it.
static constexpr StringLiteral kTable = "table";

/// The qualifier of a memory.
static StringRef qualifier(Space space) {
  switch (space) {
  case Space::Gm:
    return "__gm__";
  case Space::Ub:
    return "__ubuf__";
  case Space::L1:
    return "__cbuf__";
  case Space::L0a:
    return "__ca__";
  case Space::L0b:
    return "__cb__";
  case Space::L0c:
    return "__cc__";
  }
  llvm_unreachable("every memory has a qualifier");
}

/// "__ubuf__ float".
static std::string pointee(PtrType type) {
  return (qualifier(type.getSpace()) + " " + spelling(type.getElement())).str();
}

/// An attribute as CCE C has it.
static Attribute spell(Attribute field) {
  std::string text;
  if (auto pipe = dyn_cast<PipeAttr>(field))
    text = "PIPE_" + stringifyPipe(pipe.getValue()).str();
  else if (auto word = dyn_cast<StringAttr>(field))
    text = word.getValue().str();
  else if (auto flag = dyn_cast<BoolAttr>(field))
    text = flag.getValue() ? "true" : "false";
  else
    text = std::to_string(cast<IntegerAttr>(field).getInt());
  return emitc::OpaqueAttr::get(field.getContext(), text);
}

namespace {

class CceTypes : public TypeConverter {
public:
  explicit CceTypes() {
    addConversion([](Type type) { return type; });
    addConversion([](PtrType type) -> Type {
      return emitc::PointerType::get(
          emitc::OpaqueType::get(type.getContext(), pointee(type)));
    });
  }
};

/// An instruction is a call of its name.
class CallInstruction
    : public OpInterfaceConversionPattern<InstructionOpInterface> {
  using OpInterfaceConversionPattern::OpInterfaceConversionPattern;

  LogicalResult
  matchAndRewrite(InstructionOpInterface op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    if (auto barrier = dyn_cast<PipeBarrierOp>(*op);
        barrier && !barrier.getSizes().empty())
      return failure(); // AskSizes
    SmallVector<Attribute> arguments;
    SmallVector<Value> values;
    for (OpFoldResult field : op.getFields()) {
      if (auto value = dyn_cast<Value>(field)) {
        arguments.push_back(rewriter.getIndexAttr(values.size()));
        values.push_back(rewriter.getRemappedValue(value));
        continue;
      }
      arguments.push_back(spell(cast<Attribute>(field)));
    }
    rewriter.replaceOpWithNewOp<emitc::CallOpaqueOp>(
        op, op->getResultTypes(), op.getIntrinsic(), values,
        arguments.empty() ? ArrayAttr() : rewriter.getArrayAttr(arguments));
    return success();
  }
};

/// A pointer as a number.
class TakeAddress : public OpConversionPattern<AddressOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(AddressOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<emitc::CastOp>(op, rewriter.getI64Type(),
                                               adaptor.getPointer());
    return success();
  }
};

/// A barrier behind products of some sizes asks for them.
class AskSizes : public OpConversionPattern<PipeBarrierOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(PipeBarrierOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.getSizes().empty())
      return failure();
    rewriter.replaceOpWithNewOp<emitc::VerbatimOp>(
        op,
        llvm::formatv("if (({{} + {0}) / {1} * (({{} + {0}) / {1}) < {2}) "
                      "pipe_barrier(PIPE_M);",
                      ascend::kFractalRows - 1, ascend::kFractalRows,
                      ascend::kLongProduct)
            .str(),
        adaptor.getSizes());
    return success();
  }
};

class PlaceBuffer : public OpConversionPattern<AllocOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(AllocOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    rewriter.replaceOpWithNewOp<emitc::ConstantOp>(
        op, type,
        emitc::OpaqueAttr::get(
            op.getContext(), llvm::formatv("({0} *)(uintptr_t){1}",
                                           pointee(cast<PtrType>(op.getType())),
                                           *op.getAddress())
                                 .str()));
    return success();
  }
};

class MovePointer : public OpConversionPattern<OffsetOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OffsetOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<emitc::AddOp>(op, adaptor.getBase().getType(),
                                              adaptor.getBase(),
                                              adaptor.getElements());
    return success();
  }
};

class CastPointer : public OpConversionPattern<CastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(CastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<emitc::CastOp>(
        op, getTypeConverter()->convertType(op.getType()), adaptor.getBase());
    return success();
  }
};

/// What a core is asked: a call that gives a number.
template <typename OpTy>
class CallQuery : public OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<emitc::CallOpaqueOp>(
        op, rewriter.getI64Type(), op->getName().stripDialect(), ValueRange());
    return success();
  }
};

class DefineKernel : public OpConversionPattern<KernelOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(KernelOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    TypeConverter::SignatureConversion signature(
        op.getBody().getNumArguments());
    for (BlockArgument argument : op.getBody().getArguments())
      signature.addInputs(argument.getArgNumber(),
                          getTypeConverter()->convertType(argument.getType()));
    bool isVector = op.getUnit() == Unit::Vector;
    StringRef unit = isVector ? "VEC" : "CUBE";
    say(rewriter, op,
        llvm::formatv("#if defined(__DAV_C220_{0}__) || defined(__DAV_{0}__)\n",
                      unit)
            .str());
    // ELF section .ascend.meta.<symbol>: record 1, 4 bytes: the kind of kernel;
    // of a mixed one record 3, 4 bytes: the cube and vector cores of a group.
    bool isMixed = op->hasAttr(KernelOp::kMixed);
    say(rewriter, op,
        llvm::formatv(
            "static const struct {{ uint16_t type, length; uint32_t kind;{1} } "
            "{0}_meta\n    __attribute__((used, "
            "section(\".ascend.meta.{0}\"))) = {{1, 4, {2}};\n",
            op.getSymName(),
            isMixed ? " uint16_t type2, length2, cube, vector;" : "",
            isMixed ? (isVector ? "5, 3, 4, 1, 2" : "4, 3, 4, 1, 2")
                    : (isVector ? "3" : "2"))
            .str());
    say(rewriter, op, op->getAttrOfType<StringAttr>(kTable).str());
    auto function = emitc::FuncOp::create(
        rewriter, op.getLoc(), op.getSymName(),
        rewriter.getFunctionType(signature.getConvertedTypes(), {}));
    function.setSpecifiersAttr(
        rewriter.getStrArrayAttr({"extern \"C\"", "__global__", "__aicore__"}));
    rewriter.inlineRegionBefore(op.getBody(), function.getBody(),
                                function.end());
    Block &body = function.getBody().front();
    rewriter.setInsertionPointToEnd(&body);
    emitc::ReturnOp::create(rewriter, op.getLoc(), Value());
    rewriter.setInsertionPointAfter(function);
    say(rewriter, op, "#endif");
    rewriter.applySignatureConversion(&body, signature, getTypeConverter());
    rewriter.eraseOp(op);
    return success();
  }

  static void say(OpBuilder &b, Operation *op, const std::string &text) {
    emitc::VerbatimOp::create(b, op->getLoc(), text);
  }
};

} // namespace

/// A table of the buffers in a comment: where they are, and what is left; of
/// the instruction cache, too.
static std::string describeBuffers(KernelOp op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  std::map<Space, int64_t> ends;
  os << "// Buffers of " << op.getSymName() << ":\n";
  op.walk([&](AllocOp alloc) {
    if (!alloc.getAddress())
      return;
    auto type = cast<PtrType>(alloc.getType());
    os << llvm::formatv("//   {0,-3} {1,7} .. {2,7}  {3}\n",
                        stringifySpace(type.getSpace()), *alloc.getAddress(),
                        *alloc.getAddress() + alloc.getBytes(),
                        spelling(type.getElement()));
    int64_t &end = ends[type.getSpace()];
    end = std::max<int64_t>(end, *alloc.getAddress() + alloc.getBytes());
  });
  for (auto [space, end] : ends)
    os << "//   " << stringifySpace(space) << " ends at " << end << " of "
       << memoryOf(space).bytes << " bytes\n";
  if (int64_t bytes = loopBytes(op))
    os << "//   the longest loop's code: some " << bytes << " of "
       << ascend::kCodeCacheBytes << " bytes\n";
  text.pop_back();
  return text;
}

/// Before each instruction of another line of the operator's text, its place.
static void nameLines(KernelOp kernel) {
  Location last = UnknownLoc::get(kernel.getContext());
  kernel.walk([&](InstructionOpInterface op) {
    auto place = op->getLoc()->findInstanceOf<FileLineColLoc>();
    if (!place || place == last)
      return;
    last = place;
    OpBuilder b(op);
    emitc::VerbatimOp::create(b, op->getLoc(),
                              llvm::formatv("// {0}:{1}",
                                            place.getFilename().getValue(),
                                            place.getLine())
                                  .str());
  });
}

/// What numbers go through between C and UB, if any do.
static void defineAccess(ModuleOp module) {
  WalkResult found = module.walk([](Operation *op) {
    return isa<LoadOp, StoreOp>(op) ? WalkResult::interrupt()
                                    : WalkResult::advance();
  });
  if (!found.wasInterrupted())
    return;
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  emitc::VerbatimOp::create(
      b, module.getLoc(),
      "template <typename T>\n"
      "inline __aicore__ T ub_load(__ubuf__ T *p, int64_t i) { return p[i]; }\n"
      "template <typename T, typename U>\n"
      "inline __aicore__ void ub_store(U v, __ubuf__ T *p, int64_t i) {\n"
      "  p[i] = static_cast<T>(v);\n"
      "}\n");
}

LogicalResult cce::toEmitC(ModuleOp module) {
  MLIRContext *context = module.getContext();
  WalkResult placed = module.walk([](AllocOp alloc) {
    if (alloc.getAddress())
      return WalkResult::advance();
    alloc.emitOpError() << "has no address; plan the memory first";
    return WalkResult::interrupt();
  });
  if (placed.wasInterrupted())
    return failure();
  module.walk([](ReleaseOp release) { release.erase(); }); // the plan has it
  for (KernelOp kernel : module.getOps<KernelOp>()) {
    kernel->setAttr(kTable, StringAttr::get(context, describeBuffers(kernel)));
    nameLines(kernel);
  }
  defineAccess(module);
  CceTypes types;
  RewritePatternSet patterns(context);
  patterns.add<CallInstruction, AskSizes, TakeAddress, PlaceBuffer, MovePointer,
               CastPointer, CallQuery<GetBlockIdxOp>, CallQuery<GetBlockNumOp>,
               CallQuery<GetSubblockidOp>, DefineKernel>(types, context);
  populateArithToEmitCPatterns(types, patterns);
  populateSCFToEmitCConversionPatterns(patterns, types);
  ConversionTarget target(*context);
  target.addLegalDialect<emitc::EmitCDialect>();
  target.addIllegalDialect<CceDialect, arith::ArithDialect, scf::SCFDialect>();
  return applyPartialConversion(module, target, std::move(patterns));
}
