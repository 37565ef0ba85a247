// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An operator library's manifest: the tables of the runtime's library.h, field
// by field.

#include "codegen/Manifest.h"

#include "codegen/llvm/LowerElementwise.h"
#include "codegen/reference/Buffer.h"
#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include <gemel/library.h>

using namespace gemel;
using llvm::SmallVector;
using mlir::cast;
using mlir::dyn_cast;

int32_t gemel::dtypeCode(mlir::Type element) {
  static const llvm::StringRef words[] = {"f32", "bf16", "f16", "i32",
                                          "i64", "u8",   "i1"};
  return llvm::find(words, dtypeWord(element)) - words + 1;
}

static Entry i32(int64_t value) {
  return {Entry::Integer, 32, value, 0, {}, {}};
}
/// A constant of an enum of library.h, by its name.
static Entry named(int64_t value, llvm::StringRef name) {
  return {Entry::Integer, 32, value, 0, name.str(), {}};
}
static Entry i64(int64_t value) {
  return {Entry::Integer, 64, value, 0, {}, {}};
}
static Entry real(double value) { return {Entry::Real, 64, 0, value, {}, {}}; }
static Entry null() { return {Entry::Null, 0, 0, 0, {}, {}}; }
static Entry text(llvm::StringRef value) {
  return {Entry::Text, 0, 0, 0, value.str(), {}};
}
static Entry symbol(llvm::StringRef name) {
  return {Entry::Symbol, 0, 0, 0, name.str(), {}};
}
static Entry record(std::vector<Entry> fields) {
  return {Entry::Record, 0, 0, 0, {}, std::move(fields)};
}
/// gemel_dtype of an element, by its name.
static Entry dtypeEntry(mlir::Type element) {
  return named(dtypeCode(element), "GEMEL_" + dtypeWord(element).upper());
}
/// A table of equal records, or null if empty.
static Entry table(llvm::StringRef type, std::vector<Entry> rows) {
  if (rows.empty())
    return null();
  return {Entry::Table, 0, 0, 0, type.str(), std::move(rows)};
}
static Entry integers(llvm::ArrayRef<int32_t> values) {
  std::vector<Entry> rows;
  for (int32_t value : values)
    rows.push_back(i32(value));
  return table("int32_t", std::move(rows));
}

std::string gemel::sourceOf(mlir::Location loc) {
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
    llvm::Type *type = llvmir::registerType(context, elementOf(value));
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
      made = llvmir::lowerConstant(ir, constant);
    } else {
      SmallVector<llvm::Value *> operands;
      for (mlir::Value operand : value.getDefiningOp()->getOperands())
        operands.push_back(emit(operand));
      made = llvmir::lowerElementwise(ir, value.getDefiningOp(), operands, {});
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

static bool hasArgument(mlir::ArrayAttr list, mlir::StringAttr name) {
  return llvm::any_of(list, [&](mlir::Attribute attr) {
    return cast<ArgumentAttr>(attr).getName() == name;
  });
}

static Entry pairEntry(llvm::ArrayRef<LibraryOp> ops, const Pair &pair) {
  auto index = [&](OpOp op) {
    auto *entry = llvm::find_if(
        ops, [&](const LibraryOp &entry) { return entry.source == op; });
    return i32(entry - ops.begin());
  };
  OpOp backward = pair.backward;
  std::vector<Entry> saved, incoming, gradients;
  for (mlir::StringAttr name : pair.saved)
    saved.push_back(text(name.getValue()));
  for (auto [result, name] : pair.incoming)
    if (hasArgument(backward.getParameters(), name))
      incoming.push_back(
          record({text(result.getValue()), text(name.getValue())}));
  for (auto [parameter, attr] :
       llvm::zip(pair.parameters, backward.getResults_()))
    gradients.push_back(
        record({text(parameter.getValue()),
                text(cast<ArgumentAttr>(attr).getName().getValue())}));
  return record(
      {index(pair.forward), index(pair.training), index(pair.backward),
       index(pair.accumulate), i32(saved.size()), table("char *const", saved),
       i32(incoming.size()), table("gemel_gradient_desc", incoming),
       i32(gradients.size()), table("gemel_gradient_desc", gradients)});
}

Entry gemel::describeLibrary(llvm::MutableArrayRef<LibraryOp> ops,
                             llvm::ArrayRef<Pair> pairs, llvm::Module &module) {
  std::vector<Entry> rows;
  for (LibraryOp &entry : ops) {
    OpOp op = entry.source;
    std::vector<Entry> axes, dtypes, arguments, variants, sentences;
    llvm::StringMap<int32_t> variables;
    for (int64_t i = 0, e = op.getAxes().size(); i < e; ++i) {
      AxisAttr axis = op.getAxis(i);
      axes.push_back(
          record({text(axis.getName().getValue()), i64(axis.getFixed()),
                  i64(axis.getMultiple()), i64(axis.getMaximum())}));
    }
    for (auto [i, attr] : llvm::enumerate(op.getDtypeVariables())) {
      llvm::StringRef name = cast<DtypeVariableAttr>(attr).getName().getValue();
      variables[name] = i;
      dtypes.push_back(record({text(name)}));
    }
    size_t result = 0, inout = op.getResults_().size();
    auto argument = [&](ArgumentAttr a, bool isResult) {
      llvm::StringRef dtype = a.getDtype().getValue();
      auto variable = variables.find(dtype);
      bool open = variable != variables.end();
      Entry role = isResult        ? named(GEMEL_RESULT, "GEMEL_RESULT")
                   : a.getScalar() ? named(GEMEL_SCALAR, "GEMEL_SCALAR")
                   : a.getInout()  ? named(GEMEL_INOUT, "GEMEL_INOUT")
                                   : named(GEMEL_INPUT, "GEMEL_INPUT");
      Entry cls = i32(0);
      if (isResult || a.getInout())
        cls = entry.exact[isResult ? result++ : inout++]
                  ? named(GEMEL_EXACT, "GEMEL_EXACT")
                  : named(GEMEL_MATRIX, "GEMEL_MATRIX");
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
      arguments.push_back(record(
          {text(a.getName().getValue()), role,
           open ? i32(0) : dtypeEntry(parseDtype(op.getContext(), dtype)),
           i32(open ? variable->second : -1), cls, i32(places.size()),
           i32(a.getDefaultValue() ? 1 : 0), integers(places), real(value)}));
    };
    for (mlir::Attribute a : op.getParameters())
      argument(cast<ArgumentAttr>(a), false);
    for (mlir::Attribute a : op.getResults_())
      argument(cast<ArgumentAttr>(a), true);
    for (const Variant &variant : entry.variants) {
      std::vector<Entry> codes;
      for (mlir::Type type : variant.binding)
        codes.push_back(dtypeEntry(type));
      std::vector<Entry> runs, workspaces, launches, facts;
      for (auto &[length, places] : variant.runs)
        runs.push_back(
            record({i32(length), i32(places.size()), integers(places)}));
      for (auto &[bytes, places] : variant.workspaces)
        workspaces.push_back(
            record({i32(bytes), i32(places.size()), integers(places)}));
      for (const Launch &launch : variant.launches) {
        std::vector<Entry> work;
        for (auto [axis, step] : launch.work)
          work.push_back(record({i32(axis), i32(step)}));
        launches.push_back(record(
            {text(launch.name), launch.onHost ? symbol(launch.symbol) : null(),
             i32(work.size()), table("gemel_work_desc", work),
             i64(launch.grain), launch.onHost ? null() : text(launch.symbol),
             i32(launch.threads), i32(launch.sharedBytes), i32(launch.blocks),
             i32(launch.unit), i32(launch.waits)}));
      }
      for (auto [axis, multiple, maximum] : variant.facts)
        facts.push_back(record({i32(axis), i64(multiple), i64(maximum)}));
      variants.push_back(
          record({text(variant.target), table("int32_t", codes),
                  i32(variant.alignment), i32(runs.size()),
                  table("gemel_runs_desc", runs), i32(workspaces.size()),
                  table("gemel_workspace_desc", workspaces),
                  i32(launches.size()), table("gemel_launch_desc", launches),
                  i32(facts.size()), table("gemel_fact_desc", facts)}));
    }
    std::vector<Entry> code;
    for (const DeviceCode &one : entry.code) {
      auto add = [&](DeviceCode::Kind kind, const std::string &bytes) {
        if (!bytes.empty())
          code.push_back(
              record({text(one.target), named(kind.number, kind.name),
                      i64(bytes.size()), text(bytes)}));
      };
      add(one.binaryKind, one.binary);
      add(one.textKind, one.text);
    }
    std::vector<std::string> words;
    llvm::Function *require = emitRequire(*entry.instance, module, words);
    entry.require = require;
    for (const std::string &word : words)
      sentences.push_back(text(word));
    rows.push_back(
        record({text(op.getSymName()), text(sourceOf(op.getLoc())),
                i32(axes.size()), table("gemel_axis_desc", axes),
                i32(dtypes.size()), table("gemel_dtype_variable_desc", dtypes),
                i32(arguments.size()), table("gemel_argument_desc", arguments),
                i32(variants.size()), table("gemel_variant_desc", variants),
                require ? symbol(require->getName()) : null(),
                i32(sentences.size()), table("char *const", sentences),
                i32(code.size()), table("gemel_code_desc", code)}));
  }
  std::vector<Entry> pairRows;
  for (const Pair &pair : pairs)
    pairRows.push_back(pairEntry(ops, pair));
  return record({i32(GEMEL_MANIFEST_MAGIC), i32(GEMEL_ABI_VERSION),
                 text("gemelc 0.1"), i32(rows.size()),
                 table("gemel_op_desc", rows), i32(pairRows.size()),
                 table("gemel_pair_desc", pairRows)});
}
