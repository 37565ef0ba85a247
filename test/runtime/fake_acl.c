/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* An ACL that a test tells, by variables of the environment, how to fail. */
#include <stdint.h>
#include <stdlib.h>

#define EXPORT __attribute__((visibility("default")))

static int number(const char *variable) {
  const char *text = getenv(variable);
  return text ? atoi(text) : 0;
}

EXPORT int aclInit(const char *path) {
  (void)path;
  return number("FAKE_ACL_INIT");
}
EXPORT const char *aclGetRecentErrMsg(void) { return getenv("FAKE_ACL_WORDS"); }
EXPORT const char *aclrtGetSocName(void) { return getenv("FAKE_ACL_SOC"); }
EXPORT int aclrtGetDeviceCount(uint32_t *count) {
  *count = (uint32_t)number("FAKE_ACL_DEVICES");
  return number("FAKE_ACL_COUNT");
}
EXPORT int aclrtSetDevice(int32_t device) {
  (void)device;
  return number("FAKE_ACL_SET");
}
EXPORT int aclrtGetCurrentContext(void **context) {
  *context = (void *)context;
  return 0;
}

/* What no test comes to. */
#define UNUSED(name)                                                           \
  EXPORT int name(void) { return 507000; }
UNUSED(aclrtSetCurrentContext)
UNUSED(aclrtBinaryLoadFromData)
UNUSED(aclrtBinaryUnLoad)
UNUSED(aclrtBinaryGetFunction)
UNUSED(aclrtGetHardwareSyncAddr)
UNUSED(aclrtLaunchKernelWithHostArgs)
UNUSED(aclrtMalloc)
UNUSED(aclrtFree)
UNUSED(aclrtMemcpyAsync)
UNUSED(aclrtMemsetAsync)
UNUSED(aclrtCreateStream)
UNUSED(aclrtDestroyStream)
UNUSED(aclrtSynchronizeStream)
