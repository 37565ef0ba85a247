# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Packs what a machine with a chip and CANN, but no compiler of ours, runs to bring Gemel up: the operators' CCE C, the
runtime's source, cases with the results that the cpu gives, questions to the chip, and bringup.py, which does it all.

pack.py BUILD ARCHIVE.tar.gz [--texts=NAME,...]"""
import argparse
import io
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.append(str(ROOT / "tools" / "bench"))
from arrays import SCALARS, make_inputs
from gemel_runtime import Call, Runtime

NAME = "gemel-bringup"
PROGRAMS = [HERE / name for name in ("README.md", "bringup.py", "cann.py", "probes.py", "vector_probes.cce", "cube_probes.cce",
                                     "mixed_probes.cce")] + [
    ROOT / "tools" / "bench" / name for name in ("arrays.py", "gemel_runtime.py", "ascend/cases.py")]  # fmt: skip
DTYPES = ("bf16", "f16", "f32", "i32", "i64")


def generate(build, texts, folder):
    """The operators' library as C, their CCE C, and how it is compiled."""
    for tool in ("ccec", "ld.lld"):
        (folder / tool).symlink_to(HERE / "recorder.py")
    library = folder / "operators.c"
    command = [build / "bin" / "gemelc", "--backward", "--target=ascend910b", *texts, "-I", "kernels", "-o", library]
    known = {**os.environ, "GEMEL_CCEC": str(folder / "ccec"), "XDG_CACHE_HOME": str(folder / "kept")}
    if subprocess.run(list(map(str, command)), cwd=ROOT, env=known).returncode:
        raise SystemExit("pack: gemelc could not compile the operators")
    return portable(library.read_text(), folder)


def portable(text, folder):
    """The library with a macro in place of each object, without texts, and for processors that are not this one's:
    host code of theirs there is none, so that conditions on sizes are not checked. Files and recipes by operator."""
    names = re.findall(r'^    \{"(\w+)", "[^"]*\.mlir:\d+", ', text, re.M)
    objects = re.findall(r'^    \{"ascend910b", GEMEL_ASCEND_ELF, \d+, "object (\w+)"\},$', text, re.M)
    assert len(names) == len(objects) > 0, (len(names), len(objects))
    sources, arches, recipes = {}, {}, []
    for name, made in zip(names, objects):
        recipe = json.loads((folder / f"{made}.json").read_text())
        sources[name], arches[name] = (folder / f"{made}.cce").read_bytes(), recipe.pop("arches")
        recipes.append(recipe)
    assert all(recipe == recipes[0] for recipe in recipes)
    found = iter(names)
    text = re.sub(r'\{"ascend910b", GEMEL_ASCEND_ELF, \d+, "object \w+"\}', lambda _: f"OBJECT_{next(found)}", text)
    text = re.sub(r'(GEMEL_CCE), \d+, "(?:[^"\\]|\\.|"\n    ")*"\}', r'\1, 1, " "}', text)
    host = re.search(r"__asm__\(\n.*?\);\n", text, re.S)
    checks = re.findall(r"extern int32_t (gemel_require_\w+)\(", text)
    other = "".join(f"int32_t {name}(const int64_t *a, const uint64_t *b) {{ (void)a, (void)b; return -1; }}\n" for name in checks)
    text = text.replace(host[0], f"#ifdef __x86_64__\n{host[0]}#else\n{other}#endif\n")
    return text.replace("#include <gemel/library.h>\n", '#include <gemel/library.h>\n#include "objects.h"\n'), sources, arches, recipes[0]


def cases_of(texts):
    """Sizes by operator, from the checks of the texts; and twice as large, odd, for the lanes' axis."""
    found = {}
    for text in texts:
        for name, body in re.findall(r"gemel\.check @(\w+) \{(.*?)\n\}", (ROOT / text).read_text(), re.S):
            for case in re.findall(r"^\s*case (.*)$", body, re.M):
                sizes = {axis: int(n) for axis, n in re.findall(r"(\w+) = (\d+)", case)}
                found.setdefault(name, []).append(sizes)
    for sizes in found.values():
        first = sizes[0]
        # Rows beyond those that have code of their own, and few of them.
        for lanes in (1500, 9001):
            *rows, last = first
            wide = {**first, last: lanes}
            if len(first) <= 2 and wide not in sizes:
                sizes.append(wide)
    return found


def expected(build, names, sizes_of):
    """Each operator's cases: sizes, dtypes, inputs and what the cpu makes of them."""
    cpu = Runtime(str(build / "lib" / "libgemel_runtime.so"), str(build / "lib" / "libgemel_kernels.so")).device("cpu")
    for name in names:
        _, table = cpu.op(name)
        variables = [v.name.decode() for v in table.dtype_variables[: table.dtype_variable_count]]
        made = []
        base = re.sub(r"_(train|backward|accumulate)$", "", name)
        for sizes in sizes_of.get(base, []):
            for choice in itertools.product(DTYPES, repeat=len(variables)):
                dtypes = dict(zip(variables, choice))
                inputs = make_inputs(cpu, name, sizes, dtypes, seed=len(made))
                try:
                    call = Call(cpu, name, sizes, dtypes, inputs, scalars_of(base))
                    call.launch()
                except RuntimeError:
                    continue  # it has no such dtype
                results = call.results()
                call.close()
                made.append((sizes, dtypes, inputs, {key: value for key, (value, _, _) in results.items()}))
        assert made, f"{name} has no case"
        yield name, made


def scalars_of(name):
    return SCALARS.get(name, {})


def chips():
    """Clocks, for cycles of events."""
    rows = re.findall(r'\{"(\w+)", (\d+), (\d+), (\d+)\}', (ROOT / "codegen" / "ascend" / "Chips.h").read_text())
    return {name: {"megahertz": int(clock), "memory": int(rate) * 10**6} for name, _, clock, rate in rows}


def main():
    parser = argparse.ArgumentParser(prog="pack.py")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("archive", type=pathlib.Path)
    parser.add_argument("--texts", default="", help="only these of kernels/, as norm/rms_norm, by a comma")
    given = parser.parse_args()
    wanted = [f"kernels/{text}.mlir" for text in given.texts.split(",") if text]
    texts = wanted or sorted(str(path.relative_to(ROOT)) for path in (ROOT / "kernels").glob("*/*.mlir"))
    if missing := [text for text in texts if not (ROOT / text).exists()]:
        raise SystemExit(f"pack: there is no {', '.join(missing)}")
    print(f"pack: compiling {len(texts)} texts for ascend910b", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        library, sources, arches, recipe = generate(given.build.resolve(), texts, pathlib.Path(folder))
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    part = given.archive.with_name(given.archive.name + ".part")
    with tarfile.open(part, "w:gz", compresslevel=6) as archive:

        def add(name, data):
            info = tarfile.TarInfo(f"{NAME}/{name}")
            info.size, info.mtime = len(data), int(time.time())
            archive.addfile(info, io.BytesIO(data))

        for path in PROGRAMS:
            add(path.name, path.read_bytes())
        for path in sorted((ROOT / "runtime").rglob("*")):
            if path.suffix in (".h", ".hpp", ".cpp", ".inc"):
                add(str(path.relative_to(ROOT)), path.read_bytes())
        add("operators/operators.c", library.encode())
        for name, source in sources.items():
            add(f"operators/{name}.cce", source)
        index, count = {}, 0
        for name, made in expected(given.build.resolve(), sources, cases_of(texts)):
            stored = {}
            for i, (_, _, inputs, results) in enumerate(made):
                stored.update({f"{i}/in/{key}": value for key, value in inputs.items()})
                stored.update({f"{i}/out/{key}": value for key, value in results.items()})
            data = io.BytesIO()
            np.savez_compressed(data, **stored)
            add(f"cases/{name}.npz", data.getvalue())
            scalars = scalars_of(re.sub(r"_(train|backward|accumulate)$", "", name))
            index[name] = {"scalars": scalars, "cases": [{"sizes": sizes, "dtypes": dtypes} for sizes, dtypes, _, _ in made]}
            count += len(made)
        about = {"commit": commit, "packed": time.strftime("%Y-%m-%d"), "recipe": recipe, "arches": arches, "chips": chips(),
                 "operators": index}  # fmt: skip
        add("archive.json", (json.dumps(about, indent=1) + "\n").encode())
    part.replace(given.archive)
    print(f"pack: {len(sources)} operators, {count} cases, {given.archive.stat().st_size / 1e6:.1f} MB: {given.archive}")


main()
