// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Prints the defined functions as the page of the dialect shows them: bound,
// count and the sequence of operations, from the definitions that run.

#include "dialect/Functions.h"

#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>

namespace functions = gemel::functions;

namespace {

std::string format(const char *pattern, ...) {
  char text[160];
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

/// A builder whose values are their names: f f32, i i32, p a truth.
class Writer {
public:
  struct F32 {
    std::string name;
  };
  struct I32 {
    std::string name;
  };
  struct Pred {
    std::string name;
  };

  F32 f32(float value) {
    if (std::isnan(value))
      return {"nan"};
    return {std::isinf(value) ? value < 0 ? "-inf" : "inf"
                              : format("%a", value)};
  }
  I32 i32(int32_t value) { return {format("0x%08X", unsigned(value))}; }
  F32 add(F32 a, F32 b) { return {line('f', a.name + " + " + b.name)}; }
  F32 sub(F32 a, F32 b) { return {line('f', a.name + " - " + b.name)}; }
  F32 mul(F32 a, F32 b) { return {line('f', a.name + " * " + b.name)}; }
  F32 max(F32 a, F32 b) { return {call('f', "max", a.name, b.name)}; }
  F32 min(F32 a, F32 b) { return {call('f', "min", a.name, b.name)}; }
  I32 add(I32 a, I32 b) { return {line('i', a.name + " + " + b.name)}; }
  I32 sub(I32 a, I32 b) { return {line('i', a.name + " - " + b.name)}; }
  I32 shl(I32 a, int n) { return {call('i', "shl", a.name, amount(n))}; }
  I32 shrl(I32 a, int n) { return {call('i', "shrl", a.name, amount(n))}; }
  I32 shra(I32 a, int n) { return {call('i', "shra", a.name, amount(n))}; }
  Pred lt(F32 a, F32 b) { return {line('p', a.name + " < " + b.name)}; }
  Pred le(F32 a, F32 b) { return {line('p', a.name + " <= " + b.name)}; }
  Pred eq(F32 a, F32 b) { return {line('p', a.name + " == " + b.name)}; }
  Pred lt(I32 a, I32 b) { return {line('p', a.name + " < " + b.name)}; }
  Pred eq(I32 a, I32 b) { return {line('p', a.name + " == " + b.name)}; }
  F32 select(Pred p, F32 a, F32 b) { return {choose('f', p, a.name, b.name)}; }
  I32 select(Pred p, I32 a, I32 b) { return {choose('i', p, a.name, b.name)}; }
  I32 bits(F32 a) { return {"bits(" + a.name + ")"}; }
  F32 fromBits(I32 a) { return {"float(" + a.name + ")"}; }

  std::string text;
  int count = 0;

private:
  static std::string amount(int n) { return std::to_string(n); }
  std::string line(char kind, const std::string &value) {
    std::string name = kind + std::to_string(++count);
    text += name + " = " + value + "\n";
    return name;
  }
  std::string call(char kind, const char *function, const std::string &a,
                   const std::string &b) {
    return line(kind, std::string(function) + "(" + a + ", " + b + ")");
  }
  std::string choose(char kind, const Pred &p, const std::string &a,
                     const std::string &b) {
    return line(kind, "select(" + p.name + ", " + a + ", " + b + ")");
  }
};

using Definition = Writer::F32 (*)(Writer &, Writer::F32);
struct Named {
  const char *name;
  bool quick;
  Definition define;
};
const Named definitions[] = {
    {"exp", false, functions::exp<Writer>},
    {"exp", true, functions::quickExp<Writer>},
    {"log", false, functions::log<Writer>},
    {"rsqrt", false, functions::rsqrt<Writer>},
    {"recip", false, functions::recip<Writer>},
    {"tanh", false, functions::tanh<Writer>},
    {"tanh", true, functions::quickTanh<Writer>},
    {"erf", false, functions::erf<Writer>},
    {"erf", true, functions::quickErf<Writer>},
    {"sigmoid", false, functions::sigmoid<Writer>},
    {"sigmoid", true, functions::quickSigmoid<Writer>},
    {"sin", false, functions::sin<Writer>},
    {"cos", false, functions::cos<Writer>},
};

std::string power(double value) {
  return format("2^%d", static_cast<int>(std::log2(value)));
}

std::string boundText(const functions::FunctionInfo &row) {
  switch (row.kind) {
  case functions::Bound::ulp:
    return format("%g ulp", row.bound);
  case functions::Bound::relative:
    return "relative " + power(row.bound);
  case functions::Bound::ulpOrAbsolute:
    return format("%g ulp, or ", row.bound) + power(row.absolute);
  }
  return "";
}

bool print(const functions::FunctionInfo &row) {
  for (const Named &named : definitions) {
    if (std::strcmp(named.name, row.name) != 0 || named.quick != row.quick)
      continue;
    Writer writer;
    Writer::F32 result = named.define(writer, {"x"});
    if (writer.count != row.operations)
      std::fprintf(stderr, "%s: %d operations, not %d\n", row.name,
                   writer.count, row.operations);
    std::printf("### %s\n\n%s Error at most %s; %d operations.\n\n"
                "```text\n%sreturn %s\n```\n\n",
                row.quick ? format("quick(%s)", row.name).c_str() : row.name,
                row.method, boundText(row).c_str(), row.operations,
                writer.text.c_str(), result.name.c_str());
    return writer.count == row.operations;
  }
  std::fprintf(stderr, "%s: no definition\n", row.name);
  return false;
}

} // namespace

int main() {
  bool all = true;
  for (const functions::FunctionInfo &row : functions::functionTable)
    all &= print(row);
  return !all;
}
