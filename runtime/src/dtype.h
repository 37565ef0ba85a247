// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of element types.
#ifndef GEMEL_RUNTIME_SRC_DTYPE_H
#define GEMEL_RUNTIME_SRC_DTYPE_H

#include <gemel/library.h>

#include <cstdint>

namespace gemel {

struct DtypeRow {
  const char *name;
  int32_t bytes;
};

/// Indexed by gemel_dtype.
inline constexpr DtypeRow kDtypes[] = {{"unknown", 0}, {"f32", 4}, {"bf16", 2},
                                       {"f16", 2},     {"i32", 4}, {"i64", 8},
                                       {"u8", 1},      {"i1", 1}};
static_assert(sizeof(kDtypes) / sizeof(kDtypes[0]) == GEMEL_I1 + 1,
              "one row a gemel_dtype");

/// The row of any number; that of 0 if it is no gemel_dtype.
inline const DtypeRow &dtypeRow(int32_t dtype) {
  return kDtypes[dtype > 0 && dtype <= GEMEL_I1 ? dtype : 0];
}

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_DTYPE_H
