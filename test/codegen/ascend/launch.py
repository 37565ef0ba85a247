# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Launches kernels of the cce dialect on the simulated CANN and compares with
what their names say; then without each of their flags and barriers: every one
has to be missed."""
import functools
import pathlib
import sys

import numpy as np

from cann import Cann, to_cce

cann = Cann(sys.argv[1], sys.argv[3])
# What the kernels compute of x, row by row.
formulas = {
    "twice_squared": lambda x: (x + x) * x,
    "two_rows": lambda x: x * x,
    "rounds": lambda x: (x + x) + x,
    "seven": lambda x: functools.reduce(np.add, [x] * 7),
    "eight": lambda x: functools.reduce(np.add, [x] * 8),
}
bad = removed = 0
x = np.random.default_rng(1).standard_normal((11, 511), dtype=np.float32)
for part in pathlib.Path(sys.argv[2]).read_text().split("// -----"):
    name = part.split("cce.kernel @")[1].split()[0]
    text = to_cce(part, "--cce-plan-memory", "--cce-insert-sync")
    what = cann.outcome(text, name, formulas[name](x), x)
    print(f"{name}: {what or 'the bits of numpy'}")
    bad += bool(what)
    lines = text.split("\n")
    # The last barrier no simulator misses: a kernel has ended when its pipes
    # have. It stands there because vendors' kernels have it.
    last = max(i for i, line in enumerate(lines) if "pipe_barrier(PIPE_ALL)" in line)
    for i, line in enumerate(lines[:last]):
        if not line.strip().startswith(("set_flag", "wait_flag", "pipe_barrier")):
            continue
        removed += 1
        if not cann.outcome("\n".join(lines[:i] + [""] + lines[i + 1:]), name, formulas[name](x), x):
            print(f"  {name}: nobody misses line {i + 1}: {line.strip()}")
            bad += 1
print(f"{removed} flags and barriers removed, one at a time; {bad} bad")
sys.exit(bool(bad))
