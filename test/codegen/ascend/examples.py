# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the example of every cce op through gemel-opt, twice."""
import json
import pathlib
import re
import subprocess
import sys
import textwrap

root = pathlib.Path(sys.argv[1])
llvm = "/usr/lib/llvm-22"
count = failed = 0
for path in sorted((root / "codegen" / "ascend" / "cce").glob("*Ops.td")):
    dump = subprocess.run(
        [f"{llvm}/bin/llvm-tblgen", "--dump-json", f"-I{root}", f"-I{llvm}/include", path],
        text=True, capture_output=True, check=True,
    )
    records = json.loads(dump.stdout)
    for name in records["!instanceof"]["Op"]:
        op = records[name]
        if not op["!locs"][0].startswith(path.name):
            continue
        count += 1
        example = re.search(r"```mlir\n(.*?)```", op["description"], re.S)
        text = textwrap.dedent(example[1]) if example else ""
        first = subprocess.run(["gemel-opt"], input=text, text=True, capture_output=True)
        again = subprocess.run(["gemel-opt"], input=first.stdout, text=True, capture_output=True)
        if f"cce.{op['opName']}" not in text or first.returncode or first.stdout != again.stdout:
            failed += 1
            print(f"{name}:\n{text}{first.stderr}")
print(f"{count} examples, {failed} failed")
sys.exit(failed != 0 or count < 45)
