// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cube's instructions as CCE C, which a compiler for the chip takes.
// RUN: gemel-opt %s --cce-to-emitc | mlir-translate --mlir-to-cpp > %t.cce
// RUN: FileCheck %s --input-file=%t.cce
// RUN: %build/tools/sim/ascend/ccec -x cce -O2 -std=c++17 -c --cce-aicore-arch=dav-c220-cube --cce-aicore-only %t.cce -o %t.o
// RUN: readelf -S --wide %t.o | FileCheck %s --check-prefix=META

// META: .ascend.meta.product
// CHECK: #if defined(__DAV_C220_CUBE__) || defined(__DAV_CUBE__)
// CHECK: section(".ascend.meta.product"))) = {1, 4, 2};
// CHECK: //   l1 ends at 98304 of 524288 bytes
// CHECK-NEXT: //   l0a ends at 32768 of 65536 bytes
// CHECK-NEXT: //   l0b ends at 65536 of 65536 bytes
// CHECK-NEXT: //   l0c ends at 131072 of 131072 bytes
// CHECK: void product(__gm__ half* [[X:v[0-9]+]], __gm__ float* [[W:v[0-9]+]], __gm__ bfloat16_t* [[Y:v[0-9]+]], int64_t [[SYNC:v[0-9]+]], int64_t [[N:v[0-9]+]]) {
// CHECK: __cbuf__ half* [[L1:v[0-9]+]] = (__cbuf__ half *)(uintptr_t)0;
// CHECK: __ca__ half* [[A:v[0-9]+]] = (__ca__ half *)(uintptr_t)0;
// CHECK: __cb__ half* [[B:v[0-9]+]] = (__cb__ half *)(uintptr_t)0;
// CHECK: __cc__ float* [[C:v[0-9]+]] = (__cc__ float *)(uintptr_t)0;
// CHECK: bool [[INIT:v[0-9]+]] = true;
// CHECK: set_ffts_base_addr([[SYNC]]);
// CHECK: set_nd_para(
// CHECK: set_fmatrix(
// CHECK: set_fmatrix_b(
// CHECK: copy_gm_to_cbuf_multi_nd2nz_b16([[L1]], [[X]], 0, 1, [[N]], [[K:v[0-9]+]], 0, [[K]], [[M:v[0-9]+]], 1, 1);
// CHECK: copy_gm_to_cbuf_multi_nd2nz_b32s({{v[0-9]+}}, [[W]], 0, 1, [[N]], [[K]], 0, [[K]], [[M]], 1, 1);
// CHECK: img2colv2_cbuf_to_ca([[A]], [[L1]], [[K]], [[M]], [[Z:v[0-9]+]], [[Z]], 1, 1, 1, 1, 1, 1, false, false, false, false, [[K]]);
// CHECK: img2colv2_cbuf_to_cb([[B]], [[L1]], [[K]], [[M]], [[Z]], [[Z]], 1, 1, 1, 1, 1, 1, false, false, true, true, [[K]]);
// CHECK: __ca__ bfloat16_t* [[A16:v[0-9]+]] = (__ca__ bfloat16_t*) [[A]];
// CHECK: mad([[C]], [[A16]], {{v[0-9]+}}, [[M]], [[N]], [[K]], 3, false, false, [[INIT]]);
// CHECK: mad([[C]], {{v[0-9]+}}, {{v[0-9]+}}, [[M]], [[N]], [[K]], 0, true, false, [[INIT]]);
// CHECK: copy_matrix_cc_to_gm([[Y]], [[C]], 0, [[K]], [[N]], [[K]], [[M]], 3, F322BF16, 1, false, true);
// CHECK: copy_matrix_cc_to_gm({{v[0-9]+}}, [[C]], 0, [[K]], [[N]], [[K]], [[M]], 0, F322F16, 0, false, true);
// CHECK: copy_matrix_cc_to_gm([[W]], [[C]], 0, [[K]], [[N]], [[K]], [[M]], 0, NoQuant, 0, false, true);
// CHECK: ffts_cross_core_sync(PIPE_FIX, 289);
// CHECK: wait_flag_dev(2);
// CHECK: if (([[N]] + 15) / 16 * (([[K]] + 15) / 16) < 10) pipe_barrier(PIPE_M);
cce.kernel @product cube(%x: !cce.ptr<gm, f16>, %w: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, bf16>, %sync: i64, %n: i64) {
  %l1 = cce.alloc 32768 at 0 : !cce.ptr<l1, f16>
  %wide = cce.alloc 65536 at 32768 : !cce.ptr<l1, f32>
  %a = cce.alloc 32768 at 0 : !cce.ptr<l0a, f16>
  %b = cce.alloc 65536 at 0 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 at 0 : !cce.ptr<l0c, f32>
  %zero = arith.constant 0 : i64
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %one = arith.constant 4295032833 : i64
  %image = arith.constant 65664 : i64
  %init = arith.constant true
  cce.set_ffts_base_addr %sync
  cce.set_nd_para %one
  cce.set_fmatrix %image
  cce.set_fmatrix_b %image
  cce.copy_gm_to_cbuf_multi_nd2nz %l1, %x matrices 1 rows %n columns %k from 0 %k to %m 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
  cce.copy_gm_to_cbuf_multi_nd2nz %wide, %w matrices 1 rows %n columns %k from 0 %k to %m 1 1 : !cce.ptr<l1, f32>, !cce.ptr<gm, f32>
  cce.img2colv2_cbuf_to_ca %a, %l1 steps %k %m at %zero %zero transpose false channels %k : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
  cce.img2colv2_cbuf_to_cb %b, %l1 steps %k %m at %zero %zero transpose true channels %k : !cce.ptr<l0b, f16>, !cce.ptr<l1, f16>
  %a16 = cce.cast %a : !cce.ptr<l0a, f16> to !cce.ptr<l0a, bf16>
  %b16 = cce.cast %b : !cce.ptr<l0b, f16> to !cce.ptr<l0b, bf16>
  cce.mad %c, %a16, %b16 sizes %m %n %k unit 3 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, bf16>, !cce.ptr<l0b, bf16>
  %a32 = cce.cast %a : !cce.ptr<l0a, f16> to !cce.ptr<l0a, f32>
  %b32 = cce.cast %b : !cce.ptr<l0b, f16> to !cce.ptr<l0b, f32>
  cce.mad %c, %a32, %b32 sizes %m %n %k unit 0 align true init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f32>, !cce.ptr<l0b, f32>
  cce.copy_matrix_cc_to_gm %y, %c sizes %k %n strides %k %m unit 3 relu 1 : !cce.ptr<gm, bf16>, !cce.ptr<l0c, f32>
  %y16 = cce.cast %y : !cce.ptr<gm, bf16> to !cce.ptr<gm, f16>
  cce.copy_matrix_cc_to_gm %y16, %c sizes %k %n strides %k %m unit 0 relu 0 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
  cce.copy_matrix_cc_to_gm %w, %c sizes %k %n strides %k %m unit 0 relu 0 : !cce.ptr<gm, f32>, !cce.ptr<l0c, f32>
  cce.ffts_cross_core_sync FIX mode 2 flag 1
  cce.wait_flag_dev 2
  cce.pipe_barrier M behind %n, %k
}
