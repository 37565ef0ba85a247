// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches one variant of an operator, over code of the caller's.
#include "Launch.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <random>

using namespace mutation;

namespace {

/// The largest size that a variant's facts leave an axis.
int64_t maximumOf(const gemel_variant_desc &variant, int32_t axis) {
  for (int32_t i = 0; i < variant.fact_count; ++i)
    if (variant.facts[i].axis == axis)
      return variant.facts[i].maximum;
  return INT64_MAX;
}

int64_t multipleOf(const gemel_variant_desc &variant, int32_t axis) {
  for (int32_t i = 0; i < variant.fact_count; ++i)
    if (variant.facts[i].axis == axis)
      return variant.facts[i].multiple;
  return 1;
}

/// The smallest size of an axis that takes this variant's way with all lanes
/// at work and each loop passed twice: above what earlier variants take, or
/// all that a warp's variant takes. `unasked`: of axes that no variant asks
/// anything of, or a multiple only.
int64_t sizeOf(const gemel_op_desc &op, const gemel_variant_desc &variant,
               int32_t axis, int64_t unasked) {
  if (op.axes[axis].fixed >= 0)
    return op.axes[axis].fixed;
  bool isAsked = false;
  int64_t below = 0, largest = 0, maximum = maximumOf(variant, axis);
  for (int32_t i = 0; i < op.variant_count; ++i)
    for (int32_t f = 0; f < op.variants[i].fact_count; ++f)
      if (const gemel_fact_desc &fact = op.variants[i].facts[f];
          fact.axis == axis) {
        isAsked = true;
        if (fact.maximum < INT64_MAX)
          largest = std::max(largest, fact.maximum);
        if (fact.maximum < maximum)
          below = std::max(below, fact.maximum);
      }
  if (!isAsked)
    return std::min(unasked, op.axes[axis].maximum);
  int64_t multiple = multipleOf(variant, axis);
  if (multiple == 1) {
    // No fact holds: beyond what any variant takes at once, and twice what
    // the threads of a work item take at a time, 8 each; and a rest.
    if (largest == 0)
      return unasked + 1;
    for (int32_t i = 0; i < variant.launch_count; ++i)
      largest = std::max<int64_t>(largest, variant.launches[i].threads /
                                               variant.launches[i].grain * 16);
    return largest + 7;
  }
  return maximum <= 1024 ? maximum
         : below         ? below + multiple
                         : (unasked + multiple - 1) / multiple * multiple;
}

template <typename T>
void fill(std::vector<uint8_t> &bytes, const T &next) {
  using Value = decltype(next());
  for (size_t i = 0; i + sizeof(Value) <= bytes.size(); i += sizeof(Value)) {
    Value value = next();
    memcpy(&bytes[i], &value, sizeof(value));
  }
}

/// Reals of either sign; integers that name a place of any axis.
void randomise(std::vector<uint8_t> &bytes, int32_t dtype,
               std::mt19937 &random) {
  // A quarter to 512, half as many for each power of two: a maximum is far
  // from what a lane has that was told of another.
  auto real = [&] {
    uint32_t bits = static_cast<uint32_t>(random());
    float value = float(0x800000 | (bits & 0x7fffff)) * 0x1p-25f;
    for (uint32_t up = bits >> 23; value < 256 && up & 1; up >>= 1)
      value *= 2;
    return bits >> 31 ? value : -value;
  };
  auto narrow = [&]() -> uint16_t {
    float value = real();
    uint32_t bits;
    memcpy(&bits, &value, 4);
    // Truncated; f16 has 3 bits of exponent less and 3 of fraction more.
    return dtype == GEMEL_BF16 ? uint16_t(bits >> 16)
                               : uint16_t(((bits >> 16) & 0x8000) |
                                          (((bits >> 23) & 0xff) - 112) << 10 |
                                          ((bits >> 13) & 0x3ff));
  };
  switch (dtype) {
  case GEMEL_F32:
    return fill(bytes, real);
  case GEMEL_BF16:
  case GEMEL_F16:
    return fill(bytes, narrow);
  case GEMEL_I32:
    return fill(bytes, [&] { return int32_t(random() % 2); });
  case GEMEL_I64:
    return fill(bytes, [&] { return int64_t(random() % 2); });
  default:
    return fill(bytes, [&] { return uint8_t(random() % 2); });
  }
}

} // namespace

Simulator::Simulator(const char *path) {
  void *image = dlopen(path, RTLD_NOW);
  auto find = [&](const char *name, auto &function) {
    void *found = image ? dlsym(image, name) : nullptr;
    if (!found) {
      fprintf(stderr, "gemel_mutate: %s\n", dlerror());
      exit(2);
    }
    function =
        reinterpret_cast<std::remove_reference_t<decltype(function)>>(found);
  };
  find("gemelCudaSimReport", report);
  find("gemelCudaSimInstructions", instructions);
  find("gemelCudaSimReset", reset);
}

Target::Target(const Simulator &simulator, gemel_device *device,
               const gemel_op_desc &op, int32_t index, int64_t unasked)
    : simulator(simulator), device(device), op(op),
      variant(op.variants[index]) {
  for (int32_t i = 0; i < op.axis_count; ++i)
    sizes.push_back(sizeOf(op, variant, i, unasked));
}

std::vector<std::string> Target::kernels() const {
  std::vector<std::string> names;
  for (int32_t i = 0; i < variant.launch_count; ++i)
    names.push_back(variant.launches[i].kernel);
  return names;
}

const char *Target::text() const {
  for (int32_t i = 0; i < op.code_count; ++i)
    if (op.code[i].kind == GEMEL_PTX &&
        strcmp(op.code[i].target, variant.target) == 0)
      return static_cast<const char *>(op.code[i].data);
  return nullptr;
}

double Target::bytes() const {
  double sum = 0;
  for (int32_t i = 0; i < op.argument_count; ++i) {
    double count = 8;
    for (int32_t k = 0; k < op.arguments[i].rank; ++k)
      count *= static_cast<double>(sizes[op.arguments[i].axes[k]]);
    sum += count;
  }
  return sum;
}

std::string Target::shape() const {
  std::string text;
  for (int32_t i = 0; i < op.axis_count; ++i)
    text += (i ? " " : "") + std::string(op.axes[i].name) + "=" +
            std::to_string(sizes[i]);
  return text;
}

Outcome Target::run(const std::string &text) const {
  gemel_code_desc code = {variant.target, GEMEL_PTX,
                          static_cast<int64_t>(text.size()), text.c_str()};
  gemel_op_desc changed = op;
  changed.variant_count = 1, changed.variants = &variant;
  changed.code_count = 1, changed.code = &code;
  gemel_manifest_desc manifest = {GEMEL_MANIFEST_MAGIC,
                                  GEMEL_ABI_VERSION,
                                  "mutation",
                                  1,
                                  &changed,
                                  0,
                                  nullptr};
  gemel_library *library = nullptr;
  const gemel_op *resolved = nullptr;
  Outcome outcome;
  // The simulator's sentence tells more than the driver's. What it holds
  // against the context has to go before memory can be freed.
  auto fail = [&] {
    outcome.failure =
        *simulator.report() ? simulator.report() : gemel_last_error();
    simulator.reset();
  };
  if (gemel_library_from_manifest(&manifest, &library) ||
      gemel_library_op(library, device, op.name, &resolved)) {
    fail();
    gemel_library_close(library);
    return outcome;
  }

  // Memory is new each time: what an earlier run wrote is no value of this.
  std::vector<void *> memory;
  auto allocate = [&](size_t bytes) {
    void *made = nullptr;
    gemel_memory_allocate(device, bytes, &made);
    return memory.emplace_back(made);
  };
  std::mt19937 random(1);
  gemel_array arrays[GEMEL_MAX_ARGUMENTS];
  std::vector<int64_t> axisSizes[GEMEL_MAX_ARGUMENTS];
  std::vector<uint8_t> bytes[GEMEL_MAX_ARGUMENTS];
  const void *args[GEMEL_MAX_ARGUMENTS];
  const float one = 1;
  const int64_t none = 0;
  for (int32_t i = 0; i < op.argument_count; ++i) {
    const gemel_argument_desc &argument = op.arguments[i];
    args[i] = nullptr;
    if (argument.role == GEMEL_SCALAR) {
      if (!argument.has_default)
        args[i] = argument.dtype == GEMEL_F32 ? static_cast<const void *>(&one)
                                              : &none;
      continue;
    }
    int32_t dtype = argument.dtype_variable >= 0
                        ? variant.dtypes[argument.dtype_variable]
                        : argument.dtype;
    size_t count = 1;
    for (int32_t k = 0; k < argument.rank; ++k) {
      axisSizes[i].push_back(sizes[argument.axes[k]]);
      count *= static_cast<size_t>(axisSizes[i].back());
    }
    bytes[i].resize(count * static_cast<size_t>(gemel_dtype_bytes(dtype)));
    arrays[i] = {allocate(bytes[i].size()), dtype,   argument.rank,
                 axisSizes[i].data(),       nullptr, device};
    args[i] = &arrays[i];
    if (argument.role == GEMEL_RESULT)
      continue;
    randomise(bytes[i], dtype, random);
    gemel_memory_copy(device, arrays[i].data, bytes[i].data(), bytes[i].size(),
                      nullptr);
  }
  size_t workspace = 0;
  if (!gemel_workspace_bytes(resolved, args, op.argument_count, &workspace) &&
      !gemel_launch(resolved, args, op.argument_count, allocate(workspace),
                    workspace, nullptr) &&
      !gemel_stream_synchronize(device, nullptr)) {
    for (int32_t i = 0; i < op.argument_count; ++i)
      if (op.arguments[i].role == GEMEL_RESULT ||
          op.arguments[i].role == GEMEL_INOUT) {
        gemel_memory_copy(device, bytes[i].data(), arrays[i].data,
                          bytes[i].size(), nullptr);
        gemel_stream_synchronize(device, nullptr);
        outcome.arrays.push_back(std::move(bytes[i]));
      }
  } else {
    fail();
  }
  for (void *each : memory)
    gemel_memory_free(device, each);
  gemel_library_close(library);
  return outcome;
}
