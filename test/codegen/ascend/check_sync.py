# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Removes each flag and barrier of synchronised kernels, one at a time: the
proof has to fail for each (but a kernel's last barrier, which stands by
convention). What follows the file are passes before the plan of the memory."""
import pathlib
import re
import subprocess
import sys


def opt(text, *passes):
    return subprocess.run(["gemel-opt", *passes], input=text, text=True, capture_output=True)


removed = bad = 0
for part in pathlib.Path(sys.argv[1]).read_text().split("// -----"):
    whole = opt(part, *sys.argv[2:], "--cce-plan-memory", "--cce-insert-sync")
    proved = opt(whole.stdout, "--cce-check-sync")
    name = re.search(r"@(\w+)", part)[1]
    print(f"{name}: {'proved' if proved.returncode == 0 else proved.stderr}")
    bad += proved.returncode != 0
    lines = whole.stdout.split("\n")
    places = [i for i, line in enumerate(lines) if re.match(r"\s*cce\.(set_flag|wait_flag|pipe_barrier)", line)]
    for i in places[:-1]:
        removed += 1
        if opt("\n".join(lines[:i] + lines[i + 1:]), "--cce-check-sync").returncode == 0:
            bad += 1
            print(f"  {name}: proved without line {i + 1}: {lines[i].strip()}")
print(f"{removed} flags and barriers removed, one at a time; {bad} bad")
sys.exit(bool(bad))
