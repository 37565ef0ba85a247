// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compares arrays: to the bit, or within a tolerance in ulp.

#ifndef GEMEL_CODEGEN_CHECK_COMPARE_H
#define GEMEL_CODEGEN_CHECK_COMPARE_H

#include "codegen/reference/Buffer.h"

#include <optional>

namespace gemel::check {

/// The first difference, as a sentence; none if equal. Any two NaN are equal,
/// and nothing else equals a NaN.
std::optional<std::string> differBits(const reference::Buffer &actual,
                                      const reference::Buffer &expected);

/// As `differBits`, but within `ulp` units of `dtype` at
/// max(|exact|, rms of exact); `exact` holds f64 values. `worst` gets the
/// largest error in these units.
std::optional<std::string> differUlp(const reference::Buffer &actual,
                                     const reference::Buffer &exact,
                                     mlir::Type dtype, int64_t ulp,
                                     double &worst);

} // namespace gemel::check

#endif // GEMEL_CODEGEN_CHECK_COMPARE_H
