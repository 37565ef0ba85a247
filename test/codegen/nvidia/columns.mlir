// Sums of columns: runs of rows, then their sums by one warp a block, thirty-two
// trips at once. Values that positions share are a launch of their own; rows
// side by side take as few lanes as read whole sectors.
// RUN: gemelc check %s --target=sm_90a --quiet | FileCheck %s
// RUN: gemelc %s --target=sm_90a --emit=groups | FileCheck %s --check-prefix=PLAN
// RUN: env GEMEL_PTXAS=none gemelc %s --target=sm_90a --emit=asm | FileCheck %s --check-prefix=PTX
// RUN: gemelc %s --target=sm_90a --emit=tiles | FileCheck %s --check-prefix=TILES
// CHECK: 18 cases, {{.*}} 0 misses

gemel.op @columns<E: bf16|f32>[T, D](x: E[T, D]) -> (y: f32[D]) {
  y = sum[T](x)
}
gemel.check @columns {
  case T = 1077, D = 70
  case T = 270, D = 128
  case T = 16, D = 3
  case T = 0, D = 5
  must repeat batch tile vendor
}

// PLAN: sym_name = "columns"
// PLAN: plan <work = [T.16 = 1, D = 64], tile = [D = 64], lane = D, grain = 16, team = 8, vector = 8>
// PLAN: plan <work = [D = 32], tile = [D = 32], lane = D, team = 32>
// PTX-LABEL: .entry gemel_columns_bf16_sm_90a_columns_g1_v0(
// PTX: .maxntid 32
// PTX-COUNT-32: ld.global.b32

gemel.op @shared<E: bf16|f32>[T, H, R](x: E[T, H, R], a: f32[T, R]) -> (y: E[T, H, R]) {
  y = x * sin(a)
}
gemel.check @shared {
  case T = 3, H = 5, R = 64
  case T = 2, H = 3, R = 33
  case T = 2, H = 1, R = 1
  must repeat batch tile vendor
}

// PLAN: sym_name = "shared"
// PLAN: plan <work = [T = 1, R = 64], tile = [R = 64], lane = R, grain = 8, team = 16, vector = 4>
// PLAN: plan <work = [T = 1, H = 1, R = 64], tile = [R = 64], lane = R, grain = 16, team = 8, vector = 8>

// A row that is held is stored by the loop that sums its columns, which loads
// it once; the next sums have loops of their own.
gemel.op @rows[T, D](x: bf16[T, D], g: bf16[T, D]) -> (y: bf16[T, D], s: f32[D], b: f32[D]) {
  y = x * sum[D](x * g)
  s = sum[T](x * g)
  b = sum[T](g)
}
gemel.check @rows {
  case T = 1, D = 1
  case T = 65, D = 40
  case T = 200, D = 7
  case T = 0, D = 7
  must repeat batch tile vendor
}

// TILES: gemel.kernel @rows_g0 work ["T.16"] {{.*}} resident,
// TILES: gemel.for "T" = {{.*}} step 1 combine ["sum"]
// TILES: gemel.for "D" = {{.*}} step 256 combine ["sum"]
// TILES: gemel.store {{.*}} extents [1, 256]
// TILES-NEXT: gemel.yield %{{.*}} : !gemel.tile<[D = 256] f32>
// TILES: gemel.for "T" =
// TILES-NOT: gemel.for
// TILES: gemel.store {{.*}} !gemel.array<[T.16, D] f32>
// TILES-NEXT: gemel.store {{.*}} !gemel.array<[T.16, D] f32>
// TILES-NEXT: }
