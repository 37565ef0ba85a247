# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 6: inout arguments by value semantics, and scalars."""

import numpy as np

from .numerics import (F32, I32, equal, f32, from_bf16, i32, i64, noise,
                       pairwise, round_bf16, to_bf16)
from .text import case, op, text

_p, _g = noise("state p", 6), noise("state g", 6)


def scalar(value):
    return np.array(value)


text("state", "read_before_and_after", "a read before the assignment sees the "
     "launch's value, one after it the assigned value.",
     op("""
        gemel.op @f[N](inout p: f32[N], g: f32[N]) -> (a: f32[N], b: f32[N]) {
          a = p * 2.0
          p = p - g
          b = p * 2.0
        }""",
        case("N = 6", {"p": _p, "g": _g},
             {"p": _p - _g, "a": _p * F32(2), "b": (_p - _g) * F32(2)})))
text("state", "named_before", "a name given before the assignment keeps the "
     "launch's value.",
     op("""
        gemel.op @f[N](inout p: f32[N], g: f32[N]) -> (a: f32[N]) {
          old = p
          p = g
          a = old
        }""",
        case("N = 6", {"p": _p, "g": _g}, {"p": _g, "a": _p})))
text("state", "swap", "two inouts exchange their values through a name.",
     op("""
        gemel.op @f[N](inout p: f32[N], inout q: f32[N]) -> () {
          t = p
          p = q
          q = t
        }""",
        case("N = 6", {"p": _p, "q": _g}, {"p": _g, "q": _p}),
        case("N = 0", {"p": f32(), "q": f32()}, {"p": f32(), "q": f32()})))
text("state", "swap_with_work", "an exchange with work on either side reads "
     "both launch values.",
     op("""
        gemel.op @f[N](inout p: f32[N], inout q: f32[N]) -> () {
          a = p + q
          b = p - q
          p = b
          q = a
        }""",
        case("N = 6", {"p": _p, "q": _g}, {"p": _p - _g, "q": _p + _g})))
text("state", "assigned_twice", "assigned more than once, memory gets the last "
     "value; each read sees the assignment before it.",
     op("""
        gemel.op @f[N](inout p: f32[N]) -> (a: f32[N]) {
          p = p * 3.0
          a = p + 1.0
          p = p * p
        }""",
        case("N = 6", {"p": _p},
             {"a": _p * F32(3) + F32(1),
              "p": (_p * F32(3)) * (_p * F32(3))})))
_n = to_bf16(_p)
_w = from_bf16(_n)
_sum = _w + _g
assert not equal(_sum, round_bf16(_sum))
text("state", "narrow_unrounded", "after the assignment a narrow inout is read "
     "unrounded; memory gets the value rounded.",
     op("""
        gemel.op @f[N](inout p: bf16[N], g: f32[N]) -> (a: f32[N], b: f32[N]) {
          a = p
          p = p + g
          b = p
        }""",
        case("N = 6", {"p": _n, "g": _g},
             {"a": _w, "p": to_bf16(_sum), "b": _sum})))
text("state", "narrow_twice", "a narrow inout assigned twice is rounded once, "
     "at the end.",
     op("""
        gemel.op @f[N](inout p: bf16[N], g: f32[N]) -> () {
          p = p + g
          p = p * g
        }""",
        case("N = 6", {"p": _n, "g": _g}, {"p": to_bf16(_sum * _g)})))
text("state", "reduced_old_value", "a reduction of the value before the "
     "assignment is not disturbed by it: every element is read first.",
     op("""
        gemel.op @f[N](inout p: f32[N]) -> () {
          p = p - sum[N](p)
        }""",
        case("N = 6", {"p": _p}, {"p": _p - pairwise(_p)})))
text("state", "shifted_old_value", "an element may be read at another position "
     "of the old value.",
     op("""
        gemel.op @f[N](inout p: f32[N]) -> () {
          p = at(p, N = size[N] - 1 - pos[N])
        }""",
        case("N = 5", {"p": _p[:5]}, {"p": _p[4::-1]}),
        case("N = 6", {"p": _p}, {"p": _p[::-1]})))
text("state", "never_assigned", "an inout that is only read keeps its value.",
     op("""
        gemel.op @f[N](inout p: f32[N]) -> (y: f32[N]) {
          y = p + p
        }""",
        case("N = 6", {"p": _p}, {"p": _p, "y": _p + _p})))
text("state", "rank_zero", "an array of rank 0 is read and written like any "
     "other.",
     op("""
        gemel.op @f[N](inout step: i32[], inout r: f32[], x: f32[N], lr: f32[]) -> (y: f32[N]) {
          y = x * lr + step
          step = step + 1
          r = sum[N](y) + step
        }""",
        case("N = 6", {"step": scalar(I32(2**31 - 1)), "r": scalar(F32(9)),
                       "x": _p, "lr": scalar(_g[0])},
             {"step": scalar(I32(-2**31)), "y": (_y := _p * _g[0] + F32(2**31)),
              "r": scalar(pairwise(_y) + F32(-2**31))})))
text("state", "integers", "integer inouts wrap; i1 inouts hold true or false.",
     op("""
        gemel.op @f[N](inout a: i32[N], inout b: i64[N], inout c: i1[N]) -> () {
          a = a + 1
          b = b - 1
          c = not c
        }""",
        case("N = 3", {"a": i32(2**31 - 1, -1, 5), "b": i64(-2**63, 0, 2**40),
                       "c": np.array([True, False, True])},
             {"a": i32(-2**31, 0, 6), "b": i64(2**63 - 1, -1, 2**40 - 1),
              "c": np.array([False, True, False])})))
DEFAULTS = """
    gemel.op @f[N](x: f32[N], a: f32 = 0.1, n: i32 = -100, l: i64 = 3000000000) -> (y: f32[N], z: i64[N]) {
      y = x * a
      z = n + l + 0 * pos[N]
    }"""
text("state", "scalar_defaults", "a by-value scalar with a default has it "
     "where the caller gives none; a decimal one goes through f64 to f32.",
     op(DEFAULTS,
        case("N = 6", {"x": _p}, {"y": _p * F32(0.1),
                                  "z": i64(*[2999999900] * 6)}),
        case("N = 6", {"x": _p, "a": F32(3), "n": I32(5), "l": np.int64(-7)},
             {"y": _p * F32(3), "z": i64(*[-2] * 6)}),
        case("N = 6", {"x": _p, "n": I32(0)},
             {"y": _p * F32(0.1), "z": i64(*[3000000000] * 6)})))
_m, _v = noise("adam m", 6), np.abs(noise("adam v", 6))
_b1, _b2, _c1, _c2, _lr, _eps, _decay = (
    F32(t) for t in (0.9, 0.999, 10.0, 1000.0, 1e-3, 1e-8, 0.01))
_m2 = _b1 * _m + (F32(1) - _b1) * _g
_v2 = _b2 * _v + (F32(1) - _b2) * (_g * _g)
_p2 = _p - _lr * (_m2 * _c1 / (np.sqrt(_v2 * _c2) + _eps) + _decay * _p)
text("state", "adamw", "an optimiser step: moments read after they are "
     "assigned, the parameter before.",
     op("""
        gemel.op @adamw[N](inout p: f32[N], inout m: f32[N], inout v: f32[N], g: f32[N],
            lr: f32[], c1: f32[], c2: f32[], b1: f32, b2: f32, eps: f32, decay: f32) -> (q: bf16[N]) {
          m = b1 * m + (1.0 - b1) * g
          v = b2 * v + (1.0 - b2) * sq(g)
          p = p - lr * (m * c1 / (sqrt(v * c2) + eps) + decay * p)
          q = p
        }""",
        case("N = 6", {"p": _p, "m": _m, "v": _v, "g": _g,
                       "lr": scalar(_lr), "c1": scalar(_c1),
                       "c2": scalar(_c2), "b1": _b1, "b2": _b2, "eps": _eps,
                       "decay": _decay},
             {"p": _p2, "m": _m2, "v": _v2, "q": to_bf16(_p2)})))
