// Short rows that are summed position by position while they stay for what each
// of them becomes: one launch reads them once, run by run of sixteen rows, or
// eight, and leaves a sum of each run. Longer ones are read by two.
// RUN: gemelc %s --target=ascend910b --emit=groups | FileCheck %s --check-prefix=PLAN
// RUN: gemelc check %s --target=ascend910b --quiet | FileCheck %s
// CHECK: 43 cases, {{.*}} 0 misses

// PLAN: maximum = 1024
// PLAN: plan <work = [T.16 = 1], tile = [D = 1024], lane = D, resident = 1, whole = 1>
// PLAN: plan <work = [D = 128], tile = [D = 128]
// PLAN: maximum = 2048
// PLAN: plan <work = [T.8 = 1], tile = [D = 2048], lane = D, resident = 1, whole = 1>
// PLAN: plan <work = [D = 128], tile = [D = 128]
// PLAN: maximum = 4096
// PLAN: plan <work = [T = 1], tile = [D = 4096], lane = D, {{.*}}resident = 1, whole = 1>
// PLAN: plan <work = [T.64 = 1, D = 512], tile = [D = 512], lane = D>
gemel.op @weighed<E: bf16|f32>[T, D](x: E[T, D], g: E[T, D], r: f32[T]) -> (y: E[T, D], s: f32[D]) {
  y = x * sum[D](x * g) * r
  s = sum[T](x * g * r)
}
gemel.check @weighed {
  case T = 1, D = 64
  case T = 0, D = 64
  case T = 7, D = 64
  case T = 8, D = 128
  case T = 16, D = 64
  case T = 25, D = 64
  case T = 31, D = 192
  case T = 654, D = 64
  case T = 1331, D = 64
  case T = 345, D = 1024
  case T = 19, D = 1088
  case T = 83, D = 2048
  case T = 8, D = 2048
  case T = 332, D = 1984
  case T = 645, D = 1088
  case T = 91, D = 4096
  case T = 333, D = 4032
  must repeat batch tile vendor
}

gemel.op @columns[T, D](x: bf16[T, D]) -> (s: f32[D]) {
  s = sum[T](x)
}
gemel.check @columns {
  case T = 1, D = 64
  case T = 0, D = 64
  case T = 9, D = 64
  case T = 349, D = 128
  case T = 91, D = 4096
  case T = 356, D = 4096
  must repeat batch tile vendor
}

// Without their rows' positions rows are what they are from the first on.
gemel.op @later[T, D](x: f32[T, D]) -> (y: f32[T, D], s: f32[D]) {
  y = x * max[D](x)
  s = sum[T](where(pos[T] > 3, x, 0.5) * max[D](x))
}
gemel.check @later {
  case T = 3, D = 64
  case T = 37, D = 320
  case T = 651, D = 64
  must repeat batch tile vendor
}
