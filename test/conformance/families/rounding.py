# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 2: each f32 operation rounds once; nothing is contracted."""

from fractions import Fraction

import numpy as np

from .numerics import (F32, INF, NAN, bits, boolean, equal, exact_to_f32, f32,
                       fma, i32, i64, maximum, minimum, noise)
from .text import case, flat, op, text

ONE_UP = bits(0x3F800001)[0]
TINY = bits(0x00000001)[0]
LEAST_NORMAL = bits(0x00800000)[0]
LARGEST = bits(0x7F7FFFFF)[0]
SPECIAL = np.array([0.0, -0.0, INF, -INF, NAN, 1.0, -1.0, TINY, -TINY,
                    LARGEST, -LARGEST], F32)


def pairs(*extra):
    """Every pair of special values, or the pairs given."""
    if extra:
        return tuple(np.array(side, F32) for side in zip(*extra))
    a, b = np.meshgrid(SPECIAL, SPECIAL, indexing="ij")
    return a.ravel(), b.ravel()


def binary(name, rule, sign, compute, x, z):
    y = compute(x, z)
    assert y.dtype == np.float32
    text("rounding", name, rule,
         flat("f", f"y = x {sign} z", {"x": x, "z": z}, {"y": y}))


ADD, SUB = np.add, np.subtract
MUL, DIV = np.multiply, np.divide

binary("add_ties", "Addition rounds once to nearest, ties to even.", "+", ADD,
       *pairs((1, 2.0**-24), (ONE_UP, 2.0**-24), (-1, -2.0**-24),
              (1, bits(0x33800001)[0]), (1, 2.0**-25), (2.0**24, 1),
              (2.0**24, 3), (LARGEST, 2.0**103), (LARGEST, 2.0**102)))
binary("subtract_ties", "Subtraction rounds once to nearest, ties to even.",
       "-", SUB,
       *pairs((1, 2.0**-25), (1, 2.0**-26), (ONE_UP, 2.0**-24), (2.0**24, -1),
              (1, 1), (-1, -1), (0.0, 0.0), (-0.0, 0.0)))
binary("multiply_ties", "Multiplication rounds once to nearest, even on ties.",
       "*", MUL,
       *pairs((ONE_UP, ONE_UP), (bits(0x3F800003)[0], 1.5),
              (bits(0x3F800001)[0], 1.5), (bits(0x3F802001)[0], 3),
              (LARGEST, ONE_UP), (LARGEST, 2), (-LARGEST, 0.5)))
binary("divide_nearest", "Division is correctly rounded, not a multiplication "
       "by the reciprocal.", "/", DIV, *(noise(("divide", i), 24)
                                         for i in "ab"))
for _name, _sign, _compute in (("add", "+", ADD), ("subtract", "-", SUB),
                               ("multiply", "*", MUL), ("divide", "/", DIV)):
    binary(f"{_name}_special", f"IEEE {_name} on zeros of both signs, "
           "infinities, NaN, subnormals and the largest values.", _sign,
           _compute, *pairs())
    binary(f"{_name}_subnormal", f"{_name}: subnormal operands and results "
           "are kept, never flushed.", _sign, _compute,
           *pairs((LEAST_NORMAL, -TINY), (TINY, TINY), (TINY, 0.5),
                  (bits(3)[0], 0.5), (LEAST_NORMAL, 0.5), (TINY, 2.0**23),
                  (LEAST_NORMAL, 2), (bits(0x007FFFFF)[0], TINY),
                  (2.0**-75, 2.0**-74), (2.0**-75, 2.0**-75),
                  (bits(0x00800001)[0], LEAST_NORMAL), (TINY, LARGEST)))

_roots = np.concatenate([
    np.abs(noise("roots", 18, low=-60, high=60)),
    f32(4.0, 2.0, 0.0, -0.0, -1.0, np.inf, -np.inf, np.nan),
    bits(0x00000001, 0x00000003, 0x007FFFFF, 0x00800001, 0x7F7FFFFF,
         0x3F7FFFFF)])
text("rounding", "sqrt", "sqrt is correctly rounded; sqrt(-0) is -0, below "
     "zero it is NaN, subnormal operands count.",
     flat("f", "y = sqrt(x)", {"x": _roots}, {"y": np.sqrt(_roots)}))


def contraction_data(count=12):
    """Triples where a fused multiply-add gives other bits."""
    rows, seed = [], 0
    while len(rows) < count:
        a, b, c = noise(("fma", seed), 3, low=-1, high=1)
        c = F32(-(a * b)) if seed % 3 == 0 else c
        seed += 1
        if not equal(fma(a, b, c), a * b + c):
            rows.append((a, b, c))
    return [np.array(r, F32) for r in zip(*rows)]


_a, _b, _c = contraction_data()
text("rounding", "no_fma_add", "a product and a sum are two roundings: "
     "nothing becomes a fused multiply-add.",
     flat("f", "y = a * b + c", {"a": _a, "b": _b, "c": _c},
          {"y": _a * _b + _c}))
text("rounding", "no_fma_subtract", "a difference with a product is two "
     "roundings, whichever side the product is on.",
     flat("f", "y = a * b - (-c)  z = (-c) - a * b",
          {"a": _a, "b": _b, "c": _c},
          {"y": _a * _b - (-_c), "z": (-_c) - _a * _b}))
text("rounding", "no_fma_square", "sq(x) is one multiplication, and adding to "
     "it another rounding.",
     flat("f", "y = sq(a) - b", {"a": _a, "b": _a * _a},
          {"y": _a * _a - _a * _a}))
text("rounding", "no_fma_difference", "a * b - b * a is +0: neither product "
     "is kept exact.",
     flat("f", "y = a * b - b * a", {"a": _a, "b": _b},
          {"y": _a * _b - _b * _a}))
text("rounding", "no_fma_named", "naming a product does not change what is "
     "rounded, nor does using it twice.",
     flat("f", "p = a * b\ny = p + c\nz = p", {"a": _a, "b": _b, "c": _c},
          {"y": _a * _b + _c, "z": _a * _b}))
_assoc = [noise(("assoc", i), 16) for i in "abc"]
text("rounding", "no_reassociation", "sums and products are not reassociated "
     "or distributed.",
     flat("f", "y = a + b + c\nz = a + (b + c)\nu = a * b * c\n"
          "v = a * (b * c)\nw = a * b + a * c", dict(zip("abc", _assoc)),
          {"y": (_assoc[0] + _assoc[1]) + _assoc[2],
           "z": _assoc[0] + (_assoc[1] + _assoc[2]),
           "u": (_assoc[0] * _assoc[1]) * _assoc[2],
           "v": _assoc[0] * (_assoc[1] * _assoc[2]),
           "w": _assoc[0] * _assoc[1] + _assoc[0] * _assoc[2]}))
_x = np.concatenate([SPECIAL, noise("identity", 5)])
text("rounding", "add_zero", "x + 0.0 turns -0 into +0; x - 0.0 and "
     "x + (-0.0) are x.",
     flat("f", "y = x + 0.0\nz = x - 0.0\nu = x + (-0.0)", {"x": _x},
          {"y": _x + F32(0), "z": _x - F32(0), "u": _x + F32(-0.0)}))
text("rounding", "zero_minus", "0.0 - x and -x differ in the sign of zero.",
     flat("f", "y = 0.0 - x\nz = -x\nu = -(x - x)", {"x": _x},
          {"y": F32(0) - _x, "z": -_x, "u": -(_x - _x)}))
text("rounding", "multiply_zero", "x * 0.0 is not 0: the sign, inf and NaN "
     "show.",
     flat("f", "y = x * 0.0\nz = x * 1.0\nu = x * -1.0", {"x": _x},
          {"y": _x * F32(0), "z": _x, "u": -_x}))
text("rounding", "self_cancel", "x - x and x / x are not constants.",
     flat("f", "y = x - x\nz = x / x\nu = 0.0 / x", {"x": _x},
          {"y": _x - _x, "z": _x / _x, "u": F32(0) / _x}))
_d = noise("third", 16)
text("rounding", "divide_constant", "x / 3.0 is a division; x * 3.0 / 3.0 is "
     "two roundings.",
     flat("f", "y = x / 3.0\nz = x * 3.0 / 3.0", {"x": _d},
          {"y": _d / F32(3), "z": (_d * F32(3)) / F32(3)}))
text("rounding", "add_back", "(x + b) - b rounds x and is not x.",
     flat("f", "y = (x + 4096.0) - 4096.0", {"x": _d},
          {"y": (_d + F32(4096)) - F32(4096)}))
text("rounding", "intermediate_overflow", "an intermediate overflow is inf: "
     "no wider range is used inside.",
     flat("f", "y = x * x / x\nz = x + x - x", {"x": f32(2.0**100, -2.0**127)},
          {"y": f32(np.inf, -np.inf), "z": f32(2.0**100, -np.inf)}))
_p, _q = pairs()
text("rounding", "maximum_minimum", "max and min are IEEE-754-2019 maximum "
     "and minimum: NaN wins, +0 > -0.",
     flat("f", "y = max(x, z)\nw = min(x, z)", {"x": _p, "z": _q},
          {"y": np.array([maximum(a, b) for a, b in zip(_p, _q)], F32),
           "w": np.array([minimum(a, b) for a, b in zip(_p, _q)], F32)}))
text("rounding", "comparison", "comparisons with NaN are false, <> is true; "
     "-0 equals +0; subnormals are not 0.",
     flat("f", "lt = x < z  le = x <= z  gt = x > z  ge = x >= z\n"
          "eq = x == z  ne = x <> z", {"x": _p[:66], "z": _q[:66]},
          {"lt": (_p < _q)[:66], "le": (_p <= _q)[:66], "gt": (_p > _q)[:66],
           "ge": (_p >= _q)[:66], "eq": (_p == _q)[:66],
           "ne": ~(_p == _q)[:66]}))
text("rounding", "abs_negate", "abs clears the sign and unary minus flips it, "
     "of zeros, infinities and subnormals too.",
     flat("f", "y = abs(x)\nz = -x", {"x": _x}, {"y": np.abs(_x), "z": -_x}))
_c4 = boolean(True, False, True, False)
text("rounding", "where_selects", "where selects: the branch not taken leaves "
     "no trace, though it is NaN or inf.",
     flat("f", "y = where(c, x, 1.0 / z)",
          {"c": _c4, "x": f32(1.5, np.nan, -0.0, np.inf),
           "z": f32(0.0, 2.0, np.nan, 4.0)},
          {"y": f32(1.5, 0.5, -0.0, 0.25)}))

# Literals.
_tie = Fraction(1) + Fraction(1, 2**24)
_double = "1.000000059604644775390626"  # just above the tie, equal in f64
assert Fraction(_double) > _tie and float(_double) == float(_tie)
assert exact_to_f32(Fraction(_double)) != F32(float(_double))
_literals = [_double, "0.1", "1.0e-6", "16777217.0", "3.4028235e38",
             "1.0e-45", "1.1754943e-38", "0.333333333333333333", "1.",
             "-2.5", "16777219.0", "5.9604644775390625e-8"]
text("rounding", "decimal_literal", "a decimal literal goes through f64 to "
     "f32: two roundings.",
     op("gemel.op @f() -> (" + ", ".join(
         f"y{i}: f32[]" for i in range(len(_literals))) + ") {\n" + "\n".join(
             f"  y{i} = {word}" for i, word in enumerate(_literals)) + "\n}",
        case("", {}, {f"y{i}": np.array(F32(float(word)))
                      for i, word in enumerate(_literals)})))
_n = noise("literal", 8)
text("rounding", "integer_literal_with_f32", "an integer literal takes its "
     "partner's type: with f32 it is that number in f32, nearest even.",
     flat("f", "y = x * 3\nz = 1 / x\nu = x + 16777217", {"x": _n},
          {"y": _n * F32(3), "z": F32(1) / _n, "u": _n + F32(16777216)}))
_i = i32(16777217, 16777219, -16777217, 2147483647, -2147483648, 2147483583,
         2147483584, 33554435)
_to = np.array([exact_to_f32(int(v)) for v in _i], F32)
text("rounding", "i32_meets_f32", "an i32 that meets an f32 is converted to "
     "nearest even.",
     flat("f", "y = i + x\nz = i * 1.0\nc = i == 16777216.0",
          {"i": _i, "x": _n}, {"y": _to + _n, "z": _to,
                               "c": _to == F32(16777216)}))
_l = i64(2**53 + 1, -(2**63), 2**63 - 1, 2**24 + 1, 2**60 + 2**36 + 1,
         2**60 + 2**36, 2**60 + 3 * 2**36, -(2**60) - 2**36 - 1)
_lf = np.array([exact_to_f32(int(v)) for v in _l], F32)
text("rounding", "i64_meets_f32", "an i64 that meets an f32 is converted with "
     "one rounding, not through f64.",
     flat("f", "y = i + x\nz = i * 1.0", {"i": _l, "x": _n},
          {"y": _lf + _n, "z": _lf}))
_k, _m = i32(7, -7, 1, 16777217, 5, 0, -5, 0), i32(2, 2, 3, 1, 0, 5, 0, 0)
_kf = np.array([exact_to_f32(int(v)) for v in _k], F32)
text("rounding", "integer_slash", "/ on integers is f32 division.",
     flat("f", "y = i / k\nz = i / 2\nu = 7 / 2 + 0 * i", {"i": _k, "k": _m},
          {"y": _kf / _m.astype(F32), "z": _kf / F32(2),
           "u": np.full(8, F32(3.5))}))
text("rounding", "where_promotes", "where's branches promote like +: int with "
     "f32 gives f32, i32 with i64 gives i64, a literal takes its partner's "
     "type.",
     flat("f", "y = where(c, i, x)\nz = where(c, i, l)\nu = where(c, 1, x)\n"
          "v = where(c, i, 3000000000 + 0 * l)\nw = where(c, 2, 3) / 4",
          {"c": _c4, "i": i32(16777217, 2, -3, 4), "x": _n[:4],
           "l": i64(1, 2**40, 3, -2**40)},
          {"y": f32(16777216, _n[1], -3, _n[3]),
           "z": i64(16777217, 2**40, -3, -2**40),
           "u": f32(1, _n[1], 1, _n[3]),
           "v": i64(16777217, 3000000000, -3, 3000000000),
           "w": f32(0.5, 0.75, 0.5, 0.75)}))
