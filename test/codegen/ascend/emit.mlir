// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels as CCE C, which a compiler for the chip takes.
// RUN: gemel-opt %s --cce-to-emitc | mlir-translate --mlir-to-cpp > %t.cce
// RUN: FileCheck %s --input-file=%t.cce
// RUN: %build/tools/sim/ascend/ccec -x cce -O2 -std=c++17 -c --cce-aicore-arch=dav-c220-vec --cce-aicore-only %t.cce -o %t.o
// RUN: readelf -S --wide %t.o | FileCheck %s --check-prefix=META

// META: .ascend.meta.rows
// CHECK: #if defined(__DAV_C220_VEC__) || defined(__DAV_VEC__)
// CHECK: section(".ascend.meta.rows"))) = {1, 4, 3};
// CHECK: // Buffers of rows:
// CHECK-NEXT: //   ub        0 ..    2048  float
// CHECK-NEXT: //   ub     2048 ..    3072  bfloat16_t
// CHECK-NEXT: //   ub ends at 3072 of 196608 bytes
// CHECK-NEXT: //   the longest loop's code: some 72 of 32768 bytes
// CHECK: extern "C" __global__ __aicore__ void rows(__gm__ float* [[X:v[0-9]+]], __gm__ bfloat16_t* [[Y:v[0-9]+]], int64_t [[N:v[0-9]+]]) {
// CHECK: __ubuf__ float* [[A:v[0-9]+]] = (__ubuf__ float *)(uintptr_t)0;
// CHECK: __ubuf__ bfloat16_t* [[B:v[0-9]+]] = (__ubuf__ bfloat16_t *)(uintptr_t)2048;
// CHECK: int64_t [[IDX:v[0-9]+]] = get_block_idx();
// CHECK: int64_t [[NUM:v[0-9]+]] = get_block_num();
// CHECK: for (int64_t [[I:i[0-9]+]] = [[IDX]]; [[I]] < [[N]]; [[I]] += [[NUM]]) {
// CHECK: __gm__ float* [[XI:v[0-9]+]] = [[X]] + {{v[0-9]+}};
// CHECK: // {{.*}}emit.mlir:44
// CHECK-NEXT: copy_gm_to_ubuf_align_b32([[A]], [[XI]], 0, {{v[0-9]+}}, {{v[0-9]+}}, 0, 0, {{v[0-9]+}}, {{v[0-9]+}});
// CHECK: set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
// CHECK: wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
// CHECK: vconv_f322bf16r([[B]], [[A]], {{v[0-9]+}}, 1, 1, 4, 8);
// CHECK: copy_ubuf_to_gm_align_b16(
// CHECK: pipe_barrier(PIPE_ALL);
// CHECK: #endif
cce.kernel @rows vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, bf16>, %n: i64) {
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 1024 at 2048 : !cce.ptr<ub, bf16>
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %d = arith.constant 511 : i64
  scf.for %i = %block to %n step %blocks : i64 {
    %at = arith.muli %i, %d overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, bf16>
    %wide = arith.constant 2044 : i64
    cce.copy_gm_to_ubuf_align %a, %xi bursts %one length %wide pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.set_flag MTE2 to V event 0
    cce.wait_flag MTE2 to V event 0
    cce.set_mask_count
    cce.set_vector_mask %zero, %d
    cce.vconv "r" %b, %a repeat %one blocks 1 1 repeats 4 8 : !cce.ptr<ub, bf16>, !cce.ptr<ub, f32>
    cce.set_flag V to MTE3 event 0
    cce.wait_flag V to MTE3 event 0
    %narrow = arith.constant 1022 : i64
    cce.copy_ubuf_to_gm_align %yi, %b bursts %one length %narrow gaps %zero %zero : !cce.ptr<gm, bf16>, !cce.ptr<ub, bf16>
    cce.pipe_barrier ALL
  }
}
