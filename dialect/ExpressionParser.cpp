// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses expressions into ops, by precedence climbing.

#include "dialect/FunctionOps.h"
#include "dialect/Parser.h"
#include "dialect/ReduceOps.h"
#include "dialect/Words.h"

#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace mlir;
using namespace gemel;

// Own recursion costs up to 5 KB of stack a level; an 8 MB stack ends at
// about 1,700 levels.
static constexpr int kMaxDepth = 200;

namespace {
struct DepthGuard {
  explicit DepthGuard(int &depth) : depth(depth) { ++depth; }
  ~DepthGuard() { --depth; }
  int &depth;
};
} // namespace

ParseResult BodyParser::expression(Value &value, int level) {
  // A level is what brackets, a sign or `not` opens, not a step of precedence.
  std::optional<DepthGuard> guard;
  if (level == Or)
    guard.emplace(depth);
  if (depth > kMaxDepth)
    return tooDeep();
  if (level == Not) {
    // `not` is a word; a value of that name cannot exist.
    SMLoc loc = here();
    if (failed(p.parseOptionalKeyword("not")))
      return expression(value, Compare);
    DepthGuard nested(depth);
    if (expression(value, Not))
      return failure();
    value = make<NotOp>(loc, value);
    return success();
  }
  if (level == Compare) {
    if (expression(value, Sum))
      return failure();
    std::optional<CompareKind> kind;
    SMLoc loc = here();
    if (succeeded(p.parseOptionalLess()))
      kind = succeeded(p.parseOptionalEqual())     ? CompareKind::Le
             : succeeded(p.parseOptionalGreater()) ? CompareKind::Ne
                                                   : CompareKind::Lt;
    else if (succeeded(p.parseOptionalGreater()))
      kind =
          succeeded(p.parseOptionalEqual()) ? CompareKind::Ge : CompareKind::Gt;
    else if (peek() == '=' && here().getPointer()[1] == '=' &&
             succeeded(p.parseOptionalEqual()) &&
             succeeded(p.parseOptionalEqual()))
      kind = CompareKind::Eq;
    if (!kind)
      return success();
    Value rhs;
    if (expression(rhs, Sum))
      return failure();
    value = make<CompareOp>(loc, *kind, value, rhs);
    if (peek() == '<' || peek() == '>' ||
        (peek() == '=' && here().getPointer()[1] == '='))
      return error(here()) << "comparisons do not chain; write "
                              "'a < b and b < c'";
    return success();
  }
  // Left-associative levels.
  auto next = [&](Value &v) -> ParseResult {
    return level == Product ? unary(v) : expression(v, level + 1);
  };
  if (next(value))
    return failure();
  while (true) {
    SMLoc loc = here();
    Value rhs;
    if (level == Or && succeeded(p.parseOptionalKeyword("or"))) {
      if (next(rhs))
        return failure();
      value = make<OrOp>(loc, value, rhs);
    } else if (level == And && succeeded(p.parseOptionalKeyword("and"))) {
      if (next(rhs))
        return failure();
      value = make<AndOp>(loc, value, rhs);
    } else if (level == Sum && succeeded(p.parseOptionalPlus())) {
      if (next(rhs))
        return failure();
      value = make<AddOp>(loc, value, rhs);
    } else if (level == Sum && succeeded(p.parseOptionalMinus())) {
      if (next(rhs))
        return failure();
      value = make<SubOp>(loc, value, rhs);
    } else if (level == Product && succeeded(p.parseOptionalStar())) {
      if (next(rhs))
        return failure();
      value = make<MulOp>(loc, value, rhs);
    } else if (level == Product && succeeded(p.parseOptionalSlash())) {
      if (next(rhs))
        return failure();
      value = make<DivOp>(loc, value, rhs);
    } else {
      return success();
    }
  }
}

ParseResult BodyParser::tooDeep() {
  return error(here()) << "nested deeper than " << kMaxDepth
                       << " levels; name a part of it";
}

ParseResult BodyParser::unary(Value &value) {
  if (depth > kMaxDepth)
    return tooDeep();
  SMLoc loc = here();
  if (failed(p.parseOptionalMinus()))
    return primary(value);
  // A sign before a literal belongs to it: -1.0 is a literal, -(1.0) is not.
  if (llvm::isDigit(peek()))
    return number(value, /*negative=*/true);
  if (succeeded(p.parseOptionalKeyword("inf"))) {
    value = make<ConstantOp>(
        loc, cast<TypedAttr>(builder.getF32FloatAttr(-INFINITY)));
    return success();
  }
  DepthGuard nested(depth);
  if (unary(value))
    return failure();
  value = make<NegOp>(loc, value);
  return success();
}

ParseResult BodyParser::number(Value &value, bool negative) {
  SMLoc loc = here();
  const char *begin = loc.getPointer();
  const char *end = begin;
  bool hex = begin[0] == '0' && (begin[1] == 'x' || begin[1] == 'X');
  while (llvm::isDigit(*end) || (hex && llvm::isAlnum(*end)))
    ++end;
  if (*end != '.' || hex) {
    APInt parsed;
    OptionalParseResult result = p.parseOptionalInteger(parsed);
    if (!result.has_value() || failed(*result))
      return failure();
    if (!hex && (*end == 'e' || *end == 'E') && here().getPointer() == end)
      return error(loc) << "a float has a point; write '"
                        << StringRef(begin, end - begin) << ".0e…'";
    if (parsed.getActiveBits() > 63)
      return error(loc) << "integer literal does not fit i64";
    int64_t integer = parsed.getZExtValue();
    value = make<ConstantOp>(loc, cast<TypedAttr>(builder.getI64IntegerAttr(
                                      negative ? -integer : integer)));
    return success();
  }
  // Through f64 to f32, as the language says.
  APFloat parsed(APFloat::IEEEdouble());
  if (p.parseFloat(APFloat::IEEEdouble(), parsed))
    return failure();
  auto real = static_cast<float>(parsed.convertToDouble());
  bool nonzero = false;
  for (const char *c = begin; llvm::isDigit(*c) || *c == '.'; ++c)
    nonzero |= *c >= '1' && *c <= '9';
  if (std::isinf(real))
    return error(loc) << "float literal overflows f32; write 'inf'";
  if (real == 0 && nonzero)
    return error(loc) << "float literal underflows to 0 in f32; write 0.0";
  value = make<ConstantOp>(
      loc, cast<TypedAttr>(builder.getF32FloatAttr(negative ? -real : real)));
  return success();
}

ParseResult BodyParser::primary(Value &value) {
  if (llvm::isDigit(peek()))
    return number(value, /*negative=*/false);
  if (succeeded(p.parseOptionalLParen())) {
    if (expression(value))
      return failure();
    if (p.parseOptionalRParen())
      return expected("')'");
    return success();
  }
  return valueOrCall(value);
}

ParseResult BodyParser::valueOrCall(Value &value) {
  SMLoc loc = here();
  StringRef name;
  if (!word(name))
    return expected("an expression");
  auto literal = [&](TypedAttr attr) {
    value = make<ConstantOp>(loc, attr);
    return success();
  };
  if (name == "inf")
    return literal(builder.getF32FloatAttr(INFINITY));
  if (name == "nan")
    return literal(builder.getF32FloatAttr(NAN));
  if (name == "true" || name == "false")
    return literal(builder.getBoolAttr(name == "true"));
  if (peek() == '(' || peek() == '[')
    return function(value, loc, name);
  if (!isName(name) || isReserved(name))
    return error(loc) << "'" << name << "' is not a value";
  auto it = values.find(name);
  if (it != values.end()) {
    value = it->second;
    return success();
  }
  InFlightDiagnostic diagnostic = complain(loc);
  diagnostic << "'" << name << "' has no value here; give it one above, or "
             << "make it a parameter";
  value = make<ConstantOp>(loc, cast<TypedAttr>(builder.getF32FloatAttr(0)));
  return success();
}

ParseResult BodyParser::arguments(SmallVectorImpl<Value> &operands,
                                  StringRef function, int count) {
  SMLoc loc = here();
  if (peek() != '(')
    return expected("'(' and the operands of '" + function + "'");
  if (p.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] {
        return expression(operands.emplace_back());
      }))
    return failure();
  if (count >= 0 && operands.size() != static_cast<size_t>(count))
    return error(loc) << "'" << function << "' takes " << count
                      << (count == 1 ? " operand, got " : " operands, got ")
                      << operands.size();
  return success();
}

ParseResult BodyParser::axis(StringAttr &attr) {
  StringRef text;
  SMLoc loc = here();
  if (name(text, "an axis"))
    return failure();
  bool known = llvm::any_of(header.axes, [&](Attribute a) {
    return cast<AxisAttr>(a).getName().getValue() == text;
  });
  if (!known) // pos_c1, size_c1
    complain(loc) << "axis '" << text << "' is not declared; add it to the "
                  << "operator's axes";
  attr = builder.getStringAttr(text);
  return success();
}

ParseResult BodyParser::order(OrderAttr &order) {
  order = OrderAttr::get(context, OrderKind::Default, 0);
  if (p.parseOptionalColon())
    return success();
  SMLoc loc = here();
  StringRef text;
  if (!word(text))
    return expected("an order: serial, blocks or free");
  if (text == "serial") {
    order = OrderAttr::get(context, OrderKind::Serial, 0);
  } else if (text == "free") {
    order = OrderAttr::get(context, OrderKind::Free, 0);
  } else if (text == "blocks") {
    int64_t blocks;
    SMLoc sizeLoc = here();
    if (integer(blocks, "the size of a block"))
      return failure();
    order = OrderAttr::getChecked([&] { return error(sizeLoc); }, context,
                                  OrderKind::Blocks, blocks);
    if (!order)
      return failure();
  } else {
    return error(loc) << "'" << text << "' is not an order; orders are "
                      << "serial, blocks n and free";
  }
  return success();
}

/// sum[A, B: blocks 128](x), dot[K](a, b)
ParseResult BodyParser::reduction(Value &value, SMLoc loc, StringRef name) {
  if (peek() != '[')
    return error(loc) << "'" << name << "' needs the axes it runs over; write "
                      << name << "[A](…)";
  SmallVector<Attribute> axes;
  OrderAttr orderAttr = OrderAttr::get(context, OrderKind::Default, 0);
  if (p.parseLSquare())
    return failure();
  do {
    StringAttr attr;
    if (axis(attr))
      return failure();
    axes.push_back(attr);
  } while (succeeded(p.parseOptionalComma()));
  if (order(orderAttr))
    return failure();
  if (p.parseOptionalRSquare())
    return expected("']' after the axes of '" + name + "'");
  SmallVector<Value> operands;
  if (arguments(operands, name, name == "dot" ? 2 : 1))
    return failure();
  ArrayAttr list = builder.getArrayAttr(axes);
  if (name == "dot")
    value = make<DotOp>(loc, operands[0], operands[1], list, orderAttr);
  else
    value = make<ReduceOp>(loc, *symbolizeReduceKind(name), operands[0], list,
                           orderAttr);
  return success();
}

/// pos[A], size[A], at(x, A = e), put[T](x, A = e)
ParseResult BodyParser::index(Value &value, SMLoc loc, StringRef name) {
  SmallVector<Attribute> axes;
  if (name != "at") {
    if (peek() != '[')
      return error(loc) << "'" << name << "' needs an axis; write " << name
                        << "[A]";
    if (p.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
          StringAttr attr;
          if (axis(attr))
            return failure();
          axes.push_back(attr);
          return success();
        }))
      return failure();
  }
  if (name == "pos" || name == "size") {
    if (axes.size() != 1)
      return error(loc) << "'" << name << "' takes one axis, got "
                        << axes.size();
    auto attr = cast<StringAttr>(axes[0]);
    value = name == "pos" ? make<PosOp>(loc, attr) : make<SizeOp>(loc, attr);
    return success();
  }
  Value source, position;
  StringAttr attr;
  if (p.parseOptionalLParen())
    return expected("'(' after '" + name + "'");
  if (expression(source))
    return failure();
  if (p.parseOptionalComma())
    return expected("',' and the axis that '" + name + "' places");
  if (axis(attr))
    return failure();
  if (p.parseOptionalEqual())
    return expected("'=' and the index");
  if (expression(position))
    return failure();
  if (p.parseOptionalRParen())
    return expected("')'");
  if (name == "at") {
    value = make<AtOp>(loc, source, position, attr);
    return success();
  }
  if (axes.empty())
    return error(loc) << "'put' needs the axes it runs over; write put[T](…)";
  value = make<PutOp>(loc, source, position, builder.getArrayAttr(axes), attr);
  return success();
}

/// f(x), f[A = B](x): another operator.
ParseResult BodyParser::call(Value &value, SMLoc loc, StringRef callee) {
  SmallVector<Attribute> renames;
  if (peek() == '[' &&
      p.parseCommaSeparatedList(
          AsmParser::Delimiter::Square, [&]() -> ParseResult {
            StringRef theirs;
            StringAttr ours;
            if (name(theirs, "an axis of the operator called"))
              return failure();
            if (p.parseOptionalEqual())
              return expected("'=' and an axis of this operator");
            if (axis(ours))
              return failure();
            renames.push_back(builder.getStringAttr(theirs));
            renames.push_back(ours);
            return success();
          }))
    return failure();
  if (!isName(callee) || isReserved(callee))
    return error(loc) << "'" << callee << "' is not the name of an operator";
  SmallVector<Value> operands;
  if (arguments(operands, callee, -1))
    return failure();
  value = make<CallOp>(loc, callee, operands, builder.getArrayAttr(renames));
  return success();
}

ParseResult BodyParser::function(Value &value, SMLoc loc, StringRef name) {
  bool hasAxes = peek() == '[';
  if (hasAxes ? symbolizeReduceKind(name).has_value() || name == "dot"
              : llvm::StringSwitch<bool>(name)
                    .Cases({"sum", "prod", "any", "all", "mean"}, true)
                    .Cases({"argmax", "dot"}, true)
                    .Default(false))
    return reduction(value, loc, name);
  if (llvm::StringSwitch<bool>(name)
          .Cases({"pos", "size", "at", "put"}, true)
          .Default(false))
    return index(value, loc, name);
  if (llvm::StringSwitch<bool>(name)
          .Cases({"part", "scan", "topk", "random", "uniform", "carry"}, true)
          .Default(false))
    return error(loc) << "'" << name << "' is not supported yet";
  if (name == "fast" || name == "quick") {
    if (hasAxes)
      return error(loc) << "'" << name << "' takes no axes";
    if (p.parseLParen())
      return failure();
    if (name == "fast") {
      bool outer = std::exchange(fast, true);
      if (expression(value))
        return failure();
      fast = outer;
      return p.parseOptionalRParen() ? expected("')'") : success();
    }
    SMLoc wordLoc = here();
    StringRef inner;
    if (!word(inner))
      return expected("a function: exp, sigmoid, tanh or erf");
    SmallVector<Value> operands;
    if (p.parseOptionalRParen())
      return expected("')' after '" + inner + "'");
    if (arguments(operands, "quick", 1))
      return failure();
    UnitAttr quick = builder.getUnitAttr(), none;
    if (inner == "exp")
      value = make<ExpOp>(loc, operands[0], quick, none);
    else if (inner == "sigmoid")
      value = make<SigmoidOp>(loc, operands[0], quick, none);
    else if (inner == "tanh")
      value = make<TanhOp>(loc, operands[0], quick, none);
    else if (inner == "erf")
      value = make<ErfOp>(loc, operands[0], quick, none);
    else
      return error(wordLoc) << "'" << inner << "' has no quick form; exp, "
                            << "sigmoid, tanh and erf have";
    return success();
  }
  SmallVector<Value> operands;
  if (name == "d") {
    StringRef result;
    SMLoc resultLoc;
    if (p.parseLParen())
      return failure();
    resultLoc = here();
    if (this->name(result, "a result"))
      return failure();
    if (p.parseOptionalRParen())
      return expected("')'");
    bool known = llvm::any_of(header.results, [&](Attribute a) {
      return cast<ArgumentAttr>(a).getName().getValue() == result;
    });
    if (!inGradient) // cotangent_c1
      return error(loc) << "'d(" << result << ")' stands in a 'grad' "
                        << "statement only";
    if (!known) // cotangent_c2
      complain(resultLoc) << "'" << result << "' is not a result; d(y) is the "
                          << "incoming gradient of result y";
    value = make<CotangentOp>(loc, result);
    return success();
  }
  Type dtype = parseDtype(context, name);
  bool variable = llvm::any_of(header.dtypes, [&](Attribute a) {
    return cast<DtypeVariableAttr>(a).getName().getValue() == name;
  });
  if (!hasAxes && isUnsupportedDtype(name))
    return error(loc) << "dtype '" << name
                      << "' is not supported yet; take bf16 or f16";
  int count = llvm::StringSwitch<int>(name)
                  .Cases({"exp", "log", "rsqrt", "recip", "tanh"}, 1)
                  .Cases({"erf", "sigmoid", "sin", "cos", "sqrt"}, 1)
                  .Cases({"sq", "abs", "stop"}, 1)
                  .Cases({"max", "min", "div", "mod"}, 2)
                  .Case("where", 3)
                  .Default(dtype || variable ? 1 : -1);
  if (count < 0)
    return call(value, loc, name);
  if (hasAxes)
    return error(loc) << "'" << name << "' takes no axes; drop '[…]'";
  if (arguments(operands, name, count))
    return failure();
  Value x = operands[0];
  auto one = [&]() -> Value {
    if (dtype || variable)
      return make<CastOp>(loc, x, builder.getStringAttr(name));
    if (name == "exp")
      return make<ExpOp>(loc, x);
    if (name == "log")
      return make<LogOp>(loc, x);
    if (name == "rsqrt")
      return make<RsqrtOp>(loc, x);
    if (name == "recip")
      return make<RecipOp>(loc, x);
    if (name == "tanh")
      return make<TanhOp>(loc, x);
    if (name == "erf")
      return make<ErfOp>(loc, x);
    if (name == "sigmoid")
      return make<SigmoidOp>(loc, x);
    if (name == "sin")
      return make<SinOp>(loc, x);
    if (name == "cos")
      return make<CosOp>(loc, x);
    if (name == "sqrt")
      return make<SqrtOp>(loc, x);
    if (name == "sq")
      return make<SqOp>(loc, x);
    if (name == "abs")
      return make<AbsOp>(loc, x);
    if (name == "stop")
      return make<StopOp>(loc, x);
    if (name == "max")
      return make<MaxOp>(loc, x, operands[1]);
    if (name == "min")
      return make<MinOp>(loc, x, operands[1]);
    if (name == "div")
      return make<FloorDivOp>(loc, x, operands[1]);
    if (name == "mod")
      return make<ModOp>(loc, x, operands[1]);
    return make<WhereOp>(loc, x, operands[1], operands[2]);
  };
  value = one();
  return success();
}
