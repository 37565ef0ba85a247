// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses a module's directives and statements.

#ifndef GEMEL_SIM_CUDA_PARSER_H
#define GEMEL_SIM_CUDA_PARSER_H

#include "decode.h"
#include "lexer.h"

namespace cudasim {

inline uint64_t alignTo(uint64_t value, uint64_t align) {
  return (value + align - 1) / align * align;
}

class Parser {
public:
  Parser(Module &module, unsigned capability, const PlaceVariable &place)
      : module(module), capability(capability), place(place) {}

  bool run();
  std::string error;

private:
  struct Registers {
    uint32_t count, off;
    uint8_t bytes;
  };
  struct Scope {
    int parent;
    std::map<std::string_view, Ref> regs;
    std::map<std::string_view, Registers> families; // %r<10>
    std::map<std::string_view, Variable *> vars;
    std::map<std::string_view, uint32_t> labels;
    std::map<std::string_view, std::vector<std::string_view>> tables;
  };
  struct Fixup {
    uint32_t instr;
    int scope;
    std::string label;
    bool table;
  };

  // parser.cpp
  bool fail(uint32_t line, std::string sentence);
  bool fail(std::string sentence) { return fail(peek().line, sentence); }
  const Token &peek(size_t n = 0) const;
  Token take() { return tokens[at++]; }
  bool accept(char c);
  bool accept(std::string_view word);
  bool expect(char c);
  bool integer(int64_t &value);
  bool directive();
  bool header();
  bool skipSection();
  bool fileDirective();
  bool function(bool isEntry);
  bool parameters(Function &f, std::vector<Variable *> &list, bool results);
  bool attributes(Function &f);
  bool layOutShared();
  bool resolveModule();

  // declarations.cpp
  bool variable(Space space, bool isExtern, Scope *scope);
  bool initializer(Variable &var, unsigned bytes, bool isFloat);

  // statements.cpp
  bool body(Function &f);
  bool statement();
  bool registers();
  bool location();
  bool instruction();
  bool operand(Operand &operand);
  bool addressOperand(Operand &operand);
  bool callInstruction(Instr &instr);
  bool resolveLabels();
  Ref findRegister(std::string_view name) const;
  Variable *findVariable(std::string_view name) const;
  Ref allocate(uint8_t bytes, uint32_t count = 1);

  Module &module;
  unsigned capability;
  const PlaceVariable &place;
  std::vector<Token> tokens;
  size_t at = 0;
  Function *f = nullptr;
  std::vector<Scope> scopes;
  int scope = -1;
  std::vector<Fixup> fixups;
  // Shared variables outside kernels, by the index of their .shared token.
  std::map<size_t, size_t> sharedEnds;
  std::map<size_t, std::vector<Variable *>> sharedOf;
  std::vector<Variable *> *sharedVariables = nullptr;
  uint32_t locFile = 0, locLine = 0;
};

} // namespace cudasim

#endif
