// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Splits PTX text into tokens that know their line.

#include "lexer.h"

#include <cctype>
#include <cstdlib>
#include <cstring>

namespace cudasim {

static bool isWordStart(char c) {
  return isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$' ||
         c == '%';
}

static bool isWordPart(char c) {
  return isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$';
}

/// Reads the number that starts at \p p into \p token; returns its end or
/// null.
static const char *number(const char *p, const char *end, Token &token) {
  const char *start = p;
  auto hexFloat = [&](int digits) -> const char * {
    uint64_t bits = 0;
    p += 2;
    for (int i = 0; i < digits; ++i, ++p) {
      if (p == end || !isxdigit(static_cast<unsigned char>(*p)))
        return nullptr;
      int c = tolower(*p);
      bits = bits << 4 | uint64_t(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    token.kind = Token::Float;
    token.bits = bits;
    token.isSingle = digits == 8;
    return p;
  };
  if (p + 1 < end && *p == '0' && (p[1] == 'f' || p[1] == 'F'))
    return hexFloat(8);
  if (p + 1 < end && *p == '0' && (p[1] == 'd' || p[1] == 'D'))
    return hexFloat(16);
  int base = 10;
  if (p + 1 < end && *p == '0') {
    if (p[1] == 'x' || p[1] == 'X') {
      base = 16;
      p += 2;
    } else if (p[1] == 'b' || p[1] == 'B') {
      base = 2;
      p += 2;
    } else if (isdigit(static_cast<unsigned char>(p[1]))) {
      base = 8;
    }
  }
  uint64_t value = 0;
  const char *digits = p;
  for (; p != end && isxdigit(static_cast<unsigned char>(*p)); ++p) {
    int c = tolower(*p);
    int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (digit >= base)
      break;
    value = value * base + digit;
  }
  if (p == digits)
    return nullptr;
  token.kind = Token::Integer;
  token.bits = value;
  if (base == 10 && p != end && (*p == '.' || *p == 'e' || *p == 'E')) {
    std::string copy(start, std::min<size_t>(end - start, 64));
    char *stop;
    double d = strtod(copy.c_str(), &stop);
    token.kind = Token::Float;
    token.isSingle = false;
    memcpy(&token.bits, &d, 8);
    return start + (stop - copy.c_str());
  }
  if (p != end && *p == 'U')
    ++p;
  return p;
}

bool tokenize(std::string_view ptx, std::vector<Token> &tokens,
              uint32_t &errorLine, std::string &error) {
  const char *p = ptx.data(), *end = p + ptx.size();
  uint32_t line = 1;
  auto fail = [&](const char *sentence) {
    errorLine = line;
    error = sentence;
    return false;
  };
  while (p != end) {
    char c = *p;
    if (c == '\n') {
      ++line;
      ++p;
      continue;
    }
    if (isspace(static_cast<unsigned char>(c))) {
      ++p;
      continue;
    }
    if (c == '/' && p + 1 != end && p[1] == '/') {
      while (p != end && *p != '\n')
        ++p;
      continue;
    }
    if (c == '/' && p + 1 != end && p[1] == '*') {
      for (p += 2; p + 1 < end && !(*p == '*' && p[1] == '/'); ++p)
        line += *p == '\n';
      if (p + 1 >= end)
        return fail("a comment without an end");
      p += 2;
      continue;
    }
    Token token;
    token.line = line;
    const char *start = p;
    if (isWordStart(c)) {
      for (++p; p != end && isWordPart(*p);)
        ++p;
      token.kind = Token::Word;
    } else if ((c == '.' && p + 1 != end && isWordPart(p[1])) ||
               (c == ':' && p + 2 < end && p[1] == ':' && isWordPart(p[2]))) {
      for (p += c == '.' ? 1 : 2; p != end && isWordPart(*p);)
        ++p;
      token.kind = Token::Dotted;
    } else if (isdigit(static_cast<unsigned char>(c))) {
      p = number(p, end, token);
      if (!p)
        return fail("a malformed number");
    } else if (c == '"') {
      for (++p; p != end && *p != '"' && *p != '\n';)
        ++p;
      if (p == end || *p == '\n')
        return fail("a string without an end");
      token.kind = Token::String;
      token.text = std::string_view(start + 1, p - start - 1);
      ++p;
      tokens.push_back(token);
      continue;
    } else if (strchr("{}()[]<>,;:=+-|@!&*/~^?", c)) {
      ++p;
      token.kind = Token::Punct;
    } else {
      return fail("a character that is not PTX");
    }
    token.text = std::string_view(start, p - start);
    tokens.push_back(token);
  }
  Token last;
  last.line = line;
  tokens.push_back(last);
  return true;
}

} // namespace cudasim
