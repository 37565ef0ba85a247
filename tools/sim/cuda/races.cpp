// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Happens-before by clocks: orders what warps do and finds races.

#include "races.h"

#include "cuda_abi.h"

#include <algorithm>

namespace cudasim {

uint32_t Races::now = 1;

namespace {

constexpr uint64_t kLevel = 1ull << 62;
uint64_t ctaKey(uint64_t cta) { return cta; }
uint64_t warpKey(uint64_t warp) { return kLevel | warp; }
uint64_t threadKey(uint64_t warp, uint32_t lane) {
  return 2 * kLevel | (warp * kWarpSize + lane);
}

// Entry::info: the instruction above, then flags and the bytes of the word.
enum : uint32_t {
  kBytesMask = 0xf,
  kInfoWrite = 0x10,
  kInfoStrong = 0x20,
  kInfoCta = 0x40,
  kInfoAsync = 0x80,
  kInfoRead = 0x100,
  kInfoShift = 12,
};

uint32_t infoOf(const Instr &instr, uint32_t kind) {
  uint32_t info = instr.id << kInfoShift;
  if (kind & kRead)
    info |= kInfoRead;
  if (kind & kWrite)
    info |= kInfoWrite;
  if (kind & kStrong)
    info |= kInfoStrong;
  if (kind & kCtaScope)
    info |= kInfoCta;
  if (kind & kAsync)
    info |= kInfoAsync;
  return info;
}

uint32_t timeOf(const Clock &clock, uint64_t key) {
  auto it =
      std::lower_bound(clock.entries.begin(), clock.entries.end(), key,
                       [](const auto &e, uint64_t k) { return e.first < k; });
  return it != clock.entries.end() && it->first == key ? it->second : 0;
}

} // namespace

bool ReadSets::covers(Entry &e, const Entry &old) {
  constexpr uint32_t kinds = kInfoStrong | kInfoCta;
  if (old.warp != e.warp || ((old.info ^ e.info) & kinds))
    return false;
  // Other lanes in the same instruction join; an older read of these goes.
  if (old.time == e.time && old.info == e.info) {
    e.lanes |= old.lanes;
    return true;
  }
  return (old.lanes & ~e.lanes) == 0 && (old.info & ~e.info & kBytesMask) == 0;
}

uint32_t ReadSets::push(uint32_t parent, const Entry &e) {
  nodes.emplace_back();
  nodes.back().entry = e;
  nodes.back().parent = parent;
  return static_cast<uint32_t>(nodes.size()) - 1;
}

uint32_t ReadSets::add(uint32_t set, Entry e) {
  // Far more reads than this between two of one warp are kept apart, which
  // costs memory only.
  constexpr uint32_t kDepth = 48;
  auto same = [](const Entry &a, const Entry &b) {
    return a.warp == b.warp && a.lanes == b.lanes && a.time == b.time &&
           a.info == b.info;
  };
  uint32_t child = nodes[set].child;
  if (child && same(nodes[child].asked, e))
    return child;
  uint32_t above[kDepth], depth = 0, at = set;
  Entry asked = e;
  while (at && depth < kDepth) {
    const Entry &old = nodes[at].entry;
    if (old.warp / warpsPerCta != e.warp / warpsPerCta) {
      at = 0;
      break;
    }
    if (!covers(e, old)) {
      above[depth++] = at;
      at = nodes[at].parent;
      continue;
    }
    break;
  }
  uint32_t result;
  if (at && depth < kDepth) {
    result = nodes[at].parent;
    while (depth) {
      Entry kept = nodes[above[--depth]].entry;
      result = push(result, kept);
    }
    result = push(result, e);
  } else {
    result = push(set, e);
  }
  nodes[result].asked = asked;
  nodes[set].child = result;
  return result;
}

Races::Races(Launch &launch) : start(now++), launch(launch) {
  uint32_t threads = launch.block[0] * launch.block[1] * launch.block[2];
  warpsPerCta = (threads + kWarpSize - 1) / kWarpSize;
  globalReads.warpsPerCta = warpsPerCta;
}

Races::~Races() {
  for (auto &[key, clock] : released)
    drop(clock);
}

void Races::startCta(Cta &cta) {
  cta.startTime = now++;
  cta.cells.assign((cta.shared.size() + 3) / 4, Cell());
  cta.reads.clear();
}

void Races::finishCta(Cta &cta) {
  for (Cell &cell : cta.cells)
    delete cell.more;
  cta.cells.clear();
  for (Warp &warp : cta.warps)
    for (uint32_t l = 0; l < kWarpSize; ++l) {
      drop(warp.clock[l]);
      drop(warp.fenced[l]);
      drop(warp.seen[l]);
    }
  for (Barrier &b : cta.barriers)
    drop(b.clock);
  for (auto &[address, m] : cta.mbarriers) {
    drop(m.current);
    drop(m.completed[0]);
    drop(m.completed[1]);
  }
}

void Races::join(Clock *&into, Clock *from) {
  if (!from || into == from)
    return;
  if (!into) {
    set(into, from);
    return;
  }
  auto *out = new Clock;
  auto a = into->entries.begin(), ae = into->entries.end();
  auto b = from->entries.begin(), be = from->entries.end();
  bool same = true;
  while (a != ae || b != be) {
    if (b == be || (a != ae && a->first < b->first)) {
      out->entries.push_back(*a++);
    } else if (a == ae || b->first < a->first) {
      out->entries.push_back(*b++);
      same = false;
    } else {
      same &= a->second >= b->second;
      out->entries.push_back({a->first, std::max(a->second, b->second)});
      ++a;
      ++b;
    }
  }
  if (same) {
    delete out;
    return;
  }
  out->refs = 1;
  drop(into);
  into = out;
}

/// \p base with \p key raised to \p time; one reference belongs to the caller.
Clock *Races::with(Clock *base, uint64_t key, uint32_t time) {
  auto *out = new Clock;
  out->refs = 1;
  if (base)
    out->entries = base->entries;
  auto it =
      std::lower_bound(out->entries.begin(), out->entries.end(), key,
                       [](const auto &e, uint64_t k) { return e.first < k; });
  if (it != out->entries.end() && it->first == key)
    it->second = std::max(it->second, time);
  else
    out->entries.insert(it, {key, time});
  return out;
}

uint32_t Races::known(const Clock *clock, uint32_t warp, uint32_t lane) const {
  return clock ? timeOf(*clock, threadKey(warp, lane)) : 0;
}

bool Races::ordered(const Warp &warp, uint32_t lane, const Entry &e) const {
  const Clock *clock = warp.clock[lane];
  if (clock && (timeOf(*clock, ctaKey(e.warp / warpsPerCta)) >= e.time ||
                timeOf(*clock, warpKey(e.warp)) >= e.time))
    return true;
  uint32_t own =
      static_cast<uint32_t>(warp.cta->linear) * warpsPerCta + warp.index;
  for (uint32_t rest = e.lanes; rest; rest &= rest - 1) {
    uint32_t l = static_cast<uint32_t>(__builtin_ctz(rest));
    if (e.warp == own && l == lane)
      continue;
    if (known(clock, e.warp, l) < e.time)
      return false;
  }
  return true;
}

bool Races::orderedAll(const Warp &warp, uint32_t lanes, const Entry &e) const {
  // Lanes mostly share a clock that knows the entry's warp or CTA as a whole.
  const Clock *enough = nullptr;
  for (uint32_t rest = lanes; rest; rest &= rest - 1) {
    uint32_t l = static_cast<uint32_t>(__builtin_ctz(rest));
    const Clock *clock = warp.clock[l];
    if (clock && clock == enough)
      continue;
    if (clock && (timeOf(*clock, ctaKey(e.warp / warpsPerCta)) >= e.time ||
                  timeOf(*clock, warpKey(e.warp)) >= e.time))
      enough = clock;
    else if (!ordered(warp, l, e))
      return false;
  }
  return true;
}

bool Races::report(Warp &warp, const Instr &instr, uint32_t lane, Space space,
                   uint64_t address, unsigned bytes, uint32_t kind,
                   const Entry &e) {
  const Instr &other = *launch.module->instructions[e.info >> kInfoShift];
  auto verb = [](bool reads, bool writes) {
    return reads && writes ? "atomic update" : writes ? "write" : "read";
  };
  uint64_t cta = e.warp / warpsPerCta;
  // Of several lanes, one that is another thread.
  uint32_t own =
      static_cast<uint32_t>(warp.cta->linear) * warpsPerCta + warp.index;
  uint32_t lanes = e.lanes;
  if (e.warp == own && lanes != 1u << lane)
    lanes &= ~(1u << lane);
  uint32_t thread = (e.warp % warpsPerCta) * kWarpSize +
                    static_cast<uint32_t>(__builtin_ctz(lanes));
  auto triple = [](uint64_t n, const uint32_t *size) {
    return "(" + std::to_string(n % size[0]) + "," +
           std::to_string(n / size[0] % size[1]) + "," +
           std::to_string(n / size[0] / size[1]) + ")";
  };
  bool async = e.info & kInfoAsync;
  std::string what =
      std::string("race: ") + verb(kind & kRead, kind & kWrite) + " of " +
      std::to_string(bytes) + (bytes == 1 ? " byte of " : " bytes of ") +
      (space == Space::Shared ? "shared" : "global") + " memory at " +
      addressName(warp, space, address) + " is not ordered with the " +
      (async ? "unfinished asynchronous " : "") +
      verb(e.info & kInfoRead, e.info & kInfoWrite) + " by CTA " +
      triple(cta, launch.grid) + ", thread " + triple(thread, launch.block) +
      " at " + placeName(*launch.module, other);
  fault(warp, instr, lane, CUDA_ERROR_LAUNCH_FAILED, what);
  return false;
}

/// Whether access \p kind of the warp would race with \p e if unordered.
bool Races::conflicts(const Warp &warp, const Entry &e, uint32_t kind) const {
  if (!(e.info & kInfoWrite) && !(kind & kWrite))
    return false;
  bool strong = (e.info & kInfoStrong) && (kind & kStrong);
  bool reaches = !(e.info & kInfoCta) && !(kind & kCtaScope);
  return !strong || (!reaches && e.warp / warpsPerCta != warp.cta->linear);
}

bool Races::checkReads(Warp &warp, const Instr &instr, uint32_t lane,
                       uint32_t lanes, Space space, uint64_t address,
                       Cell &cell, ReadSets &sets, unsigned bytes,
                       uint32_t kind, uint32_t mask) {
  bool forgets = false;
  if (cell.read.lanes && (cell.read.info & mask)) {
    const Entry &e = cell.read;
    if (conflicts(warp, e, kind) && !orderedAll(warp, lanes, e))
      return report(warp, instr, lane, space, address, bytes, kind, e);
    if (!(kind & (kStrong | kAsync))) {
      cell.read.info &= ~(mask & kBytesMask);
      if (!(cell.read.info & kBytesMask))
        cell.read.lanes = 0;
    }
  }
  for (uint32_t set = cell.reads; set; set = sets.tail(set)) {
    const Entry &e = sets.head(set);
    if (!(e.info & mask))
      continue;
    forgets = true;
    if (conflicts(warp, e, kind) && !orderedAll(warp, lanes, e))
      return report(warp, instr, lane, space, address, bytes, kind, e);
  }
  // A plain write stands for the reads it comes after; a strong one does not,
  // as other strong ones need not be ordered after it. An asynchronous one is
  // not there yet.
  if (!forgets || (kind & (kStrong | kAsync)))
    return true;
  std::vector<Entry> kept;
  for (uint32_t set = cell.reads; set; set = sets.tail(set)) {
    Entry e = sets.head(set);
    e.info &= ~(mask & kBytesMask);
    if (e.info & kBytesMask)
      kept.push_back(e);
  }
  cell.reads = 0;
  while (!kept.empty()) {
    cell.reads = sets.add(cell.reads, kept.back());
    kept.pop_back();
  }
  return true;
}

bool Races::check(Warp &warp, const Instr &instr, uint32_t lane, uint32_t lanes,
                  Space space, uint64_t address, Cell *cell, unsigned bytes,
                  uint32_t kind) {
  const bool write = kind & kWrite, strong = kind & kStrong;
  const bool shared = space == Space::Shared;
  const uint32_t own =
      static_cast<uint32_t>(warp.cta->linear) * warpsPerCta + warp.index;
  const uint32_t stale = shared ? warp.cta->startTime : start;
  const uint32_t mask =
      bytes >= 4 ? kBytesMask : ((1u << bytes) - 1) << (address & 3);
  const uint32_t info = infoOf(instr, kind) | mask;
  ReadSets &sets = shared ? warp.cta->reads : globalReads;
  if (write && !strong && !released.empty()) {
    uint64_t key = shared
                       ? (warp.cta->linear << 32 | (address & ~3u)) | 1ull << 63
                       : address & ~3ull;
    weakWrite(key);
  }
  for (unsigned n = bytes > 4 ? bytes / 4 : 1; n; --n, ++cell) {
    Entry *slot = nullptr;
    auto visit = [&](Entry &e) {
      if (e.lanes == 0 || e.time <= stale) {
        e.lanes = 0;
        slot = slot ? slot : &e;
        return true;
      }
      if (!(e.info & mask) || (!write && !conflicts(warp, e, kind)))
        return true;
      bool conflict = conflicts(warp, e, kind);
      // What was issued before a copy is checked as usual; an unfinished copy
      // is ordered with nothing.
      bool before = !(e.info & kInfoAsync) && orderedAll(warp, lanes, e);
      if (conflict && !before)
        return report(warp, instr, lane, space, address, bytes, kind, e);
      // A write stands for what it comes after, a strong one for strong ones.
      if (before && write && !(kind & kAsync) &&
          (!strong || (e.info & kInfoStrong))) {
        e.info &= ~(mask & kBytesMask);
        if (!(e.info & kBytesMask)) {
          e.lanes = 0;
          slot = slot ? slot : &e;
        }
      }
      return true;
    };
    if (!visit(cell->entry))
      return false;
    if (cell->more)
      for (Entry &e : *cell->more)
        if (!visit(e))
          return false;
    if (cell->readsStamp != stale) {
      cell->readsStamp = stale;
      cell->reads = cell->read.lanes = 0;
    }
    if (write && (cell->reads || cell->read.lanes) &&
        !checkReads(warp, instr, lane, lanes, space, address, *cell, sets,
                    bytes, kind, mask))
      return false;
    if (!write && !(kind & kAsync)) {
      Entry e{own, lanes, now, info};
      if (cell->reads) {
        cell->reads = sets.add(cell->reads, e);
      } else if (!cell->read.lanes || ReadSets::covers(e, cell->read)) {
        cell->read = e;
      } else {
        // The second reader begins a set.
        cell->reads = sets.add(sets.add(0, cell->read), e);
        cell->read.lanes = 0;
      }
      continue;
    }
    if (!slot) {
      if (!cell->more)
        cell->more = new std::vector<Entry>;
      cell->more->emplace_back();
      slot = &cell->more->back();
    }
    *slot = Entry{own, lanes, now, info};
  }
  return true;
}

void Races::arrive(Warp &warp, uint32_t m, Clock *&into, bool ends) {
  Clock *last = nullptr;
  for (uint32_t l = 0; l < kWarpSize; ++l)
    if ((m >> l & 1) && warp.clock[l] != last) {
      last = warp.clock[l];
      join(into, last);
    }
  if (!ends)
    return;
  uint32_t own =
      static_cast<uint32_t>(warp.cta->linear) * warpsPerCta + warp.index;
  auto raise = [&](uint64_t key) {
    Clock *next = with(into, key, now);
    drop(into);
    into = next;
  };
  if (m == warp.live)
    raise(warpKey(own));
  else
    for (uint32_t l = 0; l < kWarpSize; ++l)
      if (m >> l & 1)
        raise(threadKey(own, l));
  ++now;
}

void Races::completeBarrier(Cta &cta, Barrier &barrier) {
  if (barrier.partial)
    return;
  // The CTA's entry covers those of its warps and threads.
  Clock *next = with(barrier.clock, ctaKey(cta.linear), now++);
  uint64_t first = cta.linear * warpsPerCta, last = first + warpsPerCta;
  std::erase_if(next->entries, [&](const auto &e) {
    uint64_t level = e.first / kLevel, id = e.first % kLevel;
    if (level == 2)
      id /= kWarpSize;
    return level && id >= first && id < last;
  });
  drop(barrier.clock);
  barrier.clock = next;
}

void Races::acquire(Warp &warp, uint32_t m, Clock *clock) {
  if (!clock)
    return;
  Clock *old = nullptr, *result = nullptr;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    // Lanes that know the same go on sharing one clock.
    if (result && warp.clock[l] == old) {
      set(warp.clock[l], result);
      continue;
    }
    drop(old);
    set(old, warp.clock[l]);
    join(warp.clock[l], clock);
    result = warp.clock[l];
  }
  drop(old);
}

void Races::warpSync(Warp &warp, uint32_t members) {
  Clock *all = nullptr;
  arrive(warp, members & warp.live, all, true);
  for (uint32_t l = 0; l < kWarpSize; ++l)
    if (members >> l & 1)
      set(warp.clock[l], all);
  drop(all);
}

void Races::fence(Warp &warp, uint32_t m) {
  uint32_t own =
      static_cast<uint32_t>(warp.cta->linear) * warpsPerCta + warp.index;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    join(warp.clock[l], warp.seen[l]);
    drop(warp.seen[l]);
    drop(warp.fenced[l]);
    warp.fenced[l] = with(warp.clock[l], threadKey(own, l), now);
  }
  ++now;
}

void Races::strongRead(Warp &warp, uint32_t lane, uint64_t key, bool acquires) {
  auto it = released.find(key);
  if (it != released.end())
    join(acquires ? warp.clock[lane] : warp.seen[lane], it->second);
}

void Races::strongWrite(Warp &warp, uint32_t lane, uint64_t key, bool releases,
                        bool readModifyWrite) {
  Clock *what = nullptr;
  if (releases) {
    uint32_t own =
        static_cast<uint32_t>(warp.cta->linear) * warpsPerCta + warp.index;
    what = with(warp.clock[lane], threadKey(own, lane), now++);
  } else {
    set(what, warp.fenced[lane]);
  }
  auto it = released.find(key);
  if (it == released.end()) {
    if (what)
      released[key] = what;
    return;
  }
  // What an update was read from stays released through it.
  if (readModifyWrite)
    join(it->second, what);
  else
    set(it->second, what);
  drop(what);
}

void Races::weakWrite(uint64_t key) {
  auto it = released.find(key);
  if (it == released.end())
    return;
  drop(it->second);
  released.erase(it);
}

void Races::arriveAsync(Warp &warp, uint32_t lane, Cell *cells, unsigned bytes,
                        const Instr &instr) {
  uint32_t own =
      static_cast<uint32_t>(warp.cta->linear) * warpsPerCta + warp.index;
  auto settle = [&](Entry &e) {
    if (e.warp == own && e.lanes == 1u << lane && (e.info & kInfoAsync) &&
        e.info >> kInfoShift == instr.id) {
      e.info &= ~uint32_t(kInfoAsync);
      e.time = now;
    }
  };
  for (unsigned n = 0; n < std::max(1u, bytes / 4); ++n) {
    settle(cells[n].entry);
    if (cells[n].more)
      for (Entry &e : *cells[n].more)
        settle(e);
  }
}

} // namespace cudasim
