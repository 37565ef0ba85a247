// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes an operator library's manifest as constant tables. Layouts follow the
// runtime's library.h, which a test compares with what a C compiler reads.

#include "codegen/Manifest.h"

#include "codegen/cpu/LowerElementwise.h"
#include "codegen/reference/Buffer.h"
#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "llvm/ADT/SetVector.h"

using namespace gemel;
using llvm::Constant;
using llvm::SmallVector;
using mlir::cast;
using mlir::dyn_cast;

// library.h: GEMEL_MANIFEST_MAGIC, GEMEL_ABI_VERSION.
static constexpr uint32_t kMagic = 0x314c4d47;
static constexpr uint32_t kAbiVersion = 2;

int32_t gemel::dtypeCode(mlir::Type element) {
  static const llvm::StringRef words[] = {"f32", "bf16", "f16", "i32",
                                          "i64", "u8",   "i1"};
  return llvm::find(words, dtypeWord(element)) - words + 1;
}

namespace {
/// Builds constant structs; equal strings are one.
class Tables {
public:
  explicit Tables(llvm::Module &module)
      : module(module), context(module.getContext()) {}

  Constant *i32(int64_t v) {
    return llvm::ConstantInt::getSigned(llvm::Type::getInt32Ty(context), v);
  }
  Constant *i64(int64_t v) {
    return llvm::ConstantInt::getSigned(llvm::Type::getInt64Ty(context), v);
  }
  Constant *real(double v) {
    return llvm::ConstantFP::get(llvm::Type::getDoubleTy(context), v);
  }
  Constant *null() {
    return llvm::ConstantPointerNull::get(llvm::PointerType::get(context, 0));
  }
  Constant *text(llvm::StringRef value) {
    Constant *&slot = texts[value];
    if (!slot)
      slot = global(llvm::ConstantDataArray::getString(context, value));
    return slot;
  }
  Constant *record(llvm::ArrayRef<Constant *> fields) {
    return llvm::ConstantStruct::getAnon(fields);
  }
  /// A table of equal records, or null if empty.
  Constant *table(llvm::ArrayRef<Constant *> rows) {
    if (rows.empty())
      return null();
    auto *type = llvm::ArrayType::get(rows[0]->getType(), rows.size());
    return global(llvm::ConstantArray::get(type, rows));
  }
  Constant *integers(llvm::ArrayRef<int32_t> values) {
    return table(llvm::map_to_vector(
        values, [&](int32_t v) -> Constant * { return i32(v); }));
  }
  llvm::GlobalVariable *global(Constant *value) {
    auto *g = new llvm::GlobalVariable(module, value->getType(), true,
                                       llvm::GlobalValue::InternalLinkage,
                                       value, "gemel_table");
    return g;
  }

  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::StringMap<Constant *> texts;
};
} // namespace

static std::string sourceOf(mlir::Location loc) {
  if (auto file = dyn_cast<mlir::FileLineColLoc>(loc))
    return (file.getFilename().getValue() + ":" + llvm::Twine(file.getLine()))
        .str();
  return "";
}

/// int32_t require(sizes, scalars): index of the first condition that fails.
static llvm::Function *emitRequire(OpOp op, llvm::Module &module,
                                   std::vector<std::string> &sentences) {
  SmallVector<RequireOp> requires_(op.getBody().getOps<RequireOp>());
  if (requires_.empty())
    return nullptr;
  llvm::LLVMContext &context = module.getContext();
  llvm::IRBuilder<> ir(context);
  auto *pointer = llvm::PointerType::get(context, 0);
  auto *function = llvm::Function::Create(
      llvm::FunctionType::get(ir.getInt32Ty(), {pointer, pointer}, false),
      llvm::Function::InternalLinkage, "gemel_require_" + op.getSymName(),
      module);
  ir.SetInsertPoint(llvm::BasicBlock::Create(context, "entry", function));
  llvm::DenseMap<mlir::Value, llvm::Value *> values;
  std::function<llvm::Value *(mlir::Value)> emit =
      [&](mlir::Value value) -> llvm::Value * {
    llvm::Value *&slot = values[value];
    if (slot)
      return slot;
    llvm::Value *made;
    llvm::Type *type = cpu::registerType(context, elementOf(value));
    if (auto argument = dyn_cast<mlir::BlockArgument>(value)) {
      made = ir.CreateLoad(
          type, ir.CreateConstGEP1_64(ir.getInt64Ty(), function->getArg(1),
                                      argument.getArgNumber()));
    } else if (auto size = value.getDefiningOp<SizeOp>()) {
      made =
          ir.CreateTrunc(ir.CreateLoad(ir.getInt64Ty(),
                                       ir.CreateConstGEP1_64(
                                           ir.getInt64Ty(), function->getArg(0),
                                           op.findAxis(size.getAxis()))),
                         type);
    } else if (auto constant = value.getDefiningOp<ConstantOp>()) {
      if (auto real = dyn_cast<mlir::FloatAttr>(constant.getValue()))
        made = llvm::ConstantFP::get(type, real.getValue());
      else
        made = llvm::ConstantInt::get(
            type, cast<mlir::IntegerAttr>(constant.getValue()).getValue());
    } else {
      SmallVector<llvm::Value *> operands;
      for (mlir::Value operand : value.getDefiningOp()->getOperands())
        operands.push_back(emit(operand));
      made = cpu::lowerElementwise(ir, value.getDefiningOp(), operands);
    }
    values[value] = made;
    return made;
  };
  llvm::Value *failed = ir.getInt32(-1);
  for (size_t i = requires_.size(); i-- > 0;)
    failed = ir.CreateSelect(emit(requires_[i].getCondition()), failed,
                             ir.getInt32(i));
  ir.CreateRet(failed);
  for (auto [i, require] : llvm::enumerate(requires_))
    sentences.push_back("require of " + sourceOf(require.getLoc()));
  return function;
}

void gemel::emitManifest(llvm::ArrayRef<LibraryOp> ops, llvm::Module &module,
                         llvm::StringRef symbol) {
  Tables t(module);
  SmallVector<Constant *> rows;
  for (const LibraryOp &entry : ops) {
    OpOp op = entry.source;
    SmallVector<Constant *> axes, dtypes, arguments, variants, sentences;
    llvm::StringMap<int32_t> variables;
    for (int64_t i = 0, e = op.getAxes().size(); i < e; ++i) {
      AxisAttr axis = op.getAxis(i);
      axes.push_back(
          t.record({t.text(axis.getName().getValue()), t.i64(axis.getFixed()),
                    t.i64(axis.getMultiple()), t.i64(axis.getMaximum())}));
    }
    for (auto [i, attr] : llvm::enumerate(op.getDtypeVariables())) {
      llvm::StringRef name = cast<DtypeVariableAttr>(attr).getName().getValue();
      variables[name] = i;
      dtypes.push_back(t.record({t.text(name)}));
    }
    size_t result = 0, inout = op.getResults_().size();
    auto argument = [&](ArgumentAttr a, bool isResult) {
      llvm::StringRef dtype = a.getDtype().getValue();
      auto variable = variables.find(dtype);
      bool open = variable != variables.end();
      int role = isResult ? 3 : a.getScalar() ? 4 : a.getInout() ? 2 : 1;
      int cls = 0;
      if (role == 2 || role == 3)
        cls = entry.exact[role == 3 ? result++ : inout++] ? 1 : 2;
      SmallVector<int32_t> places;
      for (mlir::Attribute axis : a.getAxes())
        places.push_back(op.findAxis(cast<mlir::StringAttr>(axis).getValue()));
      double value = 0;
      if (auto real =
              mlir::dyn_cast_or_null<mlir::FloatAttr>(a.getDefaultValue()))
        value = real.getValueAsDouble();
      if (auto i =
              mlir::dyn_cast_or_null<mlir::IntegerAttr>(a.getDefaultValue()))
        value = static_cast<double>(i.getInt());
      arguments.push_back(t.record(
          {t.text(a.getName().getValue()), t.i32(role),
           t.i32(open ? 0 : dtypeCode(parseDtype(op.getContext(), dtype))),
           t.i32(open ? variable->second : -1), t.i32(cls),
           t.i32(places.size()), t.i32(a.getDefaultValue() ? 1 : 0),
           t.integers(places), t.real(value)}));
    };
    for (mlir::Attribute a : op.getParameters())
      argument(cast<ArgumentAttr>(a), false);
    for (mlir::Attribute a : op.getResults_())
      argument(cast<ArgumentAttr>(a), true);
    for (const Variant &variant : entry.variants) {
      SmallVector<int32_t> codes;
      int64_t alignment = 1;
      for (mlir::Type type : variant.binding)
        codes.push_back(dtypeCode(type));
      SmallVector<Constant *> runs, workspaces, launches;
      for (auto &[length, places] : variant.runs)
        runs.push_back(t.record(
            {t.i32(length), t.i32(places.size()), t.integers(places)}));
      for (auto &[element, places] : variant.workspaces)
        workspaces.push_back(
            t.record({t.i32(reference::storageBytes(element)),
                      t.i32(places.size()), t.integers(places)}));
      for (const Launch &launch : variant.launches) {
        SmallVector<Constant *> work;
        for (auto [axis, step] : launch.work)
          work.push_back(t.record({t.i32(axis), t.i32(step)}));
        launches.push_back(
            t.record({t.text(launch.name), module.getFunction(launch.symbol),
                      t.i32(work.size()), t.table(work), t.i64(launch.grain)}));
      }
      variants.push_back(t.record(
          {t.text(variant.target), t.integers(codes), t.i32(alignment),
           t.i32(runs.size()), t.table(runs), t.i32(workspaces.size()),
           t.table(workspaces), t.i32(launches.size()), t.table(launches)}));
    }
    std::vector<std::string> words;
    llvm::Function *require = emitRequire(*entry.instance, module, words);
    for (const std::string &word : words)
      sentences.push_back(t.text(word));
    rows.push_back(
        t.record({t.text(op.getSymName()), t.text(sourceOf(op.getLoc())),
                  t.i32(axes.size()), t.table(axes), t.i32(dtypes.size()),
                  t.table(dtypes), t.i32(arguments.size()), t.table(arguments),
                  t.i32(variants.size()), t.table(variants),
                  require ? static_cast<Constant *>(require) : t.null(),
                  t.i32(sentences.size()), t.table(sentences)}));
  }
  Constant *manifest =
      t.record({t.i32(kMagic), t.i32(kAbiVersion), t.text("gemelc 0.1"),
                t.i32(rows.size()), t.table(rows)});
  llvm::GlobalVariable *global = t.global(manifest);
  global->setName(symbol);
  global->setLinkage(llvm::GlobalValue::ExternalLinkage);
}

static llvm::StringRef cType(llvm::StringRef dtype) {
  return dtype == "f32" ? "float" : dtype == "i64" ? "int64_t" : "int32_t";
}

void gemel::writeHeader(llvm::ArrayRef<LibraryOp> ops, llvm::StringRef stem,
                        llvm::StringRef manifest, llvm::raw_ostream &os) {
  std::string guard = stem.upper();
  for (char &c : guard)
    if (!llvm::isAlnum(c))
      c = '_';
  os << "/* Written by gemelc: the operators of " << stem << ", typed. */\n"
     << "#ifndef GEMEL_OPS_" << guard << "_H\n#define GEMEL_OPS_" << guard
     << "_H\n\n#include <gemel/runtime.h>\n\n"
     << "#if GEMEL_ABI_VERSION != " << kAbiVersion
     << "\n#error \"this header and gemel/runtime.h are of different "
        "versions\"\n#endif\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n";
  if (!manifest.empty())
    os << "\n/* For gemel_library_from_manifest, where linked statically. */\n"
       << "extern const gemel_manifest_desc " << manifest << ";\n";
  for (const LibraryOp &entry : ops) {
    OpOp op = entry.source;
    size_t result = 0, inout = op.getResults_().size();
    os << "\n/* " << op.getSymName() << ", " << sourceOf(op.getLoc()) << "\n";
    for (mlir::Attribute attr : op.getDtypeVariables()) {
      auto variable = cast<DtypeVariableAttr>(attr);
      os << " * " << variable.getName().getValue() << ": ";
      llvm::interleave(
          variable.getChoices(), os, [&](mlir::Type t) { os << dtypeWord(t); },
          " | ");
      os << "\n";
    }
    auto line = [&](ArgumentAttr a, bool isResult) {
      os << " * "
         << (isResult       ? "-> "
             : a.getInout() ? "inout "
                            : "")
         << a.getName().getValue() << ": " << a.getDtype().getValue();
      if (!a.getScalar()) {
        os << "[";
        llvm::interleaveComma(a.getAxes(), os, [&](mlir::Attribute axis) {
          os << cast<mlir::StringAttr>(axis).getValue();
        });
        os << "]";
      }
      if (isResult || a.getInout())
        os << (entry.exact[isResult ? result++ : inout++] ? ", exact"
                                                          : ", matrix");
      os << "\n";
    };
    for (mlir::Attribute a : op.getParameters())
      line(cast<ArgumentAttr>(a), false);
    for (mlir::Attribute a : op.getResults_())
      line(cast<ArgumentAttr>(a), true);
    os << " * Errors: those of gemel_launch. */\n"
       << "static inline gemel_status " << op.getSymName()
       << "_launch(const gemel_op *op_";
    int count = 0;
    std::string list;
    auto declare = [&](ArgumentAttr a, bool writes) {
      os << ",\n    ";
      if (a.getScalar()) {
        os << cType(a.getDtype().getValue()) << " " << a.getName().getValue();
        list +=
            (llvm::Twine(count ? ", &" : "&") + a.getName().getValue()).str();
      } else {
        os << "const gemel_array *" << a.getName().getValue();
        list += (llvm::Twine(count ? ", " : "") + a.getName().getValue()).str();
      }
      ++count;
    };
    for (mlir::Attribute a : op.getParameters())
      declare(cast<ArgumentAttr>(a), false);
    for (mlir::Attribute a : op.getResults_())
      declare(cast<ArgumentAttr>(a), true);
    os << ",\n    void *workspace_, size_t workspace_bytes_, gemel_stream "
          "stream_) {\n  const void *const args_[] = {"
       << list << "};\n  return gemel_launch(op_, args_, " << count
       << ", workspace_, workspace_bytes_, stream_);\n}\n";
  }
  os << "\n#ifdef __cplusplus\n}\n#endif\n#endif\n";
}
