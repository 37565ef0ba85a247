# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Launches kernels of the cce dialect on the simulated CANN and compares with
what their names say; then without each of their flags and barriers: every one
has to be missed. What follows the folder are passes before the plan of the
memory."""
import functools
import pathlib
import sys

import numpy as np

from cann import Cann, to_cce, without_each_sync

cann = Cann(sys.argv[1], sys.argv[3])
# What the kernels compute of x, row by row.
formulas = {
    "twice_squared": lambda x: (x + x) * x,
    "two_rows": lambda x: x * x,
    "rounds": lambda x: (x + x) + x,
    "seven": lambda x: functools.reduce(np.add, [x] * 7),
    "eight": lambda x: functools.reduce(np.add, [x] * 8),
    "rows": lambda x: (x + x) * x + x,
}
bad = removed = 0
for part in pathlib.Path(sys.argv[2]).read_text().split("// -----"):
    name = part.split("cce.kernel @")[1].split()[0]
    x = np.random.default_rng(1).standard_normal((11, 4000 if name == "rows" else 511), dtype=np.float32)
    text = to_cce(part, *sys.argv[4:], "--cce-plan-memory", "--cce-insert-sync")
    what = cann.outcome(text, name, formulas[name](x), x)
    print(f"{name}: {what or 'the bits of numpy'}")
    bad += bool(what)
    for less, line in without_each_sync(text):
        removed += 1
        if not cann.outcome(less, name, formulas[name](x), x):
            print(f"  {name}: nobody misses {line}")
            bad += 1
print(f"{removed} flags and barriers removed, one at a time; {bad} bad")
sys.exit(bool(bad))
