// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a launch of a small operator costs the host, beside cuLaunchKernel of an
// empty kernel with as many parameters, in turns. launch_cost LIBRARY, which
// has residual_add; prints one line of JSON, nanoseconds.
#include <gemel/runtime.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <vector>

namespace {

// Half of the launches that a driver takes before it waits for the device.
constexpr int kLaunches = 400, kRounds = 101;

/// residual_add's slots: three arrays, two axes, the number of work items.
constexpr int kSlots = 6;
constexpr char kEmpty[] = R"(.version 7.0
.target sm_80
.address_size 64
.visible .entry empty(.param .align 8 .b8 slots[48]) { ret; }
)";

void *driver;

/// Calls the driver's `name`, ends the program where it fails.
template <typename... Arguments>
void call(const char *name, Arguments... arguments) {
  auto *function = reinterpret_cast<int (*)(Arguments...)>(dlsym(driver, name));
  int result = function ? function(arguments...) : -1;
  if (result) {
    fprintf(stderr, "launch_cost: %s gives %d\n", name, result);
    exit(1);
  }
}

void check(gemel_status status) {
  if (status) {
    fprintf(stderr, "launch_cost: %s\n", gemel_last_error());
    exit(1);
  }
}

/// Nanoseconds of one launch, of kLaunches behind one another.
template <typename Launch>
double timed(Launch launch) {
  auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kLaunches; ++i)
    launch();
  std::chrono::duration<double, std::nano> taken =
      std::chrono::steady_clock::now() - begin;
  return taken.count() / kLaunches;
}

double median(std::vector<double> &values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2,
                   values.end());
  return values[values.size() / 2];
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: launch_cost LIBRARY\n");
    return 1;
  }
  const char *named = getenv("GEMEL_CUDA_DRIVER");
  driver = dlopen(named ? named : "libcuda.so.1", RTLD_NOW);
  if (!driver) {
    fprintf(stderr, "launch_cost: %s\n", dlerror());
    return 1;
  }
  gemel_device *device;
  gemel_library *library;
  const gemel_op *op;
  gemel_stream stream;
  check(gemel_device_open("cuda:0", &device));
  check(gemel_library_open(argv[1], &library));
  check(gemel_library_op(library, device, "residual_add", &op));
  check(gemel_stream_create(device, &stream));
  int64_t sizes[] = {1, 1024};
  gemel_array arrays[3];
  for (gemel_array &array : arrays) {
    array = {nullptr, GEMEL_F32, 2, sizes, nullptr, device};
    check(gemel_memory_allocate(device, 4096, &array.data));
    check(gemel_memory_fill(device, array.data, 0, 4096, stream));
  }

  void *context, *module, *function;
  call("cuDevicePrimaryCtxRetain", &context, 0);
  call("cuCtxPushCurrent_v2", context);
  call("cuModuleLoadData", &module, static_cast<const void *>(kEmpty));
  call("cuModuleGetFunction", &function, module, "empty");

  const void *arguments[] = {&arrays[0], &arrays[1], &arrays[2]};
  auto launch = [&] {
    check(gemel_launch(op, arguments, 3, nullptr, 0, stream));
  };
  uint64_t slots[kSlots] = {};
  void *parameters[] = {slots};
  auto launchKernel = reinterpret_cast<int (*)(
      void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
      unsigned, void *, void **, void **)>(dlsym(driver, "cuLaunchKernel"));
  auto bare = [&] {
    if (launchKernel(function, 1, 1, 1, 128, 1, 1, 0, stream, parameters,
                     nullptr))
      exit(1);
  };
  std::vector<double> launches, bares;
  for (int round = 0; round < kRounds; ++round) {
    launches.push_back(timed(launch));
    check(gemel_stream_synchronize(device, stream));
    bares.push_back(timed(bare));
    check(gemel_stream_synchronize(device, stream));
  }
  double ours = median(launches), theirs = median(bares);
  printf("{\"launch_ns\": %.0f, \"bare_ns\": %.0f, \"ratio\": %.3f}\n", ours,
         theirs, ours / theirs);
  return 0;
}
