cce.kernel @quotient vector(%x: !cce.ptr<gm, f32>, %w: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %d = arith.constant 512 : i64
  %bytes = arith.constant 2048 : i64
  cce.set_mask_count
  cce.set_vector_mask %zero, %d
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %b = cce.alloc 2048 : !cce.ptr<ub, f32>
  scf.for %i = %block to %n step %blocks : i64 {
    %at = arith.muli %i, %d overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %wi = cce.offset %w, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %b, %wi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vdiv %a, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %yi, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  }
}

// -----

cce.kernel @root vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %d = arith.constant 512 : i64
  %bytes = arith.constant 2048 : i64
  cce.set_mask_count
  cce.set_vector_mask %zero, %d
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  scf.for %i = %block to %n step %blocks : i64 {
    %at = arith.muli %i, %d overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vsqrt %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %yi, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  }
}
