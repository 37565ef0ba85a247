# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 3: a maximum in blocks is a running maximum (online softmax)."""

import numpy as np

from oracle import functions

from .numerics import (F32, INF, cut, equal, f32, fma_chain, from_bf16,
                       maximum, noise, pairwise, round_bf16, to_bf16)
from .text import MATRIX, case, op, text


def softmax(s, n, exp=functions.exp, terms=None, cast=lambda p: p):
    """(m, r) of one row; terms(p, j) reduces block j of the factor p."""
    reduce = terms or (lambda p, j: pairwise(p))
    before, result = -INF, None
    for j, block in enumerate(cut(np.asarray(s, F32), n)):
        top = before
        for value in block:
            top = maximum(top, value)
        p = np.zeros(len(block), F32)
        if top != -INF:
            p = exp(block - top)
        t = reduce(cast(p), j)
        if result is None:
            result = t
        else:
            c = F32(1) if before == top else exp(F32([before - top]))[0]
            result = F32(result * c) + t
        before = top
    return before, F32(0) if result is None else F32(result)


def with_values(v, n, chained=fma_chain):
    """Reduces a block against its part of v[L]."""
    return lambda p, j: chained(p, cut(v, n)[j])


SUM = """
gemel.op @f[L](s: f32[L]) -> (m: f32[], z: f32[]) {{
  m = max[L: blocks {n}](s)
  z = sum[L: blocks {n}]({exp}(s - m))
}}"""


def over_one(name, rule, n, *rows, exp="exp"):
    function = functions.quick_exp if exp.startswith("quick") else functions.exp
    cases = []
    for row in rows:
        row = np.asarray(row, F32)
        m, z = softmax(row, n, function)
        cases.append(case(f"L = {len(row)}", {"s": row},
                          {"m": np.array(m), "z": np.array(z)}))
    text("running_max", name, rule, op(SUM.format(n=n, exp=exp), *cases))


def scores(seed, count):
    return noise(("scores", seed), count, low=-2, high=2)


def plain(s):
    """The sum with the final maximum, which a running one must not equal."""
    top = max(s)
    return pairwise(functions.exp(s - top))


def rising(seed, count, n):
    """Scores whose running sum differs from the one with the final m."""
    for attempt in range(1000):
        s = scores((seed, attempt), count)
        if not equal(softmax(s, n)[1], plain(s)):
            return s
    raise AssertionError(seed)


over_one("one_block", "one block: the sum with the block's own maximum.", 8,
         scores(1, 8), scores(2, 5), scores(3, 1))
over_one("two_blocks", "two blocks: r = r * c + t, two roundings, with c the "
         "exponential of the maxima's difference.", 4, rising(4, 8, 4),
         -np.sort(-scores(5, 8)), np.sort(scores(6, 8)))
over_one("short_last_block", "the last block may be short; positions outside "
         "the axis add nothing.", 4, rising(7, 9, 4), rising(8, 7, 4),
         rising(9, 14, 4))
over_one("many_blocks", "many blocks, in ascending order.", 2,
         rising(10, 16, 2), np.sort(scores(11, 13)))
over_one("blocks_of_one", "blocks 1: every position is a block.", 1,
         rising(12, 6, 1))
over_one("large_block", "a block size of 32 over 70 positions.", 32,
         rising(13, 70, 32))
over_one("equal_maxima", "where the maximum does not move, c is exactly 1.", 4,
         f32(1, 3, 2, 0.5, 3, 1, 3, 2, 0.25, 3), f32(*[2] * 11),
         f32(5, 0, 0, 0, 1, 2, 3, 4, 5, 5))
over_one("zeros_of_both_signs", "-0 and +0 as maxima of successive blocks are "
         "equal: c is 1; the maximum is +0.", 2, f32(-0.0, -1, 0.0, -2),
         f32(0.0, -1, -0.0, -2), f32(-0.0, -0.0, -0.0))
over_one("first_block_dead", "a block that is -inf before any live position "
         "adds 0: exp(s - m) reads as 0 there, and c = exp(-inf) = 0 after.",
         2, f32(-np.inf, -np.inf, 1, 2), f32(*[-np.inf] * 4, 1.5, -np.inf, 3))
over_one("later_block_dead", "a block that is -inf after a live one adds 0 and "
         "leaves the sum.", 2, f32(1, 2, -np.inf, -np.inf),
         f32(2, 1, -np.inf, -np.inf, 3, -np.inf, -np.inf))
over_one("no_live_position", "a row with no live position ends with m = -inf "
         "and z = 0, not NaN.", 2, f32(*[-np.inf] * 4), f32(-np.inf),
         f32(*[-np.inf] * 5))
over_one("empty", "an empty axis: m = -inf and z = 0.", 4, f32())
over_one("infinite_and_nan", "+inf minus itself is NaN, as the text gives; a "
         "NaN wins the maximum.", 2, f32(1, np.inf, 2, 3),
         f32(1, 2, 3, np.inf), f32(1, np.nan, 2, 3), f32(1, 2, np.nan, -np.inf))
over_one("far_apart", "maxima far apart: c underflows to a subnormal, then to "
         "+0.", 2, f32(0, 1, 90, 91), f32(0, 1, 200, 201),
         f32(-1000, 1000, 0, 5), f32(200, 0, 0, 1))
over_one("quick", "with quick(exp) the factor c is quick(exp) too.", 4,
         rising(14, 8, 4), scores(15, 11), f32(0, 1, 2, 3, 30, 2, 1, 0),
         exp="quick(exp)")

_rows = np.stack([scores(20 + i, 7) for i in range(4)])
_rows[1, :4] = -INF
_rows[2, :] = -INF
_mz = [softmax(r, 4) for r in _rows]
text("running_max", "rows", "each row has its own running maximum; dead rows "
     "and dead blocks stand beside live ones.",
     op("""
        gemel.op @f[T, L](s: f32[T, L]) -> (m: f32[T], z: f32[T]) {
          m = max[L: blocks 4](s)
          p = exp(s - m)
          z = sum[L: blocks 4](p)
        }""",
        case("T = 4, L = 7", {"s": _rows}, {"m": F32([m for m, _ in _mz]),
                                            "z": F32([z for _, z in _mz])})))
_live = scores(31, 10)
_m, _z = softmax(_live, 4)
text("running_max", "read_after", "after the last block m and z are the final "
     "values: what reads them outside the reductions sees those.",
     op("""
        gemel.op @f[L](s: f32[L]) -> (lse: f32[], y: f32[L]) {
          m = max[L: blocks 4](s)
          z = sum[L: blocks 4](exp(s - m))
          lse = m + log(z)
          y = exp(s - m) / z
        }""",
        case("L = 10", {"s": _live},
             {"lse": np.array(_m + functions.log(F32([_z]))[0]),
              "y": functions.exp(_live - _m) / _z})))
_weights = noise("weights", 10)
text("running_max", "weighted_sum", "the factor may be multiplied by anything "
     "that is free of m, on either side.",
     op("""
        gemel.op @f[L](s: f32[L], w: f32[L]) -> (y: f32[], z: f32[]) {
          m = max[L: blocks 4](s)
          y = sum[L: blocks 4](exp(s - m) * w)
          z = sum[L: blocks 4](w * exp(s - m))
        }""",
        case("L = 10", {"s": _live, "w": _weights},
             {"y": (_y := np.array(softmax(
                 _live, 4, terms=with_values(
                     _weights, 4, lambda p, v: pairwise(p * v)))[1])),
              "z": _y})))


def attention(s, v, n, **options):
    return F32([[softmax(row, n, terms=with_values(column, n), **options)[1]
                 for column in v.T] for row in s])


_v = noise("values", 7, 2)
DOT = """
gemel.op @f[T, L, V](s: f32[T, L], v: {1}[L, V]) -> (o: f32[T, V]) {{
  m = max[L: blocks 4](s)
  o = dot[L: blocks 4]({0}, v)
}}"""
text("running_max", "dot", "a dot over the same axis: each block a chain of "
     "fused multiply-adds from +0, then r = r * c + t, two roundings.",
     op(DOT.format("exp(s - m)", "f32"),
        case("T = 4, L = 7, V = 2", {"s": _rows, "v": _v},
             {"o": attention(_rows, _v, 4)}), must=MATRIX))
text("running_max", "dot_quick", "a dot with quick(exp): the same spelling in "
     "c.",
     op(DOT.format("quick(exp)(s - m)", "f32"),
        case("T = 4, L = 7, V = 2", {"s": _rows, "v": _v},
             {"o": attention(_rows, _v, 4, exp=functions.quick_exp)}),
        must=MATRIX))
# Block maxima are equal (c = 1) or far apart (c = 0), so that nothing depends
# on whether a cast of the factor reaches c.
_flat = f32(0.5, 3, -1, 1.25, 3, 2, 0.125)
_step = f32(0.5, 1, -1, 1.25, 300, 299, 299.5)
_cast = np.stack([_flat, _step])
_vn = to_bf16(_v)
text("running_max", "dot_cast", "the factor under a cast is rounded before it "
     "enters the dot.",
     op(DOT.format("bf16(exp(s - m))", "bf16"),
        case("T = 2, L = 7, V = 2", {"s": _cast, "v": _vn},
             {"o": attention(_cast, from_bf16(_vn), 4, cast=round_bf16)}),
        must=MATRIX))
text("running_max", "sum_and_dot", "a sum and a dot share one running maximum; "
     "their quotient is taken after the last block.",
     op("""
        gemel.op @f[T, L, V](s: f32[T, L], v: f32[L, V]) -> (o: f32[T, V]) {
          m = max[L: blocks 4](s)
          p = exp(s - m)
          o = dot[L: blocks 4](p, v) / sum[L: blocks 4](p)
        }""",
        case("T = 4, L = 7, V = 2", {"s": _rows, "v": _v},
             {"o": attention(_rows, _v, 4) /
              F32([[z] for _, z in _mz])}), must=MATRIX))
_s2 = scores(40, 9)
text("running_max", "stopped", "stop(...) and save around the maximum change "
     "no bits.",
     op("""
        gemel.op @f[L](s: f32[L]) -> (z: f32[]) {
          save m = stop(max[L: blocks 4](s))
          z = sum[L: blocks 4](exp(s - m))
        }""",
        case("L = 9", {"s": _s2}, {"z": np.array(softmax(_s2, 4)[1])})))
_s3 = scores(41, 9)
text("running_max", "plain_maximum", "max without blocks is the plain form: "
     "the sum reads the final maximum.",
     op("""
        gemel.op @f[L](s: f32[L]) -> (z: f32[]) {
          m = max[L](s)
          z = sum[L](exp(s - m))
        }""",
        case("L = 9", {"s": _s3}, {"z": np.array(plain(_s3))})))
_masked = scores(42, 8)
_keep = np.array([0, 0, 0, 0, 1, 0, 1, 1], bool)
text("running_max", "masked", "masking with -inf through where: masked "
     "positions add 0.",
     op("""
        gemel.op @f[L](x: f32[L], c: i1[L]) -> (m: f32[], z: f32[]) {
          s = where(c, x, -inf)
          m = max[L: blocks 2](s)
          z = sum[L: blocks 2](exp(s - m))
        }""",
        *[case("L = 8", {"x": _masked, "c": keep},
               dict(zip("mz", map(np.array, softmax(
                   np.where(keep, _masked, -INF), 2)))))
          for keep in (_keep, ~_keep, _keep & False)]))
