// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mov, special registers and addresses of variables.

#include "ops.h"

#include <bit>

namespace cudasim {

namespace {
enum class Special : uint8_t {
  Tid,
  NTid,
  CtaId,
  NCtaId,
  LaneId,
  WarpId,
  NWarpId,
  LaneMaskEq,
  LaneMaskLe,
  LaneMaskLt,
  LaneMaskGe,
  LaneMaskGt,
  Clock,
  GlobalTimer,
  SmId,
  NSmId,
  GridId,
  DynamicShared,
  TotalShared,
  Zero, // ranks in a cluster of one
  One,  // its size
};
} // namespace

template <class T>
static void execMove(Warp &w, const Instr &i, uint32_t m) {
  const T *a = lanes<T>(w, i.a);
  alignas(64) T t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l)
    t[l] = a[l];
  blend(lanes<T>(w, i.d), t, m);
}

static void execMovePredicate(Warp &w, const Instr &i, uint32_t m) {
  setPredicate(w, i.d, m, predicate(w, i.a));
}

/// A value from a base register (or none) and a constant.
template <class T, class B>
static void execAddress(Warp &w, const Instr &i, uint32_t m) {
  T *d = lanes<T>(w, i.d);
  const B *a = i.a.valid() ? lanes<B>(w, i.a) : nullptr;
  for (uint32_t l = 0; l < kWarpSize; ++l)
    if (m >> l & 1)
      d[l] = T((a ? T(a[l]) : T(0)) + T(i.imm));
}

static uint64_t specialValue(Warp &w, const Instr &i, uint32_t l) {
  const Launch &launch = *w.launch;
  uint32_t axis = i.order;
  switch (static_cast<Special>(i.sub)) {
  case Special::Tid:
    return w.tid[axis][l];
  case Special::NTid:
    return launch.block[axis];
  case Special::CtaId:
    return w.cta->id[axis];
  case Special::NCtaId:
    return launch.grid[axis];
  case Special::LaneId:
    return l;
  case Special::WarpId:
    return w.index;
  case Special::NWarpId:
    return w.cta->warps.size();
  case Special::LaneMaskEq:
    return 1u << l;
  case Special::LaneMaskLe:
    return l == 31 ? kFull : (2u << l) - 1;
  case Special::LaneMaskLt:
    return (1u << l) - 1;
  case Special::LaneMaskGe:
    return ~((1u << l) - 1);
  case Special::LaneMaskGt:
    return l == 31 ? 0 : ~((2u << l) - 1);
  // Time is the number of instructions executed: monotone, and the same in
  // every run.
  case Special::Clock:
  case Special::GlobalTimer:
    return launch.instructions;
  case Special::SmId:
    return w.cta->linear % 108;
  case Special::NSmId:
    return 108;
  case Special::GridId:
    return 1;
  case Special::DynamicShared:
    return launch.dynamicShared;
  case Special::TotalShared:
    return launch.sharedBytes;
  case Special::Zero:
    return 0;
  case Special::One:
    return 1;
  }
  return 0;
}

template <class T>
static void execSpecial(Warp &w, const Instr &i, uint32_t m) {
  T *d = lanes<T>(w, i.d);
  for (uint32_t l = 0; l < kWarpSize; ++l)
    if (m >> l & 1)
      d[l] = T(specialValue(w, i, l));
}

static bool findSpecial(std::string_view name, Instr &i) {
  static const std::unordered_map<std::string_view, Special> plain = {
      {"%laneid", Special::LaneId},
      {"%warpid", Special::WarpId},
      {"%nwarpid", Special::NWarpId},
      {"%lanemask_eq", Special::LaneMaskEq},
      {"%lanemask_le", Special::LaneMaskLe},
      {"%lanemask_lt", Special::LaneMaskLt},
      {"%lanemask_ge", Special::LaneMaskGe},
      {"%lanemask_gt", Special::LaneMaskGt},
      {"%clock", Special::Clock},
      {"%clock_hi", Special::Zero},
      {"%clock64", Special::Clock},
      {"%globaltimer", Special::GlobalTimer},
      {"%globaltimer_lo", Special::GlobalTimer},
      {"%globaltimer_hi", Special::Zero},
      {"%smid", Special::SmId},
      {"%nsmid", Special::NSmId},
      {"%gridid", Special::GridId},
      {"%dynamic_smem_size", Special::DynamicShared},
      {"%total_smem_size", Special::TotalShared},
      {"%cluster_ctarank", Special::Zero},
      {"%cluster_nctarank", Special::One},
      {"%is_explicit_cluster", Special::Zero}};
  if (auto it = plain.find(name); it != plain.end()) {
    i.sub = static_cast<uint8_t>(it->second);
    return true;
  }
  if (name.size() < 3 || name[name.size() - 2] != '.')
    return false;
  char axis = name.back();
  if (axis < 'x' || axis > 'z')
    return false;
  i.order = static_cast<uint8_t>(axis - 'x');
  static const std::unordered_map<std::string_view, Special> axes = {
      {"%tid", Special::Tid},           {"%ntid", Special::NTid},
      {"%ctaid", Special::CtaId},       {"%nctaid", Special::NCtaId},
      {"%clusterid", Special::CtaId}, // clusters of one CTA
      {"%nclusterid", Special::NCtaId}, {"%cluster_ctaid", Special::Zero},
      {"%cluster_nctaid", Special::One}};
  auto it = axes.find(name.substr(0, name.size() - 2));
  if (it == axes.end())
    return false;
  i.sub = static_cast<uint8_t>(it->second);
  return true;
}

/// Splits a wide register into parts or joins parts: Instr::v are the parts.
template <class W, class P, bool Pack>
static void execPack(Warp &w, const Instr &i, uint32_t m) {
  constexpr uint32_t bits = 8 * sizeof(P);
  W t[kWarpSize] = {};
  if (Pack) {
    for (size_t k = 0; k < i.v.size(); ++k) {
      const P *p = lanes<P>(w, i.v[k]);
      for (uint32_t l = 0; l < kWarpSize; ++l)
        t[l] |= W(p[l]) << (bits * k);
    }
    blend(lanes<W>(w, i.d), t, m);
    return;
  }
  const W *a = lanes<W>(w, i.a);
  for (uint32_t l = 0; l < kWarpSize; ++l)
    t[l] = a[l];
  for (size_t k = 0; k < i.v.size(); ++k) {
    P part[kWarpSize];
    for (uint32_t l = 0; l < kWarpSize; ++l)
      part[l] = P(t[l] >> (bits * k));
    blend(lanes<P>(w, i.v[k]), part, m);
  }
}

static bool decodePack(Decoder &d, Type t, bool pack) {
  const Operand &vector = d.s.operands[pack ? 1 : 0];
  size_t n = vector.elements.size();
  unsigned bytes = bytesOf(t) / (n ? n : 1);
  if ((n != 2 && n != 4) || bytes < 2)
    return d.fail("a pack of " + std::to_string(n) + " parts");
  Type part = bytes == 4 ? Type::B32 : Type::B16;
  if (pack) {
    if (!d.sources(1, part, n, d.instr.v) || !d.destination(0, t, d.instr.d))
      return false;
  } else if (!d.destinations(0, part, n, d.instr.v) ||
             !d.source(1, t, d.instr.a)) {
    return false;
  }
  if (bytes == 4)
    return use(d, pack ? &execPack<uint64_t, uint32_t, true>
                       : &execPack<uint64_t, uint32_t, false>);
  if (bytesOf(t) == 8)
    return use(d, pack ? &execPack<uint64_t, uint16_t, true>
                       : &execPack<uint64_t, uint16_t, false>);
  return use(d, pack ? &execPack<uint32_t, uint16_t, true>
                     : &execPack<uint32_t, uint16_t, false>);
}

static bool decodeVariableAddress(Decoder &d, const Operand &o, Type t) {
  const Variable &var = *o.var;
  Instr &i = d.instr;
  i.imm = static_cast<int64_t>(var.offset) + o.imm;
  bool wide = bytesOf(t) == 8;
  switch (var.space) {
  case Space::Shared:
    if (var.isDynamicShared)
      i.a = d.function.dynamicShared;
    else
      i.imm += kSharedBase;
    break;
  case Space::Local:
    i.a = d.function.localBase;
    break;
  case Space::Param:
    i.imm += static_cast<int64_t>(kParamWindow);
    break;
  case Space::LaneParam:
    return d.fail("the address of a function's parameter is not simulated");
  default:
    break;
  }
  if (!wide && var.space != Space::Shared && var.space != Space::Local)
    return d.fail("a 64-bit address in a 32-bit register");
  return use(d, wide ? &execAddress<uint64_t, uint32_t>
                     : &execAddress<uint32_t, uint32_t>);
}

static bool decodeMove(Decoder &d) {
  Type t = d.type();
  if (!d.count(2))
    return false;
  const Operand &from = d.s.operands[1];
  if (d.s.operands[0].kind == Operand::Vector)
    return decodePack(d, t, false);
  if (from.kind == Operand::Vector)
    return decodePack(d, t, true);
  if (!d.destination(0, t, d.instr.d))
    return false;
  if (from.kind == Operand::Symbol)
    return decodeVariableAddress(d, from, t);
  if (from.kind == Operand::Special) {
    if (!findSpecial(from.name, d.instr))
      return d.fail("special register '" + from.name + "' is not simulated");
    unsigned bytes = bytesOf(t);
    return use(d, bytes == 8   ? &execSpecial<uint64_t>
                  : bytes == 4 ? &execSpecial<uint32_t>
                  : bytes == 2 ? &execSpecial<uint16_t>
                               : nullptr);
  }
  if (from.kind == Operand::Label)
    return d.fail("'" + from.name + "' is not declared");
  if (!d.source(1, t, d.instr.a))
    return false;
  switch (bytesOf(t)) {
  case 0:
    return use(d, &execMovePredicate);
  case 2:
    return use(d, &execMove<uint16_t>);
  case 4:
    return use(d, &execMove<uint32_t>);
  case 8:
    return use(d, &execMove<uint64_t>);
  default:
    return d.fail("a type that mov does not have");
  }
}

static uint64_t windowOf(Space space) {
  return space == Space::Shared  ? kSharedWindow
         : space == Space::Local ? kLocalWindow
                                 : 0;
}

static bool takeSpace(Decoder &d, Space &space) {
  if (d.take(".global"))
    space = Space::Global;
  else if (d.take(".shared") || d.take(".shared::cta"))
    space = Space::Shared;
  else if (d.take(".local"))
    space = Space::Local;
  else if (d.take(".const"))
    space = Space::Const;
  else if (d.take(".param") || d.take(".param::entry"))
    space = Space::Param;
  else
    return d.fail("'" + std::string(d.s.op) + "' without a known state space");
  return true;
}

/// cvta: global, constant and parameter addresses are generic already; shared
/// and local ones lie in windows.
static bool decodeCvta(Decoder &d) {
  bool to = d.take(".to");
  Space space;
  if (!takeSpace(d, space))
    return false;
  Type t = d.type();
  if (bytesOf(t) != 8)
    return d.fail("cvta of 32-bit addresses is not simulated");
  if (!d.count(2))
    return false;
  int64_t window = static_cast<int64_t>(windowOf(space));
  if (d.s.operands[1].kind == Operand::Symbol) {
    if (to || !d.destination(0, t, d.instr.d) ||
        !decodeVariableAddress(d, d.s.operands[1], t))
      return false;
    d.instr.imm += window;
    return true;
  }
  if (!d1(d, t, t))
    return false;
  d.instr.imm = to ? -window : window;
  return use(d, &execAddress<uint64_t, uint64_t>);
}

static void execIsSpace(Warp &w, const Instr &i, uint32_t m) {
  const uint64_t *a = lanes<uint64_t>(w, i.a);
  uint32_t bits = 0;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    uint64_t window = a[l] / kWindowBytes * kWindowBytes;
    Space space = window == kSharedWindow  ? Space::Shared
                  : window == kLocalWindow ? Space::Local
                  : window == kParamWindow ? Space::Param
                                           : Space::Global;
    bits |= uint32_t(space == i.space) << l;
  }
  setPredicate(w, i.d, m, bits);
}

static bool decodeIsSpace(Decoder &d) {
  return takeSpace(d, d.instr.space) && d1(d, Type::Pred, Type::U64) &&
         use(d, &execIsSpace);
}

void addMoveDecoders(DecodeTable &t) {
  t["mov"] = decodeMove;
  t["cvta"] = decodeCvta;
  t["isspacep"] = decodeIsSpace;
}

} // namespace cudasim
