// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads text for every tool, within bounds that no text can overstep.

#include "dialect/Source.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

// Measured on an 8 MB stack: 4,000 nested regions and 6,000 nested attribute
// dictionaries end MLIR's parser, 7,000 brackets or minuses in an affine map,
// 19,000 nested types, 27,000 chained aliases.
static constexpr int kMaxBrackets = 256;
static constexpr int kMaxAngles = 1000;
static constexpr int kMaxMinuses = 256;
static constexpr int kMaxAliases = 256;

LogicalResult gemel::checkBounds(StringRef text, StringRef file,
                                 MLIRContext *context) {
  int line = 1, column = 0, brackets = 0, angles = 0, minuses = 0;
  int aliases = 0;
  bool lineStart = true;
  SmallVector<int> openAngles; // '<' depth at each open bracket
  auto refuse = [&](const Twine &message) {
    return emitError(FileLineColLoc::get(context, file, line, column))
           << message;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    ++column;
    if (c == '\n') {
      ++line;
      column = 0;
      lineStart = true;
      continue;
    }
    if (c == '/' && i + 1 < text.size() && text[i + 1] == '/') {
      while (i + 1 < text.size() && text[i + 1] != '\n')
        ++i;
      continue;
    }
    if (c == '"') {
      while (i + 1 < text.size() && text[i + 1] != '"' && text[i + 1] != '\n') {
        if (text[i + 1] == '\\')
          ++i, ++column;
        ++i, ++column;
      }
      ++i, ++column;
      continue;
    }
    if (llvm::isSpace(c))
      continue;
    minuses = c == '-' ? minuses + 1 : 0;
    if (minuses > kMaxMinuses)
      return refuse("more than " + Twine(kMaxMinuses) +
                    " minus signs in a row");
    if (c == '(' || c == '[' || c == '{') {
      openAngles.push_back(angles);
      if (++brackets > kMaxBrackets)
        return refuse("brackets nested deeper than " + Twine(kMaxBrackets) +
                      " levels; name a part of it");
    } else if (c == ')' || c == ']' || c == '}') {
      if (brackets > 0) {
        --brackets;
        angles = openAngles.pop_back_val(); // comparisons are no brackets
      }
    } else if (c == '<') {
      // MLIR asks `index` for its width.
      if (text.take_front(i).rtrim().ends_with("array") &&
          text.drop_front(i + 1).ltrim().starts_with("index"))
        return refuse("an array attribute has no element 'index'");
      if (++angles > kMaxAngles)
        return refuse("'<' nested deeper than " + Twine(kMaxAngles) +
                      " levels");
    } else if (c == '>') {
      angles -= angles > 0;
    } else if ((c == '#' || c == '!') && lineStart) {
      // An alias definition that names another alias.
      StringRef rest = text.substr(i, text.find('\n', i) - i);
      auto [name, value] = rest.split('=');
      if (value.contains(c) && ++aliases > kMaxAliases)
        return refuse("more than " + Twine(kMaxAliases) +
                      " aliases that name other aliases");
    }
    lineStart = false;
  }
  return success();
}

OwningOpRef<ModuleOp> gemel::parseText(std::unique_ptr<llvm::MemoryBuffer> text,
                                       llvm::SourceMgr &sources,
                                       MLIRContext *context) {
  if (failed(
          checkBounds(text->getBuffer(), text->getBufferIdentifier(), context)))
    return {};
  sources.AddNewSourceBuffer(std::move(text), SMLoc());
  // MLIR's parser can go on after an error of its lexer, without the line.
  bool refused = false;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    refused |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
    return failure(); // for the handler outside
  });
  // parseSourceFile reads the main buffer: each text has a manager of its own.
  auto module = parseSourceFile<ModuleOp>(sources, context);
  return refused ? OwningOpRef<ModuleOp>() : std::move(module);
}

OwningOpRef<ModuleOp> gemel::parseFile(StringRef file, llvm::SourceMgr &sources,
                                       MLIRContext *context) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(file);
  if (!buffer) {
    emitError(FileLineColLoc::get(context, file, 0, 0))
        << "cannot read '" << file << "': " << buffer.getError().message();
    return {};
  }
  return parseText(std::move(*buffer), sources, context);
}
