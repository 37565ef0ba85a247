# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Two outputs of --emit=tiles: every kernel of the first stands in the second,
the same to the character."""
import re
import sys


def kernels(path):
    found = {}
    for text in re.findall(r"^  gemel\.kernel @.*?^  }\n", open(path).read(), re.S | re.M):
        found.setdefault(re.match(r"  gemel\.kernel @(\w+)", text).group(1), []).append(text)
    return found


derived, whole = kernels(sys.argv[1]), kernels(sys.argv[2])
other = [name for name, texts in derived.items() if whole.get(name) != texts]
print("\n".join(f"{name} differs" for name in other))
print(f"{sum(map(len, derived.values()))} kernels, {len(other)} others")
sys.exit(bool(other) or len(derived) < 10)
