// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a launch costs over a call of the same kernel.
#include <gemel/runtime.h>

#include <benchmark/benchmark.h>

#include <cstring>

extern "C" {
extern const gemel_manifest_desc handmade_manifest;
void handmade_scale_add(void *const *pointers, const int64_t *sizes,
                        const uint64_t *scalars, int64_t begin, int64_t end);
}

namespace {

/// scale_add, five arguments, 16 elements: one work item, no other thread.
struct Case {
  alignas(64) float x[16] = {}, y[16] = {}, z[16] = {};
  float a = 2;
  int64_t size = 16;
};

void directCall(benchmark::State &state) {
  Case data;
  void *pointers[] = {data.x, data.y, nullptr, nullptr, data.z};
  uint64_t scalars[5] = {};
  memcpy(&scalars[2], &data.a, sizeof(data.a));
  auto *kernel = handmade_scale_add;
  benchmark::DoNotOptimize(kernel);
  for (auto _ : state) {
    kernel(pointers, &data.size, scalars, 0, 1);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(directCall);

void launch(benchmark::State &state) {
  gemel_device *device;
  gemel_library *library;
  const gemel_op *op;
  if (gemel_device_open("cpu", &device) ||
      gemel_library_from_manifest(&handmade_manifest, &library) ||
      gemel_library_op(library, device, "scale_add", &op))
    return state.SkipWithError(gemel_last_error());
  Case data;
  gemel_stream stream = gemel_device_stream(device);
  // As a trainer's loop would, the structs are made for each launch.
  for (auto _ : state) {
    gemel_array x = {data.x, GEMEL_F32, 1, &data.size, nullptr, device};
    gemel_array y = {data.y, GEMEL_F32, 1, &data.size, nullptr, device};
    gemel_array z = {data.z, GEMEL_F32, 1, &data.size, nullptr, device};
    const void *args[] = {&x, &y, &data.a, nullptr, &z};
    if (gemel_launch(op, args, 5, nullptr, 0, stream))
      state.SkipWithError(gemel_last_error());
    benchmark::ClobberMemory();
  }
  gemel_library_close(library);
  gemel_device_close(device);
}
BENCHMARK(launch);

} // namespace

BENCHMARK_MAIN();
