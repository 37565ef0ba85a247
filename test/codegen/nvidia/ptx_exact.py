# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""PTX of exact operators rounds as the language says: no instruction fuses,
flushes, approximates or leaves its rounding open. Reads PTX, names what breaks
the rule. Arguments: operators with a `dot`, which fuse as the language says."""
import re
import sys

kernel, kernels, instructions, bad = "", 0, 0, 0
for number, line in enumerate(sys.stdin, 1):
    entry = re.search(r"\.entry (\w+)", line)
    if entry:
        kernel, kernels = entry.group(1), kernels + 1
    if any(f"gemel_{op}_" in kernel for op in sys.argv[1:]):
        continue
    words = re.sub(r"^\s*(@!?%\w+\s+)?", "", line).split()
    if not words or not re.match(r"[a-z]+(\.[\w:]+)*;?$", words[0]):
        continue
    name = words[0].rstrip(";")
    instructions += 1
    wrong = re.match(r"(fma|ex2|lg2|tanh|sin|cos)\.", name) or re.search(r"\.(ftz|approx|full)\b", name)
    rounds = re.match(r"(add|sub|mul|div|sqrt|rcp)\.", name) and re.search(r"\.(f16|bf16|f32|f64)(x2)?$", name)
    if wrong or (rounds and ".rn" not in name):
        bad += 1
        print(f"line {number}, {kernel}: {line.strip()}")
print(f"{kernels} kernels, {instructions} instructions, {bad} that may round otherwise")
sys.exit(bad != 0 or kernels == 0)
