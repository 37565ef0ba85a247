// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cpu driver: host memory, a pool of threads, launches that complete
// before they return.
#include "driver.h"
#include "float_environment.h"
#include "handles.h"
#include "status.h"
#include "thread_pool.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <sched.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

using namespace gemel;

namespace {

constexpr int32_t kMaxThreads = 1024;

/// What a processor can run; a larger level runs the code of smaller ones.
enum Level : int32_t { kNone = 0, kBase = 1, kV4 = 2 };

struct CpuTarget {
  const char *name;
  Level level;
};

// "cpu" is x86-64-v3 or armv8-a, "cpu-v4" is x86-64-v4.
constexpr CpuTarget kTargets[] = {{"cpu", kBase}, {"cpu-v4", kV4}};

#if defined(__x86_64__)
/// Bits of a cpuid register that must all be set.
bool has(uint32_t word, uint32_t bits) { return (word & bits) == bits; }

/// Levels of the x86-64 psABI; each also needs the operating system to save
/// the registers, which XCR0 tells.
Level detectLevel() {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) ||
      !has(c, bit_FMA | bit_MOVBE | bit_OSXSAVE | bit_AVX | bit_F16C |
                  bit_POPCNT | bit_SSE4_2))
    return kNone;
  uint32_t saved, savedHigh;
  asm volatile("xgetbv" : "=a"(saved), "=d"(savedHigh) : "c"(0));
  constexpr uint32_t kSavesYmm = 0x06, kSavesZmm = 0xe6; // Intel SDM 13.3
  if (!has(saved, kSavesYmm) || !__get_cpuid(0x80000001, &a, &b, &c, &d) ||
      !has(c, bit_LZCNT) || !__get_cpuid_count(7, 0, &a, &b, &c, &d) ||
      !has(b, bit_AVX2 | bit_BMI | bit_BMI2))
    return kNone;
  bool isV4 = has(saved, kSavesZmm) &&
              has(b, bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ |
                         bit_AVX512VL);
  return isV4 ? kV4 : kBase;
}
constexpr const char *kNeeded = "x86-64-v3 (AVX2, FMA, BMI2)";
#else
Level detectLevel() { return kBase; }
constexpr const char *kNeeded = "armv8-a";
#endif

struct CpuDevice {
  Level level;
  ThreadPool pool;
};

CpuDevice &stateOf(const gemel_device &device) {
  return *static_cast<CpuDevice *>(device.state);
}

int32_t affineProcessorCount() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) != 0)
    return 1;
  int32_t count = CPU_COUNT(&set);
  return count < kMaxThreads ? count : kMaxThreads;
}

/// A decimal number in 1 .. kMaxThreads, or 0.
int32_t parseThreadCount(const char *text) {
  int32_t count = 0;
  for (; *text; ++text) {
    if (*text < '0' || *text > '9')
      return 0;
    count = count * 10 + (*text - '0');
    if (count > kMaxThreads)
      return 0;
  }
  return count;
}

gemel_status openCpu(gemel_device &device, const char *parameter) {
  int32_t threads =
      parameter ? parseThreadCount(parameter) : affineProcessorCount();
  if (threads == 0)
    return fail(GEMEL_INVALID_ARGUMENT,
                "device '%s': '%s' is no number of threads; write 'cpu:N' "
                "with N in 1 .. %d, or 'cpu' for all cores",
                device.name.get(), parameter, kMaxThreads);
  Level level = detectLevel();
  if (level == kNone)
    return fail(GEMEL_UNSUPPORTED,
                "device '%s': this processor is older than %s, which all "
                "cpu code needs; use a newer machine",
                device.name.get(), kNeeded);
  std::unique_ptr<CpuDevice> state(new (std::nothrow) CpuDevice);
  // With fewer processors than threads, spinning takes time from the work.
  bool spin = threads <= affineProcessorCount();
  if (!state || (threads > 1 && !state->pool.start(threads - 1, spin)))
    return fail(GEMEL_OUT_OF_MEMORY,
                "device '%s': cannot start %d threads; open 'cpu:1'",
                device.name.get(), threads - 1);
  state->level = level;
  device.threadCount = threads;
  device.stream = &device;
  device.state = state.release();
  return GEMEL_OK;
}

void closeCpu(gemel_device &device) { delete &stateOf(device); }

int32_t rankTarget(const gemel_device &device, const char *target) {
  for (const CpuTarget &row : kTargets)
    if (strcmp(row.name, target) == 0)
      return row.level <= stateOf(device).level ? row.level : 0;
  return 0;
}

gemel_status checkStream(const gemel_device &device, const char *opName,
                         gemel_stream stream) {
  if (stream == device.stream)
    return GEMEL_OK;
  return fail(GEMEL_WRONG_DEVICE,
              "%s: the stream is not of device '%s'; pass "
              "gemel_device_stream(device)",
              opName, device.name.get());
}

gemel_status launchCpu(gemel_device &device, const BoundLaunch &bound,
                       gemel_stream) {
  ThreadPool &pool = stateOf(device).pool;
  FloatEnvironment environment;
  for (int32_t i = 0; i < bound.variant->launch_count; ++i) {
    const gemel_launch_desc &desc = bound.variant->launches[i];
    int64_t items;
    // Cannot fail here: gemel_launch has counted them.
    countWorkItems(desc, bound.sizes, items);
    pool.run({desc.cpu, bound.pointers, bound.sizes, bound.scalars, items,
              desc.grain});
  }
  return GEMEL_OK;
}

/// Kernels are functions of the library: there is nothing to load.
gemel_status loadCpu(gemel_op &) { return GEMEL_OK; }
void unloadCpu(gemel_op &) {}

gemel_status allocateCpu(gemel_device &device, size_t bytes, void **memory) {
  constexpr size_t kAlignment = 256;
  size_t whole = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  void *made = whole >= bytes ? aligned_alloc(kAlignment, whole) : nullptr;
  if (!made)
    return fail(GEMEL_OUT_OF_MEMORY, "device '%s': no memory for %zu bytes",
                device.name.get(), bytes);
  *memory = made;
  return GEMEL_OK;
}

void freeCpu(gemel_device &, void *memory) { free(memory); }

gemel_status copyCpu(gemel_device &device, void *to, const void *from,
                     size_t bytes, gemel_stream stream) {
  if (gemel_status status = checkStream(device, "gemel_memory_copy", stream))
    return status;
  memmove(to, from, bytes);
  return GEMEL_OK;
}

gemel_status fillCpu(gemel_device &device, void *memory, uint8_t byte,
                     size_t bytes, gemel_stream stream) {
  if (gemel_status status = checkStream(device, "gemel_memory_fill", stream))
    return status;
  memset(memory, byte, bytes);
  return GEMEL_OK;
}

gemel_status createCpuStream(gemel_device &device, gemel_stream *stream) {
  *stream = device.stream;
  return GEMEL_OK;
}

void destroyCpuStream(gemel_device &, gemel_stream) {}

gemel_status synchronizeCpu(gemel_device &device, gemel_stream stream) {
  return checkStream(device, "gemel_stream_synchronize", stream);
}

} // namespace

constexpr Driver gemel::kCpuDriver = {
    "cpu",   openCpu,   closeCpu,        rankTarget,       checkStream,
    loadCpu, unloadCpu, launchCpu,       allocateCpu,      freeCpu,
    copyCpu, fillCpu,   createCpuStream, destroyCpuStream, synchronizeCpu};
