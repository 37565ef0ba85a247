// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses operators, checks and plans: their frames and statements.

#include "dialect/Parser.h"

#include "dialect/Instantiate.h"
#include "dialect/Words.h"

using namespace mlir;
using namespace gemel;

BodyParser::BodyParser(OpAsmParser &parser, Header &header, Block &block)
    : TextParser(parser), header(header), builder(context),
      untyped(UntypedType::get(context)) {
  builder.setInsertionPointToEnd(&block);
  for (auto [attr, loc] : llvm::zip(header.parameters, header.parameterLocs)) {
    StringRef name = cast<ArgumentAttr>(attr).getName().getValue();
    values[name] = block.addArgument(untyped, locate(loc));
    givenAt[name] = loc;
  }
}

static ArgumentAttr findArgument(ArrayRef<Attribute> list, StringRef name) {
  for (Attribute attr : list)
    if (cast<ArgumentAttr>(attr).getName().getValue() == name)
      return cast<ArgumentAttr>(attr);
  return {};
}

ParseResult BodyParser::assignment(SMLoc loc, StringRef name, bool save) {
  if (p.parseOptionalEqual())
    return expected("'=' after '" + name + "'");
  Operation *before =
      builder.getBlock()->empty() ? nullptr : &builder.getBlock()->back();
  Value value;
  if (expression(value))
    return failure();
  ArgumentAttr parameter = findArgument(header.parameters, name);
  bool inout = parameter && parameter.getInout();
  auto given = givenAt.find(name);
  if (given != givenAt.end() && !inout) { // op_c3
    InFlightDiagnostic diagnostic = complain(loc);
    diagnostic << "'" << name << "' is given twice; every name but an inout "
               << "is given once";
    diagnostic.attachNote(locate(given->second)) << "first given here";
    return success();
  }
  // A value made by this very expression takes the name; `a = x` is an alias.
  Operation *op = value.getDefiningOp();
  if (op && op == &builder.getBlock()->back() && op != before &&
      !isa<NameLoc>(op->getLoc()))
    op->setLoc(NameLoc::get(builder.getStringAttr(name), op->getLoc()));
  if (save)
    SaveOp::create(builder, locate(loc), name, value);
  values[name] = value;
  givenAt[name] = loc;
  if (inout || findArgument(header.results, name))
    resultValues[name] = value;
  return success();
}

/// grad x = e, grad w by blocks n
ParseResult BodyParser::gradient() {
  StringRef text, wordText;
  SMLoc loc = here();
  if (name(text, "a parameter after 'grad'"))
    return failure();
  if (!findArgument(header.parameters, text)) // grad_c2
    complain(loc) << "'" << text << "' is not a parameter; 'grad' overrides "
                  << "the gradient of one";
  if (succeeded(p.parseOptionalKeyword("by"))) {
    int64_t blocks;
    if (!word(wordText) || wordText != "blocks")
      return error(here()) << "expected 'blocks n' after 'by'";
    SMLoc sizeLoc = here();
    if (integer(blocks, "the size of a block"))
      return failure();
    auto attr = OrderAttr::getChecked([&] { return error(sizeLoc); }, context,
                                      OrderKind::Blocks, blocks);
    if (!attr)
      return failure();
    GradOp::create(builder, locate(loc), builder.getStringAttr(text), Value(),
                   attr);
    return success();
  }
  if (p.parseOptionalEqual())
    return expected("'=' or 'by' after 'grad " + text + "'");
  Value value;
  inGradient = true;
  ParseResult result = expression(value);
  inGradient = false;
  if (result)
    return failure();
  GradOp::create(builder, locate(loc), builder.getStringAttr(text), value,
                 OrderAttr());
  return success();
}

ParseResult BodyParser::statement() {
  SMLoc loc = here();
  StringRef text;
  if (!word(text))
    return expected("a statement or '}'");
  bool statement = peek() != '=';
  if (text == "save" && statement) {
    loc = here();
    if (name(text, "a name after 'save'"))
      return failure();
    return assignment(loc, text, /*save=*/true);
  }
  if (text == "grad" && statement)
    return gradient();
  if (text == "carry" && statement)
    return error(loc) << "'carry' is not supported yet";
  if (text == "require" && statement) {
    Value condition;
    if (expression(condition))
      return failure();
    RequireOp::create(builder, locate(loc), condition);
    return success();
  }
  if (!isName(text) || isReserved(text))
    return error(loc) << "'" << text << "' cannot begin a statement; write "
                      << "'name = expression'";
  if (peek() == ',')
    return error(loc) << "several names before '=' are not supported yet";
  return assignment(loc, text, /*save=*/false);
}

void BodyParser::finish(SMLoc loc) {
  SmallVector<Value> operands;
  for (Attribute attr : header.results) {
    StringRef name = cast<ArgumentAttr>(attr).getName().getValue();
    Value value = resultValues.lookup(name);
    if (!value) { // op_c3
      complain(loc) << "result '" << name << "' is never given; write '" << name
                    << " = …'";
      continue;
    }
    operands.push_back(value);
  }
  for (auto [i, attr] : llvm::enumerate(header.parameters)) {
    auto argument = cast<ArgumentAttr>(attr);
    if (!argument.getInout())
      continue;
    Value value = resultValues.lookup(argument.getName().getValue());
    operands.push_back(value ? value : builder.getBlock()->getArgument(i));
  }
  ReturnOp::create(builder, locate(loc), operands);
}

ParseResult BodyParser::parse() {
  if (p.parseOptionalLBrace())
    return expected("'{' and the operator's body");
  SMLoc end = here();
  while (p.parseOptionalRBrace()) {
    if (statement())
      return failure();
    end = here();
  }
  finish(end);
  return success();
}

/// @name
static ParseResult parseOperatorName(TextParser &t, StringAttr &symbol) {
  SMLoc loc = t.here();
  if (t.p.parseOptionalSymbolName(symbol))
    return t.expected("the operator's name, '@name'");
  if (!isName(symbol.getValue()))
    return t.error(loc) << "'" << symbol.getValue() << "' is not a name; use "
                        << "letters, digits and '_'";
  return success();
}

//===- OpOp -===//

ParseResult OpOp::parse(OpAsmParser &p, OperationState &state) {
  TextParser t(p);
  if (t.peek() == '(') // the generic form, printed where the text cannot say it
    return p.parseGenericOperationAfterOpName(state);
  Builder b(p.getContext());
  StringAttr symbol;
  SMLoc loc = t.here();
  if (parseOperatorName(t, symbol))
    return failure();
  Header header;
  if (parseHeader(t, header))
    return failure();
  if (p.parseOptionalAttrDictWithKeyword(state.attributes))
    return failure();
  state.location = t.locate(loc);
  state.addAttribute("sym_name", symbol);
  state.addAttribute("dtype_variables", b.getArrayAttr(header.dtypes));
  state.addAttribute("axes", b.getArrayAttr(header.axes));
  state.addAttribute("parameters", b.getArrayAttr(header.parameters));
  state.addAttribute("results_", b.getArrayAttr(header.results));
  Region *region = state.addRegion();
  BodyParser body(p, header, region->emplaceBlock());
  if (body.parse())
    return failure();
  if (body.malformed) {
    state.addAttribute("malformed", b.getUnitAttr());
    return success();
  }
  // Typing errors show where the text is read: type a throw-away copy for
  // each binding of the dtype variables.
  OpBuilder builder(p.getContext());
  OperationState copy(state.location, state.name);
  copy.attributes = state.attributes;
  Region *copied = copy.addRegion();
  IRMapping mapping;
  region->cloneInto(copied, mapping);
  OwningOpRef<Operation *> scratch(Operation::create(copy));
  if (failed(checkTypes(cast<OpOp>(*scratch))))
    state.addAttribute("malformed", b.getUnitAttr());
  return success();
}

//===- CheckOp -===//

/// One element of `given` and `expect`, as written.
static ParseResult parseElement(TextParser &t, SmallVectorImpl<Attribute> &to) {
  std::string text;
  if (succeeded(t.p.parseOptionalMinus()))
    text = "-";
  const char *c = t.here().getPointer();
  const char *begin = c;
  bool hex = c[0] == '0' && (c[1] == 'x' || c[1] == 'X');
  while (llvm::isAlnum(*c) || *c == '.' ||
         (!hex && (*c == '+' || *c == '-') && (c[-1] == 'e' || c[-1] == 'E')))
    ++c;
  text += StringRef(begin, c - begin);
  StringRef word;
  APInt integer;
  double real;
  if (llvm::isDigit(*begin)) {
    if (StringRef(begin, c - begin).contains('.')) {
      if (t.p.parseFloat(real))
        return failure();
    } else {
      OptionalParseResult result = t.p.parseOptionalInteger(integer);
      if (!result.has_value() || failed(*result))
        return failure();
    }
  } else if (!t.word(word) || (word != "inf" && word != "nan" &&
                               word != "true" && word != "false")) {
    return t.expected("a number, 'inf', 'nan', or '0x' and an element's bits");
  }
  if (!isElement(text)) // what follows stands too close
    return t.error(SMLoc::getFromPointer(begin))
           << "'" << text << "' is not a number";
  to.push_back(StringAttr::get(t.context, text));
  return success();
}

/// `given` and `expect` after a case: name = [elements], name = element
static ParseResult parseKnown(TextParser &t, SmallVectorImpl<Attribute> &to) {
  do {
    StringRef name;
    if (t.name(name, "an argument"))
      return failure();
    if (t.p.parseOptionalEqual())
      return t.expected("'=' and the elements of '" + name + "'");
    SmallVector<Attribute> elements;
    if (t.peek() != '[') {
      if (parseElement(t, elements))
        return failure();
    } else if (t.p.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
                 return parseElement(t, elements);
               })) {
      return failure();
    }
    to.push_back(StringAttr::get(t.context, name));
    to.push_back(ArrayAttr::get(t.context, elements));
  } while (succeeded(t.p.parseOptionalComma()));
  return success();
}

ParseResult CheckOp::parse(OpAsmParser &p, OperationState &state) {
  TextParser t(p);
  if (t.peek() == '(')
    return p.parseGenericOperationAfterOpName(state);
  StringAttr symbolName;
  OpBuilder b(p.getContext());
  if (parseOperatorName(t, symbolName))
    return failure();
  state.addAttribute("op", FlatSymbolRefAttr::get(symbolName));
  b.setInsertionPointToStart(&state.addRegion()->emplaceBlock());
  if (p.parseOptionalLBrace())
    return t.expected("'{' and the obligations");
  while (p.parseOptionalRBrace()) {
    SMLoc loc = t.here();
    StringRef word;
    if (!t.word(word))
      return t.expected("'case', 'tol', 'must' or '}'");
    if (word == "case") {
      SmallVector<Attribute> sizes, given, expect;
      // A case of an operator without axes has no sizes.
      bool next = llvm::isAlpha(t.peek()) || t.peek() == '_';
      while (next) {
        StringRef axis;
        int64_t size;
        SMLoc axisLoc = t.here();
        if (failed(p.parseOptionalKeyword(&axis)))
          break;
        if (t.p.parseOptionalEqual()) {
          // Not a size: the next obligation, or what the case knows.
          word = axis;
          loc = axisLoc;
          break;
        }
        if (!isFreeName(axis))
          return t.error(axisLoc) << "'" << axis << "' is not a name; use "
                                  << "letters, digits and '_'";
        if (t.integer(size, "the size of axis '" + axis + "'"))
          return failure();
        sizes.push_back(b.getStringAttr(axis));
        sizes.push_back(b.getI64IntegerAttr(size));
        word = "";
        next = succeeded(p.parseOptionalComma());
      }
      if (sizes.empty() && word != "given" && word != "expect")
        return t.error(loc) << "a case lists sizes or what is given";
      while (true) {
        if (word.empty() && succeeded(p.parseOptionalKeyword("given")))
          word = "given";
        if (word.empty() && succeeded(p.parseOptionalKeyword("expect")))
          word = "expect";
        if (word.empty())
          break;
        if (parseKnown(t, word == "given" ? given : expect))
          return failure();
        word = "";
      }
      CaseOp::create(b, t.locate(loc), b.getArrayAttr(sizes),
                     b.getArrayAttr(given), b.getArrayAttr(expect));
    } else if (word == "tol") {
      StringRef dtype, unit;
      int64_t ulp;
      SMLoc dtypeLoc = t.here();
      if (!t.word(dtype) || !parseDtype(t.context, dtype))
        return t.error(dtypeLoc) << "expected a dtype after 'tol'";
      if (!t.word(unit) || unit != "ulp")
        return t.expected("'ulp n'");
      if (t.integer(ulp, "a number of ulp"))
        return failure();
      TolOp::create(b, t.locate(loc), dtype, ulp);
    } else if (word == "must") {
      SmallVector<Attribute> properties;
      for (StringRef known : kObligations)
        if (succeeded(p.parseOptionalKeyword(known)))
          properties.push_back(b.getStringAttr(known));
      if (properties.empty())
        return t.expected("one or more of 'repeat batch tile vendor', in this "
                          "order");
      MustOp::create(b, t.locate(loc), b.getArrayAttr(properties));
    } else {
      return t.error(loc) << "'" << word << "' is not an obligation; write "
                          << "'case', 'tol' or 'must'";
    }
  }
  return success();
}

//===- PlanOp -===//

ParseResult PlanOp::parse(OpAsmParser &p, OperationState &state) {
  TextParser t(p);
  if (t.peek() == '(')
    return p.parseGenericOperationAfterOpName(state);
  StringAttr symbolName;
  StringRef chip;
  OpBuilder b(p.getContext());
  if (parseOperatorName(t, symbolName))
    return failure();
  if (p.parseOptionalKeyword("for"))
    return t.expected("'for' and a chip");
  if (t.name(chip, "a chip after 'for'"))
    return failure();
  std::string name = chip.str(); // words joined by '-', as --target has them
  while (succeeded(p.parseOptionalMinus())) {
    if (!t.word(chip))
      return t.expected("the rest of the chip's name after '-'");
    name += ("-" + chip).str();
  }
  state.addAttribute("op", FlatSymbolRefAttr::get(symbolName));
  state.addAttribute("chip", b.getStringAttr(name));
  b.setInsertionPointToStart(&state.addRegion()->emplaceBlock());
  if (p.parseOptionalLBrace())
    return t.expected("'{' and the plan");
  while (p.parseOptionalRBrace()) {
    SMLoc loc = t.here();
    StringRef word, axis;
    int64_t extent;
    if (!t.word(word) || word != "tile")
      return t.error(loc) << "expected 'tile A = n' or '}'";
    if (t.name(axis, "an axis"))
      return failure();
    if (t.p.parseOptionalEqual())
      return t.expected("'=' and an extent");
    if (t.integer(extent, "an extent"))
      return failure();
    PlanTileOp::create(b, t.locate(loc), axis, extent);
  }
  return success();
}
