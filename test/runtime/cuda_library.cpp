// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An operator library for CUDA as gemelc would write it, by hand: tables, and
// kernels as PTX text. The slots of a kernel's parameter: gemel/library.h.
#include "cuda_library.h"

#include <cstddef>
#include <iterator>

namespace {

#define HEADER ".version 8.0\n.target sm_80\n.address_size 64\n"
#define KERNEL(name, bytes)                                                    \
  ".visible .entry " name "(.param .align 8 .b8 p[" bytes "]) {\n"             \
  ".reg .pred %p<4>; .reg .b32 %r<8>; .reg .f32 %f<8>; .reg .b64 %x<12>;\n"
// %x0: the number of this thread's work item, of those at `slot`; others leave.
#define WORK_ITEM(slot)                                                        \
  "mov.u32 %r0, %tid.x; mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x;\n"        \
  "mad.wide.u32 %x0, %r1, %r2, 0; cvt.u64.u32 %x1, %r0;\n"                     \
  "add.u64 %x0, %x0, %x1; ld.param.u64 %x1, [p+" slot "];\n"                   \
  "setp.ge.s64 %p0, %x0, %x1; @%p0 bra done;\n"
// %`to`: the address of element %x0, of 4 bytes, of the array at `slot`.
#define ELEMENT(to, slot)                                                      \
  "ld.param.u64 " to ", [p+" slot "]; shl.b64 %x1, %x0, 2;\n"                  \
  "add.u64 " to ", " to ", %x1;\n"
#define DONE "done: ret;\n}\n"

constexpr int32_t kAxis0[] = {0}, kAxis1[] = {1}, kAxes01[] = {0, 1};
constexpr gemel_axis_desc kAxesN[] = {{"N", -1, 1, INT64_MAX}};
constexpr gemel_work_desc kWorkN[] = {{0, 1}};

/// A launch over N of as many threads as work items a block.
constexpr gemel_launch_desc overN(const char *name, const char *kernel,
                                  int32_t threads) {
  return {name, nullptr, 1, kWorkN, threads, kernel, threads, 0, 0, 0, 0};
}
template <size_t N>
constexpr gemel_code_desc ptx(const char (&text)[N],
                              const char *target = "sm_80") {
  return {target, GEMEL_PTX, N - 1, text};
}

// scale_add[N](x: f32[N], y: f32[N], a: f32, b: f32 = 2.0) -> (z: f32[N])
//   z = a * x + b * y
constexpr char kScaleAddText[] = HEADER KERNEL("scale_add", "56")
    WORK_ITEM("48") ELEMENT("%x2", "0") ELEMENT("%x3", "8") ELEMENT(
        "%x4",
        "32") "ld.global.f32 %f0, [%x2]; ld.global.f32 %f1, [%x3];\n"
              "ld.param.f32 %f2, [p+16]; ld.param.f32 %f3, [p+24];\n"
              "mul.rn.f32 %f0, %f0, %f2; mul.rn.f32 %f1, %f1, %f3;\n"
              "add.rn.f32 %f0, %f0, %f1; st.global.f32 [%x4], %f0;\n" DONE;
constexpr gemel_argument_desc kScaleAddArguments[] = {
    {"x", GEMEL_INPUT, GEMEL_F32, -1, 0, 1, 0, kAxis0, 0},
    {"y", GEMEL_INPUT, GEMEL_F32, -1, 0, 1, 0, kAxis0, 0},
    {"a", GEMEL_SCALAR, GEMEL_F32, -1, 0, 0, 0, nullptr, 0},
    {"b", GEMEL_SCALAR, GEMEL_F32, -1, 0, 0, 1, nullptr, 2.0},
    {"z", GEMEL_RESULT, GEMEL_F32, -1, GEMEL_EXACT, 1, 0, kAxis0, 0}};
constexpr gemel_launch_desc kScaleAddLaunches[] = {
    overN("scale_add.0", "scale_add", 64)};
constexpr gemel_variant_desc kScaleAddVariants[] = {
    {"sm_80", nullptr, 4, 0, nullptr, 0, nullptr, 1, kScaleAddLaunches, 0,
     nullptr}};
constexpr gemel_code_desc kScaleAddCode[] = {ptx(kScaleAddText)};

// total[R, C](x: f32[R, C]) -> (s: f32[]): rows to a workspace, then their
// sum; a second workspace is there for its offset.
constexpr char kTotalText[] = HEADER KERNEL("total_rows", "56") WORK_ITEM(
    "48") "ld.param.u64 %x2, [p]; ld.param.u64 %x3, [p+16];\n"
          "ld.param.u64 %x4, [p+24]; ld.param.u64 %x5, [p+40];\n"
          "mul.lo.u64 %x6, %x0, %x5; shl.b64 %x6, %x6, 2; add.u64 %x2, %x2, "
          "%x6;\n"
          "mov.f32 %f0, 0f00000000;\n"
          "next: setp.le.s64 %p1, %x5, 0; @%p1 bra store;\n"
          "ld.global.f32 %f1, [%x2]; add.rn.f32 %f0, %f0, %f1;\n"
          "add.u64 %x2, %x2, 4; sub.s64 %x5, %x5, 1; bra next;\n"
          "store: shl.b64 %x6, %x0, 2; add.u64 %x3, %x3, %x6;\n"
          "st.global.f32 [%x3], %f0; add.u64 %x4, %x4, %x0;\n"
          "mov.u32 %r3, 1; st.global.u8 [%x4], %r3;\n" DONE KERNEL("total_all",
                                                                   "56")
              WORK_ITEM(
                  "48") "ld.param.u64 %x2, [p+8]; ld.param.u64 %x3, [p+16];\n"
                        "ld.param.u64 %x4, [p+24]; ld.param.u64 %x5, [p+32];\n"
                        "mov.f32 %f0, 0f00000000;\n"
                        "next: setp.le.s64 %p1, %x5, 0; @%p1 bra store;\n"
                        "ld.global.f32 %f1, [%x3]; ld.global.u8 %r3, [%x4];\n"
                        "setp.eq.u32 %p2, %r3, 1; selp.f32 %f1, %f1, "
                        "0fFF800000, %p2;\n"
                        "add.rn.f32 %f0, %f0, %f1; add.u64 %x3, %x3, 4; "
                        "add.u64 %x4, %x4, 1;\n"
                        "sub.s64 %x5, %x5, 1; bra next;\n"
                        "store: st.global.f32 [%x2], %f0;\n" DONE;
constexpr gemel_axis_desc kAxesRC[] = {{"R", -1, 1, INT64_MAX},
                                       {"C", -1, 1, INT64_MAX}};
constexpr gemel_argument_desc kTotalArguments[] = {
    {"x", GEMEL_INPUT, GEMEL_F32, -1, 0, 2, 0, kAxes01, 0},
    {"s", GEMEL_RESULT, GEMEL_F32, -1, GEMEL_EXACT, 0, 0, nullptr, 0}};
constexpr gemel_workspace_desc kTotalWorkspaces[] = {{4, 1, kAxis0},
                                                     {1, 1, kAxis0}};
constexpr gemel_launch_desc kTotalLaunches[] = {
    overN("total.0", "total_rows", 32),
    {"total.1", nullptr, 0, nullptr, 1, "total_all", 32, 0, 0, 0, 0}};
constexpr gemel_variant_desc kTotalVariants[] = {
    {"sm_80", nullptr, 4, 0, nullptr, 2, kTotalWorkspaces, 2, kTotalLaunches, 0,
     nullptr}};
constexpr gemel_code_desc kTotalCode[] = {ptx(kTotalText)};

// which<E: f32|i32>[N](x: E[N]) -> (which: i32[]): the variant that ran: 1 for
// N mod 4 = 0 up to 64, aligned to 16; 2 for N mod 4 = 0, aligned to 16; 3 for
// any f32; 4 for any i32; nothing where N is 0
#define STORE_NUMBER(name, number)                                             \
  KERNEL(name, "32")                                                           \
  WORK_ITEM("24")                                                              \
  "setp.ne.s64 %p1, %x0, 0; @%p1 bra done;\n"                                  \
  "ld.param.u64 %x2, [p+8]; mov.u32 %r3, " number ";\n"                        \
  "st.global.u32 [%x2], %r3;\n" DONE
constexpr char kWhichText[] = HEADER STORE_NUMBER("w1", "1")
    STORE_NUMBER("w2", "2") STORE_NUMBER("w3", "3") STORE_NUMBER("w4", "4");
constexpr gemel_dtype_variable_desc kVariableE[] = {{"E"}};
constexpr int32_t kF32[] = {GEMEL_F32}, kI32[] = {GEMEL_I32};
constexpr gemel_argument_desc kWhichArguments[] = {
    {"x", GEMEL_INPUT, 0, 0, 0, 1, 0, kAxis0, 0},
    {"which", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 0, 0, nullptr, 0}};
constexpr gemel_launch_desc kWhichLaunches[] = {
    overN("which.0", "w1", 32), overN("which.0", "w2", 32),
    overN("which.0", "w3", 32), overN("which.0", "w4", 32)};
constexpr gemel_fact_desc kSmallBy4[] = {{0, 4, 64}},
                          kBy4[] = {{0, 4, INT64_MAX}};
constexpr gemel_variant_desc kWhichVariants[] = {
    {"sm_80", kF32, 16, 0, nullptr, 0, nullptr, 1, &kWhichLaunches[0], 1,
     kSmallBy4},
    {"sm_80", kF32, 16, 0, nullptr, 0, nullptr, 1, &kWhichLaunches[1], 1, kBy4},
    {"sm_80", kF32, 4, 0, nullptr, 0, nullptr, 1, &kWhichLaunches[2], 0,
     nullptr},
    {"sm_80", kI32, 4, 0, nullptr, 0, nullptr, 1, &kWhichLaunches[3], 0,
     nullptr}};
constexpr gemel_code_desc kWhichCode[] = {ptx(kWhichText)};

// update[N](inout p: f32[N], g: f32[N], lr: f32[])   p = p - lr * g
constexpr char kUpdateText[] =
    HEADER KERNEL("update", "40") WORK_ITEM("32") ELEMENT("%x2", "0") ELEMENT(
        "%x3",
        "8") "ld.param.u64 %x4, [p+16];\n"
             "ld.global.f32 %f0, [%x2]; ld.global.f32 %f1, [%x3];\n"
             "ld.global.f32 %f2, [%x4]; mul.rn.f32 %f1, %f1, %f2;\n"
             "sub.rn.f32 %f0, %f0, %f1; st.global.f32 [%x2], %f0;\n" DONE;
constexpr gemel_argument_desc kUpdateArguments[] = {
    {"p", GEMEL_INOUT, GEMEL_F32, -1, GEMEL_EXACT, 1, 0, kAxis0, 0},
    {"g", GEMEL_INPUT, GEMEL_F32, -1, 0, 1, 0, kAxis0, 0},
    {"lr", GEMEL_INPUT, GEMEL_F32, -1, 0, 0, 0, nullptr, 0}};
constexpr gemel_launch_desc kUpdateLaunches[] = {
    overN("update.0", "update", 32)};
constexpr gemel_variant_desc kUpdateVariants[] = {
    {"sm_80", nullptr, 4, 0, nullptr, 0, nullptr, 1, kUpdateLaunches, 0,
     nullptr}};
constexpr gemel_code_desc kUpdateCode[] = {ptx(kUpdateText)};

// turn[N max 16384](x: i32[N]) -> (y: i32[N])   y[i] = x[N - 1 - i], by one
// block through shared memory of which a launch says how much
constexpr char kTurnText[] =
    HEADER ".extern .shared .align 16 .b8 stage[];\n" KERNEL(
        "turn",
        "32") "ld.param.u64 %x0, [p]; ld.param.u64 %x1, [p+8];\n"
              "ld.param.u32 %r0, [p+16]; mov.u32 %r1, %tid.x; mov.u32 %r2, "
              "stage;\n"
              "in: setp.ge.u32 %p0, %r1, %r0; @%p0 bra all_in;\n"
              "mul.wide.u32 %x2, %r1, 4; add.u64 %x2, %x0, %x2;\n"
              "ld.global.u32 %r3, [%x2]; shl.b32 %r4, %r1, 2; add.u32 %r4, "
              "%r4, %r2;\n"
              "st.shared.u32 [%r4], %r3; add.u32 %r1, %r1, 256; bra in;\n"
              "all_in: bar.sync 0; mov.u32 %r1, %tid.x;\n"
              "out: setp.ge.u32 %p0, %r1, %r0; @%p0 bra done;\n"
              "sub.u32 %r4, %r0, %r1; sub.u32 %r4, %r4, 1; shl.b32 %r4, %r4, "
              "2;\n"
              "add.u32 %r4, %r4, %r2; ld.shared.u32 %r3, [%r4];\n"
              "mul.wide.u32 %x2, %r1, 4; add.u64 %x2, %x1, %x2;\n"
              "st.global.u32 [%x2], %r3; add.u32 %r1, %r1, 256; bra "
              "out;\n" DONE;
constexpr gemel_axis_desc kAxesTurn[] = {{"N", -1, 1, 16384}};
constexpr gemel_argument_desc kTurnArguments[] = {
    {"x", GEMEL_INPUT, GEMEL_I32, -1, 0, 1, 0, kAxis0, 0},
    {"y", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 1, 0, kAxis0, 0}};
constexpr gemel_launch_desc kTurnLaunches[] = {
    {"turn.0", nullptr, 1, kWorkN, 16384, "turn", 256, 65536, 0, 0, 0}};
constexpr gemel_variant_desc kTurnVariants[] = {{"sm_80", nullptr, 4, 0,
                                                 nullptr, 0, nullptr, 1,
                                                 kTurnLaunches, 0, nullptr}};
constexpr gemel_code_desc kTurnCode[] = {ptx(kTurnText)};

// outside[N](x: i32[N]) -> (y: i32[N]): reads what lies behind x
constexpr char kOutsideText[] =
    HEADER KERNEL("outside", "32") WORK_ITEM("24") ELEMENT("%x2", "0")
        ELEMENT("%x3", "8") "ld.global.u32 %r3, [%x2+1048576];\n"
                            "st.global.u32 [%x3], %r3;\n" DONE;
constexpr gemel_launch_desc kOutsideLaunches[] = {
    overN("outside.0", "outside", 32)};
constexpr gemel_variant_desc kOutsideVariants[] = {
    {"sm_80", nullptr, 4, 0, nullptr, 0, nullptr, 1, kOutsideLaunches, 0,
     nullptr}};
constexpr gemel_code_desc kOutsideCode[] = {ptx(kOutsideText)};

// huge[A, B](a: u8[A], b: u8[B]) -> (z: u8[]): its work exceeds any grid
constexpr gemel_axis_desc kAxesAB[] = {{"A", -1, 1, INT64_MAX},
                                       {"B", -1, 1, INT64_MAX}};
constexpr gemel_argument_desc kHugeArguments[] = {
    {"a", GEMEL_INPUT, GEMEL_U8, -1, 0, 1, 0, kAxis0, 0},
    {"b", GEMEL_INPUT, GEMEL_U8, -1, 0, 1, 0, kAxis1, 0},
    {"z", GEMEL_RESULT, GEMEL_U8, -1, GEMEL_EXACT, 0, 0, nullptr, 0}};
constexpr gemel_work_desc kWorkAB[] = {{0, 1}, {1, 1}};
constexpr gemel_launch_desc kHugeLaunches[] = {
    overN("huge.0", "outside", 32),
    {"huge.1", nullptr, 2, kWorkAB, 1, "outside", 32, 0, 0, 0, 0}};
constexpr gemel_variant_desc kHugeVariants[] = {{"sm_80", nullptr, 1, 0,
                                                 nullptr, 0, nullptr, 2,
                                                 kHugeLaunches, 0, nullptr}};

// best() -> (which: i32[]): the target that the device took
constexpr gemel_argument_desc kBestArguments[] = {
    {"which", GEMEL_RESULT, GEMEL_I32, -1, GEMEL_EXACT, 0, 0, nullptr, 0}};
#define STORE_TARGET(number)                                                   \
  KERNEL("best", "16")                                                         \
  WORK_ITEM("8")                                                               \
  "ld.param.u64 %x2, [p]; mov.u32 %r3, " number ";\n"                          \
  "st.global.u32 [%x2], %r3;\n" DONE
constexpr char kBest80Text[] = HEADER STORE_TARGET("80");
constexpr char kBest90aText[] = ".version 8.0\n.target sm_90a\n"
                                ".address_size 64\n" STORE_TARGET("90");
constexpr gemel_launch_desc kBestLaunches[] = {
    {"best.0", nullptr, 0, nullptr, 1, "best", 1, 0, 0, 0, 0}};
constexpr gemel_variant_desc kBestVariants[] = {
    {"sm_80", nullptr, 4, 0, nullptr, 0, nullptr, 1, kBestLaunches, 0, nullptr},
    {"sm_90a", nullptr, 4, 0, nullptr, 0, nullptr, 1, kBestLaunches, 0,
     nullptr},
    {"sm_90", nullptr, 4, 0, nullptr, 0, nullptr, 1, kBestLaunches, 0, nullptr},
    {"sm_100", nullptr, 4, 0, nullptr, 0, nullptr, 1, kBestLaunches, 0,
     nullptr}};
constexpr gemel_code_desc kBestCode[] = {ptx(kBest80Text),
                                         ptx(kBest90aText, "sm_90a")};

// What cannot be loaded, or only the second way; all as best().
constexpr char kRefusedText[] =
    HEADER KERNEL("best", "16") "frobnicate.b32 %r0;\n" DONE;
constexpr char kNarrowText[] =
    HEADER ".visible .entry best(.param .align 8 .b8 p[16]) .maxntid 32, 1, 1\n"
           "{ ret; }\n";
constexpr char kOtherNameText[] =
    HEADER ".visible .entry worst(.param .align 8 .b8 p[16]) { ret; }\n";
constexpr char kOtherChipsCubin[] = "\177ELF of another chip";
constexpr gemel_code_desc kCubin = {"sm_80", GEMEL_CUBIN,
                                    sizeof(kOtherChipsCubin), kOtherChipsCubin};
constexpr gemel_code_desc kRefusedCode[] = {ptx(kRefusedText)};
constexpr gemel_code_desc kNarrowCode[] = {ptx(kNarrowText)};
constexpr gemel_code_desc kOtherNameCode[] = {ptx(kOtherNameText)};
constexpr gemel_code_desc kCubinCode[] = {kCubin};
constexpr gemel_code_desc kCubinThenTextCode[] = {kCubin, ptx(kBest80Text)};
constexpr gemel_launch_desc kWideLaunches[] = {
    {"best.0", nullptr, 0, nullptr, 1, "best", 64, 0, 0, 0, 0}};
constexpr gemel_launch_desc kFatLaunches[] = {
    {"best.0", nullptr, 0, nullptr, 1, "best", 1, 1 << 20, 0, 0, 0}};
constexpr gemel_variant_desc kWideVariants[] = {{"sm_80", nullptr, 4, 0,
                                                 nullptr, 0, nullptr, 1,
                                                 kWideLaunches, 0, nullptr}};
constexpr gemel_variant_desc kFatVariants[] = {
    {"sm_80", nullptr, 4, 0, nullptr, 0, nullptr, 1, kFatLaunches, 0, nullptr}};
void nothing(void *const *, const int64_t *, const uint64_t *, int64_t,
             int64_t) {}
constexpr gemel_launch_desc kCpuLaunches[] = {
    {"cpu_only.0", nothing, 0, nullptr, 1, nullptr, 0, 0, 0, 0, 0}};
constexpr gemel_variant_desc kCpuVariants[] = {
    {"cpu", nullptr, 4, 0, nullptr, 0, nullptr, 1, kCpuLaunches, 0, nullptr}};

template <size_t A, size_t V, size_t C>
constexpr gemel_op_desc
best(const char *name, const gemel_argument_desc (&arguments)[A],
     const gemel_variant_desc (&variants)[V], const gemel_code_desc (&code)[C],
     int32_t variantCount = V) {
  return {name,      "cuda.mlir:1", 0,        nullptr, 0, nullptr, A,
          arguments, variantCount,  variants, nullptr, 0, nullptr, C,
          code};
}
#define OVER(axes, op)                                                         \
  static_cast<int32_t>(std::size(axes)), axes, 0, nullptr,                     \
      static_cast<int32_t>(std::size(k##op##Arguments)), k##op##Arguments,     \
      static_cast<int32_t>(std::size(k##op##Variants)), k##op##Variants,       \
      nullptr, 0, nullptr, static_cast<int32_t>(std::size(k##op##Code)),       \
      k##op##Code

constexpr gemel_op_desc kOps[] = {
    {"scale_add", "cuda.mlir:1", OVER(kAxesN, ScaleAdd)},
    {"total", "cuda.mlir:4", OVER(kAxesRC, Total)},
    {"which", "cuda.mlir:7", 1, kAxesN, 1, kVariableE, 2, kWhichArguments, 4,
     kWhichVariants, nullptr, 0, nullptr, 1, kWhichCode},
    {"update", "cuda.mlir:10", OVER(kAxesN, Update)},
    {"turn", "cuda.mlir:13", OVER(kAxesTurn, Turn)},
    {"outside", "cuda.mlir:16", 1, kAxesN, 0, nullptr, 2, kTurnArguments, 1,
     kOutsideVariants, nullptr, 0, nullptr, 1, kOutsideCode},
    {"huge", "cuda.mlir:19", 2, kAxesAB, 0, nullptr, 3, kHugeArguments, 1,
     kHugeVariants, nullptr, 0, nullptr, 1, kOutsideCode},
    // "sm_90" has no code here, and is never asked for any.
    best("best", kBestArguments, kBestVariants, kBestCode),
    best("refused", kBestArguments, kBestVariants, kRefusedCode, 1),
    best("cubin_only", kBestArguments, kBestVariants, kCubinCode, 1),
    best("cubin_then_text", kBestArguments, kBestVariants, kCubinThenTextCode,
         1),
    {"no_code", "cuda.mlir:22", 0, nullptr, 0, nullptr, 1, kBestArguments, 1,
     kBestVariants, nullptr, 0, nullptr, 0, nullptr},
    best("other_name", kBestArguments, kBestVariants, kOtherNameCode, 1),
    best("too_wide", kBestArguments, kWideVariants, kNarrowCode),
    best("too_fat", kBestArguments, kFatVariants, kBestCode),
    best("cpu_only", kBestArguments, kCpuVariants, kBestCode)};

} // namespace

const gemel_manifest_desc cuda_manifest = {
    GEMEL_MANIFEST_MAGIC,
    GEMEL_ABI_VERSION,
    "by hand",
    static_cast<int32_t>(std::size(kOps)),
    kOps,
    0,
    nullptr};
