// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x to the power y, for x > 0: exp(y log x). An integer literal as exponent is
// multiplied out instead, wherever pow is called.

gemel.op @pow(x: f32, y: f32) -> (z: f32) {
  z = exp(y * log(x))
}
