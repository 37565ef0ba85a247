/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The runtime's C ABI: open a device, open an operator library, launch.
 *
 * Ownership: the caller owns devices and libraries that it opened, all arrays,
 * workspaces and streams. A launch keeps no pointer that it was given.
 *
 * Threads: every function may be called from any thread at any time, on the
 * same handles too, except that a handle must not be in use while it is closed
 * nor be used after that. A forked child may launch on handles of its parent.
 *
 * Errors: a function that can fail returns a gemel_status. If that is not
 * GEMEL_OK, nothing has happened: outputs hold what they held before, and
 * gemel_last_error() has a sentence for it. No function prints, exits, or
 * throws. Each function lists what it returns besides GEMEL_OK.
 */
#ifndef GEMEL_RUNTIME_H
#define GEMEL_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#include <gemel/library.h>

#if defined(__GNUC__)
#define GEMEL_API __attribute__((visibility("default")))
#else
#define GEMEL_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --- Status ------------------------------------------------------------- */

/* New ones are added at the end; treat an unknown one as a failure. */
typedef enum gemel_status {
  GEMEL_OK = 0,
  GEMEL_INVALID_ARGUMENT = 1,     /* null, a wrong count, a bad name */
  GEMEL_WRONG_DTYPE = 2,          /* an element type differs */
  GEMEL_WRONG_RANK = 3,           /* a number of axes differs */
  GEMEL_WRONG_SIZE = 4,           /* an axis' size or a fact about it differs */
  GEMEL_WRONG_LAYOUT = 5,         /* strides are not dense row-major */
  GEMEL_MISALIGNED = 6,           /* an address is not aligned enough */
  GEMEL_OVERLAP = 7,              /* something written shares memory */
  GEMEL_WRONG_DEVICE = 8,         /* an array or a stream of another device */
  GEMEL_MISSING_VARIANT = 9,      /* built neither for this target nor dtype */
  GEMEL_REQUIREMENT_NOT_MET = 10, /* a `require` of the operator fails */
  GEMEL_WORKSPACE_TOO_SMALL = 11,
  GEMEL_DAMAGED_LIBRARY = 12, /* truncated, altered, or no library at all */
  GEMEL_ABI_MISMATCH = 13,    /* library and runtime of other versions */
  GEMEL_NOT_FOUND = 14,       /* no such file, operator or device */
  GEMEL_OUT_OF_MEMORY = 15,   /* of the host: memory or threads */
  GEMEL_UNSUPPORTED = 16,     /* not with this build, machine or device */
  GEMEL_DEVICE_ERROR = 17     /* the device or its driver reports an error */
} gemel_status;

/* "GEMEL_OK", ...; "unknown status" for other numbers. Static. */
GEMEL_API const char *gemel_status_name(gemel_status status);

/* The sentence of this thread's latest failure: the operator, the argument,
 * the two things that disagree, and a way out. UTF-8, never null, "" before
 * the first failure. Valid until this thread's next failure; a success leaves
 * it alone. At most 1023 bytes. */
GEMEL_API const char *gemel_last_error(void);

/* GEMEL_ABI_VERSION that this runtime was built with. */
GEMEL_API uint32_t gemel_abi_version(void);

/* --- Element types ------------------------------------------------------- */

/* Bytes of one element; 0 if `dtype` is no gemel_dtype. */
GEMEL_API int32_t gemel_dtype_bytes(int32_t dtype);

/* "f32", "bf16", ...; "unknown" if `dtype` is no gemel_dtype. Static. */
GEMEL_API const char *gemel_dtype_name(int32_t dtype);

/* --- Devices -------------------------------------------------------------- */

typedef struct gemel_device gemel_device;

/* A native stream of a device. */
typedef void *gemel_stream;

/* Opens a device. name: "cpu" works with one thread for each core that this
 * process may run on (its affinity mask), "cpu:N" with N threads, 1 to 1024;
 * the launching thread is one of the N, the others are started here, sleep
 * between launches and have all signals blocked. "cuda:N" is the N-th device
 * of CUDA's driver, "cuda" the first: libcuda.so.1 is opened here, or what
 * GEMEL_CUDA_DRIVER names, and the device's primary context is kept.
 * "ascend:N" is the N-th device of CANN's ACL, "ascend" the first: an Ascend
 * 910B or one of the two of a 910C. libascendcl.so is opened here, or what
 * GEMEL_ASCEND_DRIVER names, and initialised unless a host framework has; it is
 * never ended, nor is the device ever reset. A thread's current context stays
 * what it was, except that a thread that has none keeps the device's default
 * context. Two opens give two devices, even of one name. *device: the new
 * handle, for gemel_device_close.
 *   GEMEL_INVALID_ARGUMENT  name or device is null; N is not in 1 .. 1024, or
 *                           no number of a chip
 *   GEMEL_NOT_FOUND         no driver has this name; there is no chip N
 *   GEMEL_UNSUPPORTED       the vendor's driver is not on this machine or too
 *                           old, or no code runs on this processor or chip
 *   GEMEL_DEVICE_ERROR      the vendor's driver fails
 *   GEMEL_OUT_OF_MEMORY     no memory for it, or a thread did not start */
GEMEL_API gemel_status gemel_device_open(const char *name,
                                         gemel_device **device);

/* Gives the handle back; null is allowed. Libraries that resolved operators
 * on it keep the device itself (not this handle) until they are closed, so
 * either may be closed first. */
GEMEL_API void gemel_device_close(gemel_device *device);

/* The name it was opened by; lives as long as the device. Null: "". */
GEMEL_API const char *gemel_device_name(const gemel_device *device);

/* Threads that one launch may use, the caller among them; 0 where that means
 * nothing, and for null. */
GEMEL_API int32_t gemel_device_thread_count(const gemel_device *device);

/* The stream to launch on where a device has just one: cpu. Null for other
 * devices, whose streams are the vendor's, and for null. Owned by the
 * device. */
GEMEL_API gemel_stream gemel_device_stream(const gemel_device *device);

/* --- Memory and streams --------------------------------------------------- */

/* For callers that have none of their own: a program on these functions runs
 * on every device. Memory and streams of the vendor's API do as well in
 * launches. All fail with GEMEL_INVALID_ARGUMENT where a pointer is null that
 * may not be, and with GEMEL_DEVICE_ERROR where the vendor's driver fails. */

/* `bytes` bytes of the device, aligned to 256, contents undefined; null where
 * bytes is 0. *memory: for gemel_memory_free. May synchronise the device.
 *   GEMEL_OUT_OF_MEMORY  there is no room for them */
GEMEL_API gemel_status gemel_memory_allocate(gemel_device *device, size_t bytes,
                                             void **memory);

/* Gives it back; null is allowed. Nothing enqueued may still use it. */
GEMEL_API void gemel_memory_free(gemel_device *device, void *memory);

/* Enqueues a copy of bytes between memory of the device and of the host, in
 * whichever direction the addresses say. Memory of the host must stay until the
 * stream has been synchronised. */
GEMEL_API gemel_status gemel_memory_copy(gemel_device *device, void *to,
                                         const void *from, size_t bytes,
                                         gemel_stream stream);

/* Enqueues that all bytes become `byte`. */
GEMEL_API gemel_status gemel_memory_fill(gemel_device *device, void *memory,
                                         uint8_t byte, size_t bytes,
                                         gemel_stream stream);

/* A new stream; on cpu, gemel_device_stream(device). */
GEMEL_API gemel_status gemel_stream_create(gemel_device *device,
                                           gemel_stream *stream);

/* What is enqueued is completed; only on ascend does this wait for it. */
GEMEL_API void gemel_stream_destroy(gemel_device *device, gemel_stream stream);

/* Waits until all that was enqueued is complete. What a kernel did wrong is
 * reported here, or by a later call. */
GEMEL_API gemel_status gemel_stream_synchronize(gemel_device *device,
                                                gemel_stream stream);

/* --- Libraries ------------------------------------------------------------ */

typedef struct gemel_library gemel_library;

/* Opens an operator library file. Its trailer's checksum is verified before
 * the loader sees the file, its tables before anything reads them. A path
 * without a slash is a file of the working directory; the loader's search path
 * is never used. A path that is already open is opened once more (counted),
 * even if the file was replaced since. *library: for gemel_library_close.
 *   GEMEL_INVALID_ARGUMENT  path or library is null
 *   GEMEL_NOT_FOUND         the file cannot be opened or read
 *   GEMEL_DAMAGED_LIBRARY   too short, no trailer, checksum differs, the loader
 *                           refuses it, no manifest, a table breaks a rule of
 *                           gemel/library.h
 *   GEMEL_ABI_MISMATCH      its ABI version is not gemel_abi_version()
 *   GEMEL_UNSUPPORTED       made for another processor
 *   GEMEL_OUT_OF_MEMORY     no memory for the handle */
GEMEL_API gemel_status gemel_library_open(const char *path,
                                          gemel_library **library);

/* The same for a library linked into the program. manifest and all it points
 * to: read until the library is closed, not copied.
 *   GEMEL_INVALID_ARGUMENT  manifest or library is null
 *   GEMEL_DAMAGED_LIBRARY, GEMEL_ABI_MISMATCH, GEMEL_OUT_OF_MEMORY  as above */
GEMEL_API gemel_status gemel_library_from_manifest(
    const gemel_manifest_desc *manifest, gemel_library **library);

/* Unloads the library with all operators resolved from it; null is allowed. */
GEMEL_API void gemel_library_close(gemel_library *library);

/* The verified manifest, for reading; lives as long as the library. Null for
 * null. */
GEMEL_API const gemel_manifest_desc *
gemel_library_manifest(const gemel_library *library);

/* --- Operators ------------------------------------------------------------ */

/* An operator of a library resolved on a device. */
typedef struct gemel_op gemel_op;

/* Resolves the operator `name` on a device and loads its code there, so that no
 * launch has to; do it once, not per launch. *op belongs to the library and
 * lives as long as it; the same three arguments give the same op. Takes a lock
 * of the library.
 *   GEMEL_INVALID_ARGUMENT  an argument is null
 *   GEMEL_NOT_FOUND         the library has no operator of this name
 *   GEMEL_MISSING_VARIANT   none of its variants runs on this device
 *   GEMEL_UNSUPPORTED       the library has only text for this device, which
 * its driver does not compile (CCE C) GEMEL_DEVICE_ERROR      the vendor's
 * driver does not take its code GEMEL_OUT_OF_MEMORY     no memory for the
 * handle */
GEMEL_API gemel_status gemel_library_op(gemel_library *library,
                                        gemel_device *device, const char *name,
                                        const gemel_op **op);

/* What is worth knowing of how the operator was loaded, such as that the driver
 * compiled it; "" if nothing is. Lives as long as the op. */
GEMEL_API const char *gemel_op_note(const gemel_op *op);

/* The operator's table in the manifest. Null for null. */
GEMEL_API const gemel_op_desc *gemel_op_description(const gemel_op *op);

/* The training pair that operator `name` is the forward of: which operators
 * are its training variant and its backward, which values are saved. Lives as
 * long as the library. Errors: GEMEL_INVALID_ARGUMENT, GEMEL_NOT_FOUND. */
GEMEL_API gemel_status gemel_library_pair(const gemel_library *library,
                                          const char *name,
                                          const gemel_pair_desc **pair);

/* An array in memory of a device. The struct and what `sizes` and `strides`
 * point to are read during the call only. */
typedef struct gemel_array {
  void *data;    /* device address of element 0; may be null if empty */
  int32_t dtype; /* gemel_dtype */
  int32_t rank;
  const int64_t *sizes;   /* elements of each axis; may be null at rank 0 */
  const int64_t *strides; /* elements between neighbours on each axis; null:
                             dense row-major */
  gemel_device *device;   /* the handle the op was resolved on */
} gemel_array;

/* Bytes of workspace that launches of `op` with these arguments need, wherever
 * the arrays lie; 0 where they need none.
 * args, count: as for gemel_launch, but of arrays only dtype, rank and sizes
 * are read (so call it before allocating), and scalars may all be null.
 * *bytes: the result.
 *   GEMEL_INVALID_ARGUMENT, GEMEL_WRONG_DTYPE, GEMEL_WRONG_RANK,
 *   GEMEL_WRONG_SIZE, GEMEL_MISSING_VARIANT  as for gemel_launch */
GEMEL_API gemel_status gemel_workspace_bytes(const gemel_op *op,
                                             const void *const *args,
                                             int32_t count, size_t *bytes);

/* Checks all arguments, then runs the operator.
 *
 * args[i], i < count: argument i of the operator's table. For an array a
 *   `const gemel_array *`; for a scalar a pointer to the float, int32_t or
 *   int64_t, or null to take its default.
 * workspace, workspace_bytes: memory of the device that this launch alone uses
 *   until it is complete, aligned to GEMEL_WORKSPACE_ALIGNMENT, of at least
 *   gemel_workspace_bytes bytes; null and 0 where that is 0. Contents need not
 *   be set and are undefined afterwards.
 * stream: where to enqueue it. On cpu: gemel_device_stream(device), and the
 *   launch is complete when the call returns. On cuda: a CUstream of the
 *   device's primary context; on ascend: an aclrtStream of the device's default
 *   context; null is the context's default stream.
 *
 * Empty arrays are legal and may have null data and any strides; so may an
 * axis of size 1 have any stride.
 *
 * Among variants for the arrays' dtypes the best target of this device is
 * taken, then the first in the manifest whose facts the sizes and whose
 * alignment the arrays have; so the target does not depend on addresses.
 *
 * It allocates nothing, takes no lock (except to word GEMEL_WRONG_DEVICE), and
 * is re-entrant. On cpu, if another launch holds the device's threads, this one
 * runs on the calling thread alone; no bit depends on that. Kernels run in the
 * default floating-point environment (to nearest even, subnormals kept,
 * exceptions masked); the caller's, whatever it is, is put back, with its
 * sticky flags.
 *
 *   GEMEL_INVALID_ARGUMENT     op or args is null; count differs; an array, its
 *                              sizes, the data of a non-empty array, or a
 *                              scalar without default is null
 *   GEMEL_WRONG_DTYPE          an array's dtype is none, is not the argument's,
 *                              or differs from what an earlier argument gave
 *                              the dtype variable
 *   GEMEL_WRONG_RANK           an array's rank is not the argument's
 *   GEMEL_WRONG_SIZE           a size is negative, above 2^31-1, differs from
 *                              the axis' size in an earlier argument, or breaks
 *                              a fact (fixed, multiple, maximum); an array, the
 *                              workspace or the work exceeds 64-bit counts
 *   GEMEL_MISSING_VARIANT      no variant for these dtypes on this device
 *   GEMEL_WRONG_LAYOUT         strides are not dense row-major
 *   GEMEL_WRONG_DEVICE         an array's device is not the op's; on cpu, the
 *                              stream is not gemel_device_stream's
 *   GEMEL_MISALIGNED           an array is not aligned to its element's size or
 *                              to what all variants for these dtypes want; the
 *                              workspace is not aligned
 *   GEMEL_OVERLAP              a result, an inout or the workspace shares bytes
 *                              with another array
 *   GEMEL_REQUIREMENT_NOT_MET  a `require` of the operator does not hold
 *   GEMEL_WORKSPACE_TOO_SMALL  workspace_bytes is less than needed, or
 *                              workspace is null and something is needed
 *   GEMEL_DEVICE_ERROR         the vendor's driver does not take the launch
 *   any other                  what the hook of gemel_device_set_enqueue
 * returns
 */
GEMEL_API gemel_status gemel_launch(const gemel_op *op, const void *const *args,
                                    int32_t count, void *workspace,
                                    size_t workspace_bytes,
                                    gemel_stream stream);

/* --- A host framework's queue --------------------------------------------- */

/* A framework that enqueues its own operators later, on a thread of its own
 * (torch_npu's task queue), has to take launches into the same order. It sets a
 * hook, which gemel_launch calls after all checks instead of enqueuing the
 * launch itself. */

/* Enqueues a launch on its stream, as gemel_launch does after its checks, and
 * fails as it does then: GEMEL_DEVICE_ERROR, GEMEL_WRONG_SIZE where a grid has
 * no room for the work. launch: the bytes that a hook was handed, or a copy of
 * them aligned to 8. From any thread; takes no lock, allocates nothing. */
typedef gemel_status (*gemel_run)(const void *launch);

/* The most bytes that a hook is handed: room for any launch. */
#define GEMEL_MAX_LAUNCH_BYTES 1280

/* A hook. It takes a launch in one of two ways: it calls run(launch) before it
 * returns, and returns the status; or it copies the `bytes` bytes with memcpy
 * (they own nothing: a queue with slots of GEMEL_MAX_LAUNCH_BYTES allocates
 * nothing either), returns GEMEL_OK, and later calls run once on the copy.
 * Launches of one stream have to run in the order in which their hooks were
 * called. A copy may be moved, and may be dropped: then the launch does not
 * happen.
 *
 * launch: aligned to 8, `bytes` bytes, until the hook returns. They hold the
 *   op, the stream, the arrays' and the workspace's addresses, sizes and
 *   scalars: nothing that gemel_launch was given is read again but memory of
 *   the device, which must stay until the kernels are done. The op, so its
 *   library, and the stream must stay until run has returned.
 * op, stream: those of the launch, to choose a queue and to name the work.
 *
 * What it returns, gemel_launch returns. It runs inside gemel_launch, on the
 * thread that called it, and must not throw. */
typedef gemel_status (*gemel_enqueue)(void *data, const gemel_op *op,
                                      gemel_stream stream, const void *launch,
                                      size_t bytes, gemel_run run);

/* Sets the hook of launches of all operators resolved on `device`; null: none,
 * as at first. Not while another thread launches there. data: handed to the
 * hook, its own; hook and data must stay until another hook is set or the
 * operators' libraries are closed. The functions for memory and streams above
 * take no part: they would overtake what waits in the queue, which is for the
 * framework to empty first.
 *   GEMEL_INVALID_ARGUMENT  device is null */
GEMEL_API gemel_status gemel_device_set_enqueue(gemel_device *device,
                                                gemel_enqueue hook, void *data);

#ifdef __cplusplus
}
#endif
#endif /* GEMEL_RUNTIME_H */
