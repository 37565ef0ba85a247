# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 2: integers wrap, div and mod floor, i32 meets i64 as i64."""

import numpy as np

from .numerics import boolean, f32, i32, i64, wrap
from .text import case, flat, op, text

LOW, HIGH = -2**31, 2**31 - 1
LOW64, HIGH64 = -2**63, 2**63 - 1
KIND = {32: i32, 64: i64}


def apply(width, function, *sides):
    return KIND[width](*[wrap(function(*map(int, row)), width)
                         for row in zip(*sides)])


def div(a, b):
    return a // b if b else 0


def mod(a, b):
    return a % b if b else 0


_pairs = {
    32: ((HIGH, 1), (LOW, -1), (HIGH, HIGH), (LOW, LOW), (65536, 65536),
         (46341, 46341), (-65537, 65537), (123456789, 987654321), (0, LOW),
         (-1, HIGH)),
    64: ((HIGH64, 1), (LOW64, -1), (HIGH64, HIGH64), (LOW64, LOW64),
         (2**32, 2**32), (3037000500, 3037000500), (2**31, 1), (-5, 2**62),
         (0, LOW64), (2**53 + 1, 1))}
for _width, _rows in _pairs.items():
    _x, _z = (KIND[_width](*side) for side in zip(*_rows))
    for _name, _sign, _f in (("add", "+", lambda a, b: a + b),
                             ("subtract", "-", lambda a, b: a - b),
                             ("multiply", "*", lambda a, b: a * b)):
        text("integers", f"{_name}_i{_width}", f"i{_width} {_name} wraps.",
             flat("f", f"y = x {_sign} z", {"x": _x, "z": _z},
                  {"y": apply(_width, _f, _x, _z)}))
    text("integers", f"negate_i{_width}", f"unary minus of an i{_width} wraps "
         "at the lowest value.",
         flat("f", "y = -x\nz = 0 - x", {"x": _x},
              {"y": apply(_width, lambda a: -a, _x),
               "z": apply(_width, lambda a: -a, _x)}))

_signs = [(a, b) for a in (7, -7, 6, -6, 1, -1, 0) for b in (3, -3)]
_more = [(HIGH, -1), (HIGH, 2), (LOW, 2), (LOW, 3), (LOW, 1), (LOW, HIGH),
         (HIGH, LOW), (5, LOW), (-5, LOW), (-5, HIGH), (LOW, LOW), (9, -1)]
_zero = [(7, 0), (-7, 0), (0, 0), (HIGH, 0), (LOW, 0)]
for _name, _f in (("div", div), ("mod", mod)):
    for _what, _rule, _rows in (
            ("signs", "floors for every combination of signs", _signs),
            ("edges", "at the ends of the range and by -1", _more),
            ("zero", "by 0 is 0", _zero)):
        _x, _z = (i32(*side) for side in zip(*_rows))
        text("integers", f"{_name}_{_what}", f"i32 {_name} {_rule}.",
             flat("f", f"y = {_name}(x, z)", {"x": _x, "z": _z},
                  {"y": apply(32, _f, _x, _z)}))
    _x, _z = (i64(*side) for side in zip(
        (7, -3), (-7, 3), (LOW64, 3), (HIGH64, -1), (HIGH64, 2**32),
        (-2**40 - 1, 2**20), (-1, HIGH64), (5, 0), (LOW64, 0)))
    text("integers", f"{_name}_i64", f"i64 {_name} floors; by 0 it is 0.",
         flat("f", f"y = {_name}(x, z)", {"x": _x, "z": _z},
              {"y": apply(64, _f, _x, _z)}))
    _x = i32(-9, -8, -1, 0, 1, 8, 9, LOW, HIGH)
    text("integers", f"{_name}_constant", f"{_name} by a literal floors: it is "
         "no shift or truncation of a negative value.",
         flat("f", "\n".join(f"y{i} = {_name}(x, {n})" for i, n in
                             enumerate((8, 3, -8, 1, 0))), {"x": _x},
              {f"y{i}": apply(32, lambda a, n=n: _f(a, n), _x)
               for i, n in enumerate((8, 3, -8, 1, 0))}))
_x = i32(LOW, LOW + 1, 0, HIGH)
text("integers", "mod_lowest_minus_one", "mod of the lowest value by -1 is 0, "
     "and does not trap.",
     flat("f", "y = mod(x, -1)\nz = mod(x, x)", {"x": _x},
          {"y": i32(0, 0, 0, 0), "z": i32(0, 0, 0, 0)}))

_a, _b = i32(HIGH, LOW, 1, -1), i64(1, -1, 2**33, -2**33)
text("integers", "i32_meets_i64", "an i32 that meets an i64 widens, with its "
     "sign, before the operation.",
     flat("f", "y = a + b\nz = a * b\nw = a - b\nu = div(b, a)\n"
          "c = a < b\nv = max(a, b)", {"a": _a, "b": _b},
          {"y": apply(64, lambda p, q: p + q, _a, _b),
           "z": apply(64, lambda p, q: p * q, _a, _b),
           "w": apply(64, lambda p, q: p - q, _a, _b),
           "u": apply(64, lambda p, q: div(q, p), _a, _b),
           "c": boolean(*[int(p) < int(q) for p, q in zip(_a, _b)]),
           "v": apply(64, max, _a, _b)}))
text("integers", "widen_after_wrap", "i32 arithmetic wraps before its result "
     "meets an i64.",
     flat("f", "y = (a + 1) + 0 * b\nz = a + (1 + 0 * b)",
          {"a": _a, "b": _b}, {"y": i64(LOW, LOW + 1, 2, 0),
                               "z": i64(HIGH + 1, LOW + 1, 2, 0)}))
text("integers", "literal_takes_i64", "an integer literal takes its partner's "
     "type: with i64 it may exceed i32, and the sum does not wrap at 32 bits.",
     flat("f", "y = b + 4000000000\nz = b * 2147483647\nw = -3000000000 + b",
          {"b": _b}, {"y": apply(64, lambda q: q + 4000000000, _b),
                      "z": apply(64, lambda q: q * 2147483647, _b),
                      "w": apply(64, lambda q: q - 3000000000, _b)}))
text("integers", "literal_alone_is_i32", "literals alone are i32: their "
     "product wraps before it meets an i64.",
     flat("f", "y = (65536 * 65536) + b\nz = (2147483647 + 1) + b",
          {"b": _b}, {"y": _b, "z": apply(64, lambda q: q - 2**31, _b)}))
text("integers", "comparison", "integers are compared signed, at full width.",
     flat("f", "lt = a < b\neq = a == b\nge = a >= b\nne = a <> b",
          {"a": (_p := i64(2**53, -1, LOW64, 5, -2**32)),
           "b": (_q := i64(2**53 + 1, 1, HIGH64, 5, 0))},
          {"lt": _p < _q, "eq": _p == _q, "ge": _p >= _q, "ne": _p != _q}))
text("integers", "maximum_minimum", "max and min of integers are signed and "
     "exact.",
     flat("f", "y = max(a, b)\nz = min(a, b)\nw = max(a, 0)",
          {"a": _p, "b": _q}, {"y": np.maximum(_p, _q),
                               "z": np.minimum(_p, _q),
                               "w": np.maximum(_p, 0)}))
text("integers", "positions_and_sizes", "pos and size are i32 and compute as "
     "such.",
     op("""
        gemel.op @f[A, B](x: i32[A, B]) -> (y: i32[A, B], z: f32[A]) {
          y = x + pos[A] * size[B] + pos[B]
          z = pos[A] / size[A]
        }""",
        case("A = 3, B = 2", {"x": np.full((3, 2), 100, np.int32)},
             {"y": np.arange(100, 106, dtype=np.int32).reshape(3, 2),
              "z": np.arange(3).astype(np.float32) / np.float32(3)})))
text("integers", "power", "pow of an i32 with an int literal multiplies, and "
     "wraps.",
     flat("f", "\n".join(f"y{n} = pow(x, {n})" for n in (0, 1, 2, 3, 7, 13)),
          {"x": (_x := i32(0, 1, -1, 2, -3, 10, 65537, LOW))},
          {f"y{n}": apply(32, lambda a, n=n: a**n, _x)
           for n in (0, 1, 2, 3, 7, 13)}))
text("integers", "square", "sq of an integer wraps.",
     flat("f", "y = sq(x)", {"x": (_x := i32(46341, -65536, LOW, -7))},
          {"y": apply(32, lambda a: a * a, _x)}))
text("integers", "select_by_comparison", "an i1 counts through where: "
     "where(c, 1, 0) is i32.",
     flat("f", "y = where(x > 1.0, 1, 0) + where(x > 2.0, 10, 0)",
          {"x": f32(0.5, 1.5, 2.5, np.nan)}, {"y": i32(0, 1, 11, 0)}))
