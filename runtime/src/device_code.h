// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Code of an op on a device: what drivers of devices load alike.
#ifndef GEMEL_RUNTIME_SRC_DEVICE_CODE_H
#define GEMEL_RUNTIME_SRC_DEVICE_CODE_H

#include "driver.h"
#include "handles.h"
#include "status.h"

#include <memory>
#include <new>

namespace gemel {

template <typename ModuleHandle, typename FunctionHandle>
struct DeviceCode {
  using Module = ModuleHandle;
  using Function = FunctionHandle;

  /// One per code of the op; null where it is not loaded.
  std::unique_ptr<Module[]> modules;
  /// The functions of every variant that a launch may take, in order.
  std::unique_ptr<Function[]> functions;
  /// Of each of the op's variants, where its functions begin; -1: none.
  std::unique_ptr<int32_t[]> first;
};

/// Makes the op's state, a DeviceCode, and has `load(code, variant, functions)`
/// fill it for each variant that a launch may take. If it fails, op.state is
/// what has been loaded so far, the caller's to unload, or null.
template <typename Code, typename Load>
gemel_status loadReachable(gemel_op &op, Load load) {
  std::unique_ptr<Code> code(new (std::nothrow) Code());
  int32_t total = 0;
  for (int32_t i = 0; i < op.variantCount; ++i)
    if (isReachable(op, i))
      total += op.variants[i]->launch_count;
  if (code) {
    code->modules.reset(new (std::nothrow)
                            typename Code::Module[op.desc->code_count]());
    code->functions.reset(new (std::nothrow) typename Code::Function[total]());
    code->first.reset(new (std::nothrow) int32_t[op.variantCount]);
  }
  if (!code || !code->modules || !code->functions || !code->first)
    return fail(GEMEL_OUT_OF_MEMORY, "%s: out of memory", op.desc->name);
  Code &made = *code.release();
  op.state = &made;
  int32_t next = 0;
  for (int32_t i = 0; i < op.variantCount; ++i) {
    made.first[i] = -1;
    if (!isReachable(op, i))
      continue;
    made.first[i] = next;
    if (gemel_status status = load(made, i, &made.functions[next]))
      return status;
    next += op.variants[i]->launch_count;
  }
  return GEMEL_OK;
}

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_DEVICE_CODE_H
