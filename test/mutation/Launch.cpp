// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches one variant of an operator, over code of the caller's.
#include "Launch.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <random>

using namespace mutation;

namespace {

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

Simulator::Simulator(const char *path, const std::string &vendor) {
  void *image = dlopen(path, RTLD_NOW);
  auto find = [&](const char *name, auto &function) {
    std::string whole = "gemel" + vendor + "Sim" + name;
    void *found = image ? dlsym(image, whole.c_str()) : nullptr;
    function =
        reinterpret_cast<std::remove_reference_t<decltype(function)>>(found);
    return found;
  };
  if (!find("Report", report) || !find("Instructions", instructions) ||
      !find("Reset", reset)) {
    fprintf(stderr, "gemel_mutate: %s\n", dlerror());
    exit(2);
  }
  if (find("Skip", skip))
    find("Skipped", skipped);
  variable = "GEMEL_" + vendor + "_SIM_LIMIT";
  for (char &c : variable)
    c = static_cast<char>(toupper(c));
}

void Simulator::limit(unsigned long long instructions) const {
  setenv(variable.c_str(), std::to_string(instructions).c_str(), 1);
  reset();
}

Target::Target(const Simulator &simulator, gemel_device *device,
               const gemel_op_desc &op, int32_t index)
    : simulator(simulator), device(device), op(op), variant(op.variants[index]),
      launches(variant.launches, variant.launches + variant.launch_count) {
  variant.launches = launches.data();
}

std::vector<std::string> Target::kernels() const {
  std::vector<std::string> names;
  for (const gemel_launch_desc &launch : launches)
    names.push_back(launch.kernel);
  return names;
}

const gemel_code_desc *Target::code(int32_t kind) const {
  for (int32_t i = 0; i < op.code_count; ++i)
    if (op.code[i].kind == kind &&
        strcmp(op.code[i].target, variant.target) == 0)
      return &op.code[i];
  return nullptr;
}

double Target::bytes(const Sizes &sizes) const {
  double sum = 0;
  for (int32_t i = 0; i < op.argument_count; ++i) {
    double count = 8;
    for (int32_t k = 0; k < op.arguments[i].rank; ++k)
      count *= static_cast<double>(sizes[op.arguments[i].axes[k]]);
    sum += count;
  }
  return sum;
}

std::string Target::shape(const Sizes &sizes) const {
  std::string text;
  for (int32_t i = 0; i < op.axis_count; ++i)
    text += (i ? " " : "") + std::string(op.axes[i].name) + "=" +
            std::to_string(sizes[i]);
  return text;
}

Outcome Target::run(const gemel_code_desc &code, const Sizes &sizes) const {
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
    outcome.refused = !*simulator.report();
    outcome.failure = outcome.refused ? gemel_last_error() : simulator.report();
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
