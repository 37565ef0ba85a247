// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A library as people read it: its C header, and all of it as one C file.

#include "codegen/Manifest.h"

#include "dialect/Words.h"

#include "llvm/Support/Format.h"
#include <gemel/library.h>

using namespace gemel;
using mlir::cast;

namespace {
/// Prints tables before what points at them.
class CTables {
public:
  explicit CTables(llvm::raw_ostream &os) : os(os) {}
  std::string value(const Entry &entry);

private:
  llvm::raw_ostream &os;
  int count = 0;
};
} // namespace

static std::string quoted(llvm::StringRef text) {
  std::string out = "\"";
  llvm::raw_string_ostream os(out);
  for (char c : text)
    if (c == '\n') // a line of a text is a line here, too
      os << "\\n\"\n    \"";
    else if (c == '\t')
      os << "\\t";
    else if (c == '"' || c == '\\')
      os << '\\' << c;
    else if (llvm::isPrint(c))
      os << c;
    else // three digits, whatever comes next
      os << llvm::format("\\%03o", static_cast<unsigned char>(c));
  return out + "\"";
}

std::string CTables::value(const Entry &entry) {
  std::vector<std::string> parts;
  for (const Entry &part : entry.parts)
    parts.push_back(value(part));
  switch (entry.kind) {
  case Entry::Integer:
    if (!entry.text.empty())
      return entry.text;
    if (entry.bits == 64 && entry.integer == INT64_MAX)
      return "INT64_MAX";
    return std::to_string(entry.integer);
  case Entry::Real: {
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("%a", entry.real);
    return text;
  }
  case Entry::Null:
    return "0";
  case Entry::Symbol:
    return entry.text;
  case Entry::Text:
    return quoted(entry.text);
  case Entry::Record:
    return "{" + llvm::join(parts, ", ") + "}";
  case Entry::Table: {
    std::string name = "table" + std::to_string(count++);
    os << "static const " << entry.text << " " << name << "[] = {\n";
    for (const std::string &part : parts)
      os << "    " << part << ",\n";
    os << "};\n";
    return name;
  }
  }
  llvm_unreachable("an entry of no kind");
}

void gemel::writeC(llvm::ArrayRef<LibraryOp> ops, const Entry &manifest,
                   llvm::StringRef assembly, llvm::StringRef symbol,
                   llvm::raw_ostream &os) {
  os << "/* Written by gemelc. The kernels as assembly, then the manifest "
        "that\n"
        " * the runtime reads; gemel/library.h says what each field means. */\n"
        "#include <gemel/library.h>\n\n#if GEMEL_ABI_VERSION != "
     << GEMEL_ABI_VERSION
     << "\n#error \"this file and gemel/library.h are of different versions\"\n"
        "#endif\n\n__asm__(\n";
  while (!assembly.empty()) {
    auto [line, rest] = assembly.split('\n');
    assembly = rest;
    // The C compiler names the file itself.
    if (!line.ltrim().starts_with(".file") &&
        !line.ltrim().starts_with(".ident"))
      os << "    " << llvm::StringRef(quoted(line)).drop_back() << "\\n\"\n";
  }
  os << "    \".text\\n\");\n\n";
  for (const LibraryOp &op : ops) {
    if (op.require)
      os << "__attribute__((visibility(\"hidden\"))) extern int32_t "
         << op.require->getName() << "(const int64_t *, const uint64_t *);\n";
    for (const Variant &variant : op.variants)
      for (const Launch &launch : variant.launches)
        if (launch.onHost)
          os << "__attribute__((visibility(\"hidden\"))) extern void "
             << launch.symbol
             << "(void *const *, const int64_t *,\n    const uint64_t *, "
                "int64_t, int64_t);\n";
  }
  os << "\n";
  std::string value = CTables(os).value(manifest);
  os << "__attribute__((visibility(\"default\"))) const gemel_manifest_desc "
     << symbol << " =\n    " << value << ";\n";
}

static llvm::StringRef cType(llvm::StringRef dtype) {
  return dtype == "f32" ? "float" : dtype == "i64" ? "int64_t" : "int32_t";
}

/// A name as a C or C++ parameter: words of these languages get a `_`.
static std::string cName(ArgumentAttr argument) {
  static constexpr llvm::StringLiteral words =
      " "
      "alignas alignof and and_eq asm auto bitand bitor bool break case "
      "catch char char16_t char32_t char8_t class co_await co_return "
      "co_yield compl concept const const_cast consteval constexpr "
      "constinit continue decltype default delete do double dynamic_cast "
      "else enum explicit export extern float for friend goto if inline "
      "int long mutable namespace new noexcept not_eq nullptr operator "
      "or_eq private protected public register reinterpret_cast requires "
      "restrict return short signed sizeof static static_assert "
      "static_cast struct switch template this thread_local throw try "
      "typedef typeid typename union unsigned using virtual void volatile "
      "wchar_t while xor xor_eq ";
  llvm::StringRef name = argument.getName().getValue();
  bool taken = words.contains((" " + name + " ").str());
  return taken ? (name + "_").str() : name.str();
}

/// What the header says of an operator's place in its training pair.
static void writeRole(OpOp op, llvm::ArrayRef<Pair> pairs,
                      llvm::raw_ostream &os) {
  auto named = [](OpOp op) { return op.getSymName(); };
  for (const Pair &pair : pairs) {
    if (pair.forward == op) {
      os << " * In training: ";
      if (pair.training != pair.forward)
        os << named(pair.training) << ", then ";
      os << named(pair.backward) << " or " << named(pair.accumulate) << ".\n";
    }
    if (pair.training == op && pair.training != pair.forward)
      os << " * " << named(pair.forward) << " and what its backward reads.\n";
    if (pair.backward == op)
      os << " * The gradients of " << named(pair.forward) << ".\n";
    if (pair.accumulate == op)
      os << " * The gradients of " << named(pair.forward)
         << ", added to what is there.\n";
  }
}

void gemel::writeHeader(llvm::ArrayRef<LibraryOp> ops,
                        llvm::ArrayRef<Pair> pairs, llvm::StringRef stem,
                        llvm::StringRef manifest, llvm::raw_ostream &os) {
  std::string guard = stem.upper();
  for (char &c : guard)
    if (!llvm::isAlnum(c))
      c = '_';
  os << "/* Written by gemelc: the operators of " << stem << ", typed. */\n"
     << "#ifndef GEMEL_OPS_" << guard << "_H\n#define GEMEL_OPS_" << guard
     << "_H\n\n#include <gemel/runtime.h>\n\n"
     << "#if GEMEL_ABI_VERSION != " << GEMEL_ABI_VERSION
     << "\n#error \"this header and gemel/runtime.h are of different "
        "versions\"\n#endif\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n";
  if (!manifest.empty())
    os << "\n/* For gemel_library_from_manifest, where linked statically. */\n"
       << "extern const gemel_manifest_desc " << manifest << ";\n";
  for (const LibraryOp &entry : ops) {
    OpOp op = entry.source;
    size_t result = 0, inout = op.getResults_().size();
    os << "\n/* " << op.getSymName() << ", " << sourceOf(op.getLoc()) << "\n";
    writeRole(op, pairs, os);
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
        os << cType(a.getDtype().getValue()) << " " << cName(a);
        list += (count ? ", &" : "&") + cName(a);
      } else {
        os << "const gemel_array *" << cName(a);
        list += (count ? ", " : "") + cName(a);
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
