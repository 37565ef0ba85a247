// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The two halves of a kernel that hands tiles over, through two slots of a
// group; and what the proof says when a line of it is missing or is another.
// RUN: gemel-opt %s --cce-check-cross-core | FileCheck %s --check-prefix=HOLDS
// HOLDS: cce.kernel @hand_mix_aic cube

cce.kernel @hand_mix_aic cube(%sync: i64, %h: !cce.ptr<gm, f32>, %m: i64, %items: i64) attributes {mixed} {
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  %rows = arith.constant 32 : i64
  %slot = arith.constant 1024 : i64
  %c = cce.alloc 4096 at 0 : !cce.ptr<l0c, f32>
  cce.set_ffts_base_addr %sync // address
  %group = cce.get_block_idx
  %groups = cce.get_block_num
  %0 = arith.muli %groups, %two : i64
  %third = arith.addi %group, %0 : i64
  // before all tiles of the cube core
  scf.for %t = %group to %items step %groups : i64 {
    %1 = arith.subi %t, %group : i64
    %2 = arith.divsi %1, %groups : i64
    %turn = arith.remsi %2, %two : i64
    %3 = arith.muli %group, %two : i64
    %4 = arith.addi %3, %turn : i64 // the cube core's slot
    %5 = arith.muli %4, %slot : i64
    %to = cce.offset %h, %5 : !cce.ptr<gm, f32>
    %early = arith.cmpi slt, %t, %third : i64
    scf.if %early {
    } else {
      cce.wait_flag_dev 1 // the slot is free
    }
    cce.copy_matrix_cc_to_gm %to, %c sizes %rows %rows strides %rows %rows unit 0 relu 0 : !cce.ptr<gm, f32>, !cce.ptr<l0c, f32>
    cce.ffts_cross_core_sync FIX mode 2 flag 0 // made
  }
  %one_tile = arith.cmpi slt, %group, %items : i64
  scf.if %one_tile {
    cce.wait_flag_dev 1 // the last but one
  }
  %6 = arith.addi %group, %groups : i64
  %two_tiles = arith.cmpi slt, %6, %items : i64
  scf.if %two_tiles {
    cce.wait_flag_dev 1 // the last
  }
}

cce.kernel @hand_mix_aiv vector(%sync: i64, %h: !cce.ptr<gm, f32>, %m: i64, %items: i64) attributes {mixed} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %rows = arith.constant 32 : i64
  %row = arith.constant 128 : i64
  %slot = arith.constant 1024 : i64
  %a = cce.alloc 4096 at 0 : !cce.ptr<ub, f32>
  cce.set_ffts_base_addr %sync // vector address
  %group = cce.get_block_idx
  %groups = cce.get_block_num
  %half = cce.get_subblockid
  scf.for %t = %group to %items step %groups : i64 {
    %1 = arith.subi %t, %group : i64
    %2 = arith.divsi %1, %groups : i64
    %turn = arith.remsi %2, %two : i64
    %3 = arith.muli %group, %two : i64
    %4 = arith.addi %3, %turn : i64
    %5 = arith.muli %4, %slot : i64
    %from = cce.offset %h, %5 : !cce.ptr<gm, f32>
    // As many rows as there are, of 32; each core has half of them.
    %is_less = arith.cmpi slt, %m, %rows : i64
    %count = arith.select %is_less, %m, %rows : i64
    %6 = arith.addi %count, %one : i64
    %share = arith.divsi %6, %two : i64
    %begin = arith.muli %half, %share : i64
    %7 = arith.addi %begin, %share : i64
    %is_cut = arith.cmpi slt, %7, %count : i64
    %end = arith.select %is_cut, %7, %count : i64
    cce.wait_flag_dev 0 // the tile is there
    // before the reads
    scf.for %r = %begin to %end step %one : i64 {
      %8 = arith.muli %r, %rows : i64
      %9 = cce.offset %from, %8 : !cce.ptr<gm, f32>
      cce.copy_gm_to_ubuf_align %a, %9 bursts %one length %row pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    }
    cce.ffts_cross_core_sync MTE2 mode 2 flag 1 // read
    // behind the reads
  }
  // behind all tiles
}


// No flag and no wait can go.
// RUN: sed '/ made$/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=MADE
// MADE: error: 'cce.wait_flag_dev' op waits for flag 0 in the first vector core, after 0 of its group's tiles, and nothing sets it{{$}}
// MADE-NEXT: {{.*}}// the tile is there
// MADE: note: here the other side sets it, or nowhere; set it as often as it is waited for{{$}}
// MADE-NEXT: {{.*}}@hand_mix_aic
// RUN: sed '/ read$/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=READ
// READ: error: 'cce.wait_flag_dev' op waits for flag 1 in the cube core, after 1 of its group's tiles, and nothing sets it{{$}}
// READ-NEXT: {{.*}}// the last but one
// READ: note: here the other side sets it, or nowhere; set it as often as it is waited for{{$}}
// READ-NEXT: {{.*}}@hand_mix_aiv
// RUN: sed '/ slot is free$/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=FREE
// FREE: error: 'cce.copy_matrix_cc_to_gm' op writes bytes 0 to 2176 of argument 1 in the cube core, tile 2 of its group, which the first vector core reads; no flag between cores orders the two{{$}}
// FREE-NEXT: {{.*}}cce.copy_matrix_cc_to_gm
// FREE: note: here, in pipe MTE2; tell of it in this pipe, behind it, and wait before the other{{$}}
// FREE-NEXT: {{.*}}cce.copy_gm_to_ubuf_align
// RUN: sed '/ the tile is there$/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=THERE
// THERE: error: 'cce.copy_gm_to_ubuf_align' op reads bytes 0 to 2176 of argument 1 in the first vector core, tile 0 of its group, which the cube core writes; no flag between cores orders the two{{$}}
// THERE-NEXT: {{.*}}cce.copy_gm_to_ubuf_align
// THERE: note: here, in pipe FIX; tell of it in this pipe, behind it, and wait before the other{{$}}
// THERE-NEXT: {{.*}}cce.copy_matrix_cc_to_gm
// RUN: sed '/ last but one$/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=ONE
// ONE: error: 'cce.ffts_cross_core_sync' op sets flag 1 of the cube core, which is still set when the kernel ends, after 1 of its group's tiles; the next kernel would find it; wait for it{{$}}
// ONE-NEXT: {{.*}}// read
// RUN: sed '/ the last$/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=TWO
// TWO: error: 'cce.ffts_cross_core_sync' op sets flag 1 of the cube core, which is still set when the kernel ends, after 2 of its group's tiles; the next kernel would find it; wait for it{{$}}
// TWO-NEXT: {{.*}}// read
// RUN: sed '/sync \/\/ address$/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=CUBE-ADDRESS
// CUBE-ADDRESS: error: 'cce.ffts_cross_core_sync' op comes before any set_ffts_base_addr, and reaches nobody; let that be first{{$}}
// CUBE-ADDRESS-NEXT: {{.*}}// made
// RUN: sed '/ vector address$/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=ADDRESS
// ADDRESS: error: 'cce.ffts_cross_core_sync' op comes before any set_ffts_base_addr, and reaches nobody; let that be first{{$}}
// ADDRESS-NEXT: {{.*}}// read

// One slot for all tiles of a group.
// RUN: sed 's/%%3, %%turn : i64/%%3, %%zero : i64/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=SLOT
// SLOT: error: 'cce.copy_matrix_cc_to_gm' op writes bytes 0 to 2176 of argument 1 in the cube core, tile 1 of its group, which the first vector core reads; no flag between cores orders the two{{$}}
// SLOT-NEXT: {{.*}}cce.copy_matrix_cc_to_gm
// SLOT: note: here, in pipe MTE2; tell of it in this pipe, behind it, and wait before the other{{$}}
// SLOT-NEXT: {{.*}}cce.copy_gm_to_ubuf_align

// The vector cores tell before they have read; in another pipe than they read in; and only one of them.
// RUN: sed '/ read$/d;s|// before the reads|cce.ffts_cross_core_sync MTE2 mode 2 flag 1|' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=EARLY
// EARLY: error: 'cce.copy_matrix_cc_to_gm' op writes bytes 0 to 2176 of argument 1 in the cube core, tile 2 of its group, which the first vector core reads; no flag between cores orders the two{{$}}
// EARLY-NEXT: {{.*}}cce.copy_matrix_cc_to_gm
// EARLY: note: here, in pipe MTE2; tell of it in this pipe, behind it, and wait before the other{{$}}
// EARLY-NEXT: {{.*}}cce.copy_gm_to_ubuf_align
// RUN: sed 's/MTE2 mode 2/V mode 2/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=PIPE
// PIPE: error: 'cce.copy_matrix_cc_to_gm' op writes bytes 0 to 2176 of argument 1 in the cube core, tile 2 of its group, which the first vector core reads; no flag between cores orders the two{{$}}
// PIPE: note: here, in pipe MTE2; tell of it in this pipe, behind it, and wait before the other{{$}}
// RUN: sed '/ read$/d;s|// behind the reads|%%is = arith.cmpi slt, %%half, %%one : i64 scf.if %%is { cce.ffts_cross_core_sync MTE2 mode 2 flag 1 }|' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=HALF
// HALF: error: 'cce.wait_flag_dev' op waits for flag 1 in the cube core, after 1 of its group's tiles, and nothing sets it{{$}}
// HALF-NEXT: {{.*}}// the last but one
// HALF: note: here the other side sets it, or nowhere; set it as often as it is waited for{{$}}
// HALF-NEXT: {{.*}}scf.if %is { cce.ffts_cross_core_sync

// A barrier of all pipes does for another pipe.
// RUN: sed 's|cce.ffts_cross_core_sync MTE2 mode 2 flag 1|cce.pipe_barrier ALL cce.ffts_cross_core_sync V mode 2 flag 1|' %s | gemel-opt --cce-check-cross-core | FileCheck %s --check-prefix=HOLDS

// Nobody answers.
// RUN: sed '/copy_matrix/d;/ read$/d;/ is free$/d;/ last but one$/d;/ the last$/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=OVERFLOW
// OVERFLOW: error: 'cce.ffts_cross_core_sync' op may set flag 0 of the first vector core 16 times before it has waited once, and a flag counts to 15; wait for a flag that it sets, at least every 15 times{{$}}
// OVERFLOW-NEXT: {{.*}}// made

// What is set, and never waited for.
// RUN: sed 's|// behind all tiles|cce.ffts_cross_core_sync MTE2 mode 2 flag 2|' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=LEFT
// LEFT: error: 'cce.ffts_cross_core_sync' op sets flag 2 of the cube core, which is still set when the kernel ends, after 0 of its group's tiles; the next kernel would find it; wait for it{{$}}
// LEFT-NEXT: {{.*}}flag 2
// RUN: sed 's|// behind all tiles|%%is = arith.cmpi slt, %%half, %%one : i64 scf.if %%is { cce.ffts_cross_core_sync MTE2 mode 2 flag 2 }|' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=SINGLE
// SINGLE: error: 'cce.ffts_cross_core_sync' op sets flag 2 in the first vector core alone, which is still set when the kernel ends, after 0 of its group's tiles; the next kernel would find it; wait for it{{$}}
// SINGLE-NEXT: {{.*}}flag 2

// A wait that comes before all that could set it.
// RUN: sed 's|// before all tiles of the cube core|cce.wait_flag_dev 1|' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=BEFORE
// BEFORE: error: 'cce.wait_flag_dev' op waits for flag 1 in the cube core, after 0 of its group's tiles, and nothing sets it{{$}}
// BEFORE-NEXT: {{.*}}cce.wait_flag_dev 1
// BEFORE: note: here the other side sets it, or nowhere; set it as often as it is waited for{{$}}
// BEFORE-NEXT: {{.*}}// read

// Two pipes set one flag.
// RUN: sed 's|// behind the reads|cce.ffts_cross_core_sync V mode 2 flag 1|' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=PIPES
// PIPES: error: 'cce.ffts_cross_core_sync' op sets flag 1 in pipe V{{$}}
// PIPES-NEXT: {{.*}}V mode 2 flag 1
// PIPES: note: here pipe MTE2 does, and nothing says which comes first; take another flag{{$}}
// PIPES-NEXT: {{.*}}// read

// What depends on a size, or on a tile far off, is not the same on every core, or in every period.
// RUN: sed 's/slt, %%t, %%third/slt, %%t, %%m/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=SIZE
// SIZE: error: 'scf.if' op holds a flag between cores, and nothing says that the other core chooses the same; let it depend on the tile's number alone{{$}}
// SIZE-NEXT: {{.*}}scf.if %early
// RUN: sed 's/muli %%groups, %%two/muli %%groups, %%rows/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=FAR
// FAR: error: 'scf.if' op holds a flag between cores, and nothing says that the other core chooses the same; let it depend on the tile's number alone{{$}}
// FAR-NEXT: {{.*}}scf.if %early
// RUN: sed 's|// before the reads|scf.for %%i = %%zero to %%m step %%one : i64 { cce.wait_flag_dev 3 }|' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=LOOP
// LOOP: error: 'scf.for' op holds a flag between cores, and nothing says that the other core goes through it as often; flags belong into one loop over the group's tiles, from get_block_idx by get_block_num{{$}}
// LOOP-NEXT: {{.*}}scf.for %i
// RUN: sed 's/%%t = %%group to/%%t = %%zero to/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=FROM
// FROM: error: 'scf.for' op holds flags between cores, but does not go over the group's tiles; let it go from get_block_idx by get_block_num, to an argument{{$}}
// FROM-NEXT: {{.*}}scf.for %t
// RUN: sed '/aiv vector/s/%%m: i64, %%items: i64/%%items: i64, %%m: i64/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=TILES
// TILES: error: 'cce.kernel' op goes over other tiles than the cube core's half{{$}}
// TILES-NEXT: {{.*}}@hand_mix_aiv
// TILES: note: here; let both loops over tiles go up to the same argument{{$}}
// TILES-NEXT: {{.*}}@hand_mix_aic
// RUN: sed '/aiv vector/s/%%m: i64, %%items: i64/%%items: i64, %%m: i64, %%k: i64/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=ARGUMENTS
// ARGUMENTS: error: 'cce.kernel' op has other arguments than the cube core's half; one launch starts both{{$}}
// ARGUMENTS-NEXT: {{.*}}@hand_mix_aiv
// ARGUMENTS: note: here; give both the same{{$}}
// ARGUMENTS-NEXT: {{.*}}@hand_mix_aic

// Groups whose slots are not apart, or are not those of the other side; bytes that nothing bounds.
// RUN: sed 's/%%slot = arith.constant 1024/%%slot = arith.constant 1023/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=APART
// APART: error: 'cce.copy_matrix_cc_to_gm' op writes argument 1, which the other side of the group uses, from byte 4092 to 8188 of its group's part, which has 8184; each group needs one of its own, for no flag orders two groups{{$}}
// APART-NEXT: {{.*}}cce.copy_matrix_cc_to_gm
// RUN: sed '/aiv vector/,/^}/s/%%slot = arith.constant 1024/%%slot = arith.constant 2048/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=PART
// PART: error: 'cce.copy_gm_to_ubuf_align' op takes a group's part of argument 1 to have 16384 bytes{{$}}
// PART-NEXT: {{.*}}cce.copy_gm_to_ubuf_align
// PART: note: here it has 8192; let both sides step from group to group alike{{$}}
// PART-NEXT: {{.*}}cce.copy_matrix_cc_to_gm
// RUN: sed 's/%%r, %%rows : i64/%%r, %%m : i64/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=BOUND
// BOUND: error: 'cce.copy_gm_to_ubuf_align' op reads argument 1, which the other side of the group uses, and nothing bounds which bytes; flags can only order tiles in slots of a known size{{$}}
// BOUND-NEXT: {{.*}}cce.copy_gm_to_ubuf_align
// RUN: sed 's/strides %%rows/strides %%slot/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=PITCH
// PITCH: error: 'cce.copy_matrix_cc_to_gm' op writes argument 1, which the other side of the group uses, from byte 0 to 127104 of its group's part, which has 8192; each group needs one of its own, for no flag orders two groups{{$}}
// PITCH-NEXT: {{.*}}cce.copy_matrix_cc_to_gm
// RUN: sed 's/cce.offset %%from, %%8/arith.select %%is_cut, %%h, %%from/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=POINTER
// POINTER: error: 'cce.copy_gm_to_ubuf_align' op goes to gm by a pointer that may be of any argument; take offsets from one{{$}}
// POINTER-NEXT: {{.*}}cce.copy_gm_to_ubuf_align
// RUN: sed 's|// before the reads|scf.execute_region { cce.wait_flag_dev 3 scf.yield }|' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=REGION
// REGION: error: 'scf.execute_region' op is no loop and no choice that the order of cores can be proved through{{$}}
// REGION-NEXT: {{.*}}scf.execute_region

// Only flags of a group are proved, and a half alone has nobody to tell.
// RUN: sed 's/MTE2 mode 2/MTE2 mode 1/' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=MODE
// MODE: error: 'cce.ffts_cross_core_sync' op has mode 1, whose order is not proved; take 2, between the cube core and the vector cores of a group{{$}}
// MODE-NEXT: {{.*}}// read
// RUN: sed '/^cce.kernel @hand_mix_aiv/,/^}/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=ALONE
// ALONE: error: 'cce.wait_flag_dev' op is between cores, and the kernel has no other half; write the half of the other cores of the group, both mixed{{$}}
// ALONE-NEXT: {{.*}}// the slot is free
// RUN: sed '/^cce.kernel @hand_mix_aic/,/^}/d' %s | not gemel-opt --cce-check-cross-core 2>&1 | FileCheck %s --check-prefix=VECTOR
// VECTOR: error: 'cce.wait_flag_dev' op is between cores, and the kernel has no other half; write the half of the other cores of the group, both mixed{{$}}
// VECTOR-NEXT: {{.*}}// the tile is there
