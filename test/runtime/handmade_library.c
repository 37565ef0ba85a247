/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* An operator library as gemelc would write it, by hand. */
#include <gemel/library.h>

#include <string.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#define COUNT(table) ((int32_t)(sizeof(table) / sizeof((table)[0])))

static float f32_slot(const uint64_t *scalars, int index) {
  float value;
  memcpy(&value, &scalars[index], sizeof(value));
  return value;
}

static int32_t i32_slot(const uint64_t *scalars, int index) {
  int32_t value;
  memcpy(&value, &scalars[index], sizeof(value));
  return value;
}

/* --- scale_add[N](x: f32[N], y: f32[N], a: f32, b: f32 = 2.0)
 *         -> (z: f32[N])    z = a * x + b * y */

__attribute__((visibility("default"))) void
handmade_scale_add(void *const *pointers, const int64_t *sizes,
                   const uint64_t *scalars, int64_t begin, int64_t end) {
  const float *x = pointers[0], *y = pointers[1];
  float a = f32_slot(scalars, 2), b = f32_slot(scalars, 3);
  float *z = pointers[4];
  int64_t last = end * 16 < sizes[0] ? end * 16 : sizes[0];
  for (int64_t i = begin * 16; i < last; ++i)
    z[i] = a * x[i] + b * y[i];
}

static const int32_t axes_0[] = {0}, axes_1[] = {1}, axes_01[] = {0, 1},
                     axes_02[] = {0, 2};
static const gemel_axis_desc axis_n[] = {{"N", -1, 1, INT64_MAX}};
static const gemel_work_desc work_n_by_16[] = {{0, 16}};
static const gemel_work_desc work_n[] = {{0, 1}};
static const gemel_argument_desc scale_add_arguments[] = {
    {"x", GEMEL_INPUT, GEMEL_F32, -1, 0, 1, 0, axes_0, 0},
    {"y", GEMEL_INPUT, GEMEL_F32, -1, 0, 1, 0, axes_0, 0},
    {"a", GEMEL_SCALAR, GEMEL_F32, -1, 0, 0, 0, 0, 0},
    {"b", GEMEL_SCALAR, GEMEL_F32, -1, 0, 0, 1, 0, 2.0},
    {"z", GEMEL_RESULT, GEMEL_F32, -1, GEMEL_EXACT, 1, 0, axes_0, 0}};
static const gemel_launch_desc scale_add_launches[] = {
    {"scale_add.0", handmade_scale_add, 1, work_n_by_16, 64, 0, 0, 0, 0, 0, 0}};
static const gemel_variant_desc scale_add_variants[] = {
    {"cpu", 0, 16, 0, 0, 0, 0, 1, scale_add_launches, 0, 0}};

/* --- total[R, C](x: f32[R, C]) -> (s: f32[])    two launches: rows to a
 *     workspace, then their sum; a second workspace is there for its offset */

static void total_rows(void *const *pointers, const int64_t *sizes,
                       const uint64_t *scalars, int64_t begin, int64_t end) {
  const float *x = pointers[0];
  float *rows = pointers[2];
  uint8_t *marks = pointers[3];
  (void)scalars;
  for (int64_t r = begin; r < end; ++r) {
    float sum = 0;
    for (int64_t c = 0; c < sizes[1]; ++c)
      sum += x[r * sizes[1] + c];
    rows[r] = sum;
    marks[r] = 1;
  }
}

static void total_all(void *const *pointers, const int64_t *sizes,
                      const uint64_t *scalars, int64_t begin, int64_t end) {
  float *s = pointers[1];
  const float *rows = pointers[2];
  const uint8_t *marks = pointers[3];
  (void)scalars, (void)begin, (void)end;
  *s = 0;
  for (int64_t r = 0; r < sizes[0]; ++r)
    *s += marks[r] == 1 ? rows[r] : -1e30f;
}

static const gemel_axis_desc axes_rc[] = {{"R", -1, 1, INT64_MAX},
                                          {"C", -1, 1, INT64_MAX}};
static const gemel_argument_desc total_arguments[] = {
    {"x", GEMEL_INPUT, GEMEL_F32, -1, 0, 2, 0, axes_01, 0},
    {"s", GEMEL_RESULT, GEMEL_F32, -1, GEMEL_EXACT, 0, 0, 0, 0}};
static const gemel_workspace_desc total_workspaces[] = {{4, 1, axes_0},
                                                        {1, 1, axes_0}};
static const gemel_launch_desc total_launches[] = {
    {"total.0", total_rows, 1, work_n, 1, 0, 0, 0, 0, 0, 0},
    {"total.1", total_all, 0, 0, 1, 0, 0, 0, 0, 0, 0}};
static const gemel_variant_desc total_variants[] = {
    {"cpu", 0, 4, 0, 0, 2, total_workspaces, 2, total_launches, 0, 0}};

/* --- step[N](inout p: f32[N], g: f32[N], count: i32, seed: i64 = -3)
 *         p = p + count * g + seed */

static void step(void *const *pointers, const int64_t *sizes,
                 const uint64_t *scalars, int64_t begin, int64_t end) {
  float *p = pointers[0];
  const float *g = pointers[1];
  (void)sizes;
  for (int64_t i = begin; i < end; ++i)
    p[i] += (float)i32_slot(scalars, 2) * g[i] + (float)(int64_t)scalars[3];
}

static const gemel_argument_desc step_arguments[] = {
    {"p", GEMEL_INOUT, GEMEL_F32, -1, GEMEL_EXACT, 1, 0, axes_0, 0},
    {"g", GEMEL_INPUT, GEMEL_F32, -1, 0, 1, 0, axes_0, 0},
    {"count", GEMEL_SCALAR, GEMEL_I32, -1, 0, 0, 0, 0, 0},
    {"seed", GEMEL_SCALAR, GEMEL_I64, -1, 0, 0, 1, 0, -3.0}};
static const gemel_launch_desc step_launches[] = {
    {"step.0", step, 1, work_n, 64, 0, 0, 0, 0, 0, 0}};
static const gemel_variant_desc step_variants[] = {
    {"cpu", 0, 4, 0, 0, 0, 0, 1, step_launches, 0, 0}};

/* --- twice<E: f32|i32>[N](x: E[N], y: E[N]) -> (z: E[N], which: i32[])
 *     z = x + y; `which` tells the variant: 10 * (1 for cpu, 4 for cpu-v4),
 *     plus 1 for f32 aligned to 64, 2 for any f32, 3 for i32 */

static void twice_f32(void *const *pointers, int64_t begin, int64_t end,
                      int32_t which) {
  const float *x = pointers[0], *y = pointers[1];
  float *z = pointers[2];
  for (int64_t i = begin; i < end; ++i)
    z[i] = x[i] + y[i];
  if (begin == 0)
    *(int32_t *)pointers[3] = which;
}

#define TWICE_F32(name, which)                                                 \
  static void name(void *const *pointers, const int64_t *sizes,                \
                   const uint64_t *scalars, int64_t begin, int64_t end) {      \
    (void)sizes, (void)scalars;                                                \
    twice_f32(pointers, begin, end, which);                                    \
  }
TWICE_F32(twice_base_aligned, 11)
TWICE_F32(twice_base, 12)
TWICE_F32(twice_v4_aligned, 41)
TWICE_F32(twice_v4, 42)

static void twice_i32(void *const *pointers, const int64_t *sizes,
                      const uint64_t *scalars, int64_t begin, int64_t end) {
  const int32_t *x = pointers[0], *y = pointers[1];
  int32_t *z = pointers[2];
  (void)sizes, (void)scalars;
  for (int64_t i = begin; i < end; ++i)
    z[i] = x[i] + y[i];
  if (begin == 0)
    *(int32_t *)pointers[3] = 13;
}

static const gemel_dtype_variable_desc variable_e[] = {{"E"}};
static const int32_t dtypes_f32[] = {GEMEL_F32}, dtypes_i32[] = {GEMEL_I32},
                     dtypes_bf16[] = {GEMEL_BF16};
static const gemel_argument_desc twice_arguments[] = {
    {"x", GEMEL_INPUT, 0, 0, 0, 1, 0, axes_0, 0},
    {"y", GEMEL_INPUT, 0, 0, 0, 1, 0, axes_0, 0},
    {"z", GEMEL_RESULT, 0, 0, GEMEL_MATRIX, 1, 0, axes_0, 0},
    {"which", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 0, 0, 0, 0}};
static const gemel_launch_desc twice_launches[][1] = {
    {{"twice.0", twice_base_aligned, 1, work_n, 64, 0, 0, 0, 0, 0, 0}},
    {{"twice.0", twice_base, 1, work_n, 64, 0, 0, 0, 0, 0, 0}},
    {{"twice.0", twice_i32, 1, work_n, 64, 0, 0, 0, 0, 0, 0}},
    {{"twice.0", twice_v4_aligned, 1, work_n, 64, 0, 0, 0, 0, 0, 0}},
    {{"twice.0", twice_v4, 1, work_n, 64, 0, 0, 0, 0, 0, 0}}};
static const gemel_variant_desc twice_variants[] = {
    {"cpu", dtypes_f32, 64, 0, 0, 0, 0, 1, twice_launches[0], 0, 0},
    {"cpu", dtypes_f32, 4, 0, 0, 0, 0, 1, twice_launches[1], 0, 0},
    {"cpu", dtypes_i32, 32, 0, 0, 0, 0, 1, twice_launches[2], 0, 0},
    {"cpu-v4", dtypes_f32, 64, 0, 0, 0, 0, 1, twice_launches[3], 0, 0},
    {"cpu-v4", dtypes_f32, 4, 0, 0, 0, 0, 1, twice_launches[4], 0, 0},
    {"sm_90a", dtypes_bf16, 16, 0, 0, 0, 0, 0, 0, 0, 0}};

/* --- window[L mult 2 max 64, S, D = 4](x: f32[L, D], k: f32[S], shift: i32,
 *         scale: f32 = 0.5) -> (y: f32[L, S])
 *     require size[L] >= size[S]    require shift >= 0 and scale > 0.0
 *     y = x[., shift mod 4] * k * scale */

static void window(void *const *pointers, const int64_t *sizes,
                   const uint64_t *scalars, int64_t begin, int64_t end) {
  const float *x = pointers[0], *k = pointers[1];
  int32_t shift = i32_slot(scalars, 2);
  float *y = pointers[4], scale = f32_slot(scalars, 3);
  for (int64_t i = begin; i < end; ++i)
    y[i] = x[i / sizes[1] * 4 + shift % 4] * k[i % sizes[1]] * scale;
}

static int32_t window_require(const int64_t *sizes, const uint64_t *scalars) {
  if (!(sizes[0] >= sizes[1]))
    return 0;
  return i32_slot(scalars, 2) >= 0 && f32_slot(scalars, 3) > 0.0f ? -1 : 1;
}

static const char *const window_texts[] = {"size[L] >= size[S]",
                                           "shift >= 0 and scale > 0.0"};
static const gemel_axis_desc axes_lsd[] = {
    {"L", -1, 2, 64}, {"S", -1, 1, INT64_MAX}, {"D", 4, 1, INT64_MAX}};
static const gemel_argument_desc window_arguments[] = {
    {"x", GEMEL_INPUT, GEMEL_F32, -1, 0, 2, 0, axes_02, 0},
    {"k", GEMEL_INPUT, GEMEL_F32, -1, 0, 1, 0, axes_1, 0},
    {"shift", GEMEL_SCALAR, GEMEL_I32, -1, 0, 0, 0, 0, 0},
    {"scale", GEMEL_SCALAR, GEMEL_F32, -1, 0, 0, 1, 0, 0.5},
    {"y", GEMEL_RESULT, GEMEL_F32, -1, GEMEL_EXACT, 2, 0, axes_01, 0}};
static const gemel_work_desc work_ls[] = {{0, 1}, {1, 1}};
static const gemel_launch_desc window_launches[] = {
    {"window.0", window, 2, work_ls, 16, 0, 0, 0, 0, 0, 0}};
static const gemel_variant_desc window_variants[] = {
    {"cpu", 0, 4, 0, 0, 0, 0, 1, window_launches, 0, 0}};

/* --- probe[N](tiny: f32[]) -> (word: i32[N], flushed: f32[N])
 *     the control word of the float environment that each item runs in, and
 *     tiny * 1.0, which is 0 where subnormals are flushed; raises sticky
 *     flags on the way */

static void probe(void *const *pointers, const int64_t *sizes,
                  const uint64_t *scalars, int64_t begin, int64_t end) {
  const volatile float *tiny = pointers[0];
  int32_t *word = pointers[1];
  float *flushed = pointers[2];
  volatile float zero = 0.0f, one = 1.0f, three = 3.0f, ignored;
  (void)sizes, (void)scalars;
  for (int64_t i = begin; i < end; ++i) {
    ignored = one / zero;
    ignored = one / three;
    (void)ignored;
#if defined(__x86_64__)
    word[i] = (int32_t)(_mm_getcsr() & ~0x3fu);
#elif defined(__aarch64__)
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    word[i] = (int32_t)fpcr;
#endif
    flushed[i] = *tiny * one;
  }
}

static const gemel_argument_desc probe_arguments[] = {
    {"tiny", GEMEL_INPUT, GEMEL_F32, -1, 0, 0, 0, 0, 0},
    {"word", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 1, 0, axes_0, 0},
    {"flushed", GEMEL_RESULT, GEMEL_F32, -1, GEMEL_EXACT, 1, 0, axes_0, 0}};
static const gemel_launch_desc probe_launches[] = {
    {"probe.0", probe, 1, work_n, 1, 0, 0, 0, 0, 0, 0}};
static const gemel_variant_desc probe_variants[] = {
    {"cpu", 0, 4, 0, 0, 0, 0, 1, probe_launches, 0, 0}};

/* --- huge[A, B, C](a: u8[A], b: u8[B], c: u8[C]) -> (z: u8[]): its work and
 *     its workspace, A by B by C, can exceed 64 bits though no array does */

static const int32_t axes_012[] = {0, 1, 2}, axes_2[] = {2};
static const gemel_axis_desc axes_abc[] = {
    {"A", -1, 1, INT64_MAX}, {"B", -1, 1, INT64_MAX}, {"C", -1, 1, INT64_MAX}};
static const gemel_argument_desc huge_arguments[] = {
    {"a", GEMEL_INPUT, GEMEL_U8, -1, 0, 1, 0, axes_0, 0},
    {"b", GEMEL_INPUT, GEMEL_U8, -1, 0, 1, 0, axes_1, 0},
    {"c", GEMEL_INPUT, GEMEL_U8, -1, 0, 1, 0, axes_2, 0},
    {"z", GEMEL_RESULT, GEMEL_U8, -1, GEMEL_EXACT, 0, 0, 0, 0}};
static const gemel_work_desc work_abc[] = {{0, 1}, {1, 1}, {2, 1}};
static const gemel_workspace_desc huge_workspaces[] = {{8, 3, axes_012}};
static const gemel_launch_desc huge_launches[] = {
    {"huge.0", handmade_scale_add, 3, work_abc, 1, 0, 0, 0, 0, 0, 0}};
static const gemel_variant_desc huge_variants[] = {
    {"cpu", 0, 1, 0, 0, 1, huge_workspaces, 1, huge_launches, 0, 0}};
static const gemel_variant_desc huge_work_variants[] = {
    {"cpu", 0, 1, 0, 0, 0, 0, 1, huge_launches, 0, 0}};

/* --- nowhere(): built for another vendor only */

static const gemel_variant_desc nowhere_variants[] = {
    {"sm_90a", 0, 16, 0, 0, 0, 0, 0, 0, 0, 0},
    {"ascend910b", 0, 16, 0, 0, 0, 0, 0, 0, 0, 0}};

#define ARGUMENTS_AND_VARIANTS(op)                                             \
  COUNT(op##_arguments), op##_arguments, COUNT(op##_variants), op##_variants

static const gemel_op_desc handmade_ops[] = {
    {"scale_add", "handmade.mlir:1", 1, axis_n, 0, 0,
     ARGUMENTS_AND_VARIANTS(scale_add), 0, 0, 0, 0, 0},
    {"total", "handmade.mlir:4", 2, axes_rc, 0, 0,
     ARGUMENTS_AND_VARIANTS(total), 0, 0, 0, 0, 0},
    {"step", "handmade.mlir:7", 1, axis_n, 0, 0, ARGUMENTS_AND_VARIANTS(step),
     0, 0, 0, 0, 0},
    {"twice", "handmade.mlir:10", 1, axis_n, 1, variable_e,
     ARGUMENTS_AND_VARIANTS(twice), 0, 0, 0, 0, 0},
    {"window", "handmade.mlir:14", 3, axes_lsd, 0, 0,
     ARGUMENTS_AND_VARIANTS(window), window_require, 2, window_texts, 0, 0},
    {"probe", "handmade.mlir:20", 1, axis_n, 0, 0,
     ARGUMENTS_AND_VARIANTS(probe), 0, 0, 0, 0, 0},
    {"huge", "handmade.mlir:24", 3, axes_abc, 0, 0,
     ARGUMENTS_AND_VARIANTS(huge), 0, 0, 0, 0, 0},
    {"huge_work", "handmade.mlir:27", 3, axes_abc, 0, 0, COUNT(huge_arguments),
     huge_arguments, COUNT(huge_work_variants), huge_work_variants, 0, 0, 0, 0,
     0},
    {"nowhere", "handmade.mlir:30", 0, 0, 0, 0, 0, 0, COUNT(nowhere_variants),
     nowhere_variants, 0, 0, 0, 0, 0}};

#if !defined(HANDMADE_ABI_VERSION)
#define HANDMADE_ABI_VERSION GEMEL_ABI_VERSION
#endif
#if !defined(HANDMADE_MAGIC)
#define HANDMADE_MAGIC GEMEL_MANIFEST_MAGIC
#endif
#if !defined(HANDMADE_MANIFEST)
#define HANDMADE_MANIFEST gemel_manifest
#endif

/* Only the tables are read of a pair: total stands for what is derived. */
static const char *const handmade_saved[] = {"r"};
static const gemel_gradient_desc handmade_incoming[] = {{"z", "dz"}};
static const gemel_gradient_desc handmade_gradients[] = {{"x", "dx"},
                                                         {"y", "dy"}};
static const gemel_pair_desc handmade_pairs[] = {{0, 0, 1, 1, 1, handmade_saved,
                                                  1, handmade_incoming, 2,
                                                  handmade_gradients}};

__attribute__((visibility("default")))
const gemel_manifest_desc HANDMADE_MANIFEST = {
    HANDMADE_MAGIC, HANDMADE_ABI_VERSION,  "by hand",     COUNT(handmade_ops),
    handmade_ops,   COUNT(handmade_pairs), handmade_pairs};
