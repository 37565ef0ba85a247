// Rows of a loop that are read ahead: while one is computed, the next are on
// their way to shared memory, and each thread waits for its own. What warps
// combine has two places by turns, so that a turn needs one barrier.
// RUN: gemelc check %s --target=sm_80,sm_90a --quiet | FileCheck %s
// RUN: env GEMEL_PTXAS=none gemelc %s --target=sm_90a --emit=asm | FileCheck %s --check-prefix=PTX
// CHECK: 10 cases, {{.*}} 0 misses

gemel.op @weighed[T, D](x: bf16[T, D], g: bf16[T, D], r: f32[T]) -> (y: bf16[T, D], s: f32[D]) {
  y = x * sum[D](x * g)
  s = sum[T](x * g * r)
}
gemel.check @weighed {
  case T = 1, D = 1
  case T = 0, D = 8
  case T = 35, D = 7
  case T = 35, D = 8
  case T = 19, D = 264
  case T = 16, D = 1000
  case T = 18, D = 1040
  case T = 21, D = 4088
  case T = 17, D = 8192
  case T = 5, D = 8200
  must repeat batch tile vendor
}

// Rows of up to 1024 lanes, 128 threads a row: 16 bytes of each array a thread,
// a word of r, in as many stages as keep enough bytes under way.
// PTX-LABEL: .entry gemel_weighed_sm_90a_weighed_g0_v1(
// PTX: .maxntid 128
// PTX-COUNT-2: cp.async.commit_group;
// PTX: cp.async.cg.shared.global [{{.*}}], [{{.*}}], 16, %
// PTX: cp.async.cg.shared.global [{{.*}}], [{{.*}}], 16, %
// PTX: cp.async.ca.shared.global [{{.*}}], [{{.*}}], 4, %
// PTX: cp.async.commit_group;
// PTX: cp.async.wait_group 2;
// PTX: ld.shared.v4.b32
// PTX: ld.shared.v4.b32
// PTX: bar.sync
// PTX-NOT: bar.sync
// PTX: cp.async.wait_group 0;
// PTX-NOT: bar.sync
// PTX: .entry
