// Attention in one launch: a block of scores is the matrix unit's first product,
// what becomes of them stays in registers and is an operand of the second.
// RUN: gemelc %s --target=sm_80 --emit=groups | FileCheck %s --check-prefix=PLAN
// RUN: gemelc %s --target=sm_80 --emit=tiles | FileCheck %s --check-prefix=TILES
// RUN: gemelc %s --target=sm_80 --emit=asm | FileCheck %s
// RUN: gemelc check %s --target=sm_80 | FileCheck %s --check-prefix=RAN

// All lanes in a step: one launch. More: the sums are one of their own.
// PLAN-LABEL: name = "V", multiple = 8, maximum = 128
// PLAN: group "g0" plan <work = [S = 64, B = 1, G = 1], tile = [V = 128, S = 64, D = 64, L = 128], lane = V, team = 128, vector = 8, matrix = D, chain = L>
// PLAN: gemel.yield {{.*}}, {{.*}} :
// PLAN-NOT: gemel.group
// PLAN-LABEL: name = "V", multiple = 8>
// PLAN: group "g0" plan <work = [S = 64, B = 1, G = 1, V = 128], tile = [V = 128, S = 64, D = 64, L = 128], lane = V, team = 128, vector = 8, matrix = D, chain = L>
// PLAN: group "g1" plan <work = [S = 64, B = 1, G = 1], tile = [S = 64, D = 64, L = 128], team = 128, vector = 8, matrix = D, chain = L>
// PLAN-LABEL: name = "V">
// PLAN: group "g0" plan <work = [S = 64, B = 1, G = 1, V = 128], tile = [V = 128, S = 64, D = 64, L = 128], lane = V, team = 128, matrix = D, chain = L>

// Whole blocks that are live for all rows choose nothing; blocks live for none
// are not visited.
// TILES-LABEL: gemel.kernel @attend_g0
// TILES: %[[WHOLE:.*]]:3 = gemel.for "L" = %{{.*}} to %[[FROM:.*]] step 128 combine ["carry", "carry", "carry"]
// TILES-NOT: gemel.where {{.*}}L = 128
// TILES: gemel.for "L" = %[[FROM]] to %{{.*}} step 128 combine ["carry", "carry", "carry"] {{.*}} init(%[[WHOLE]]#0, %[[WHOLE]]#1, %[[WHOLE]]#2
// TILES: gemel.where {{.*}}[L = 128, S = 64] f32
// TILES: gemel.store
// TILES: gemel.store
gemel.op @attend[B, S, L, G, D, V](q: bf16[B, S, G, D], k: bf16[B, L, D], v: bf16[B, L, V], scale: f32) -> (o: bf16[B, S, G, V], lse: f32[B, S, G]) {
  s = where(pos[L] <= pos[S] + (size[L] - size[S]), dot[D](q, k) * scale, -inf)
  m = max[L: blocks 128](s)
  p = fast(exp(s - m))
  z = sum[L: blocks 128](p)
  o = dot[L: blocks 128](bf16(p), v) * recip(z)
  lse = m + log(z)
}
gemel.check @attend {
  case B = 2, S = 66, L = 200, G = 2, D = 72, V = 16
  case B = 1, S = 67, L = 259, G = 1, D = 8, V = 136
  case B = 1, S = 3, L = 130, G = 1, D = 9, V = 11
  case B = 1, S = 2, L = 5, G = 2, D = 0, V = 3
  case B = 1, S = 2, L = 5, G = 2, D = 8, V = 0
  case B = 1, S = 9, L = 4, G = 1, D = 8, V = 8
  must repeat batch tile vendor
}

// Two stages of scores are on their way before the loop, sixteen rows a warp;
// what is weighed comes with the first stage of a step.
// CHECK-LABEL: .entry gemel_attend_sm_80_attend_g0_v0(
// CHECK: .maxntid 128
// CHECK-COUNT-12: cp.async.cg.shared.global
// CHECK: cp.async.commit_group
// CHECK-COUNT-12: cp.async.cg.shared.global
// CHECK: cp.async.commit_group
// CHECK-DAG: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// CHECK-DAG: ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16
// CHECK-DAG: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
// CHECK-DAG: ex2.approx.ftz.f32
// CHECK-DAG: cvt.rn.bf16x2.f32

// RAN: 0 misses

// A sum that is not the running max's own, and a score that is stored: arrays.
// PLAN-LABEL: sym_name = "scores"
// PLAN-NOT: chain
gemel.op @scores[S, L, D](q: bf16[S, D], k: bf16[L, D]) -> (s: f32[S, L], m: f32[S]) {
  s = dot[D](q, k)
  m = max[L: blocks 128](s)
}
