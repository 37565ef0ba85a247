// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A whole array in the reference interpreter, and conversion to stored bits.

#include "codegen/reference/Buffer.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/APFloat.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace gemel::reference;

bool Buffer::isFloat() const { return isa<FloatType>(element); }

int64_t Buffer::count() const {
  int64_t n = 1;
  for (int64_t size : sizes)
    n *= size;
  return n;
}

int64_t Buffer::stride(StringAttr axis) const {
  int64_t stride = 1;
  for (size_t i = axes.size(); i-- > 0; stride *= sizes[i])
    if (axes[i] == axis)
      return stride;
  return 0;
}

void Buffer::resize() {
  if (isFloat())
    real.assign(count(), 0.0);
  else
    integer.assign(count(), 0);
}

int64_t gemel::reference::storageBytes(Type element) {
  return element.isInteger(1) ? 1 : element.getIntOrFloatBitWidth() / 8;
}

double gemel::reference::roundTo(Type element, double value) {
  if (element.isF32())
    return static_cast<float>(value);
  bool lossy;
  APFloat f(value);
  f.convert(cast<FloatType>(element).getFloatSemantics(),
            APFloat::rmNearestTiesToEven, &lossy);
  return f.convertToDouble();
}

uint64_t gemel::reference::toBits(const Buffer &buffer, int64_t i) {
  Type element = buffer.element;
  if (!buffer.isFloat()) {
    int64_t bytes = storageBytes(element);
    auto bits = static_cast<uint64_t>(buffer.integer[i]);
    return bytes == 8 ? bits : bits & ((uint64_t(1) << (8 * bytes)) - 1);
  }
  const llvm::fltSemantics &semantics =
      cast<FloatType>(element).getFloatSemantics();
  if (std::isnan(buffer.real[i]))
    return APFloat::getQNaN(semantics).bitcastToAPInt().getZExtValue();
  bool lossy;
  APFloat f(buffer.real[i]);
  f.convert(semantics, APFloat::rmNearestTiesToEven, &lossy);
  return f.bitcastToAPInt().getZExtValue();
}

void gemel::reference::setBits(Buffer &buffer, int64_t i, uint64_t bits) {
  Type element = buffer.element;
  if (buffer.isFloat()) {
    auto type = cast<FloatType>(element);
    APFloat f(type.getFloatSemantics(), APInt(type.getWidth(), bits));
    buffer.real[i] = f.isNaN() ? NAN : f.convertToDouble();
    return;
  }
  if (element.isInteger(1))
    buffer.integer[i] = bits & 1;
  else if (element.isUnsignedInteger(8))
    buffer.integer[i] = bits & 0xFF;
  else if (element.isInteger(32))
    buffer.integer[i] = static_cast<int32_t>(bits);
  else
    buffer.integer[i] = static_cast<int64_t>(bits);
}

void gemel::reference::store(const Buffer &buffer, void *memory) {
  int64_t bytes = storageBytes(buffer.element);
  for (int64_t i = 0, n = buffer.count(); i < n; ++i) {
    uint64_t bits = toBits(buffer, i);
    std::memcpy(static_cast<char *>(memory) + i * bytes, &bits, bytes);
  }
}

void gemel::reference::load(Buffer &buffer, const void *memory) {
  int64_t bytes = storageBytes(buffer.element);
  buffer.resize();
  for (int64_t i = 0, n = buffer.count(); i < n; ++i) {
    uint64_t bits = 0;
    std::memcpy(&bits, static_cast<const char *>(memory) + i * bytes, bytes);
    setBits(buffer, i, bits);
  }
}
