# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 3: dot is an ascending chain of fused multiply-adds from +0.

Results of a dot are matrix class; the bits here are those of cpu and
reference. An exact contraction is written sum(a * w), and is here for contrast.
"""

import numpy as np

from .numerics import (F32, chain, cut, equal, f32, fma_chain, from_bf16, noise, pairwise, round_bf16,
                       to_bf16, to_f16)
from .text import MATRIX, case, op, text


def scalar(value):
    return np.array(F32(value))


def pieces(a, b, n):
    """dot in blocks of n: a chain from +0 each, results one chain."""
    return chain([fma_chain(p, q) for p, q in zip(cut(a, n), cut(b, n))])


def plain(a, b):
    return chain([x * y for x, y in zip(a, b)])


def tree(a, b):
    return pairwise([x * y for x, y in zip(a, b)])


def operands(seed, n, want=fma_chain, others=(plain, tree)):
    for attempt in range(1000):
        a, b = noise(("dot", seed, n, attempt), 2, n, low=-2, high=2)
        if not any(equal(want(a, b), o(a, b)) for o in others):
            return a, b
    raise AssertionError((seed, n))


def backwards(a, b):
    return fma_chain(a[::-1], b[::-1])


ONE = """
gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[]) {{
  y = {}
}}"""


def over_one(name, rule, expression, *rows):
    text("dot", name, rule, op(ONE.format(expression), *[
        case(f"K = {len(a)}", {"a": np.asarray(a, F32),
                               "b": np.asarray(b, F32)}, {"y": scalar(y)})
        for a, b, y in rows], must=MATRIX))


for _n in (1, 2, 3, 8, 17, 64, 100):
    _others = {1: (), 2: (plain,), 3: (plain, tree, backwards)}.get(
        _n, (plain, tree, backwards, lambda a, b: pieces(a, b, 4)))
    _a, _b = operands("f32", _n, others=_others)
    over_one(f"f32_{_n:03}", f"f32 operands, {_n} terms: one ascending chain of "
             "fused multiply-adds.", "dot[K](a, b)", (_a, _b,
                                                      fma_chain(_a, _b)))
over_one("empty", "an empty dot is +0.", "dot[K](a, b)", ((), (), 0.0))
over_one("fused", "each step rounds once: the product is not rounded on its "
         "own, so the error of a square shows, and what overflows alone does "
         "not overflow in the chain.", "dot[K](a, b)",
         *[(a, b, fma_chain(f32(*a), f32(*b))) for a, b in (
             ((-1, 1 + 2.0**-12), (1 + 2.0**-11, 1 + 2.0**-12)),
             ((-2.0**127, 2.0**64), (1.5, 2.0**64)),
             ((1, 2.0**-24, 2.0**-24), (1, 1, 1)),
             ((2.0**-24, 2.0**-24, 1), (1, 1, 1)))])
over_one("special", "inf, NaN, cancellation to +0 and subnormal sums.",
         "dot[K](a, b)",
         *[(a, b, fma_chain(f32(*a), f32(*b))) for a, b in (
             ((1, np.inf), (2, 3)), ((0.0, 1), (np.inf, 1)),
             ((np.inf, np.inf), (1, -1)), ((np.nan, 1), (1, 1)),
             ((1, -1), (1, 1)), ((1, 1, -1), (3, -2, 1)),
             ((2.0**-75, 2.0**-149), (2.0**-74, 1)),
             ((2.0**-100, 2.0**-100), (2.0**-49, 2.0**-49)),
             ((2.0**100, 1), (2.0**100, 1)))])

for _n, _block in ((8, 4), (10, 4), (3, 4), (40, 16), (5, 1)):
    _others = (fma_chain,) if _n > _block else ()
    _a, _b = operands(("blocks", _block), _n, others=_others,
                      want=lambda a, b: pieces(a, b, _block))
    over_one(f"blocks_{_block}_of_{_n:02}", "dot in blocks: each block is a "
             "chain from +0, the last may be short, and block results are one "
             "ascending chain of additions.",
             f"dot[K: blocks {_block}](a, b)",
             (_a, _b, pieces(_a, _b, _block)))
over_one("blocks_empty", "an empty dot in blocks is +0.",
         "dot[K: blocks 4](a, b)", ((), (), 0.0))


def matrix(a, b, chained=fma_chain):
    """a[M, K] times b[K, N]."""
    return np.array([[chained(row, column) for column in b.T] for row in a],
                    F32).reshape(a.shape[0], b.shape[1])


_a, _b = noise("product a", 3, 5), noise("product b", 5, 2)
MATMUL = """
gemel.op @f[M, N, K](a: {0}[M, K], b: {0}[K, N]) -> (y: {1}[M, N]) {{
  y = dot[K](a, b)
}}"""
text("dot", "matrix_product", "axes of one operand stay: a matrix product.",
     op(MATMUL.format("f32", "f32"),
        case("M = 3, N = 2, K = 5", {"a": _a, "b": _b}, {"y": matrix(_a, _b)}),
        case("M = 2, N = 0, K = 2", {"a": np.ones((2, 2), F32),
                                     "b": np.ones((2, 0), F32)},
             {"y": np.ones((2, 0), F32)}),
        case("M = 2, N = 2, K = 0", {"a": np.ones((2, 0), F32),
                                     "b": np.ones((0, 2), F32)},
             {"y": np.zeros((2, 2), F32)}), must=MATRIX))
_an, _bn = to_bf16(_a), to_bf16(_b)
_exact = matrix(from_bf16(_an), from_bf16(_bn))
text("dot", "narrow_bf16", "bf16 operands accumulate in f32, ascending; the "
     "result is rounded once at the border.",
     op(MATMUL.format("bf16", "f32"),
        case("M = 3, N = 2, K = 5", {"a": _an, "b": _bn}, {"y": _exact}),
        must=MATRIX),
     op(MATMUL.format("bf16", "bf16").replace("@f", "@g"),
        case("M = 3, N = 2, K = 5", {"a": _an, "b": _bn},
             {"y": to_bf16(_exact)}), must=MATRIX))
_ah, _bh = to_f16(_a), to_f16(_b)
text("dot", "narrow_f16", "f16 operands accumulate in f32, ascending: nothing "
     "overflows or rounds at f16's range inside.",
     op(MATMUL.format("f16", "f32"),
        case("M = 3, N = 2, K = 5", {"a": _ah, "b": _bh},
             {"y": matrix(_ah.astype(F32), _bh.astype(F32))}),
        case("M = 1, N = 1, K = 2",
             {"a": np.float16([[60000, 60000]]),
              "b": np.float16([[2], [-2]])}, {"y": f32(0).reshape(1, 1)}),
        case("M = 1, N = 1, K = 2",
             {"a": np.float16([[2.0**-24, 2.0**-24]]),
              "b": np.float16([[2.0**-24], [1]])},
             {"y": f32(2.0**-24).reshape(1, 1)}), must=MATRIX))
_c = round_bf16(_a), round_bf16(_b)
text("dot", "cast_operands", "a cast to a narrow type in an operand rounds it; "
     "the accumulation stays f32.",
     op("""
        gemel.op @f[M, N, K](a: f32[M, K], b: bf16[K, N]) -> (y: f32[M, N]) {
          y = dot[K](bf16(a), b)
        }""",
        case("M = 3, N = 2, K = 5", {"a": _a, "b": _bn},
             {"y": matrix(_c[0], _c[1])}), must=MATRIX))
_mask = np.array([1, 0, 1, 1, 0], bool)
text("dot", "masked_operand", "where(c, a, 0) of a narrow operand is narrow: a "
     "masked position adds a zero.",
     op("""
        gemel.op @f[M, N, K](a: bf16[M, K], b: bf16[K, N], c: i1[K]) -> (y: f32[M, N]) {
          y = dot[K](where(c, a, 0), b)
        }""",
        case("M = 3, N = 2, K = 5", {"a": _an, "b": _bn, "c": _mask},
             {"y": matrix(np.where(_mask, from_bf16(_an), F32(0)),
                          from_bf16(_bn))}), must=MATRIX))
_p, _q = noise("batch p", 2, 3, 4), noise("batch q", 2, 4)
text("dot", "batch_axes", "shared axes that are not contracted are batch axes.",
     op("""
        gemel.op @f[B, M, K](p: f32[B, M, K], q: f32[B, K]) -> (y: f32[B, M], z: f32[M, B]) {
          y = dot[K](p, q)
          z = dot[K](q, p)
        }""",
        case("B = 2, M = 3, K = 4", {"p": _p, "q": _q},
             {"y": (_y := np.array([[fma_chain(_p[b, m], _q[b])
                                     for m in range(3)] for b in range(2)],
                                   F32)), "z": _y.T}), must=MATRIX))
_s, _t = noise("axes s", 2, 3, 4), noise("axes t", 3, 4)
text("dot", "several_axes", "several contracted axes are one axis, row-major "
     "as written: [J, K] and [K, J] are different chains.",
     op("""
        gemel.op @f[M, J, K](s: f32[M, J, K], t: f32[J, K]) -> (y: f32[M], z: f32[M], w: f32[M]) {
          y = dot[J, K](s, t)
          z = dot[K, J](s, t)
          w = dot[J, K: blocks 8](s, t)
        }""",
        case("M = 2, J = 3, K = 4", {"s": _s, "t": _t},
             {"y": F32([fma_chain(r.ravel(), _t.ravel()) for r in _s]),
              "z": F32([fma_chain(r.T.ravel(), _t.T.ravel()) for r in _s]),
              "w": F32([pieces(r.ravel(), _t.ravel(), 8) for r in _s])}),
        must=MATRIX))
_o, _r = noise("outer", 3), noise("outer r", 3, 2)
text("dot", "vector_and_matrix", "a vector with a matrix, written from either "
     "side, is the same chain.",
     op("""
        gemel.op @f[K, N](v: f32[K], w: f32[K, N]) -> (y: f32[N], z: f32[N]) {
          y = dot[K](v, w)
          z = dot[K](w, v)
        }""",
        case("K = 3, N = 2", {"v": _o, "w": _r},
             {"y": (_y := F32([fma_chain(_o, c) for c in _r.T])), "z": _y}),
        must=MATRIX))
text("dot", "expression_operands", "an operand may be any expression, rounded "
     "as it stands before the chain.",
     op("""
        gemel.op @f[K](a: f32[K], b: f32[K]) -> (y: f32[], z: f32[]) {
          y = dot[K](a * 3.0, b + 1.0) + 1.0
          z = dot[K](a, a)
        }""",
        case("K = 5", {"a": _a[0], "b": _a[1]},
             {"y": scalar(fma_chain(_a[0] * F32(3), _a[1] + F32(1)) + F32(1)),
              "z": scalar(fma_chain(_a[0], _a[0]))}), must=MATRIX))
_x, _w = operands("contrast", 9)
text("dot", "exact_contraction", "sum(a * w) is exact class: rounded products "
     "in the default order, never a chain of fused multiply-adds.",
     op("""
        gemel.op @f[K](a: f32[K], w: f32[K]) -> (y: f32[]) {
          y = sum[K](a * w)
        }""",
        case("K = 9", {"a": _x, "w": _w}, {"y": scalar(tree(_x, _w))})))
