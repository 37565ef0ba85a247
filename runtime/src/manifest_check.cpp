// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The walk that verifies a manifest, so that a launch may trust its tables.
#include "launch.h"
#include "status.h"

#include <cstring>

using namespace gemel;

namespace {

// More than any operator has; a table this long is a wild number.
constexpr int32_t kMaxEntries = 65536;
constexpr int32_t kMaxAlignment = 4096;

/// Where the walk is, for sentences; and its verdict.
class Walk {
public:
  explicit Walk(const char *what) : what(what) {}

  gemel_status manifest(const gemel_manifest_desc &manifest);

private:
  bool op(const gemel_op_desc &op);
  bool axis(const gemel_op_desc &op, int32_t index);
  bool argument(const gemel_op_desc &op, int32_t index);
  bool scalar(const gemel_argument_desc &argument);
  bool bindings(const gemel_op_desc &op);
  bool variant(const gemel_op_desc &op, int32_t index);
  bool runs(const gemel_op_desc &op, const gemel_variant_desc &variant);
  bool facts(const gemel_op_desc &op, const gemel_variant_desc &variant);
  bool code(const gemel_op_desc &op, int32_t index);
  bool workspace(int32_t axisCount, const gemel_workspace_desc &desc);
  bool launch(const gemel_op_desc &op, const gemel_variant_desc &variant,
              const gemel_launch_desc &launch);
  bool require(const gemel_op_desc &op);
  bool pair(const gemel_manifest_desc &manifest, const gemel_pair_desc &pair);
  bool axes(int32_t axisCount, const int32_t *axes, int32_t rank,
            int32_t maxRank);
  bool list(const char *name, int64_t count, int32_t limit, const void *list);
  bool string(const char *name, const char *string);

  /// Reports what breaks a rule; false.
  [[gnu::format(printf, 2, 3)]] bool damaged(const char *format, ...);

  const char *what;
  const char *opName = nullptr;
  /// "argument", "axis", "variant", "launch" and its index; -1: the op itself.
  const char *part = "";
  int32_t partIndex = -1;
};

bool Walk::damaged(const char *format, ...) {
  Text text;
  va_list arguments;
  va_start(arguments, format);
  text.addV(format, arguments);
  va_end(arguments);
  Text place;
  if (opName)
    place.add("op '%s', ", opName);
  if (partIndex >= 0)
    place.add("%s %d, ", part, partIndex);
  fail(GEMEL_DAMAGED_LIBRARY,
       "%s: damaged manifest: %s%s; build the library again with gemelc", what,
       place.c_str(), text.c_str());
  return false;
}

bool Walk::list(const char *name, int64_t count, int32_t limit,
                const void *list) {
  if (count < 0 || count > limit)
    return damaged("the number of %s is %lld, not in 0 .. %d", name,
                   static_cast<long long>(count), limit);
  if (count > 0 && !list)
    return damaged("the table of %s is null", name);
  return true;
}

bool Walk::string(const char *name, const char *string) {
  return string || damaged("its %s is null", name);
}

bool Walk::axes(int32_t axisCount, const int32_t *axes, int32_t rank,
                int32_t maxRank) {
  if (!list("axes", rank, maxRank, axes))
    return false;
  for (int32_t i = 0; i < rank; ++i)
    if (axes[i] < 0 || axes[i] >= axisCount)
      return damaged("it names axis %d of %d", axes[i], axisCount);
  return true;
}

bool Walk::axis(const gemel_op_desc &op, int32_t index) {
  part = "axis", partIndex = index;
  const gemel_axis_desc &axis = op.axes[index];
  if (!string("name", axis.name))
    return false;
  if (axis.fixed < -1 || axis.fixed > kMaxSize)
    return damaged("its fixed size %lld is not in -1 .. 2^31-1",
                   static_cast<long long>(axis.fixed));
  if (axis.multiple < 1)
    return damaged("its multiple %lld is less than 1",
                   static_cast<long long>(axis.multiple));
  if (axis.maximum < 0)
    return damaged("its maximum %lld is negative",
                   static_cast<long long>(axis.maximum));
  if (axis.fixed > axis.maximum ||
      (axis.fixed >= 0 && axis.fixed % axis.multiple != 0))
    return damaged("its fixed size %lld breaks its own multiple or maximum",
                   static_cast<long long>(axis.fixed));
  return true;
}

bool Walk::scalar(const gemel_argument_desc &argument) {
  if (argument.dtype != GEMEL_F32 && argument.dtype != GEMEL_I32 &&
      argument.dtype != GEMEL_I64)
    return damaged("a scalar's dtype is %d, neither f32, i32 nor i64",
                   argument.dtype);
  if (argument.dtype_variable != -1)
    return damaged("a scalar has a dtype variable");
  if (argument.rank != 0)
    return damaged("a scalar has rank %d", argument.rank);
  if (!argument.has_default || argument.dtype == GEMEL_F32)
    return true;
  // Both ends are exact doubles; the comparison also refuses NaN.
  double value = argument.default_value;
  double end = argument.dtype == GEMEL_I32 ? 0x1p31 : 0x1p63;
  if (!(value >= -end && value < end) ||
      static_cast<double>(static_cast<int64_t>(value)) != value)
    return damaged("its default %g is no %s", value,
                   gemel_dtype_name(argument.dtype));
  return true;
}

bool Walk::argument(const gemel_op_desc &op, int32_t index) {
  part = "argument", partIndex = index;
  const gemel_argument_desc &argument = op.arguments[index];
  if (!string("name", argument.name))
    return false;
  if (argument.role < GEMEL_INPUT || argument.role > GEMEL_SCALAR)
    return damaged("its role %d is no gemel_role", argument.role);
  if (argument.has_default != 0 && argument.has_default != 1)
    return damaged("has_default is %d, not 0 or 1", argument.has_default);
  if (!axes(op.axis_count, argument.axes, argument.rank, GEMEL_MAX_RANK))
    return false;
  bool written = argument.role == GEMEL_INOUT || argument.role == GEMEL_RESULT;
  bool classed = argument.result_class == GEMEL_EXACT ||
                 argument.result_class == GEMEL_MATRIX;
  if (written ? !classed : argument.result_class != 0)
    return damaged("its result class %d does not fit its role",
                   argument.result_class);
  if (argument.role == GEMEL_SCALAR)
    return scalar(argument);

  if (argument.has_default)
    return damaged("an array has a default");
  if (argument.dtype_variable < -1 ||
      argument.dtype_variable >= op.dtype_variable_count)
    return damaged("it names dtype variable %d of %d", argument.dtype_variable,
                   op.dtype_variable_count);
  if (argument.dtype_variable >= 0 ? argument.dtype != 0
                                   : gemel_dtype_bytes(argument.dtype) == 0)
    return damaged("its dtype %d does not fit its dtype variable %d",
                   argument.dtype, argument.dtype_variable);
  return true;
}

/// Each axis gets a size and each dtype variable a dtype from somewhere.
bool Walk::bindings(const gemel_op_desc &op) {
  bool hasSize[GEMEL_MAX_AXES] = {}, hasDtype[GEMEL_MAX_DTYPE_VARIABLES] = {};
  for (int32_t i = 0; i < op.argument_count; ++i) {
    const gemel_argument_desc &argument = op.arguments[i];
    for (int32_t d = 0; d < argument.rank; ++d)
      hasSize[argument.axes[d]] = true;
    if (argument.dtype_variable >= 0)
      hasDtype[argument.dtype_variable] = true;
  }
  part = "axis";
  for (partIndex = 0; partIndex < op.axis_count; ++partIndex)
    if (!hasSize[partIndex] && op.axes[partIndex].fixed < 0)
      return damaged("it is not fixed and no argument has it");
  part = "dtype variable";
  for (partIndex = 0; partIndex < op.dtype_variable_count; ++partIndex)
    if (!hasDtype[partIndex])
      return damaged("no argument has it");
  return true;
}

bool Walk::runs(const gemel_op_desc &op, const gemel_variant_desc &variant) {
  if (!list("runs", variant.runs_count, GEMEL_MAX_AXES - op.axis_count,
            variant.runs))
    return false;
  for (int32_t i = 0; i < variant.runs_count; ++i) {
    const gemel_runs_desc &desc = variant.runs[i];
    if (desc.length < 1)
      return damaged("runs have length %d, less than 1", desc.length);
    if (!axes(op.axis_count, desc.axes, desc.rank, GEMEL_MAX_AXES))
      return false;
  }
  return true;
}

bool Walk::facts(const gemel_op_desc &op, const gemel_variant_desc &variant) {
  if (!list("facts", variant.fact_count, GEMEL_MAX_AXES, variant.facts))
    return false;
  for (int32_t i = 0; i < variant.fact_count; ++i) {
    const gemel_fact_desc &fact = variant.facts[i];
    if (fact.axis < 0 || fact.axis >= op.axis_count)
      return damaged("a fact names axis %d of %d", fact.axis, op.axis_count);
    if (fact.multiple < 1)
      return damaged("a fact's multiple %lld is less than 1",
                     static_cast<long long>(fact.multiple));
  }
  return true;
}

bool Walk::code(const gemel_op_desc &op, int32_t index) {
  part = "code", partIndex = index;
  const gemel_code_desc &code = op.code[index];
  if (!string("target", code.target))
    return false;
  if (code.kind < GEMEL_PTX || code.kind > GEMEL_ASCEND_ELF)
    return damaged("its kind %d is no gemel_code_kind", code.kind);
  if (code.bytes < 1 || !code.data)
    return damaged("it has %lld bytes at %p",
                   static_cast<long long>(code.bytes), code.data);
  if ((code.kind == GEMEL_PTX || code.kind == GEMEL_CCE) &&
      static_cast<const char *>(code.data)[code.bytes] != '\0')
    return damaged("its text is not ended by a NUL");
  return true;
}

bool Walk::workspace(int32_t axisCount, const gemel_workspace_desc &desc) {
  if (desc.element_bytes < 1)
    return damaged("a workspace's element has %d bytes", desc.element_bytes);
  return axes(axisCount, desc.axes, desc.rank, GEMEL_MAX_AXES);
}

bool Walk::launch(const gemel_op_desc &op, const gemel_variant_desc &variant,
                  const gemel_launch_desc &launch) {
  if (!string("launch's name", launch.name))
    return false;
  bool isCpu = strncmp(variant.target, "cpu", 3) == 0 &&
               (variant.target[3] == '\0' || variant.target[3] == '-');
  if (isCpu ? !launch.cpu : !launch.kernel)
    return damaged("launch '%s' has no kernel", launch.name);
  if (!isCpu && (launch.threads < 1 || launch.shared_bytes < 0))
    return damaged("launch '%s' has blocks of %d threads and %d bytes",
                   launch.name, launch.threads, launch.shared_bytes);
  if (launch.blocks < 0 || launch.blocks > GEMEL_MAX_BLOCKS)
    return damaged("launch '%s' has %d blocks side by side, not 0 .. %d",
                   launch.name, launch.blocks, GEMEL_MAX_BLOCKS);
  if (launch.waits != 0 && launch.waits != 1)
    return damaged("launch '%s' waits %d times, neither 0 nor 1", launch.name,
                   launch.waits);
  if (launch.unit < GEMEL_UNIT_DEFAULT || launch.unit > GEMEL_UNIT_MIXED)
    return damaged("launch '%s' has unit %d, no gemel_unit", launch.name,
                   launch.unit);
  if (launch.grain < 1)
    return damaged("launch '%s' has grain %lld, less than 1", launch.name,
                   static_cast<long long>(launch.grain));
  if (!list("work axes", launch.work_count, GEMEL_MAX_AXES, launch.work))
    return false;
  for (int32_t i = 0; i < launch.work_count; ++i) {
    const gemel_work_desc &work = launch.work[i];
    int32_t axisCount = op.axis_count + variant.runs_count;
    if (work.axis < 0 || work.axis >= axisCount)
      return damaged("launch '%s' names axis %d of %d", launch.name, work.axis,
                     axisCount);
    if (work.step < 1)
      return damaged("launch '%s' has step %d, less than 1", launch.name,
                     work.step);
  }
  return true;
}

bool Walk::variant(const gemel_op_desc &op, int32_t index) {
  part = "variant", partIndex = index;
  const gemel_variant_desc &variant = op.variants[index];
  if (!string("target", variant.target) ||
      !list("dtypes", op.dtype_variable_count, GEMEL_MAX_DTYPE_VARIABLES,
            variant.dtypes))
    return false;
  for (int32_t i = 0; i < op.dtype_variable_count; ++i)
    if (gemel_dtype_bytes(variant.dtypes[i]) == 0)
      return damaged("dtype %d is no gemel_dtype", variant.dtypes[i]);
  int32_t alignment = variant.alignment;
  if (alignment < 1 || alignment > kMaxAlignment ||
      (alignment & (alignment - 1)) != 0)
    return damaged("its alignment %d is no power of two in 1 .. %d", alignment,
                   kMaxAlignment);
  if (!runs(op, variant) || !facts(op, variant) ||
      !list("workspaces", variant.workspace_count, GEMEL_MAX_WORKSPACES,
            variant.workspaces) ||
      !list("launches", variant.launch_count, kMaxEntries, variant.launches))
    return false;
  for (int32_t i = 0; i < variant.workspace_count; ++i)
    if (!workspace(op.axis_count + variant.runs_count, variant.workspaces[i]))
      return false;
  for (int32_t i = 0; i < variant.launch_count; ++i)
    if (!launch(op, variant, variant.launches[i]))
      return false;
  return true;
}

bool Walk::require(const gemel_op_desc &op) {
  if (!list("requirements", op.require_count, kMaxEntries, op.require_texts))
    return false;
  if ((op.require != nullptr) != (op.require_count > 0))
    return damaged("it has %d requirements and %s function that decides them",
                   op.require_count, op.require ? "a" : "no");
  for (int32_t i = 0; i < op.require_count; ++i)
    if (!op.require_texts[i])
      return damaged("the text of requirement %d is null", i);
  return true;
}

bool Walk::op(const gemel_op_desc &op) {
  opName = op.name;
  part = "", partIndex = -1;
  if (!string("source", op.source) ||
      !list("axes", op.axis_count, GEMEL_MAX_AXES, op.axes) ||
      !list("dtype variables", op.dtype_variable_count,
            GEMEL_MAX_DTYPE_VARIABLES, op.dtype_variables) ||
      !list("arguments", op.argument_count, GEMEL_MAX_ARGUMENTS,
            op.arguments) ||
      !list("variants", op.variant_count, kMaxEntries, op.variants) ||
      !list("code", op.code_count, kMaxEntries, op.code) || !require(op))
    return false;
  for (int32_t i = 0; i < op.dtype_variable_count; ++i)
    if (!string("dtype variable's name", op.dtype_variables[i].name))
      return false;
  for (int32_t i = 0; i < op.axis_count; ++i)
    if (!axis(op, i))
      return false;
  for (int32_t i = 0; i < op.argument_count; ++i)
    if (!argument(op, i))
      return false;
  if (!bindings(op))
    return false;
  for (int32_t i = 0; i < op.variant_count; ++i)
    if (!variant(op, i))
      return false;
  for (int32_t i = 0; i < op.code_count; ++i)
    if (!code(op, i))
      return false;
  return true;
}

bool Walk::pair(const gemel_manifest_desc &manifest,
                const gemel_pair_desc &pair) {
  struct {
    const char *role;
    int32_t index;
  } ops[] = {{"forward", pair.forward},
             {"training", pair.training},
             {"backward", pair.backward},
             {"accumulate", pair.accumulate}};
  for (auto [role, index] : ops)
    if (index < 0 || index >= manifest.op_count)
      return damaged("its %s is op %d of %d", role, index, manifest.op_count);
  if (!list("saved values", pair.saved_count, GEMEL_MAX_ARGUMENTS,
            pair.saved) ||
      !list("incoming gradients", pair.incoming_count, GEMEL_MAX_ARGUMENTS,
            pair.incoming) ||
      !list("gradients", pair.gradient_count, GEMEL_MAX_ARGUMENTS,
            pair.gradients))
    return false;
  for (int32_t i = 0; i < pair.saved_count; ++i)
    if (!string("saved value's name", pair.saved[i]))
      return false;
  auto names = [&](const gemel_gradient_desc *gradients, int32_t count) {
    for (int32_t i = 0; i < count; ++i)
      if (!string("gradient's name", gradients[i].name) ||
          !string("gradient's argument", gradients[i].of))
        return false;
    return true;
  };
  return names(pair.incoming, pair.incoming_count) &&
         names(pair.gradients, pair.gradient_count);
}

gemel_status Walk::manifest(const gemel_manifest_desc &manifest) {
  if (manifest.magic != GEMEL_MANIFEST_MAGIC) {
    damaged("its first word is 0x%08x, not 0x%08x", manifest.magic,
            GEMEL_MANIFEST_MAGIC);
    return GEMEL_DAMAGED_LIBRARY;
  }
  if (manifest.abi_version != GEMEL_ABI_VERSION)
    return fail(GEMEL_ABI_MISMATCH,
                "%s: the library has ABI version %u but this runtime has %u; "
                "build the library with the gemelc of this runtime",
                what, manifest.abi_version, GEMEL_ABI_VERSION);
  if (!string("compiler", manifest.compiler) ||
      !list("ops", manifest.op_count, kMaxEntries, manifest.ops))
    return GEMEL_DAMAGED_LIBRARY;
  for (int32_t i = 0; i < manifest.op_count; ++i) {
    part = "op", partIndex = i, opName = nullptr;
    if (!string("name", manifest.ops[i].name))
      return GEMEL_DAMAGED_LIBRARY;
    for (int32_t j = 0; j < i; ++j)
      if (strcmp(manifest.ops[i].name, manifest.ops[j].name) == 0) {
        damaged("op %d has the same name, '%s'", j, manifest.ops[i].name);
        return GEMEL_DAMAGED_LIBRARY;
      }
    if (!op(manifest.ops[i]))
      return GEMEL_DAMAGED_LIBRARY;
  }
  opName = nullptr, part = "pair", partIndex = -1;
  if (!list("pairs", manifest.pair_count, kMaxEntries, manifest.pairs))
    return GEMEL_DAMAGED_LIBRARY;
  for (partIndex = 0; partIndex < manifest.pair_count; ++partIndex)
    if (!pair(manifest, manifest.pairs[partIndex]))
      return GEMEL_DAMAGED_LIBRARY;
  return GEMEL_OK;
}

} // namespace

gemel_status gemel::checkManifest(const gemel_manifest_desc &manifest,
                                  const char *what) {
  return Walk(what).manifest(manifest);
}
