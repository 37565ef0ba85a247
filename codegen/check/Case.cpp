// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One case of a check made concrete: sizes, inputs, and known outputs.

#include "codegen/check/Case.h"

#include "codegen/reference/TileInterpreter.h"

#include "dialect/Words.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace mlir;
using namespace gemel;
using namespace gemel::check;
using reference::Buffer;

// A case is a test, not a workload.
static constexpr int64_t kMaxElements = int64_t(1) << 26;

/// splitmix64: a full-period mixing of one word (Steele, Lea, Flood 2014).
uint64_t gemel::check::mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// Floats of both signs in (-4, 4), magnitudes over eight binades; integers in
/// [-2, 20], so that indices fall outside now and then.
static void randomize(Buffer &buffer, uint64_t seed) {
  for (int64_t i = 0, n = buffer.count(); i < n; ++i) {
    uint64_t r = mix(seed + i);
    if (buffer.isFloat()) {
      double magnitude = std::ldexp(
          1.0 + double(r >> 12 & 0xFFFFFFFFFF) / 0x1p40, int(r % 8) - 6);
      buffer.real[i] =
          reference::roundTo(buffer.element, r >> 63 ? -magnitude : magnitude);
    } else if (buffer.element.isInteger(1)) {
      buffer.integer[i] = r & 1;
    } else {
      int64_t value = int64_t(r % 23) - 2;
      buffer.integer[i] =
          buffer.element.isUnsignedInteger(8) ? int64_t(r & 0xFF) : value;
    }
  }
}

/// One element as the text writes it.
static LogicalResult readElement(Buffer &buffer, int64_t i, StringRef text,
                                 Location loc, StringRef name) {
  StringRef digits = text;
  bool negative = digits.consume_front("-");
  auto refuse = [&] {
    return emitError(loc) << "'" << text << "' is no "
                          << dtypeWord(buffer.element) << ", the element of '"
                          << name << "'";
  };
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    uint64_t bits;
    if (negative || digits.drop_front(2).getAsInteger(16, bits))
      return refuse();
    int64_t width = 8 * reference::storageBytes(buffer.element);
    if (width < 64 && bits >> width)
      return emitError(loc) << "'" << text << "' has more than the " << width
                            << " bits of '" << name << "'";
    reference::setBits(buffer, i, bits);
    return success();
  }
  if (digits == "true" || digits == "false") {
    if (!buffer.element.isInteger(1) || negative)
      return refuse();
    buffer.integer[i] = digits == "true";
    return success();
  }
  if (buffer.isFloat()) {
    double value;
    if (digits == "inf")
      value = INFINITY;
    else if (digits == "nan")
      value = NAN;
    else if (digits.getAsDouble(value))
      return refuse();
    buffer.real[i] =
        reference::roundTo(buffer.element, negative ? -value : value);
    return success();
  }
  int64_t value;
  if (text.getAsInteger(10, value))
    return refuse();
  bool fits = buffer.element.isUnsignedInteger(8) ? value >= 0 && value < 256
              : buffer.element.isInteger(1)       ? value == 0 || value == 1
              : buffer.element.isInteger(32)      ? llvm::isInt<32>(value)
                                                  : true;
  if (!fits)
    return refuse();
  buffer.integer[i] = value;
  return success();
}

static LogicalResult readElements(Buffer &buffer, ArrayAttr elements,
                                  Location loc, StringRef name) {
  if (static_cast<int64_t>(elements.size()) != buffer.count())
    return emitError(loc) << "'" << name << "' has " << buffer.count()
                          << " elements here, but " << elements.size()
                          << " are written";
  for (auto [i, attr] : llvm::enumerate(elements))
    if (failed(readElement(buffer, i, cast<StringAttr>(attr).getValue(), loc,
                           name)))
      return failure();
  return success();
}

static ArrayAttr find(ArrayAttr pairs, StringRef name) {
  for (size_t i = 0; i + 1 < pairs.size(); i += 2)
    if (cast<StringAttr>(pairs[i]).getValue() == name)
      return cast<ArrayAttr>(pairs[i + 1]);
  return {};
}

static LogicalResult shape(Buffer &buffer, ArgumentAttr argument,
                           const llvm::StringMap<int64_t> &sizes,
                           Location loc) {
  int64_t count = 1;
  for (Attribute attr : argument.getAxes()) {
    auto axis = cast<StringAttr>(attr);
    buffer.axes.push_back(axis);
    buffer.sizes.push_back(sizes.lookup(axis.getValue()));
    int64_t size = buffer.sizes.back();
    if (size && count > kMaxElements / size)
      return emitError(loc)
             << "'" << argument.getName().getValue() << "' has more than "
             << kMaxElements << " elements; a case is a test: take less";
    count *= size;
  }
  buffer.element = parseDtype(argument.getContext(), argument.getDtype());
  buffer.resize();
  return success();
}

LogicalResult gemel::check::makeCase(OpOp op, CaseOp text, uint64_t seed,
                                     Case &made) {
  Location loc = text.getLoc();
  ArrayAttr sizes = text.getSizes();
  for (size_t i = 0; i + 1 < sizes.size(); i += 2) {
    StringRef axis = cast<StringAttr>(sizes[i]).getValue();
    if (op.findAxis(axis) < 0)
      return emitError(loc)
             << "'" << op.getSymName() << "' has no axis '" << axis << "'";
    made.sizes[axis] = cast<IntegerAttr>(sizes[i + 1]).getInt();
  }
  for (int64_t i = 0, e = op.getAxes().size(); i < e; ++i) {
    AxisAttr axis = op.getAxis(i);
    StringRef name = axis.getName().getValue();
    if (axis.getFixed() >= 0)
      made.sizes.insert({name, axis.getFixed()});
    auto it = made.sizes.find(name);
    if (it == made.sizes.end())
      return emitError(loc) << "the case gives axis '" << name
                            << "' no size; add " << name << " = …";
    int64_t size = it->second;
    if ((axis.getFixed() >= 0 && size != axis.getFixed()) ||
        size % axis.getMultiple() || size > axis.getMaximum())
      return emitError(loc) << "size " << size << " of axis '" << name
                            << "' breaks a fact of the operator's header";
  }
  for (int64_t i = 0, e = op.getParameters().size(); i < e; ++i) {
    ArgumentAttr parameter = op.getParameter(i);
    StringRef name = parameter.getName().getValue();
    Buffer &buffer = made.inputs.emplace_back();
    if (failed(shape(buffer, parameter, made.sizes, loc)))
      return failure();
    if (ArrayAttr elements = find(text.getGiven(), name)) {
      if (failed(readElements(buffer, elements, loc, name)))
        return failure();
    } else if (auto real =
                   dyn_cast_or_null<FloatAttr>(parameter.getDefaultValue())) {
      buffer.real[0] = real.getValueAsDouble();
    } else if (auto integer =
                   dyn_cast_or_null<IntegerAttr>(parameter.getDefaultValue())) {
      buffer.integer[0] = integer.getInt();
    } else {
      randomize(buffer, mix(seed * 64 + i));
      // A second moment, a learning rate, an epsilon: scalars and inouts are
      // taken positive, which keeps roots real.
      if (parameter.getScalar() || parameter.getInout() || buffer.axes.empty())
        for (double &x : buffer.real)
          x = std::fabs(x);
    }
  }
  for (ArrayAttr known : {text.getGiven(), text.getExpect()})
    for (size_t i = 0; i + 1 < known.size(); i += 2) {
      StringRef name = cast<StringAttr>(known[i]).getValue();
      bool given = known == text.getGiven();
      ArgumentAttr argument;
      for (Attribute attr : op.getParameters())
        if (auto a = cast<ArgumentAttr>(attr);
            a.getName().getValue() == name && (given || a.getInout()))
          argument = a;
      for (Attribute attr : op.getResults_())
        if (auto a = cast<ArgumentAttr>(attr);
            a.getName().getValue() == name && !given)
          argument = a;
      if (!argument)
        return emitError(loc) << "'" << name << "' is not a "
                              << (given ? "parameter" : "result") << " of '"
                              << op.getSymName() << "'";
      if (given)
        continue;
      Buffer &buffer = made.expected[name];
      if (failed(shape(buffer, argument, made.sizes, loc)) ||
          failed(
              readElements(buffer, cast<ArrayAttr>(known[i + 1]), loc, name)))
        return failure();
    }
  return success();
}

FailureOr<Buffer>
gemel::check::randomArray(ArgumentAttr argument,
                          const llvm::StringMap<int64_t> &sizes, uint64_t seed,
                          Location loc) {
  Buffer buffer;
  if (failed(shape(buffer, argument, sizes, loc)))
    return failure();
  randomize(buffer, mix(seed));
  return buffer;
}

LogicalResult gemel::check::interpretTiled(OpOp op, const Tiled &tiled,
                                           const Case &made,
                                           std::vector<Buffer> &outputs) {
  SmallVector<ArrayType> workspaces;
  for (const Workspace &workspace : tiled.workspaces)
    workspaces.push_back(workspace.type);
  return reference::interpretKernels(op, tiled.kernels, workspaces, made.sizes,
                                     made.inputs, /*seed=*/1, outputs);
}

std::string gemel::check::describeSizes(CaseOp text) {
  std::string sizes;
  for (size_t i = 0; i + 1 < text.getSizes().size(); i += 2) {
    sizes += i ? ", " : "";
    sizes += cast<StringAttr>(text.getSizes()[i]).getValue();
    sizes += "=" +
             std::to_string(cast<IntegerAttr>(text.getSizes()[i + 1]).getInt());
  }
  return sizes;
}
