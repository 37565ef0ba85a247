// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// grad f32 at a parameter speaks of its gradient only.
gemel.op @f[N](a: bf16[N], w: bf16[N] grad f32) -> (y: bf16[N]) {
  y = a * w
}
gemel.check @f {
  case N = 2
    given a = [0x3F81, 0x4049]
    given w = [0x3F83, 0xC000]
    expect y = [0x3F84, 0xC0C9]
  must repeat batch tile vendor
}
