// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Life of the library, the device and contexts; what tests ask beside.

#include "driver.h"
#include "switches.h"

#include <cstdlib>
#include <cstring>

using namespace ascendsim;

namespace ascendsim {

Driver &driver() {
  static Driver *d = new Driver;
  return *d;
}

Context *&currentContext() {
  static thread_local Context *context = nullptr;
  return context;
}

int contextState() {
  if (!driver().initialised)
    return ACL_ERROR_UNINITIALIZE;
  return currentContext() ? ACL_SUCCESS : ACL_ERROR_RT_CONTEXT_NULL;
}

int complain(int code, const std::string &sentence) {
  if (driver().report.empty() || driver().report != sentence)
    fprintf(stderr, "ascend simulator: %s\n", sentence.c_str());
  driver().report = sentence;
  return code;
}

namespace {

Context *newContext() {
  auto context = std::make_unique<Context>();
  auto stream = std::make_unique<Stream>();
  stream->context = context.get();
  context->standard = stream.get();
  context->streams.push_back(std::move(stream));
  driver().contexts.push_back(std::move(context));
  return driver().contexts.back().get();
}

void dropContext(Context *context) {
  runAll(context);
  if (currentContext() == context)
    currentContext() = nullptr;
  std::erase_if(driver().contexts,
                [&](const auto &c) { return c.get() == context; });
}

} // namespace

} // namespace ascendsim

ACL_API aclError aclInit(const char *) {
  ACL_LOCK;
  Driver &d = driver();
  if (d.initialised)
    return ACL_ERROR_REPEAT_INITIALIZE;
  if (std::string wrong = readSwitches(); !wrong.empty())
    return complain(ACL_ERROR_INVALID_PARAM, wrong);
  const char *soc = getenv("GEMEL_ASCEND_SIM_SOC");
  d.chip = findChip(soc ? soc : "Ascend910B2");
  if (!d.chip)
    return complain(ACL_ERROR_INVALID_PARAM,
                    "GEMEL_ASCEND_SIM_SOC=" + std::string(soc) +
                        " is no chip it knows: Ascend910B1 to B4, "
                        "Ascend910_9362 to _9392");
  d.memory = std::make_unique<DeviceMemory>(d.chip->memoryBytes);
  d.initialised = true;
  return ACL_SUCCESS;
}

ACL_API aclError aclFinalize() {
  ACL_LOCK;
  Driver &d = driver();
  if (!d.initialised)
    return ACL_ERROR_UNINITIALIZE;
  while (!d.contexts.empty())
    dropContext(d.contexts.back().get());
  d.standard = nullptr;
  currentContext() = nullptr;
  d.memory.reset();
  d.initialised = false;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtGetDeviceCount(uint32_t *count) {
  ACL_LOCK;
  if (!count)
    return ACL_ERROR_RT_PARAM_INVALID;
  *count = 1;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtSetDevice(int32_t device) {
  ACL_LOCK;
  if (!driver().initialised)
    return ACL_ERROR_UNINITIALIZE;
  if (device)
    return ACL_ERROR_RT_INVALID_DEVICEID;
  if (!driver().standard)
    driver().standard = newContext();
  currentContext() = driver().standard;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtGetDevice(int32_t *device) {
  ACL_CONTEXT;
  if (!device)
    return ACL_ERROR_RT_PARAM_INVALID;
  *device = 0;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtResetDevice(int32_t device) {
  ACL_LOCK;
  if (!driver().initialised)
    return ACL_ERROR_UNINITIALIZE;
  if (device)
    return ACL_ERROR_RT_INVALID_DEVICEID;
  if (driver().standard)
    dropContext(driver().standard);
  driver().standard = nullptr;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtCreateContext(aclrtContext *context, int32_t device) {
  ACL_LOCK;
  if (!driver().initialised)
    return ACL_ERROR_UNINITIALIZE;
  if (!context)
    return ACL_ERROR_RT_PARAM_INVALID;
  if (device)
    return ACL_ERROR_RT_INVALID_DEVICEID;
  *context = currentContext() = newContext();
  return ACL_SUCCESS;
}

static Context *contextOf(aclrtContext handle) {
  for (auto &c : driver().contexts)
    if (c.get() == handle)
      return c.get();
  return nullptr;
}

ACL_API aclError aclrtDestroyContext(aclrtContext handle) {
  ACL_LOCK;
  Context *context = contextOf(handle);
  if (!context || context == driver().standard)
    return ACL_ERROR_RT_PARAM_INVALID;
  dropContext(context);
  return ACL_SUCCESS;
}

ACL_API aclError aclrtSetCurrentContext(aclrtContext handle) {
  ACL_LOCK;
  Context *context = contextOf(handle);
  if (!context)
    return ACL_ERROR_RT_PARAM_INVALID;
  currentContext() = context;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtGetCurrentContext(aclrtContext *context) {
  ACL_CONTEXT;
  if (!context)
    return ACL_ERROR_RT_PARAM_INVALID;
  *context = currentContext();
  return ACL_SUCCESS;
}

ACL_API aclError aclrtGetRunMode(aclrtRunMode *mode) {
  ACL_LOCK;
  if (!mode)
    return ACL_ERROR_RT_PARAM_INVALID;
  *mode = ACL_HOST;
  return ACL_SUCCESS;
}

ACL_API const char *aclrtGetSocName() {
  ACL_LOCK;
  return driver().chip ? driver().chip->soc.data() : nullptr;
}

ACL_API aclError aclrtGetDeviceInfo(uint32_t device, aclrtDevAttr attribute,
                                    int64_t *value) {
  ACL_LOCK;
  if (!driver().initialised)
    return ACL_ERROR_UNINITIALIZE;
  if (device)
    return ACL_ERROR_RT_INVALID_DEVICEID;
  if (!value)
    return ACL_ERROR_RT_PARAM_INVALID;
  const Chip &chip = *driver().chip;
  switch (attribute) {
  case ACL_DEV_ATTR_AICORE_CORE_NUM:
  case ACL_DEV_ATTR_CUBE_CORE_NUM:
    *value = chip.cubeCores;
    return ACL_SUCCESS;
  case ACL_DEV_ATTR_VECTOR_CORE_NUM:
    *value = chip.vectorCores;
    return ACL_SUCCESS;
  case ACL_DEV_ATTR_LOCAL_MEM_PER_VECTOR_CORE:
    *value = kSpaces[cce_ub].bytes;
    return ACL_SUCCESS;
  case ACL_DEV_ATTR_TOTAL_GLOBAL_MEM_SIZE:
    *value = static_cast<int64_t>(chip.memoryBytes);
    return ACL_SUCCESS;
  case ACL_DEV_ATTR_L2_CACHE_SIZE:
    *value = static_cast<int64_t>(chip.l2Bytes);
    return ACL_SUCCESS;
  default:
    return ACL_ERROR_RT_FEATURE_NOT_SUPPORT;
  }
}

ACL_API aclError aclrtGetVersion(int32_t *major, int32_t *minor,
                                 int32_t *patch) {
  if (!major || !minor || !patch)
    return ACL_ERROR_RT_PARAM_INVALID;
  *major = 1;
  *minor = *patch = 0;
  return ACL_SUCCESS;
}

ACL_API const char *aclGetRecentErrMsg() {
  ACL_LOCK;
  static thread_local std::string text;
  text = driver().report;
  return text.empty() ? nullptr : text.c_str();
}

ACL_API const char *gemelAscendSimReport() {
  ACL_LOCK;
  static thread_local std::string text;
  text = driver().report;
  return text.c_str();
}

ACL_API unsigned long long gemelAscendSimInstructions() {
  ACL_LOCK;
  return driver().instructions;
}

ACL_API const char *gemelAscendSimTimeline() {
  ACL_LOCK;
  static thread_local std::string text;
  text = driver().timeline;
  return text.c_str();
}

ACL_API const char *gemelAscendSimLaunches() {
  ACL_LOCK;
  static thread_local std::string text;
  text = driver().chip ? reportOf(*driver().chip, driver().times) : "";
  return text.c_str();
}

ACL_API const char *gemelAscendSimSwitches() {
  static thread_local std::string text;
  text = describeSwitches();
  return text.c_str();
}

ACL_API void gemelAscendSimSkip(const char *kernel, unsigned line) {
  ACL_LOCK;
  driver().leftOut.emplace_back(kernel, line);
}

ACL_API unsigned long long gemelAscendSimSkipped() {
  ACL_LOCK;
  return driver().skipped;
}

ACL_API void gemelAscendSimReset() {
  ACL_LOCK;
  Driver &d = driver();
  for (auto &context : d.contexts) {
    context->error = 0;
    for (auto &stream : context->streams) {
      stream->work.clear();
      stream->done = stream->enqueued;
    }
  }
  d.report.clear();
  d.timeline.clear();
  d.times.clear();
  d.l2 = {};
  d.leftOut.clear();
  d.skipped = 0;
  if (std::string wrong = readSwitches(); !wrong.empty())
    complain(ACL_ERROR_INVALID_PARAM, wrong);
}
