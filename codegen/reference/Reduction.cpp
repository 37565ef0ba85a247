// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ordered combination of terms.

#include "codegen/reference/Reduction.h"

#include <cmath>

using namespace mlir;
using namespace gemel;
using namespace gemel::reference;

/// One combination of two terms.
static Number pair(ReduceKind kind, Type element, Number a, Number b,
                   Mode mode) {
  bool real = isa<FloatType>(element);
  switch (kind) {
  case ReduceKind::Sum:
  case ReduceKind::Mean:
    return real ? Number{addReal(a.real, b.real, mode), 0}
                : Number{0, wrap(element,
                                 uint64_t(a.integer) + uint64_t(b.integer))};
  case ReduceKind::Prod:
    return real ? Number{mulReal(a.real, b.real, mode), 0}
                : Number{0, wrap(element,
                                 uint64_t(a.integer) * uint64_t(b.integer))};
  case ReduceKind::Max:
    return {maximum(a.real, b.real), std::max(a.integer, b.integer)};
  case ReduceKind::Min:
    return {minimum(a.real, b.real), std::min(a.integer, b.integer)};
  case ReduceKind::Any:
    return {0, a.integer | b.integer};
  case ReduceKind::All:
    return {0, a.integer & b.integer};
  case ReduceKind::Argmax:
    break;
  }
  llvm_unreachable("argmax is not combined in pairs");
}

static Number empty(ReduceKind kind, Type element) {
  bool wide = element.isInteger(64);
  switch (kind) {
  case ReduceKind::Prod:
    return {1, 1};
  case ReduceKind::Max:
    return {-INFINITY, wide ? std::numeric_limits<int64_t>::min()
                            : std::numeric_limits<int32_t>::min()};
  case ReduceKind::Min:
    return {INFINITY, wide ? std::numeric_limits<int64_t>::max()
                           : std::numeric_limits<int32_t>::max()};
  case ReduceKind::All:
    return {0, 1};
  default:
    return {0, 0};
  }
}

Number gemel::reference::combine(ReduceKind kind, OrderAttr order, Type element,
                                 std::vector<Number> terms, Mode mode) {
  if (kind == ReduceKind::Argmax) {
    bool real = isa<FloatType>(element);
    int64_t best = 0;
    for (int64_t i = 1, n = terms.size(); i < n; ++i) {
      bool larger = real ? !std::isnan(terms[best].real) &&
                               (std::isnan(terms[i].real) ||
                                terms[i].real > terms[best].real)
                         : terms[i].integer > terms[best].integer;
      if (larger)
        best = i;
    }
    return {0, best};
  }
  double count = terms.size();
  auto tree = [&](std::vector<Number> x) {
    while (x.size() > 1) {
      size_t half = x.size() / 2;
      for (size_t i = 0; i < half; ++i)
        x[i] = pair(kind, element, x[2 * i], x[2 * i + 1], mode);
      if (x.size() % 2)
        x[half++] = x.back(); // an odd last one passes up unchanged
      x.resize(half);
    }
    return x[0];
  };
  auto chain = [&](const std::vector<Number> &x) {
    Number total = x[0];
    for (size_t i = 1; i < x.size(); ++i)
      total = pair(kind, element, total, x[i], mode);
    return total;
  };
  Number result = empty(kind, element);
  if (!terms.empty()) {
    switch (order.getKind()) {
    case OrderKind::Default:
    case OrderKind::Free:
      result = tree(std::move(terms));
      break;
    case OrderKind::Serial:
      result = chain(terms);
      break;
    case OrderKind::Blocks: {
      std::vector<Number> sums;
      for (size_t i = 0, n = order.getBlocks(); i < terms.size(); i += n)
        sums.push_back(tree({terms.begin() + i,
                             terms.begin() + std::min(terms.size(), i + n)}));
      result = chain(sums);
      break;
    }
    }
  }
  if (kind == ReduceKind::Mean) {
    if (!isa<FloatType>(element))
      result.real = static_cast<double>(result.integer);
    double size = mode == Mode::Contract ? static_cast<float>(count) : count;
    result.real = mode == Mode::Contract ? static_cast<float>(result.real) /
                                               static_cast<float>(size)
                                         : result.real / size;
  }
  return result;
}
