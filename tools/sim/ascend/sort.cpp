// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sorting by score: records of eight bytes, the index in the high word.

#include "families.h"
#include "launch.h"
#include "vector.h"

namespace ascendsim {

namespace {

constexpr uint32_t kSorted = 32; // records of one iteration

float scoreOf(uint64_t record, bool half) {
  return half ? static_cast<float>(
                    std::bit_cast<f16>(static_cast<uint16_t>(record)))
              : std::bit_cast<float>(static_cast<uint32_t>(record));
}

const uint8_t *read(Instruction &in, int field, uint64_t address,
                    uint64_t bytes) {
  const uint8_t *p = locate(in, field, cce_ub, address, bytes, false);
  if (!enterRead(in, field, cce_ub, address, bytes))
    undefinedUse(in, field, cce_ub, firstUndefined(in, cce_ub, address, bytes),
                 "sorts");
  return p;
}

void write(Instruction &in, uint64_t address,
           const std::vector<uint64_t> &records) {
  uint8_t *to = locate(in, 0, cce_ub, address, records.size() * 8, true);
  enterWrite(in, 0, cce_ub, address, records.size() * 8, true);
  memcpy(to, records.data(), records.size() * 8);
}

} // namespace

uint64_t sort(Instruction &in) {
  bool half = in.type(0) == cce_f16;
  uint32_t bytes = half ? 2 : 4;
  needAligned(in, 0, 256);
  needAligned(in, 1, kSorted * bytes);
  needAligned(in, 2, 128);
  for (uint64_t r = 0; r < in[3]; ++r) {
    const uint8_t *scores =
        read(in, 1, in[1] + r * kSorted * bytes, kSorted * bytes);
    const uint8_t *indices = read(in, 2, in[2] + r * kSorted * 4, kSorted * 4);
    std::vector<uint64_t> records(kSorted);
    for (uint32_t i = 0; i < kSorted; ++i) {
      uint32_t index, score = 0;
      memcpy(&index, indices + 4 * i, 4);
      memcpy(&score, scores + bytes * i, bytes);
      records[i] = uint64_t(index) << 32 | score;
    }
    // Stable: the lower position of equals comes first.
    for (uint32_t i = 1; i < kSorted; ++i)
      for (uint32_t j = i;
           j && scoreOf(records[j], half) > scoreOf(records[j - 1], half); --j)
        std::swap(records[j], records[j - 1]);
    write(in, in[0] + r * kSorted * 8, records);
  }
  in.repeats = static_cast<double>(in[3]);
  return 0;
}

uint64_t mergeSorted(Instruction &in) {
  bool half = in.type(0) == cce_f16;
  uint64_t repeats = in[6] & 0xff, valid = in[6] >> 8 & 15;
  bool stops = in[6] >> 12 & 1;
  if (valid != 3 && valid != 7 && valid != 15)
    fail(in, kIllegal,
         "the valid lists are 0x%llx: two (3), three (7) or four "
         "(15)",
         static_cast<unsigned long long>(valid));
  uint32_t lists = static_cast<uint32_t>(__builtin_popcountll(valid));
  uint64_t length[4];
  for (uint32_t i = 0; i < 4; ++i) {
    length[i] = in[5] >> (16 * i) & 0xffff;
    if (length[i] > 4095)
      fail(in, kIllegal, "list %u has %llu records, and may have 4095", i,
           static_cast<unsigned long long>(length[i]));
    if (repeats > 1 && i < lists && length[i] != length[0])
      fail(in, kIllegal, "several iterations want lists of one length");
  }
  if (repeats > 1 && lists != 4)
    fail(in, kIllegal, "several iterations want four lists");
  uint64_t stride = 0;
  for (uint32_t i = 0; i < lists; ++i)
    stride += length[i] * 8;
  for (uint64_t r = 0; r < repeats; ++r) {
    const uint8_t *from[4];
    uint64_t taken[4] = {}, total = 0;
    for (uint32_t i = 0; i < lists; ++i) {
      from[i] = read(in, static_cast<int>(1 + i),
                     in[static_cast<int>(1 + i)] + r * stride, length[i] * 8);
      total += length[i];
    }
    std::vector<uint64_t> merged;
    while (merged.size() < total) {
      int best = -1;
      uint64_t record = 0;
      bool exhausted = false;
      for (uint32_t i = 0; i < lists; ++i) {
        if (taken[i] == length[i]) {
          exhausted = true;
          continue;
        }
        uint64_t candidate;
        memcpy(&candidate, from[i] + taken[i] * 8, 8);
        if (best < 0 || scoreOf(candidate, half) > scoreOf(record, half)) {
          best = static_cast<int>(i);
          record = candidate;
        }
      }
      if (exhausted && stops)
        break;
      ++taken[best];
      merged.push_back(record);
    }
    write(in, in[0] + r * stride, merged);
    touchRegister(in, kReservedCell, kWrite);
    in.core->mergeCounts =
        taken[0] | taken[1] << 16 | taken[2] << 32 | taken[3] << 48;
  }
  in.repeats = static_cast<double>(repeats);
  return 0;
}

} // namespace ascendsim
