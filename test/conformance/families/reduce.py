# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 3: the orders of reductions, their edges and empty axes."""

import functools
from math import fsum

import numpy as np

from .numerics import (F32, INF, NAN, I32, add, bits, boolean, chain, f32, i32,
                       i64, in_blocks, maximum, minimum, mul, noise, pairwise,
                       telling, to_bf16, wrap)
from .text import case, op, text

SIZES = (0, 1, 2, 3, 5, 7, 8, 9, 31, 33, 64, 65, 100, 127, 1000)


def halves(terms):
    """The tree that splits in the middle: not the language's order."""
    if len(terms) <= 1:
        return pairwise(terms)
    middle = len(terms) // 2
    return add(halves(terms[:middle]), halves(terms[middle:]))


def lanes(terms, n):
    """Strided lanes, then a tree over them: not the language's order."""
    return pairwise([chain(terms[i::n]) for i in range(min(n, len(terms)))])


def exact(terms):
    return F32(fsum(map(float, terms)))


def backwards(order):
    return lambda terms: order(list(terms)[::-1])


def others(n):
    """Orders that a sum of n terms is told apart from, where they differ."""
    if n < 3:
        return []
    if n == 3:
        return [backwards(pairwise), exact]
    out = [chain, backwards(chain), exact, lambda t: lanes(t, 4)]
    if n & (n - 1):
        out += [halves, backwards(pairwise)]
    if n > 8:
        out += [lambda t: lanes(t, 8)]
    if n > 24:
        out += [lambda t: in_blocks(t, 8)]
    if n > 64:
        out += [lambda t: lanes(t, 32)]
    if n > 96:
        out += [lambda t: in_blocks(t, 32)]
    return out


def scalar(value):
    return np.array(value)


ONE = """
gemel.op @f[N](x: f32[N]) -> (y: f32[]) {{
  y = {}
}}"""


def over_one(name, rule, expression, *rows):
    """Rows of (terms, expected) reduced over the only axis."""
    text("reduce", name, rule, op(
        ONE.format(expression),
        *[case(f"N = {len(x)}", {"x": np.asarray(x, F32)},
               {"y": scalar(F32(y))}) for x, y in rows]))


for _n in SIZES:
    _x = telling(("sum", _n), _n, pairwise, others(_n))
    over_one(f"sum_{_n:04}", f"the default order over {_n} terms: neighbours "
             "are added, an odd last one passes up.", "sum[N](x)",
             (_x, pairwise(_x)))
for _n in (3, 7, 33, 100):
    _x = telling(("serial", _n), _n, chain,
                 [pairwise, backwards(chain)] if _n > 3 else
                 [backwards(chain)])
    over_one(f"sum_serial_{_n:03}", "serial is one ascending chain.",
             "sum[N: serial](x)", (_x, chain(_x)))
for _n, _block in ((16, 4), (13, 4), (7, 8), (9, 8), (70, 32), (21, 2)):
    _order = functools.partial(in_blocks, n=_block)
    _x = telling(("blocks", _n, _block), _n, _order,
                 [chain] * (_n > 3) + [pairwise] * (_n > 3 * _block) +
                 [lambda t, b=_block: in_blocks(t[::-1], b)])
    over_one(f"sum_blocks_{_block}_of_{_n:03}", f"blocks {_block} over {_n} "
             "terms: each aligned block by the default order, the last may be "
             "short, block results one ascending chain.",
             f"sum[N: blocks {_block}](x)", (_x, _order(_x)))
over_one("sum_blocks_1", "blocks 1 is one ascending chain.",
         "sum[N: blocks 1](x)",
         (_x := telling("blocks1", 9, chain, [pairwise]), chain(_x)))
for _kind in ("serial", "blocks 4"):
    over_one(f"sum_{_kind.replace(' ', '_')}_empty", f"an empty sum is +0 in "
             f"the order {_kind} too; one term is itself.",
             f"sum[N: {_kind}](x)", ((), 0.0), ((1.5,), 1.5))

_products = {n: telling(("prod", n), n, lambda t: pairwise(t, mul),
                        [lambda t: chain(t, mul)] if n > 3 else [], low=-1,
                        high=1) for n in (1, 3, 6, 9, 20)}
over_one("prod", "prod multiplies in the default order; an empty product is "
         "1.", "prod[N](x)", ((), 1.0),
         *[(x, pairwise(x, mul)) for x in _products.values()])
over_one("prod_serial", "prod: serial is one ascending chain.",
         "prod[N: serial](x)", *[(x, chain(x, mul))
                                 for x in _products.values()])
over_one("prod_blocks", "prod: blocks 4 is a chain over blocks.",
         "prod[N: blocks 4](x)", *[(x, in_blocks(x, 4, mul))
                                   for x in _products.values()])
over_one("sum_negative_zero", "positions outside the axis hold -0 in a sum, so "
         "a sum of -0 alone is -0, whatever the number of terms; the empty "
         "sum is +0.", "sum[N](x)",
         *[([-0.0] * n, -0.0) for n in (1, 2, 3, 5, 9)],
         ([-0.0, -0.0, 0.0], 0.0), ([0.0, -0.0], 0.0), ((), 0.0))
over_one("sum_special", "a sum carries inf and NaN; inf - inf is NaN; "
         "subnormals add exactly; overflow follows the order.", "sum[N](x)",
         ([1, np.inf, 2], np.inf), ([np.inf, 1, -np.inf], np.nan),
         ([1, np.nan, 2], np.nan), (bits(1, 1, 1), bits(3)[0]),
         ([2.0**127, -2.0**127, 2.0**127, -2.0**127], 0.0),
         ([2.0**127, 2.0**127, -2.0**127, -2.0**127], np.nan))
over_one("prod_special", "a product carries zeros' signs, inf and NaN; "
         "underflow follows the order.", "prod[N](x)",
         ([-0.0, 2, 3], -0.0), ([-0.0, -1], 0.0), ([0.0, np.inf], np.nan),
         ([2.0**-100, 2.0**-100, 2.0**100, 2.0**100], np.nan),
         ([2.0**-100, 2.0**100, 2.0**-100, 2.0**100], 1.0))
_extremes = [(), (-np.inf,), (np.inf,), (1, 3, 2), (-0.0, 0.0), (0.0, -0.0),
             (-0.0, -0.0), (1, np.nan, 2), (np.inf, np.nan), (np.nan, -np.inf),
             (-np.inf, -np.inf, -np.inf), (-5, -7, -6, -8, -5.5)]
over_one("max", "max over an axis: NaN wins, +0 > -0; empty it is -inf, so "
         "positions outside the axis never show.", "max[N](x)",
         *[(x, functools.reduce(maximum, x, -INF)) for x in _extremes])
over_one("min", "min over an axis: NaN wins, -0 < +0; empty it is +inf.",
         "min[N](x)",
         *[(x, functools.reduce(minimum, x, INF)) for x in _extremes])
over_one("max_blocks", "max in blocks is the same maximum.",
         "max[N: blocks 2](x)",
         *[(x, functools.reduce(maximum, x, -INF)) for x in _extremes])


def mean(x, order=pairwise):
    return order(x) / F32(len(x))


_means = [telling(("mean", n), n, mean, [lambda t: mean(t, chain)])
          for n in (5, 7, 33)]
over_one("mean", "mean is the sum in the default order divided by f32(size), "
         "not multiplied by a reciprocal; of an empty axis it is NaN.",
         "mean[N](x)", ((), NAN), ([3.0], 3.0), ([-0.0, -0.0], -0.0),
         *[(x, mean(x)) for x in _means])
text("reduce", "integer_sum", "integer sums wrap; empty 0.",
     op("""
        gemel.op @f[N](x: i32[N], z: i64[N]) -> (y: i32[], w: i64[]) {
          y = sum[N](x)
          w = sum[N](z)
        }""",
        *[case(f"N = {len(v)}", {"x": i32(*map(wrap, v)), "z": i64(*v)},
               {"y": scalar(I32(wrap(sum(v)))),
                "w": scalar(np.int64(wrap(sum(v), 64)))})
          for v in ([], [2**31 - 1, 1], [-2**31, -1, 5],
                    [2**63 - 1, 2, 2**62])]))
text("reduce", "integer_product", "integer products wrap; empty 1.",
     op("""
        gemel.op @f[N](x: i32[N], z: i64[N]) -> (y: i32[], w: i64[]) {
          y = prod[N](x)
          w = prod[N](z)
        }""",
        *[case(f"N = {len(v)}", {"x": i32(*v), "z": i64(*v)},
               {"y": scalar(I32(wrap(int(np.prod(v, dtype=object))))),
                "w": scalar(np.int64(wrap(int(np.prod(v, dtype=object)), 64)))
                }) for v in ([], [65536, 65537], [-3, 5, 7],
                             [2**31 - 1] * 3)]))
text("reduce", "integer_extremes", "max and min of integers over an axis.",
     op("""
        gemel.op @f[N](x: i32[N], z: i64[N]) -> (y: i32[], w: i64[]) {
          y = max[N](x)
          w = min[N](z)
        }""",
        *[case(f"N = {len(v)}", {"x": i32(*v), "z": i64(*[p * 2**31
                                                         for p in v])},
               {"y": scalar(I32(max(v))),
                "w": scalar(np.int64(min(v) * 2**31))})
          for v in ([-5], [-2**31, 2**31 - 1, 0], [-3, -1, -2])]))
text("reduce", "integer_mean", "mean of integers is their sum / f32(size).",
     op("""
        gemel.op @f[N](x: i32[N]) -> (y: f32[]) {
          y = mean[N](x)
        }""",
        *[case(f"N = {len(v)}", {"x": i32(*v)},
               {"y": scalar(F32(sum(v)) / F32(len(v)))})
          for v in ([1, 2], [16777216, 1, 2], [-7, 0, 3])]))
text("reduce", "any_all", "any and all; empty: any false, all true.",
     op("""
        gemel.op @f[N](x: i1[N]) -> (y: i1[], z: i1[]) {
          y = any[N](x)
          z = all[N](x)
        }""",
        *[case(f"N = {len(v)}", {"x": boolean(*v)},
               {"y": scalar(any(v)), "z": scalar(all(v))})
          for v in ([], [True], [False], [True] * 9, [False] * 8 + [True],
                    [False] * 3, [True] * 6 + [False])]))


def first_largest(x):
    for i, v in enumerate(x):
        if np.isnan(v):
            return i
    return list(x).index(max(x))


text("reduce", "argmax", "argmax is the first position of the largest value; "
     "NaN is the largest; the first NaN counts.",
     op("""
        gemel.op @f[N](x: f32[N]) -> (y: i32[]) {
          y = argmax[N](x)
        }""",
        *[case(f"N = {len(v)}", {"x": f32(*v)},
               {"y": scalar(I32(first_largest(v)))})
          for v in ([5], [1, 3, 3, 2], [-np.inf, -np.inf], [1, np.nan, np.inf],
                    [np.inf, 1, np.nan, 2, np.nan], [-3, -2, -2, -9, -2, -4],
                    [1, 2, 3, 4, 5, 6, 7, 8, 8], [2.0**-149, 0, -1])]))
text("reduce", "argmax_rows", "argmax along each of two axes; ties go to the "
     "first position.",
     op("""
        gemel.op @f[A, B](x: f32[A, B]) -> (y: i32[A], z: i32[B]) {
          y = argmax[B](x)
          z = argmax[A](x)
        }""",
        case("A = 3, B = 4",
             {"x": (_x := f32(1, 4, 4, 0, 5, 4, 5, -1, 5, 3, 6, 0)
                    .reshape(3, 4))},
             {"y": _x.argmax(1).astype(I32), "z": _x.argmax(0).astype(I32)})))

_g = telling("grid", 15, pairwise,
             [lambda t: pairwise([pairwise(r) for r in t.reshape(3, 5)]),
              lambda t: pairwise(t.reshape(3, 5).T.ravel()), chain]
             ).reshape(3, 5)
text("reduce", "several_axes", "several axes are one axis, row-major as "
     "written: the order [A, B] is not [B, A], nor one axis after the other.",
     op("""
        gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[], z: f32[], u: f32[], v: f32[]) {
          y = sum[A, B](x)
          z = sum[B, A](x)
          u = sum[A](sum[B](x))
          v = sum[B](sum[A](x))
        }""",
        case("A = 3, B = 5", {"x": _g},
             {"y": scalar(pairwise(_g.ravel())),
              "z": scalar(pairwise(_g.T.ravel())),
              "u": scalar(pairwise([pairwise(r) for r in _g])),
              "v": scalar(pairwise([pairwise(r) for r in _g.T]))})))
text("reduce", "several_axes_orders", "serial and blocks run over several axes "
     "as one, row-major: a block may cross a row's end.",
     op("""
        gemel.op @f[A, B](x: f32[A, B]) -> (y: f32[], z: f32[], u: f32[]) {
          y = sum[A, B: serial](x)
          z = sum[A, B: blocks 4](x)
          u = sum[B, A: blocks 4](x)
        }""",
        case("A = 3, B = 5", {"x": _g},
             {"y": scalar(chain(_g.ravel())),
              "z": scalar(in_blocks(_g.ravel(), 4)),
              "u": scalar(in_blocks(_g.T.ravel(), 4))})))
_h = noise("three", 2, 3, 5)
text("reduce", "some_axes", "a reduction over some of the axes, not adjacent, "
     "leaves the others.",
     op("""
        gemel.op @f[A, B, C](x: f32[A, B, C]) -> (y: f32[B], z: f32[A, C], m: f32[B]) {
          y = sum[A, C](x)
          z = sum[B](x)
          m = mean[C, A](x)
        }""",
        case("A = 2, B = 3, C = 5", {"x": _h},
             {"y": F32([pairwise(_h[:, b].ravel()) for b in range(3)]),
              "z": F32([[pairwise(_h[a, :, c]) for c in range(5)]
                        for a in range(2)]),
              "m": F32([pairwise(_h[:, b].T.ravel()) / F32(10)
                        for b in range(3)])})))
text("reduce", "empty_rows", "each row of an empty axis gives the reduction's "
     "neutral value, NaN for a mean.",
     op("""
        gemel.op @f[A, B](x: f32[A, B]) -> (s: f32[A], p: f32[A], h: f32[A], l: f32[A], m: f32[A]) {
          s = sum[B](x)
          p = prod[B](x)
          h = max[B](x)
          l = min[B](x)
          m = mean[B](x)
        }""",
        case("A = 2, B = 0", {"x": np.zeros((2, 0), F32)},
             {"s": f32(0, 0), "p": f32(1, 1), "h": f32(-np.inf, -np.inf),
              "l": f32(np.inf, np.inf), "m": f32(np.nan, np.nan)})))
_b = telling("narrow", 9, pairwise, [chain], low=-1, high=1)
_e = (_b.view(np.uint32) >> np.uint32(16)).astype(np.uint16)
_w = (_e.astype(np.uint32) << np.uint32(16)).view(F32)
text("reduce", "narrow_terms", "a sum over bf16 is made in f32 and rounded "
     "once at the border.",
     op("""
        gemel.op @f[N](x: bf16[N]) -> (y: bf16[], z: f32[]) {
          y = sum[N](x * x)
          z = sum[N](x * x)
        }""",
        case("N = 9", {"x": _e},
             {"y": scalar(to_bf16(f32(pairwise(_w * _w)))[0]),
              "z": scalar(pairwise(_w * _w))})))
