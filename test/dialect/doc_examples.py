# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every example of the dialect's ODS text through gemel-opt, twice."""
import pathlib
import re
import subprocess
import sys
import textwrap

count = failed = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.td")):
    page = path.read_text()
    examples = re.findall(r"```mlir\n(.*?)```", page, re.S)
    if len(examples) != page.count("```mlir"):
        failed += 1
        print(f"{path.name}: an example has no end")
    for example in examples:
        count += 1
        text = textwrap.dedent(example)
        first = subprocess.run(["gemel-opt"], input=text, text=True, capture_output=True)
        again = subprocess.run(["gemel-opt"], input=first.stdout, text=True, capture_output=True)
        if first.returncode or not first.stdout or first.stdout != again.stdout:
            failed += 1
            print(f"{path.name}:\n{text}{first.stderr}")
print(f"{count} examples, {failed} failed")
sys.exit(failed != 0 or count < 59)
