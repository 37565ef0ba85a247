#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Enters what a chip has answered into the table of facts: prints old and new side by side, and changes the table only
where asked to.

facts.py RESULT.json [--write] [--rehearsal] [--facts=codegen/ascend/Facts.inc]"""
import argparse
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ENTRY = r'GEMEL_ASCEND_FACT\({name},\s*(?P<value>\d+),\s*(?P<sure>\w+),(?P<words>(?:\s*"(?:[^"\\]|\\.)*",?)+)\)'
MEASURED = r'\s*"; measured on [^"]*"'


def entered(table, name, value, where):
    """The table with a fact as measured; what it was: value and how sure."""
    found = re.search(ENTRY.format(name=name), table)
    if not found:
        raise SystemExit(f"facts: the table has no '{name}'; is the result of another version?")
    words = re.sub(MEASURED, "", found["words"])
    entry = f'GEMEL_ASCEND_FACT({name}, {value}, Measured,{words}\n                  "; measured on {where}")'
    return table[: found.start()] + entry + table[found.end() :], found["value"], found["sure"]


def defaults():
    """The simulator's readings, first of each switch."""
    text = (ROOT / "tools" / "sim" / "ascend" / "switches.cpp").read_text()
    for name, readings in re.findall(r'\{"GEMEL_ASCEND_SIM_(\w+)",\s*"([^"]*)"', text):
        first = readings.split()
        yield name, first[1] if first[0] == "number" else first[0]


def main():
    parser = argparse.ArgumentParser(prog="facts.py")
    parser.add_argument("result", type=pathlib.Path)
    parser.add_argument("--write", action="store_true", help="change the table")
    parser.add_argument("--facts", type=pathlib.Path, default=ROOT / "codegen" / "ascend" / "Facts.inc")
    parser.add_argument("--rehearsal", action="store_true", help="a simulated chip's answers are answers")
    given = parser.parse_args()
    result = json.loads(given.result.read_text())
    if given.write and result["machine"]["simulated"] and not given.rehearsal:
        raise SystemExit("facts: the simulated CANN gave this result, which knows no more than the table; run bringup.py where a chip is")
    table, known = given.facts.read_text(), dict(defaults())
    where = f"{result['machine']['soc']}, {result['machine']['measured']}"
    line = lambda *cells: print(f"{cells[0]:24} {cells[1]:>14} {cells[2]:10} {cells[3]:>14}  {cells[4]}".rstrip())
    line("fact", "was", "by", "measured", "")
    for name, value in result.get("facts", {}).items():
        table, was, sure = entered(table, name, value, where)
        line(name, was, sure, value, "same" if int(was) == value else "CHANGED")
    line("\nswitch", "default", "", "measured", "")
    for name, reading in result.get("switches", {}).items():
        line(name, known[name], "", reading, "same" if str(reading) == known[name] else "differs: tools/sim/ascend/switches.cpp")
    if given.write:
        part = given.facts.with_name(given.facts.name + ".part")
        part.write_text(table)
        part.replace(given.facts)
    print(f"\n{given.facts}: {'written' if given.write else 'not written; --write does'}")


main()
