// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Binding and checking the arguments of a call, and handing it to the driver.
#include "launch.h"
#include "dtype.h"
#include "float_environment.h"
#include "status.h"

#include <cstring>

using namespace gemel;

namespace {

/// Binds dtype variables and axes from the arrays and checks the facts.
gemel_status bindShapes(Call &call, int32_t count) {
  const gemel_op_desc &desc = call.desc;
  if (count != desc.argument_count)
    return failCount(call.op, count);
  for (int32_t axis = 0; axis < desc.axis_count; ++axis)
    call.sizes[axis] = desc.axes[axis].fixed;
  for (int32_t variable = 0; variable < desc.dtype_variable_count; ++variable)
    call.dtypes[variable] = 0;

  for (int32_t i = 0; i < count; ++i) {
    const gemel_argument_desc &argument = desc.arguments[i];
    if (argument.role == GEMEL_SCALAR)
      continue;
    if (!call.args[i])
      return failNullArgument(call, i);
    const gemel_array &array = call.array(i);
    if (array.dtype < GEMEL_F32 || array.dtype > GEMEL_I1)
      return failDtype(call, i);
    int32_t variable = argument.dtype_variable;
    int32_t wanted = variable < 0 ? argument.dtype : call.dtypes[variable];
    if (wanted == 0)
      call.dtypes[variable] = array.dtype;
    else if (array.dtype != wanted)
      return failDtype(call, i);
    if (array.rank != argument.rank)
      return failRank(call, i);
    if (array.rank > 0 && !array.sizes)
      return failNullArgument(call, i);
    for (int32_t d = 0; d < argument.rank; ++d) {
      int64_t size = array.sizes[d];
      int64_t &bound = call.sizes[argument.axes[d]];
      if (size < 0 || size > kMaxSize || (bound >= 0 && bound != size))
        return failSize(call, i, d);
      bound = size;
    }
  }

  for (int32_t axis = 0; axis < desc.axis_count; ++axis) {
    const gemel_axis_desc &facts = desc.axes[axis];
    int64_t size = call.sizes[axis];
    if (size > facts.maximum ||
        (facts.multiple != 1 && size % facts.multiple != 0))
      return failFact(call, axis);
  }
  return GEMEL_OK;
}

bool hasDtypes(const gemel_variant_desc &variant, const Call &call) {
  for (int32_t i = 0; i < call.desc.dtype_variable_count; ++i)
    if (variant.dtypes[i] != call.dtypes[i])
      return false;
  return true;
}

/// Index among the op's variants of the first, from `start` on, that has the
/// bound dtypes; variantCount if there is none.
int32_t findVariant(const Call &call, int32_t start) {
  int32_t i = start;
  while (i < call.op.variantCount && !hasDtypes(*call.op.variants[i], call))
    ++i;
  return i;
}

bool hasFacts(const gemel_variant_desc &variant, const Call &call) {
  for (int32_t i = 0; i < variant.fact_count; ++i) {
    const gemel_fact_desc &fact = variant.facts[i];
    int64_t size = call.sizes[fact.axis];
    if (size > fact.maximum || (fact.multiple > 1 && size % fact.multiple != 0))
      return false;
  }
  return true;
}

/// Calls `visit` with the index of each variant that a launch may take: those
/// of the bound dtypes and of the best target that has any, whose facts hold.
/// Stops at true.
template <typename Visit>
void forCandidates(const Call &call, Visit visit) {
  const char *target = nullptr;
  for (int32_t i = findVariant(call, 0); i < call.op.variantCount;
       i = findVariant(call, i + 1)) {
    const gemel_variant_desc &variant = *call.op.variants[i];
    if (!target)
      target = variant.target;
    else if (strcmp(variant.target, target) != 0)
      return;
    if (hasFacts(variant, call) && visit(i))
      return;
  }
}

/// Sizes of the axes that a variant adds, behind those of the op.
gemel_status bindRuns(Call &call, const gemel_variant_desc &variant) {
  for (int32_t i = 0; i < variant.runs_count; ++i) {
    const gemel_runs_desc &runs = variant.runs[i];
    int64_t terms = 1;
    bool overflows = false;
    for (int32_t d = 0; d < runs.rank; ++d)
      overflows |=
          __builtin_mul_overflow(terms, call.sizes[runs.axes[d]], &terms);
    if (overflows)
      return fail(GEMEL_WRONG_SIZE,
                  "%s: a reduction has more terms than 64 bits count; pass "
                  "smaller arrays",
                  call.desc.name);
    call.sizes[call.desc.axis_count + i] =
        terms / runs.length + (terms % runs.length != 0);
  }
  return GEMEL_OK;
}

/// Bytes of one workspace, rounded up; false if they exceed 64 bits.
bool workspaceBytes(const gemel_workspace_desc &workspace, const int64_t *sizes,
                    int64_t &bytes) {
  bool overflows = false;
  bytes = workspace.element_bytes;
  for (int32_t d = 0; d < workspace.rank; ++d) {
    int64_t size = sizes[workspace.axes[d]];
    if (size == 0) {
      bytes = 0;
      return true;
    }
    overflows |= __builtin_mul_overflow(bytes, size, &bytes);
  }
  constexpr int64_t kMask = GEMEL_WORKSPACE_ALIGNMENT - 1;
  overflows |= __builtin_add_overflow(bytes, kMask, &bytes);
  bytes &= ~kMask;
  return !overflows;
}

/// Bytes of all workspaces of a variant. offsets, unless null: where each
/// begins.
gemel_status layOutWorkspaces(const Call &call,
                              const gemel_variant_desc &variant, int64_t &total,
                              int64_t *offsets) {
  total = 0;
  for (int32_t i = 0; i < variant.workspace_count; ++i) {
    int64_t bytes;
    if (offsets)
      offsets[i] = total;
    if (!workspaceBytes(variant.workspaces[i], call.sizes, bytes) ||
        __builtin_add_overflow(total, bytes, &total))
      return fail(GEMEL_WRONG_SIZE,
                  "%s: the workspace has more bytes than 64 bits count; pass "
                  "smaller arrays",
                  call.desc.name);
  }
  return GEMEL_OK;
}

/// Checks layout, device and data of one array and notes where it lies.
gemel_status bindArray(Call &call, int32_t index) {
  const gemel_array &array = call.array(index);
  int64_t elements = 1;
  bool overflows = false, isEmpty = false;
  int32_t strided = -1;
  int64_t strideWanted = 0;
  for (int32_t d = array.rank - 1; d >= 0; --d) {
    int64_t size = array.sizes[d];
    isEmpty |= size == 0;
    if (array.strides && array.strides[d] != elements && size != 1 &&
        strided < 0) {
      strided = d;
      strideWanted = elements;
    }
    overflows |= __builtin_mul_overflow(elements, size, &elements);
  }
  if (array.device != call.op.device)
    return failDevice(call, index);
  call.pointers[index] = array.data;
  if (isEmpty) {
    call.begins[index] = call.ends[index] = 0;
    return GEMEL_OK;
  }
  int64_t bytes;
  auto begin = reinterpret_cast<uintptr_t>(array.data);
  int32_t elementBytes = kDtypes[array.dtype].bytes;
  overflows |= __builtin_mul_overflow(elements, int64_t{elementBytes}, &bytes);
  if (overflows || begin + static_cast<uintptr_t>(bytes) < begin)
    return failTooLarge(call, index);
  if (strided >= 0)
    return failStride(call, index, strided, strideWanted);
  if (!array.data)
    return failNullData(call, index);
  if (begin & static_cast<uintptr_t>(elementBytes - 1))
    return failAlignment(call, index, elementBytes);
  call.begins[index] = begin;
  call.ends[index] = begin + static_cast<uintptr_t>(bytes);
  return GEMEL_OK;
}

/// Fills in the slot of one scalar.
gemel_status bindScalar(Call &call, int32_t index) {
  const gemel_argument_desc &argument = call.desc.arguments[index];
  call.pointers[index] = nullptr;
  call.begins[index] = call.ends[index] = 0;
  const void *value = call.args[index];
  if (!value) {
    if (!argument.has_default)
      return failNullArgument(call, index);
    call.scalars[index] = call.op.defaults[index];
    return GEMEL_OK;
  }
  uint32_t low;
  if (argument.dtype == GEMEL_I64) {
    memcpy(&call.scalars[index], value, sizeof(uint64_t));
  } else {
    memcpy(&low, value, sizeof(low));
    call.scalars[index] = low;
  }
  return GEMEL_OK;
}

gemel_status bindArguments(Call &call) {
  for (int32_t i = 0; i < call.desc.argument_count; ++i) {
    if (call.isScalar(i)) {
      if (gemel_status status = bindScalar(call, i))
        return status;
    } else {
      call.scalars[i] = 0;
      if (gemel_status status = bindArray(call, i))
        return status;
    }
  }
  return GEMEL_OK;
}

/// Takes the first candidate that the addresses suit.
gemel_status chooseVariant(const Call &call, int32_t &chosen) {
  uintptr_t addresses = 0;
  for (int32_t i = 0; i < call.desc.argument_count; ++i)
    addresses |= call.begins[i];
  int32_t least = 0;
  chosen = -1;
  forCandidates(call, [&](int32_t index) {
    const gemel_variant_desc &variant = *call.op.variants[index];
    if (least == 0 || variant.alignment < least)
      least = variant.alignment;
    if (addresses & static_cast<uintptr_t>(variant.alignment - 1))
      return false;
    chosen = index;
    return true;
  });
  if (chosen >= 0)
    return GEMEL_OK;
  if (least == 0)
    return failMissingVariant(call);
  int32_t index = 0;
  while (!(call.begins[index] & static_cast<uintptr_t>(least - 1)))
    ++index;
  return failAlignment(call, index, least);
}

gemel_status bindWorkspace(Call &call, const gemel_variant_desc &variant,
                           void *workspace, size_t workspaceBytes) {
  int64_t offsets[GEMEL_MAX_WORKSPACES], needed;
  if (gemel_status status = layOutWorkspaces(call, variant, needed, offsets))
    return status;
  const char *name = call.desc.name;
  auto begin = reinterpret_cast<uintptr_t>(workspace);
  if (needed > 0) {
    size_t given = workspace ? workspaceBytes : 0;
    if (given < static_cast<uint64_t>(needed))
      return fail(GEMEL_WORKSPACE_TOO_SMALL,
                  "%s: the workspace has %zu bytes but needs %lld; ask "
                  "gemel_workspace_bytes with these arguments",
                  name, given, static_cast<long long>(needed));
    if (begin % GEMEL_WORKSPACE_ALIGNMENT != 0)
      return fail(GEMEL_MISALIGNED,
                  "%s: the workspace is aligned to %d bytes but needs %d; "
                  "allocate it with that alignment",
                  name, static_cast<int>(begin & -begin),
                  GEMEL_WORKSPACE_ALIGNMENT);
  }
  int32_t index = call.desc.argument_count;
  call.begins[index] = needed > 0 ? begin : 0;
  call.ends[index] = needed > 0 ? begin + static_cast<uintptr_t>(needed) : 0;
  for (int32_t i = 0; i < variant.workspace_count; ++i)
    call.pointers[index + i] =
        reinterpret_cast<void *>(begin + static_cast<uintptr_t>(offsets[i]));
  return GEMEL_OK;
}

/// What is written shares no byte with any other array.
gemel_status checkOverlap(const Call &call) {
  int32_t workspace = call.desc.argument_count;
  for (int32_t i = 0; i <= workspace; ++i) {
    if (i < workspace && call.desc.arguments[i].role != GEMEL_INOUT &&
        call.desc.arguments[i].role != GEMEL_RESULT)
      continue;
    for (int32_t j = 0; j <= workspace; ++j)
      if (call.begins[i] < call.ends[j] && call.begins[j] < call.ends[i] &&
          i != j)
        return failOverlap(call, i, j);
  }
  return GEMEL_OK;
}

gemel_status checkRequirements(const Call &call) {
  if (!call.desc.require)
    return GEMEL_OK;
  int32_t broken;
  {
    FloatEnvironment environment;
    broken = call.desc.require(call.sizes, call.scalars);
  }
  return broken < 0 ? GEMEL_OK : failRequirement(call, broken);
}

/// Drivers count the work again, and may then rely on its fitting 64 bits.
gemel_status checkWork(const Call &call, const gemel_variant_desc &variant) {
  for (int32_t i = 0; i < variant.launch_count; ++i) {
    const gemel_launch_desc &launch = variant.launches[i];
    int64_t items;
    // Two sizes of 31 bits cannot overflow.
    if (launch.work_count > 2 && !countWorkItems(launch, call.sizes, items))
      return fail(GEMEL_WRONG_SIZE,
                  "%s: launch '%s' has more work items than 64 bits count; "
                  "pass smaller arrays",
                  call.desc.name, launch.name);
  }
  return GEMEL_OK;
}

/// What begins the bytes that a hook is handed. Behind it: pointers, sizes and
/// scalars, as a BoundLaunch has them.
struct Queued {
  const gemel_op *op;
  gemel_stream stream;
  int64_t variantIndex;
};
static_assert(sizeof(Queued) + 8 * (2 * GEMEL_MAX_ARGUMENTS +
                                    GEMEL_MAX_WORKSPACES + GEMEL_MAX_AXES) <=
              GEMEL_MAX_LAUNCH_BYTES);

/// How many pointers and sizes a launch of the variant has.
int32_t countPointers(const gemel_op &op, const gemel_variant_desc &variant) {
  return op.desc->argument_count + variant.workspace_count;
}
int32_t countSizes(const gemel_op &op, const gemel_variant_desc &variant) {
  return op.desc->axis_count + variant.runs_count;
}

gemel_status runQueued(const void *launch) {
  auto &queued = *static_cast<const Queued *>(launch);
  const gemel_op &op = *queued.op;
  auto index = static_cast<int32_t>(queued.variantIndex);
  const gemel_variant_desc &variant = *op.variants[index];
  auto pointers = reinterpret_cast<void *const *>(&queued + 1);
  auto sizes =
      reinterpret_cast<const int64_t *>(pointers + countPointers(op, variant));
  auto scalars =
      reinterpret_cast<const uint64_t *>(sizes + countSizes(op, variant));
  return op.device->driver->launch(
      *op.device, {&op, &variant, index, pointers, sizes, scalars},
      queued.stream);
}

gemel_status callHook(const BoundLaunch &bound, gemel_stream stream) {
  const gemel_op &op = *bound.op;
  alignas(8) char bytes[GEMEL_MAX_LAUNCH_BYTES];
  size_t count = 0;
  auto add = [&](const void *data, size_t size) {
    memcpy(bytes + count, data, size);
    count += size;
  };
  auto words = [](int32_t n) { return static_cast<size_t>(n) * 8; };
  Queued queued = {&op, stream, bound.variantIndex};
  add(&queued, sizeof(queued));
  add(bound.pointers, words(countPointers(op, *bound.variant)));
  add(bound.sizes, words(countSizes(op, *bound.variant)));
  add(bound.scalars, words(op.desc->argument_count));
  uint64_t failures = failureCount();
  gemel_status status = op.device->enqueue(op.device->enqueueData, &op, stream,
                                           bytes, count, runQueued);
  if (!status || failureCount() != failures)
    return status;
  // The hook's own.
  return fail(status,
              "%s: the hook of gemel_device_set_enqueue on '%s' does not take "
              "the launch (%s); ask the framework that set it",
              op.desc->name, op.device->name.get(), gemel_status_name(status));
}

} // namespace

int32_t gemel::fillSlots(const BoundLaunch &bound, uint64_t *slots) {
  const gemel_op_desc &desc = *bound.op->desc;
  const gemel_variant_desc &variant = *bound.variant;
  int32_t count = 0;
  for (int32_t i = 0; i < desc.argument_count; ++i)
    slots[count++] = desc.arguments[i].role == GEMEL_SCALAR
                         ? bound.scalars[i]
                         : reinterpret_cast<uint64_t>(bound.pointers[i]);
  for (int32_t i = 0; i < variant.workspace_count; ++i)
    slots[count++] =
        reinterpret_cast<uint64_t>(bound.pointers[desc.argument_count + i]);
  for (int32_t i = 0; i < desc.axis_count + variant.runs_count; ++i)
    slots[count++] = static_cast<uint64_t>(bound.sizes[i]);
  return count;
}

bool gemel::isReachable(const gemel_op &op, int32_t index) {
  const gemel_variant_desc &variant = *op.variants[index];
  auto bytes = static_cast<size_t>(op.desc->dtype_variable_count) *
               sizeof(variant.dtypes[0]);
  for (int32_t i = 0; i < index; ++i)
    if (bytes == 0 ||
        memcmp(op.variants[i]->dtypes, variant.dtypes, bytes) == 0)
      return strcmp(op.variants[i]->target, variant.target) == 0;
  return true;
}

gemel_status gemel_workspace_bytes(const gemel_op *op, const void *const *args,
                                   int32_t count, size_t *bytes) {
  if (!op || !args || !bytes)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_workspace_bytes: '%s' is null; pass all arguments",
                !op     ? "op"
                : !args ? "args"
                        : "bytes");
  Call call(*op, args);
  if (gemel_status status = bindShapes(call, count))
    return status;
  if (findVariant(call, 0) == op->variantCount)
    return failMissingVariant(call);
  gemel_status status = GEMEL_OK;
  int64_t most = 0;
  forCandidates(call, [&](int32_t index) {
    const gemel_variant_desc &variant = *call.op.variants[index];
    int64_t total = 0;
    status = bindRuns(call, variant);
    if (!status)
      status = layOutWorkspaces(call, variant, total, nullptr);
    if (!status && total > most)
      most = total;
    return status != GEMEL_OK;
  });
  if (!status)
    *bytes = static_cast<size_t>(most);
  return status;
}

gemel_status gemel_launch(const gemel_op *op, const void *const *args,
                          int32_t count, void *workspace,
                          size_t workspace_bytes, gemel_stream stream) {
  if (!op || !args)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_launch: '%s' is null; pass all arguments",
                op ? "args" : "op");
  Call call(*op, args);
  const Driver &driver = *op->device->driver;
  int32_t chosen = 0;
  const gemel_variant_desc *variant = nullptr;
  gemel_status status = bindShapes(call, count);
  if (!status && findVariant(call, 0) == op->variantCount)
    status = failMissingVariant(call);
  if (!status)
    status = bindArguments(call);
  if (!status)
    status = chooseVariant(call, chosen);
  if (!status)
    variant = op->variants[chosen];
  if (!status)
    status = bindRuns(call, *variant);
  if (!status)
    status = bindWorkspace(call, *variant, workspace, workspace_bytes);
  if (!status)
    status = checkOverlap(call);
  if (!status)
    status = checkRequirements(call);
  if (!status)
    status = checkWork(call, *variant);
  if (!status)
    status = driver.checkStream(*op->device, call.desc.name, stream);
  if (status)
    return status;
  BoundLaunch bound = {op,         variant,     chosen, call.pointers,
                       call.sizes, call.scalars};
  if (op->device->enqueue)
    return callHook(bound, stream);
  return driver.launch(*op->device, bound, stream);
}
