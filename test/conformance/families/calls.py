# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 8: calls, renames, dtype binding and mapped axes; pow of section 2."""

import numpy as np

from oracle import functions

from .numerics import (F32, I32, bits, equal, f32, from_bf16, i32, noise,
                       pairwise, round_bf16, to_bf16)
from .text import case, flat, op, text

_x, _z = noise("call x", 6), noise("call z", 6)
_m = noise("call m", 3, 4)

text("calls", "forward_reference", "a call names an op of the same file that "
     "comes later.",
     op("""
        gemel.op @outer[N](x: f32[N]) -> (y: f32[N]) {
          y = inner(x) + 1.0
        }
        gemel.op @inner[N](x: f32[N]) -> (y: f32[N]) {
          y = x * x
        }""",
        case("N = 6", {"x": _x}, {"y": _x * _x + F32(1)})))
text("calls", "backward_reference", "a call names an op that comes earlier; "
     "two arguments go by position.",
     op("""
        gemel.op @inner[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
          y = a - b
        }
        gemel.op @outer[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
          y = inner(z, x)
        }""",
        case("N = 6", {"x": _x, "z": _z}, {"y": _z - _x}), check="outer"))
text("calls", "chain_of_calls", "a callee calls further ops, before and after "
     "it in the file.",
     op("""
        gemel.op @first[N](x: f32[N]) -> (y: f32[N]) {
          y = second(x) * x
        }
        gemel.op @third[N](x: f32[N]) -> (y: f32[N]) {
          y = x / 3.0
        }
        gemel.op @second[N](x: f32[N]) -> (y: f32[N]) {
          y = third(x) + 1.0
        }""",
        case("N = 6", {"x": _x}, {"y": (_x / F32(3) + F32(1)) * _x})))
text("calls", "scalar_op_maps", "an op on scalars maps over all axes of its "
     "argument.",
     op("""
        gemel.op @swish(x: f32) -> (y: f32) {
          y = x * sigmoid(x)
        }
        gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[A, B]) {
          y = swish(x)
        }""",
        case("A = 3, B = 4", {"x": _m}, {"y": _m * functions.sigmoid(_m)}),
        check="f"))
text("calls", "scalar_op_two_arguments", "arguments of a mapped op broadcast by "
     "name.",
     op("""
        gemel.op @blend(a: f32, b: f32, t: f32 = 0.25) -> (y: f32) {
          y = a + (b - a) * t
        }
        gemel.op @f[A, B](x: f32[A, B], u: f32[B]) -> (y: f32[A, B], z: f32[B]) {
          y = blend(x, u)
          z = blend(u, 1.0, u)
        }""",
        case("A = 3, B = 4", {"x": _m, "u": _x[:4]},
             {"y": _m + (_x[:4] - _m) * F32(0.25),
              "z": _x[:4] + (F32(1) - _x[:4]) * _x[:4]}), check="f"))
ROWS = """
        gemel.op @total[N](x: f32[N]) -> (y: f32[]) {
          y = sum[N](x)
        }"""
text("calls", "mapped_over_axis", "an axis that the callee does not know is "
     "mapped over: one sum for each row.",
     op(ROWS + """
        gemel.op @f[M, N](x: f32[M, N]) -> (y: f32[M]) {
          y = total(x) * 2.0
        }""",
        case("M = 3, N = 4", {"x": _m},
             {"y": F32([pairwise(r) * F32(2) for r in _m])}), check="f"))
text("calls", "rename", "f[A = B](x) renames: the callee's N is the caller's "
     "axis given for it.",
     op(ROWS + """
        gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[A], z: f32[B]) {
          y = total[N = B](x)
          z = total[N = A](x)
        }""",
        case("A = 3, B = 4", {"x": _m},
             {"y": F32([pairwise(r) for r in _m]),
              "z": F32([pairwise(c) for c in _m.T])}), check="f"))
text("calls", "rename_two", "several axes are renamed at once, also into each "
     "other's names.",
     op("""
        gemel.op @weigh[A, B](x: f32[A, B]) -> (y: f32[A]) {
          y = sum[B](x * pos[B])
        }
        gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[B], z: f32[A]) {
          y = weigh[A = B, B = A](x)
          z = weigh(x)
        }""",
        case("A = 3, B = 4", {"x": _m},
             {"y": F32([pairwise(c * np.arange(3, dtype=F32)) for c in _m.T]),
              "z": F32([pairwise(r * np.arange(4, dtype=F32)) for r in _m])}),
        check="f"))
text("calls", "size_and_pos_inside", "pos and size in a callee are those of "
     "the caller's axis.",
     op("""
        gemel.op @ramp[N](x: f32[N]) -> (y: f32[N]) {
          y = x * pos[N] / size[N]
        }
        gemel.op @f[K](x: f32[K]) -> (y: f32[K]) {
          y = ramp[N = K](x)
        }""",
        case("K = 6", {"x": _x},
             {"y": (_x * np.arange(6, dtype=F32)) / F32(6)}), check="f"))
text("calls", "names_do_not_leak", "a callee's local names and the caller's "
     "are apart.",
     op("""
        gemel.op @inner[N](y: f32[N]) -> (x: f32[N]) {
          t = y + 1.0
          x = t * t
        }
        gemel.op @f[N](x: f32[N]) -> (y: f32[N]) {
          t = x * 2.0
          y = inner(t) - t
        }""",
        case("N = 6", {"x": _x},
             {"y": (_x * F32(2) + F32(1)) * (_x * F32(2) + F32(1)) -
              _x * F32(2)}), check="f"))
_sum = _x + _z
assert not equal(_sum, round_bf16(_sum))
text("calls", "result_rounded", "a call's result is rounded to its declared "
     "type before the caller goes on.",
     op("""
        gemel.op @narrow[N](x: f32[N]) -> (y: bf16[N]) {
          y = x
        }
        gemel.op @f[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
          y = narrow(x + z) * 3.0
        }""",
        case("N = 6", {"x": _x, "z": _z},
             {"y": round_bf16(_sum) * F32(3)}), check="f"))
GENERIC = """
        gemel.op @twice_and_third<E: bf16|f32>[N](x: E[N]) -> (y: E[N]) {
          y = (x + x) / 3.0
        }"""
_n = to_bf16(_x)
_w = from_bf16(_n)
_third = (_w + _w) / F32(3)
text("calls", "binds_f32", "a body value is f32: it binds a dtype variable to "
     "f32, and nothing is rounded.",
     op(GENERIC + """
        gemel.op @f[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
          y = twice_and_third(x + z)
        }""",
        case("N = 6", {"x": _x, "z": _z}, {"y": (_sum + _sum) / F32(3)}),
        check="f"))
assert not equal(_third, round_bf16(_third))
text("calls", "binds_parameter_type", "a bf16 parameter as argument binds the "
     "variable to bf16: the call's result is rounded to bf16; x + 0.0 is a "
     "body value, and is not.",
     op(GENERIC + """
        gemel.op @f[N](x: bf16[N]) -> (y: f32[N], z: f32[N]) {
          y = twice_and_third(x)
          z = twice_and_third(x + 0.0)
        }""",
        case("N = 6", {"x": _n}, {"y": round_bf16(_third), "z": _third}),
        check="f"))
text("calls", "narrow_for_f32", "a bf16 parameter goes to an f32 parameter "
     "widened.",
     op("""
        gemel.op @third[N](x: f32[N]) -> (y: f32[N]) {
          y = x / 3.0
        }
        gemel.op @f[N](x: bf16[N]) -> (y: f32[N]) {
          y = third(x)
        }""",
        case("N = 6", {"x": _n}, {"y": _w / F32(3)}), check="f"))
text("calls", "defaults", "a scalar with a default may be left out of a call.",
     op("""
        gemel.op @norm[D](x: f32[D], eps: f32 = 0.5) -> (y: f32[D]) {
          y = x / sqrt(mean[D](sq(x)) + eps)
        }
        gemel.op @f[D](x: f32[D]) -> (y: f32[D], z: f32[D]) {
          y = norm(x)
          z = norm(x, 2.0)
        }""",
        case("D = 6", {"x": _x},
             {n: _x / np.sqrt(pairwise(_x * _x) / F32(6) + F32(e))
              for n, e in (("y", 0.5), ("z", 2.0))}), check="f"))
text("calls", "nested_arguments", "a call's result is an argument of the next "
     "call.",
     op("""
        gemel.op @half(x: f32) -> (y: f32) {
          y = x * 0.5
        }
        gemel.op @f[N](x: f32[N]) -> (y: f32[N]) {
          y = half(half(x) + half(x * x))
        }""",
        case("N = 6", {"x": _x},
             {"y": (_x * F32(0.5) + _x * _x * F32(0.5)) * F32(0.5)}),
        check="f"))
text("calls", "integers_through_calls", "integer arguments stay integers.",
     op("""
        gemel.op @bucket(i: i32, n: i32 = 4) -> (y: i32) {
          y = mod(i, n) + div(i, n) * 100
        }
        gemel.op @f[N](i: i32[N]) -> (y: i32[N], z: i32[N]) {
          y = bucket(i)
          z = bucket(i, 3)
        }""",
        case("N = 4", {"i": (_i := i32(-5, 0, 7, -2**31))},
             {"y": _i % 4 + (_i // 4) * I32(100),
              "z": _i % 3 + (_i // 3) * I32(100)}), check="f"))

# pow with an int literal multiplies by squaring: 2, 3, 4, 5 and 8 have one
# order of products only.
_s = {0: np.ones(6, F32), 1: _x, 2: _x * _x}
_s[3], _s[4] = _s[2] * _x, _s[2] * _s[2]
_s[5], _s[8] = _s[4] * _x, _s[4] * _s[4]
text("calls", "pow_integer", "pow(x, n) with an int literal multiplies by "
     "squaring, of negative bases too; the power 0 is 1.",
     flat("f", "\n".join(f"y{n} = pow(x, {n})" for n in _s), {"x": _x},
          {f"y{n}": y for n, y in _s.items()}))
_e = bits(0x00000000, 0x80000000, 0x7F800000, 0xFF800000, 0x00000001,
          0xBF800000)
text("calls", "pow_integer_edges", "powers of zeros, infinities and subnormals "
     "are those of the products; the power 0 of any number is 1.",
     flat("f", "\n".join(f"y{n} = pow(x, {n})" for n in (0, 1, 2, 3)),
          {"x": _e}, {"y0": np.ones(6, F32), "y1": _e, "y2": _e * _e,
                      "y3": _e * _e * _e}))
_t = f32(1, 2, -2, 0.5, -4, 0.0)
assert equal(functions.recip(_t), F32(1) / _t)
text("calls", "pow_negative", "a negative int power of a power of two is "
     "exact; of 0 it is inf.",
     flat("f", "y1 = pow(x, -1)\ny2 = pow(x, -2)\ny3 = pow(x, -3)",
          {"x": _t}, {"y1": F32(1) / _t, "y2": F32(1) / (_t * _t),
                      "y3": F32(1) / (_t * _t * _t)}))
_base = np.abs(_x)
text("calls", "pow_real", "pow(x, y) of an f32 power is exp(y * log(x)).",
     flat("f", "y = pow(x, z)", {"x": _base, "z": _z},
          {"y": functions.exp(_z * functions.log(_base))}))
