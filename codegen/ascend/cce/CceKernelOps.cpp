// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels, buffers and pointers.
#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Verify.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

//===- KernelOp -===//

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &state) {
  StringAttr name;
  StringRef word;
  SmallVector<OpAsmParser::Argument> arguments;
  SMLoc loc;
  if (parser.parseSymbolName(name, getSymNameAttrName(state.name),
                             state.attributes) ||
      parser.getCurrentLocation(&loc) || parser.parseKeyword(&word))
    return failure();
  std::optional<Unit> unit = symbolizeUnit(word);
  if (!unit)
    return parser.emitError(loc)
           << "'" << word << "' is no kind of core; write vector or cube";
  state.addAttribute(getUnitAttrName(state.name),
                     UnitAttr::get(parser.getContext(), *unit));
  return failure(parser.parseArgumentList(arguments,
                                          OpAsmParser::Delimiter::Paren,
                                          /*allowType=*/true) ||
                 parser.parseOptionalAttrDictWithKeyword(state.attributes) ||
                 parser.parseRegion(*state.addRegion(), arguments));
}

void KernelOp::print(OpAsmPrinter &printer) {
  printer << " ";
  printer.printSymbolName(getSymName());
  printer << " " << stringifyUnit(getUnit()) << "(";
  llvm::interleaveComma(
      getBody().getArguments(), printer,
      [&](BlockArgument argument) { printer.printRegionArgument(argument); });
  printer << ")";
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(), {getSymNameAttrName(), getUnitAttrName()});
  printer << " ";
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

LogicalResult KernelOp::verify() {
  for (BlockArgument argument : getBody().getArguments()) { // kernel_c1
    Type type = argument.getType();
    auto pointer = dyn_cast<PtrType>(type);
    if (!(pointer && pointer.getSpace() == Space::Gm) && !type.isInteger(64) &&
        !type.isInteger(32) && !type.isF32())
      return emitOpError() << "has an argument " << type
                           << ", which no slot of 8 bytes holds; take a "
                              "pointer into gm, i32, i64 or f32";
  }
  StringRef ending = getUnit() == Unit::Cube ? "_mix_aic" : "_mix_aiv";
  if ((*this)->hasAttr(kMixed) && !getSymName().ends_with(ending)) // kernel_c2
    return emitOpError() << "is mixed and runs on a "
                         << stringifyUnit(getUnit())
                         << " core, but its name does not end in '" << ending
                         << "', which is what the chip's loader looks for";
  return success();
}

//===- AllocOp -===//

LogicalResult AllocOp::verify() {
  Space space = cast<PtrType>(getType()).getSpace();
  if (space == Space::Gm) // alloc_c1
    return emitOpError() << "cannot take GM; pass it as an argument";
  Memory memory = memoryOf(space);
  int64_t bytes = getBytes();
  if (bytes < 1 || bytes > memory.bytes) // alloc_c2
    return emitOpError() << "wants " << bytes << " bytes of "
                         << stringifySpace(space) << ", which has "
                         << memory.bytes << "; take a smaller tile";
  if (!getAddress())
    return success();
  int64_t address = *getAddress();
  if (address < 0 || address % memory.alignment != 0 || // alloc_c3
      address > memory.bytes - bytes)
    return emitOpError() << "is at byte " << address << " of "
                         << stringifySpace(space) << ", but its " << bytes
                         << " bytes need a multiple of " << memory.alignment
                         << " up to " << memory.bytes - bytes;
  return success();
}

//===- CastOp -===//

LogicalResult CastOp::verify() {
  auto from = cast<PtrType>(getBase().getType()), to = cast<PtrType>(getType());
  if (from.getSpace() == to.getSpace()) // cast_c1
    return success();
  return emitOpError() << "goes from " << stringifySpace(from.getSpace())
                       << " to " << stringifySpace(to.getSpace())
                       << ", which are different memories; copy";
}

void CceDialect::registerKernelOps() {
  addOperations<
#define GET_OP_LIST
#include "codegen/ascend/cce/CceKernelOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceKernelOps.cpp.inc"
//===- ReleaseOp -===//

Operation *ReleaseOp::getNextUse() {
  auto isUse = [&](Operation *nested) {
    return !isa<OffsetOp, CastOp, ReleaseOp>(nested) &&
           llvm::any_of(nested->getOperands(), [&](Value v) {
             return isa<PtrType>(v.getType()) && rootOf(v) == getBuffer();
           });
  };
  // Behind a choice it stands in, too.
  for (Operation *at = *this; at; at = at->getParentOfType<scf::IfOp>()) {
    for (Operation *op = at->getNextNode(); op; op = op->getNextNode())
      if (op->walk([&](Operation *nested) {
              return isUse(nested) ? WalkResult::interrupt()
                                   : WalkResult::advance();
            }).wasInterrupted())
        return op;
    auto choice = dyn_cast<scf::IfOp>(at->getParentOp());
    if (!choice || choice.elseBlock())
      break;
  }
  return nullptr;
}

LogicalResult ReleaseOp::verify() {
  if (!getBuffer().getDefiningOp<AllocOp>())
    return emitOpError() << "names a part of a buffer; name what cce.alloc has "
                            "made";
  auto next = dyn_cast_or_null<InstructionOpInterface>(getNextUse());
  if (!next || llvm::none_of(next.getReads(),
                             [&](Value v) { return rootOf(v) == getBuffer(); }))
    return success();
  InFlightDiagnostic error = emitOpError()
                             << "is of a buffer that is read next; release it "
                                "behind that";
  error.attachNote(next->getLoc()) << "here";
  return error;
}
