#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Stands in for ccec and its ld.lld while gemelc compiles where neither is: keeps each text and the commands it would
have been compiled with, beside this program, and hands back a name in place of an object."""
import hashlib
import json
import pathlib
import sys

folder, tool = pathlib.Path(sys.argv[0]).parent, pathlib.Path(sys.argv[0]).name
arguments = sys.argv[1:]
output = arguments.index("-o") + 1
target = pathlib.Path(arguments[output])
arguments[output] = "$OUTPUT"
if tool == "ccec":
    [(source, place)] = [(pathlib.Path(word), i) for i, word in enumerate(arguments) if word.endswith(".cce")]
    [(arch, at)] = [(word, i) for i, word in enumerate(arguments) if word.startswith("--cce-aicore-arch=")]
    option, _, arch = arch.partition("=")
    arguments[place], arguments[at] = "$INPUT", f"{option}=$ARCH"
    text = source.read_bytes()
    name = hashlib.sha256(text).hexdigest()[:16]
    (folder / f"{name}.cce").write_bytes(text)
    target.write_text(json.dumps({"name": name, "arch": arch, "compile": arguments}))
else:
    objects = [word for word in arguments if word.endswith(".o")]
    parts = [json.loads(pathlib.Path(word).read_text()) for word in objects]
    first = arguments.index(objects[0])
    arguments[first : first + len(objects)] = ["$OBJECTS"]
    name = parts[0]["name"]
    recipe = {"arches": [part["arch"] for part in parts], "compile": parts[0]["compile"], "link": arguments}
    (folder / f"{name}.json").write_text(json.dumps(recipe))
    target.write_text(f"object {name}")
