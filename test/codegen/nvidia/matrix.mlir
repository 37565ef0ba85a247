// A product of 16-bit floats: operands come asynchronously into swizzled
// stages, in either layout; sixteen terms an instruction; the epilogue is fused.
// RUN: gemelc %s --target=sm_80 --emit=groups | FileCheck %s --check-prefix=PLAN
// RUN: gemelc %s --target=sm_80 --emit=asm | FileCheck %s
// RUN: gemelc check %s --target=sm_80 | FileCheck %s --check-prefix=RAN

// PLAN-LABEL: sym_name = "rows_by_columns"
// PLAN: plan <work = [M = 128, N = 256], tile = [N = 256, M = 128, K = 64], lane = N, team = 256, vector = 8, matrix = K>
// PLAN-LABEL: sym_name = "rows_by_columns"
// PLAN: plan <work = [M = 128, N = 256], tile = [N = 256, M = 128, K = 64], lane = N, team = 256, matrix = K>
gemel.op @rows_by_columns[M, N, K](a: bf16[M, K], b: bf16[K, N], c: f32[N]) -> (y: bf16[M, N]) {
  y = max(dot[K](a, b) + c, 0.0)
}
gemel.check @rows_by_columns {
  case M = 130, N = 136, K = 72
  case M = 1160, N = 264, K = 8
  case M = 5, N = 3, K = 31
  case M = 3, N = 8, K = 0
  case M = 70, N = 80, K = 456
  case M = 2, N = 7, K = 331
  must repeat batch tile vendor
}

// Where a result's row is its position.
gemel.op @below_the_diagonal[M, N, K](a: bf16[M, K], b: bf16[K, N]) -> (y: bf16[M, N]) {
  y = where(pos[M] >= pos[N], dot[K](a, b), 0.0)
}
gemel.check @below_the_diagonal {
  case M = 130, N = 136, K = 8
}

// Aligned: four and eight accesses a thread of the operands, in two stages
// before the loop and one in it; what is multiplied next is loaded before.
// CHECK-LABEL: .entry gemel_rows_by_columns_sm_80_rows_by_columns_g0_v0(
// CHECK: .maxntid 256
// CHECK-COUNT-12: cp.async.cg.shared.global [{{.*}}], [{{.*}}], 16,
// CHECK: cp.async.commit_group
// CHECK-COUNT-12: cp.async.cg.shared.global
// CHECK: cp.async.commit_group
// CHECK-NEXT: cp.async.wait_group 1
// CHECK-NEXT: bar.sync 0
// CHECK-COUNT-4: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// CHECK-COUNT-4: ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16
// CHECK-COUNT-32: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
// CHECK-COUNT-64: mma.sync
// CHECK: cp.async.wait_group 1
// CHECK-NEXT: bar.sync 0
// CHECK-COUNT-8: ldmatrix
// CHECK-COUNT-32: mma.sync
// CHECK-NOT: mma.sync
// CHECK: cp.async.wait_group 0
// CHECK: max.NaN.f32
// CHECK: st.global.b32
// CHECK-NOT: fma.rn
// Any alignment: the same instructions on what threads store themselves.
// CHECK-LABEL: .entry gemel_rows_by_columns_sm_80_rows_by_columns_g0_v1(
// CHECK-NOT: cp.async
// CHECK: st.shared.b16
// CHECK-COUNT-128: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
// CHECK: ret;

// Columns by rows, in batches: no transposing pass, one launch.
gemel.op @batched[B, M, N, K](a: f16[B, K, M], b: f16[B, N, K]) -> (y: f32[B, M, N]) {
  y = dot[K](a, b)
}
gemel.check @batched {
  case B = 2, M = 136, N = 24, K = 40
  case B = 3, M = 17, N = 19, K = 23
  case B = 1, M = 72, N = 72, K = 520
  must repeat batch tile vendor
}
// CHECK-LABEL: .entry gemel_batched_sm_80_batched_g0_v0(
// CHECK: ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16
// CHECK: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// CHECK: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32

// What the matrix unit does not take: f32 is one chain, in full precision.
gemel.op @full[M, N, K](a: f32[M, K], b: f32[K, N]) -> (y: f32[M, N]) {
  y = dot[K](a, b)
}
gemel.check @full { case M = 9, N = 12, K = 33    must repeat batch vendor }
// CHECK-LABEL: .entry gemel_full_sm_80_full_g0
// CHECK: fma.rn.f32
// CHECK-NOT: mma.sync

// RAN: rows_by_columns {{.*}} sm_80:1 ok sm_80:2 ok repeat ok batch ok
// RAN: {{[1-9][0-9]*}} by tolerance, {{.*}} 0 misses
