# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of matrices on the simulated CANN against numpy, to the bit: whole
numbers, whose sums are exact in any order. Once as the loops stand and once with
two sets of buffers; then the first without each flag and barrier: every one has
to be missed. With sizes (M N K BLOCKS) the cycle model's word on them instead."""
import os
import pathlib
import sys

import numpy as np

from cann import Cann, to_cce, without_each_sync

cann = Cann(sys.argv[1], sys.argv[3])
sync = ("--cce-plan-memory", "--cce-insert-sync", "--cce-check-sync")
random = np.random.default_rng(3)


def bf16(x):
    """The nearest of 16 bits, even on a tie."""
    bits = x.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(np.uint16)


def whole(*shape):
    return random.integers(-8, 9, shape).astype(np.float32)


def arrays(name, m, n, k):
    x, w = whole(m, k), whole(k, n)
    y = x @ w
    if "turned" in name:
        x, w = x.T.copy(), w.T.copy()
    return (x, w, y) if "f32" in name else (bf16(x), bf16(w), bf16(y))


def outcome(text, name, m, n, k, blocks):
    x, w, y = arrays(name, m, n, k)
    return cann.outcome(text, name, y, x, w, numbers=(m, n, k), unit="cube", blocks=blocks)


parts = {p.split("cce.kernel @")[1].split()[0]: p for p in pathlib.Path(sys.argv[2]).read_text().split("// -----")}
if len(sys.argv) > 4:
    os.environ.update(GEMEL_ASCEND_SIM_TIME="1", GEMEL_ASCEND_SIM="fast")
    m, n, k, blocks = map(int, sys.argv[4:])
    cycles = {}
    for name, part in parts.items():
        for what, passes in (("one set", sync), ("two sets", ("--cce-multi-buffer", *sync))):
            wrong = outcome(to_cce(part, *passes), name, m, n, k, blocks)
            cycles[what], words = cann.cycles()
            print(f"{name}, {what}: {wrong or words}")
            if wrong:
                sys.exit(1)
        print(f"{name}: two sets take {100 * cycles['two sets'] / cycles['one set']:.0f} % of the time")
    sys.exit()

bad = removed = 0
# The last has one row and one term in the last tiles.
sizes = [(140, 300, 600), (33, 40, 700), (129, 17, 257)]
for name, part in parts.items():
    texts = {"one set": to_cce(part, *sync), "two sets": to_cce(part, "--cce-multi-buffer", *sync)}
    for size in sizes:
        for what, text in texts.items():
            wrong = outcome(text, name, *size, 2)
            print(f"{name}, {what}, {size}: {wrong or 'the bits of numpy'}")
            bad += bool(wrong)
    if name != "matmul":
        continue
    for less, line in without_each_sync(texts["two sets"]):
        removed += 1
        if not any(outcome(less, name, *size, 1) for size in sizes):
            print(f"  {name}: nobody misses {line}")
            bad += 1
print(f"{removed} flags and barriers removed, one at a time; {bad} bad")
sys.exit(bool(bad))
