# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The f32 functions of the language, transcribed in numpy, bit for bit.

Every function takes and returns an array of np.float32 and equals the
definition in dialect/Functions.h on every input (any two NaN count equal). It
is written apart from the header, with the coefficients stated again, so that
one checks the other. Only f32 multiplication, addition, subtraction, maximum,
minimum, comparison, selection and i32 addition, subtraction and shifts occur;
numpy rounds each to nearest even and contracts nothing.
"""

import functools

import numpy as np

F32, I32, U32 = np.float32, np.int32, np.uint32
INF, NAN = F32(np.inf), F32(np.nan)
ONE, ZERO = F32(1), F32(0)


def _c(text):
    """Coefficients from hex, each exactly a float32."""
    values = [float.fromhex(word) for word in text.split()]
    out = [F32(v) for v in values]
    assert [float(v) for v in out] == values, text
    return out


MAGIC = 12582912.0  # 1.5 * 2^23
LOG2E, LN2_HIGH, LN2_LOW = _c("0x1.715476p0 0x1.62e4p-1 0x1.7f7d1cp-20")

# From the highest power down.
EXP = _c("0x1.6a3ffcp-10 0x1.1239ecp-7 0x1.5558bep-5 0x1.555492p-3 "
         "0x1.fffffcp-2")
EXP2 = _c("0x1.3a0456p-7 0x1.c9fc74p-5 0x1.ec0372p-3 0x1.62e12cp-1 0x1p0")
LOG = _c("-0x1.07c964p-3 0x1.1e678cp-3 -0x1.f332a6p-4 0x1.1ed662p-3 "
         "-0x1.559c46p-3 0x1.99d044p-3 -0x1.fffefcp-3 0x1.555506p-2 -0x1p-1")
RSQRT = _c("0x1.e02c98p-2 -0x1.3ec31cp0 0x1.7c912p0")
RECIP = _c("0x1.5f618p-2 -0x1.7876bap0 0x1.0cdd52p1")
TANH_P = _c("0x1.ba3ad4p4 0x1.0ddad8p11 0x1.2800ecp14")
TANH_Q = _c("0x1.4763e6p8 0x1.08c194p13 0x1.2801aap14")
ERF = _c("-0x1.0dc97p-54 0x1.79b5e4p-50 -0x1.a14af4p-47 0x1.14b01ep-43 "
         "-0x1.3e7394p-39 0x1.1cddcp-35 -0x1.a1c11cp-32 0x1.249554p-28 "
         "-0x1.871a94p-25 0x1.e7754ep-22 -0x1.1cea58p-18 0x1.3ceaaep-15 "
         "-0x1.569986p-12 0x1.7537c8p-9 -0x1.b90a9ap-6 0x1.82f702p-2")
QUICK_ERF = _c("-0x1.74be02p-29 0x1.2e633p-25 -0x1.c0e8f4p-23 "
               "0x1.bdd14cp-20 -0x1.143b76p-16 0x1.1083a6p-13 "
               "-0x1.dc3edp-11 0x1.95f8fcp-8 -0x1.678884p-5 0x1.c93bf6p-2")
SIN = _c("-0x1.995284p-13 0x1.110776p-7 -0x1.555546p-3")
COS = _c("0x1.99e714p-16 -0x1.6c0c26p-10 0x1.55554ap-5 -0x1p-1 0x1p0")
TWO_OVER_PI, *HALF_PI = _c("0x1.45f306p-1 0x1.92p0 0x1.fcp-12 -0x1.58p-21 "
                           "0x1.10b462p-30")
TANH_END, QUICK_TANH_END, ERF_END, QUICK_ERF_END, FAR = _c(
    "0x1.208p3 0x1.879578p2 0x1.dd2e28p1 0x1.8f54f8p1 -0x1.5d58ap6")


def _function(body):
    @functools.wraps(body)
    def run(x):
        x = np.asarray(x)
        assert x.dtype == np.float32, x.dtype
        with np.errstate(all="ignore"):
            y = body(np.atleast_1d(x))
        assert y.dtype == np.float32, y.dtype
        return y.reshape(x.shape)
    return run


def _bits(x):
    return x.view(U32)


def _float(u):
    return u.view(F32)


def _clamp(x, low, high):
    # NaN stays; no bound is a zero, so the sign of zero does not matter.
    return np.maximum(np.minimum(x, F32(high)), F32(low))


def _horner(x, coefficients, monic=False):
    if monic:
        p, rest = x + coefficients[0], coefficients[1:]
    else:
        p, rest = np.full_like(x, coefficients[0]), coefficients[1:]
    for c in rest:
        p = p * x + c
    return p


def _round(x, bias):
    """x rounded to an integer, and the sum that did it."""
    t = x + F32(MAGIC + bias)
    return t - F32(MAGIC + bias), t


def _exponent(u):
    return _float(u << U32(23))


def _expm1_reduced(r):
    return r + (r * r) * _horner(r, EXP)


def _scale_in_two(v, t):
    u = _bits(t)
    low = u >> U32(1)
    return (v * _exponent(low)) * _exponent(u - low)


def _power(y, scale):
    scaled = y * F32(scale)
    n, t = _round(scaled, 127)
    return _horner(scaled - n, EXP2) * _exponent(_bits(t))


def _recip_seed(x):
    y = _float(U32(0x7F3504F3) - _bits(x))
    return y * _horner(x * y, RECIP)


def _divide(v, d):
    inverse = _recip_seed(d)
    quotient = v * inverse
    return quotient + (v - quotient * d) * inverse


def _magnitude(x):
    return _float((_bits(x) << U32(1)) >> U32(1))


@_function
def exp(x):
    y = _clamp(x, -104, 89)
    n, t = _round(y * LOG2E, 254)
    r = (y - n * LN2_HIGH) - n * LN2_LOW
    return _scale_in_two(_expm1_reduced(r) + ONE, t)


@_function
def quick_exp(x):
    root = _power(_clamp(x, -104, 89), F32(0.5) * LOG2E)
    return root * root


@_function
def log(x):
    tiny = x < F32(2.0**-126)
    u = _bits(x * np.where(tiny, F32(2**23), ONE))
    k = (u - U32(0x3F2AAAAB)).view(I32) >> I32(23)
    f = _float(u - (k.view(U32) << U32(23))) - ONE
    n = (_float(k.view(U32) + U32(0x4B400000)) -
         np.where(tiny, F32(MAGIC + 23), F32(MAGIC)))
    small = (f * f) * _horner(f, LOG) + n * LN2_LOW
    y = n * LN2_HIGH + (f + small)
    y = np.where(x < INF, y, x)
    return np.where(x <= ZERO, np.where(x == ZERO, -INF, NAN), y)


@_function
def rsqrt(x):
    tiny = x < F32(2.0**-100)
    h = x * np.where(tiny, F32(2**23), F32(0.5))
    seed = _float(U32(0x5F200000) - (_bits(h) >> U32(1)))
    y = seed * _horner((h * seed) * seed, RSQRT)
    e = F32(0.5) - (h * y) * y
    regular = (y + y * e) * np.where(tiny, F32(2**12), ONE)
    mirrored = _float(U32(0x7F800000) - _bits(x))
    special = np.where(x < ZERO, NAN, mirrored)
    return np.where((x > ZERO) & (x < INF), regular, special)


@_function
def recip(x):
    large = (_bits(x) << U32(1)) >= U32(0x80000000)
    factor = np.where(large, F32(2.0**-64), F32(2.0**64))
    s = x * factor
    y = _recip_seed(s)
    e = ONE - s * y
    mirrored = _float(U32(0x7F800000) - _bits(x))
    return np.where(e < ONE, (y + y * e) * factor, mirrored)


@_function
def tanh(x):
    a = _magnitude(x)
    sign = _bits(x) - _bits(a)
    half = np.minimum(a, TANH_END)
    y = half + half
    n, t = _round(y * LOG2E, 127)
    q = _expm1_reduced((y - n * LN2_HIGH) - n * LN2_LOW)
    factor = _exponent(_bits(t))
    e = factor * q + (factor - ONE)
    return _float(_bits(_divide(e, e + F32(2))) + sign)


@_function
def quick_tanh(x):
    y = _clamp(x, -QUICK_TANH_END, QUICK_TANH_END)
    z = y * y
    return (y * _horner(z, TANH_P)) * _recip_seed(_horner(z, TANH_Q, True))


def _erf(x, end, centre, coefficients):
    y = _clamp(x, -end, end)
    return y * _horner(y * y - F32(centre), coefficients)


@_function
def erf(x):
    return _erf(x, ERF_END, 7, ERF)


@_function
def quick_erf(x):
    return _erf(x, QUICK_ERF_END, 5, QUICK_ERF)


@_function
def sigmoid(x):
    y = np.minimum(_magnitude(x), F32(104))
    n, t = _round(y * -LOG2E, 254)
    r = (n * -LN2_HIGH - y) - n * LN2_LOW
    e = _scale_in_two(_expm1_reduced(r) + ONE, t)
    return _divide(np.where(x < ZERO, e, ONE), e + ONE)


@_function
def quick_sigmoid(x):
    e = _power(_clamp(x, FAR, 30), -LOG2E)
    return np.where(x < FAR, ZERO, _recip_seed(e + ONE))


def _sine(x, shift):
    n, t = _round(x * TWO_OVER_PI, shift)
    minus = F32(MAGIC + shift) - t
    r = (x - n * HALF_PI[0]) - n * HALF_PI[1]
    r = (r + minus * HALF_PI[2]) - n * HALF_PI[3]
    y = _clamp(r, -1, 1)
    z = y * y
    odd = y * (z * _horner(z, SIN) + ONE)
    quadrant = _bits(t)
    v = np.where((quadrant & U32(1)) != 0, _horner(z, COS), odd)
    return _float(_bits(v) + ((quadrant >> U32(1)) << U32(31)))


@_function
def sin(x):
    return _sine(x, 0)


@_function
def cos(x):
    return _sine(x, 1)
