// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches compiled operators through the runtime, as a trainer does.

#include "codegen/check/Launcher.h"

#include "codegen/Manifest.h"
#include "codegen/Target.h"
#include "dialect/Words.h"

#include "gemel/runtime.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

#include <cstdlib>
#include <utility>

using namespace mlir;
using namespace gemel;
using namespace gemel::check;
using reference::Buffer;

struct Launcher::State {
  gemel_library *library = nullptr;
  llvm::StringMap<gemel_device *> devices;
};

Launcher::Launcher() : state(std::make_unique<State>()) {}

Launcher::~Launcher() {
  if (state->library)
    gemel_library_close(state->library);
  for (auto &[name, device] : state->devices)
    gemel_device_close(device);
}

bool Launcher::open(StringRef path, std::string &error) {
  if (gemel_library_open(path.str().c_str(), &state->library) == GEMEL_OK)
    return true;
  error = gemel_last_error();
  return false;
}

/// Names a simulated driver or tool, beside the tools, where nothing else is
/// named.
static void nameSimulated(const char *variable, const Twine &file) {
  if (llvm::sys::Process::GetEnv(variable))
    return;
  SmallString<256> path(llvm::sys::fs::getMainExecutable(nullptr, nullptr));
  llvm::sys::path::remove_filename(path);
  llvm::sys::path::append(path, "..", "tools", "sim", file);
  if (llvm::sys::fs::exists(path))
    setenv(variable, path.c_str(), /*replace=*/0);
}

void Launcher::nameSimulators() {
  nameSimulated("GEMEL_CUDA_DRIVER", "cuda/libcuda.so.1");
  // A real driver wants what the real compiler makes.
  if (!llvm::sys::Process::GetEnv("GEMEL_ASCEND_DRIVER"))
    nameSimulated("GEMEL_CCEC", "ascend/ccec");
  nameSimulated("GEMEL_ASCEND_DRIVER", "ascend/libascendcl.so.1");
}

gemel_device *Launcher::device(StringRef target, int way, std::string &error) {
  std::string name = findTarget(target)->device.str();
  if (name == "cpu")
    name = "cpu:" + std::to_string(way);
  gemel_device *&device = state->devices[name];
  if (!device && gemel_device_open(name.c_str(), &device) != GEMEL_OK)
    error = gemel_last_error();
  return device;
}

namespace {
// Guards before and after each array show a byte written outside of it.
constexpr int64_t kGuard = 64;

/// Memory of a device and what lies there, as the host has it.
struct Memory {
  gemel_device *device = nullptr;
  void *address = nullptr;
  std::vector<char> bytes;

  Memory() = default;
  Memory(Memory &&other)
      : device(other.device), address(std::exchange(other.address, nullptr)),
        bytes(std::move(other.bytes)) {}
  ~Memory() { gemel_memory_free(device, address); }

  bool allocate(gemel_device *on, int64_t size, int poison) {
    device = on;
    bytes.assign(size + 2 * kGuard, static_cast<char>(poison));
    return gemel_memory_allocate(device, bytes.size(), &address) == GEMEL_OK;
  }
  bool send(gemel_stream stream) {
    return gemel_memory_copy(device, address, bytes.data(), bytes.size(),
                             stream) == GEMEL_OK;
  }
  bool bring(gemel_stream stream) {
    return gemel_memory_copy(device, bytes.data(), address, bytes.size(),
                             stream) == GEMEL_OK;
  }
};

/// A stream of a device, given back.
struct Stream {
  explicit Stream(gemel_device *device) : device(device) {}
  ~Stream() { gemel_stream_destroy(device, stream); }
  gemel_device *device;
  gemel_stream stream = nullptr;
};
} // namespace

bool Launcher::launch(OpOp op, StringRef name, StringRef target, int way,
                      ArrayRef<Buffer> inputs,
                      const llvm::StringMap<int64_t> &sizes, int poison,
                      std::vector<Buffer> &outputs, std::string &error) {
  gemel_device *on = device(target, way, error);
  if (!on)
    return false;
  const gemel_op *handle = nullptr;
  auto fail = [&] {
    error = gemel_last_error();
    return false;
  };
  Stream own(on);
  if (gemel_library_op(state->library, on, name.str().c_str(), &handle) !=
          GEMEL_OK ||
      gemel_stream_create(on, &own.stream) != GEMEL_OK)
    return fail();
  gemel_stream stream = own.stream;
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
  std::vector<int64_t> bytes, starts;
  for (size_t i = 0; i < arguments.size(); ++i) {
    ArgumentAttr a = arguments[i];
    Type element = parseDtype(op.getContext(), a.getDtype());
    if (a.getScalar()) {
      scalars[i] = reference::toBits(inputs[i], 0);
      memory.emplace_back();
      bytes.push_back(0);
      starts.push_back(0);
      pointers.push_back(&scalars[i]);
      continue;
    }
    int64_t count = 1;
    for (Attribute axis : a.getAxes()) {
      shapes[i].push_back(sizes.lookup(cast<StringAttr>(axis).getValue()));
      count *= shapes[i].back();
    }
    int64_t width = reference::storageBytes(element);
    bytes.push_back(count * width);
    // The second way has odd starts: nothing but the element's alignment is
    // promised.
    starts.push_back(kGuard - (way == 2 ? width : 0));
    Memory &here = memory.emplace_back();
    if (!here.allocate(on, bytes.back(), poison))
      return fail();
    if (i < parameters)
      reference::store(inputs[i], here.bytes.data() + starts.back());
    if (!here.send(stream))
      return fail();
    char *data = static_cast<char *>(here.address) + starts.back();
    arrays[i] = {data,
                 dtypeCode(element),
                 int32_t(shapes[i].size()),
                 shapes[i].data(),
                 nullptr,
                 on};
    pointers.push_back(&arrays[i]);
  }
  size_t needed = 0;
  if (gemel_workspace_bytes(handle, pointers.data(), pointers.size(),
                            &needed) != GEMEL_OK)
    return fail();
  Memory workspace;
  if (!workspace.allocate(on, needed, poison) || !workspace.send(stream) ||
      gemel_launch(handle, pointers.data(), pointers.size(),
                   needed ? static_cast<char *>(workspace.address) + kGuard
                          : nullptr,
                   needed, stream) != GEMEL_OK)
    return fail();
  for (Memory &here : memory)
    if (here.address && !here.bring(stream))
      return fail();
  if (gemel_stream_synchronize(on, stream) != GEMEL_OK)
    return fail();
  for (size_t i = 0; i < arguments.size(); ++i) {
    ArrayRef<char> all = memory[i].bytes;
    int64_t end = starts[i] + bytes[i];
    auto isPoison = [&](char c) { return uint8_t(c) == poison; };
    if (all.empty() || (llvm::all_of(all.take_front(starts[i]), isPoison) &&
                        llvm::all_of(all.drop_front(end), isPoison)))
      continue;
    error =
        "a byte outside of '" + arguments[i].getName().str() + "' was written";
    return false;
  }
  outputs.clear();
  auto take = [&](size_t i) {
    Buffer &out = outputs.emplace_back();
    for (Attribute axis : arguments[i].getAxes())
      out.axes.push_back(cast<StringAttr>(axis));
    out.sizes = shapes[i];
    out.element = parseDtype(op.getContext(), arguments[i].getDtype());
    reference::load(out, memory[i].bytes.data() + starts[i]);
  };
  for (size_t i = parameters; i < arguments.size(); ++i)
    take(i);
  for (int64_t i : op.getInouts())
    take(i);
  return true;
}
