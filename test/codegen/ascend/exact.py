# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Quotients and roots on the simulated CANN, whose unit is 1 ulp off: rounded
exactly they are numpy's, to the bit; as the unit has them they are not. Of many
at a time usual numbers go their own way, as long as all are usual."""
import pathlib
import sys

import numpy as np

from cann import Cann, to_cce

cann = Cann(sys.argv[1], sys.argv[3])
random = np.random.default_rng(2)
shape = (16, 512)


def any_bits():
    return random.integers(0, 2**32, shape, dtype=np.uint64).astype(np.uint32).view(np.float32)


def significands(low, high):
    """Of any significand, in [2^low, 2^high)."""
    exponents = random.integers(low, high, shape) + 127
    return ((exponents.astype(np.uint32) << 23) | random.integers(0, 2**23, shape, dtype=np.uint32)).view(np.float32)


def usual(low, high, edges=False):
    """Of either sign, some 0; edges: significands beside powers of two."""
    x = significands(low, high)
    if edges:
        last = random.choice(np.array([0, 1, 2, 0x7fffff, 0x7ffffe, 0x400000, 0x3fffff], np.uint32), shape)
        x = (x.view(np.uint32) & np.uint32(0xff800000) | last).view(np.float32)
    return x * random.choice(np.array([1, -1], np.float32), shape)


def with_one(x, value):
    """One of them another."""
    x = x.copy()
    x.flat[random.integers(0, x.size)] = value
    return x


def some_zero(x):
    return np.where(random.integers(0, 9, shape) == 0, np.float32(0) * x, x)


def specials():
    values = np.array([0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 2, 3, 1e-45, -1e-45, 1.17549435e-38, 1.1754942e-38,
                       3.4028235e38, -3.4028235e38, 0.99999994, 1.0000001, 1e-38, 7e-46, 5e-39], np.float32)
    return random.choice(values, shape)


with np.errstate(all="ignore"):
    subnormal = significands(-127 + 1, -120), significands(0, 24)  # quotients of few bits: ties
    few = (random.integers(1, 256, shape).astype(np.float32) * np.float32(2.0**-140), np.exp2(random.integers(0, 12, shape)).astype(np.float32))
    quotients = {
        "any bits": (any_bits(), any_bits()),
        "near 1": (significands(0, 1), significands(0, 1)),
        "subnormal results": subnormal,
        "ties of subnormals": few,
        "subnormal divisors": (significands(-10, 10), significands(-126, -125) * np.float32(2.0**-10)),
        "specials": (specials(), specials()),
        "usual": (some_zero(usual(-86, 64)), usual(-38, 38)),
        "usual, near powers of two": (usual(-1, 2, edges=True), usual(-1, 2, edges=True)),
        "one large": (with_one(usual(-86, 64), 1e30), usual(-38, 38)),
        "one subnormal": (with_one(usual(-86, 64), 1e-45), usual(-38, 38)),
        "one by 0": (usual(-86, 64), with_one(usual(-38, 38), -0.0)),
        "one by much": (usual(-86, 64), with_one(usual(-38, 38), np.inf)),
        "one NaN": (with_one(usual(-86, 64), np.nan), usual(-38, 38)),
        "0 by 0": (np.zeros(shape, np.float32), with_one(usual(-38, 38), 0)),
    }
    roots = {"any bits": any_bits(), "near 1": significands(-1, 2), "specials": specials(),
             "squares": np.square(random.integers(1, 4096, shape).astype(np.float32)),
             "subnormal": significands(-126, -125) * np.float32(2.0**-12),
             "usual": some_zero(significands(-126, 127)),
             "usual, near powers of two": np.abs(usual(-126, 127, edges=True)),
             "one -0": with_one(significands(-126, 127), -0.0),
             "one negative": with_one(significands(-126, 127), -1),
             "one infinite": with_one(significands(-126, 127), np.inf),
             "one subnormal": with_one(significands(-126, 127), 1e-40)}
    bad = 0
    for part in pathlib.Path(sys.argv[2]).read_text().split("// -----"):
        name = part.split("cce.kernel @")[1].split()[0]
        exact = to_cce(part, "--cce-round-exactly", "--cse", "--cce-plan-memory", "--cce-insert-sync", "--cce-check-sync")
        raw = to_cce(part, "--cce-plan-memory", "--cce-insert-sync")
        for what, given in (quotients if name.startswith("quotient") else roots).items():
            inputs = given if name.startswith("quotient") else (given,)
            expected = inputs[0] / inputs[1] if name.startswith("quotient") else np.sqrt(inputs[0])
            wrong = cann.outcome(exact, name, expected, *inputs)
            print(f"{name}, {what}: {wrong or f'{expected.size} are the bits of numpy'}")
            bad += bool(wrong)
            if what == "near 1" and not cann.outcome(raw, name, expected, *inputs):
                print(f"{name}: the unit's own are exact, which it does not promise")
                bad += 1
sys.exit(bool(bad))
