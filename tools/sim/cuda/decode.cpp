// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, modifiers and operands: what all instruction decoders share.

#include "decode.h"

#include <cstring>

namespace cudasim {

unsigned bytesOf(Type type) {
  switch (type) {
  case Type::None:
  case Type::Pred:
    return 0;
  case Type::B8:
  case Type::U8:
  case Type::S8:
    return 1;
  case Type::B16:
  case Type::U16:
  case Type::S16:
  case Type::F16:
  case Type::BF16:
    return 2;
  case Type::B32:
  case Type::U32:
  case Type::S32:
  case Type::F16x2:
  case Type::BF16x2:
  case Type::TF32:
  case Type::F32:
    return 4;
  case Type::B64:
  case Type::U64:
  case Type::S64:
  case Type::F64:
    return 8;
  case Type::B128:
    return 16;
  }
  return 0;
}

bool isSigned(Type type) { return type >= Type::S8 && type <= Type::S64; }
bool isFloat(Type type) { return type >= Type::F16; }

Type typeOf(std::string_view dotted) {
  static const std::unordered_map<std::string_view, Type> types = {
      {".pred", Type::Pred},   {".b8", Type::B8},     {".b16", Type::B16},
      {".b32", Type::B32},     {".b64", Type::B64},   {".b128", Type::B128},
      {".u8", Type::U8},       {".u16", Type::U16},   {".u32", Type::U32},
      {".u64", Type::U64},     {".s8", Type::S8},     {".s16", Type::S16},
      {".s32", Type::S32},     {".s64", Type::S64},   {".f16", Type::F16},
      {".f16x2", Type::F16x2}, {".bf16", Type::BF16}, {".bf16x2", Type::BF16x2},
      {".tf32", Type::TF32},   {".f32", Type::F32},   {".f64", Type::F64}};
  auto it = types.find(dotted);
  return it == types.end() ? Type::None : it->second;
}

bool Decoder::next(std::string_view mod) {
  for (size_t i = 0; i < taken.size(); ++i) {
    if (taken[i])
      continue;
    if (s.mods[i] != mod)
      return false;
    taken[i] = true;
    return true;
  }
  return false;
}

bool Decoder::take(std::string_view mod) {
  for (size_t i = 0; i < taken.size(); ++i)
    if (!taken[i] && s.mods[i] == mod) {
      taken[i] = true;
      return true;
    }
  return false;
}

int Decoder::takeOne(std::initializer_list<std::string_view> mods) {
  int index = 0;
  for (std::string_view mod : mods) {
    if (take(mod))
      return index;
    ++index;
  }
  return -1;
}

Type Decoder::type() {
  for (size_t i = 0; i < taken.size(); ++i) {
    Type t = taken[i] ? Type::None : typeOf(s.mods[i]);
    if (t != Type::None) {
      taken[i] = true;
      return t;
    }
  }
  return Type::None;
}

std::string_view Decoder::rest() const {
  for (size_t i = 0; i < taken.size(); ++i)
    if (!taken[i])
      return s.mods[i];
  return "";
}

bool Decoder::fail(std::string sentence) {
  if (error.empty())
    error = std::move(sentence);
  return false;
}

bool Decoder::count(size_t n) { return count(n, n); }

bool Decoder::count(size_t least, size_t most) {
  if (s.operands.size() >= least && s.operands.size() <= most)
    return true;
  return fail("'" + std::string(s.op) + "' with " +
              std::to_string(s.operands.size()) + " operands");
}

Ref Decoder::broadcast(uint64_t bits, unsigned bytes) {
  unsigned size = bytes ? bytes * kWarpSize : 4;
  // A multiple of the vector width, so that loops may read it whole.
  auto block = std::make_unique<uint8_t[]>(size + 64);
  uint8_t *p = block.get();
  p += (64 - reinterpret_cast<uintptr_t>(p) % 64) % 64;
  if (!bytes) {
    uint32_t all = bits ? kFull : 0;
    memcpy(p, &all, 4);
  }
  for (unsigned l = 0; bytes && l < kWarpSize; ++l)
    memcpy(p + l * bytes, &bits, bytes);
  module.constants.push_back(std::move(block));
  Ref ref;
  ref.abs = p;
  ref.off = 0;
  ref.bytes = static_cast<uint8_t>(bytes);
  return ref;
}

Ref Decoder::temporary(unsigned bytes) {
  uint32_t align = bytes ? 64 : 4;
  Ref ref;
  ref.off = (function.regBytes + align - 1) / align * align;
  ref.bytes = static_cast<uint8_t>(bytes);
  function.regBytes = ref.off + (bytes ? bytes * kWarpSize : 4);
  return ref;
}

bool Decoder::source(size_t n, Type type, Ref &ref) {
  if (n >= s.operands.size())
    return fail("'" + std::string(s.op) + "' lacks an operand");
  return source(s.operands[n], type, ref);
}

bool Decoder::source(const Operand &o, Type type, Ref &ref) {
  if (!looseSource(o, type, ref))
    return false;
  if (ref.bytes != bytesOf(type))
    return fail("a register of " + std::to_string(ref.bytes * 8) +
                " bits where " + std::to_string(bytesOf(type) * 8) +
                " are read");
  return true;
}

bool Decoder::looseSource(const Operand &o, Type type, Ref &ref) {
  unsigned bytes = bytesOf(type);
  switch (o.kind) {
  case Operand::Reg:
    ref = o.reg;
    return true;
  case Operand::Int: {
    uint64_t bits = static_cast<uint64_t>(o.imm);
    if (type == Type::F32 || type == Type::F64)
      return fail("an integer constant where a float is read");
    ref = broadcast(bits, bytes);
    ref.negated = o.negated;
    return true;
  }
  case Operand::Float: {
    uint64_t bits = o.bits;
    double d;
    memcpy(&d, &bits, 8);
    if (o.isSingle && type == Type::F64) {
      float f;
      uint32_t low = static_cast<uint32_t>(bits);
      memcpy(&f, &low, 4);
      d = f;
      memcpy(&bits, &d, 8);
    } else if (!o.isSingle && bytes == 4) {
      float f = static_cast<float>(d);
      bits = 0;
      memcpy(&bits, &f, 4);
    } else if (bytes < 4) {
      return fail("a float constant for a 16-bit operand");
    }
    ref = broadcast(bits, bytes);
    return true;
  }
  default:
    return fail("operand '" + o.name + "' cannot be read as a value here");
  }
}

bool Decoder::destination(size_t n, Type type, Ref &ref) {
  if (n >= s.operands.size())
    return fail("'" + std::string(s.op) + "' lacks an operand");
  return destination(s.operands[n], type, ref);
}

bool Decoder::destination(const Operand &o, Type type, Ref &ref) {
  if (!looseDestination(o, type, ref))
    return false;
  if (ref.bytes != bytesOf(type))
    return fail("a register of " + std::to_string(ref.bytes * 8) +
                " bits where " + std::to_string(bytesOf(type) * 8) +
                " are written");
  return true;
}

bool Decoder::looseDestination(const Operand &o, Type type, Ref &ref) {
  if (o.kind == Operand::Sink) {
    ref = temporary(bytesOf(type));
    return true;
  }
  if (o.kind != Operand::Reg)
    return fail("a result that is no register");
  ref = o.reg;
  return true;
}

bool Decoder::sources(size_t n, Type type, size_t count,
                      std::vector<Ref> &refs) {
  if (n >= s.operands.size())
    return fail("'" + std::string(s.op) + "' lacks an operand");
  const Operand &o = s.operands[n];
  size_t have = o.kind == Operand::Vector ? o.elements.size() : 1;
  if (have != count)
    return fail("a vector of " + std::to_string(have) + " registers where " +
                std::to_string(count) + " belong");
  for (size_t i = 0; i < count; ++i) {
    refs.emplace_back();
    if (!source(o.kind == Operand::Vector ? o.elements[i] : o, type,
                refs.back()))
      return false;
  }
  return true;
}

bool Decoder::destinations(size_t n, Type type, size_t count,
                           std::vector<Ref> &refs) {
  if (n >= s.operands.size())
    return fail("'" + std::string(s.op) + "' lacks an operand");
  const Operand &o = s.operands[n];
  size_t have = o.kind == Operand::Vector ? o.elements.size() : 1;
  if (have != count)
    return fail("a vector of " + std::to_string(have) + " registers where " +
                std::to_string(count) + " belong");
  for (size_t i = 0; i < count; ++i) {
    refs.emplace_back();
    if (!destination(o.kind == Operand::Vector ? o.elements[i] : o, type,
                     refs.back()))
      return false;
  }
  return true;
}

bool Decoder::constant(size_t n, int64_t &value) {
  if (n >= s.operands.size() || s.operands[n].kind != Operand::Int)
    return fail("operand " + std::to_string(n) + " of '" + std::string(s.op) +
                "' has to be a constant");
  value = s.operands[n].imm;
  return true;
}

bool Decoder::address(size_t n, Space &space) {
  if (n >= s.operands.size() || s.operands[n].kind != Operand::Address)
    return fail("operand " + std::to_string(n) + " of '" + std::string(s.op) +
                "' has to be an address");
  const Operand &o = s.operands[n];
  instr.imm = o.imm;
  if (!o.var) {
    instr.a = o.reg;
    if (o.reg.valid() && o.reg.bytes != 4 && o.reg.bytes != 8)
      return fail("an address in a register that is not 32 or 64 bits");
    return true;
  }
  const Variable &var = *o.var;
  Space own = var.space;
  bool fits =
      own == space || (own == Space::LaneParam && space == Space::Param);
  if (space == Space::Generic && (own == Space::Global || own == Space::Const))
    fits = true;
  if (!fits)
    return fail("variable '" + var.name + "' is in another state space");
  if (own == Space::LaneParam)
    space = own;
  instr.imm += static_cast<int64_t>(var.offset);
  if (var.isDynamicShared)
    instr.a = function.dynamicShared;
  else if (own == Space::Shared)
    instr.imm += 1024;
  else if (own == Space::Local)
    instr.a = function.localBase;
  // Global and constant variables have their device address as offset, given
  // before functions are decoded.
  return true;
}

const DecodeTable &decoders() {
  static const DecodeTable table = [] {
    DecodeTable t;
    addIntegerDecoders(t);
    addWideIntegerDecoders(t);
    addBitDecoders(t);
    addFloatDecoders(t);
    addCompareDecoders(t);
    addMoveDecoders(t);
    addConvertDecoders(t);
    addMemoryDecoders(t);
    addAtomicDecoders(t);
    addAsyncDecoders(t);
    addSyncDecoders(t);
    addWarpDecoders(t);
    addMatrixDecoders(t);
    addBarrierDecoders(t);
    addControlDecoders(t);
    addWmmaDecoders(t);
    return t;
  }();
  return table;
}

} // namespace cudasim
