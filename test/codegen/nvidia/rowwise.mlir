// A row that fits is read once, in 16-byte accesses, and stays in registers.
// RUN: gemelc %s --target=sm_90a --emit=asm | FileCheck %s
// RUN: gemelc %s --target=sm_90a --emit=groups | FileCheck %s --check-prefix=PLAN

gemel.op @normalised[T, D](x: bf16[T, D]) -> (y: bf16[T, D]) {
  y = x * rsqrt(sum[D](sq(x)))
}

// Rows of up to 256, 1024, 4096, 8192 and 16384, then any aligned row, then any.
// PLAN: multiple = 8, maximum = 256>
// PLAN: plan <work = [T = 1], tile = [D = 256], lane = D, grain = 8, team = 32, vector = 8, resident = 1>
// PLAN: plan <work = [T = 1], tile = [D = 1024], lane = D, grain = 8, team = 32, vector = 8, resident = 1>
// PLAN: plan <work = [T = 1], tile = [D = 4096], lane = D, team = 128, vector = 8, resident = 1>
// PLAN: plan <work = [T = 1], tile = [D = 8192], lane = D, team = 256, vector = 8, resident = 1>
// PLAN: plan <work = [T = 1], tile = [D = 16384], lane = D, team = 512, vector = 8, resident = 1>
// PLAN: plan <work = [T = 1], tile = [D = 8192], lane = D, team = 256, vector = 8>
// PLAN: plan <work = [T = 1], tile = [D = 8192], lane = D, team = 256>

// A warp a row: four loads, four stores, no shared memory; 4 vectors' sums in
// 3 + 3 exchanges, the rest of the lanes' bits shared with them.
// CHECK-LABEL: .entry gemel_normalised_sm_90a_normalised_g0_v1(
// CHECK: .maxntid 256
// CHECK: .loc {{[0-9]+}} 6
// CHECK-COUNT-4: ld.global.v4.b32
// CHECK-NOT: ld.global
// CHECK-COUNT-8: shfl.sync.bfly.b32
// CHECK-NOT: shfl
// CHECK-NOT: bar.sync
// CHECK-COUNT-4: st.global.v4.b32
// CHECK-NOT: st.global
// CHECK: ret;

// A block a row: the warps meet once.
// CHECK-LABEL: .entry gemel_normalised_sm_90a_normalised_g0_v3(
// CHECK-COUNT-4: ld.global.v4.b32
// CHECK-NOT: ld.global
// CHECK: st.shared.b32
// CHECK: bar.sync 0
// CHECK: ld.shared.b32
// CHECK-NOT: bar.sync
// CHECK-COUNT-4: st.global.v4.b32
// CHECK: ret;
