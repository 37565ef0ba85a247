// y = (x + x) * x + x, rows of 4000: what is loaded and stored has two sets of
// buffers, %b one.
cce.kernel @rows vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %d = arith.constant 4000 : i64
  %bytes = arith.constant 16000 : i64
  cce.set_mask_count
  cce.set_vector_mask %zero, %d
  scf.for %i = %block to %n step %blocks : i64 {
    %a = cce.alloc 16000 : !cce.ptr<ub, f32>
    %b = cce.alloc 16000 : !cce.ptr<ub, f32>
    %c = cce.alloc 16000 : !cce.ptr<ub, f32>
    %at = arith.muli %i, %d overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vadd %b, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vmul %b, %b, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %c, %b, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %yi, %c bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  } {cce.buffers = 2 : i64}
}
