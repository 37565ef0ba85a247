# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Who may include what: each room is passed once, and nothing calls up."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
rules = {
    # room: (includes it must not have, words it must not name)
    "dialect": (r'"(passes|codegen|tools)/|gemel/runtime', r"\b(nvidia|ascend|ptx|cce)\b|sm_\d"),
    "passes": (r'"(codegen|tools)/|gemel/runtime', r"\b(nvidia|ascend|ptx|cce|avx)\b|sm_\d"),
    "codegen": (r'"tools/', None),
    "runtime": (r"llvm/|mlir/|dialect/|passes/|codegen/", None),
    "kernels": (None, r"\b(nvidia|ascend|ptx|cce|cuda|avx|cpu)\b|sm_\d"),
}
bad = files = 0
for path in subprocess.run(["git", "ls-files"], cwd=root, text=True, capture_output=True).stdout.split():
    room = path.split("/")[0]
    if room not in rules or not path.endswith((".cpp", ".h", ".hpp", ".td", ".mlir")):
        continue
    files += 1
    includes, words = rules[room]
    for number, line in enumerate((root / path).read_text().splitlines(), 1):
        wrong = includes and "#include" in line and re.search(includes, line)
        wrong = wrong or (words and re.search(words, line, re.I))
        # The check is where compiler and runtime meet, and says so.
        if wrong:
            bad += 1
            print(f"{path}:{number}: not in this room: {line.strip()}")
print(f"{files} files in their rooms, {bad} misplaced lines")
sys.exit(bad != 0 or files == 0)
