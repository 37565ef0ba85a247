// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --split-input-file --verify-diagnostics
// Limits of the cube's instructions, each with the whole message.

// pipe_barrier_c2: of M
cce.kernel @k cube(%m: i64, %n: i64) {
  // expected-error @+1 {{'cce.pipe_barrier' op has sizes of products; barriers of pipe M take two, others none}}
  cce.pipe_barrier MTE1 behind %m, %n
}

// -----

// pipe_barrier_c2: two
cce.kernel @k cube(%m: i64, %n: i64) {
  // expected-error @+1 {{'cce.pipe_barrier' op has sizes of products; barriers of pipe M take two, others none}}
  cce.pipe_barrier M behind %m
}

// -----

// nd2nz_c1: bf16
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %b = cce.alloc 65536 : !cce.ptr<l1, bf16>
  %y = cce.cast %x : !cce.ptr<gm, f16> to !cce.ptr<gm, bf16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has no form for bf16; cast the pointers to f16, which moves the same bits}}
  cce.copy_gm_to_cbuf_multi_nd2nz %b, %y matrices 1 rows %m columns %n from 0 %n to %m 1 1 : !cce.ptr<l1, bf16>, !cce.ptr<gm, bf16>
}

// -----

// nd2nz_c1
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %b = cce.alloc 65536 : !cce.ptr<l1, f32>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op mixes f32 and f16; convert first, or cast where the bits are meant}}
  cce.copy_gm_to_cbuf_multi_nd2nz %b, %x matrices 1 rows %m columns %n from 0 %n to %m 1 1 : !cce.ptr<l1, f32>, !cce.ptr<gm, f16>
}

// -----

// nd2nz_c2: nd_num
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has nd_num 4096, but the field holds 0 to 4095 matrices; copy in several pieces}}
  cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 4096 rows %m columns %n from 0 %n to %m 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// nd2nz_c2: n_value
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 16385 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has n_value 16385, but the field holds 0 to 16384 rows; copy in several pieces}}
  cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %many columns %n from 0 %n to %m 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// nd2nz_c2: d_value
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 65536 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has d_value 65536, but the field holds 0 to 65535 columns; copy in several pieces}}
  cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %m columns %many from 0 %n to %m 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// nd2nz_c2: src_nd_matrix_stride
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has src_nd_matrix_stride 65536, but the field holds 0 to 65535 elements; copy one matrix at a time}}
  cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %m columns %n from 65536 %n to %m 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// nd2nz_c2: src_d_value
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 65536 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has src_d_value 65536, but the field holds 1 to 65535 elements; copy row by row, each a matrix of one row}}
  cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %m columns %n from 0 %many to %m 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// nd2nz_c2: dst_nz_c0_stride
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 16385 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has dst_nz_c0_stride 16385, but the field holds 1 to 16384 blocks; take a smaller tile}}
  cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %m columns %n from 0 %n to %many 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// nd2nz_c2: dst_nz_n_stride
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has dst_nz_n_stride 0, but the field holds 1 to 16384 blocks; take 1: rows one behind the other}}
  cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %m columns %n from 0 %n to %m 0 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// nd2nz_c2: dst_nz_matrix_stride
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has dst_nz_matrix_stride 0, but the field holds 1 to 65535 elements; copy one matrix at a time}}
  cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %m columns %n from 0 %n to %m 1 0 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// alignment in L1
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %one = arith.constant 1 : i64
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %a = cce.alloc 65536 at 0 : !cce.ptr<l1, f16>
  %b = cce.offset %a, %one : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op has dst at byte 2, but operands begin at multiples of 32 bytes; move the buffer, or take the elements before it along}}
  cce.copy_gm_to_cbuf_multi_nd2nz %b, %x matrices 1 rows %m columns %n from 0 %n to %m 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// nd2nz_c3
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %a = cce.alloc 65504 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.copy_gm_to_cbuf_multi_nd2nz' op takes 65536 bytes of dst, whose buffer has 65504 from there on; take a larger buffer, or a smaller tile}}
  cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %m columns %n from 0 %n to %m 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
}

// -----

// img2colv2_cbuf_to_ca_c1: bf16
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0a, bf16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op has no form for bf16; cast the pointers to f16, which moves the same bits}}
  cce.img2colv2_cbuf_to_ca %b, %a steps %k %m at %zero %zero transpose false channels %n : !cce.ptr<l0a, bf16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_ca_c1
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %c = cce.alloc 16384 : !cce.ptr<l0a, f32>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op mixes f32 and f16; convert first, or cast where the bits are meant}}
  cce.img2colv2_cbuf_to_ca %c, %a steps %k %m at %zero %zero transpose false channels %n : !cce.ptr<l0a, f32>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_ca_c2: the field
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %zero = arith.constant 0 : i64
  %many = arith.constant 65536 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0a, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op has channels 65536, but the field holds 0 to 65535 elements; take a smaller tile}}
  cce.img2colv2_cbuf_to_ca %b, %a steps %k %m at %zero %zero transpose false channels %many : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_ca_c2: step_k
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %odd = arith.constant 24 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0a, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op has step_k 24, and takes multiples of 16; round it up, for buffers have room for whole fractals}}
  cce.img2colv2_cbuf_to_ca %b, %a steps %odd %m at %zero %zero transpose false channels %n : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_ca_c2: step_m
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %odd = arith.constant 24 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0a, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op has step_m 24, and takes multiples of 16; round it up, for buffers have room for whole fractals}}
  cce.img2colv2_cbuf_to_ca %b, %a steps %k %odd at %zero %zero transpose false channels %n : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_ca_c2: pos_k
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %odd = arith.constant 8 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0a, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op has pos_k 8, and takes multiples of 16; round it up, for buffers have room for whole fractals}}
  cce.img2colv2_cbuf_to_ca %b, %a steps %k %m at %odd %zero transpose false channels %n : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_ca_c2: pos_m
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %odd = arith.constant 8 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0a, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op has pos_m 8, and takes multiples of 16; round it up, for buffers have room for whole fractals}}
  cce.img2colv2_cbuf_to_ca %b, %a steps %k %m at %zero %odd transpose false channels %n : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_ca_c2: channels
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %zero = arith.constant 0 : i64
  %odd = arith.constant 250 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0a, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op has channels 250, and takes multiples of 16; round it up, for buffers have room for whole fractals}}
  cce.img2colv2_cbuf_to_ca %b, %a steps %k %m at %zero %zero transpose false channels %odd : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_cb_c2: f32 has blocks of 8
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %odd = arith.constant 12 : i64
  %c = cce.alloc 16384 : !cce.ptr<l0b, f32>
  %d = cce.alloc 16384 : !cce.ptr<l1, f32>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_cb' op has step_k 12, and takes multiples of 8; round it up, for buffers have room for whole fractals}}
  cce.img2colv2_cbuf_to_cb %c, %d steps %odd %m at %zero %zero transpose false channels %n : !cce.ptr<l0b, f32>, !cce.ptr<l1, f32>
}

// -----

// img2colv2_cbuf_to_ca_c3: dst
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 32768 at 0 : !cce.ptr<l0a, f16>
  %c = cce.offset %b, %m : !cce.ptr<l0a, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op has dst at byte 256, but operands begin at multiples of 512 bytes; move the buffer, or take the elements before it along}}
  cce.img2colv2_cbuf_to_ca %c, %a steps %k %m at %zero %zero transpose false channels %n : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_cb_c3: src
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %one = arith.constant 1 : i64
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %a = cce.alloc 65536 at 0 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0b, f16>
  %c = cce.offset %a, %one : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_cb' op has src at byte 2, but operands begin at multiples of 32 bytes; move the buffer, or take the elements before it along}}
  cce.img2colv2_cbuf_to_cb %b, %c steps %k %m at %zero %zero transpose false channels %n : !cce.ptr<l0b, f16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_ca_c4
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0a, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_ca' op takes 65536 bytes of dst, whose buffer has 16384 from there on; take a larger buffer, or a smaller tile}}
  cce.img2colv2_cbuf_to_ca %b, %a steps %n %m at %zero %zero transpose false channels %n : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
}

// -----

// img2colv2_cbuf_to_cb_c4
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %zero = arith.constant 0 : i64
  %a = cce.alloc 65536 : !cce.ptr<l1, f16>
  %b = cce.alloc 16384 : !cce.ptr<l0b, f16>
  // expected-error @+1 {{'cce.img2colv2_cbuf_to_cb' op takes 32768 bytes of dst, whose buffer has 16384 from there on; take a larger buffer, or a smaller tile}}
  cce.img2colv2_cbuf_to_cb %b, %a steps %n %k at %zero %zero transpose true channels %n : !cce.ptr<l0b, f16>, !cce.ptr<l1, f16>
}

// -----

// set_fmatrix_c1
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  // expected-error @+1 {{'cce.set_fmatrix' op says an image of 128 by 0; a matrix is its rows by 1: rows + 65536}}
  cce.set_fmatrix %m
}

// -----

// set_fmatrix_b_c1
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %high = arith.constant 65536 : i64
  // expected-error @+1 {{'cce.set_fmatrix_b' op says an image of 0 by 1; a matrix is its rows by 1: rows + 65536}}
  cce.set_fmatrix_b %high
}

// -----

// mad_c1: elements
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  %i = cce.cast %a : !cce.ptr<l0a, f16> to !cce.ptr<l0a, i8>
  %j = cce.cast %b : !cce.ptr<l0b, f16> to !cce.ptr<l0b, i8>
  // expected-error @+1 {{'cce.mad' op has no form for s8; it takes f16, bf16, f32; convert first}}
  cce.mad %c, %i, %j sizes %m %k %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, i8>, !cce.ptr<l0b, i8>
}

// -----

// mad_c1: mixed
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  %j = cce.cast %b : !cce.ptr<l0b, f16> to !cce.ptr<l0b, bf16>
  // expected-error @+1 {{'cce.mad' op mixes f16 and bf16; convert first, or cast where the bits are meant}}
  cce.mad %c, %a, %j sizes %m %k %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, bf16>
}

// -----

// mad_c1: sums
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  %d = cce.cast %c : !cce.ptr<l0c, f32> to !cce.ptr<l0c, f16>
  // expected-error @+1 {{'cce.mad' op adds in f16; its c is a pointer to f32}}
  cce.mad %d, %a, %b sizes %m %k %n unit 0 align false init %t : !cce.ptr<l0c, f16>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c2: m
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 4096 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op has m 4096, but the field holds 0 to 4095 elements; multiply in several pieces}}
  cce.mad %c, %a, %b sizes %many %k %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c2: k
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 4096 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op has k 4096, but the field holds 0 to 4095 elements; multiply in several pieces}}
  cce.mad %c, %a, %b sizes %m %many %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c2: n
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %many = arith.constant 4096 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op has n 4096, but the field holds 0 to 4095 elements; multiply in several pieces}}
  cce.mad %c, %a, %b sizes %m %k %many unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c3
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %one = arith.constant 1 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op has m 1, for which the chip reads a row by row; take 2: the second row of c is not stored}}
  cce.mad %c, %a, %b sizes %one %k %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c4: c
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 at 0 : !cce.ptr<l0c, f32>
  %d = cce.offset %c, %k : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op has c at byte 256, but operands begin at multiples of 1024 bytes; move the buffer, or take the elements before it along}}
  cce.mad %d, %a, %b sizes %m %k %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c4: a
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 at 0 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  %d = cce.offset %a, %k : !cce.ptr<l0a, f16>
  // expected-error @+1 {{'cce.mad' op has a at byte 128, but operands begin at multiples of 512 bytes; move the buffer, or take the elements before it along}}
  cce.mad %c, %d, %b sizes %m %k %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c4: b
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 at 0 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  %d = cce.offset %b, %k : !cce.ptr<l0b, f16>
  // expected-error @+1 {{'cce.mad' op has b at byte 128, but operands begin at multiples of 512 bytes; move the buffer, or take the elements before it along}}
  cce.mad %c, %a, %d sizes %m %k %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c5
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op has unit 1, which the chip does not define; take 0, 2 or 3}}
  cce.mad %c, %a, %b sizes %m %k %n unit 1 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c6
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op has align for f16, whose k is padded to 16 anyway; take false}}
  cce.mad %c, %a, %b sizes %m %k %n unit 0 align true init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c7: a
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %odd = arith.constant 65 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op takes 20480 bytes of a, whose buffer has 16384 from there on; take a larger buffer, or a smaller tile}}
  cce.mad %c, %a, %b sizes %m %odd %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c7: b
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %k = arith.constant 64 : i64
  %many = arith.constant 257 : i64
  %odd = arith.constant 3 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op takes 34816 bytes of b, whose buffer has 32768 from there on; take a larger buffer, or a smaller tile}}
  cce.mad %c, %a, %b sizes %odd %k %many unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c7: c
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %odd = arith.constant 3 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 65536 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.mad' op takes 131072 bytes of c, whose buffer has 65536 from there on; take a larger buffer, or a smaller tile}}
  cce.mad %c, %a, %b sizes %m %odd %n unit 0 align false init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// mad_c7: pairs of fractals
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %odd = arith.constant 33 : i64
  %t = arith.constant true
  %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  %d = cce.cast %a : !cce.ptr<l0a, f16> to !cce.ptr<l0a, f32>
  %e = cce.cast %b : !cce.ptr<l0b, f16> to !cce.ptr<l0b, f32>
  // expected-error @+1 {{'cce.mad' op takes 24576 bytes of a, whose buffer has 16384 from there on; take a larger buffer, or a smaller tile}}
  cce.mad %c, %d, %e sizes %m %odd %k unit 0 align true init %t : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f32>, !cce.ptr<l0b, f32>
}

// -----

// copy_matrix_cc_to_gm_c1
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  %y = cce.cast %x : !cce.ptr<gm, f16> to !cce.ptr<gm, i16>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op goes from f32 to s16; the way out takes f32 to f32, f16 or bf16}}
  cce.copy_matrix_cc_to_gm %y, %c sizes %n %m strides %n %m unit 0 relu 0 : !cce.ptr<gm, i16>, !cce.ptr<l0c, f32>
}

// -----

// copy_matrix_cc_to_gm_c2: n
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 4096 : i64
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op has n 4096, but the field holds 0 to 4095 columns; store in several pieces}}
  cce.copy_matrix_cc_to_gm %x, %c sizes %many %m strides %n %m unit 0 relu 0 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
}

// -----

// copy_matrix_cc_to_gm_c2: m
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 8193 : i64
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op has m 8193, but the field holds 0 to 8192 rows; store in several pieces}}
  cce.copy_matrix_cc_to_gm %x, %c sizes %n %many strides %n %m unit 0 relu 0 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
}

// -----

// copy_matrix_cc_to_gm_c3: dst_stride
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 4294967296 : i64
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op has dst_stride 4294967296, but the field holds 0 to 4294967295 elements; store row by row}}
  cce.copy_matrix_cc_to_gm %x, %c sizes %n %m strides %many %m unit 0 relu 0 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
}

// -----

// copy_matrix_cc_to_gm_c3: src_stride
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %many = arith.constant 65536 : i64
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op has src_stride 65536, but the field holds 0 to 65535 rows; take a smaller tile}}
  cce.copy_matrix_cc_to_gm %x, %c sizes %n %m strides %n %many unit 0 relu 0 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
}

// -----

// copy_matrix_cc_to_gm_c3: fractals
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %n = arith.constant 256 : i64
  %odd = arith.constant 100 : i64
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op has src_stride 100; take the rows of the tile in L0C, a multiple of 16 and not less than m}}
  cce.copy_matrix_cc_to_gm %x, %c sizes %n %odd strides %n %odd unit 0 relu 0 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
}

// -----

// copy_matrix_cc_to_gm_c3: m
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op has src_stride 64; take the rows of the tile in L0C, a multiple of 16 and not less than m}}
  cce.copy_matrix_cc_to_gm %x, %c sizes %n %m strides %n %k unit 0 relu 0 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
}

// -----

// copy_matrix_cc_to_gm_c4
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %k = arith.constant 64 : i64
  %n = arith.constant 256 : i64
  %c = cce.alloc 131072 at 0 : !cce.ptr<l0c, f32>
  %d = cce.offset %c, %k : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op has src at byte 256, but operands begin at multiples of 1024 bytes; move the buffer, or take the elements before it along}}
  cce.copy_matrix_cc_to_gm %x, %d sizes %n %m strides %n %m unit 0 relu 0 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
}

// -----

// copy_matrix_cc_to_gm_c5
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op has unit 1, which the chip does not define; take 0, 2 or 3}}
  cce.copy_matrix_cc_to_gm %x, %c sizes %n %m strides %n %m unit 1 relu 0 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
}

// -----

// copy_matrix_cc_to_gm_c6
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %m = arith.constant 128 : i64
  %n = arith.constant 256 : i64
  %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op has relu 2; take 0, or 1 for negative elements as 0}}
  cce.copy_matrix_cc_to_gm %x, %c sizes %n %m strides %n %m unit 0 relu 2 : !cce.ptr<gm, f16>, !cce.ptr<l0c, f32>
}

// -----

// create_cbuf_matrix_c1
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %a = cce.alloc 64 : !cce.ptr<l1, f32>
  // expected-error @+1 {{'cce.create_cbuf_matrix' op has no form for f32; it takes f16; convert first}}
  cce.create_cbuf_matrix %a blocks 2 : !cce.ptr<l1, f32>
}

// -----

// create_cbuf_matrix_c2: the field
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %a = cce.alloc 64 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.create_cbuf_matrix' op has blocks 32768, but the field holds 1 to 32767 blocks; take a smaller tile}}
  cce.create_cbuf_matrix %a blocks 32768 : !cce.ptr<l1, f16>
}

// -----

// create_cbuf_matrix_c2: the buffer
cce.kernel @k cube(%x: !cce.ptr<gm, f16>) {
  %a = cce.alloc 64 : !cce.ptr<l1, f16>
  // expected-error @+1 {{'cce.create_cbuf_matrix' op takes 96 bytes of dst, whose buffer has 64 from there on; take a larger buffer, or a smaller tile}}
  cce.create_cbuf_matrix %a blocks 3 : !cce.ptr<l1, f16>
}

// -----

// kernel_c2
// expected-error @+1 {{'cce.kernel' op is mixed and runs on a cube core, but its name does not end in '_mix_aic', which is what the chip's loader looks for}}
cce.kernel @k cube(%sync: i64) attributes {mixed} {
  cce.set_ffts_base_addr %sync
}
