// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exchange between the lanes of a warp: shfl, vote, match, redux, elect.

#include "cuda_abi.h"
#include "ops.h"

#include <bit>

namespace cudasim {

namespace {

std::string hex(uint32_t v) {
  char text[16];
  snprintf(text, sizeof text, "0x%08x", v);
  return text;
}

/// The lanes that exchange: those of the member mask \p members, all of which
/// have to be executing the instruction. 0 after a report.
uint32_t participants(Warp &w, const Instr &i, uint32_t m, const Ref &members) {
  const uint32_t *mask = lanes<uint32_t>(w, members);
  uint32_t first = static_cast<uint32_t>(__builtin_ctz(m));
  uint32_t group = mask[first];
  for (uint32_t l = first; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    if (!(mask[l] >> l & 1)) {
      fault(w, i, l, CUDA_ERROR_LAUNCH_FAILED,
            "a thread that its own member mask " + hex(mask[l]) +
                " does not name");
      return 0;
    }
    if (mask[l] & ~m) {
      fault(w, i, l, CUDA_ERROR_LAUNCH_FAILED,
            "member mask " + hex(mask[l]) + " names lanes " +
                hex(mask[l] & ~m) + ", which do not execute the instruction");
      return 0;
    }
  }
  return group;
}

enum : uint8_t { kUp, kDown, kBfly, kIdx };

void execShuffle(Warp &w, const Instr &i, uint32_t m) {
  if (!participants(w, i, m, i.e))
    return;
  const uint32_t *a = lanes<uint32_t>(w, i.a), *b = lanes<uint32_t>(w, i.b),
                 *c = lanes<uint32_t>(w, i.c);
  uint32_t t[kWarpSize], inRange = 0;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    uint32_t delta = b[l] & 31, clamp = c[l] & 31, segment = c[l] >> 8 & 31;
    uint32_t last = (l & segment) | (clamp & ~segment & 31);
    int j = 0;
    bool in = false;
    switch (i.sub) {
    case kUp:
      j = int(l) - int(delta);
      in = j >= int(last);
      break;
    case kDown:
      j = int(l + delta);
      in = j <= int(last);
      break;
    case kBfly:
      j = int(l ^ delta);
      in = j <= int(last);
      break;
    default:
      j = int((l & segment) | (delta & ~segment & 31));
      in = j <= int(last);
    }
    if (!in)
      j = int(l);
    inRange |= uint32_t(in) << l;
    // A lane that takes no part has no defined value to give.
    t[l] = m >> j & 1 ? a[j] : 0xcbcbcbcbu;
  }
  blend(lanes<uint32_t>(w, i.d), t, m);
  if (!i.v.empty())
    setPredicate(w, i.v[0], m, inRange);
}

enum : uint8_t { kAll, kAny, kUni, kBallot };

void execVote(Warp &w, const Instr &i, uint32_t m) {
  if (!participants(w, i, m, i.b))
    return;
  uint32_t p = predicate(w, i.a);
  const uint32_t *mask = lanes<uint32_t>(w, i.b);
  uint32_t bits = 0;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    uint32_t yes = p & mask[l];
    if (i.sub == kBallot)
      lanes<uint32_t>(w, i.d)[l] = yes;
    bool r = i.sub == kAll   ? yes == mask[l]
             : i.sub == kAny ? yes != 0
                             : yes == 0 || yes == mask[l];
    bits |= uint32_t(r) << l;
  }
  if (i.sub != kBallot)
    setPredicate(w, i.d, m, bits);
}

template <class T>
void execMatch(Warp &w, const Instr &i, uint32_t m) {
  if (!participants(w, i, m, i.b))
    return;
  const T *a = lanes<T>(w, i.a);
  const uint32_t *mask = lanes<uint32_t>(w, i.b);
  uint32_t t[kWarpSize] = {}, all = 0;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    for (uint32_t k = 0; k < kWarpSize; ++k)
      if ((mask[l] >> k & 1) && a[k] == a[l])
        t[l] |= 1u << k;
    if (i.sub) { // all
      bool same = t[l] == mask[l];
      t[l] = same ? mask[l] : 0;
      all |= uint32_t(same) << l;
    }
  }
  blend(lanes<uint32_t>(w, i.d), t, m);
  if (!i.v.empty())
    setPredicate(w, i.v[0], m, all);
}

void execRedux(Warp &w, const Instr &i, uint32_t m) {
  if (!participants(w, i, m, i.b))
    return;
  const uint32_t *a = lanes<uint32_t>(w, i.a);
  const uint32_t *mask = lanes<uint32_t>(w, i.b);
  uint32_t t[kWarpSize] = {};
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    uint32_t r = a[l];
    for (uint32_t k = 0; k < kWarpSize; ++k) {
      if (!(mask[l] >> k & 1) || k == l)
        continue;
      uint32_t x = a[k];
      switch (i.sub) {
      case 0:
        r += x;
        break;
      case 1:
        r = i.isSigned ? uint32_t(std::min(int32_t(r), int32_t(x)))
                       : std::min(r, x);
        break;
      case 2:
        r = i.isSigned ? uint32_t(std::max(int32_t(r), int32_t(x)))
                       : std::max(r, x);
        break;
      case 3:
        r &= x;
        break;
      case 4:
        r |= x;
        break;
      default:
        r ^= x;
      }
    }
    t[l] = r;
  }
  blend(lanes<uint32_t>(w, i.d), t, m);
}

void execElect(Warp &w, const Instr &i, uint32_t m) {
  uint32_t group = participants(w, i, m, i.a);
  if (!group)
    return;
  uint32_t leader = static_cast<uint32_t>(__builtin_ctz(group));
  if (i.d.valid())
    for (uint32_t l = 0; l < kWarpSize; ++l)
      if (m >> l & 1)
        lanes<uint32_t>(w, i.d)[l] = leader;
  setPredicate(w, i.v[0], m, 1u << leader);
}

void execActive(Warp &w, const Instr &i, uint32_t m) {
  for (uint32_t l = 0; l < kWarpSize; ++l)
    if (m >> l & 1)
      lanes<uint32_t>(w, i.d)[l] = m;
}

/// "d" or "d|p" with a predicate.
bool resultAndPredicate(Decoder &d, Type t) {
  const Operand &o = d.s.operands[0];
  if (o.kind != Operand::Pair)
    return d.destination(o, t, d.instr.d);
  d.instr.v.emplace_back();
  return d.destination(o.elements[0], t, d.instr.d) &&
         d.destination(o.elements[1], Type::Pred, d.instr.v[0]);
}

bool needsSync(Decoder &d) {
  d.instr.flow = Flow::Memory; // may end the launch
  return d.take(".sync") ||
         d.fail("'" + std::string(d.s.op) + "' without .sync");
}

bool decodeShuffle(Decoder &d) {
  int mode = d.takeOne({".up", ".down", ".bfly", ".idx"});
  if (!needsSync(d) || mode < 0 || d.type() != Type::B32 || !d.count(5))
    return false;
  d.instr.sub = static_cast<uint8_t>(mode);
  return resultAndPredicate(d, Type::B32) &&
         d.source(1, Type::B32, d.instr.a) &&
         d.source(2, Type::B32, d.instr.b) &&
         d.source(3, Type::B32, d.instr.c) &&
         d.source(4, Type::B32, d.instr.e) && use(d, &execShuffle);
}

bool decodeVote(Decoder &d) {
  int mode = d.takeOne({".all", ".any", ".uni", ".ballot"});
  if (!needsSync(d) || mode < 0 || !d.count(3))
    return false;
  d.instr.sub = static_cast<uint8_t>(mode);
  Type t = d.type();
  return d.destination(0, t, d.instr.d) && d.source(1, Type::Pred, d.instr.a) &&
         d.source(2, Type::B32, d.instr.b) && use(d, &execVote);
}

bool decodeMatch(Decoder &d) {
  bool all = d.take(".all");
  if (!all && !d.take(".any"))
    return d.fail("match without .any or .all");
  if (!needsSync(d) || !d.count(3))
    return false;
  d.instr.sub = all;
  Type t = d.type();
  return resultAndPredicate(d, Type::B32) && d.source(1, t, d.instr.a) &&
         d.source(2, Type::B32, d.instr.b) &&
         use(d, bytesOf(t) == 8 ? &execMatch<uint64_t> : &execMatch<uint32_t>);
}

bool decodeRedux(Decoder &d) {
  int op = d.takeOne({".add", ".min", ".max", ".and", ".or", ".xor"});
  if (!needsSync(d) || op < 0)
    return false;
  Type t = d.type();
  if (t != Type::U32 && t != Type::S32 && t != Type::B32)
    return d.fail("a type that redux does not have on this chip");
  d.instr.sub = static_cast<uint8_t>(op);
  d.instr.isSigned = isSigned(t);
  return d2(d, t, t, Type::B32) && use(d, &execRedux);
}

bool decodeElect(Decoder &d) {
  if (d.capability < 90)
    return d.fail("elect needs sm_90");
  if (!needsSync(d) || !d.count(2))
    return false;
  const Operand &o = d.s.operands[0];
  if (o.kind != Operand::Pair)
    return d.fail("elect writes a lane and a predicate");
  d.instr.v.emplace_back();
  if (o.elements[0].kind != Operand::Sink &&
      !d.destination(o.elements[0], Type::B32, d.instr.d))
    return false;
  return d.destination(o.elements[1], Type::Pred, d.instr.v[0]) &&
         d.source(1, Type::B32, d.instr.a) && use(d, &execElect);
}

bool decodeActive(Decoder &d) {
  return d.type() == Type::B32 && d.count(1) &&
         d.destination(0, Type::B32, d.instr.d) && use(d, &execActive);
}

} // namespace

void addWarpDecoders(DecodeTable &t) {
  t["shfl"] = decodeShuffle;
  t["vote"] = decodeVote;
  t["match"] = decodeMatch;
  t["redux"] = decodeRedux;
  t["elect"] = decodeElect;
  t["activemask"] = decodeActive;
}

} // namespace cudasim
