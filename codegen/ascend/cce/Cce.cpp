// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registration of the cce dialect, its types, and how elements are spelled.
#include "codegen/ascend/cce/Cce.h"

#include "codegen/ascend/Facts.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "codegen/ascend/cce/CceDialect.cpp.inc"
#include "codegen/ascend/cce/CceEnums.cpp.inc"
#include "codegen/ascend/cce/CceInterfaces.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "codegen/ascend/cce/CceTypes.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "codegen/ascend/cce/CceAttrs.cpp.inc"

using namespace mlir;
using namespace gemel;

void cce::CceDialect::initialize() {
  registerTypes();
  registerKernelOps();
  registerVectorOps();
  registerMoveOps();
  registerScalarOps();
  registerSyncOps();
  registerCubeOps();
}

LogicalResult cce::CceDialect::verifyOperationAttribute(Operation *op,
                                                        NamedAttribute attr) {
  if (attr.getName() != kBuffers)
    return op->emitOpError() << "has an attribute " << attr.getName()
                             << ", which means nothing; there is " << kBuffers;
  auto count = dyn_cast<IntegerAttr>(attr.getValue());
  if (isa<scf::ForOp>(op) && count && count.getType().isInteger(64) &&
      count.getInt() >= 2 && count.getInt() <= ascend::kFreeEvents)
    return success();
  return op->emitOpError() << "has " << kBuffers << " = " << attr.getValue()
                           << "; it stands on scf.for, as an i64 from 2 to "
                           << ascend::kFreeEvents
                           << ": a pair of pipes has no more events";
}

void cce::CceDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "codegen/ascend/cce/CceTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "codegen/ascend/cce/CceAttrs.cpp.inc"
      >();
}

namespace {
/// An element's names: in CCE C, and in those of intrinsics.
struct Names {
  StringLiteral spelling, word;
};
} // namespace

static std::optional<Names> namesOf(Type element) {
  if (element.isF16())
    return Names{"half", "f16"};
  if (element.isBF16())
    return Names{"bfloat16_t", "bf16"};
  if (element.isF32())
    return Names{"float", "f32"};
  auto integer = dyn_cast<IntegerType>(element);
  if (!integer || integer.isSigned())
    return std::nullopt;
  bool isUnsigned = integer.isUnsigned();
  switch (integer.getWidth()) {
  case 8:
    return isUnsigned ? Names{"uint8_t", "u8"} : Names{"int8_t", "s8"};
  case 16:
    return isUnsigned ? Names{"uint16_t", "u16"} : Names{"int16_t", "s16"};
  case 32:
    return isUnsigned ? Names{"uint32_t", "u32"} : Names{"int32_t", "s32"};
  case 64:
    return isUnsigned ? Names{"uint64_t", "u64"} : Names{"int64_t", "s64"};
  default:
    return std::nullopt;
  }
}

StringRef cce::spelling(Type element) { return namesOf(element)->spelling; }
StringRef cce::shortName(Type element) { return namesOf(element)->word; }

int64_t cce::bytesOf(Type element) {
  return element.getIntOrFloatBitWidth() / 8;
}

LogicalResult
cce::PtrType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                     Space space, Type element) {
  if (namesOf(element))
    return success();
  return emitError() << "a core has no elements " << element
                     << "; take f16, bf16, f32, i8 to i64, or ui8 to ui64";
}

Value cce::rootOf(Value pointer) {
  while (Operation *op = pointer.getDefiningOp()) {
    if (auto offset = dyn_cast<OffsetOp>(op))
      pointer = offset.getBase();
    else if (auto cast = dyn_cast<CastOp>(op))
      pointer = cast.getBase();
    else
      break;
  }
  return pointer;
}

SmallVector<std::pair<cce::KernelOp, cce::KernelOp>>
cce::launchesOf(ModuleOp module) {
  SmallVector<std::pair<KernelOp, KernelOp>> found;
  for (KernelOp kernel : module.getOps<KernelOp>()) {
    StringRef name = kernel.getSymName();
    KernelOp other;
    bool isCube = name.consume_back("_mix_aic");
    if (kernel->hasAttr(KernelOp::kMixed) &&
        (isCube || name.consume_back("_mix_aiv")))
      other = module.lookupSymbol<KernelOp>(
          (name + (isCube ? "_mix_aiv" : "_mix_aic")).str());
    // A pair comes with its first half.
    if (!other || isCube)
      found.push_back({kernel, other});
  }
  return found;
}

bool cce::isSameMask(SetVectorMaskOp a, SetVectorMaskOp b) {
  return a == b ||
         (a && b && a.getHigh() == b.getHigh() && a.getLow() == b.getLow());
}

Operation *cce::firstNeeding(LoadOp load) {
  Operation *first = nullptr;
  llvm::SmallSetVector<Operation *, 16> made;
  made.insert(load);
  for (size_t i = 0; i < made.size(); ++i)
    for (Operation *user : made[i]->getUsers()) {
      if (user->getBlock() != load->getBlock() || !made.insert(user))
        continue;
      if (isa<scf::IfOp, InstructionOpInterface>(user) &&
          (!first || user->isBeforeInBlock(first)))
        first = user;
    }
  return first;
}
