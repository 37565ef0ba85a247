// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
gemel.op @twice[N](x: f32[N]) -> (y: f32[N]) {
  y = x + x
}
gemel.check @lost {
  case N = 3
}
