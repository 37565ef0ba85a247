cce.kernel @twice_squared vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %d = arith.constant 511 : i64
  %bytes = arith.constant 2044 : i64
  cce.set_mask_count
  cce.set_vector_mask %zero, %d
  scf.for %i = %block to %n step %blocks : i64 {
    %a = cce.alloc 2048 : !cce.ptr<ub, f32>
    %b = cce.alloc 2048 : !cce.ptr<ub, f32>
    %at = arith.muli %i, %d overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vadd %b, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vmul %b, %b, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %yi, %b bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  }
}

// -----

cce.kernel @two_rows vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %d = arith.constant 511 : i64
  %bytes = arith.constant 2044 : i64
  cce.set_mask_count
  cce.set_vector_mask %zero, %d
  %two = arith.addi %blocks, %blocks overflow<nsw> : i64
  %a0 = cce.alloc 2048 : !cce.ptr<ub, f32>
  %a1 = cce.alloc 2048 : !cce.ptr<ub, f32>
  scf.for %i = %block to %n step %two : i64 {
    %at = arith.muli %i, %d overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a0, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vmul %a0, %a0, %a0 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %yi, %a0 bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
    %j = arith.addi %i, %blocks overflow<nsw> : i64
    %inside = arith.cmpi slt, %j, %n : i64
    scf.if %inside {
      %at1 = arith.muli %j, %d overflow<nsw> : i64
      %xi1 = cce.offset %x, %at1 : !cce.ptr<gm, f32>
      %yi1 = cce.offset %y, %at1 : !cce.ptr<gm, f32>
      cce.copy_gm_to_ubuf_align %a1, %xi1 bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
      cce.vmul %a1, %a1, %a1 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
      cce.copy_ubuf_to_gm_align %yi1, %a1 bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
    }
  }
}

// -----

cce.kernel @rounds vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %d = arith.constant 511 : i64
  %bytes = arith.constant 2044 : i64
  cce.set_mask_count
  cce.set_vector_mask %zero, %d
  %rounds = arith.constant 2 : i64
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %s = cce.alloc 2048 : !cce.ptr<ub, f32>
  scf.for %i = %block to %n step %blocks : i64 {
    %at = arith.muli %i, %d overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %s, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    scf.for %k = %zero to %rounds step %one : i64 {
      cce.vadd %s, %s, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
    cce.copy_ubuf_to_gm_align %yi, %s bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  }
}

// -----

cce.kernel @seven vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %d = arith.constant 511 : i64
  %bytes = arith.constant 2044 : i64
  cce.set_mask_count
  cce.set_vector_mask %zero, %d
  scf.for %i = %block to %n step %blocks : i64 {
    %a0 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a1 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a2 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a3 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a4 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a5 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a6 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %s = cce.alloc 2048 : !cce.ptr<ub, f32>
    %at = arith.muli %i, %d overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a0, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a1, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a2, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a3, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a4, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a5, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a6, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vadd %s, %a0, %a1 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a2 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a3 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a4 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a5 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a6 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %yi, %s bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  }
}

// -----


cce.kernel @eight vector(%x: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %n: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %d = arith.constant 511 : i64
  %bytes = arith.constant 2044 : i64
  cce.set_mask_count
  cce.set_vector_mask %zero, %d
  scf.for %i = %block to %n step %blocks : i64 {
    %a0 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a1 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a2 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a3 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a4 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a5 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a6 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %a7 = cce.alloc 2048 : !cce.ptr<ub, f32>
    %s = cce.alloc 2048 : !cce.ptr<ub, f32>
    %at = arith.muli %i, %d overflow<nsw> : i64
    %xi = cce.offset %x, %at : !cce.ptr<gm, f32>
    %yi = cce.offset %y, %at : !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a0, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a1, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a2, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a3, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a4, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a5, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a6, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.copy_gm_to_ubuf_align %a7, %xi bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.vadd %s, %a0, %a1 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a2 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a3 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a4 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a5 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a6 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.vadd %s, %s, %a7 repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.copy_ubuf_to_gm_align %yi, %s bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
  }
}
