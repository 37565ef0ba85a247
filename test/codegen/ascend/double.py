# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A kernel of rows with one set of buffers and with two, on the simulated CANN
against numpy, to the bit, and what the cycle model says of both."""
import os
import pathlib
import sys

import numpy as np

from cann import Cann, to_cce

os.environ["GEMEL_ASCEND_SIM_TIME"] = "1"
cann = Cann(sys.argv[1], sys.argv[3])
text = pathlib.Path(sys.argv[2]).read_text()
cycles = {}
# One row, an odd number of rows for some blocks, and many.
for rows in (1, 7, 64):
    x = np.random.default_rng(1).standard_normal((rows, 4000), dtype=np.float32)
    for what, passes in (("one set", ()), ("two sets", ("--cce-multi-buffer",))):
        cce = to_cce(text, *passes, "--cce-plan-memory", "--cce-insert-sync", "--cce-check-sync")
        wrong = cann.outcome(cce, "rows", (x + x) * x + x, x)
        cycles[what], words = cann.cycles()
        print(f"{rows} rows, {what}: {wrong or 'the bits of numpy'}; {words}")
print(f"two sets take {100 * cycles['two sets'] / cycles['one set']:.0f} % of the time")
