# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds the constraints of every op's text to the code and to the tests.

(C2) of gemel.dot is dot_c2: the code names it where it is verified, and a case
of test/dialect names it above the error that it expects. A name in code or
tests that no text has is a gap too.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])


def stated():
    """Names of the constraints, from the ops' descriptions."""
    for path in sorted((root / "dialect").glob("*Ops.td")):
        for mnemonic, text in re.findall(
            r'^def Gemel_\w+ : Gemel_\w+<"(\w+)".*?description = \[\{(.*?)\}\];', path.read_text(), re.S | re.M
        ):
            numbers = [int(n) for n in re.findall(r"\(C(\d+)\)", text)]
            if numbers != list(range(1, len(numbers) + 1)):
                print(f"{path.name}: {mnemonic} numbers its constraints {numbers}")
            yield from (f"{mnemonic}_c{n}" for n in numbers)


def named(paths, pattern):
    return set(re.findall(pattern, "\n".join(p.read_text() for p in paths)))


def cases():
    """Cases of the invalid tests that expect an error, and shell tests."""
    for path in sorted((root / "test" / "dialect").iterdir()):
        if path.suffix == ".mlir":
            yield from (c for c in path.read_text().split("// -----") if "expected-error" in c)
        elif path.suffix == ".test":
            yield path.read_text()


wanted = set(stated())
in_code = named((root / "dialect").glob("*.cpp"), r"\b\w+_c\d+\b")
in_tests = set(re.findall(r"\b\w+_c\d+\b", "\n".join(cases())))
gaps = (
    [f"{name}: no code names it" for name in sorted(wanted - in_code)]
    + [f"{name}: no test names it" for name in sorted(wanted - in_tests)]
    + [f"{name}: no text states it" for name in sorted((in_code | in_tests) - wanted)]
)
print("\n".join(gaps))
print(f"{len(wanted)} constraints, {len(gaps)} gaps")
sys.exit(bool(gaps) or len(wanted) < 60)
