// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The instructions' fields: names and limits.

#include "fields.h"

#include "core.h"
#include "families.h"
#include "launch.h"

#include <charconv>

namespace ascendsim {

namespace {

enum {
  pipe_S = kS,
  pipe_V = kV,
  pipe_M = kM,
  pipe_MTE1 = kMte1,
  pipe_MTE2 = kMte2,
  pipe_MTE3 = kMte3,
  pipe_FIX = kFix,
  pipe_ARG = -1
};

struct RawSpec {
  const char *name;
  int pipe;
  const char *fields;
  uint64_t (*run)(Instruction &);
};
const RawSpec kRaw[cce_op_count] = {
#define CCE_OP(NAME, PIPE, SIGNATURE, RUN) {#NAME, pipe_##PIPE, SIGNATURE, RUN},
#include "include/cce_ops.inc"
#undef CCE_OP
};

uint64_t number(std::string_view text) {
  uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Field readField(std::string_view text) {
  static const std::pair<std::string_view, cce_space> kNames[] = {
      {"gm", cce_gm},   {"ub", cce_ub},   {"l1", cce_l1}, {"l0a", cce_l0a},
      {"l0b", cce_l0b}, {"l0c", cce_l0c}, {"fb", cce_fb}, {"bt", cce_bt}};
  Field field;
  size_t colon = text.find(':');
  field.name = text.substr(0, colon);
  std::string_view limit = text.substr(colon + 1);
  for (auto &[name, space] : kNames)
    if (limit == name) {
      field.space = space;
      return field;
    }
  if (limit == "any")
    field.raw = true;
  else if (limit == "bit")
    field.high = 1;
  else if (limit[0] == 'u')
    field.high = number(limit.substr(1)) == 64
                     ? ~0ull
                     : (1ull << number(limit.substr(1))) - 1;
  else {
    size_t dots = limit.find("..");
    field.low = number(limit.substr(0, dots));
    field.high = number(limit.substr(dots + 2));
  }
  return field;
}

std::vector<Spec> readSpecs() {
  std::vector<Spec> specs;
  for (const RawSpec &raw : kRaw) {
    Spec spec{raw.name, raw.pipe, raw.run, {}};
    std::string_view rest = raw.fields;
    while (!rest.empty()) {
      size_t end = std::min(rest.find(' '), rest.size());
      spec.fields.push_back(readField(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    specs.push_back(std::move(spec));
  }
  return specs;
}

} // namespace

const Spec &specOf(int op) {
  static const auto *specs = new std::vector<Spec>(readSpecs());
  return (*specs)[static_cast<size_t>(op)];
}

int fieldIndex(const Spec &spec, std::string_view name) {
  for (size_t i = 0; i < spec.fields.size(); ++i)
    if (spec.fields[i].name == name)
      return static_cast<int>(i);
  return -1;
}

const char *typeName(int type) {
  static const char *const kNames[] = {"none", "f16", "bf16", "f32", "s4",
                                       "s8",   "u8",  "s16",  "u16", "s32",
                                       "u32",  "s64", "u64"};
  return type >= 0 && type <= cce_u64 ? kNames[type] : "?";
}

uint32_t typeBytes(int type) {
  static const uint8_t kBytes[] = {1, 2, 2, 4, 1, 1, 1, 2, 2, 4, 4, 8, 8};
  return kBytes[type];
}

void checkFields(Instruction &in) {
  const std::vector<Field> &fields = in.spec->fields;
  if (in.argumentCount != fields.size())
    fail(in, kIllegal,
         "has %u arguments, and not %zu: was the kernel compiled "
         "for another version of the simulator?",
         in.argumentCount, fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    const Field &f = fields[i];
    if (f.raw)
      continue;
    uint64_t v = in[static_cast<int>(i)];
    if (f.space) {
      if (f.space != cce_gm && !kSpaces[f.space].bytes)
        fail(in, kIllegal,
             "'%s' is an address in a memory this core does not "
             "have",
             std::string(f.name).c_str());
      continue;
    }
    if (v < f.low || v > f.high)
      fail(in, kIllegal,
           "'%s' is %lld, and its field holds %llu to %llu: split the "
           "instruction, or change the layout",
           std::string(f.name).c_str(), static_cast<long long>(v),
           static_cast<unsigned long long>(f.low),
           static_cast<unsigned long long>(f.high));
  }
}

std::string describeInstruction(const Instruction &in) {
  std::string text(in.spec->name);
  std::string kinds;
  for (int i = 0; i < 3 && in.type(i); ++i)
    if (!i || in.type(i) != in.type(i - 1))
      kinds += (i ? " " : "") + std::string(typeName(in.type(i)));
  if (!kinds.empty())
    text += "<" + kinds + ">";
  text += "(";
  for (size_t i = 0; i < in.spec->fields.size() && i < in.argumentCount; ++i) {
    const Field &f = in.spec->fields[i];
    char value[40];
    uint64_t v = in[static_cast<int>(i)];
    if (f.space)
      snprintf(value, sizeof value, "%s 0x%llx", kSpaces[f.space].name,
               static_cast<unsigned long long>(v));
    else if (f.raw && (v > 0xffff))
      snprintf(value, sizeof value, "0x%llx",
               static_cast<unsigned long long>(v));
    else
      snprintf(value, sizeof value, "%lld", static_cast<long long>(v));
    text += (i ? ", " : "") + std::string(f.name) + " = " + value;
  }
  return text + ")";
}

} // namespace ascendsim
