// The code of a loop that computes rows in a line is what the instruction cache
// has room for: of long terms fewer rows go together.
// RUN: gemelc %s --target=ascend910b --emit=asm | FileCheck %s --check-prefix=CODE
// RUN: gemelc check %s --target=ascend910b --quiet | FileCheck %s
// CHECK: 6 cases, {{.*}} 0 misses

// CODE-NOT: code: some {{[0-9][0-9][0-9][0-9][0-9][0-9]+}} of
// CODE-NOT: code: some {{3[3-9]|[4-9][0-9]}}{{[0-9][0-9][0-9]}} of
// CODE: code: some {{[1-9][0-9][0-9][0-9]}} of 32768 bytes
gemel.op @short[T, N](x: bf16[T, N]) -> (s: f32[N]) {
  s = sum[T](f32(x) * f32(x))
}
gemel.op @long[T, N](x: bf16[T, N]) -> (s: f32[N]) {
  v = f32(x)
  s = sum[T](v * tanh(v) + exp(v))
}
gemel.check @short {
  case T = 1, N = 1
  case T = 33, N = 65
  case T = 100, N = 130
}
gemel.check @long {
  case T = 1, N = 1
  case T = 33, N = 65
  case T = 100, N = 130
}
