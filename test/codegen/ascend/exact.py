# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Quotients and roots on the simulated CANN, whose unit is 1 ulp off: rounded
exactly they are numpy's, to the bit; as the unit has them they are not."""
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
    }
    roots = {"any bits": any_bits(), "near 1": significands(-1, 2), "specials": specials(),
             "squares": np.square(random.integers(1, 4096, shape).astype(np.float32)),
             "subnormal": significands(-126, -125) * np.float32(2.0**-12)}
    bad = 0
    for part in pathlib.Path(sys.argv[2]).read_text().split("// -----"):
        name = part.split("cce.kernel @")[1].split()[0]
        exact = to_cce(part, "--cce-round-exactly", "--cse", "--cce-plan-memory", "--cce-insert-sync", "--cce-check-sync")
        raw = to_cce(part, "--cce-plan-memory", "--cce-insert-sync")
        for what, given in (quotients if name == "quotient" else roots).items():
            inputs = given if name == "quotient" else (given,)
            expected = inputs[0] / inputs[1] if name == "quotient" else np.sqrt(inputs[0])
            wrong = cann.outcome(exact, name, expected, *inputs)
            print(f"{name}, {what}: {wrong or f'{expected.size} are the bits of numpy'}")
            bad += bool(wrong)
            if what == "near 1" and not cann.outcome(raw, name, expected, *inputs):
                print(f"{name}: the unit's own are exact, which it does not promise")
                bad += 1
sys.exit(bool(bad))
