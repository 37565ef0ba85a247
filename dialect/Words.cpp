// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The language's words: dtypes, reserved names, and how types are described.

#include "dialect/Words.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/ReduceOps.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

Type gemel::parseDtype(MLIRContext *context, StringRef word) {
  Builder b(context);
  if (word == "f32")
    return b.getF32Type();
  if (word == "bf16")
    return b.getBF16Type();
  if (word == "f16")
    return b.getF16Type();
  if (word == "i32")
    return b.getI32Type();
  if (word == "i64")
    return b.getI64Type();
  if (word == "i1")
    return b.getI1Type();
  if (word == "u8")
    return IntegerType::get(context, 8, IntegerType::Unsigned);
  return {};
}

StringRef gemel::dtypeWord(Type type) {
  if (type.isF32())
    return "f32";
  if (type.isBF16())
    return "bf16";
  if (type.isF16())
    return "f16";
  if (type.isInteger(32))
    return "i32";
  if (type.isInteger(64))
    return "i64";
  if (type.isInteger(1))
    return "i1";
  if (type.isUnsignedInteger(8))
    return "u8";
  return "?";
}

bool gemel::isUnsupportedDtype(StringRef word) {
  return word == "f8e4m3" || word == "f8e5m2" || word == "f8";
}

bool gemel::isReserved(StringRef word) {
  return llvm::StringSwitch<bool>(word)
      .Cases({"save", "require", "grad", "carry", "over", "or", "and", "not"},
             true)
      .Cases({"inf", "nan", "true", "false", "where"}, true)
      .Default(false);
}

bool gemel::isName(StringRef word) {
  if (word.empty() || !(llvm::isAlpha(word[0]) || word[0] == '_'))
    return false;
  return llvm::all_of(word,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

bool gemel::isAxisName(StringRef word) {
  auto [name, runs] = word.split('.');
  return isFreeName(name) &&
         (word.size() == name.size() ||
          (!runs.empty() && llvm::all_of(runs, llvm::isDigit)));
}

bool gemel::isElement(StringRef word) {
  word.consume_front("-");
  if (word == "inf" || word == "nan" || word == "true" || word == "false")
    return true;
  auto digits = [&](bool (*isDigit)(char)) {
    StringRef found = word.take_while(isDigit);
    word = word.drop_front(found.size());
    return !found.empty();
  };
  if (word.consume_front("0x"))
    return digits(llvm::isHexDigit) && word.empty();
  if (!digits(llvm::isDigit))
    return false;
  if (!word.consume_front("."))
    return word.empty();
  digits(llvm::isDigit);
  if (!word.consume_front("e") && !word.consume_front("E"))
    return word.empty();
  (void)(word.consume_front("+") || word.consume_front("-"));
  return digits(llvm::isDigit) && word.empty();
}

std::string gemel::describeAxes(ArrayRef<StringAttr> axes) {
  std::string text = "[";
  llvm::ListSeparator comma;
  for (StringAttr axis : axes) {
    text += StringRef(comma);
    text += axis.getValue();
  }
  return text + "]";
}

std::string gemel::describe(Type type) {
  if (auto array = dyn_cast<ArrayType>(type)) {
    std::string word = dtypeWord(array.getElementType()).str();
    return array.getAxes().empty() ? word
                                   : word + describeAxes(array.getAxes());
  }
  if (auto tile = dyn_cast<TileType>(type))
    return dtypeWord(tile.getElementType()).str() +
           describeAxes(tile.getAxes());
  return "an untyped value";
}

StringRef gemel::spelling(Operation *op) {
  if (auto compare = dyn_cast<CompareOp>(op)) {
    static const StringRef words[] = {"<", "<=", ">", ">=", "==", "<>"};
    return words[static_cast<int>(compare.getKind())];
  }
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return stringifyReduceKind(reduce.getKind());
  if (auto reduce = dyn_cast<PartialReduceOp>(op))
    return stringifyReduceKind(reduce.getKind());
  StringRef name = op->getName().stripDialect();
  return llvm::StringSwitch<StringRef>(name)
      .Case("add", "+")
      .Case("sub", "-")
      .Case("mul", "*")
      .Case("div", "/")
      .Case("neg", "-")
      .Case("floor_div", "div")
      .Case("cast", "cast")
      .Default(name);
}
