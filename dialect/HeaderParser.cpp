// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses an operator's header: dtype variables, axes, parameters, results.

#include "dialect/Parser.h"
#include "dialect/Words.h"

using namespace mlir;
using namespace gemel;

InFlightDiagnostic TextParser::error(SMLoc loc) {
  InFlightDiagnostic diagnostic = p.emitError(loc);
  if (Diagnostic *inner = diagnostic.getUnderlyingDiagnostic())
    *inner = Diagnostic(locate(loc), DiagnosticSeverity::Error);
  return diagnostic;
}

ParseResult TextParser::expected(const Twine &what) {
  // What is missing at the start of a line is missing at the end of the one
  // before; every text that comes here begins with an op's name.
  const char *at = here().getPointer();
  const char *back = at;
  while (llvm::isSpace(back[-1]))
    --back;
  bool crossed = StringRef(back, at - back).contains('\n');
  InFlightDiagnostic diagnostic =
      error(crossed ? SMLoc::getFromPointer(back - 1) : here());
  diagnostic << "expected " << what;
  return diagnostic;
}

ParseResult TextParser::name(StringRef &text, const Twine &what) {
  SMLoc loc = here();
  if (!word(text))
    return expected(what);
  if (!isName(text))
    return error(loc) << "'" << text << "' is not a name; use letters, digits "
                      << "and '_'";
  if (isReserved(text))
    return error(loc) << "'" << text << "' is a word of the language; take "
                      << "another name";
  return success();
}

ParseResult TextParser::integer(int64_t &value, const Twine &what) {
  APInt parsed;
  SMLoc loc = here();
  OptionalParseResult result = llvm::isDigit(peek())
                                   ? p.parseOptionalInteger(parsed)
                                   : OptionalParseResult(std::nullopt);
  if (!result.has_value())
    return expected(what);
  if (failed(*result))
    return failure();
  if (parsed.getActiveBits() > 62)
    return error(loc) << "integer is too large";
  value = parsed.getZExtValue();
  return success();
}

namespace {
class HeaderParser {
public:
  HeaderParser(TextParser &t, Header &header) : t(t), h(header) {}
  ParseResult parse();

private:
  ParseResult dtypeVariable();
  ParseResult axis();
  ParseResult argument(bool result);
  ParseResult axesOf(SmallVectorImpl<Attribute> &axes);
  ParseResult defaultValue(StringRef dtype, Attribute &value);
  bool isDtypeVariable(StringRef word) {
    return llvm::any_of(h.dtypes, [&](Attribute a) {
      return cast<DtypeVariableAttr>(a).getName().getValue() == word;
    });
  }

  TextParser &t;
  Header &h;
};
} // namespace

/// E: bf16|f16|f32
ParseResult HeaderParser::dtypeVariable() {
  StringRef name, word;
  if (t.name(name, "the name of a dtype variable"))
    return failure();
  if (t.p.parseOptionalColon())
    return t.expected("':' and the dtypes of '" + name + "'");
  SmallVector<Type> choices;
  do {
    SMLoc loc = t.here();
    if (!t.word(word))
      return t.expected("a dtype");
    if (isUnsupportedDtype(word))
      return t.error(loc) << "dtype '" << word
                          << "' is not supported yet; take bf16 or f16";
    Type type = parseDtype(t.context, word);
    if (!type)
      return t.error(loc) << "'" << word << "' is not a dtype; dtypes are f32, "
                          << "bf16, f16, i32, i64, u8 and i1";
    if (llvm::is_contained(choices, type))
      return t.error(loc) << "dtype '" << word << "' is listed twice";
    choices.push_back(type);
  } while (succeeded(t.p.parseOptionalVerticalBar()));
  h.dtypes.push_back(DtypeVariableAttr::get(
      t.context, StringAttr::get(t.context, name), choices));
  return success();
}

/// T, D = 128, N mult 16 max 65536
ParseResult HeaderParser::axis() {
  StringRef name, word;
  SMLoc loc = t.here();
  if (t.name(name, "the name of an axis"))
    return failure();
  int64_t fixed = -1, multiple = 1;
  int64_t maximum = std::numeric_limits<int64_t>::max();
  if (succeeded(t.p.parseOptionalEqual()) &&
      t.integer(fixed, "the size of axis '" + name + "'"))
    return failure();
  while (true) {
    SMLoc factLoc = t.here();
    if (!t.word(word))
      break;
    if (word == "by")
      return t.error(factLoc)
             << "ragged axes ('" << name << " by …') are not supported yet";
    if (word == "mult") {
      if (t.integer(multiple, "a size after 'mult'"))
        return failure();
      if (multiple < 1)
        return t.error(factLoc) << "'mult' takes a positive number";
    } else if (word == "max") {
      if (t.integer(maximum, "a size after 'max'"))
        return failure();
    } else {
      return t.error(factLoc) << "'" << word << "' is not a fact of an axis; "
                              << "facts are '= n', 'mult n' and 'max n'";
    }
  }
  if (fixed >= 0 && (fixed % multiple || fixed > maximum))
    return t.error(loc) << "axis '" << name << "' has size " << fixed
                        << ", which its other facts exclude";
  h.axes.push_back(AxisAttr::get(t.context, StringAttr::get(t.context, name),
                                 fixed, multiple, maximum, /*runs=*/1,
                                 /*of=*/ArrayAttr()));
  return success();
}

ParseResult HeaderParser::axesOf(SmallVectorImpl<Attribute> &axes) {
  return t.p.parseCommaSeparatedList(
      AsmParser::Delimiter::Square, [&]() -> ParseResult {
        StringRef name;
        SMLoc loc = t.here();
        if (t.name(name, "an axis"))
          return failure();
        bool known = llvm::any_of(h.axes, [&](Attribute a) {
          return cast<AxisAttr>(a).getName().getValue() == name;
        });
        if (!known) // op_c2
          return t.error(loc) << "axis '" << name << "' is not declared; add "
                              << "it to the operator's axes";
        StringAttr attr = StringAttr::get(t.context, name);
        if (llvm::is_contained(axes, attr))
          return t.error(loc) << "axis '" << name << "' appears twice";
        axes.push_back(attr);
        return success();
      });
}

/// A literal of a by-value scalar.
ParseResult HeaderParser::defaultValue(StringRef dtype, Attribute &value) {
  SMLoc loc = t.here();
  bool negative = t.peek() == '-';
  Type type = parseDtype(t.context, dtype);
  if (isa<FloatType>(type)) {
    double real;
    if (t.p.parseFloat(real))
      return failure();
    auto narrowed = static_cast<float>(real);
    if (std::isinf(narrowed) || (narrowed == 0 && real != 0))
      return t.error(loc) << "default does not fit f32";
    value = FloatAttr::get(type, narrowed);
    return success();
  }
  (void)negative;
  APInt parsed;
  OptionalParseResult result = t.p.parseOptionalInteger(parsed);
  if (!result.has_value())
    return t.expected("an integer default");
  if (failed(*result))
    return failure();
  if (!parsed.isSignedIntN(type.getIntOrFloatBitWidth()))
    return t.error(loc) << "default does not fit " << dtype;
  value = IntegerAttr::get(type, parsed.getSExtValue());
  return success();
}

/// inout p: f32[N]   w: E[K, N] grad f32   eps: f32 = 1.0e-6
ParseResult HeaderParser::argument(bool result) {
  StringRef name, dtype, word;
  bool inout = false, gradF32 = false;
  SMLoc loc = t.here();
  if (t.name(name, result ? "a result" : "a parameter"))
    return failure();
  if (name == "inout" && !result && t.peek() != ':') {
    inout = true;
    loc = t.here();
    if (t.name(name, "a parameter after 'inout'"))
      return failure();
  }
  for (auto *list : {&h.parameters, &h.results})
    for (Attribute other : *list)
      if (cast<ArgumentAttr>(other).getName().getValue() == name) // op_c1
        return t.error(loc) << "'" << name << "' is declared twice";
  if (t.p.parseOptionalColon())
    return t.expected("':' and the type of '" + name + "'");
  SMLoc dtypeLoc = t.here();
  if (!t.word(dtype))
    return t.expected("a dtype");
  if (isUnsupportedDtype(dtype))
    return t.error(dtypeLoc)
           << "dtype '" << dtype << "' is not supported yet; take bf16 or f16";
  if (!isDtypeVariable(dtype) && !parseDtype(t.context, dtype))
    return t.error(dtypeLoc)
           << "'" << dtype << "' is neither a dtype nor a dtype variable; "
           << "declare it in '<" << dtype << ": …>'";
  SmallVector<Attribute> axes;
  bool scalar = t.peek() != '[';
  if (!scalar && axesOf(axes))
    return failure();
  Attribute value;
  SMLoc tail = t.here();
  if (t.word(word)) {
    if (word != "grad" || result)
      return t.error(tail) << "unexpected '" << word << "'";
    if (!t.word(word) || word != "f32")
      return t.error(tail) << "a gradient's type is written 'grad f32'";
    if (scalar || (!isDtypeVariable(dtype) &&
                   !isa<FloatType>(parseDtype(t.context, dtype))))
      return t.error(tail) << "'" << name << "' has no gradient: it is "
                           << (scalar ? "a by-value scalar"
                                      : "no array of floats")
                           << "; drop 'grad f32'";
    gradF32 = true;
  }
  SMLoc equal = t.here();
  if (!result && succeeded(t.p.parseOptionalEqual())) {
    if (!scalar || isDtypeVariable(dtype) || inout)
      return t.error(equal) << "only a by-value scalar has a default";
    if (defaultValue(dtype, value))
      return failure();
  }
  if (scalar && inout)
    return t.error(loc) << "'" << name << "' is a by-value scalar, which "
                        << "cannot be 'inout'; write '" << dtype << "[]'";
  if (scalar && !isDtypeVariable(dtype) && dtype != "f32" && dtype != "i32" &&
      dtype != "i64")
    return t.error(dtypeLoc) << "a by-value scalar is f32, i32 or i64, not "
                             << dtype << "; write '" << dtype << "[]'";
  auto attr = ArgumentAttr::get(t.context, StringAttr::get(t.context, name),
                                StringAttr::get(t.context, dtype),
                                ArrayAttr::get(t.context, axes), scalar, inout,
                                gradF32, value);
  (result ? h.results : h.parameters).push_back(attr);
  if (!result)
    h.parameterLocs.push_back(loc);
  return success();
}

ParseResult HeaderParser::parse() {
  using Delimiter = AsmParser::Delimiter;
  OpAsmParser &p = t.p;
  if (succeeded(p.parseOptionalLess())) {
    if (p.parseCommaSeparatedList([&] { return dtypeVariable(); }))
      return failure();
    if (p.parseOptionalGreater())
      return t.expected("'>' after the dtype variables");
  }
  if (p.parseCommaSeparatedList(Delimiter::OptionalSquare,
                                [&] { return axis(); }))
    return failure();
  if (t.peek() != '(')
    return t.expected("'(' and the parameters");
  if (p.parseCommaSeparatedList(Delimiter::Paren,
                                [&] { return argument(false); }))
    return failure();
  if (p.parseOptionalArrow())
    return t.expected("'->' and the results");
  if (t.peek() != '(')
    return t.expected("'(' and the results");
  return p.parseCommaSeparatedList(Delimiter::Paren,
                                   [&] { return argument(true); });
}

ParseResult gemel::parseHeader(TextParser &t, Header &header) {
  return HeaderParser(t, header).parse();
}
