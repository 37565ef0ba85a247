// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads an op's code into an Ascend device, before any launch.
#include "acl_symbols.h"
#include "status.h"

#include <cstring>
#include <new>

using namespace gemel;

namespace {

/// The unit of all launches that find their kernels in the code of `target`.
int32_t unitOf(const gemel_op &op, const char *target) {
  int32_t unit = -1;
  for (int32_t i = 0; i < op.variantCount; ++i) {
    const gemel_variant_desc &variant = *op.variants[i];
    if (strcmp(variant.target, target) != 0)
      continue;
    for (int32_t j = 0; j < variant.launch_count; ++j) {
      int32_t other = variant.launches[j].unit;
      if (unit >= 0 && unit != other)
        return GEMEL_UNIT_DEFAULT;
      unit = other;
    }
  }
  return unit;
}

gemel_status loadBinary(const gemel_op &op, const gemel_code_desc &code,
                        aclrtBinHandle *binary) {
  const AclSymbols &acl = *ascendOf(*op.device).acl;
  int32_t unit = unitOf(op, code.target);
  AclBinaryOption option = {kBinaryMagic,
                            {unit == GEMEL_UNIT_VECTOR ? kMagicVectorCore
                             : unit == GEMEL_UNIT_CUBE ? kMagicCubeCore
                                                       : kMagicAiCore}};
  AclBinaryOptions options = {&option, 1};
  aclrtBinHandle made;
  aclError result = acl.binaryLoad(code.data, static_cast<size_t>(code.bytes),
                                   &options, &made);
  if (result == kAclSuccess) {
    *binary = made;
    return GEMEL_OK;
  }
  Text what;
  what.add("%s: the object for %s", op.desc->name, code.target);
  return failAcl(acl, result, what.c_str(), "aclrtBinaryLoadFromData");
}

/// Loads the best code of a target that the ACL takes.
gemel_status loadTarget(gemel_op &op, AscendOp &state, const char *target,
                        aclrtBinHandle *binary) {
  gemel_status status =
      fail(GEMEL_DAMAGED_LIBRARY,
           "%s: the library has no code for '%s'; build it again with gemelc",
           op.desc->name, target);
  bool isTextOnly = true;
  for (int32_t i = 0; i < op.desc->code_count; ++i) {
    const gemel_code_desc &code = op.desc->code[i];
    if (strcmp(code.target, target) != 0)
      continue;
    if (code.kind == GEMEL_CCE && isTextOnly)
      status = fail(GEMEL_UNSUPPORTED,
                    "%s: the library has CCE C for %s but no machine code: "
                    "ccec of the CANN toolkit was not there when it was "
                    "compiled; source the toolkit's set_env.sh and build it "
                    "again with gemelc",
                    op.desc->name, target);
    if (code.kind != GEMEL_ASCEND_ELF)
      continue;
    isTextOnly = false;
    if (!state.modules[i])
      status = loadBinary(op, code, &state.modules[i]);
    *binary = state.modules[i];
    if (*binary)
      return GEMEL_OK;
  }
  return status;
}

gemel_status loadVariant(gemel_op &op, AscendOp &state, int32_t index,
                         aclrtFuncHandle *functions) {
  const AclSymbols &acl = *ascendOf(*op.device).acl;
  const gemel_variant_desc &variant = *op.variants[index];
  if (variant.launch_count == 0)
    return GEMEL_OK;
  aclrtBinHandle binary = nullptr;
  if (gemel_status status = loadTarget(op, state, variant.target, &binary))
    return status;
  for (int32_t i = 0; i < variant.launch_count; ++i) {
    const gemel_launch_desc &launch = variant.launches[i];
    const char *call = "aclrtBinaryGetFunction";
    aclError result =
        acl.binaryGetFunction(binary, launch.kernel, &functions[i]);
    if (result == kAclSuccess && launch.unit == GEMEL_UNIT_MIXED &&
        !state.syncAddress) {
      call = "aclrtGetHardwareSyncAddr";
      result = acl.syncAddress(&state.syncAddress);
    }
    if (result != kAclSuccess) {
      Text what;
      what.add("%s: kernel '%s'", op.desc->name, launch.kernel);
      return failAcl(acl, result, what.c_str(), call);
    }
  }
  return GEMEL_OK;
}

} // namespace

gemel_status gemel::loadAscend(gemel_op &op) {
  CurrentAclContext current(ascendOf(*op.device));
  gemel_status status = loadReachable<AscendOp>(
      op, [&](auto &code, int32_t variant, aclrtFuncHandle *functions) {
        return loadVariant(op, code, variant, functions);
      });
  if (status && op.state)
    unloadAscend(op);
  return status;
}

void gemel::unloadAscend(gemel_op &op) {
  const AscendDevice &device = ascendOf(*op.device);
  CurrentAclContext current(device);
  auto *state = static_cast<AscendOp *>(op.state);
  for (int32_t i = 0; i < op.desc->code_count; ++i)
    if (state->modules[i])
      device.acl->binaryUnload(state->modules[i]);
  delete state;
  op.state = nullptr;
}
