// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compares arrays: to the bit, or within a tolerance in ulp.

#include "codegen/check/Compare.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace gemel::check;
using namespace gemel;
using gemel::reference::Buffer;

/// "[3, 17]"
static std::string point(const Buffer &buffer, int64_t i) {
  SmallVector<int64_t> point(buffer.sizes.size());
  for (size_t k = point.size(); k-- > 0; i /= buffer.sizes[k])
    point[k] = i % buffer.sizes[k];
  std::string text = "[";
  for (size_t k = 0; k < point.size(); ++k)
    text += (k ? ", " : "") + std::to_string(point[k]);
  return text + "]";
}

static std::string value(const Buffer &buffer, int64_t i) {
  int digits = 2 * reference::storageBytes(buffer.element);
  std::string bits =
      "0x" + llvm::utohexstr(toBits(buffer, i), /*LowerCase=*/false, digits);
  if (buffer.isFloat())
    return llvm::formatv("{0} ({1:g})", bits, buffer.real[i]);
  return llvm::formatv("{0} ({1})", bits, buffer.integer[i]);
}

static std::optional<std::string> differShape(const Buffer &a,
                                              const Buffer &b) {
  if (a.sizes != b.sizes || a.isFloat() != b.isFloat())
    return "the arrays differ in shape or kind";
  return std::nullopt;
}

std::optional<std::string> gemel::check::differBits(const Buffer &actual,
                                                    const Buffer &expected) {
  if (auto difference = differShape(actual, expected))
    return difference;
  for (int64_t i = 0, n = actual.count(); i < n; ++i)
    if (toBits(actual, i) != toBits(expected, i)) // NaN have one form there
      return "at " + point(actual, i) + ": " + value(actual, i) +
             ", expected " + value(expected, i);
  return std::nullopt;
}

std::optional<std::string> gemel::check::differUlp(const Buffer &actual,
                                                   const Buffer &exact,
                                                   Type dtype, int64_t ulp,
                                                   double &worst) {
  worst = 0;
  if (!actual.isFloat())
    return differBits(actual, exact);
  if (auto difference = differShape(actual, exact))
    return difference;
  double squares = 0;
  int64_t finite = 0;
  for (double x : exact.real)
    if (std::isfinite(x)) {
      squares += x * x;
      ++finite;
    }
  double rms = finite ? std::sqrt(squares / finite) : 0.0;
  const llvm::fltSemantics &semantics =
      cast<FloatType>(dtype).getFloatSemantics();
  int precision = llvm::APFloat::semanticsPrecision(semantics);
  int lowest = llvm::APFloat::semanticsMinExponent(semantics);
  for (int64_t i = 0, n = actual.count(); i < n; ++i) {
    double x = actual.real[i], y = exact.real[i];
    bool same = std::isnan(y) ? std::isnan(x) : x == y;
    if (same)
      continue;
    double scale = std::max(std::fabs(y), rms);
    int exponent = scale > 0 ? std::ilogb(scale) : lowest;
    double unit = std::ldexp(1.0, std::max(exponent, lowest) - precision + 1);
    double error = std::fabs(x - y) / unit;
    if (!(error <= static_cast<double>(ulp)))
      return llvm::formatv("at {0}: {1:g}, in f64 {2:g}: {3:f1} ulp, the "
                           "tolerance is {4}",
                           point(actual, i), x, y, error, ulp)
          .str();
    worst = std::max(worst, error);
  }
  return std::nullopt;
}
