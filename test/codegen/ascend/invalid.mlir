// RUN: gemel-opt %s --split-input-file --verify-diagnostics
// Limits of instructions, each with the whole message.

// kernel_c1
// expected-error @+1 {{'cce.kernel' op has an argument '!cce.ptr<ub, f32>', which no slot of 8 bytes holds; take a pointer into gm, i32, i64 or f32}}
cce.kernel @k vector(%x: !cce.ptr<ub, f32>) {
  %one = arith.constant 1 : i64
}

// -----

// a kind of core
// expected-error @+1 {{'scalar' is no kind of core; write vector or cube}}
cce.kernel @k scalar(%x: i64) {}

// -----

// elements
// expected-error @+1 {{a core has no elements 'f64'; take f16, bf16, f32, i8 to i64, or ui8 to ui64}}
cce.kernel @k vector(%x: !cce.ptr<gm, f64>) {}

// -----

// alloc_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.alloc' op cannot take GM; pass it as an argument}}
  %b = cce.alloc 32 : !cce.ptr<gm, f32>
}

// -----

// alloc_c2
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.alloc' op wants 196609 bytes of ub, which has 196608; take a smaller tile}}
  %b = cce.alloc 196609 : !cce.ptr<ub, f32>
}

// -----

// alloc_c3: a place
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.alloc' op is at byte 16 of ub, but its 64 bytes need a multiple of 32 up to 196544}}
  %b = cce.alloc 64 at 16 : !cce.ptr<ub, f32>
}

// -----

// alloc_c3: the end
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.alloc' op is at byte 65536 of l0a, but its 512 bytes need a multiple of 512 up to 65024}}
  %b = cce.alloc 512 at 65536 : !cce.ptr<l0a, f16>
}

// -----

// cast_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.cast' op goes from ub to gm, which are different memories; copy}}
  %b = cce.cast %a : !cce.ptr<ub, f32> to !cce.ptr<gm, f32>
}

// -----

// repeats
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %many = arith.constant 256 : i64
  // expected-error @+1 {{'cce.vadd' op has repeat 256, but the field holds 0 to 255 repeats; loop over pieces, or count elements with cce.set_mask_count}}
  cce.vadd %a, %a, %a repeat %many blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// strides of two sources, 8 bits
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.vmul' op has src1_rep 256, but the field holds 0 to 255 blocks; loop over rows}}
  cce.vmul %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 256 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// strides of one source, 16 bits
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.vabs' op has src_rep 65536, but the field holds 0 to 65535 blocks; loop over rows}}
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 65536 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// a destination that stays
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.vsub' op has dst_blk 0, which the chip does not define; take 1 or more}}
  cce.vsub %a, %a, %a repeat %one blocks 0 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// alignment
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 at 64 : !cce.ptr<ub, f32>
  %c = cce.offset %b, %one : !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.vmax' op has src1 at byte 68, but operands begin at multiples of 32 bytes; move the buffer, or take the elements before it along}}
  cce.vmax %b, %b, %c repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// elements of an instruction
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 : !cce.ptr<ub, bf16>
  // expected-error @+1 {{'cce.vadd' op has no form for bf16; it takes f16, f32, s16, s32; convert first}}
  cce.vadd %b, %b, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, bf16>, !cce.ptr<ub, bf16>, !cce.ptr<ub, bf16>
}

// -----

// mixed elements
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 : !cce.ptr<ub, f16>
  // expected-error @+1 {{'cce.vadd' op mixes f32 and f16; convert first, or cast where the bits are meant}}
  cce.vadd %a, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f16>
}

// -----

// memories
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.vabs' op operand #1 must be a pointer into UB, but got '!cce.ptr<gm, f32>'}}
  "cce.vabs"(%a, %x, %one) <{dst_blk = 1 : i64, src_blk = 1 : i64, dst_rep = 8 : i64, src_rep = 8 : i64}> : (!cce.ptr<ub, f32>, !cce.ptr<gm, f32>, i64) -> ()
}

// -----

// scalars
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.vadds' op has a scalar 'i64' for elements 'f32'; convert the scalar}}
  cce.vadds %a, %a, %one repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, i64
}

// -----

// shifts
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 : !cce.ptr<ub, i32>
  // expected-error @+1 {{'cce.vshl' op has distance 33, but the field holds 0 to 32 bits; more leaves nothing; take vector_dup}}
  cce.vshl %b, %b by 33 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, i32>, !cce.ptr<ub, i32>
}

// -----

// conversions
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 : !cce.ptr<ub, f16>
  %c = cce.alloc 2048 : !cce.ptr<ub, bf16>
  // expected-error @+1 {{'cce.vconv' op goes from f16 to bf16, which the chip does not convert; go by f32}}
  cce.vconv "" %c, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, bf16>, !cce.ptr<ub, f16>
}

// -----

// roundings
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 : !cce.ptr<ub, bf16>
  // expected-error @+1 {{'cce.vconv' op from f32 to bf16 has no rounding 'o'; take one of 'rafcz', where - is ""}}
  cce.vconv "o" %b, %a repeat %one blocks 1 1 repeats 4 8 : !cce.ptr<ub, bf16>, !cce.ptr<ub, f32>
}

// -----

// comparisons
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 : !cce.ptr<ub, i32>
  %c = cce.alloc 2048 : !cce.ptr<ub, ui8>
  // expected-error @+1 {{'cce.vcmpv' op has no form for s32; it takes f16, f32; convert first}}
  cce.vcmpv lt %c, %b, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, ui8>, !cce.ptr<ub, i32>, !cce.ptr<ub, i32>
}

// -----

// bits
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.vcmpv' op writes bits; its dst is a pointer to ui8}}
  cce.vcmpv lt %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// broadcasts
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 : !cce.ptr<ub, ui32>
  // expected-error @+1 {{'cce.vbrcb' op fills what it reads; take another buffer}}
  cce.vbrcb %b, %b repeat %one blocks 1 repeats 8 : !cce.ptr<ub, ui32>, !cce.ptr<ub, ui32>
}

// -----

// repeats of a broadcast
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 : !cce.ptr<ub, ui32>
  %c = cce.alloc 2048 : !cce.ptr<ub, ui32>
  %many = arith.constant 255 : i64
  // expected-error @+1 {{'cce.vbrcb' op has repeat 255, but the field holds 0 to 254 repeats; loop over pieces, or count elements with cce.set_mask_count}}
  cce.vbrcb %c, %b repeat %many blocks 1 repeats 8 : !cce.ptr<ub, ui32>, !cce.ptr<ub, ui32>
}

// -----

// bursts
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %many = arith.constant 4096 : i64
  // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op has bursts 4096, but the field holds 0 to 4095 bursts; copy in several pieces}}
  cce.copy_gm_to_ubuf_align %a, %x bursts %many length %one pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
}

// -----

// bytes of a burst
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %many = arith.constant 2097121 : i64
  // expected-error @+1 {{'cce.copy_ubuf_to_gm_align' op has length 2097121, but the field holds 0 to 2097120 bytes; copy in several pieces}}
  cce.copy_ubuf_to_gm_align %x, %a bursts %one length %many gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
}

// -----

// pads
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op has right_pad 9, but the field holds 0 to 8 elements; fill the rest with vector_dup}}
  cce.copy_gm_to_ubuf_align %a, %x bursts %one length %one pad 0 9 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
}

// -----

// elements of a copy
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %b = cce.alloc 2048 : !cce.ptr<ub, f16>
  // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op copies f32 to f16; convert in UB}}
  cce.copy_gm_to_ubuf_align %b, %x bursts %one length %one pad 0 0 gaps %zero %zero : !cce.ptr<ub, f16>, !cce.ptr<gm, f32>
}

// -----

// set_flag_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.set_flag' op goes from V to M, between which a vector core has no flags; order them through a pipe that has}}
  cce.set_flag V to M event 0
}

// -----

// wait_flag_c1
cce.kernel @k cube(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.wait_flag' op goes from MTE2 to V, between which a cube core has no flags; order them through a pipe that has}}
  cce.wait_flag MTE2 to V event 0
}

// -----

// set_flag_c2
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.set_flag' op has event 6, but the field holds 0 to 5 of each pair of pipes; use one again, or a barrier}}
  cce.set_flag MTE2 to V event 6
}

// -----

// pipe_barrier_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.pipe_barrier' op is of pipe S, which needs none on a vector core; take one of its queues, or ALL}}
  cce.pipe_barrier S
}

// -----

// ffts_cross_core_sync_c1
cce.kernel @k cube(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.ffts_cross_core_sync' op is of pipe V, which tells no other core on a cube core; take one of its queues}}
  cce.ffts_cross_core_sync V mode 2 flag 0
}

// -----

// ffts_cross_core_sync_c2
cce.kernel @k cube(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.ffts_cross_core_sync' op has mode 3, but the field holds 0 to 2 as the chip knows them; take 0 for all cores of a kind, 2 for a group}}
  cce.ffts_cross_core_sync FIX mode 3 flag 0
}

// -----

// ffts_cross_core_sync_c3
cce.kernel @k cube(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.ffts_cross_core_sync' op has mode 1, which is between the vector cores of a group; take 0 or 2}}
  cce.ffts_cross_core_sync FIX mode 1 flag 0
}

// -----

// ffts_cross_core_sync_c4
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.ffts_cross_core_sync' op has flag 16, but the field holds 0 to 15 of a core; use one again when it has been waited for}}
  cce.ffts_cross_core_sync MTE3 mode 2 flag 16
}

// -----

// wait_flag_dev_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.wait_flag_dev' op has flag -1, but the field holds 0 to 15 of a core; use one again when it has been waited for}}
  cce.wait_flag_dev -1
}

// -----

// load_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>, %i: i64) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.load' op has a scalar 'i32' for elements 'f32'; convert the scalar}}
  %v = cce.load %a[%i] : !cce.ptr<ub, f32> -> i32
}

// -----

// store_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>, %i: i64) {
  %a = cce.alloc 2048 : !cce.ptr<ub, ui8>
  // expected-error @+1 {{'cce.store' op has a scalar 'i64' for elements 'i8'; convert the scalar}}
  cce.store %i, %a[%i] : i64, !cce.ptr<ub, ui8>
}

// -----

// vsel_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  // expected-error @+1 {{'cce.vsel' op has mode 1; take 0, where CMPMASK has the bits, or 2, where it has their address}}
  cce.vsel 1 %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// vsel_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  // expected-error @+1 {{'cce.vsel' op reads bits by their address and does not name their buffer; write 'by'}}
  cce.vsel 2 %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// CMPMASK's 16 bytes
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 64 at 32 : !cce.ptr<ub, ui32>
  %two = arith.constant 2 : i64
  %b = cce.offset %a, %two : !cce.ptr<ub, ui32>
  // expected-error @+1 {{'cce.set_cmpmask' op has src at byte 40, but operands begin at multiples of 16 bytes; move the buffer, or take the elements before it along}}
  cce.set_cmpmask %b : !cce.ptr<ub, ui32>
}

// -----

// vreducev2
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, ui32>
  %b = cce.alloc 2048 : !cce.ptr<ub, ui32>
  %one = arith.constant 1 : i64
  // expected-error @+1 {{'cce.vreducev2' op has pattern 0, but the field holds 1 to 7 of the chip's patterns; take 1 and 2 for even and odd elements, 3 to 6 for one of four}}
  cce.vreducev2 %b, %a repeat %one blocks 1 pattern 0 repeats 8 : !cce.ptr<ub, ui32>, !cce.ptr<ub, ui32>
}

// -----

// release_c1
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %b = cce.offset %a, %one : !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.release' op names a part of a buffer; name what cce.alloc has made}}
  cce.release %b : !cce.ptr<ub, f32>
}

// -----

// release_c2
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  // expected-error @+1 {{'cce.release' op is of a buffer that is read next; release it behind that}}
  cce.release %a : !cce.ptr<ub, f32>
  // expected-note @+1 {{here}}
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// vcgmax: where a repeat's results begin
cce.kernel @k vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 64 at 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  %four = arith.constant 4 : i64
  %c = cce.offset %b, %four : !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.vcgmax' op has dst at byte 2064, but operands begin at multiples of 32 bytes; move the buffer, or take the elements before it along}}
  cce.vcgmax %c, %a repeat %one repeats 1 blocks 1 repeats 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}
