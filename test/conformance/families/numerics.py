# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The arithmetic that the expected bits are computed with.

np.float32 arithmetic is IEEE single precision, nearest even, with subnormals.
What numpy lacks (a fused multiply-add, bfloat16, IEEE maximum) is made from
exact fractions. bfloat16 values are carried as np.uint16 bits.
"""

import random
from fractions import Fraction

import numpy as np

F32, I32, I64 = np.float32, np.int32, np.int64
INF, NAN = F32(np.inf), F32(np.nan)
np.seterr(all="ignore")


def bits(*words):
    """f32 array from bit patterns."""
    return np.array(words, np.uint32).view(F32)


def f32(*values):
    """f32 array from numbers that are exactly f32 (checked)."""
    out = np.array([F32(v) for v in values], F32)
    for value, kept in zip(values, out):
        assert value != value or float(kept) == float(value), value
    return out


def i32(*values):
    return np.array(values, I32)


def i64(*values):
    return np.array(values, I64)


def boolean(*values):
    return np.array(values, bool)


def wrap(value, width=32):
    """A Python integer reduced to a signed one of `width` bits."""
    value &= (1 << width) - 1
    return value - (1 << width) if value >> (width - 1) else value


def nearest(value, digits, lowest, highest):
    """A Fraction rounded to nearest even; the result is exact or infinite.

    `digits` counts the significand's bits, `lowest` is the exponent of the
    smallest subnormal and `highest` that of the largest finite value.
    """
    value = Fraction(value)
    if value == 0:
        return 0.0
    size = abs(value)
    e = size.numerator.bit_length() - size.denominator.bit_length()
    if size < Fraction(2)**e:
        e -= 1
    unit = Fraction(2)**max(e - digits + 1, lowest)
    n = round(value / unit)  # half to even
    if abs(n * unit) >= Fraction(2)**(highest + 1):
        return float("inf") if value > 0 else float("-inf")
    return float(n * unit) if n else (0.0 if value > 0 else -0.0)


def exact_to_f32(value):
    return F32(nearest(value, 24, -149, 127))


def _narrow(x, digits, lowest, highest):
    x = F32(x)
    if not np.isfinite(x) or x == 0:
        return x
    return F32(nearest(Fraction(float(x)), digits, lowest, highest))


def round_bf16(x):
    """f32 values rounded to bfloat16, still f32."""
    flat = [_narrow(v, 8, -133, 127) for v in np.ravel(x)]
    return np.array(flat, F32).reshape(np.shape(x))


def round_f16(x):
    flat = [_narrow(v, 11, -24, 15) for v in np.ravel(x)]
    return np.array(flat, F32).reshape(np.shape(x))


def to_bf16(x):
    """f32 values rounded to bfloat16, as bits."""
    words = round_bf16(x).view(np.uint32) >> np.uint32(16)
    words = np.where(np.isnan(x), np.uint32(0x7FC0), words)
    return words.astype(np.uint16)


def from_bf16(words):
    words = np.asarray(words, np.uint16)
    return (words.astype(np.uint32) << np.uint32(16)).view(F32)


def to_f16(x):
    out = round_f16(x).astype(np.float16)  # exact
    assert np.array_equal(out.astype(F32), round_f16(x), equal_nan=True)
    return out


def fma(a, b, c):
    """a * b + c in f32 with one rounding."""
    a, b, c = float(a), float(b), float(c)
    if not all(map(np.isfinite, (a, b, c))):
        return F32(np.float64(a) * np.float64(b) + np.float64(c))
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    if exact == 0:
        product_negative = np.signbit(a) != np.signbit(b)
        return F32(-0.0 if product_negative and np.signbit(c) else 0.0)
    return exact_to_f32(exact)


def fma_chain(a, b):
    """The contraction of two sequences: an ascending chain from +0."""
    acc = F32(0)
    for x, y in zip(a, b):
        acc = fma(x, y, acc)
    return acc


def maximum(a, b):
    """IEEE-754-2019 maximum: NaN wins, +0 > -0."""
    a, b = F32(a), F32(b)
    if np.isnan(a) or np.isnan(b):
        return NAN
    if a == b:
        return b if np.signbit(a) else a
    return a if a > b else b


def minimum(a, b):
    return F32(-maximum(-F32(a), -F32(b)))


def add(a, b):
    return F32(a) + F32(b)


def mul(a, b):
    return F32(a) * F32(b)


def pairwise(terms, op=add, empty=0.0):
    """The default order: neighbours combine until one value is left."""
    level = [F32(t) for t in terms]
    if not level:
        return F32(empty)
    while len(level) > 1:
        pairs = [op(level[i], level[i + 1])
                 for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2:]
    return level[0]


def chain(terms, op=add, empty=0.0):
    """`serial`: one ascending chain."""
    terms = [F32(t) for t in terms]
    if not terms:
        return F32(empty)
    acc = terms[0]
    for t in terms[1:]:
        acc = op(acc, t)
    return acc


def cut(terms, n):
    """Aligned blocks of n; the last may be short."""
    return [terms[i:i + n] for i in range(0, len(terms), n)]


def in_blocks(terms, n, op=add, empty=0.0):
    """`blocks n`: each block by the default order, results in one chain."""
    return chain([pairwise(b, op) for b in cut(terms, n)], op, empty)


def equal(a, b):
    """Same bits, any two NaN equal."""
    a, b = np.asarray(a, F32), np.asarray(b, F32)
    same = a.view(np.uint32) == b.view(np.uint32)
    return bool(np.all(same | (np.isnan(a) & np.isnan(b))))


def noise(seed, *shape, low=-3, high=3):
    """Reproducible f32 values of both signs, exponents in [low, high]."""
    source = random.Random(f"gemel {seed}")
    count = int(np.prod(shape, dtype=int))
    words = [source.getrandbits(1) << 31 |
             source.randint(127 + low, 127 + high) << 23 |
             source.getrandbits(23) for _ in range(count)]
    return np.array(words, np.uint32).view(F32).reshape(shape)


def telling(seed, count, expected, others, **limits):
    """Noise on which `expected` differs in bits from each of `others`."""
    for attempt in range(10000):
        x = noise((seed, attempt), count, **limits)
        want = expected(x)
        if not any(equal(want, other(x)) for other in others):
            return x
    raise AssertionError((seed, count))
