// y[m, n] = x[m, k] w[k, n] in bf16: tiles of 128 by 256, of which L1 holds 256
// terms and L0 64 at a time, twice.
cce.kernel @matmul cube(%x: !cce.ptr<gm, bf16>, %w: !cce.ptr<gm, bf16>, %y: !cce.ptr<gm, bf16>, %m: i64, %n: i64, %k: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  %fifteen = arith.constant 15 : i64
  %round = arith.constant -16 : i64
  %tile_m = arith.constant 128 : i64
  %tile_n = arith.constant 256 : i64
  %tile_k = arith.constant 256 : i64
  %step_k = arith.constant 64 : i64
  %above_n = arith.constant 255 : i64
  %above_m = arith.constant 127 : i64
  %one_matrix = arith.constant 4295032833 : i64
  %image_a = arith.constant 65664 : i64
  %image_b = arith.constant 65792 : i64
  cce.set_nd_para %one_matrix
  cce.set_fmatrix %image_a
  cce.set_fmatrix_b %image_b
  %xh = cce.cast %x : !cce.ptr<gm, bf16> to !cce.ptr<gm, f16>
  %wh = cce.cast %w : !cce.ptr<gm, bf16> to !cce.ptr<gm, f16>
  %mp = arith.addi %m, %above_m overflow<nsw> : i64
  %np = arith.addi %n, %above_n overflow<nsw> : i64
  %tiles_m = arith.divsi %mp, %tile_m : i64
  %tiles_n = arith.divsi %np, %tile_n : i64
  %tiles = arith.muli %tiles_m, %tiles_n overflow<nsw> : i64
  scf.for %tile = %block to %tiles step %blocks : i64 {
    %mi = arith.divsi %tile, %tiles_n : i64
    %ni = arith.remsi %tile, %tiles_n : i64
    %m_at = arith.muli %mi, %tile_m overflow<nsw> : i64
    %n_at = arith.muli %ni, %tile_n overflow<nsw> : i64
    %m_left = arith.subi %m, %m_at overflow<nsw> : i64
    %m_full = arith.cmpi sgt, %m_left, %tile_m : i64
    %rows = arith.select %m_full, %tile_m, %m_left : i64
    %n_left = arith.subi %n, %n_at overflow<nsw> : i64
    %n_full = arith.cmpi sgt, %n_left, %tile_n : i64
    %columns = arith.select %n_full, %tile_n, %n_left : i64
    // A product of one row would read it unblocked.
    %single = arith.cmpi slt, %rows, %two : i64
    %rows2 = arith.select %single, %two, %rows : i64
    %rp = arith.addi %rows, %fifteen overflow<nsw> : i64
    %rows16 = arith.andi %rp, %round : i64
    %cp = arith.addi %columns, %fifteen overflow<nsw> : i64
    %columns16 = arith.andi %cp, %round : i64
    %x_row = arith.muli %m_at, %k overflow<nsw> : i64
    %y_row = arith.muli %m_at, %n overflow<nsw> : i64
    %y_at = arith.addi %y_row, %n_at overflow<nsw> : i64
    %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
    scf.for %kk = %zero to %k step %tile_k : i64 {
      %a1 = cce.alloc 65536 : !cce.ptr<l1, f16>
      %b1 = cce.alloc 131072 : !cce.ptr<l1, f16>
      %k_left = arith.subi %k, %kk overflow<nsw> : i64
      %k_full = arith.cmpi sgt, %k_left, %tile_k : i64
      %terms = arith.select %k_full, %tile_k, %k_left : i64
      %tp = arith.addi %terms, %fifteen overflow<nsw> : i64
      %terms16 = arith.andi %tp, %round : i64
      %x_at = arith.addi %x_row, %kk overflow<nsw> : i64
      %xt = cce.offset %xh, %x_at : !cce.ptr<gm, f16>
      %w_row = arith.muli %kk, %n overflow<nsw> : i64
      %w_at = arith.addi %w_row, %n_at overflow<nsw> : i64
      %wt = cce.offset %wh, %w_at : !cce.ptr<gm, f16>
      cce.copy_gm_to_cbuf_multi_nd2nz %a1, %xt matrices 1 rows %rows columns %terms from 0 %k to %tile_m 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
      cce.copy_gm_to_cbuf_multi_nd2nz %b1, %wt matrices 1 rows %terms columns %columns from 0 %n to %tile_k 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
      scf.for %j = %zero to %terms step %step_k : i64 {
        %a0 = cce.alloc 16384 : !cce.ptr<l0a, f16>
        %b0 = cce.alloc 32768 : !cce.ptr<l0b, f16>
        %j_left = arith.subi %terms, %j overflow<nsw> : i64
        %j_full = arith.cmpi sgt, %j_left, %step_k : i64
        %part = arith.select %j_full, %step_k, %j_left : i64
        %pp = arith.addi %part, %fifteen overflow<nsw> : i64
        %part16 = arith.andi %pp, %round : i64
        cce.img2colv2_cbuf_to_ca %a0, %a1 steps %part16 %rows16 at %j %zero transpose false channels %terms16 : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
        cce.img2colv2_cbuf_to_cb %b0, %b1 steps %columns16 %part16 at %zero %j transpose true channels %columns16 : !cce.ptr<l0b, f16>, !cce.ptr<l1, f16>
        %k_at = arith.addi %kk, %j overflow<nsw> : i64
        %first = arith.cmpi eq, %k_at, %zero : i64
        %a = cce.cast %a0 : !cce.ptr<l0a, f16> to !cce.ptr<l0a, bf16>
        %b = cce.cast %b0 : !cce.ptr<l0b, f16> to !cce.ptr<l0b, bf16>
        cce.mad %c, %a, %b sizes %rows2 %part %columns unit 0 align false init %first : !cce.ptr<l0c, f32>, !cce.ptr<l0a, bf16>, !cce.ptr<l0b, bf16>
      } {cce.buffers = 2 : i64}
    } {cce.buffers = 2 : i64}
    %yt = cce.offset %y, %y_at : !cce.ptr<gm, bf16>
    cce.copy_matrix_cc_to_gm %yt, %c sizes %columns %rows strides %n %rows16 unit 0 relu 0 : !cce.ptr<gm, bf16>, !cce.ptr<l0c, f32>
  }
}

// -----

// The same of x[k, m] and w[n, k]: what is contiguous in A is not k, in B it is.
cce.kernel @matmul_turned cube(%x: !cce.ptr<gm, bf16>, %w: !cce.ptr<gm, bf16>, %y: !cce.ptr<gm, bf16>, %m: i64, %n: i64, %k: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  %fifteen = arith.constant 15 : i64
  %round = arith.constant -16 : i64
  %tile_m = arith.constant 128 : i64
  %tile_n = arith.constant 256 : i64
  %tile_k = arith.constant 256 : i64
  %step_k = arith.constant 64 : i64
  %above_n = arith.constant 255 : i64
  %above_m = arith.constant 127 : i64
  %one_matrix = arith.constant 4295032833 : i64
  %image_a = arith.constant 65792 : i64
  %image_b = arith.constant 65792 : i64
  cce.set_nd_para %one_matrix
  cce.set_fmatrix %image_a
  cce.set_fmatrix_b %image_b
  %xh = cce.cast %x : !cce.ptr<gm, bf16> to !cce.ptr<gm, f16>
  %wh = cce.cast %w : !cce.ptr<gm, bf16> to !cce.ptr<gm, f16>
  %mp = arith.addi %m, %above_m overflow<nsw> : i64
  %np = arith.addi %n, %above_n overflow<nsw> : i64
  %tiles_m = arith.divsi %mp, %tile_m : i64
  %tiles_n = arith.divsi %np, %tile_n : i64
  %tiles = arith.muli %tiles_m, %tiles_n overflow<nsw> : i64
  scf.for %tile = %block to %tiles step %blocks : i64 {
    %mi = arith.divsi %tile, %tiles_n : i64
    %ni = arith.remsi %tile, %tiles_n : i64
    %m_at = arith.muli %mi, %tile_m overflow<nsw> : i64
    %n_at = arith.muli %ni, %tile_n overflow<nsw> : i64
    %m_left = arith.subi %m, %m_at overflow<nsw> : i64
    %m_full = arith.cmpi sgt, %m_left, %tile_m : i64
    %rows = arith.select %m_full, %tile_m, %m_left : i64
    %n_left = arith.subi %n, %n_at overflow<nsw> : i64
    %n_full = arith.cmpi sgt, %n_left, %tile_n : i64
    %columns = arith.select %n_full, %tile_n, %n_left : i64
    // A product of one row would read it unblocked.
    %single = arith.cmpi slt, %rows, %two : i64
    %rows2 = arith.select %single, %two, %rows : i64
    %rp = arith.addi %rows, %fifteen overflow<nsw> : i64
    %rows16 = arith.andi %rp, %round : i64
    %cp = arith.addi %columns, %fifteen overflow<nsw> : i64
    %columns16 = arith.andi %cp, %round : i64
    %y_row = arith.muli %m_at, %n overflow<nsw> : i64
    %y_at = arith.addi %y_row, %n_at overflow<nsw> : i64
    %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
    scf.for %kk = %zero to %k step %tile_k : i64 {
      %a1 = cce.alloc 65536 : !cce.ptr<l1, f16>
      %b1 = cce.alloc 131072 : !cce.ptr<l1, f16>
      %k_left = arith.subi %k, %kk overflow<nsw> : i64
      %k_full = arith.cmpi sgt, %k_left, %tile_k : i64
      %terms = arith.select %k_full, %tile_k, %k_left : i64
      %tp = arith.addi %terms, %fifteen overflow<nsw> : i64
      %terms16 = arith.andi %tp, %round : i64
      %x_row = arith.muli %kk, %m overflow<nsw> : i64
      %x_at = arith.addi %x_row, %m_at overflow<nsw> : i64
      %xt = cce.offset %xh, %x_at : !cce.ptr<gm, f16>
      %w_row = arith.muli %n_at, %k overflow<nsw> : i64
      %w_at = arith.addi %w_row, %kk overflow<nsw> : i64
      %wt = cce.offset %wh, %w_at : !cce.ptr<gm, f16>
      cce.copy_gm_to_cbuf_multi_nd2nz %a1, %xt matrices 1 rows %terms columns %rows from 0 %m to %tile_k 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
      cce.copy_gm_to_cbuf_multi_nd2nz %b1, %wt matrices 1 rows %columns columns %terms from 0 %k to %tile_n 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
      scf.for %j = %zero to %terms step %step_k : i64 {
        %a0 = cce.alloc 16384 : !cce.ptr<l0a, f16>
        %b0 = cce.alloc 32768 : !cce.ptr<l0b, f16>
        %j_left = arith.subi %terms, %j overflow<nsw> : i64
        %j_full = arith.cmpi sgt, %j_left, %step_k : i64
        %part = arith.select %j_full, %step_k, %j_left : i64
        %pp = arith.addi %part, %fifteen overflow<nsw> : i64
        %part16 = arith.andi %pp, %round : i64
        cce.img2colv2_cbuf_to_ca %a0, %a1 steps %rows16 %part16 at %zero %j transpose true channels %rows16 : !cce.ptr<l0a, f16>, !cce.ptr<l1, f16>
        cce.img2colv2_cbuf_to_cb %b0, %b1 steps %part16 %columns16 at %j %zero transpose false channels %terms16 : !cce.ptr<l0b, f16>, !cce.ptr<l1, f16>
        %k_at = arith.addi %kk, %j overflow<nsw> : i64
        %first = arith.cmpi eq, %k_at, %zero : i64
        %a = cce.cast %a0 : !cce.ptr<l0a, f16> to !cce.ptr<l0a, bf16>
        %b = cce.cast %b0 : !cce.ptr<l0b, f16> to !cce.ptr<l0b, bf16>
        cce.mad %c, %a, %b sizes %rows2 %part %columns unit 0 align false init %first : !cce.ptr<l0c, f32>, !cce.ptr<l0a, bf16>, !cce.ptr<l0b, bf16>
      } {cce.buffers = 2 : i64}
    } {cce.buffers = 2 : i64}
    %yt = cce.offset %y, %y_at : !cce.ptr<gm, bf16>
    cce.copy_matrix_cc_to_gm %yt, %c sizes %columns %rows strides %n %rows16 unit 0 relu 0 : !cce.ptr<gm, bf16>, !cce.ptr<l0c, f32>
  }
}

// -----

// In f32, tiles of 128 by 128, of 128 terms in L1 and 32 in L0. Loads that
// transpose leave k padded to 16, so all do, and the product is told.
cce.kernel @matmul_f32 cube(%x: !cce.ptr<gm, f32>, %w: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %m: i64, %n: i64, %k: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  %fifteen = arith.constant 15 : i64
  %round = arith.constant -16 : i64
  %tile_m = arith.constant 128 : i64
  %tile_n = arith.constant 128 : i64
  %tile_k = arith.constant 128 : i64
  %step_k = arith.constant 32 : i64
  %above_n = arith.constant 127 : i64
  %above_m = arith.constant 127 : i64
  %one_matrix = arith.constant 4295032833 : i64
  %image_a = arith.constant 65664 : i64
  %image_b = arith.constant 65664 : i64
  cce.set_nd_para %one_matrix
  cce.set_fmatrix %image_a
  cce.set_fmatrix_b %image_b
  %mp = arith.addi %m, %above_m overflow<nsw> : i64
  %np = arith.addi %n, %above_n overflow<nsw> : i64
  %tiles_m = arith.divsi %mp, %tile_m : i64
  %tiles_n = arith.divsi %np, %tile_n : i64
  %tiles = arith.muli %tiles_m, %tiles_n overflow<nsw> : i64
  scf.for %tile = %block to %tiles step %blocks : i64 {
    %mi = arith.divsi %tile, %tiles_n : i64
    %ni = arith.remsi %tile, %tiles_n : i64
    %m_at = arith.muli %mi, %tile_m overflow<nsw> : i64
    %n_at = arith.muli %ni, %tile_n overflow<nsw> : i64
    %m_left = arith.subi %m, %m_at overflow<nsw> : i64
    %m_full = arith.cmpi sgt, %m_left, %tile_m : i64
    %rows = arith.select %m_full, %tile_m, %m_left : i64
    %n_left = arith.subi %n, %n_at overflow<nsw> : i64
    %n_full = arith.cmpi sgt, %n_left, %tile_n : i64
    %columns = arith.select %n_full, %tile_n, %n_left : i64
    // A product of one row would read it unblocked.
    %single = arith.cmpi slt, %rows, %two : i64
    %rows2 = arith.select %single, %two, %rows : i64
    %rp = arith.addi %rows, %fifteen overflow<nsw> : i64
    %rows16 = arith.andi %rp, %round : i64
    %cp = arith.addi %columns, %fifteen overflow<nsw> : i64
    %columns16 = arith.andi %cp, %round : i64
    %x_row = arith.muli %m_at, %k overflow<nsw> : i64
    %y_row = arith.muli %m_at, %n overflow<nsw> : i64
    %y_at = arith.addi %y_row, %n_at overflow<nsw> : i64
    %c = cce.alloc 65536 : !cce.ptr<l0c, f32>
    scf.for %kk = %zero to %k step %tile_k : i64 {
      %a1 = cce.alloc 65536 : !cce.ptr<l1, f32>
      %b1 = cce.alloc 65536 : !cce.ptr<l1, f32>
      %k_left = arith.subi %k, %kk overflow<nsw> : i64
      %k_full = arith.cmpi sgt, %k_left, %tile_k : i64
      %terms = arith.select %k_full, %tile_k, %k_left : i64
      %tp = arith.addi %terms, %fifteen overflow<nsw> : i64
      %terms16 = arith.andi %tp, %round : i64
      %x_at = arith.addi %x_row, %kk overflow<nsw> : i64
      %xt = cce.offset %x, %x_at : !cce.ptr<gm, f32>
      %w_row = arith.muli %kk, %n overflow<nsw> : i64
      %w_at = arith.addi %w_row, %n_at overflow<nsw> : i64
      %wt = cce.offset %w, %w_at : !cce.ptr<gm, f32>
      cce.copy_gm_to_cbuf_multi_nd2nz %a1, %xt matrices 1 rows %rows columns %terms from 0 %k to %tile_m 1 1 : !cce.ptr<l1, f32>, !cce.ptr<gm, f32>
      cce.copy_gm_to_cbuf_multi_nd2nz %b1, %wt matrices 1 rows %terms columns %columns from 0 %n to %tile_k 1 1 : !cce.ptr<l1, f32>, !cce.ptr<gm, f32>
      scf.for %j = %zero to %terms step %step_k : i64 {
        %a0 = cce.alloc 16384 : !cce.ptr<l0a, f32>
        %b0 = cce.alloc 16384 : !cce.ptr<l0b, f32>
        %j_left = arith.subi %terms, %j overflow<nsw> : i64
        %j_full = arith.cmpi sgt, %j_left, %step_k : i64
        %part = arith.select %j_full, %step_k, %j_left : i64
        %pp = arith.addi %part, %fifteen overflow<nsw> : i64
        %part16 = arith.andi %pp, %round : i64
        cce.img2colv2_cbuf_to_ca %a0, %a1 steps %part16 %rows16 at %j %zero transpose false channels %terms16 : !cce.ptr<l0a, f32>, !cce.ptr<l1, f32>
        cce.img2colv2_cbuf_to_cb %b0, %b1 steps %columns16 %part16 at %zero %j transpose true channels %columns16 : !cce.ptr<l0b, f32>, !cce.ptr<l1, f32>
        %k_at = arith.addi %kk, %j overflow<nsw> : i64
        %first = arith.cmpi eq, %k_at, %zero : i64
        cce.mad %c, %a0, %b0 sizes %rows2 %part %columns unit 0 align true init %first : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f32>, !cce.ptr<l0b, f32>
      } {cce.buffers = 2 : i64}
    } {cce.buffers = 2 : i64}
    %yt = cce.offset %y, %y_at : !cce.ptr<gm, f32>
    cce.copy_matrix_cc_to_gm %yt, %c sizes %columns %rows strides %n %rows16 unit 0 relu 0 : !cce.ptr<gm, f32>, !cce.ptr<l0c, f32>
  }
}

// -----

cce.kernel @matmul_f32_turned cube(%x: !cce.ptr<gm, f32>, %w: !cce.ptr<gm, f32>, %y: !cce.ptr<gm, f32>, %m: i64, %n: i64, %k: i64) {
  %block = cce.get_block_idx
  %blocks = cce.get_block_num
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  %fifteen = arith.constant 15 : i64
  %round = arith.constant -16 : i64
  %tile_m = arith.constant 128 : i64
  %tile_n = arith.constant 128 : i64
  %tile_k = arith.constant 128 : i64
  %step_k = arith.constant 32 : i64
  %above_n = arith.constant 127 : i64
  %above_m = arith.constant 127 : i64
  %one_matrix = arith.constant 4295032833 : i64
  %image_a = arith.constant 65664 : i64
  %image_b = arith.constant 65664 : i64
  cce.set_nd_para %one_matrix
  cce.set_fmatrix %image_a
  cce.set_fmatrix_b %image_b
  %mp = arith.addi %m, %above_m overflow<nsw> : i64
  %np = arith.addi %n, %above_n overflow<nsw> : i64
  %tiles_m = arith.divsi %mp, %tile_m : i64
  %tiles_n = arith.divsi %np, %tile_n : i64
  %tiles = arith.muli %tiles_m, %tiles_n overflow<nsw> : i64
  scf.for %tile = %block to %tiles step %blocks : i64 {
    %mi = arith.divsi %tile, %tiles_n : i64
    %ni = arith.remsi %tile, %tiles_n : i64
    %m_at = arith.muli %mi, %tile_m overflow<nsw> : i64
    %n_at = arith.muli %ni, %tile_n overflow<nsw> : i64
    %m_left = arith.subi %m, %m_at overflow<nsw> : i64
    %m_full = arith.cmpi sgt, %m_left, %tile_m : i64
    %rows = arith.select %m_full, %tile_m, %m_left : i64
    %n_left = arith.subi %n, %n_at overflow<nsw> : i64
    %n_full = arith.cmpi sgt, %n_left, %tile_n : i64
    %columns = arith.select %n_full, %tile_n, %n_left : i64
    // A product of one row would read it unblocked.
    %single = arith.cmpi slt, %rows, %two : i64
    %rows2 = arith.select %single, %two, %rows : i64
    %rp = arith.addi %rows, %fifteen overflow<nsw> : i64
    %rows16 = arith.andi %rp, %round : i64
    %cp = arith.addi %columns, %fifteen overflow<nsw> : i64
    %columns16 = arith.andi %cp, %round : i64
    %y_row = arith.muli %m_at, %n overflow<nsw> : i64
    %y_at = arith.addi %y_row, %n_at overflow<nsw> : i64
    %c = cce.alloc 65536 : !cce.ptr<l0c, f32>
    scf.for %kk = %zero to %k step %tile_k : i64 {
      %a1 = cce.alloc 65536 : !cce.ptr<l1, f32>
      %b1 = cce.alloc 65536 : !cce.ptr<l1, f32>
      %k_left = arith.subi %k, %kk overflow<nsw> : i64
      %k_full = arith.cmpi sgt, %k_left, %tile_k : i64
      %terms = arith.select %k_full, %tile_k, %k_left : i64
      %tp = arith.addi %terms, %fifteen overflow<nsw> : i64
      %terms16 = arith.andi %tp, %round : i64
      %x_row = arith.muli %kk, %m overflow<nsw> : i64
      %x_at = arith.addi %x_row, %m_at overflow<nsw> : i64
      %xt = cce.offset %x, %x_at : !cce.ptr<gm, f32>
      %w_row = arith.muli %n_at, %k overflow<nsw> : i64
      %w_at = arith.addi %w_row, %kk overflow<nsw> : i64
      %wt = cce.offset %w, %w_at : !cce.ptr<gm, f32>
      cce.copy_gm_to_cbuf_multi_nd2nz %a1, %xt matrices 1 rows %terms columns %rows from 0 %m to %tile_k 1 1 : !cce.ptr<l1, f32>, !cce.ptr<gm, f32>
      cce.copy_gm_to_cbuf_multi_nd2nz %b1, %wt matrices 1 rows %columns columns %terms from 0 %k to %tile_n 1 1 : !cce.ptr<l1, f32>, !cce.ptr<gm, f32>
      scf.for %j = %zero to %terms step %step_k : i64 {
        %a0 = cce.alloc 16384 : !cce.ptr<l0a, f32>
        %b0 = cce.alloc 16384 : !cce.ptr<l0b, f32>
        %j_left = arith.subi %terms, %j overflow<nsw> : i64
        %j_full = arith.cmpi sgt, %j_left, %step_k : i64
        %part = arith.select %j_full, %step_k, %j_left : i64
        %pp = arith.addi %part, %fifteen overflow<nsw> : i64
        %part16 = arith.andi %pp, %round : i64
        cce.img2colv2_cbuf_to_ca %a0, %a1 steps %rows16 %part16 at %zero %j transpose true channels %rows16 : !cce.ptr<l0a, f32>, !cce.ptr<l1, f32>
        cce.img2colv2_cbuf_to_cb %b0, %b1 steps %part16 %columns16 at %j %zero transpose false channels %terms16 : !cce.ptr<l0b, f32>, !cce.ptr<l1, f32>
        %k_at = arith.addi %kk, %j overflow<nsw> : i64
        %first = arith.cmpi eq, %k_at, %zero : i64
        cce.mad %c, %a0, %b0 sizes %rows2 %part %columns unit 0 align true init %first : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f32>, !cce.ptr<l0b, f32>
      } {cce.buffers = 2 : i64}
    } {cce.buffers = 2 : i64}
    %yt = cce.offset %y, %y_at : !cce.ptr<gm, f32>
    cce.copy_matrix_cc_to_gm %yt, %c sizes %columns %rows strides %n %rows16 unit 0 relu 0 : !cce.ptr<gm, f32>, !cce.ptr<l0c, f32>
  }
}
