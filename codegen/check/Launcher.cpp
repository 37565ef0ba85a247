// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches compiled operators through the runtime, as a trainer does.

#include "codegen/check/Launcher.h"

#include "codegen/Manifest.h"
#include "dialect/Words.h"

#include "gemel/runtime.h"

#include <cstdlib>
#include <cstring>

using namespace mlir;
using namespace gemel;
using namespace gemel::check;
using reference::Buffer;

struct Launcher::State {
  gemel_library *library = nullptr;
  gemel_device *devices[2] = {};
};

Launcher::Launcher() : state(std::make_unique<State>()) {}

Launcher::~Launcher() {
  if (state->library)
    gemel_library_close(state->library);
  for (gemel_device *device : state->devices)
    if (device)
      gemel_device_close(device);
}

bool Launcher::open(StringRef path, std::string &error) {
  if (gemel_library_open(path.str().c_str(), &state->library) != GEMEL_OK ||
      gemel_device_open("cpu:1", &state->devices[0]) != GEMEL_OK ||
      gemel_device_open("cpu:2", &state->devices[1]) != GEMEL_OK) {
    error = gemel_last_error();
    return false;
  }
  return true;
}

namespace {
struct Free {
  void operator()(void *p) const { std::free(p); }
};
using Memory = std::unique_ptr<char, Free>;

// Guards before and after each array show a byte written outside of it.
constexpr int64_t kGuard = 64;

Memory allocate(int64_t bytes, int poison) {
  int64_t total = (bytes + 2 * kGuard + 63) / 64 * 64;
  Memory memory(static_cast<char *>(std::aligned_alloc(64, total)));
  std::memset(memory.get(), poison, total);
  return memory;
}
} // namespace

bool Launcher::launch(OpOp op, StringRef name, StringRef target, int threads,
                      ArrayRef<Buffer> inputs,
                      const llvm::StringMap<int64_t> &sizes, int poison,
                      std::vector<Buffer> &outputs, std::string &error) {
  gemel_device *device = state->devices[threads - 1];
  const gemel_op *handle = nullptr;
  auto fail = [&] {
    error = gemel_last_error();
    return false;
  };
  if (gemel_library_op(state->library, device, name.str().c_str(), &handle) !=
      GEMEL_OK)
    return fail();
  SmallVector<ArgumentAttr> arguments;
  for (Attribute a : op.getParameters())
    arguments.push_back(cast<ArgumentAttr>(a));
  size_t parameters = arguments.size();
  for (Attribute a : op.getResults_())
    arguments.push_back(cast<ArgumentAttr>(a));
  std::vector<Memory> memory;
  std::vector<gemel_array> arrays(arguments.size());
  std::vector<SmallVector<int64_t>> shapes(arguments.size());
  std::vector<uint64_t> scalars(arguments.size(), 0);
  std::vector<const void *> pointers;
  std::vector<int64_t> bytes;
  for (size_t i = 0; i < arguments.size(); ++i) {
    ArgumentAttr a = arguments[i];
    Type element = parseDtype(op.getContext(), a.getDtype());
    if (a.getScalar()) {
      scalars[i] = reference::toBits(inputs[i], 0);
      memory.emplace_back();
      bytes.push_back(0);
      pointers.push_back(&scalars[i]);
      continue;
    }
    int64_t count = 1;
    for (Attribute axis : a.getAxes()) {
      shapes[i].push_back(sizes.lookup(cast<StringAttr>(axis).getValue()));
      count *= shapes[i].back();
    }
    bytes.push_back(count * reference::storageBytes(element));
    memory.push_back(allocate(bytes.back(), poison));
    // An odd start: only the element's alignment is promised.
    char *data = memory.back().get() + kGuard;
    if (i < parameters)
      reference::store(inputs[i], data);
    arrays[i] = {data,
                 dtypeCode(element),
                 int32_t(shapes[i].size()),
                 shapes[i].data(),
                 nullptr,
                 device};
    pointers.push_back(&arrays[i]);
  }
  size_t needed = 0;
  if (gemel_workspace_bytes(handle, pointers.data(), pointers.size(),
                            &needed) != GEMEL_OK)
    return fail();
  Memory workspace = allocate(needed, poison);
  if (gemel_launch(handle, pointers.data(), pointers.size(),
                   needed ? workspace.get() + kGuard : nullptr, needed,
                   gemel_device_stream(device)) != GEMEL_OK)
    return fail();
  for (size_t i = 0; i < arguments.size(); ++i)
    for (int64_t k = 0; memory[i] && k < kGuard; ++k)
      if (uint8_t(memory[i].get()[k]) != poison ||
          uint8_t(memory[i].get()[kGuard + bytes[i] + k]) != poison) {
        if (k >= (bytes[i] + 2 * kGuard + 63) / 64 * 64 - kGuard - bytes[i])
          continue;
        error = "a byte outside of '" + arguments[i].getName().str() +
                "' was written";
        return false;
      }
  outputs.clear();
  auto take = [&](size_t i) {
    Buffer &out = outputs.emplace_back();
    for (Attribute axis : arguments[i].getAxes())
      out.axes.push_back(cast<StringAttr>(axis));
    out.sizes = shapes[i];
    out.element = parseDtype(op.getContext(), arguments[i].getDtype());
    reference::load(out, memory[i].get() + kGuard);
  };
  for (size_t i = parameters; i < arguments.size(); ++i)
    take(i);
  for (int64_t i : op.getInouts())
    take(i);
  return true;
}
