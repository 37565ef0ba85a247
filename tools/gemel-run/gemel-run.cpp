// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs one operator of a library on .npy files, writes .npy files, times it.

#include "Npy.h"

#include <gemel/runtime.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <map>

namespace {

int usage() {
  std::fprintf(stderr,
               "gemel-run LIBRARY OP name=file.npy ... name=1.5 ... "
               "[AXIS=size ...] [--device=cpu] [--out=FOLDER] [--time=N] "
               "[--trace=FOLDER]\n"
               "  devices are cpu, cpu:N with N threads, cuda:N, ascend:N\n"
               "  arrays are read from .npy, scalars from the command line;\n"
               "  sizes are needed for axes that no input has; results and\n"
               "  inouts are written to FOLDER/name.npy\n"
               "  --trace: on the simulated CANN, a timeline of each launch "
               "of a kernel,\n"
               "  FOLDER/kernel-number.json, for ui.perfetto.dev\n");
  return 1;
}

int fail(const std::string &sentence) {
  std::fprintf(stderr, "gemel-run: %s\n", sentence.c_str());
  return 1;
}

/// numpy's name of an element type; bf16 travels as its bits.
const char *descrOf(int32_t dtype) {
  switch (dtype) {
  case GEMEL_F32:
    return "<f4";
  case GEMEL_BF16:
    return "<u2";
  case GEMEL_F16:
    return "<f2";
  case GEMEL_I32:
    return "<i4";
  case GEMEL_I64:
    return "<i8";
  case GEMEL_U8:
    return "|u1";
  default:
    return "|b1";
  }
}

int32_t dtypeOf(const std::string &descr) {
  for (int32_t dtype = GEMEL_F32; dtype <= GEMEL_I1; ++dtype)
    if (descr == descrOf(dtype))
      return dtype;
  return 0;
}

/// Whether the driver of an Ascend device, already opened, is the simulated
/// CANN.
bool isSimulatedCann() {
  const char *path = std::getenv("GEMEL_ASCEND_DRIVER");
  void *driver = path ? dlopen(path, RTLD_LAZY | RTLD_NOLOAD) : nullptr;
  bool found = driver && dlsym(driver, "gemelAscendSimTimeline");
  if (driver)
    dlclose(driver);
  return found;
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 3)
    return usage();
  std::map<std::string, std::string> given;
  for (int i = 3; i < argc; ++i) {
    std::string argument = argv[i];
    size_t equal = argument.find('=');
    if (equal == std::string::npos)
      return usage();
    given[argument.substr(0, equal)] = argument.substr(equal + 1);
  }
  auto flag = [&](const char *name, const char *otherwise) {
    auto it = given.find(name);
    return it == given.end() ? std::string(otherwise) : it->second;
  };
  std::string name = flag("--device", "cpu"), trace = flag("--trace", "");
  if (!trace.empty()) { // the driver reads it when it is opened
    std::error_code error;
    std::filesystem::create_directories(trace, error);
    if (!std::filesystem::is_directory(trace, error))
      return fail("cannot make the folder '" + trace + "'");
    setenv("GEMEL_ASCEND_SIM_TRACE", trace.c_str(), 1);
  }
  gemel_device *device = nullptr;
  gemel_library *library = nullptr;
  const gemel_op *op = nullptr;
  if (gemel_device_open(name.c_str(), &device))
    return fail(gemel_last_error());
  if (!trace.empty() && !isSimulatedCann())
    return fail("device '" + name +
                "' is not simulated, and only the simulated CANN writes "
                "timelines; give --device=ascend:0 and its library in "
                "GEMEL_ASCEND_DRIVER, or leave --trace out");
  if (gemel_library_open(argv[1], &library) ||
      gemel_library_op(library, device, argv[2], &op))
    return fail(gemel_last_error());
  const gemel_op_desc &desc = *gemel_op_description(op);
  gemel_stream stream = nullptr;
  if (gemel_stream_create(device, &stream))
    return fail(gemel_last_error());
  if (const char *note = gemel_op_note(op); *note)
    std::printf("%s\n", note);

  int32_t count = desc.argument_count;
  std::map<int32_t, int64_t> sizes;
  std::map<int32_t, int32_t> dtypes;
  std::vector<npy::File> files(count);
  for (int32_t a = 0; a < desc.axis_count; ++a) {
    auto it = given.find(desc.axes[a].name);
    if (desc.axes[a].fixed >= 0)
      sizes[a] = desc.axes[a].fixed;
    else if (it != given.end())
      sizes[a] = std::atoll(it->second.c_str());
  }
  std::vector<uint64_t> scalars(count, 0);
  std::vector<bool> defaulted(count, false);
  for (int32_t i = 0; i < count; ++i) {
    const gemel_argument_desc &argument = desc.arguments[i];
    auto it = given.find(argument.name);
    if (argument.role == GEMEL_RESULT)
      continue;
    if (it == given.end()) {
      if (argument.role != GEMEL_SCALAR || !argument.has_default)
        return fail(std::string("argument '") + argument.name +
                    "' is missing; give " + argument.name + "=…");
      defaulted[i] = true;
      continue;
    }
    if (argument.role == GEMEL_SCALAR) {
      float real = std::strtof(it->second.c_str(), nullptr);
      int64_t integer = std::strtoll(it->second.c_str(), nullptr, 10);
      if (argument.dtype == GEMEL_F32)
        std::memcpy(&scalars[i], &real, sizeof real);
      else
        std::memcpy(&scalars[i], &integer, sizeof integer);
      continue;
    }
    std::string error;
    std::optional<npy::File> file = npy::read(it->second, error);
    if (!file)
      return fail(error);
    files[i] = std::move(*file);
    int32_t dtype = argument.dtype ? argument.dtype : dtypeOf(files[i].descr);
    if (argument.dtype && descrOf(dtype) != files[i].descr)
      return fail(std::string("'") + argument.name + "' is " +
                  gemel_dtype_name(dtype) + ", which is " + descrOf(dtype) +
                  " in numpy, but the file holds " + files[i].descr);
    if (!argument.dtype)
      dtypes[argument.dtype_variable] = dtype;
    for (int32_t k = 0; k < argument.rank && k < int32_t(files[i].shape.size());
         ++k)
      sizes.insert({argument.axes[k], files[i].shape[k]});
  }
  std::vector<gemel_array> arrays(count);
  std::vector<const void *> pointers(count);
  // All is given back with the process. Nothing has no address.
  auto allocate = [&](size_t bytes) {
    void *memory = nullptr;
    if (gemel_memory_allocate(device, bytes ? bytes : 1, &memory))
      std::exit(fail(gemel_last_error()));
    return memory;
  };
  for (int32_t i = 0; i < count; ++i) {
    const gemel_argument_desc &argument = desc.arguments[i];
    if (argument.role == GEMEL_SCALAR) {
      pointers[i] = defaulted[i] ? nullptr : &scalars[i];
      continue;
    }
    int32_t dtype =
        argument.dtype ? argument.dtype : dtypes[argument.dtype_variable];
    if (argument.role == GEMEL_RESULT) {
      size_t bytes = gemel_dtype_bytes(dtype);
      for (int32_t k = 0; k < argument.rank; ++k) {
        auto it = sizes.find(argument.axes[k]);
        const char *name = desc.axes[argument.axes[k]].name;
        if (it == sizes.end())
          return fail(std::string("no input has axis '") + name + "'; give " +
                      name + "=size");
        files[i].shape.push_back(it->second);
        bytes *= size_t(it->second);
      }
      files[i].descr = descrOf(dtype);
      files[i].data.resize(bytes);
    }
    void *data = allocate(files[i].data.size());
    if (gemel_memory_copy(device, data, files[i].data.data(),
                          files[i].data.size(), stream))
      return fail(gemel_last_error());
    arrays[i] = {
        data,    dtype, int32_t(files[i].shape.size()), files[i].shape.data(),
        nullptr, device};
    pointers[i] = &arrays[i];
  }
  size_t bytes = 0;
  if (gemel_workspace_bytes(op, pointers.data(), count, &bytes))
    return fail(gemel_last_error());
  void *workspace = allocate(bytes);
  auto launch = [&] {
    return gemel_launch(op, pointers.data(), count, workspace, bytes, stream)
               ? 1
               : gemel_stream_synchronize(device, stream);
  };
  if (launch())
    return fail(gemel_last_error());
  for (int32_t i = 0; i < count; ++i) {
    int32_t role = desc.arguments[i].role;
    if (role != GEMEL_RESULT && role != GEMEL_INOUT)
      continue;
    if (gemel_memory_copy(device, files[i].data.data(), arrays[i].data,
                          files[i].data.size(), stream) ||
        gemel_stream_synchronize(device, stream))
      return fail(gemel_last_error());
    std::string path =
        flag("--out", ".") + "/" + desc.arguments[i].name + ".npy";
    if (!npy::write(path, files[i]))
      return fail("cannot write '" + path + "'");
    std::printf("%s\n", path.c_str());
  }
  if (int repeats = std::atoi(flag("--time", "0").c_str()); repeats > 0) {
    std::vector<double> times;
    for (int k = 0; k < repeats; ++k) {
      auto start = std::chrono::steady_clock::now();
      if (launch())
        return fail(gemel_last_error());
      times.push_back(std::chrono::duration<double, std::micro>(
                          std::chrono::steady_clock::now() - start)
                          .count());
    }
    std::sort(times.begin(), times.end());
    std::printf(
        "%s: %.2f us median, %.2f us least, of %d launches, each waited "
        "for\n",
        desc.name, times[times.size() / 2], times[0], repeats);
  }
  gemel_library_close(library);
  gemel_stream_destroy(device, stream);
  gemel_device_close(device);
  return 0;
}
