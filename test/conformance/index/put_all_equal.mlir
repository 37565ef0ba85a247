// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// where all indices are equal put is the sum in the default order.
gemel.op @f[T, A](x: f32[T], i: i32[T]) -> (y: f32[A]) {
  y = put[T](x, A = i)
}
gemel.check @f {
  case T = 9, A = 1
    given x = [
      0xBF5B5B03, 0xC156F6A1, 0xBE65908E, 0xBFB8D14D, 0xBF6C1510, 0x3FBC222C, 0x3ECF9137, 0xBEB342C5,
      0x401D9DD9]
    given i = [
      0, 0, 0, 0, 0, 0, 0, 0,
      0]
    expect y = [0xC14E4FDF]
  must repeat batch tile vendor
}
