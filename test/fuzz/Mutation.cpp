// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Texts made from texts: bytes, tokens, lines, numbers, nesting, splices.

#include "Mutation.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace gemel::fuzz;
using llvm::StringRef;

uint64_t Random::next() {
  // SplitMix64.
  uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

/// Text that no seed may have where it hurts: limits, words of the language in
/// odd places, pieces of MLIR's own grammar.
static const StringRef spice[] = {
    "0",
    "1",
    "-1",
    "2147483647",
    "2147483648",
    "-2147483649",
    "4611686018427387904",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999",
    "0x7FFFFFFFFFFFFFFF",
    "0xFFFFFFFFFFFFFFFFF",
    "1.0e38",
    "1.0e39",
    "1.0e400",
    "1.0e-46",
    "0x",
    "1.",
    "inf",
    "-inf",
    "nan",
    "true",
    "65536",
    "65537",
    "1073741824",
    "3",
    "f32",
    "bf16",
    "f16",
    "i32",
    "i64",
    "u8",
    "i1",
    "f64",
    "f8e4m3",
    "blocks 4",
    "serial",
    "free",
    "save ",
    "grad ",
    "require ",
    "where",
    "not ",
    " and ",
    " or ",
    "fast(",
    "quick(",
    "pow(",
    "at(",
    "put[T](",
    "sum[N](",
    "max[N: blocks 4](",
    "mean[T, N](",
    "argmax[N](",
    "dot[N](",
    "pos[N]",
    "size[N]",
    "d(y)",
    "stop(",
    "exp(",
    "inout ",
    "mult 16",
    "max 8",
    "= 2",
    "by blocks 64",
    "case",
    "given",
    "expect",
    "tol f32 ulp 2",
    "must repeat",
    "tile N = 8",
    "%0",
    "%arg0",
    "^bb0",
    "#a",
    "!b",
    "@f",
    "@\"a b\"",
    "\"\"",
    "\"\\00\"",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    ",",
    ":",
    "=",
    "->",
    "-",
    "+",
    "*",
    "/",
    "//",
    "\n",
    "\t",
    "loc(unknown)",
    "loc(\"x\")",
    "{malformed}",
    "malformed",
    "#gemel.order<blocks 3>",
    "#gemel.order<free>",
    "#gemel.axis<name = \"N\">",
    "!gemel.untyped",
    "!gemel.array<[] f32>",
    "!gemel.array<[N, N] f32>",
    "!gemel.array<[N] f64>",
    "!gemel.tile<[N = 4] f32>",
    "!gemel.tile<[N = 0] f32>",
    "tuple<",
    "affine_map<() -> (",
    "dense<0>",
    "unit",
    "builtin.module",
    "gemel.op",
    "gemel.check",
    "gemel.plan",
    "\"gemel.add\"",
    "\"gemel.op\"",
    "gemel.kernel",
    "gemel.group",
    "gemel.for",
};

static bool isWord(char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; }

/// Words, strings and single characters; white space stays with what follows.
static std::vector<StringRef> tokenize(StringRef text) {
  std::vector<StringRef> tokens;
  for (size_t i = 0; i < text.size();) {
    size_t begin = i;
    while (i < text.size() && llvm::isSpace(text[i]))
      ++i;
    if (i < text.size() && text[i] == '"') {
      ++i;
      while (i < text.size() && text[i] != '"' && text[i] != '\n')
        ++i;
      i += i < text.size();
    } else if (i < text.size() && isWord(text[i])) {
      while (i < text.size() && isWord(text[i]))
        ++i;
    } else {
      i += i < text.size();
    }
    tokens.push_back(text.slice(begin, i));
  }
  return tokens;
}

static std::string join(llvm::ArrayRef<StringRef> pieces) {
  std::string text;
  for (StringRef piece : pieces)
    text += piece;
  return text;
}

static void changeBytes(std::string &text, Random &random) {
  if (text.empty())
    return;
  size_t at = random.below(text.size());
  switch (random.below(3)) {
  case 0:
    text[at] ^= 1 << random.below(8);
    break;
  case 1:
    text.insert(at, 1, static_cast<char>(random.below(256)));
    break;
  default:
    text.erase(at, 1 + random.below(8));
  }
}

/// Swaps, drops, doubles or replaces tokens; `other` lends some.
static void changeTokens(std::string &text, StringRef other, Random &random) {
  std::vector<StringRef> tokens = tokenize(text), lent;
  if (tokens.empty())
    return;
  size_t at = random.below(tokens.size()), to = random.below(tokens.size());
  switch (random.below(6)) {
  case 0:
    std::swap(tokens[at], tokens[to]);
    break;
  case 1:
    tokens.erase(tokens.begin() + at);
    break;
  case 2:
    tokens.insert(tokens.begin() + to, tokens[at]);
    break;
  case 3:
    tokens[at] = tokens[to];
    break;
  case 4:
    lent = tokenize(other);
    if (!lent.empty())
      tokens[at] = random.pick(lent);
    break;
  default:
    std::string changed = join(llvm::ArrayRef(tokens).take_front(at));
    changed += " ";
    changed += random.pick(spice);
    changed += join(llvm::ArrayRef(tokens).drop_front(at + random.below(2)));
    text = changed;
    return;
  }
  text = join(tokens);
}

/// One word for another of the same kind: names among names, numbers among
/// numbers, so that more of the texts pass the parser.
static void changeAlike(std::string &text, StringRef other, Random &random) {
  std::vector<StringRef> tokens = tokenize(text);
  std::vector<StringRef> pool = tokenize(random.oneIn(4) ? other : text);
  if (tokens.empty())
    return;
  auto kind = [](StringRef token) {
    char c = token.ltrim().empty() ? 0 : token.ltrim()[0];
    return llvm::isDigit(c) ? 2 : llvm::isAlpha(c) ? 1 : c == '"' ? 3 : 0;
  };
  for (int tries = 0; tries < 40; ++tries) {
    StringRef &token = tokens[random.below(tokens.size())];
    StringRef wanted = random.pick(pool);
    if (kind(token) == 0 || kind(token) != kind(wanted) ||
        token.ltrim() == wanted.ltrim())
      continue;
    std::string space = token.take_while(llvm::isSpace).str();
    std::string replaced = space + wanted.ltrim().str();
    token = replaced;
    text = join(tokens);
    return;
  }
}

static void changeLines(std::string &text, Random &random) {
  llvm::SmallVector<StringRef> lines;
  StringRef(text).split(lines, '\n');
  size_t at = random.below(lines.size()), to = random.below(lines.size());
  switch (random.below(3)) {
  case 0:
    std::swap(lines[at], lines[to]);
    break;
  case 1:
    lines.erase(lines.begin() + at);
    break;
  default:
    lines.insert(lines.begin() + to, StringRef(lines[at]));
  }
  text = llvm::join(lines, "\n");
}

/// The head of one text and the tail of another, cut at lines.
static void splice(std::string &text, StringRef other, Random &random) {
  size_t head = text.find('\n', random.below(text.size() + 1));
  size_t tail = other.find('\n', random.below(other.size() + 1));
  text = text.substr(0, head) + "\n" +
         other.drop_front(std::min(tail, other.size())).str();
}

static void nest(std::string &text, Random &random) {
  static const StringRef openers[] = {"(",
                                      "[",
                                      "{",
                                      "<",
                                      "-",
                                      "not ",
                                      "- -",
                                      "((-",
                                      "tuple<",
                                      "exp(",
                                      "fast(",
                                      "module {",
                                      "[[",
                                      "{a = ",
                                      "1 + ",
                                      "x = (",
                                      "#gemel.order<"};
  static const size_t depths[] = {2, 20, 199, 201, 255, 257, 999, 1001, 20000};
  StringRef opener = random.pick(openers);
  size_t depth = random.pick(depths);
  std::string deep;
  for (size_t i = 0; i < depth; ++i)
    deep += opener;
  std::vector<StringRef> tokens = tokenize(text);
  size_t at = random.below(tokens.size() + 1);
  std::string changed = join(llvm::ArrayRef(tokens).take_front(at)) + deep;
  StringRef rest = at < tokens.size() ? tokens[at] : StringRef();
  changed += rest;
  if (opener == "(" || opener == "[" || opener == "exp(" || opener == "fast(")
    changed += std::string(depth, opener == "[" ? ']' : ')');
  if (at < tokens.size())
    changed += join(llvm::ArrayRef(tokens).drop_front(at + 1));
  text = changed;
}

std::string gemel::fuzz::mutate(llvm::ArrayRef<std::string> seeds,
                                uint64_t seed, uint64_t index) {
  Random random(seed * 0x2545F4914F6CDD1D + index);
  random.next();
  std::string text = random.pick(seeds);
  for (size_t left = random.oneIn(2) ? 1 : 1 + random.below(4); left; --left) {
    const std::string &other = random.pick(seeds);
    switch (random.below(12)) {
    case 0:
      changeBytes(text, random);
      break;
    case 1:
    case 2:
    case 3:
      changeTokens(text, other, random);
      break;
    case 4:
    case 5:
    case 6:
    case 7:
      changeAlike(text, other, random);
      break;
    case 8:
    case 9:
      changeLines(text, random);
      break;
    case 10:
      splice(text, other, random);
      break;
    default:
      if (random.oneIn(3))
        text.resize(random.below(text.size() + 1));
      else
        nest(text, random);
    }
  }
  return text;
}
