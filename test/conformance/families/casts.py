# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Section 2: casts, reading and storing, and where rounding happens."""

import math

import numpy as np

from .numerics import (F32, I32, bits, boolean, equal, exact_to_f32, f32,
                       from_bf16, i32, i64, noise, round_bf16, round_f16,
                       to_bf16, to_f16)
from .text import flat, text


def truncated(x, low, high, dtype):
    """f32 to int: towards zero, saturating, NaN to 0."""
    def one(v):
        v = float(v)
        if math.isnan(v):
            return 0
        if math.isinf(v):
            return high if v > 0 else low
        return max(low, min(high, math.trunc(v)))
    return np.array([one(v) for v in x], dtype)


_ints = np.concatenate([
    f32(0.0, -0.0, 1 - 2.0**-24, 2.0**-24 - 1, 1.5, -1.5, 2.5, -2.5, 8388607.5,
        -8388607.5, np.nan, np.inf, -np.inf, 2.0**-149),
    bits(0x4EFFFFFF, 0x4F000000, 0x4F000001, 0xCEFFFFFF, 0xCF000000,
         0xCF000001, 0x5EFFFFFF, 0x5F000000, 0xDF000000, 0xDF000001,
         0x7F7FFFFF, 0xFF7FFFFF)])
text("casts", "f32_to_i32", "f32 to i32 truncates, saturates, and NaN is 0.",
     flat("f", "y = i32(x)", {"x": _ints},
          {"y": truncated(_ints, -2**31, 2**31 - 1, I32)}))
text("casts", "f32_to_i64", "f32 to i64 truncates, saturates, and NaN is 0.",
     flat("f", "y = i64(x)", {"x": _ints},
          {"y": truncated(_ints, -2**63, 2**63 - 1, np.int64)}))
_bytes = f32(0.0, 1 - 2.0**-24, 1.0, 254.5, 255.0, 256 - 2.0**-16,
             256.0, 300.0, -0.5, -1.0, -300.0, np.inf, -np.inf, np.nan, 2.0**40)
text("casts", "f32_to_u8", "f32 to u8 truncates, saturates to [0, 255], and "
     "NaN is 0.",
     flat("f", "y = u8(x)", {"x": _bytes},
          {"y": truncated(_bytes, 0, 255, np.uint8)}))
text("casts", "u8_widens_again", "u8(x) in the body is a rounding point; its "
     "value is an i32, so arithmetic on it does not wrap at 256.",
     flat("f", "y = u8(x) + 1\nz = u8(x) * 1000 - 1", {"x": _bytes},
          {"y": truncated(_bytes, 0, 255, I32) + I32(1),
           "z": truncated(_bytes, 0, 255, I32) * I32(1000) - I32(1)}))
text("casts", "u8_reads_unsigned", "reading u8 widens to i32 without a sign.",
     flat("f", "y = x + 0\nz = x - 256\nw = x * 0.5\nu = x",
          {"x": np.array([0, 1, 127, 128, 200, 255], np.uint8)},
          {"y": i32(0, 1, 127, 128, 200, 255),
           "z": i32(-256, -255, -129, -128, -56, -1),
           "w": f32(0, 0.5, 63.5, 64, 100, 127.5),
           "u": np.array([0, 1, 127, 128, 200, 255], np.uint8)}))
_i = i32(0, 1, -1, 16777217, 16777218, 16777219, -16777219, 2147483647,
         -2147483648, 2147483583, 2147483584, 2147483585)
text("casts", "i32_to_f32", "f32(i) of an i32 rounds to nearest even.",
     flat("f", "y = f32(i)\nz = i", {"i": _i},
          {"y": np.array([exact_to_f32(int(v)) for v in _i], F32), "z": _i}))
_l = i64(0, -1, 2**24 + 1, 2**24 + 3, 2**63 - 1, -2**63, 2**60 + 2**36 + 1,
         2**60 + 2**36, 2**60 + 2**36 - 1, -(2**60 + 2**36 + 1), 2**40 + 1,
         2**62 + 2**38 + 1)
assert any(F32(float(v)) != exact_to_f32(int(v)) for v in _l)
text("casts", "i64_to_f32", "f32(l) of an i64 rounds once to nearest even, "
     "not through f64.",
     flat("f", "y = f32(l)", {"l": _l},
          {"y": np.array([exact_to_f32(int(v)) for v in _l], F32)}))
text("casts", "i32_to_i64", "i64(i) keeps the value and its sign; what follows "
     "is 64-bit.",
     flat("f", "y = i64(i)\nz = i64(i) * 4", {"i": _i},
          {"y": _i.astype(np.int64), "z": _i.astype(np.int64) * 4}))

_bf16_ties = bits(0x3F808000, 0x3F818000, 0x3F807FFF, 0x3F808001, 0xBF808000,
                  0xBF818000, 0x3F80C000, 0x3FFF8000, 0x3FFF7FFF, 0x40490FDB,
                  0x7F7F7FFF, 0x7F7F8000, 0x7F7FFFFF, 0xFF7F8000, 0x7F7F0000)
_bf16_small = bits(0x00000000, 0x80000000, 0x00000001, 0x00007FFF, 0x00008000,
                   0x00008001, 0x00018000, 0x80008001, 0x007F7FFF, 0x007F8000,
                   0x007FFFFF, 0x00800000, 0x00808000, 0x00818000, 0x80018000)
_f16_ties = bits(0x3F801000, 0x3F803000, 0x3F800FFF, 0x3F801001, 0xBF801000,
                 0xBF803000, 0x3FFFF000, 0x477FE000, 0x477FEFFF, 0x477FF000,
                 0x47800000, 0xC77FF000, 0xC77FEFFF, 0x7F7FFFFF, 0x40490FDB)
_f16_small = bits(0x38800000, 0x387FE000, 0x387FF000, 0x387FEFFF, 0x33800000,
                  0x33000000, 0x33000001, 0x32FFFFFF, 0x33C00000, 0x34200000,
                  0x33BFFFFF, 0xB3000000, 0xB3000001, 0x00000001, 0x80000000)
_nan_inf = bits(0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0xFF800001,
                0x7FFFFFFF, 0xFFFFFFFF, 0x7F80FFFF)
for _name, _store, _round, _samples in (
        ("bf16", to_bf16, round_bf16,
         {"ties": _bf16_ties, "subnormal": _bf16_small}),
        ("f16", to_f16, round_f16,
         {"ties": _f16_ties, "subnormal": _f16_small})):
    for _what, _x in _samples.items():
        text("casts", f"f32_to_{_name}_{_what}", f"f32 to {_name} rounds to "
             "nearest even, over the range's end to inf, subnormals kept; "
             "stored, and cast in the body.",
             flat("f", f"y = x\nz = {_name}(x)\nw = {_name}(x)", {"x": _x},
                  {"y": _store(_x), "z": _store(_x), "w": _round(_x)}))
    text("casts", f"f32_to_{_name}_nan", f"a NaN stays NaN in {_name} whatever "
         "its payload, and does not become inf; inf stays inf.",
         flat("f", f"y = x\nw = {_name}(x)", {"x": _nan_inf},
              {"y": _store(_nan_inf), "w": _nan_inf}))

_bf = np.array([0x0001, 0x8001, 0x007F, 0x0080, 0x3F80, 0xBF81, 0x7F7F, 0x8000,
                0x7F80, 0xFF80, 0x7FC1], np.uint16)
text("casts", "bf16_widens", "reading bf16 widens exactly, subnormals and "
     "NaN included; storing it again is the same value.",
     flat("f", "y = x\nz = x\nw = x * 1.5", {"x": _bf},
          {"y": from_bf16(_bf), "z": _bf, "w": from_bf16(_bf) * F32(1.5)}))
_hf = np.array([0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0xBC01, 0x7BFF, 0x8000,
                0x7C00, 0xFC00, 0x7E01], np.uint16).view(np.float16)
text("casts", "f16_widens", "reading f16 widens exactly, subnormals and NaN "
     "included; storing it again is the same value.",
     flat("f", "y = x\nz = x\nw = x * 1.5", {"x": _hf},
          {"y": _hf.astype(F32), "z": _hf, "w": _hf.astype(F32) * F32(1.5)}))
text("casts", "f16_to_bf16", "an f16 parameter stored as bf16 is widened "
     "exactly and rounded once, and the reverse.",
     flat("f", "y = x\nz = w", {"x": _hf, "w": _bf},
          {"y": to_bf16(_hf.astype(F32)), "z": to_f16(from_bf16(_bf))}))


def once_data(store, count=12):
    """Pairs whose sum, and then product, notices where rounding happens."""
    rows, seed = [], 0
    while len(rows) < count:
        a, b, c = noise(("border", seed), 3)
        seed += 1
        if not equal(store((a + b) * c), store(store(a + b) * c)):
            rows.append((a, b, c))
    return [np.array(r, F32) for r in zip(*rows)]


for _name, _store, _round in (("bf16", to_bf16, round_bf16),
                              ("f16", to_f16, round_f16)):
    _a, _b, _c = once_data(_round)
    text("casts", f"border_once_{_name}", f"a {_name} result is rounded once, "
         "at the border: what is inside stays f32.",
         flat("f", "y = (a + b) * c", {"a": _a, "b": _b, "c": _c},
              {"y": _store((_a + _b) * _c)}))
    text("casts", f"explicit_point_{_name}", f"an explicit {_name}(...) in the "
         "body is a rounding point, honoured before what follows.",
         flat("f", f"y = {_name}(a + b) * c\nz = {_name}(a + b) * c",
              {"a": _a, "b": _b, "c": _c},
              {"y": _store(_round(_a + _b) * _c),
               "z": _round(_a + _b) * _c}))
_a, _b, _c = once_data(round_bf16)
text("casts", "result_read_unrounded", "two results of one value: the bf16 one "
     "is rounded, the f32 one is not, and reading the value again is not "
     "either.",
     flat("f", "s = a + b\ny = s\nz = s\nw = s * c",
          {"a": _a, "b": _b, "c": _c},
          {"y": to_bf16(_a + _b), "z": _a + _b, "w": to_bf16((_a + _b) * _c)}))
text("casts", "cast_then_cast", "casts compose as written: bf16 of f16 is two "
     "roundings.",
     flat("f", "y = bf16(f16(x))\nz = f16(bf16(x))\nw = bf16(x)",
          {"x": bits(0x3F808001, 0x3F807FFF, 0x3F81800F, 0x3FFFF001,
                     0x477FEFFF, 0x47800000, 0x33000001, 0x00000001)},
          {"y": round_bf16(round_f16(_x8 := bits(
              0x3F808001, 0x3F807FFF, 0x3F81800F, 0x3FFFF001, 0x477FEFFF,
              0x47800000, 0x33000001, 0x00000001))),
           "z": round_f16(round_bf16(_x8)), "w": round_bf16(_x8)}))
text("casts", "f32_identity", "f32(x) of an f32 changes nothing.",
     flat("f", "y = f32(x) + f32(x)\nz = f32(w)",
          {"x": bits(0x00000001, 0x80000000, 0x7F7FFFFF),
           "w": np.array([0x0001, 0x3F81, 0xFF80], np.uint16)},
          {"y": bits(0x00000002, 0x80000000, 0x7F800000),
           "z": bits(0x00010000, 0x3F810000, 0xFF800000)}))
text("casts", "i1_storage", "an i1 is read and stored as one byte, true or "
     "false.",
     flat("f", "y = c\nz = not c\nw = where(c, 1, 0)\nu = x > 0.0 or c",
          {"c": boolean(True, False, True, False),
           "x": f32(-1, 1, np.nan, -0.0)},
          {"y": boolean(True, False, True, False),
           "z": boolean(False, True, False, True), "w": i32(1, 0, 1, 0),
           "u": boolean(True, True, True, False)}))
text("casts", "cast_of_literal", "a cast of a literal rounds it: bf16(0.1) "
     "is not 0.1.",
     flat("f", "y = x * bf16(0.1)\nz = x * f16(0.1)\nw = i32(2.9) + 0 * i",
          {"x": f32(1.0, 3.0), "i": i32(1, 2)},
          {"y": f32(1, 3) * round_bf16(F32(0.1)),
           "z": f32(1, 3) * round_f16(F32(0.1)), "w": i32(2, 2)}))
text("casts", "truncate_then_scale", "i32(x) in the middle of an expression "
     "truncates there: x - f32(i32(x)) is the fraction.",
     flat("f", "y = x - i32(x)\nz = i32(x * 2.0)",
          {"x": f32(1.75, -1.75, 0.25, -0.25)},
          {"y": f32(0.75, -0.75, 0.25, -0.25), "z": i32(3, -3, 0, 0)}))
