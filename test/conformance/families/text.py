# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Texts with their cases, and how they are written."""

import re
import textwrap

import numpy as np

LICENCE = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
NAMES = {"float32": "f32", "float16": "f16", "uint16": "bf16", "uint8": "u8",
         "int32": "i32", "int64": "i64", "bool": "i1"}
PER_LINE = {"f32": 8, "f16": 12, "bf16": 12, "u8": 16, "i32": 8, "i64": 4,
            "i1": 12}
MUST = "must repeat batch tile vendor"
# A `dot` makes a result matrix class: its bits are fixed on one target only,
# so `vendor` would need a tolerance. The bits are those of cpu and reference.
MATRIX = "must repeat batch tile"

texts = {}


def dtype_of(array):
    """The language's name of a numpy type; np.uint16 holds bf16 bits."""
    return NAMES[array.dtype.name]


def _element(value, dtype):
    if dtype == "i1":
        return "true" if value else "false"
    if dtype in ("i32", "i64"):
        return str(int(value))
    if dtype == "u8":
        return f"0x{int(value):02X}"
    if dtype == "bf16":
        word, digits, infinity = int(value), 4, 0x7F80
    elif dtype == "f16":
        word, digits, infinity = int(value.view(np.uint16)), 4, 0x7C00
    else:
        word, digits, infinity = int(value.view(np.uint32)), 8, 0x7F800000
    sign = 1 << (4 * digits - 1)
    magnitude = word & (sign - 1)
    if magnitude > infinity:
        return "nan"
    if magnitude == infinity:
        return "-inf" if word & sign else "inf"
    return f"0x{word:0{digits}X}"


def _binding(verb, name, array):
    array = np.asarray(array)
    dtype = dtype_of(array)
    words = [_element(v, dtype) for v in array.ravel()]
    head = f"    {verb} {name} = "
    if array.ndim == 0:
        return head + words[0]
    step = PER_LINE[dtype]
    if len(words) <= step:
        return head + "[" + ", ".join(words) + "]"
    rows = [", ".join(words[i:i + step]) for i in range(0, len(words), step)]
    return head + "[\n      " + ",\n      ".join(rows) + "]"


def case(sizes, given, expect):
    """One `case`; sizes as a dict, or as words: `case("N = 3", ...)`."""
    if isinstance(sizes, dict):
        sizes = ", ".join(f"{a} = {n}" for a, n in sizes.items())
    lines = [f"  case {sizes}".rstrip()]
    lines += [_binding("given", n, a) for n, a in given.items()]
    lines += [_binding("expect", n, a) for n, a in expect.items()]
    return "\n".join(lines)


def op(source, *cases, check=None, must=MUST):
    """An op's source and its check; the check names the first op of it."""
    source = textwrap.dedent(source).strip("\n")
    name = check or re.search(r"gemel\.op @(\w+)", source).group(1)
    body = "\n".join(cases)
    return f"{source}\ngemel.check @{name} {{\n{body}\n  {must}\n}}"


def flat(name, body, given, expect, must=MUST):
    """An op over one axis N whose arguments and results all have that axis."""
    lengths = {len(a) for a in [*given.values(), *expect.values()]}
    assert len(lengths) == 1, lengths
    inputs, outputs = (
        ", ".join(f"{n}: {dtype_of(a)}[N]" for n, a in arrays.items())
        for arrays in (given, expect))
    lines = textwrap.indent(textwrap.dedent(body).strip("\n"), "  ")
    header = f"gemel.op @{name}[N]({inputs}) -> ({outputs}) {{"
    return op(f"{header}\n{lines}\n}}",
              case({"N": lengths.pop()}, given, expect), must=must)


def text(family, name, rule, *ops):
    """Registers one file; the rule becomes its comment."""
    path = f"{family}/{name}.mlir"
    assert path not in texts, path
    rule = " ".join(rule.split())
    comment = textwrap.fill(rule, 92, initial_indent="// ",
                            subsequent_indent="// ")
    texts[path] = "\n".join([LICENCE, comment, *ops]) + "\n"
