// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Texts made from texts: what a fuzzer feeds to a parser.

#ifndef GEMEL_TEST_FUZZ_MUTATION_H
#define GEMEL_TEST_FUZZ_MUTATION_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gemel::fuzz {

/// Numbers that depend on the seed alone, on every machine.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next();
  /// 0 .. n - 1; 0 for n = 0.
  size_t below(size_t n) { return n ? next() % n : 0; }
  bool oneIn(size_t n) { return below(n) == 0; }
  template <typename Range>
  const auto &pick(const Range &range) {
    return range[below(std::size(range))];
  }

private:
  uint64_t state;
};

/// Text number `index` of a run: one of the seeds, changed in a few places.
std::string mutate(llvm::ArrayRef<std::string> seeds, uint64_t seed,
                   uint64_t index);

} // namespace gemel::fuzz

#endif // GEMEL_TEST_FUZZ_MUTATION_H
