# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 4: the defined functions, at their edges and at ordinary points.

Bits come from the oracle's transcription of the definitions; what the language
itself states about an edge is asserted against constants here.
"""

import random

import numpy as np

from oracle import functions as oracle

from .numerics import F32, INF, NAN, bits, equal, f32, noise, pairwise
from .text import case, flat, op, text

ZEROS = f32(0.0, -0.0)
ENDS = np.array([INF, -INF, NAN, bits(0x7F7FFFFF)[0], bits(0xFF7FFFFF)[0]],
                F32)
TINIES = bits(0x00000001, 0x80000001, 0x007FFFFF, 0x807FFFFF, 0x00800000,
              0x80800000)
EDGES = np.concatenate([ZEROS, ENDS, TINIES, f32(1, -1)])


def between(seed, count, low, high):
    source = random.Random(f"gemel functions {seed}")
    return np.array([F32(source.uniform(low, high)) for _ in range(count)],
                    F32)


def near(*values):
    """Each value with its neighbours."""
    v = f32(*(F32(x) for x in values))
    return np.concatenate([np.nextafter(v, -INF), v, np.nextafter(v, INF)])


# name -> (call, edges besides EDGES, 30 ordinary points)
EXP_EDGES = np.concatenate([
    near(-104, -103.97208, -87.33655, 88.72284, 89), f32(-1000, 1000, -150)])
CASES = {
    "exp": ("exp", EXP_EDGES, between("exp", 30, -20, 20)),
    "exp_subnormal": ("exp", near(-88, -95), between("sub", 30, -104, -87)),
    "quick_exp": ("quick(exp)", EXP_EDGES, between("qexp", 30, -20, 20)),
    "quick_exp_subnormal": ("quick(exp)", near(-88, -95),
                            between("qsub", 30, -104, -87)),
    "log": ("log", near(1, 2, 0.5, 0.6666667),
            np.abs(noise("log", 30, low=-40, high=40))),
    "log_near_one": ("log", near(1), between("log1", 30, 0.6, 1.5)),
    "rsqrt": ("rsqrt", near(4, 2, 2.0**-100, 2.0**-126),
              np.abs(noise("rsqrt", 30, low=-60, high=60))),
    "recip": ("recip", near(3, 2.0**126, 2.0**-126, -2.0**127),
              noise("recip", 30, low=-60, high=60)),
    "tanh": ("tanh", near(9.015625, -9.015625, 0.001), between("tanh", 30, -6,
                                                              6)),
    "quick_tanh": ("quick(tanh)", near(6.11, 9, -6.11, 0.001),
                   between("qtanh", 30, -6, 6)),
    "erf": ("erf", near(3.7279711, -3.7279711, 4, 0.001),
            between("erf", 30, -3.5, 3.5)),
    "quick_erf": ("quick(erf)", near(3.1193, -3.1193, 4, 0.001),
                  between("qerf", 30, -3.5, 3.5)),
    "sigmoid": ("sigmoid", near(-104, 104, -87, 17),
                between("sigmoid", 30, -15, 15)),
    "quick_sigmoid": ("quick(sigmoid)", near(-87.3, 30, -30, 17),
                      between("qsigmoid", 30, -15, 15)),
}
for _name, (_call, _edges, _points) in CASES.items():
    _f = getattr(oracle, _call.replace("quick(", "quick_").rstrip(")"))
    _x = np.concatenate([EDGES, _edges])
    text("functions", _name, f"{_call}: its documented sequence, bit for bit, "
         "at edges and at ordinary points.",
         flat("edges", f"y = {_call}(x)", {"x": _x}, {"y": _f(_x)}),
         flat("ordinary", f"y = {_call}(x)", {"x": _points},
              {"y": _f(_points)}))

# sin and cos are defined for |x| <= 2^17.
_turns = np.concatenate([
    ZEROS, TINIES, f32(1, -1, 2.0**17, -2.0**17, np.nan, np.inf, -np.inf),
    f32(*(F32(k * np.pi / 4) for k in (1, -1, 2, 3, 4, -4, 6, 8, 22, 355)))])
_angles = np.concatenate([between("angle", 20, -10, 10),
                          between("far", 10, -2.0**17, 2.0**17)])
for _name in ("sin", "cos"):
    _f = getattr(oracle, _name)
    text("functions", _name, f"{_name}: its documented sequence, bit for bit, "
         "for |x| <= 2^17.",
         *[flat(n, f"y = {_name}(x)", {"x": v}, {"y": _f(v)})
           for n, v in (("edges", _turns), ("ordinary", _angles))])

# What the language states.
_far = f32(-np.inf, -1000, -200, 1000, np.inf, np.nan)
_far_exp = f32(0, 0, 0, np.inf, np.inf, np.nan)
for _f in (oracle.exp, oracle.quick_exp):
    assert equal(_f(_far), _far_exp)
_sub = f32(-90, -95, -100)
assert all(0 < v < 2.0**-126 for v in oracle.exp(_sub))
text("functions", "exp_stated", "exp is +0 far below, at -inf too, inf far "
     "above, NaN for NaN, and subnormal in between; quick(exp) agrees at the "
     "ends.",
     flat("f", "y = exp(x)\nz = quick(exp)(x)", {"x": _far},
          {"y": _far_exp, "z": _far_exp}),
     flat("g", "y = exp(x) > 0.0 and exp(x) < 1.1754943e-38", {"x": _sub},
          {"y": np.array([True] * 3)}))
_s = noise("spell", 8, low=-2, high=2)
text("functions", "spellings_differ", "exp and quick(exp) are two functions: "
     "each keeps its own bits side by side.",
     flat("f", "y = exp(x)\nz = quick(exp)(x)\nd = exp(x) - quick(exp)(x)",
          {"x": _s}, {"y": oracle.exp(_s), "z": oracle.quick_exp(_s),
                      "d": oracle.exp(_s) - oracle.quick_exp(_s)}))
text("functions", "not_simplified", "recip and division, rsqrt and "
     "1 / sqrt, log(exp) are not taken for one another.",
     flat("f", "y = recip(x)\nz = 1.0 / x\nu = rsqrt(v)\nw = 1.0 / sqrt(v)\n"
          "l = log(exp(x))",
          {"x": _s, "v": np.abs(_s)},
          {"y": oracle.recip(_s), "z": F32(1) / _s,
           "u": oracle.rsqrt(np.abs(_s)), "w": F32(1) / np.sqrt(np.abs(_s)),
           "l": oracle.log(oracle.exp(_s))}))
text("functions", "of_expressions", "the argument is rounded as it stands, the "
     "result enters what follows unfused.",
     flat("f", "y = exp(x * 3.0) + x * x\nz = tanh(x + 0.1) * sigmoid(-x)",
          {"x": _s},
          {"y": oracle.exp(_s * F32(3)) + _s * _s,
           "z": oracle.tanh(_s + F32(0.1)) * oracle.sigmoid(-_s)}))
_wide = bits(0x3F800000, 0x40490000, 0x3EAB0000, 0x40000000)
text("functions", "of_narrow", "an argument is the parameter widened exactly; "
     "the result is rounded at the border only.",
     flat("f", "y = exp(h)\nz = sqrt(h)",
          {"h": np.array([0x3F80, 0x4049, 0x3EAB, 0x4000], np.uint16)},
          {"y": oracle.exp(_wide), "z": np.sqrt(_wide)}))
_g = noise("soft", 2, 7)
_e = oracle.quick_exp(_g - _g.max(1, keepdims=True))
text("functions", "softmax", "a softmax written with quick(exp), recip and "
     "the default order.",
     op("""
        gemel.op @softmax[T, N](x: f32[T, N]) -> (y: f32[T, N]) {
          e = quick(exp)(x - stop(max[N](x)))
          y = e * recip(sum[N](e))
        }""",
        case("T = 2, N = 7", {"x": _g},
             {"y": _e * oracle.recip(F32([[pairwise(r)] for r in _e]))})))
