# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 10 and what of section 5 changes no bits: reading the text."""

import numpy as np

from .numerics import F32, bits, boolean, f32, i32, noise, pairwise, to_bf16
from .text import case, flat, op, text

_a, _b, _c = (noise(("syntax", n), 8) for n in "abc")
ABC = {"a": _a, "b": _b, "c": _c}


def bools(n):
    """All combinations of n truth values, one array each."""
    words = np.arange(2**n)
    return [(words >> (n - 1 - i) & 1).astype(bool) for i in range(n)]


text("syntax", "multiply_before_add", "* and / bind tighter than + and -.",
     flat("f", "y = a + b * c\nz = a * b - c\nw = a - b / c", ABC,
          {"y": _a + _b * _c, "z": _a * _b - _c, "w": _a - _b / _c}))
text("syntax", "left_to_right", "+ - and * / associate to the left.",
     flat("f", "y = a - b - c\nz = a / b / c\nu = a / b * c\nw = a - b + c",
          ABC, {"y": (_a - _b) - _c, "z": (_a / _b) / _c,
                "u": (_a / _b) * _c, "w": (_a - _b) + _c}))
text("syntax", "parentheses", "parentheses change the grouping.",
     flat("f", "y = a - (b - c)\nz = a / (b / c)\nu = (a + b) * c\n"
          "w = ((((a)))) * (((b) + c))", ABC,
          {"y": _a - (_b - _c), "z": _a / (_b / _c), "u": (_a + _b) * _c,
           "w": _a * (_b + _c)}))
_i, _j = i32(7, -7, 1, -2**31), i32(2, 3, -1, 5)
text("syntax", "unary_minus", "unary minus binds tighter than * / + -; it may "
     "follow an operator, and be doubled.",
     flat("f", "y = -a - b\nz = -(a - b)\nu = a * -b\nv = a - -b\nw = --a\n"
          "s = 2.0*-a--b", {"a": _a, "b": _b},
          {"y": -_a - _b, "z": -(_a - _b), "u": _a * -_b, "v": _a + _b,
           "w": _a, "s": F32(2) * -_a + _b}),
     flat("g", "y = -i * j\nz = -i + j\nw = -(i + j)\nu = 3-i",
          {"i": _i, "j": _j},
          {"y": -_i * _j, "z": -_i + _j, "w": -(_i + _j),
           "u": np.int32(3) - _i}))
_p, _q, _r = bools(3)
text("syntax", "and_or_not", "or is lowest, then and, then not.",
     flat("f", "y = p or q and r\nz = p and q or r\nu = not p and q\n"
          "v = not p or not q\nw = not (p or q) and r\ns = not not p\n"
          "t = (p or q) and r", {"p": _p, "q": _q, "r": _r},
          {"y": _p | (_q & _r), "z": (_p & _q) | _r, "u": ~_p & _q,
           "v": ~_p | ~_q, "w": ~(_p | _q) & _r, "s": _p,
           "t": (_p | _q) & _r}))
text("syntax", "comparison_levels", "comparisons bind tighter than not, looser "
     "than + and -.",
     flat("f", "y = not a < b\nz = a + b < c and b > c\nu = a < b + c or a > c\n"
          "v = not a == a", ABC,
          {"y": ~(_a < _b), "z": (_a + _b < _c) & (_b > _c),
           "u": (_a < _b + _c) | (_a > _c), "v": np.zeros(8, bool)}))
_nan = f32(1, np.nan, 2, np.nan)
_one = f32(1, 1, np.nan, 3)
text("syntax", "not_of_comparison", "not a < b is true where either is NaN: it "
     "is not a >= b.",
     flat("f", "y = not a < b\nz = a >= b", {"a": _nan, "b": _one},
          {"y": ~(_nan < _one), "z": _nan >= _one}))
text("syntax", "all_comparisons", "the six comparisons; <> is unequal; x<-1.0 "
     "needs no space.",
     flat("f", "p = a<b  q = a <= b  r = a > b  s = a >= b  t = a == b  "
          "u = a <> b  v = a<-1.0  w = a>-1.0",
          {"a": (_s := f32(1, 2, -2, np.nan)), "b": (_t := f32(1, 1, 3, 1))},
          {"p": _s < _t, "q": _s <= _t, "r": _s > _t, "s": _s >= _t,
           "t": _s == _t, "u": _s != _t, "v": _s < -1, "w": _s > -1}))
text("syntax", "newlines_mean_nothing", "statements may share a line, and an "
     "expression may cover several.",
     op("""
        gemel.op @f[N](a: f32[N],
                       b: f32[N]
                      ) -> (y: f32[N], z: f32[N]) { t = a
          + b u = t * a y
          = u - b z = max
          (t, u) }""",
        case("N = 8", {"a": _a, "b": _b},
             {"y": (_a + _b) * _a - _b,
              "z": np.maximum(_a + _b, (_a + _b) * _a)})))
text("syntax", "comments", "// starts a comment anywhere, to the line's end.",
     op("""
        // Before the op: y = 0.0
        gemel.op @f[N](a: f32[N]) // -> (z: f32[N])
            -> (y: f32[N]) { // y = a
          y = a // + a
            * a // }
          // y = 1.0
        }""",
        case("N = 8", {"a": _a}, {"y": _a * _a})))
text("syntax", "words_as_names", "functions' names are free for values: a word "
     "before ( or [ is a function, otherwise a value.",
     op("""
        gemel.op @f[N, M](max: f32[N, M], size: f32[N]) -> (sum: f32[N], index: f32[N]) {
          exp = max * size
          sum = sum[M](exp)
          index = size * size[N] + max(size, 0.0)
        }""",
        case("N = 2, M = 4", {"max": _a.reshape(2, 4), "size": _b[:2]},
             {"sum": F32([pairwise(r) for r in
                          _a.reshape(2, 4) * _b[:2, None]]),
              "index": _b[:2] * F32(2) + np.maximum(_b[:2], F32(0))})))
text("syntax", "mlir_words_as_names", "MLIR's own keywords are ordinary names.",
     op("""
        gemel.op @f[N](loc: f32[N], type: f32[N], step: f32[]) -> (to: f32[N], module: f32[N]) {
          func = loc + type
          to = func * step
          module = loc - func
        }""",
        case("N = 8", {"loc": _a, "type": _b, "step": np.array(F32(3))},
             {"to": (_a + _b) * F32(3), "module": _a - (_a + _b)})))
_depth = 100
text("syntax", "deep_parentheses", "a hundred nested parentheses are within "
     "the bound.",
     op("gemel.op @f[N](a: f32[N]) -> (y: f32[N]) {\n  y = " + "(" * _depth +
        "a" + ")" * _depth + " * 2.0\n}",
        case("N = 8", {"a": _a}, {"y": _a * F32(2)})))
text("syntax", "constants", "inf, nan and their negatives are values.",
     flat("f", "y = where(a > 0.0, inf, -inf)\nz = nan\nu = a * inf\n"
          "v = where(a == inf, 1, 0)", {"a": (_s := f32(1, -1, 0, np.inf))},
          {"y": f32(np.inf, -np.inf, -np.inf, np.inf), "z": f32(*[np.nan] * 4),
           "u": _s * F32(np.inf), "v": i32(0, 0, 0, 1)}))
text("syntax", "true_and_false", "true and false are i1 values.",
     flat("f", "y = p and true or false\nz = where(true, 1, 2) + "
          "where(p, 0, 10)\nt = not false", {"p": boolean(True, False)},
          {"y": boolean(True, False), "z": i32(1, 11),
           "t": boolean(True, True)}))
text("syntax", "aliases", "a name may stand for another: an alias is the same "
     "value.",
     flat("f", "t = a\nu = t\ny = u + t\nz = u", {"a": _a},
          {"y": _a + _a, "z": _a}))
text("syntax", "unused", "names that nothing reads change nothing, though "
     "their value is NaN or divides by zero.",
     flat("f", "t = a / 0.0\nu = sqrt(-1.0)\ny = a", {"a": _a}, {"y": _a}))

# Section 5: what only speaks of the derivative leaves the bits alone.
_g = _a * _b
text("syntax", "save_changes_nothing", "save keeps the value for a training "
     "variant and changes no bits of the results.",
     flat("f", "save t = a * b\ny = t + c", ABC, {"y": _a * _b + _c}))
text("syntax", "save_narrow", "save of a cast: the cast is the rounding point, "
     "save adds none.",
     op("""
        gemel.op @f[N](a: f32[N], b: f32[N]) -> (y: f32[N], z: bf16[N]) {
          save t = bf16(a * b)
          save u = a * b
          y = t + u
          z = u
        }""",
        case("N = 8", {"a": _a, "b": _b},
             {"y": (to_bf16(_g).astype(np.uint32) << np.uint32(16))
              .view(F32) + _g, "z": to_bf16(_g)})))
text("syntax", "stop_is_identity", "stop(x) is x.",
     flat("f", "y = stop(a) * b + stop(stop(a * b))\nz = stop(a)",
          {"a": _a, "b": _b}, {"y": _g + _g, "z": _a}))
text("syntax", "stop_edges", "stop keeps -0, inf, NaN and subnormals.",
     flat("f", "y = stop(a)",
          {"a": (_e := bits(0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000,
                            0x00000001, 0x80000001))}, {"y": _e}))
text("syntax", "grad_override", "grad x = ... overrides a derivative and "
     "changes no bits of the results.",
     op("""
        gemel.op @f[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
          save t = a * b
          y = t * t
          grad a = d(y) * t
        }""",
        case("N = 8", {"a": _a, "b": _b}, {"y": _g * _g})))
text("syntax", "grad_type", "grad f32 at a parameter speaks of its gradient "
     "only.",
     op("""
        gemel.op @f[N](a: bf16[N], w: bf16[N] grad f32) -> (y: bf16[N]) {
          y = a * w
        }""",
        case("N = 2", {"a": np.array([0x3F81, 0x4049], np.uint16),
                       "w": np.array([0x3F83, 0xC000], np.uint16)},
             {"y": to_bf16(bits(0x3F810000, 0x40490000) *
                           bits(0x3F830000, 0xC0000000))})))
text("syntax", "require", "require speaks of sizes and scalars and changes no "
     "bits.",
     op("""
        gemel.op @f[N](a: f32[N], s: f32) -> (y: f32[N]) {
          require size[N] >= 1 and size[N] <> 7
          require s > 0.0 or s < 0.0
          y = a * s
        }""",
        case("N = 8", {"a": _a, "s": F32(0.3)}, {"y": _a * F32(0.3)})))
