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

// -----

// Of many, which may all be usual: 1100 at a time, at the end fewer.
cce.kernel @quotients vector(%x: !cce.ptr<gm, f32>, %w: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %four = arith.constant 4 : i64
  %d = arith.constant 512 : i64
  %most = arith.constant 1100 : i64
  %all = arith.muli %n, %d overflow<nsw> : i64
  %begin = arith.muli %block, %most overflow<nsw> : i64
  %step = arith.muli %blocks, %most overflow<nsw> : i64
  cce.set_mask_count
  %a = cce.alloc 4416 : !cce.ptr<ub, f32>
  %b = cce.alloc 4416 : !cce.ptr<ub, f32>
  %c = cce.alloc 4416 : !cce.ptr<ub, f32>
  scf.for %at = %begin to %all step %step : i64 {
    %left = arith.subi %all, %at : i64
    %fewer = arith.cmpi slt, %left, %most : i64
    %count = arith.select %fewer, %left, %most : i64
    %bytes = arith.muli %count, %four overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %wi = cce.offset %w, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.set_vector_mask %zero, %count
    cce.copy_gm_to_ubuf_align %a, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %b, %wi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vdiv %c, %a, %b repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %yi, %c bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  }
}

// -----

cce.kernel @roots vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %four = arith.constant 4 : i64
  %d = arith.constant 512 : i64
  %most = arith.constant 1100 : i64
  %all = arith.muli %n, %d overflow<nsw> : i64
  %begin = arith.muli %block, %most overflow<nsw> : i64
  %step = arith.muli %blocks, %most overflow<nsw> : i64
  cce.set_mask_count
  %a = cce.alloc 4416 : !cce.ptr<ub, f32>
  %c = cce.alloc 4416 : !cce.ptr<ub, f32>
  scf.for %at = %begin to %all step %step : i64 {
    %left = arith.subi %all, %at : i64
    %fewer = arith.cmpi slt, %left, %most : i64
    %count = arith.select %fewer, %left, %most : i64
    %bytes = arith.muli %count, %four overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.set_vector_mask %zero, %count
    cce.copy_gm_to_ubuf_align %a, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vsqrt %c, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %yi, %c bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  }
}
