// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Splits PTX text into tokens that know their line.

#ifndef GEMEL_SIM_CUDA_LEXER_H
#define GEMEL_SIM_CUDA_LEXER_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cudasim {

struct Token {
  enum Kind : uint8_t {
    Word,    // an identifier: %r1, $L__BB0_1, mad
    Dotted,  // .name or ::name, the leading dot or colons included
    Integer, // value
    Float,   // bits; isSingle for 0f.., otherwise an f64
    String,  // text without its quotes
    Punct,   // one character
    End,
  };
  Kind kind = End;
  bool isSingle = false;
  uint32_t line = 0;
  std::string_view text;
  uint64_t bits = 0;

  bool is(char c) const { return kind == Punct && text[0] == c; }
  bool is(std::string_view s) const {
    return (kind == Word || kind == Dotted) && text == s;
  }
};

/// Tokens of \p ptx, ended by one of kind End. On a malformed token returns
/// false and the line and a sentence in \p errorLine, \p error. Tokens refer
/// into \p ptx.
bool tokenize(std::string_view ptx, std::vector<Token> &tokens,
              uint32_t &errorLine, std::string &error);

} // namespace cudasim

#endif
