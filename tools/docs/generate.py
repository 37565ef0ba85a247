# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes dialect/Reference.md from the dialect's TableGen text and from the
definitions of the functions, and codegen/ascend/cce/Reference.md from that of the
instructions; with --check, fails with a diff where one is stale.

    tools/docs/generate.py [--check] [--build FOLDER] [--llvm FOLDER]
"""
import argparse
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap

root = pathlib.Path(__file__).resolve().parent.parent.parent
families = ["Module", "Elementwise", "Function", "Reduce", "Index", "Sort", "Tile"]


instructions = root / "codegen" / "ascend" / "cce"


def records(options, name, folder=root / "dialect"):
    """All records of one .td file, by name."""
    command = [f"{options.llvm}/bin/llvm-tblgen", "--dump-json", "-I", str(root), "-I", f"{options.llvm}/include"]
    path = folder / f"{name}.td"
    return json.loads(subprocess.run(command + [str(path)], check=True, capture_output=True, text=True).stdout)


def defined(data, name, kind):
    """The records of a kind that the file itself defines, as written."""
    records = [data[r] for r in data["!instanceof"].get(kind, []) if not data[r]["!anonymous"]]
    own = [r for r in records if r["!locs"][0].startswith(f"{name}.td:")]
    return sorted(own, key=lambda r: int(r["!locs"][0].split(":")[1]))


def anchor(heading):
    """The fragment that a heading's text is linked by."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def prose(text):
    """A description as markdown: constraints as a list, numerics in bold."""
    text = textwrap.dedent(text or "").strip()
    constraints = re.compile(r"\n\n(\(C1\) .*?)(?=\n\n|\n```|\Z)", re.S)
    found = constraints.search(text)
    if found:
        items = re.split(r"\s*\(C(\d+)\) ", found.group(1).replace("\n", " "))[1:]
        listed = "\n".join(f"- (C{n}) {words}" for n, words in zip(items[::2], items[1::2]))
        text = text.replace(found.group(1), listed)
    text = re.sub(r"^Numerics:", "**Numerics:**", text, flags=re.M)
    return re.sub(r"\n```mlir", "\n\n```mlir", text)


def comment(name, folder=root / "dialect"):
    """The sentence on the file, its second line."""
    return (folder / f"{name}.td").read_text().splitlines()[1].removeprefix("// ")


def operands(data, op):
    """What an op takes and gives, by name."""
    kinds = {"Operands": [], "Attributes": [], "Results": [], "Regions": []}
    for value, name in op["arguments"]["args"]:
        # Optional<…> and OptionalAttr<…> are records without a name.
        is_attribute = "Attr" in data[value["def"]]["!superclasses"]
        kinds["Attributes" if is_attribute else "Operands"].append(name)
    for field, kind in (("results", "Results"), ("regions", "Regions")):
        kinds[kind] += [name for _, name in op[field]["args"]]
    parts = [f"{kind}: {', '.join(f'`{n}`' for n in names)}." for kind, names in kinds.items() if names]
    traits = [data[t["def"]] for t in op["traits"]]
    interfaces = [t["cppInterfaceName"] for t in traits if t.get("cppNamespace") == "::gemel"]
    if interfaces:
        parts.append(f"Interfaces: {', '.join(f'`{i}`' for i in interfaces)}.")
    return " ".join(parts)


def check(op):
    """What every op's text has to say."""
    name, text = op["opName"], op["description"] or ""
    for what, there in (
        ("no summary", op["summary"]),
        ("no numerics", "\n    Numerics: " in text),
        ("no example", "```mlir" in text),
    ):
        if not there:
            sys.exit(f"gemel.{name}: its text has {what}")


def definitions(op):
    """Links to a function's definition, and to its quick one."""
    name = op["opName"]
    quick = any(argument == "quick" for _, argument in op["arguments"]["args"])
    names = [name] + ([f"quick({name})"] if quick else [])
    return " Definition: " + ", ".join(f"[{n}](#{anchor(n)})" for n in names) + "."


def family(options, name):
    data = records(options, f"{name}Ops")
    ops = defined(data, f"{name}Ops", "Op")
    lines = [f"## {name} ops\n", comment(f"{name}Ops") + "\n"]
    for op in ops:
        check(op)
        lines += [f"### gemel.{op['opName']}\n", f"`{op['summary']}`\n", prose(op["description"]) + "\n"]
        lines += [operands(data, op) + (definitions(op) if name == "Function" else "") + "\n"]
    return lines, [op["opName"] for op in ops]


def parameters(record):
    return ", ".join(f"`{name}`" for _, name in record["parameters"]["args"])


def types(options):
    data = records(options, "Types")
    lines = ["## Types\n"]
    for record in defined(data, "Types", "TypeDef"):
        lines += [f"### !gemel.{record['mnemonic']}\n", record["summary"].capitalize() + ".\n"]
        lines += [prose(record["description"]) + "\n"] if record["description"] else []
    data = records(options, "Attrs")
    lines += ["## Attributes\n"]
    for record in defined(data, "Attrs", "AttrDef"):
        lines += [f"### #gemel.{record['mnemonic']}\n", record["summary"].capitalize() + ".\n"]
        lines += [prose(record["description"]) + "\n"] if record["description"] else []
        lines += [f"Parameters: {parameters(record)}.\n"]
    for record in defined(data, "Attrs", "EnumAttr"):
        cases = [data[c["def"]]["str"] for c in record["enumerants"]]
        lines += [f"### {record['className']}\n"]
        lines += [f"{record['summary'].capitalize()}: " + ", ".join(f"`{c}`" for c in cases) + ".\n"]
    return lines


def interfaces(options):
    data = records(options, "Interfaces")
    lines = ["## Interfaces\n"]
    for record in defined(data, "Interfaces", "OpInterface"):
        lines += [f"### {record['cppInterfaceName']}\n", prose(record["description"]) + "\n"]
        for method in (data[m["def"]] for m in record["methods"]):
            what = " ".join(method["description"].split())
            lines += [f"- `{method['name']}`: {what[0].lower() + what[1:]}"]
        lines += [""]
    return lines


def functions(options):
    """The paragraphs are Functions.h's own, the rest is printed by the code."""
    header = (root / "dialect" / "Functions.h").read_text()

    def paragraph(start, mark):
        text = re.search(rf"^{mark} ({start}.*?)\n(?!{mark} )", header, re.S | re.M).group(1)
        return re.sub(rf"\n{mark} ", "\n", text)

    lines = ["## Definitions of the functions\n", paragraph("The language defines its", "//") + "\n"]
    lines += [paragraph("How a bound reads", "///") + "\n"]
    lines += [
        "`f`, `i` and `p` are values of f32, i32 and truths; `bits` and `float` are bitcasts; `shl`, `shrl` and\n"
        "`shra` shift left, right and arithmetically right; `max` and `min` are those of IEEE-754-2019.\n"
    ]
    program = f"{options.build}/bin/gemel-functions"
    return lines + [subprocess.run([program], check=True, capture_output=True, text=True).stdout.strip() + "\n"]


def page(options):
    dialect = defined(records(options, "Dialect"), "Dialect", "Dialect")[0]
    lines = [
        "# The gemel dialect\n",
        "<!-- Written by tools/docs/generate.py from the .td files beside it and Functions.h: change those. -->\n",
        prose(dialect["description"]) + "\n",
        "A constraint (C1) of `gemel.add` is `add_c1` in code and tests. *Numerics* says what an op rounds: nothing\n"
        "else rounds, and no pass, plan or target moves a bit of an exact result.\n",
    ]
    bodies = []
    for name in families:
        body, names = family(options, name)
        bodies += body
        heading = body[0].removeprefix("## ").strip()
        links = ", ".join(f"[{n}](#{anchor('gemel.' + n)})" for n in names)
        lines += [f"- [{heading}](#{anchor(heading)}) {links}"]
    sections = [types(options), interfaces(options), functions(options)]
    for section in sections:
        headings = [l.removeprefix("## ").strip() for l in section if l.startswith("## ")]
        lines += [f"- [{h}](#{anchor(h)})" for h in headings]
    return "\n".join(lines + [""] + bodies + [l for s in sections for l in s])


def instruction_page(options):
    """One line an intrinsic's fields, in their order, then its text."""
    base = records(options, "CceBase", instructions)
    dialect = defined(base, "CceBase", "Dialect")[0]
    lines = [
        "# The cce dialect\n",
        "<!-- Written by tools/docs/generate.py from the .td files beside it: change those. -->\n",
        prose(dialect["description"]) + "\n",
    ]
    for name in ("Kernel", "Vector", "Cube", "Move", "Sync"):
        data = records(options, f"Cce{name}Ops", instructions)
        lines += [f"## {name} ops\n", comment(f"Cce{name}Ops", instructions) + "\n"]
        for op in defined(data, f"Cce{name}Ops", "Op"):
            fields = ", ".join(f"`{field}`" for _, field in op["arguments"]["args"])
            lines += [f"### cce.{op['opName']}\n", f"`{op['summary']}`\n", prose(op["description"]) + "\n"]
            lines += [f"Fields: {fields}.\n"] if fields else []
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--build", default=os.environ.get("GEMEL_BUILD", str(root / "build")))
    parser.add_argument("--llvm", default="/usr/lib/llvm-22")
    options = parser.parse_args()
    pages = {root / "dialect" / "Reference.md": page(options), instructions / "Reference.md": instruction_page(options)}
    stale, told = False, []
    for path, text in pages.items():
        text = text.rstrip() + "\n"
        if not options.check:
            path.write_text(text)
            continue
        there = path.read_text() if path.exists() else ""
        diff = list(difflib.unified_diff(there.splitlines(), text.splitlines(), str(path), "generated", lineterm=""))
        stale |= bool(diff)
        print("\n".join(diff), end="\n" if diff else "")
        ops = len(re.findall(r"^### (gemel|cce)\.", text, re.M))
        told.append(f"{path.relative_to(root)}: {ops} ops")
    if told and not stale:
        print(f"{', '.join(told)}, up to date")
    return stale


if __name__ == "__main__":
    sys.exit(main())
