/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The manifest of an operator library: plain constant tables that gemelc
 * writes (as object code or as C) and that the runtime and its users read.
 *
 * All strings are UTF-8, NUL-terminated, never null unless said. All counts
 * may be 0, in which case the pointer beside them may be null. Everything
 * lives as long as the library is loaded and is never written to.
 */
#ifndef GEMEL_LIBRARY_H
#define GEMEL_LIBRARY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever a table below changes; a library and a runtime of
 * different versions refuse each other. */
#define GEMEL_ABI_VERSION 6

/* First word of the manifest. */
#define GEMEL_MANIFEST_MAGIC 0x314c4d47u /* "GML1" */

/* Name of the exported manifest in a shared operator library. */
#define GEMEL_MANIFEST_SYMBOL "gemel_manifest"

/* Largest rank of an argument, largest number of axes and of arguments of one
 * operator. gemelc refuses more; the runtime relies on it for its stack
 * buffers. */
#define GEMEL_MAX_RANK 8
#define GEMEL_MAX_AXES 24
#define GEMEL_MAX_ARGUMENTS 32
#define GEMEL_MAX_WORKSPACES 64
#define GEMEL_MAX_DTYPE_VARIABLES 4

/* Element types of arguments. Storage: f32 4 bytes, bf16 and f16 2, i32 4,
 * i64 8, u8 1, i1 1 (0 or 1). */
typedef enum gemel_dtype {
  GEMEL_F32 = 1,
  GEMEL_BF16 = 2,
  GEMEL_F16 = 3,
  GEMEL_I32 = 4,
  GEMEL_I64 = 5,
  GEMEL_U8 = 6,
  GEMEL_I1 = 7
} gemel_dtype;

typedef enum gemel_role {
  GEMEL_INPUT = 1,  /* array, read */
  GEMEL_INOUT = 2,  /* array, read and written in place */
  GEMEL_RESULT = 3, /* array, written; may overlap no other argument */
  GEMEL_SCALAR = 4  /* by value: f32, i32 or i64; frozen into a graph */
} gemel_role;

/* What may be relied on for a result's bits. */
typedef enum gemel_class {
  GEMEL_EXACT = 1, /* the same bits on every target, plan and thread count */
  GEMEL_MATRIX = 2 /* the same bits on one target; others within tolerance */
} gemel_class;

/* A named axis and its facts, which a launch checks. */
typedef struct gemel_axis_desc {
  const char *name;
  int64_t fixed;    /* the size, or -1 if the launch gives it */
  int64_t multiple; /* the size is a multiple of this; 1 if not stated */
  int64_t maximum;  /* the largest size; INT64_MAX if not stated */
} gemel_axis_desc;

typedef struct gemel_dtype_variable_desc {
  const char *name;
} gemel_dtype_variable_desc;

typedef struct gemel_argument_desc {
  const char *name;
  int32_t role;           /* gemel_role */
  int32_t dtype;          /* gemel_dtype, or 0 where dtype_variable >= 0 */
  int32_t dtype_variable; /* index into the op's dtype variables, or -1 */
  int32_t result_class;   /* gemel_class for results and inouts, else 0 */
  int32_t rank;           /* 0 .. GEMEL_MAX_RANK */
  int32_t has_default;    /* scalars: 1 if the text gives a default */
  const int32_t *axes;    /* rank indices into the op's axes, memory order */
  double default_value;   /* scalars with a default */
} gemel_argument_desc;

/* A temporary array that launches of one variant hand to each other. Its
 * bytes: element_bytes times the product of the sizes of its axes, rounded up
 * to GEMEL_WORKSPACE_ALIGNMENT. */
#define GEMEL_WORKSPACE_ALIGNMENT 64
typedef struct gemel_workspace_desc {
  int32_t element_bytes;
  int32_t rank;
  const int32_t *axes; /* indices into the op's axes, then the variant's runs */
} gemel_workspace_desc;

/* An axis that a variant adds, for a reduction that crosses launches: the
 * aligned runs of `length` positions of some of the op's axes taken as one.
 * Its size: the product of theirs over length, rounded up. */
typedef struct gemel_runs_desc {
  int32_t length; /* >= 1 */
  int32_t rank;
  const int32_t *axes; /* indices into the op's axes */
} gemel_runs_desc;

/* A kernel of the cpu target does work items [begin, end) of one launch.
 * pointers: the op's array arguments in argument order (scalars: null), then
 * the variant's workspaces. sizes: one per axis of the op, then one per runs
 * of the variant. scalars: one 8-byte slot per argument, holding by-value
 * scalars (f32 and i32 in the low four bytes). Thread-safe for disjoint ranges;
 * the caller has set the float environment (nearest-even, subnormals kept,
 * exceptions masked). */
typedef void (*gemel_cpu_kernel)(void *const *pointers, const int64_t *sizes,
                                 const uint64_t *scalars, int64_t begin,
                                 int64_t end);

/* One axis of a launch's iteration space, cut into steps. */
typedef struct gemel_work_desc {
  int32_t axis; /* index into the op's axes, then the variant's runs */
  int32_t step; /* >= 1; the last piece may be short */
} gemel_work_desc;

/* What of an Ascend chip runs a kernel. The code of a target is loaded as that
 * of the unit of all its launches, as GEMEL_UNIT_DEFAULT's if they differ. */
typedef enum gemel_unit {
  GEMEL_UNIT_DEFAULT = 0, /* cores that are not split; other devices */
  GEMEL_UNIT_VECTOR = 1,  /* vector cores (AIV); a block is one of them */
  GEMEL_UNIT_CUBE = 2,    /* cube cores (AIC); a block is one of them */
  /* Groups of a cube core and its vector cores; a block is one group. Before
   * all other slots the kernel takes the address of the hardware's signals
   * between cores (set_ffts_base_addr). */
  GEMEL_UNIT_MIXED = 3
} gemel_unit;

/* The most blocks of a launch where they have no threads. */
#define GEMEL_MAX_BLOCKS 65535

/* One launch of one variant. Work items: the product over `work` of
 * ceil(size / step), row-major; 1 if there is no axis.
 *
 * A kernel of a device target is found by name in the op's code. It takes
 * 8-byte slots, as one array of them (CUDA) or as a parameter each (Ascend):
 * for each of the op's arguments the address of an array, or a by-value scalar
 * (f32 and i32 in the low four bytes); then the addresses of the variant's
 * workspaces; then one size per axis of the op and per runs of the variant;
 * then the number of work items. A block of `threads` threads does `grain` work
 * items, in order of their numbers.
 *
 * Where blocks have no threads (Ascend), `blocks` is the most that run side by
 * side, or 0. A launch starts min(blocks, P) of them, where P is the number of
 * pieces of `grain` work items, all P where `blocks` is 0; block b of B does
 * the pieces b, b + B, b + 2 B, ... */
typedef struct gemel_launch_desc {
  const char *name;     /* group name, as --explain prints it */
  gemel_cpu_kernel cpu; /* null for other targets */
  int32_t work_count;
  const gemel_work_desc *work;
  int64_t grain; /* cpu: fewest work items worth handing to another thread */
  const char *kernel;   /* null for the cpu target */
  int32_t threads;      /* 1 where the device has none */
  int32_t shared_bytes; /* of a block, beside what the code itself declares */
  int32_t blocks;       /* Ascend: 0 .. GEMEL_MAX_BLOCKS; else 0 */
  int32_t unit;         /* gemel_unit */
  /* CUDA: 1 if every thread of the kernel waits for the launch before it on the
   * stream (PTX ISA, griddepcontrol.wait) ahead of the first access to global
   * memory, so that the kernel may start while that one ends. */
  int32_t waits;
} gemel_launch_desc;

/* What a variant relies on beside the facts of the op's axes: a launch takes
 * the first variant whose facts hold. */
typedef struct gemel_fact_desc {
  int32_t axis;     /* index into the op's axes */
  int64_t multiple; /* the size is a multiple of this, >= 1 */
  int64_t maximum;  /* the largest size */
} gemel_fact_desc;

typedef enum gemel_code_kind {
  GEMEL_PTX = 1,   /* text, ended by a NUL; the driver compiles it */
  GEMEL_CUBIN = 2, /* for exactly the chip of the target */
  /* CCE C, ended by a NUL, where ccec was not there to compile it: for people
   * and tools, no device loads it. */
  GEMEL_CCE = 3,
  GEMEL_ASCEND_ELF = 4 /* linked object of ccec for the target's chip family */
} gemel_code_kind;

/* Code of an op's kernels for one device target. */
typedef struct gemel_code_desc {
  const char *target;
  int32_t kind;  /* gemel_code_kind */
  int64_t bytes; /* without the NUL of a text */
  const void *data;
} gemel_code_desc;

/* The code of an op for one target and one binding of its dtype variables. */
typedef struct gemel_variant_desc {
  const char *target;    /* as --target spelled it: "cpu", "cpu-v4", ... */
  const int32_t *dtypes; /* gemel_dtype per dtype variable */
  int32_t alignment;     /* bytes that base addresses must be aligned to */
  int32_t runs_count;    /* with the op's axes at most GEMEL_MAX_AXES */
  const gemel_runs_desc *runs;
  int32_t workspace_count;
  const gemel_workspace_desc *workspaces;
  int32_t launch_count; /* run in order; each sees what the last one wrote */
  const gemel_launch_desc *launches;
  int32_t fact_count; /* at most GEMEL_MAX_AXES */
  const gemel_fact_desc *facts;
} gemel_variant_desc;

typedef struct gemel_op_desc {
  const char *name;
  const char *source; /* "file:line" of the operator's text */
  int32_t axis_count;
  const gemel_axis_desc *axes;
  int32_t dtype_variable_count;
  const gemel_dtype_variable_desc *dtype_variables;
  int32_t argument_count; /* parameters in header order, then results */
  const gemel_argument_desc *arguments;
  int32_t variant_count;
  const gemel_variant_desc *variants;
  /* `require` statements that only a launch can decide: returns the index of
   * the first that does not hold, or -1. Null if there is none. sizes and
   * scalars as for a kernel. */
  int32_t (*require)(const int64_t *sizes, const uint64_t *scalars);
  int32_t require_count;
  const char *const *require_texts; /* as the operator's text spells them */
  int32_t code_count;               /* of one target: the better one first */
  const gemel_code_desc *code;
} gemel_op_desc;

/* A gradient by name: `of` the argument it is the gradient of, `name` the
 * argument that holds it. */
typedef struct gemel_gradient_desc {
  const char *of;
  const char *name;
} gemel_gradient_desc;

/* What trains together: an operator and what gemelc derived of it, each by its
 * index in the manifest's ops. */
typedef struct gemel_pair_desc {
  int32_t forward;
  /* The forward with the saved values as its last results, the same bits;
   * the forward itself where nothing is saved. */
  int32_t training;
  int32_t backward;   /* its results are the gradients */
  int32_t accumulate; /* adds the gradients to inout f32 arrays */
  int32_t saved_count;
  const char *const *saved; /* results of training, inputs of backward */
  int32_t incoming_count;
  const gemel_gradient_desc *incoming; /* of results of forward: inputs of
                                          backward, those that it needs */
  int32_t gradient_count;
  const gemel_gradient_desc *gradients; /* of parameters of forward: results
                                           of backward, in its order */
} gemel_pair_desc;

typedef struct gemel_manifest_desc {
  uint32_t magic;       /* GEMEL_MANIFEST_MAGIC */
  uint32_t abi_version; /* GEMEL_ABI_VERSION */
  const char *compiler; /* name and version of the gemelc that wrote it */
  int32_t op_count;
  const gemel_op_desc *ops;
  int32_t pair_count;
  const gemel_pair_desc *pairs;
} gemel_manifest_desc;

/* A shared library file ends in this trailer, so that damage is seen before
 * the loader touches the file. checksum: FNV-1a, 64 bits, over the file_bytes
 * bytes before the trailer. Little-endian. */
#define GEMEL_TRAILER_MAGIC "GEMELLIB"
typedef struct gemel_trailer {
  char magic[8];
  uint64_t file_bytes;
  uint64_t checksum;
} gemel_trailer;

#ifdef __cplusplus
}
#endif
#endif /* GEMEL_LIBRARY_H */
