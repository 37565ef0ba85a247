// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the instruction decoders see of a PTX statement, and how they ask.

#ifndef GEMEL_SIM_CUDA_DECODE_H
#define GEMEL_SIM_CUDA_DECODE_H

#include "module.h"

#include <initializer_list>
#include <unordered_map>

namespace cudasim {

enum class Type : uint8_t {
  None,
  Pred,
  B8,
  B16,
  B32,
  B64,
  B128,
  U8,
  U16,
  U32,
  U64,
  S8,
  S16,
  S32,
  S64,
  F16,
  F16x2,
  BF16,
  BF16x2,
  TF32,
  F32,
  F64,
};

/// Bytes of a value of \p type; 0 for a predicate.
unsigned bytesOf(Type type);
bool isSigned(Type type);
bool isFloat(Type type);
/// The type that the modifier \p dotted (".s32") names, or None.
Type typeOf(std::string_view dotted);

struct Operand {
  enum Kind : uint8_t {
    Reg,
    Int,     // imm
    Float,   // bits
    Symbol,  // var + imm
    Label,   // name
    Special, // name: %tid.x
    Address, // base register `reg` or variable `var` or neither, + imm
    Vector,  // elements
    Sink,    // _
    Pair,    // elements[0]|elements[1]
  };
  Kind kind = Sink;
  bool negated = false;
  bool isSingle = false;
  Ref reg;
  int64_t imm = 0;
  uint64_t bits = 0;
  Variable *var = nullptr;
  std::string name;
  std::vector<Operand> elements;
};

struct Statement {
  std::string_view op;
  std::vector<std::string_view> mods;
  std::vector<Operand> operands;
};

/// Decodes one statement into `instr`. A decoder takes every modifier it
/// understands; the caller refuses what is left.
class Decoder {
public:
  Decoder(Module &module, Function &function, const Statement &statement,
          Instr &instr, unsigned capability)
      : module(module), function(function), s(statement), instr(instr),
        capability(capability), taken(statement.mods.size(), false) {}

  Module &module;
  Function &function;
  const Statement &s;
  Instr &instr;
  unsigned capability; // 80, 90
  std::string error;

  /// Takes the first modifier not yet taken if it is \p mod.
  bool next(std::string_view mod);
  /// Takes \p mod wherever it stands.
  bool take(std::string_view mod);
  /// Takes one of \p mods; its index or -1.
  int takeOne(std::initializer_list<std::string_view> mods);
  /// Takes the next type modifier, None if there is none.
  Type type();
  /// The first modifier not taken, or "".
  std::string_view rest() const;
  bool fail(std::string sentence);
  bool count(size_t operands);
  bool count(size_t least, size_t most);
  size_t operands() const { return s.operands.size(); }

  /// Operand \p n as a source of \p type (a constant becomes an array of 32).
  bool source(size_t n, Type type, Ref &ref);
  bool source(const Operand &operand, Type type, Ref &ref);
  /// A source whose register may be wider than \p type (ld, st, cvt).
  bool looseSource(const Operand &operand, Type type, Ref &ref);
  bool destination(size_t n, Type type, Ref &ref);
  bool destination(const Operand &operand, Type type, Ref &ref);
  bool looseDestination(const Operand &operand, Type type, Ref &ref);
  /// The elements of a vector operand (or the one operand) as \p type.
  bool sources(size_t n, Type type, size_t count, std::vector<Ref> &refs);
  bool destinations(size_t n, Type type, size_t count, std::vector<Ref> &refs);
  /// An integer constant operand.
  bool constant(size_t n, int64_t &value);
  /// An address operand: base into `instr.a` (invalid: none), offset into
  /// `instr.imm`. For a variable, checks its space against \p space, which a
  /// parameter of a function turns into LaneParam.
  bool address(size_t n, Space &space);
  Ref broadcast(uint64_t bits, unsigned bytes);
  /// A register of its own for the decoder's use (bytes 0: a predicate).
  Ref temporary(unsigned bytes);

private:
  std::vector<bool> taken;
};

using Decode = bool (*)(Decoder &);
using DecodeTable = std::unordered_map<std::string_view, Decode>;

void addIntegerDecoders(DecodeTable &);
void addWideIntegerDecoders(DecodeTable &);
void addBitDecoders(DecodeTable &);
void addFloatDecoders(DecodeTable &);
void addCompareDecoders(DecodeTable &);
void addMoveDecoders(DecodeTable &);
void addConvertDecoders(DecodeTable &);
void addMemoryDecoders(DecodeTable &);
void addAtomicDecoders(DecodeTable &);
void addAsyncDecoders(DecodeTable &);
void addSyncDecoders(DecodeTable &);
void addWarpDecoders(DecodeTable &);
void addMatrixDecoders(DecodeTable &);
void addBarrierDecoders(DecodeTable &);
void addControlDecoders(DecodeTable &);
void addWmmaDecoders(DecodeTable &);

/// Integer forms of an opcode that floats share, and the reverse.
bool decodeFloatArithmetic(Decoder &);
bool decodeHalfArithmetic(Decoder &);

const DecodeTable &decoders();

/// Sets Instr::meet of every branch: the first instruction that all its ways
/// pass (its immediate post-dominator). The last instruction is the function's
/// Boundary.
void findMeetingPoints(Function &function);

} // namespace cudasim

#endif
