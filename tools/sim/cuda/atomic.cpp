// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// atom, red and the fences.

#include "memory_ops.h"

#include "numeric.h"

namespace cudasim {

namespace {

enum class Op : uint8_t {
  Add,
  Min,
  Max,
  And,
  Or,
  Xor,
  Exch,
  Cas,
  Inc,
  Dec,
};

template <class T>
T applyInteger(Op op, T old, T b, T c) {
  switch (op) {
  case Op::Add:
    return T(Wide<T>(old) + Wide<T>(b));
  case Op::Min:
    return old < b ? old : b;
  case Op::Max:
    return old > b ? old : b;
  case Op::And:
    return T(old & b);
  case Op::Or:
    return T(old | b);
  case Op::Xor:
    return T(old ^ b);
  case Op::Exch:
    return b;
  case Op::Cas:
    return old == b ? c : old;
  case Op::Inc:
    return old >= b ? T(0) : T(old + 1);
  case Op::Dec:
    return old == 0 || old > b ? b : T(old - 1);
  }
  return old;
}

template <class Half>
uint16_t half16(Op op, uint16_t a, uint16_t b, Half decode,
                uint16_t (*encode)(double)) {
  double x = decode(a), y = decode(b);
  if (op == Op::Add)
    return encode(fmaToOdd(x, 1.0, y));
  // min and max: a number wins over a NaN.
  if (x != x || y != y)
    return x != x && y != y ? kNaN16 : x != x ? b : a;
  if (x == y)
    return bool(a >> 15) == (op == Op::Max) ? b : a;
  return (x < y) == (op == Op::Max) ? b : a;
}

/// The new value of \p bits bytes at a place, after Instr::reg's type.
uint64_t applyOp(Type t, Op op, uint64_t old, uint64_t b, uint64_t c,
                 bool flushes) {
  switch (t) {
  case Type::S32:
    return uint32_t(
        applyInteger<int32_t>(op, int32_t(old), int32_t(b), int32_t(c)));
  case Type::S64:
    return uint64_t(
        applyInteger<int64_t>(op, int64_t(old), int64_t(b), int64_t(c)));
  case Type::B16:
    return applyInteger<uint16_t>(op, uint16_t(old), uint16_t(b), uint16_t(c));
  case Type::B32:
  case Type::U32:
    return applyInteger<uint32_t>(op, uint32_t(old), uint32_t(b), uint32_t(c));
  case Type::B64:
  case Type::U64:
    return applyInteger<uint64_t>(op, old, b, c);
  case Type::F32: {
    float x = bitsToF32(uint32_t(old)), y = bitsToF32(uint32_t(b));
    if (flushes) {
      x = flush(x);
      y = flush(y);
    }
    float r = canonical(x + y);
    return f32ToBits(flushes ? flush(r) : r);
  }
  case Type::F64:
    return std::bit_cast<uint64_t>(std::bit_cast<double>(old) +
                                   std::bit_cast<double>(b));
  case Type::F16:
    return half16(op, uint16_t(old), uint16_t(b), f16ToF32, f64ToF16);
  case Type::BF16:
    return half16(op, uint16_t(old), uint16_t(b), bf16ToF32, f64ToBF16);
  case Type::F16x2:
    return half16(op, uint16_t(old), uint16_t(b), f16ToF32, f64ToF16) |
           uint64_t(half16(op, uint16_t(old >> 16), uint16_t(b >> 16), f16ToF32,
                           f64ToF16))
               << 16;
  case Type::BF16x2:
    return half16(op, uint16_t(old), uint16_t(b), bf16ToF32, f64ToBF16) |
           uint64_t(half16(op, uint16_t(old >> 16), uint16_t(b >> 16),
                           bf16ToF32, f64ToBF16))
               << 16;
  default:
    return old;
  }
}

template <class U>
uint64_t loadAs(const uint8_t *p) {
  U v;
  memcpy(&v, p, sizeof v);
  return v;
}

uint64_t loadBytes(const uint8_t *p, unsigned bytes) {
  return bytes == 2   ? loadAs<uint16_t>(p)
         : bytes == 4 ? loadAs<uint32_t>(p)
                      : loadAs<uint64_t>(p);
}

uint64_t operand(Warp &w, const Ref &r, uint32_t l) {
  return r.bytes == 2   ? lanes<uint16_t>(w, r)[l]
         : r.bytes == 4 ? lanes<uint32_t>(w, r)[l]
                        : lanes<uint64_t>(w, r)[l];
}

void execAtomic(Warp &w, const Instr &i, uint32_t m) {
  uint64_t addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, addr);
  Type t = static_cast<Type>(i.reg);
  Op op = static_cast<Op>(i.sub);
  bool changed = false;
  if (!access(w, i, m, i.space, addr, i.bytes * i.vector,
              kRead | kWrite | strongKind(i), where))
    return;
  bool shared =
      i.space == Space::Shared ||
      (i.space == Space::Generic &&
       (addr[__builtin_ctz(m)] & ~(kWindowBytes - 1)) == kSharedWindow);
  // f32 sums in global memory flush subnormals, in shared memory they do not
  // (CUDA C++ Programming Guide, "Floating-Point Standard").
  bool flushes = t == Type::F32 && !shared;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    for (unsigned k = 0; k < i.vector; ++k) {
      uint8_t *p = where[l] + k * i.bytes;
      uint64_t old = loadBytes(p, i.bytes);
      uint64_t b = operand(w, i.v[k], l);
      uint64_t c = i.c.valid() ? operand(w, i.c, l) : 0;
      uint64_t value = applyOp(t, op, old, b, c, flushes);
      memcpy(p, &value, i.bytes);
      changed |= value != old;
      if (i.d.valid()) {
        if (i.bytes == 2)
          lanes<uint16_t>(w, i.d)[l] = uint16_t(old);
        else if (i.bytes == 4)
          lanes<uint32_t>(w, i.d)[l] = uint32_t(old);
        else
          lanes<uint64_t>(w, i.d)[l] = old;
      }
    }
  }
  if (changed)
    ++w.launch->changes;
  else if (i.d.valid())
    pollAt(w, addr[__builtin_ctz(m)], 0);
  strongAccess(w, i, m, i.space, addr, true, true);
}

void execFence(Warp &w, const Instr &, uint32_t m) {
  if (w.launch->races)
    w.launch->races->fence(w, m);
}

} // namespace

static bool decodeAtomic(Decoder &d) {
  Instr &i = d.instr;
  bool red = d.s.op == "red";
  if (d.take(".async"))
    return d.fail("red.async is not simulated yet");
  i.flow = Flow::Memory;
  i.scope = kScopeGpu;
  if (!takeMemoryModifiers(d))
    return false;
  i.strong = true;
  if (i.order == kWeak)
    i.order = kRelaxed;
  int op = d.takeOne({".add", ".min", ".max", ".and", ".or", ".xor", ".exch",
                      ".cas", ".inc", ".dec"});
  if (op < 0)
    return d.fail("an atomic operation that the simulator does not know");
  i.sub = static_cast<uint8_t>(op);
  d.take(".noftz");
  int vector = d.takeOne({".v2", ".v4", ".v8"});
  i.vector = static_cast<uint8_t>(vector < 0 ? 1 : 2 << vector);
  bool policy = d.take(".L2::cache_hint");
  Type t = d.type();
  i.reg = static_cast<uint8_t>(t);
  i.bytes = static_cast<uint8_t>(bytesOf(t));
  bool cas = op == int(Op::Cas);
  bool sum = op <= int(Op::Max);
  bool half = t == Type::F16 || t == Type::BF16 || t == Type::F16x2 ||
              t == Type::BF16x2;
  if ((isFloat(t) && !(op == int(Op::Add) || (half && sum && i.vector > 1))) ||
      i.bytes < 2 || i.bytes > 8 || i.bytes * i.vector > 16 ||
      (i.bytes == 2 && !isFloat(t) && !cas) ||
      ((op == int(Op::Inc) || op == int(Op::Dec)) && t != Type::U32))
    return d.fail("a type that this atomic operation does not have");
  if (i.vector > 1 && !red)
    return d.fail("vector forms of atom are not simulated");
  size_t at = red ? 0 : 1;
  if (!d.count(at + 2 + cas + policy) || !d.address(at, i.space))
    return false;
  if (!red && d.s.operands[0].kind != Operand::Sink &&
      !d.destination(0, t, i.d))
    return false;
  return d.sources(at + 1, t, i.vector, i.v) &&
         (!cas || d.source(at + 2, t, i.c)) && use(d, &execAtomic);
}

static bool decodeFence(Decoder &d) {
  Instr &i = d.instr;
  if (d.take(".proxy")) {
    // Proxies order nothing among the accesses that are simulated.
    d.takeOne({".alias", ".async", ".async.global", ".tensormap"});
    d.takeOne({".global", ".shared::cta", ".shared::cluster"});
    return d.count(0) && use(d, [](Warp &, const Instr &, uint32_t) {});
  }
  if (d.take(".mbarrier_init")) {
    if (!d.take(".release") || !d.take(".cluster"))
      return d.fail("a form of fence.mbarrier_init that does not exist");
    return d.count(0) && use(d, &execFence);
  }
  d.takeOne({".sc", ".acq_rel"});
  d.takeOne({".cta", ".cluster", ".gl", ".gpu", ".sys"});
  i.flow = Flow::Plain;
  return d.count(0) && use(d, &execFence);
}

void addAtomicDecoders(DecodeTable &t) {
  t["atom"] = t["red"] = decodeAtomic;
  t["membar"] = t["fence"] = decodeFence;
}

} // namespace cudasim
