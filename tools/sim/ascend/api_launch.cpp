// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launching kernels.

#include "driver.h"
#include "families.h"
#include "switches.h"
#include "timeline.h"

#include <cstring>

using namespace ascendsim;

namespace ascendsim {

static int codeOf(Failure failure, const Kernel &kernel) {
  bool vector = kernel.kind == kVectorKernel;
  switch (failure) {
  case kTimeout:
    return vector ? ACL_ERROR_RT_VECTOR_CORE_TIMEOUT
                  : ACL_ERROR_RT_AICORE_TIMEOUT;
  case kTrapped:
    return vector ? ACL_ERROR_RT_VECTOR_CORE_TRAP_EXCEPTION
                  : ACL_ERROR_RT_AICORE_TRAP_EXCEPTION;
  default:
    return vector ? ACL_ERROR_RT_VECTOR_CORE_EXCEPTION
                  : ACL_ERROR_RT_AICORE_EXCEPTION;
  }
}

int runKernel(const Kernel &kernel, uint32_t blocks,
              std::vector<uint64_t> slots) {
  Driver &d = driver();
  Launch launch;
  launch.kernel = &kernel;
  launch.chip = d.chip;
  launch.memory = d.memory.get();
  launch.slots = std::move(slots);
  launch.slots.push_back(0);
  launch.blocks = blocks;
  launch.checking = reading(kMode) == 0;
  launch.strict = reading(kUndefined) == 1;
  launch.seed = reading(kSeed);
  launch.limit = reading(kLimit);
  for (const auto &[name, line] : d.leftOut)
    if (name == kernel.name)
      launch.leftOut.push_back(line);
  launch.spare = std::move(d.spareCores);
  const std::string &folder = readingText(kTrace);
  std::vector<TimelineEntry> timeline;
  if (reading(kTime) || !folder.empty())
    launch.timeline = &timeline;
  d.memory->launch = ++d.launches;
  bool ok = launch.run();
  d.instructions += launch.executed;
  d.skipped += launch.skipped;
  if (ok && launch.timeline) {
    TimelineResult result = replay(timeline, launch, d.l2);
    d.clockUs += result.cycles / d.chip->clockMHz;
    d.timeline = describeResult(result, launch);
    d.times.push_back({kernel.name, result});
    std::string path =
        folder + "/" + kernel.name + "-" + std::to_string(d.launches) + ".json";
    if (!folder.empty() && !writeTrace(path, timeline, launch))
      return complain(ACL_ERROR_RT_INTERNAL_ERROR, "cannot write " + path);
  }
  if (!ok) {
    // Cores that stopped in the middle are not used again.
    return complain(codeOf(launch.failure, kernel), launch.error);
  }
  d.spareCores = std::move(launch.spare);
  for (auto &core : launch.resident)
    if (d.spareCores.size() < 4)
      d.spareCores.push_back(std::move(core));
  return ACL_SUCCESS;
}

namespace {

int launchNow(aclrtFuncHandle function, uint32_t blocks, aclrtStream handle,
              const aclrtLaunchKernelCfg *config,
              std::function<std::vector<uint64_t>()> arguments,
              size_t argumentBytes) {
  Stream *stream = streamOf(handle);
  if (!stream)
    return ACL_ERROR_RT_STREAM_CONTEXT;
  auto *kernel = static_cast<Kernel *>(function);
  if (!kernel)
    return ACL_ERROR_RT_INVALID_HANDLE;
  auto wrong = [&](const std::string &why) {
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "launch of '" + kernel->name + "': " + why);
  };
  if (!blocks || blocks > 65535)
    return wrong(std::to_string(blocks) + " blocks: 1 to 65535");
  for (size_t i = 0; config && i < config->numAttrs; ++i)
    if (config->attrs[i].id == ACL_RT_LAUNCH_KERNEL_ATTR_LOCAL_MEMORY_SIZE)
      return wrong("a local memory size is for chips with threads");
  for (const cce_kernel_record *code : {kernel->cube, kernel->vector})
    if (code && (argumentBytes + 7) / 8 != code->parameters)
      return wrong(std::to_string(argumentBytes) +
                   " bytes of arguments: it has " +
                   std::to_string(code->parameters) +
                   " parameters, each in eight bytes");
  return enqueue(stream, [kernel, blocks, arguments = std::move(arguments)] {
    return runKernel(*kernel, blocks, arguments());
  });
}

std::vector<uint64_t> slotsOf(const void *data, size_t bytes) {
  std::vector<uint64_t> slots((bytes + 7) / 8);
  if (bytes)
    memcpy(slots.data(), data, bytes);
  return slots;
}

} // namespace

} // namespace ascendsim

ACL_API aclError aclrtLaunchKernel(aclrtFuncHandle function, uint32_t blocks,
                                   const void *argsData, size_t argsSize,
                                   aclrtStream stream) {
  ACL_CONTEXT;
  // The arguments lie in memory of the device, and are read when it begins.
  Allocation *a = driver().memory->find(reinterpret_cast<uint64_t>(argsData));
  uint64_t offset = a ? reinterpret_cast<uint64_t>(argsData) - a->address : 0;
  if (argsSize && (!a || offset + argsSize > a->bytes))
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "aclrtLaunchKernel takes its arguments from memory of the "
                    "device; aclrtLaunchKernelWithHostArgs from the host's");
  return launchNow(
      function, blocks, stream, nullptr,
      [=] { return slotsOf(argsSize ? a->data + offset : nullptr, argsSize); },
      argsSize);
}

ACL_API aclError aclrtLaunchKernelWithHostArgs(
    aclrtFuncHandle function, uint32_t blocks, aclrtStream stream,
    aclrtLaunchKernelCfg *config, void *hostArgs, size_t argsSize,
    aclrtPlaceHolderInfo *, size_t placeHolders) {
  ACL_CONTEXT;
  if (placeHolders)
    return ACL_ERROR_RT_FEATURE_NOT_SUPPORT;
  if (argsSize && !hostArgs)
    return ACL_ERROR_RT_PARAM_INVALID;
  std::vector<uint64_t> slots = slotsOf(hostArgs, argsSize);
  return launchNow(
      function, blocks, stream, config, [slots] { return slots; }, argsSize);
}

ACL_API aclError aclrtLaunchKernelWithArgsArray(aclrtFuncHandle function,
                                                uint32_t blocks,
                                                aclrtStream stream,
                                                aclrtLaunchKernelCfg *config,
                                                void **args) {
  ACL_CONTEXT;
  auto *kernel = static_cast<Kernel *>(function);
  if (!kernel)
    return ACL_ERROR_RT_INVALID_HANDLE;
  const cce_kernel_record *code =
      kernel->vector ? kernel->vector : kernel->cube;
  std::vector<uint64_t> slots(code->parameters);
  for (unsigned i = 0; i < code->parameters; ++i) {
    if (!args || !args[i])
      return ACL_ERROR_RT_PARAM_INVALID;
    memcpy(&slots[i], args[i], code->kinds[i] & 15);
  }
  return launchNow(
      function, blocks, stream, config, [slots] { return slots; },
      8 * slots.size());
}

ACL_API aclError aclrtKernelArgsInit(aclrtFuncHandle function,
                                     aclrtArgsHandle *out) {
  ACL_CONTEXT;
  if (!function || !out)
    return ACL_ERROR_RT_PARAM_INVALID;
  *out = new Arguments;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtKernelArgsAppend(aclrtArgsHandle handle, void *param,
                                       size_t bytes, aclrtParamHandle *out) {
  ACL_CONTEXT;
  auto *arguments = static_cast<Arguments *>(handle);
  if (!arguments || arguments->final || !param || !bytes)
    return ACL_ERROR_RT_PARAM_INVALID;
  size_t index = arguments->slots.size();
  for (uint64_t slot : slotsOf(param, bytes))
    arguments->slots.push_back(slot);
  if (out)
    *out = reinterpret_cast<aclrtParamHandle>(index + 1);
  return ACL_SUCCESS;
}

ACL_API aclError aclrtKernelArgsParaUpdate(aclrtArgsHandle handle,
                                           aclrtParamHandle which, void *param,
                                           size_t bytes) {
  ACL_CONTEXT;
  auto *arguments = static_cast<Arguments *>(handle);
  size_t index = reinterpret_cast<size_t>(which);
  if (!arguments || !param || !index ||
      index - 1 + (bytes + 7) / 8 > arguments->slots.size())
    return ACL_ERROR_RT_PARAM_INVALID;
  std::vector<uint64_t> slots = slotsOf(param, bytes);
  std::copy(slots.begin(), slots.end(),
            arguments->slots.begin() + static_cast<long>(index - 1));
  return ACL_SUCCESS;
}

ACL_API aclError aclrtKernelArgsFinalize(aclrtArgsHandle handle) {
  ACL_CONTEXT;
  auto *arguments = static_cast<Arguments *>(handle);
  if (!arguments)
    return ACL_ERROR_RT_PARAM_INVALID;
  arguments->final = true;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtLaunchKernelWithConfig(aclrtFuncHandle function,
                                             uint32_t blocks,
                                             aclrtStream stream,
                                             aclrtLaunchKernelCfg *config,
                                             aclrtArgsHandle handle, void *) {
  ACL_CONTEXT;
  auto *arguments = static_cast<Arguments *>(handle);
  if (!arguments || !arguments->final)
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "the arguments are not finished: aclrtKernelArgsFinalize");
  std::vector<uint64_t> slots = arguments->slots;
  return launchNow(
      function, blocks, stream, config, [slots] { return slots; },
      8 * slots.size());
}

ACL_API aclError aclrtGetHardwareSyncAddr(void **address) {
  ACL_CONTEXT;
  if (!address)
    return ACL_ERROR_RT_PARAM_INVALID;
  *address = reinterpret_cast<void *>(kSyncAddressValue);
  return ACL_SUCCESS;
}

/// The older name of it, in libruntime.
ACL_API int rtGetC2cCtrlAddr(uint64_t *address, uint32_t *length) {
  if (!address || !length)
    return ACL_ERROR_RT_PARAM_INVALID;
  *address = kSyncAddressValue;
  *length = 0;
  return ACL_SUCCESS;
}
