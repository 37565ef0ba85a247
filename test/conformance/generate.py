#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the conformance suite's texts; --check compares them instead."""

import pathlib
import sys

sys.dont_write_bytecode = True

import families  # noqa: E402,F401  (registers every text)
from families.text import texts  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent


def main(arguments):
    if arguments not in ([], ["--check"]):
        print("usage: generate.py [--check]", file=sys.stderr)
        return 2
    on_disk = {str(p.relative_to(ROOT)) for p in ROOT.glob("*/*.mlir")}
    differing = sorted(on_disk - set(texts))
    for path, content in texts.items():
        file = ROOT / path
        if file.exists() and file.read_bytes() == content.encode():
            continue
        differing.append(path)
        if not arguments:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content.encode())
    if not arguments:
        for path in on_disk - set(texts):
            (ROOT / path).unlink()
        differing = []
    for path in differing:
        print(f"differs: {path}", file=sys.stderr)
    print(f"{len(texts)} texts")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
