// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the proof of order says of kernels that lack some.
// RUN: gemel-opt %s --cce-check-sync --split-input-file --verify-diagnostics

cce.kernel @race vector(%x: !cce.ptr<gm, f32>) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 64 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 128 : !cce.ptr<ub, f32>
  // expected-note @+1 {{here, in pipe MTE2; set a flag behind this one, and wait before the other}}
  cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  // expected-error @+1 {{'cce.vabs' op reads bytes 128 to 320 of ub in pipe V, which another instruction writes; nothing orders the two}}
  cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

cce.kernel @one_pipe vector(%x: !cce.ptr<gm, f32>) {
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  // expected-note @+1 {{here, in pipe V; put a barrier of the pipe between them}}
  cce.vabs %a, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.vabs' op writes bytes 256 to 512 of ub in pipe V, which another instruction reads; nothing orders the two}}
  cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// From one iteration to the next.
cce.kernel @carried vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op writes bytes 0 to 256 of ub in pipe MTE2, which another instruction reads; nothing orders the two}}
    cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    cce.set_flag MTE2 to V event 0
    cce.wait_flag MTE2 to V event 0
    // expected-note @+1 {{here, in pipe V; set a flag behind this one, and wait before the other}}
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

// Ways that meet: a flag on one of them only tells nothing.
cce.kernel @ways vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  %some = arith.cmpi sgt, %n, %zero : i64
  // expected-note @+1 {{here, in pipe V; put a barrier of the pipe between them}}
  cce.vabs %a, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  scf.if %some {
    cce.pipe_barrier V
  }
  // expected-error @+1 {{'cce.vabs' op reads bytes 0 to 256 of ub in pipe V, which another instruction writes; nothing orders the two}}
  cce.vabs %b, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// One way knows by a barrier what the other is told by a flag: each time all
// that is needed, so that no error is expected.
cce.kernel @both vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  cce.set_flag V to MTE2 event 0
  scf.for %i = %zero to %n step %one : i64 {
    scf.for %j = %zero to %n step %one : i64 {
      cce.wait_flag V to MTE2 event 0
      cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
      cce.set_flag MTE2 to V event 0
      cce.wait_flag MTE2 to V event 0
      cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
      cce.set_flag V to MTE2 event 0
    }
    cce.pipe_barrier V
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.pipe_barrier ALL
  }
  cce.wait_flag V to MTE2 event 0
}

// -----

// What a loop does takes no other's place: the barrier before it and the flags in
// it each tell all that is needed, and no error is expected.
cce.kernel @before_and_in vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  cce.set_flag V to MTE3 event 0
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.pipe_barrier V
  scf.for %i = %zero to %n step %one : i64 {
    cce.wait_flag V to MTE3 event 0
    cce.copy_ubuf_to_gm_align %x, %b bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
    cce.set_flag MTE3 to V event 0
    cce.wait_flag MTE3 to V event 0
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.set_flag V to MTE3 event 0
  }
  cce.wait_flag V to MTE3 event 0
}

// -----

// A product of sizes that may be small.
cce.kernel @products cube(%x: !cce.ptr<gm, f16>, %m: i64, %n: i64) {
  %init = arith.constant false
  %a = cce.alloc 32768 at 0 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 at 0 : !cce.ptr<l0b, f16>
  %c = cce.alloc 65536 at 0 : !cce.ptr<l0c, f32>
  cce.mad %c, %a, %b sizes %m %m %n unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  cce.pipe_barrier M behind %m, %n
  // expected-note @+1 {{here, in pipe M; put a barrier of the pipe between them}}
  cce.mad %c, %a, %b sizes %n %m %m unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  cce.pipe_barrier M behind %m, %n
  // expected-error @+1 {{'cce.mad' op reads bytes 0 to 65536 of l0c in pipe M, which another instruction writes; nothing orders the two}}
  cce.mad %c, %a, %b sizes %m %m %n unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
}

// -----

// ... that are others in the next iteration.
cce.kernel @sizes cube(%x: !cce.ptr<gm, f16>, %m: i64, %n: i64) {
  %init = arith.constant false
  %a = cce.alloc 32768 at 0 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 at 0 : !cce.ptr<l0b, f16>
  %c = cce.alloc 65536 at 0 : !cce.ptr<l0c, f32>
  scf.for %i = %m to %n step %m : i64 {
    cce.pipe_barrier M behind %i, %n
    // expected-error @+2 {{'cce.mad' op reads bytes 0 to 65536 of l0c in pipe M, which another instruction writes; nothing orders the two}}
    // expected-note @+1 {{here, in pipe M; put a barrier of the pipe between them}}
    cce.mad %c, %a, %b sizes %i %m %n unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  }
}

// -----

// Ten fractals and more are over, for the cube alone.
cce.kernel @long cube(%x: !cce.ptr<gm, f32>, %m: i64) {
  %s = arith.constant 64 : i64
  %init = arith.constant false
  %a = cce.alloc 32768 at 0 : !cce.ptr<l0a, f16>
  %b = cce.alloc 32768 at 0 : !cce.ptr<l0b, f16>
  %c = cce.alloc 65536 at 0 : !cce.ptr<l0c, f32>
  // expected-note @+1 {{here, in pipe M; set a flag behind this one, and wait before the other}}
  cce.mad %c, %a, %b sizes %s %s %s unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  cce.mad %c, %a, %b sizes %s %s %s unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
  // expected-error @+1 {{'cce.copy_matrix_cc_to_gm' op reads bytes 0 to 65536 of l0c in pipe FIX, which another instruction writes; nothing orders the two}}
  cce.copy_matrix_cc_to_gm %x, %c sizes %s %s strides %s %s unit 0 relu 0 : !cce.ptr<gm, f32>, !cce.ptr<l0c, f32>
}

// -----

cce.kernel @again vector(%x: !cce.ptr<gm, f32>) {
  // expected-note @+1 {{here, and nothing has waited for it since; wait first, or take another event}}
  cce.set_flag MTE2 to V event 1
  // expected-error @+1 {{'cce.set_flag' op sets an event that is set already}}
  cce.set_flag MTE2 to V event 1
}

// -----

// V may still stand before its wait.
cce.kernel @ahead vector(%x: !cce.ptr<gm, f32>) {
  cce.set_flag MTE2 to V event 1
  // expected-note @+1 {{here; nothing tells MTE2 of this wait; take another event}}
  cce.wait_flag MTE2 to V event 1
  // expected-error @+1 {{'cce.set_flag' op may set its event before V has waited for it}}
  cce.set_flag MTE2 to V event 1
  cce.wait_flag MTE2 to V event 1
}

// -----

// Set on one way only.
cce.kernel @never vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %some = arith.cmpi sgt, %n, %zero : i64
  scf.if %some {
    cce.set_flag MTE2 to V event 0
  }
  // expected-error @+1 {{'cce.wait_flag' op waits for an event that nothing has set on a way to here; set it on every way}}
  cce.wait_flag MTE2 to V event 0
}

// -----

cce.kernel @left vector(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.set_flag' op sets an event that is still set when the kernel ends; the next kernel would find it; wait for it}}
  cce.set_flag MTE2 to V event 0
}

// -----

// Of all ways through many choices, none is lost and none is one too many.
cce.kernel @choices vector(%x: !cce.ptr<gm, f32>, %n: i64, %p: i64) {
  %one = arith.constant 1 : i64
  %zero = arith.constant 0 : i64
  %bytes = arith.constant 256 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %c = arith.cmpi slt, %n, %p : i64
  scf.for %i = %zero to %n step %one : i64 {
    scf.if %c { cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32> }
    cce.pipe_barrier V
    scf.if %c { cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32> }
    cce.pipe_barrier V
    scf.if %c { cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32> }
    cce.pipe_barrier V
    scf.for %j = %zero to %n step %one : i64 {
      scf.if %c { cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32> }
      cce.pipe_barrier V
      scf.if %c { cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32> }
      cce.pipe_barrier V
    }
    scf.for %j = %zero to %n step %one : i64 {
      cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
      cce.pipe_barrier V
    }
  }
  // expected-note @+1 {{here, in pipe V; put a barrier of the pipe between them}}
  scf.if %c { cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32> }
  // expected-error @+1 {{'cce.vabs' op reads bytes 0 to 256 of ub in pipe V, which another instruction writes; nothing orders the two}}
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// The scalar unit goes in order; others wait for it.
cce.kernel @scalar vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, i64>
  // expected-note @+1 {{here, in pipe S; set a flag behind this one, and wait before the other}}
  cce.store %n, %a[%zero] : i64, !cce.ptr<ub, i64>
  %v = cce.load %a[%zero] : !cce.ptr<ub, i64> -> i64
  %b = cce.cast %a : !cce.ptr<ub, i64> to !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.vabs' op reads bytes 0 to 256 of ub in pipe V, which another instruction writes; nothing orders the two}}
  cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// What a choice is decided by has been loaded before anything behind it begins,
// and the wait for it is over: no flag says so. The other iteration's writes
// come behind, too.
cce.kernel @decides vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, i64>
  %b = cce.cast %a : !cce.ptr<ub, i64> to !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.set_flag V to S event 0
    cce.wait_flag V to S event 0
    %v = cce.load %a[%zero] : !cce.ptr<ub, i64> -> i64
    %c = arith.cmpi ne, %v, %zero : i64
    scf.if %c {
      cce.pipe_barrier V
      cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
    cce.pipe_barrier V
  }
}

// -----

// Twice from the same place, each for a choice of its own.
cce.kernel @decides_twice vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, i64>
  %b = cce.cast %a : !cce.ptr<ub, i64> to !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.set_flag V to S event 0
    cce.wait_flag V to S event 0
    %v = cce.load %a[%zero] : !cce.ptr<ub, i64> -> i64
    %c = arith.cmpi ne, %v, %zero : i64
    scf.if %c { }
    cce.pipe_barrier V
    cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.set_flag V to S event 0
    cce.wait_flag V to S event 0
    %w = cce.load %a[%one] : !cce.ptr<ub, i64> -> i64
    %d = arith.cmpi ne, %w, %zero : i64
    scf.if %d { }
    cce.pipe_barrier V
  }
}

// -----

// What an instruction takes from there has been loaded, too: both numbers when
// the second product is handed out.
cce.kernel @hands_out vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  %c = cce.alloc 256 at 512 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    cce.set_flag V to S event 0
    cce.wait_flag V to S event 0
    %v = cce.load %a[%zero] : !cce.ptr<ub, f32> -> f32
    %w = cce.load %a[%one] : !cce.ptr<ub, f32> -> f32
    %m = arith.negf %w : f32
    cce.vmuls %b, %b, %v repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
    cce.vmuls %c, %c, %m repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
    cce.pipe_barrier V
  }
}

// -----

// The second number may be under way when the first is handed out.
cce.kernel @hands_out_one vector(%x: !cce.ptr<gm, f32>) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  %v = cce.load %a[%zero] : !cce.ptr<ub, f32> -> f32
  // expected-note @+1 {{here, in pipe S; set a flag behind this one, and wait before the other}}
  %w = cce.load %a[%one] : !cce.ptr<ub, f32> -> f32
  cce.vmuls %b, %b, %v repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
  // expected-error @+1 {{'cce.vabs' op writes bytes 0 to 256 of ub in pipe V, which another instruction reads; nothing orders the two}}
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.vmuls %b, %b, %w repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
}

// -----

// Loaded behind the choice, and for none: the iteration before may have it under
// way.
cce.kernel @decides_once vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, i64>
  %b = cce.cast %a : !cce.ptr<ub, i64> to !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    // expected-note @+1 {{here, in pipe S; set a flag behind this one, and wait before the other}}
    %v = cce.load %a[%zero] : !cce.ptr<ub, i64> -> i64
    %c = arith.cmpi ne, %v, %zero : i64
    scf.if %c {
      // expected-error @+1 {{'cce.vabs' op writes bytes 0 to 256 of ub in pipe V, which another instruction reads; nothing orders the two}}
      cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
    cce.set_flag V to S event 0
    cce.wait_flag V to S event 0
    %w = cce.load %a[%one] : !cce.ptr<ub, i64> -> i64
  }
}

// -----

// Loaded from there, too, and not for the choice: that may be under way.
cce.kernel @decides_not vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, i64>
  %b = cce.cast %a : !cce.ptr<ub, i64> to !cce.ptr<ub, f32>
  %v = cce.load %a[%zero] : !cce.ptr<ub, i64> -> i64
  // expected-note @+1 {{here, in pipe S; set a flag behind this one, and wait before the other}}
  %w = cce.load %a[%one] : !cce.ptr<ub, i64> -> i64
  %c = arith.cmpi ne, %v, %zero : i64
  scf.if %c {
    // expected-error @+1 {{'cce.vabs' op writes bytes 0 to 256 of ub in pipe V, which another instruction reads; nothing orders the two}}
    cce.vabs %b, %b repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  }
}

// -----

cce.kernel @mask vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %one = arith.constant 1 : i64
  %a = cce.alloc 256 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 256 at 256 : !cce.ptr<ub, f32>
  // expected-note @+1 {{here, in pipe V; put a barrier of the pipe between them}}
  cce.set_cmpmask %a : !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.vsel' op reads a register in pipe V, which another instruction writes; nothing orders the two}}
  cce.vsel 0 %b, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}

// -----

// Rows of one buffer: as many elements as are counted are no more than one has.
cce.kernel @rows vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %row = arith.constant 128 : i64
  %a = cce.alloc 1024 at 0 : !cce.ptr<ub, f32>
  %b = cce.alloc 512 at 1024 : !cce.ptr<ub, bf16>
  cce.set_mask_count
  %less = arith.cmpi slt, %n, %row : i64
  %count = arith.select %less, %n, %row : i64
  cce.set_vector_mask %zero, %count
  %a1 = cce.offset %a, %row : !cce.ptr<ub, f32>
  %b1 = cce.offset %b, %row : !cce.ptr<ub, bf16>
  cce.vconv "r" %b, %a repeat %one blocks 1 1 repeats 4 8 : !cce.ptr<ub, bf16>, !cce.ptr<ub, f32>
  cce.vconv "r" %b1, %a1 repeat %one blocks 1 1 repeats 4 8 : !cce.ptr<ub, bf16>, !cce.ptr<ub, f32>
  cce.pipe_barrier ALL
}

// -----

// Nothing says that there are no more than a row has.
cce.kernel @rows_of_any vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %row = arith.constant 128 : i64
  %a = cce.alloc 1024 at 0 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %n
  %a1 = cce.offset %a, %row : !cce.ptr<ub, f32>
  // expected-note @+1 {{here, in pipe V; put a barrier of the pipe between them}}
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.vabs' op reads bytes 512 to 1024 of ub in pipe V, which another instruction writes; nothing orders the two}}
  cce.vabs %a1, %a1 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.pipe_barrier ALL
}

// -----

// Nor is a mask's a count.
cce.kernel @rows_by_mask vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %row = arith.constant 128 : i64
  %a = cce.alloc 1024 at 0 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_mask_norm
  cce.set_vector_mask %zero, %row
  %a1 = cce.offset %a, %row : !cce.ptr<ub, f32>
  // expected-note @+1 {{here, in pipe V; put a barrier of the pipe between them}}
  cce.vabs %a, %a repeat %n blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.vabs' op reads bytes 512 to 1024 of ub in pipe V, which another instruction writes; nothing orders the two}}
  cce.vabs %a1, %a1 repeat %n blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.pipe_barrier ALL
}

// -----

// More repeats of a stride than a row are another one's.
cce.kernel @rows_apart vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %row = arith.constant 128 : i64
  %a = cce.alloc 1024 at 0 : !cce.ptr<ub, f32>
  cce.set_mask_count
  cce.set_vector_mask %zero, %row
  %a1 = cce.offset %a, %row : !cce.ptr<ub, f32>
  // expected-note @+1 {{here, in pipe V; put a barrier of the pipe between them}}
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 16 16 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  // expected-error @+1 {{'cce.vabs' op reads bytes 512 to 768 of ub in pipe V, which another instruction writes; nothing orders the two}}
  cce.vabs %a1, %a1 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.pipe_barrier ALL
}

// -----

// Elements that stand a block apart, one each iteration, do not meet; nor do
// those of the next run, behind a barrier.
cce.kernel @elements vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %four = arith.constant 4 : i64
  %block = arith.constant 8 : i64
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  scf.for %j = %zero to %n step %one : i64 {
    cce.pipe_barrier MTE2
    scf.for %i = %zero to %n step %one : i64 {
      %some = arith.cmpi slt, %i, %j : i64
      scf.if %some {
        %e = arith.muli %i, %block : i64
        %b = cce.offset %a, %e : !cce.ptr<ub, f32>
        cce.copy_gm_to_ubuf_align %b, %x bursts %one length %four pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
      }
    }
  }
  cce.pipe_barrier ALL
}

// -----

// The next run's are the same again.
cce.kernel @elements_again vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %four = arith.constant 4 : i64
  %block = arith.constant 8 : i64
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  scf.for %j = %zero to %n step %one : i64 {
    scf.for %i = %zero to %n step %one : i64 {
      %e = arith.muli %i, %block : i64
      %b = cce.offset %a, %e : !cce.ptr<ub, f32>
      // expected-note @+2 {{here, in pipe MTE2; put a barrier of the pipe between them}}
      // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op writes bytes 0 to 2048 of ub in pipe MTE2, which another instruction writes; nothing orders the two}}
      cce.copy_gm_to_ubuf_align %b, %x bursts %one length %four pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    }
  }
  cce.pipe_barrier ALL
}

// -----

// Half a block apart is not apart: what is left of one is not defined.
cce.kernel @elements_near vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %four = arith.constant 4 : i64
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    %e = arith.muli %i, %four : i64
    %b = cce.offset %a, %e : !cce.ptr<ub, f32>
    // expected-note @+2 {{here, in pipe MTE2; put a barrier of the pipe between them}}
    // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op writes bytes 0 to 2048 of ub in pipe MTE2, which another instruction writes; nothing orders the two}}
    cce.copy_gm_to_ubuf_align %b, %x bursts %one length %four pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  }
  cce.pipe_barrier ALL
}

// -----

// Longer than what they stand apart.
cce.kernel @elements_long vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %bytes = arith.constant 36 : i64
  %block = arith.constant 8 : i64
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    %e = arith.muli %i, %block : i64
    %b = cce.offset %a, %e : !cce.ptr<ub, f32>
    // expected-note @+2 {{here, in pipe MTE2; put a barrier of the pipe between them}}
    // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op writes bytes 0 to 2048 of ub in pipe MTE2, which another instruction writes; nothing orders the two}}
    cce.copy_gm_to_ubuf_align %b, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  }
  cce.pipe_barrier ALL
}

// -----

// Another instruction of the loop may use the same, an iteration before or in
// this one.
cce.kernel @elements_of_two vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %four = arith.constant 4 : i64
  %block = arith.constant 8 : i64
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    %e = arith.muli %i, %block : i64
    %b = cce.offset %a, %e : !cce.ptr<ub, f32>
    // expected-note @+1 {{here, in pipe MTE2; put a barrier of the pipe between them}}
    cce.copy_gm_to_ubuf_align %b, %x bursts %one length %four pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op writes bytes 0 to 2048 of ub in pipe MTE2, which another instruction writes; nothing orders the two}}
    cce.copy_gm_to_ubuf_align %b, %x bursts %one length %four pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  }
  cce.pipe_barrier ALL
}

// -----

// In another loop's iterations it is the same element.
cce.kernel @elements_of_outer vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %four = arith.constant 4 : i64
  %block = arith.constant 8 : i64
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    %e = arith.muli %i, %block : i64
    %b = cce.offset %a, %e : !cce.ptr<ub, f32>
    scf.for %j = %zero to %n step %one : i64 {
      // expected-note @+2 {{here, in pipe MTE2; put a barrier of the pipe between them}}
      // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op writes bytes 0 to 2048 of ub in pipe MTE2, which another instruction writes; nothing orders the two}}
      cce.copy_gm_to_ubuf_align %b, %x bursts %one length %four pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    }
  }
  cce.pipe_barrier ALL
}

// -----

// Where the element stands depends on more than the iteration.
cce.kernel @elements_by_choice vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %four = arith.constant 4 : i64
  %block = arith.constant 8 : i64
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    %e = arith.muli %i, %block : i64
    %b = cce.offset %a, %e : !cce.ptr<ub, f32>
    %some = arith.cmpi slt, %i, %n : i64
    %f = arith.select %some, %zero, %block : i64
    %c = cce.offset %b, %f : !cce.ptr<ub, f32>
    // expected-note @+2 {{here, in pipe MTE2; put a barrier of the pipe between them}}
    // expected-error @+1 {{'cce.copy_gm_to_ubuf_align' op writes bytes 0 to 2048 of ub in pipe MTE2, which another instruction writes; nothing orders the two}}
    cce.copy_gm_to_ubuf_align %c, %x bursts %one length %four pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  }
  cce.pipe_barrier ALL
}

// -----

// Who reads them all waits for the last.
cce.kernel @elements_read vector(%x: !cce.ptr<gm, f32>, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %four = arith.constant 4 : i64
  %block = arith.constant 8 : i64
  %a = cce.alloc 2048 at 0 : !cce.ptr<ub, f32>
  scf.for %i = %zero to %n step %one : i64 {
    %e = arith.muli %i, %block : i64
    %b = cce.offset %a, %e : !cce.ptr<ub, f32>
    // expected-note @+1 {{here, in pipe MTE2; set a flag behind this one, and wait before the other}}
    cce.copy_gm_to_ubuf_align %b, %x bursts %one length %four pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
  }
  // expected-error @+1 {{'cce.vabs' op reads bytes 0 to 2048 of ub in pipe V, which another instruction writes; nothing orders the two}}
  cce.vabs %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
  cce.pipe_barrier ALL
}
