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
    if (!state.binaries[i])
      status = loadBinary(op, code, &state.binaries[i]);
    *binary = state.binaries[i];
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
  std::unique_ptr<AscendOp> state(new (std::nothrow) AscendOp());
  int32_t total = 0;
  for (int32_t i = 0; i < op.variantCount; ++i)
    if (isReachable(op, i))
      total += op.variants[i]->launch_count;
  if (state) {
    state->binaries.reset(new (std::nothrow)
                              aclrtBinHandle[op.desc->code_count]());
    state->functions.reset(new (std::nothrow) aclrtFuncHandle[total]());
    state->first.reset(new (std::nothrow) int32_t[op.variantCount]);
  }
  if (!state || !state->binaries || !state->functions || !state->first)
    return fail(GEMEL_OUT_OF_MEMORY, "%s: out of memory", op.desc->name);
  CurrentAclContext current(ascendOf(*op.device));
  op.state = state.release();
  auto &made = *static_cast<AscendOp *>(op.state);
  int32_t next = 0;
  for (int32_t i = 0; i < op.variantCount; ++i) {
    made.first[i] = -1;
    if (!isReachable(op, i))
      continue;
    made.first[i] = next;
    if (gemel_status status = loadVariant(op, made, i, &made.functions[next])) {
      unloadAscend(op);
      return status;
    }
    next += op.variants[i]->launch_count;
  }
  return GEMEL_OK;
}

void gemel::unloadAscend(gemel_op &op) {
  const AscendDevice &device = ascendOf(*op.device);
  CurrentAclContext current(device);
  auto *state = static_cast<AscendOp *>(op.state);
  for (int32_t i = 0; i < op.desc->code_count; ++i)
    if (state->binaries[i])
      device.acl->binaryUnload(state->binaries[i]);
  delete state;
  op.state = nullptr;
}
