// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an operator cannot be faster than, counted from its text.

#ifndef GEMEL_TOOLS_BENCH_FLOOR_H
#define GEMEL_TOOLS_BENCH_FLOOR_H

#include <cstdint>
#include <map>
#include <string>

struct Floor {
  double bytes = 0;        ///< read and written by all launches
  double instructions = 0; ///< f32 operations of the definitions, each value
                           ///< once, loads and stores aside
};

/// Counts operator `name` of the texts in `folder`, its dtypes all f32, at
/// these sizes. Exits with a sentence if that cannot be done.
Floor floorOf(const char *folder, const std::string &name,
              const std::map<std::string, int64_t> &sizes);

#endif // GEMEL_TOOLS_BENCH_FLOOR_H
