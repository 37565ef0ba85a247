// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CANN's ACL, opened at run time.
#ifndef GEMEL_RUNTIME_SRC_ACL_SYMBOLS_H
#define GEMEL_RUNTIME_SRC_ACL_SYMBOLS_H

#include "device_code.h"
#include "handles.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace gemel {

// As acl/acl_rt.h has them.
using aclError = int;
using aclrtContext = void *;
using aclrtStream = void *;
using aclrtBinHandle = void *;
using aclrtFuncHandle = void *;

inline constexpr aclError kAclSuccess = 0, kAclRepeatInitialize = 100002;
inline constexpr int kMallocHugeFirst = 0; // aclrtMemMallocPolicy
inline constexpr int kMemcpyDefault = 4;   // aclrtMemcpyKind: by address
inline constexpr int kBinaryMagic = 2;     // aclrtBinaryLoadOptionType
inline constexpr uint32_t kMagicAiCore = 0x43554245,
                          kMagicVectorCore = 0x41415246,
                          kMagicCubeCore = 0x41494343;
struct AclBinaryOption {
  int type;
  uint32_t value[4];
};
struct AclBinaryOptions {
  AclBinaryOption *options;
  size_t count;
};

struct AclSymbols {
#define GEMEL_ACL_FUNCTION(result, name, symbol, parameters)                   \
  result(*name) parameters;
#include "acl_symbols.inc"
#undef GEMEL_ACL_FUNCTION
};

/// Opens and initialises the ACL, once a process: what GEMEL_ASCEND_DRIVER
/// names, else libascendcl.so. Null after a failure whose sentence begins with
/// `what`.
const AclSymbols *openAcl(const char *what);

/// A chip by what libraries distinguish.
struct AscendChip {
  const char *target; ///< the target of its own; null: none compiles for it
  int cubeCores;      ///< 0: not known
};

/// The chip that aclrtGetSocName names, in any of the spellings of toolkits.
AscendChip findAscendChip(const char *soc);

struct AscendDevice {
  const AclSymbols *acl;
  int32_t ordinal;
  aclrtContext context; ///< the device's default context
  AscendChip chip;
};

inline AscendDevice &ascendOf(const gemel_device &device) {
  return *static_cast<AscendDevice *>(device.state);
}

/// The device's context is current while this lives. A thread that had none
/// keeps it, for the ACL has no way back to none.
class CurrentAclContext {
public:
  /// Notes what is current, to put it back.
  explicit CurrentAclContext(const AclSymbols &acl) : acl(acl) {
    if (acl.getContext(&before) == kAclSuccess)
      return;
    before = nullptr;
    acl.recentWords(); // having no context is nothing to report later
  }
  explicit CurrentAclContext(const AscendDevice &device)
      : CurrentAclContext(*device.acl) {
    if (before == device.context)
      before = nullptr;
    else
      acl.setContext(device.context);
  }
  ~CurrentAclContext() {
    if (before)
      acl.setContext(before);
  }
  CurrentAclContext(const CurrentAclContext &) = delete;
  CurrentAclContext &operator=(const CurrentAclContext &) = delete;

private:
  const AclSymbols &acl;
  aclrtContext before = nullptr;
};

/// "what: call says ACL_ERROR_... (number): the ACL's own words".
gemel_status failAcl(const AclSymbols &acl, aclError result, const char *what,
                     const char *call);

/// Code of an op on a device.
struct AscendOp : DeviceCode<aclrtBinHandle, aclrtFuncHandle> {
  /// First slot of mixed kernels.
  void *syncAddress = nullptr;
};

// load_ascend.cpp
gemel_status loadAscend(gemel_op &op);
void unloadAscend(gemel_op &op);

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_ACL_SYMBOLS_H
