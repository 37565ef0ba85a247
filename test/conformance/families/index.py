# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 7: at and put."""

import numpy as np

from .numerics import (F32, I32, NAN, chain, equal, f32, from_bf16, i32,
                       i64, noise, pairwise, to_bf16, wrap)
from .text import case, op, text

LOW, HIGH = -2**31, 2**31 - 1


def pick(x, indices, missing=NAN):
    """x along its first axis; an index outside gives `missing`."""
    rows = [x[i] if 0 <= i < len(x) else np.full_like(x[0], missing)
            for i in map(int, np.ravel(indices))]
    return np.array(rows, x.dtype).reshape(np.shape(indices) + x.shape[1:])


def put(terms, indices, size):
    """Sums of the terms with equal index, ascending, by the default order."""
    groups = [[] for _ in range(size)]
    for term, i in zip(np.ravel(terms), np.ravel(indices)):
        if 0 <= i < size:
            groups[int(i)].append(term)
    return F32([pairwise(g) for g in groups])


_x = noise("at", 5)
_out = i32(0, 4, 5, -1, 2, HIGH, LOW, 2)
text("index", "at_outside", "an index outside [0, size), on either side, reads "
     "nothing and gives NaN.",
     op("""
        gemel.op @f[A, T](x: f32[A], i: i32[T]) -> (y: f32[T]) {
          y = at(x, A = i)
        }""",
        case("A = 5, T = 8", {"x": _x, "i": _out}, {"y": pick(_x, _out)})))
_il = i64(0, 4, 2**32, 2**32 + 1, -2**32, 2**63 - 1, -2**63, -2**32 + 2)
text("index", "at_i64_index", "an i64 index is compared whole: 2^32 + 1 is "
     "outside, not 1.",
     op("""
        gemel.op @f[A, T](x: f32[A], i: i64[T]) -> (y: f32[T]) {
          y = at(x, A = i)
        }""",
        case("A = 5, T = 8", {"x": _x, "i": _il}, {"y": pick(_x, _il)})))
_ints = i32(7, -8, 9, LOW, HIGH)
text("index", "at_integers", "of integers an index outside gives 0: i32, i64 "
     "and u8.",
     op("""
        gemel.op @f[A, T](x: i32[A], z: i64[A], w: u8[A], i: i32[T]) -> (y: i32[T], u: i64[T], v: i32[T]) {
          y = at(x, A = i)
          u = at(z, A = i)
          v = at(w, A = i) + 1
        }""",
        case("A = 5, T = 8",
             {"x": _ints, "z": _ints.astype(np.int64) * 2**20,
              "w": (_u := np.array([250, 1, 2, 3, 255], np.uint8)), "i": _out},
             {"y": pick(_ints, _out, 0),
              "u": pick(_ints.astype(np.int64) * 2**20, _out, 0),
              "v": pick(_u.astype(I32), _out, 0) + I32(1)})))
_h = to_bf16(_x)
text("index", "at_narrow", "of a bf16 array an index outside gives NaN, in f32 "
     "and stored as bf16.",
     op("""
        gemel.op @f[A, T](x: bf16[A], i: i32[T]) -> (y: f32[T], z: bf16[T]) {
          y = at(x, A = i)
          z = at(x, A = i)
        }""",
        case("A = 5, T = 8", {"x": _h, "i": _out},
             {"y": pick(from_bf16(_h), _out),
              "z": to_bf16(pick(from_bf16(_h), _out))})))
text("index", "at_empty", "of an empty axis every index is outside.",
     op("""
        gemel.op @f[A, T](x: f32[A], z: i32[A], i: i32[T]) -> (y: f32[T], w: i32[T]) {
          y = at(x, A = i)
          w = at(z, A = i)
        }""",
        case("A = 0, T = 3", {"x": f32(), "z": i32(), "i": i32(0, -1, 1)},
             {"y": f32(*[np.nan] * 3), "w": i32(0, 0, 0)}),
        case("A = 2, T = 0", {"x": f32(1, 2), "z": i32(1, 2), "i": i32()},
             {"y": f32(), "w": i32()})))
_m = noise("rows", 4, 3)
_rows = i32(3, 0, 3, 4, -1)
text("index", "at_rows", "a gather of rows: A leaves, the index's axis joins, "
     "the other axes stay.",
     op("""
        gemel.op @f[A, D, T](x: f32[A, D], i: i32[T]) -> (y: f32[T, D], z: f32[D, T]) {
          y = at(x, A = i)
          z = at(x, A = i)
        }""",
        case("A = 4, D = 3, T = 5", {"x": _m, "i": _rows},
             {"y": pick(_m, _rows), "z": pick(_m, _rows).T})))
_label = i32(2, 0, -100, 1)
text("index", "at_aligned", "an axis that x and the index share is aligned by "
     "name: one element from each row.",
     op("""
        gemel.op @f[T, V](x: f32[T, V], label: i32[T]) -> (y: f32[T]) {
          y = at(x, V = label)
        }""",
        case("T = 4, V = 3", {"x": _m, "label": _label},
             {"y": F32([pick(r, i32(l))[0] for r, l in zip(_m, _label)])})))
_two = i32(0, 3, 4, 1, 2, -1).reshape(2, 3)
text("index", "at_index_of_two_axes", "an index with two axes brings both; one "
     "that x has is aligned.",
     op("""
        gemel.op @f[A, D, T](x: f32[A, D], i: i32[T, D]) -> (y: f32[T, D]) {
          y = at(x, A = i)
        }""",
        case("A = 4, D = 3, T = 2", {"x": _m, "i": _two},
             {"y": F32([[pick(_m[:, d], _two[t:t + 1, d])[0]
                         for d in range(3)] for t in range(2)])})))
text("index", "at_own_axis", "the index may have the axis that it replaces: a "
     "shift, with NaN where it leaves the array.",
     op("""
        gemel.op @f[A](x: f32[A]) -> (y: f32[A], z: f32[A]) {
          y = at(x, A = pos[A] - 1)
          z = at(x, A = mod(pos[A] + 2, size[A]))
        }""",
        case("A = 5", {"x": _x}, {"y": np.concatenate([[NAN], _x[:-1]]),
                                  "z": np.roll(_x, -2)})))
text("index", "at_constant_and_scalar", "a constant or scalar index takes one "
     "slice; it may be outside too.",
     op("""
        gemel.op @f[A, D](x: f32[A, D], k: i32) -> (y: f32[D], z: f32[D], w: f32[D]) {
          y = at(x, A = 1)
          z = at(x, A = k)
          w = at(x, A = -1)
        }""",
        *[case("A = 4, D = 3", {"x": _m, "k": I32(k)},
               {"y": _m[1], "z": pick(_m, i32(k))[0],
                "w": f32(*[np.nan] * 3)}) for k in (0, 3, 4, -1)]))
text("index", "at_of_expression", "at reads an expression's value at another "
     "position; nested, axis by axis.",
     op("""
        gemel.op @f[A, D](x: f32[A, D]) -> (y: f32[A, D], z: f32[A]) {
          y = at(x * 3.0 + pos[A], A = size[A] - 1 - pos[A])
          z = at(at(x, D = 2), A = pos[A])
        }""",
        case("A = 4, D = 3", {"x": _m},
             {"y": (_m * F32(3) + np.arange(4, dtype=F32)[:, None])[::-1],
              "z": _m[:, 2]})))
text("index", "at_nan_contained", "the NaN of an outside read is selected away "
     "by where.",
     op("""
        gemel.op @f[A](x: f32[A]) -> (y: f32[A], s: f32[]) {
          y = where(pos[A] == 0, 0.0, at(x, A = pos[A] - 1))
          s = sum[A](where(pos[A] == 0, 0.0, at(x, A = pos[A] - 1)))
        }""",
        case("A = 5", {"x": _x},
             {"y": (_y := np.concatenate([f32(0), _x[:-1]])),
              "s": np.array(pairwise(_y))})))

# put
PUT = """
    gemel.op @f[T, A](x: f32[T], i: i32[T]) -> (y: f32[A]) {
      y = put[T](x, A = i)
    }"""


def masked(terms, indices, size):
    """The order over all positions, others -0: not the language's."""
    return F32([pairwise([t if i == a else F32(-0.0)
                          for t, i in zip(terms, indices)])
                for a in range(size)])


def serial(terms, indices, size):
    return F32([chain([t for t, i in zip(terms, indices) if i == a])
                for a in range(size)])


def telling_put(count, indices, size):
    for attempt in range(1000):
        x = noise(("put", count, attempt), count)
        want = put(x, indices, size)
        if not any(equal(want, o(x, indices, size)) for o in (masked, serial)):
            return x
    raise AssertionError(count)


_i = i32(1, 0, 1, 1, 2, 1, 1, 0, 1, 0, 0, 1)
_t = telling_put(12, _i, 4)
text("index", "put_order", "terms with equal index, ascending in position, are "
     "added in the default order of those terms alone; where there is none "
     "the sum is +0.",
     op(PUT, case("T = 12, A = 4", {"x": _t, "i": _i},
                  {"y": put(_t, _i, 4)})))
_all = np.zeros(9, I32)
_ta = telling_put(9, i32(0, 1, 0, 0, 1, 0, 0, 0, 1), 2)
text("index", "put_all_equal", "where all indices are equal put is the sum in "
     "the default order.",
     op(PUT, case("T = 9, A = 1", {"x": _ta, "i": _all},
                  {"y": f32(pairwise(_ta))})))
_po = i32(0, -1, 2, 3, LOW, HIGH, 2, 0)
_px = noise("put outside", 8)
_px[1] = np.nan
text("index", "put_outside", "an index outside adds nothing, a NaN there "
     "neither; no terms, or an empty axis, give +0.",
     op(PUT, case("T = 8, A = 3", {"x": _px, "i": _po},
                  {"y": put(_px, _po, 3)}),
        case("T = 0, A = 3", {"x": f32(), "i": i32()}, {"y": f32(0, 0, 0)}),
        case("T = 2, A = 0", {"x": f32(1, 2), "i": i32(0, 1)},
             {"y": f32()})))
text("index", "put_permutes", "with distinct indices put is a permutation, and "
     "inverts at.",
     op("""
        gemel.op @f[T, A](x: f32[T], i: i32[T]) -> (y: f32[A], z: f32[T]) {
          y = put[T](x, A = i)
          z = at(put[T](x, A = i), A = i)
        }""",
        case("T = 5, A = 5", {"x": _x, "i": i32(3, 0, 4, 1, 2)},
             {"y": put(_x, i32(3, 0, 4, 1, 2), 5), "z": _x})))
_pr, _ri = noise("put rows", 6, 3), i32(1, 1, 0, 1, 5, 1)
text("index", "put_rows", "the axes that put does not list stay: a scatter of "
     "rows.",
     op("""
        gemel.op @f[T, D, A](x: f32[T, D], i: i32[T]) -> (y: f32[A, D]) {
          y = put[T](x, A = i)
        }""",
        case("T = 6, D = 3, A = 2", {"x": _pr, "i": _ri},
             {"y": F32([put(c, _ri, 2) for c in _pr.T]).T})))
_ti = i32(1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 2, 1).reshape(6, 3)
text("index", "put_several_axes", "several listed axes are one axis, row-major "
     "as written: [S, T] and [T, S] order the terms differently.",
     op("""
        gemel.op @f[S, T, A](x: f32[S, T], i: i32[S, T]) -> (y: f32[A], z: f32[A]) {
          y = put[S, T](x, A = i)
          z = put[T, S](x, A = i)
        }""",
        case("S = 6, T = 3, A = 3", {"x": _pr, "i": _ti},
             {"y": put(_pr, _ti, 3), "z": put(_pr.T, _ti.T, 3)})))
text("index", "put_aligned", "an axis that is not listed but shared with the "
     "index is aligned by name: a scatter in each row.",
     op("""
        gemel.op @f[S, T, A](x: f32[S, T], i: i32[S, T]) -> (y: f32[S, A]) {
          y = put[T](x, A = i)
        }""",
        case("S = 6, T = 3, A = 2", {"x": _pr, "i": _ti},
             {"y": F32([put(r, j, 2) for r, j in zip(_pr, _ti)])})))
_pi = i32(HIGH, 1, 2, 3, -4, HIGH)
_pj = i32(0, 0, 1, 2, 1, 0)
text("index", "put_integers", "integers are added wrapping; a histogram counts "
     "ones.",
     op("""
        gemel.op @f[T, A](x: i32[T], i: i32[T]) -> (y: i32[A], n: i32[A]) {
          y = put[T](x, A = i)
          n = put[T](where(x > 0, 1, 0), A = i)
        }""",
        case("T = 6, A = 2", {"x": _pi, "i": _pj},
             {"y": i32(*[wrap(sum(int(v) for v, j in zip(_pi, _pj) if j == a))
                         for a in range(2)]),
              "n": i32(3, 1)})))
text("index", "put_negative_zero", "a sum of -0 terms is -0, of no terms +0.",
     op(PUT, case("T = 5, A = 3",
                  {"x": f32(-0.0, -0.0, 0.0, -0.0, -0.0),
                   "i": i32(0, 0, 1, 1, 0)}, {"y": f32(-0.0, 0.0, 0.0)})))
_rot = noise("rope", 2, 4)
text("index", "rotate_half", "at with constants under where: the half rotation "
     "of rope.",
     op("""
        gemel.op @f[P = 2, R](x: f32[P, R]) -> (y: f32[P, R]) {
          y = where(pos[P] == 0, -at(x, P = 1), at(x, P = 0))
        }""",
        case("R = 4", {"x": _rot}, {"y": np.stack([-_rot[1], _rot[0]])})))
