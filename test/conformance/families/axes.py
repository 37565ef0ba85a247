# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 1: axes align by name, broadcast, and may be fixed or empty."""

import numpy as np

from .numerics import F32, I32, f32, i32, noise, pairwise
from .text import case, op, text


def grid(*shape):
    return noise(("axes", shape), *shape)


_x, _w = grid(3, 4), grid(4)
text("axes", "broadcast_by_name", "a missing axis is broadcast by name, not by "
     "position: w[B] and w[A] reach different axes of a square x.",
     op("""
        gemel.op @f[A, B](x: f32[A, B], u: f32[A], w: f32[B]) -> (y: f32[A, B], z: f32[A, B]) {
          y = x * w
          z = x * u
        }""",
        case("A = 3, B = 3", {"x": _x[:, :3].copy(), "u": _w[1:].copy(),
                              "w": _w[:3].copy()},
             {"y": _x[:, :3] * _w[:3], "z": _x[:, :3] * _w[1:, None]})))
text("axes", "outer_product", "operands without a common axis make all pairs.",
     op("""
        gemel.op @f[A, B](u: f32[A], w: f32[B]) -> (y: f32[A, B], z: f32[B, A]) {
          y = u - w
          z = u - w
        }""",
        case("A = 3, B = 4", {"u": _w[:3], "w": _w},
             {"y": (_y := _w[:3, None] - _w), "z": _y.T})))
text("axes", "transpose", "a result's order is its own memory order: the same "
     "value may be stored either way.",
     op("""
        gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[B, A], z: f32[A, B]) {
          y = x
          z = x
        }""",
        case("A = 3, B = 4", {"x": _x}, {"y": _x.T, "z": _x})))
_t = grid(2, 3, 4)
text("axes", "permute_three", "parameters in different memory orders align by "
     "name.",
     op("""
        gemel.op @f[A, B, C](x: f32[A, B, C], z: f32[C, A, B]) -> (y: f32[B, C, A]) {
          y = x + z
        }""",
        case("A = 2, B = 3, C = 4",
             {"x": _t, "z": (_z := noise("permuted", 4, 2, 3))},
             {"y": (_t + _z.transpose(1, 2, 0)).transpose(1, 2, 0)})))
text("axes", "result_has_more_axes", "a result may have axes that its "
     "expression lacks: it is broadcast.",
     op("""
        gemel.op @f[A, B](u: f32[A]) -> (y: f32[A, B], z: f32[B, A], c: f32[B]) {
          y = u
          z = u * 2.0
          c = 1.5
        }""",
        case("A = 3, B = 2", {"u": _w[:3]},
             {"y": np.repeat(_w[:3, None], 2, 1),
              "z": np.repeat(_w[None, :3] * F32(2), 2, 0),
              "c": f32(1.5, 1.5)})))
text("axes", "reduce_then_broadcast", "a reduction's result joins its row again "
     "by name.",
     op("""
        gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[A, B]) {
          y = x - sum[B](x)
        }""",
        case("A = 3, B = 4", {"x": _x},
             {"y": _x - F32([[pairwise(r)] for r in _x])})))
text("axes", "scalars", "by-value scalars and rank-0 arrays have no axes and "
     "broadcast to all.",
     op("""
        gemel.op @f[A](x: f32[A], s: f32, r: f32[]) -> (y: f32[A], z: f32[]) {
          y = x * s + r
          z = s - r
        }""",
        case("A = 3", {"x": _w[:3], "s": _w[3], "r": np.array(_w[0])},
             {"y": _w[:3] * _w[3] + _w[0], "z": np.array(_w[3] - _w[0])})))
text("axes", "fixed_axis", "a fixed axis has its size in the text; the case "
     "does not give it.",
     op("""
        gemel.op @f[A, P = 2, D = 3](x: f32[A, P, D]) -> (y: f32[A, P], n: i32[]) {
          y = sum[D](x)
          n = size[P] * 100 + size[D] * 10 + size[A]
        }""",
        case("A = 2", {"x": (_q := grid(2, 2, 3))},
             {"y": F32([[pairwise(d) for d in p] for p in _q]),
              "n": np.array(I32(232))})))
text("axes", "only_fixed_axes", "an op whose axes are all fixed has a case "
     "without sizes.",
     op("""
        gemel.op @f[D = 4](x: f32[D]) -> (y: f32[D]) {
          y = x + x
        }""",
        case("", {"x": _w}, {"y": _w + _w})))
text("axes", "split_axis", "splitting an axis is a matter of the parameter's "
     "type: [P, R] and [R, P] over the same bytes pair other elements.",
     op("""
        gemel.op @f[P = 2, R](x: f32[P, R], z: f32[R, P]) -> (y: f32[R], w: f32[R]) {
          y = at(x, P = 0) - at(x, P = 1)
          w = at(z, P = 0) - at(z, P = 1)
        }""",
        case("R = 4", {"x": (_e := grid(8)).reshape(2, 4),
                       "z": _e.reshape(4, 2)},
             {"y": _e[:4] - _e[4:], "w": _e[::2] - _e[1::2]})))
text("axes", "facts", "facts about sizes change no bits.",
     op("""
        gemel.op @f[A mult 4, B max 16](x: f32[A, B]) -> (y: f32[B]) {
          y = sum[A](x)
        }""",
        case("A = 8, B = 3", {"x": (_f := grid(8, 3))},
             {"y": F32([pairwise(c) for c in _f.T])}),
        case("A = 4, B = 16", {"x": (_f2 := grid(4, 16))},
             {"y": F32([pairwise(c) for c in _f2.T])})))
text("axes", "empty_axis", "a launch with an empty axis is legal: it writes "
     "what the text gives, also where only the reduced axis is empty.",
     op("""
        gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[A, B], s: f32[A], t: f32[B], n: i32[]) {
          y = x + 1.0
          s = sum[B](x) + 1.0
          t = max[A](x)
          n = size[A] - size[B]
        }""",
        *[case(f"A = {a}, B = {b}", {"x": np.ones((a, b), F32)},
               {"y": np.full((a, b), F32(2)), "s": np.full(a, F32(b + 1)),
                "t": np.full(b, F32(1 if a else -np.inf)),
                "n": np.array(I32(a - b))})
          for a, b in ((0, 0), (0, 2), (2, 0), (1, 1))]))
text("axes", "empty_axis_constant", "a result over an empty axis has no "
     "elements; one over another axis is still written.",
     op("""
        gemel.op @f[A, B](x: f32[A]) -> (y: f32[B], z: f32[A, B], w: f32[A]) {
          y = 2.0
          z = x
          w = x
        }""",
        *[case(f"A = {a}, B = {b}", {"x": np.ones(a, F32)},
               {"y": np.full(b, F32(2)), "z": np.ones((a, b), F32),
                "w": np.ones(a, F32)}) for a, b in ((0, 3), (3, 0), (1, 2))]))
text("axes", "positions", "pos is the element's own position along its axis, "
     "wherever the axis stands in memory.",
     op("""
        gemel.op @f[A, B]() -> (y: i32[A, B], z: i32[B, A], d: f32[A, B]) {
          y = pos[A] * 10 + pos[B]
          z = pos[A] * 10 + pos[B]
          d = where(pos[A] == pos[B], 1.0, 0.0)
        }""",
        case("A = 2, B = 3", {},
             {"y": (_p := i32(0, 1, 2, 10, 11, 12).reshape(2, 3)), "z": _p.T,
              "d": np.eye(2, 3, dtype=F32)})))
text("axes", "same_name_apart", "values, axes and functions have separate "
     "names: a value may be called like an axis.",
     op("""
        gemel.op @f[A, N](x: f32[A, N], N: f32[A]) -> (A: f32[A]) {
          A = sum[N](x * N)
        }""",
        case("A = 3, N = 4", {"x": _x, "N": _w[:3]},
             {"A": F32([pairwise(r * s) for r, s in zip(_x, _w)])})))
text("axes", "causal_mask", "positions of two axes compare by broadcasting; "
     "sizes enter as numbers.",
     op("""
        gemel.op @f[S, L](x: f32[S, L]) -> (y: f32[S, L]) {
          require size[L] >= size[S]
          y = where(pos[L] <= pos[S] + (size[L] - size[S]), x, -inf)
        }""",
        case("S = 3, L = 4", {"x": _x},
             {"y": np.where(np.tri(3, 4, 1, dtype=bool), _x, F32(-np.inf))})))
