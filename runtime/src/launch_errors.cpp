// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sentences of a launch: the argument, the two things that disagree, a way
// out. Off the fast path, so they may search again for what the check knew.
#include "dtype.h"
#include "launch.h"
#include "status.h"

#include <cstring>

using namespace gemel;

namespace {

const char *argumentName(const Call &call, int32_t index) {
  return call.desc.arguments[index].name;
}

const char *roleName(int32_t role) {
  return role == GEMEL_RESULT  ? "result"
         : role == GEMEL_INOUT ? "inout"
                               : "argument";
}

/// The first argument that has the axis. There is one: a fixed axis without
/// any meets its facts (the manifest's walk sees to both).
int32_t firstWithAxis(const Call &call, int32_t axis) {
  for (int32_t i = 0;; ++i) {
    const gemel_argument_desc &argument = call.desc.arguments[i];
    for (int32_t d = 0; d < argument.rank; ++d)
      if (argument.axes[d] == axis)
        return i;
  }
}

void addDtypes(Text &text, const Call &call, const int32_t *dtypes) {
  for (int32_t i = 0; i < call.desc.dtype_variable_count; ++i)
    text.add("%s%s = %s", i ? ", " : "", call.desc.dtype_variables[i].name,
             gemel_dtype_name(dtypes[i]));
}

void addScalar(Text &text, const Call &call, int32_t index) {
  const gemel_argument_desc &argument = call.desc.arguments[index];
  text.add("%s = ", argument.name);
  if (argument.dtype == GEMEL_F32) {
    float value;
    memcpy(&value, &call.scalars[index], sizeof(value));
    text.add("%g", static_cast<double>(value));
  } else if (argument.dtype == GEMEL_I32) {
    int32_t value;
    memcpy(&value, &call.scalars[index], sizeof(value));
    text.add("%d", value);
  } else {
    text.add("%lld", static_cast<long long>(call.scalars[index]));
  }
}

} // namespace

gemel_status gemel::failCount(const gemel_op &op, int32_t count) {
  Text names;
  for (int32_t i = 0; i < op.desc->argument_count; ++i)
    names.add("%s%s", i ? ", " : "", op.desc->arguments[i].name);
  return fail(GEMEL_INVALID_ARGUMENT,
              "%s: got %d arguments but the operator has %d; pass (%s)",
              op.desc->name, count, op.desc->argument_count, names.c_str());
}

gemel_status gemel::failNullArgument(const Call &call, int32_t index) {
  const char *name = argumentName(call, index);
  if (call.isScalar(index))
    return fail(GEMEL_INVALID_ARGUMENT,
                "%s: scalar '%s' is null but has no default; pass a pointer to "
                "its value",
                call.desc.name, name);
  return fail(GEMEL_INVALID_ARGUMENT,
              "%s: %s of argument '%s' is null; pass %s", call.desc.name,
              call.args[index] ? "sizes" : "the array", name,
              call.args[index] ? "one size for each axis" : "a gemel_array");
}

gemel_status gemel::failDtype(const Call &call, int32_t index) {
  const char *op = call.desc.name, *name = argumentName(call, index);
  int32_t dtype = call.array(index).dtype;
  if (dtypeRow(dtype).bytes == 0)
    return fail(GEMEL_WRONG_DTYPE,
                "%s: argument '%s' has dtype %d, which is no gemel_dtype; set "
                "one, such as GEMEL_F32",
                op, name, dtype);
  int32_t variable = call.desc.arguments[index].dtype_variable;
  if (variable < 0) {
    const char *wanted = gemel_dtype_name(call.desc.arguments[index].dtype);
    return fail(GEMEL_WRONG_DTYPE,
                "%s: argument '%s' has dtype %s but must be %s; pass an array "
                "of %s",
                op, name, gemel_dtype_name(dtype), wanted, wanted);
  }
  int32_t first = 0;
  while (call.desc.arguments[first].dtype_variable != variable)
    ++first;
  const char *variableName = call.desc.dtype_variables[variable].name;
  return fail(GEMEL_WRONG_DTYPE,
              "%s: argument '%s' has dtype %s but '%s' fixes '%s' = %s; pass "
              "arrays whose '%s' agree",
              op, name, gemel_dtype_name(dtype), argumentName(call, first),
              variableName, gemel_dtype_name(call.dtypes[variable]),
              variableName);
}

gemel_status gemel::failRank(const Call &call, int32_t index) {
  const gemel_argument_desc &argument = call.desc.arguments[index];
  Text axes;
  for (int32_t d = 0; d < argument.rank; ++d)
    axes.add("%s%s", d ? ", " : "", call.desc.axes[argument.axes[d]].name);
  return fail(GEMEL_WRONG_RANK,
              "%s: argument '%s' has rank %d but its axes are [%s]; pass an "
              "array of rank %d",
              call.desc.name, argument.name, call.array(index).rank,
              axes.c_str(), argument.rank);
}

gemel_status gemel::failSize(const Call &call, int32_t index, int32_t d) {
  const char *op = call.desc.name, *name = argumentName(call, index);
  int32_t axis = call.desc.arguments[index].axes[d];
  const char *axisName = call.desc.axes[axis].name;
  auto size = static_cast<long long>(call.array(index).sizes[d]);
  if (size < 0 || size > kMaxSize)
    return fail(GEMEL_WRONG_SIZE,
                "%s: argument '%s' has axis '%s' of size %lld but sizes are in "
                "0 .. 2147483647; pass a size in that range",
                op, name, axisName, size);
  auto bound = static_cast<long long>(call.sizes[axis]);
  if (call.desc.axes[axis].fixed >= 0)
    return fail(GEMEL_WRONG_SIZE,
                "%s: argument '%s' has axis '%s' of size %lld but the operator "
                "fixes '%s' = %lld; pass an array of that size",
                op, name, axisName, size, axisName, bound);
  return fail(GEMEL_WRONG_SIZE,
              "%s: argument '%s' has axis '%s' of size %lld but '%s' fixes "
              "'%s' = %lld; pass arrays whose '%s' agree",
              op, name, axisName, size,
              argumentName(call, firstWithAxis(call, axis)), axisName, bound,
              axisName);
}

gemel_status gemel::failFact(const Call &call, int32_t axis) {
  const gemel_axis_desc &facts = call.desc.axes[axis];
  auto size = static_cast<long long>(call.sizes[axis]);
  const char *name = argumentName(call, firstWithAxis(call, axis));
  if (size > facts.maximum)
    return fail(GEMEL_WRONG_SIZE,
                "%s: argument '%s' has axis '%s' of size %lld but the operator "
                "allows at most %lld; pass arrays with a smaller '%s'",
                call.desc.name, name, facts.name, size,
                static_cast<long long>(facts.maximum), facts.name);
  return fail(GEMEL_WRONG_SIZE,
              "%s: argument '%s' has axis '%s' of size %lld but the operator "
              "needs a multiple of %lld; pad '%s' to one",
              call.desc.name, name, facts.name, size,
              static_cast<long long>(facts.multiple), facts.name);
}

gemel_status gemel::failMissingVariant(const Call &call) {
  Text given, built;
  addDtypes(given, call, call.dtypes);
  for (int32_t i = 0; i < call.op.variantCount; ++i) {
    const int32_t *dtypes = call.op.variants[i]->dtypes;
    bool isNew = true;
    for (int32_t j = 0; j < i && isNew; ++j)
      isNew =
          memcmp(dtypes, call.op.variants[j]->dtypes,
                 sizeof(int32_t) *
                     static_cast<size_t>(call.desc.dtype_variable_count)) != 0;
    if (!isNew)
      continue;
    built.add("%s", i ? " or " : "");
    addDtypes(built, call, dtypes);
  }
  return fail(GEMEL_MISSING_VARIANT,
              "%s: no variant for %s runs on device '%s', only for %s; pass "
              "arrays of those or build the library for these",
              call.desc.name, given.c_str(), call.op.device->name.get(),
              built.c_str());
}

gemel_status gemel::failTooLarge(const Call &call, int32_t index) {
  return fail(GEMEL_WRONG_SIZE,
              "%s: argument '%s' reaches beyond the end of memory; pass the "
              "sizes of the array that is there",
              call.desc.name, argumentName(call, index));
}

gemel_status gemel::failStride(const Call &call, int32_t index, int32_t d,
                               int64_t dense) {
  int32_t axis = call.desc.arguments[index].axes[d];
  return fail(GEMEL_WRONG_LAYOUT,
              "%s: argument '%s' has stride %lld on axis '%s' but dense "
              "row-major has %lld; pass a contiguous copy",
              call.desc.name, argumentName(call, index),
              static_cast<long long>(call.array(index).strides[d]),
              call.desc.axes[axis].name, static_cast<long long>(dense));
}

gemel_status gemel::failDevice(const Call &call, int32_t index) {
  return fail(GEMEL_WRONG_DEVICE,
              "%s: argument '%s' has device '%s' but the operator was resolved "
              "on this handle of '%s'; set the array's device to that, or "
              "resolve the operator on the array's",
              call.desc.name, argumentName(call, index),
              describeDevice(call.array(index).device),
              call.op.device->name.get());
}

gemel_status gemel::failNullData(const Call &call, int32_t index) {
  return fail(GEMEL_INVALID_ARGUMENT,
              "%s: argument '%s' is not empty but its data is null; pass its "
              "address",
              call.desc.name, argumentName(call, index));
}

gemel_status gemel::failAlignment(const Call &call, int32_t index,
                                  int32_t needed) {
  auto address = reinterpret_cast<uintptr_t>(call.array(index).data);
  return fail(GEMEL_MISALIGNED,
              "%s: argument '%s' is aligned to %lld bytes but must be to %d; "
              "pass an array that starts at such an address",
              call.desc.name, argumentName(call, index),
              static_cast<long long>(address & -address), needed);
}

gemel_status gemel::failOverlap(const Call &call, int32_t first,
                                int32_t second) {
  uintptr_t begin = call.begins[first] > call.begins[second]
                        ? call.begins[first]
                        : call.begins[second];
  uintptr_t end = call.ends[first] < call.ends[second] ? call.ends[first]
                                                       : call.ends[second];
  Text what;
  for (int32_t index : {first, second}) {
    const char *joint = index == second ? " and " : "";
    if (index == call.desc.argument_count)
      what.add("%sthe workspace", joint);
    else
      what.add("%s%s '%s'", joint, roleName(call.desc.arguments[index].role),
               argumentName(call, index));
  }
  return fail(GEMEL_OVERLAP,
              "%s: %s share %llu bytes but what is written may overlap no "
              "other array; pass memory of its own",
              call.desc.name, what.c_str(),
              static_cast<unsigned long long>(end - begin));
}

gemel_status gemel::failRequirement(const Call &call, int32_t requirement) {
  Text given;
  const char *joint = "";
  for (int32_t axis = 0; axis < call.desc.axis_count; ++axis, joint = ", ")
    given.add("%s%s = %lld", joint, call.desc.axes[axis].name,
              static_cast<long long>(call.sizes[axis]));
  for (int32_t i = 0; i < call.desc.argument_count; ++i) {
    if (!call.isScalar(i))
      continue;
    given.add("%s", joint);
    addScalar(given, call, i);
    joint = ", ";
  }
  return fail(GEMEL_REQUIREMENT_NOT_MET,
              "%s: the operator requires %s but the arguments give %s; pass "
              "arguments that meet it",
              call.desc.name,
              requirement < call.desc.require_count
                  ? call.desc.require_texts[requirement]
                  : "something its text does not name",
              given.c_str());
}
