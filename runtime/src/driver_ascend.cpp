// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ascend driver: launches on the caller's stream through CANN's ACL.
#include "acl_symbols.h"
#include "driver.h"
#include "status.h"

#include <cstring>
#include <new>

using namespace gemel;

namespace {

gemel_status openAscendDevice(gemel_device &device, const char *parameter) {
  Text what;
  what.add("device '%s'", device.name.get());
  int ordinal = parameter ? parseOrdinal(parameter) : 0;
  if (ordinal < 0)
    return fail(GEMEL_INVALID_ARGUMENT,
                "%s: '%s' is no number of a chip; write 'ascend:N' with N from "
                "0",
                what.c_str(), parameter);
  const AclSymbols *acl = openAcl(what.c_str());
  if (!acl)
    return GEMEL_UNSUPPORTED;
  uint32_t count = 0;
  aclError result = acl->deviceGetCount(&count);
  if (result != kAclSuccess)
    return failAcl(*acl, result, what.c_str(), "aclrtGetDeviceCount");
  if (static_cast<uint32_t>(ordinal) >= count)
    return fail(GEMEL_NOT_FOUND,
                "%s: CANN's ACL has %u %s, numbered from 0; open one of these, "
                "or 'cpu'",
                what.c_str(), count, count == 1 ? "device" : "devices");
  std::unique_ptr<AscendDevice> state(new (std::nothrow) AscendDevice);
  if (!state)
    return fail(GEMEL_OUT_OF_MEMORY, "%s: out of memory", what.c_str());
  state->acl = acl;
  state->ordinal = ordinal;
  CurrentAclContext current(*acl);
  const char *call = "aclrtSetDevice";
  result = acl->setDevice(ordinal);
  if (result == kAclSuccess) {
    call = "aclrtGetCurrentContext";
    result = acl->getContext(&state->context);
  }
  if (result != kAclSuccess)
    return failAcl(*acl, result, what.c_str(), call);
  const char *soc = acl->socName();
  state->chip = findAscendChip(soc ? soc : "");
  if (!state->chip.target)
    return fail(GEMEL_UNSUPPORTED,
                "%s: no library is compiled for its chip, '%s', only for "
                "Ascend 910B and 910C; open 'cpu'",
                what.c_str(), soc ? soc : "");
  device.state = state.release();
  return GEMEL_OK;
}

/// The device itself stays until the process ends: aclrtResetDevice ends its
/// default context, which a host framework may be using.
void closeAscendDevice(gemel_device &device) { delete &ascendOf(device); }

/// Code for one chip runs on those with as many cores, code for ascend910b on
/// all. Each target has a rank of its own, so that one is the best.
int32_t rankAscend(const gemel_device &device, const char *target) {
  constexpr int32_t kExact = 100;
  static constexpr struct {
    const char *name;
    int cubeCores;
  } kTargets[] = {{"ascend910b4", 20},
                  {"ascend910b3", 20},
                  {"ascend910c", 24},
                  {"ascend910b1", 24},
                  {"ascend910b2", 24}};
  if (strcmp(target, "ascend910b") == 0)
    return 1;
  const AscendChip &chip = ascendOf(device).chip;
  int32_t rank = 1;
  for (auto &row : kTargets) {
    ++rank;
    if (strcmp(target, row.name) == 0)
      return row.cubeCores != chip.cubeCores      ? 0
             : strcmp(chip.target, row.name) == 0 ? kExact
                                                  : rank;
  }
  return 0;
}

/// An aclrtStream tells nothing that costs nothing; the ACL checks it.
gemel_status checkAscendStream(const gemel_device &, const char *,
                               gemel_stream) {
  return GEMEL_OK;
}

/// Blocks of a launch; more than GEMEL_MAX_BLOCKS if a grid has no room.
int64_t countBlocks(const gemel_launch_desc &launch, int64_t items) {
  int64_t pieces = items ? (items - 1) / launch.grain + 1 : 0;
  return launch.blocks && launch.blocks < pieces ? launch.blocks : pieces;
}

gemel_status launchAscend(gemel_device &device, const BoundLaunch &bound,
                          gemel_stream stream) {
  const AscendDevice &state = ascendOf(device);
  const char *name = bound.op->desc->name;
  const gemel_variant_desc &variant = *bound.variant;
  auto &code = *static_cast<AscendOp *>(bound.op->state);
  int32_t first = code.first[bound.variantIndex];
  // The address of signals, which mixed kernels take, is before the rest.
  uint64_t slots[1 + kMaxSlots];
  slots[0] = reinterpret_cast<uint64_t>(code.syncAddress);
  int32_t count = fillSlots(bound, slots + 1);
  for (int32_t i = 0; i < variant.launch_count; ++i) {
    const gemel_launch_desc &launch = variant.launches[i];
    int64_t items;
    countWorkItems(launch, bound.sizes, items);
    if (countBlocks(launch, items) > GEMEL_MAX_BLOCKS)
      return fail(GEMEL_WRONG_SIZE,
                  "%s: launch '%s' has %lld work items, more than %d blocks of "
                  "%lld; pass smaller arrays",
                  name, launch.name, static_cast<long long>(items),
                  GEMEL_MAX_BLOCKS, static_cast<long long>(launch.grain));
  }
  CurrentAclContext current(state);
  for (int32_t i = 0; i < variant.launch_count; ++i) {
    const gemel_launch_desc &launch = variant.launches[i];
    int64_t items;
    countWorkItems(launch, bound.sizes, items);
    if (items == 0)
      continue;
    slots[1 + count] = static_cast<uint64_t>(items);
    int32_t skipped = launch.unit == GEMEL_UNIT_MIXED ? 0 : 1;
    // It copies the slots.
    aclError result = state.acl->launchKernel(
        code.functions[first + i],
        static_cast<uint32_t>(countBlocks(launch, items)), stream, nullptr,
        slots + skipped, static_cast<size_t>(count + 2 - skipped) * 8, nullptr,
        0);
    if (result != kAclSuccess)
      return failAcl(*state.acl, result, name, "aclrtLaunchKernelWithHostArgs");
  }
  return GEMEL_OK;
}

/// OK, or what `call` on the device failed with.
gemel_status finish(const gemel_device &device, aclError result,
                    const char *call) {
  return result == kAclSuccess
             ? GEMEL_OK
             : failAcl(*ascendOf(device).acl, result, device.name.get(), call);
}

gemel_status allocateAscend(gemel_device &device, size_t bytes, void **memory) {
  const AscendDevice &state = ascendOf(device);
  CurrentAclContext current(state);
  void *made; // aligned to 512
  aclError result = state.acl->memAlloc(&made, bytes, kMallocHugeFirst);
  if (result == kAclSuccess)
    *memory = made;
  return finish(device, result, "aclrtMalloc");
}

void freeAscend(gemel_device &device, void *memory) {
  const AscendDevice &state = ascendOf(device);
  CurrentAclContext current(state);
  state.acl->memFree(memory);
}

gemel_status copyAscend(gemel_device &device, void *to, const void *from,
                        size_t bytes, gemel_stream stream) {
  const AscendDevice &state = ascendOf(device);
  CurrentAclContext current(state);
  return finish(
      device,
      state.acl->memcpyAsync(to, bytes, from, bytes, kMemcpyDefault, stream),
      "aclrtMemcpyAsync");
}

gemel_status fillAscend(gemel_device &device, void *memory, uint8_t byte,
                        size_t bytes, gemel_stream stream) {
  const AscendDevice &state = ascendOf(device);
  CurrentAclContext current(state);
  return finish(device,
                state.acl->memsetAsync(memory, bytes, byte, bytes, stream),
                "aclrtMemsetAsync");
}

gemel_status createAscendStream(gemel_device &device, gemel_stream *stream) {
  const AscendDevice &state = ascendOf(device);
  CurrentAclContext current(state);
  aclrtStream made;
  aclError result = state.acl->streamCreate(&made);
  if (result == kAclSuccess)
    *stream = made;
  return finish(device, result, "aclrtCreateStream");
}

void destroyAscendStream(gemel_device &device, gemel_stream stream) {
  const AscendDevice &state = ascendOf(device);
  CurrentAclContext current(state);
  // Demanded before the other.
  state.acl->streamSynchronize(stream);
  state.acl->streamDestroy(stream);
}

gemel_status synchronizeAscend(gemel_device &device, gemel_stream stream) {
  const AscendDevice &state = ascendOf(device);
  CurrentAclContext current(state);
  return finish(device, state.acl->streamSynchronize(stream),
                "aclrtSynchronizeStream");
}

} // namespace

constexpr Driver gemel::kAscendDriver = {
    "ascend",           openAscendDevice,    closeAscendDevice, rankAscend,
    checkAscendStream,  loadAscend,          unloadAscend,      launchAscend,
    allocateAscend,     freeAscend,          copyAscend,        fillAscend,
    createAscendStream, destroyAscendStream, synchronizeAscend};
