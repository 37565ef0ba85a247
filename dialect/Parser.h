// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the parsers of header, statements and expressions share.

#ifndef GEMEL_DIALECT_PARSER_H
#define GEMEL_DIALECT_PARSER_H

#include "dialect/ElementwiseOps.h"
#include "dialect/IndexOps.h"
#include "dialect/ModuleOps.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

namespace gemel {

/// Tokens, names and diagnostics on top of MLIR's own parser.
class TextParser {
public:
  explicit TextParser(mlir::OpAsmParser &parser)
      : p(parser), context(parser.getContext()) {}

  mlir::OpAsmParser &p;
  mlir::MLIRContext *context;

  llvm::SMLoc here() { return p.getCurrentLocation(); }
  /// The next character; NUL at the end of the text.
  char peek() { return *here().getPointer(); }
  mlir::Location locate(llvm::SMLoc loc) { return p.getEncodedSourceLoc(loc); }

  /// Reports a syntax error without the op's name before it. Silent after an
  /// error of the lexer, which has been reported.
  mlir::InFlightDiagnostic error(llvm::SMLoc loc);
  /// "expected <what>", with a word on characters that the text has not.
  mlir::ParseResult expected(const llvm::Twine &what);

  /// The next word, if there is one.
  bool word(llvm::StringRef &text) {
    return mlir::succeeded(p.parseOptionalKeyword(&text));
  }
  /// A name that may be given to something, `what` in the message.
  mlir::ParseResult name(llvm::StringRef &text, const llvm::Twine &what);
  mlir::ParseResult integer(int64_t &value, const llvm::Twine &what);
};

/// An operator's header while it is parsed.
struct Header {
  llvm::SmallVector<mlir::Attribute> dtypes, axes, parameters, results;
  llvm::SmallVector<llvm::SMLoc> parameterLocs;
};

mlir::ParseResult parseHeader(TextParser &t, Header &header);

/// Parses an operator's statements into a block.
class BodyParser : public TextParser {
public:
  BodyParser(mlir::OpAsmParser &parser, Header &header, mlir::Block &block);
  /// `{ statements }`, then the terminator. Semantic errors are reported and
  /// set `malformed`; failure is a syntax error.
  mlir::ParseResult parse();
  bool malformed = false;

private:
  mlir::ParseResult statement();
  mlir::ParseResult assignment(llvm::SMLoc loc, llvm::StringRef name,
                               bool save);
  mlir::ParseResult gradient();
  void finish(llvm::SMLoc loc);

  // Expressions, by level; ExpressionParser.cpp.
  enum Level { Or, And, Not, Compare, Sum, Product };
  mlir::ParseResult expression(mlir::Value &value, int level = Or);
  mlir::ParseResult tooDeep();
  mlir::ParseResult unary(mlir::Value &value);
  mlir::ParseResult primary(mlir::Value &value);
  mlir::ParseResult number(mlir::Value &value, bool negative);
  mlir::ParseResult valueOrCall(mlir::Value &value);
  mlir::ParseResult function(mlir::Value &value, llvm::SMLoc loc,
                             llvm::StringRef name);
  mlir::ParseResult reduction(mlir::Value &value, llvm::SMLoc loc,
                              llvm::StringRef name);
  mlir::ParseResult index(mlir::Value &value, llvm::SMLoc loc,
                          llvm::StringRef name);
  mlir::ParseResult call(mlir::Value &value, llvm::SMLoc loc,
                         llvm::StringRef name);
  mlir::ParseResult arguments(llvm::SmallVectorImpl<mlir::Value> &values,
                              llvm::StringRef function, int count);
  mlir::ParseResult axis(mlir::StringAttr &name);
  mlir::ParseResult order(OrderAttr &order);

  /// Reports a semantic error and goes on.
  mlir::InFlightDiagnostic complain(llvm::SMLoc loc) {
    malformed = true;
    return mlir::emitError(locate(loc));
  }
  template <typename OpTy, typename... Args>
  mlir::Value make(llvm::SMLoc loc, Args &&...args) {
    auto op = OpTy::create(builder, locate(loc), untyped,
                           std::forward<Args>(args)...);
    if (fast &&
        !mlir::isa<ConstantOp, PosOp, SizeOp, CotangentOp>(op.getOperation()))
      op->setAttr("fast", builder.getUnitAttr());
    return op->getResult(0);
  }

  Header &header;
  mlir::OpBuilder builder;
  mlir::Type untyped;
  llvm::StringMap<mlir::Value> values;
  llvm::StringMap<llvm::SMLoc> givenAt;
  llvm::StringMap<mlir::Value> resultValues;
  bool fast = false, inGradient = false;
  int depth = 0;
};

} // namespace gemel

#endif // GEMEL_DIALECT_PARSER_H
