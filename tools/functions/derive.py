# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Derives every coefficient of dialect/Functions.h and prints it.

    pip install numpy mpmath
    python derive.py

A fit is a minimax polynomial (or rational) on a Chebyshev-like grid, found by
iteratively reweighted least squares (Lawson): each round multiplies the weight
of a point by its error, which drives the weighted errors to one height. The
coefficients are then rounded to f32 one by one, from the lowest power up, the
others being fitted anew each time, so that they make up for what the rounding
of the earlier ones lost. Where a clamp must land on exactly 1 the definition is
evaluated in f32 over consecutive arguments. Arguments of the fits are in f64,
so the last bit of a coefficient may differ between BLAS libraries; the header,
not this script, is the definition.
"""

import itertools
import math
import re

import mpmath
import numpy as np

F32 = np.float32


def as_int(x):
    return np.asarray(x, F32).view(np.int32)


def as_float(i):
    return np.asarray(i).astype(np.int32).view(F32)


def show(name, values, error=None):
    note = "" if error is None else "   error 2^%.2f" % math.log2(error)
    print(f"{name}:{note}")
    print("   ", " ".join(re.sub(r"\.?0+p", "p", float(F32(v)).hex())
                          for v in values))


def grid(a, b, count):
    turn = np.cos(np.linspace(np.pi, 0, count))
    x = (a + b) / 2 + (b - a) / 2 * turn
    x[-1] = b
    return x


def polynomial(f, weight, powers, a, b, held=(), end=None, count=4001,
               rounds=400):
    """Minimax coefficients {power: c}; `held` are given, `end` fixes p(b)."""
    x = grid(a, b, count)
    scale = max(abs(a), abs(b))
    held = dict(held)
    w = weight(x)
    wanted = f(x) - sum(c * x**k for k, c in held.items())
    basis = np.stack([(x / scale)**k for k in powers], 1)
    lawson = np.ones(count) / count
    for _ in range(rounds):
        row = np.sqrt(lawson) * w
        m, v = basis * row[:, None], wanted * row
        if end is not None:
            heavy = 1e4 * row.max()
            left = end - sum(c * b**k for k, c in held.items())
            m = np.vstack([m, basis[-1] * heavy])
            v = np.append(v, left * heavy)
        c = np.linalg.lstsq(m, v, rcond=1e-18)[0]
        e = np.abs(w * (basis @ c - wanted))
        lawson = lawson * e
        lawson /= lawson.sum()
    return {k: c[i] / scale**k for i, k in enumerate(powers)}, e.max()


def rounded(f, weight, powers, a, b, held=(), **options):
    held, powers = dict(held), list(powers)
    while powers:
        c, _ = polynomial(f, weight, powers, a, b, held, **options)
        held[powers[0]] = float(F32(c[powers[0]]))
        powers.pop(0)
    x = grid(a, b, 4001)
    p = sum(c * x**k for k, c in held.items())
    return held, np.abs(weight(x) * (p - f(x))).max()


def down(c):
    """Highest power first, as the header writes them."""
    return [c[k] for k in sorted(c, reverse=True)]


def exponentials():
    # In two parts, the first of 15 bits: its product with n is exact.
    ln2 = mpmath.log(2)
    high = mpmath.nint(ln2 * 2**16) / 2**16
    show("ln2High ln2Low log2E", [high, ln2 - high, 1 / ln2])
    h = math.log(2) / 2 * 1.003
    show("exp, 1 and r held",
         *((lambda c, e: (down(c)[:-2], e))(*rounded(
             np.exp, lambda r: np.exp(-r), range(2, 7), -h, h,
             {0: 1.0, 1: 1.0}))))
    show("2^f, 1 held", *((lambda c, e: (down(c), e))(*rounded(
        np.exp2, lambda f: np.exp2(-f), range(1, 5), -.5, .5, {0: 1.0}))))


def logarithm():
    def g(f):  # log(1+f)/f
        near = np.abs(f) < 1e-6
        return np.where(near, 1 - f / 2, np.log1p(f) / np.where(near, 1, f))
    show("log, 1 and -1/2 held", *((lambda c, e: (down(c)[:-1], e))(*rounded(
        g, lambda f: 1 / g(f), range(2, 10), -1 / 3, 1 / 3,
        {0: 1.0, 1: -.5}))))


def circular():
    # pi/2 in parts of at most 201: 201 * 83443 < 2^24, the products exact.
    left, parts = mpmath.pi / 2, []
    for _ in range(3):
        unit = mpmath.mpf(2)**(mpmath.floor(mpmath.log(abs(left) / 201, 2)) + 2)
        while abs(mpmath.nint(left / (unit / 2))) <= 201:
            unit /= 2
        part = mpmath.nint(left / unit) * unit
        parts.append(part)
        left -= part
    show("pi/2 in parts, 2/pi", parts + [left, 2 / mpmath.pi])
    q = (np.pi / 4 * 1.002)**2

    def sinc(z):
        s = np.sqrt(np.maximum(z, 1e-30))
        return np.where(z < 1e-9, 1 - z / 6, np.sin(s) / s)
    show("sin, 1 held", *((lambda c, e: (down(c), e))(*rounded(
        sinc, np.ones_like, range(1, 4), 1e-12, q, {0: 1.0}))))
    cosine = lambda z: np.cos(np.sqrt(z))
    show("cos, 1 and -1/2 held", *((lambda c, e: (down(c), e))(*rounded(
        cosine, lambda z: 1 / cosine(z), range(2, 5), 0, q,
        {0: 1.0, 1: -.5}))))


RECIP_MAGIC, RSQRT_MAGIC = 0x7F3504F3, 0x5F200000


def reciprocal_seed():
    """1 - t p(t) = (1 - t/a)^2 (1 - t/s): zero at the least t, a, which is
    where every power of two lies, so that the seed is exact there; and not
    below zero up to s, just above the greatest t."""
    bits = np.arange(0x3F800000, 0x40000000, dtype=np.int64)
    x = as_float(bits)
    y = as_float(RECIP_MAGIC - bits)
    t = x * y
    a, s = float(t[0]), float((x.astype(float) * y).max()) * (1 + 2**-20)
    exact = [1 / (a * a * s), -(1 / a**2 + 2 / (a * s)), 2 / a + 1 / s]
    best = None
    for step in itertools.product(range(-3, 4), range(-2, 3), range(-2, 3)):
        c = [as_float(as_int(F32(v)) + k)[()] for v, k in zip(exact, step)]
        if y[0] * ((c[0] * t[0] + c[1]) * t[0] + c[2]) != 1:
            continue
        seed = y * ((c[0] * t + c[1]) * t + c[2])
        key = (x * seed > 1).sum(), np.abs(1 - seed.astype(float) * x).max()
        best = min(best or (key, c), (key, c), key=lambda v: v[0])
    show("reciprocal seed, 1 of 1 exact", best[1], best[0][1])
    return best[1]


def rsqrt_seed():
    bits = np.arange(0x3F800000, 0x40800000, 8, dtype=np.int64)
    h = as_float(bits).astype(float)
    y = as_float(RSQRT_MAGIC - (bits >> 1)).astype(float)
    t = h * y * y
    c, e = polynomial(lambda t: (2 * t)**-.5, lambda t: (2 * t)**.5, range(3),
                      t.min(), t.max())
    show("rsqrt seed", down(c), e)


erf_of = np.vectorize(math.erf)


def erf_over_x(z):
    s = np.sqrt(np.maximum(z, 1e-300))
    near = 2 / np.sqrt(np.pi) * (1 - z / 3)
    return np.where(z < 1e-12, near, erf_of(s) / s)


def first_one(evaluate, a, b):
    """The first argument whose value is 1, none before being above."""
    x = as_float(np.arange(int(as_int(a)), int(as_int(b))))
    v = evaluate(x)
    i = int(np.argmax(v >= 1))
    assert v[i] == 1, v[i]
    return x[i]


def error_function(name, degree, reach, centre, held_at_one, a, b):
    low, high = -centre, reach * reach - centre
    f = lambda u: erf_over_x(u + centre)
    c, e = rounded(f, lambda u: 1 / f(u), range(degree + 1), low, high,
                   end=1 / reach if held_at_one else None,
                   **({"count": 2001, "rounds": 300} if held_at_one else {}))
    show(name, down(c), e)

    def evaluate(x):
        u = x * x - F32(centre)
        p = F32(c[degree])
        for k in range(degree - 1, -1, -1):
            p = p * u + F32(c[k])
        return x * p
    show(name + " clamp", [first_one(evaluate, a, b)])


def rational(g, reach, p, q, held_p=(), held_q=(), count=3001, rounds=500):
    """x P(x^2)/Q(x^2) with Q's highest coefficient 1 and value 1 at the end."""
    held_p, held_q = dict(held_p), {**dict(held_q), q: 1.0}
    x = reach * np.sin(np.linspace(0, np.pi / 2, count))
    wanted, square = g(x), reach * reach
    wanted[-1] = 1 / reach
    v = (x / reach)**2
    size = lambda k: float(square)**(k - q)
    free_p = [k for k in range(p + 1) if k not in held_p]
    free_q = [k for k in range(q + 1) if k not in held_q]
    given_p = sum(c * size(k) * v**k for k, c in held_p.items())
    given_q = sum(c * size(k) * v**k for k, c in held_q.items())
    right = given_q - given_p / wanted
    m = np.stack([v**k / wanted for k in free_p] + [-v**k for k in free_q], 1)
    lawson, last_q, best = np.ones(count) / count, np.ones(count), None
    for _ in range(rounds):
        lawson[-1] = 1e6 * lawson.max()
        row = np.sqrt(lawson) / last_q
        c = np.linalg.lstsq(m * row[:, None], right * row, rcond=1e-18)[0]
        top = given_p + sum(c[i] * v**k for i, k in enumerate(free_p))
        last_q = np.abs(given_q + sum(c[len(free_p) + i] * v**k
                                      for i, k in enumerate(free_q)))
        e = np.abs(top / last_q / wanted - 1)
        e[-1] = 0
        if best is None or e.max() < best[0]:
            best = e.max(), c
        lawson = lawson * np.sqrt(e + 1e-30)
        lawson /= lawson.sum()
    e, c = best
    top = {**held_p, **{k: c[i] / size(k) for i, k in enumerate(free_p)}}
    bottom = {**held_q, **{k: c[len(free_p) + i] / size(k)
                           for i, k in enumerate(free_q)}}
    return e, top, bottom


def quick_tanh(seed):
    def g(x):
        near = x < 1e-6
        return np.where(near, 1.0, np.tanh(x) / np.where(near, 1, x))
    reach, top, bottom = 6.1, {}, {}
    fit = lambda: rational(g, reach, 2, 3, top, bottom, rounds=150)
    for k in range(3):
        bottom[k] = float(F32(fit()[2][k]))
        e, p, _ = fit()
        if k < 2:
            top[k] = float(F32(p[k]))
    # The seed is below 1/Q by 2e-6 in the middle of its error: P makes up.
    top = {k: F32(float(F32(c)) * (1 + 2e-6)) for k, c in p.items()}
    show("quick tanh P", down(top), e)
    show("quick tanh Q, 1 held", down(bottom))

    def evaluate(x):
        z = x * x
        n = x * ((top[2] * z + top[1]) * z + top[0])
        d = (z + F32(bottom[2])) * z + F32(bottom[1])
        d = d * z + F32(bottom[0])
        y = as_float(RECIP_MAGIC - d.view(np.int32).astype(np.int64))
        t = d * y
        return n * (y * ((seed[0] * t + seed[1]) * t + seed[2]))
    show("quick tanh clamp", [first_one(evaluate, reach * .96, reach * 1.04)])


if __name__ == "__main__":
    mpmath.mp.prec = 200
    exponentials()
    logarithm()
    circular()
    seed = reciprocal_seed()
    rsqrt_seed()
    error_function("erf, about 7", 15, 3.8, 7.0, False, 3.6, 3.9)
    error_function("quick erf, about 5", 9, 3.12, 5.0, True, 3.0, 3.13)
    quick_tanh(seed)
