# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Brings Gemel up on a chip: compiles the operators with CANN's ccec, holds each to the results that the archive has,
asks the chip what public sources leave open, times operators, and writes all of it as JSON. README.md says how.

bringup.py [--out=FOLDER] [--only=check,probe,time] [--ops=NAME,...] [--probes=NAME,...] [--rows=N] [--products=N,...]
[--jobs=N] [--seconds=N]"""
import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import time

FOLDER = pathlib.Path(__file__).resolve().parent
try:
    import numpy as np
except ImportError:
    raise SystemExit("bringup: this Python has no numpy; `python3 -m pip install numpy`, or run another Python that has it")
from arrays import SCALARS, difference, make_inputs
from cann import Acl, Ccec, Refused, find_ccec, run
from cases import cases
from gemel_runtime import CODES, Call, Runtime
from probes import ONLY_THE_QUESTION, PROBES, UNITS, Bench

ABOUT = json.loads((FOLDER / "archive.json").read_text())
MANIFEST = "gemel_manifest_operators"


def write(path, text):
    """Whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text)
    part.replace(path)


class Progress:
    """A line a step; what failed."""

    def __init__(self):
        self.failed = []

    def done(self, number, of, what, error, note):
        if error:
            self.failed.append(f"{what}: {error}")
        print(f"[{number:3}/{of}] {what:34} {'FAILED' if error else 'ok':6} {error.splitlines()[0][:150] if error else note}", flush=True)

    def each(self, items, what, work, jobs=1):
        """work(item) gives (result, note); one that fails is told, and the others go on. Results by item."""
        results = {}
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            waiting = {pool.submit(work, item): item for item in items}
            for number, future in enumerate(concurrent.futures.as_completed(waiting), 1):
                error, note, result = "", "", None
                try:
                    result, note = future.result()
                except Exception as problem:  # a step that fails is part of the result
                    error = str(problem) or type(problem).__name__
                results[waiting[future]] = (result, error)
                self.done(number, len(waiting), f"{what} {waiting[future]}", error, note)
        return results


def compiler(*names):
    found = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if not found:
        raise SystemExit(f"bringup: there is no compiler of {'C++' if 'c++' in names else 'C'}; install g++ or clang++, "
                         "or name one in CXX and CC")  # fmt: skip
    return found


def build_runtime(build):
    library = build / "libgemel_runtime.so"
    run([compiler(os.environ.get("CXX"), "c++", "g++", "clang++"), "-std=c++17", "-O2", "-fPIC", "-shared", "-fno-exceptions",
         "-fno-rtti", "-fvisibility=hidden", "-I", FOLDER / "runtime" / "include", *sorted((FOLDER / "runtime" / "src").glob("*.cpp")),
         "-o", library, "-ldl", "-pthread"])  # fmt: skip


def build_operator(ccec, build, name):
    begin = time.monotonic()
    ccec.keep(FOLDER / "operators" / f"{name}.cce", ABOUT["arches"][name], build / f"{name}.bin")
    return None, f"{time.monotonic() - begin:.1f} s"


def build_library(build, names):
    """The operators' tables with the objects; an operator without one keeps its text, which the runtime refuses."""
    lines = []
    for name in names:
        path = build / f"{name}.bin"
        if path.exists():
            lines.append(f'__asm__(".section .rodata\\n.balign 64\\n.hidden object_{name}\\n.globl object_{name}\\n'
                         f'object_{name}:\\n.incbin \\"{path}\\"\\n.text\\n");\n'
                         f"extern const char object_{name}[];\n"
                         f'#define OBJECT_{name} {{"ascend910b", GEMEL_ASCEND_ELF, {path.stat().st_size}, object_{name}}}')  # fmt: skip
        else:
            lines.append(f'#define OBJECT_{name} {{"ascend910b", GEMEL_CCE, 1, " "}}')
    write(build / "objects.h", "\n".join(lines) + "\n")
    run([compiler(os.environ.get("CC"), "cc", "gcc", "clang"), "-O1", "-fPIC", "-shared", "-I", FOLDER / "runtime" / "include",
         "-I", build, FOLDER / "operators" / "operators.c", "-o", build / "libgemel_operators.so"])  # fmt: skip


# What a process of its own does, for an error of a kernel stays with the process. Each returns what JSON can say.


def opened(build):
    acl = Acl()
    runtime = Runtime(str(build / "libgemel_runtime.so"), str(build / "libgemel_operators.so"), MANIFEST)
    return acl, runtime.device("ascend:0")


def check(build, name):
    """The operator's cases against the archive's results."""
    stored, known, wrong = np.load(FOLDER / "cases" / f"{name}.npz"), ABOUT["operators"][name], []
    _, device = opened(build)
    for i, case in enumerate(known["cases"]):
        side = lambda which: {key.split("/")[2]: stored[key] for key in stored.files if key.startswith(f"{i}/{which}/")}
        call = Call(device, name, case["sizes"], case["dtypes"], side("in"), known["scalars"])
        call.launch()
        found = call.results()
        call.close()
        if problem := difference(found, {key: (value, 0, True) for key, value in side("out").items()}):
            wrong.append(f"{case['sizes']} {case['dtypes']}: {problem}")
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {len(known['cases'])} cases differ, the first: {wrong[0]}")
    return {"cases": len(known["cases"])}


def probe(build, name):
    return PROBES[name].ask(Bench(Acl(), build, ABOUT))


def timed(build, label, rows, products, repeats=10):
    """Median seconds of a launch, over arrays that take turns so that the L2 has none of them."""
    [case] = [case for case in cases(rows, products) if label_of(case) == label]
    acl, device = opened(build)
    inputs = make_inputs(device, case.op, case.sizes, case.dtypes, seed=1)
    calls = [Call(device, case.op, case.sizes, case.dtypes, inputs, SCALARS.get(case.op, {})) for _ in range(3)]
    for call in calls:
        call.launch()
    device.synchronize()
    taken = sorted(acl.seconds(lambda: calls[i % 3].launch(), device.stream) for i in range(repeats))[repeats // 2]
    return {"op": case.op, "sizes": case.sizes, "dtypes": case.dtypes, "us": taken * 1e6, "bytes": calls[0].bytes,
            "gigabytes_per_second": calls[0].bytes / taken / 1e9,
            "tera_operations_per_second": case.operations / taken / 1e12}  # fmt: skip


def label_of(case):
    return f"{case.label} {case.sizes['M']}" if "M" in case.sizes else case.label  # products of several sizes


def alone(given, what, *words, seconds=None):
    """What a process of its own says, or RuntimeError. Refused: the chip stopped a kernel, or one does not end when only
    the question was left."""
    seconds = min(given.seconds, seconds or given.seconds)
    command = [sys.executable, str(FOLDER / "bringup.py"), f"--out={given.out}", f"--rows={given.rows}",
               f"--products={','.join(map(str, given.products))}", "--alone", what, *words]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired as late:
        if ONLY_THE_QUESTION.encode() in (late.stdout or b""):
            raise Refused(f"the kernel has not ended in {seconds} s")
        raise RuntimeError(f"no answer in {seconds} s; give it more by --seconds")
    lines = done.stdout.splitlines()
    answer = json.loads(lines[-1]) if done.returncode == 0 and lines else None
    if answer is None:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise RuntimeError(said[-1] if said else f"ended with status {done.returncode}")
    if "refused" in answer:
        raise Refused(answer["refused"])
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer["result"]


def asked(given, name):
    question = PROBES[name]
    try:
        reading, seen = alone(given, "probe", name, seconds=question.seconds)
    except Refused as error:
        if question.refused is None:
            raise
        reading, seen = question.refused, str(error)
    return {"question": question.text, "reading": reading, "seen": seen}, str(reading)


def machine(acl):
    version = subprocess.run([find_ccec(), "--version"], capture_output=True, text=True).stdout.splitlines()
    return {"soc": acl.soc(), "simulated": acl.is_simulated(), "processor": platform.machine(), "system": platform.platform(), "ccec": version[0] if version else "unknown",
            "measured": datetime.date.today().isoformat()}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(prog="bringup.py")
    words = lambda text: [word for word in text.split(",") if word]
    parser.add_argument("--out", type=pathlib.Path, default=FOLDER / "result", help="what is built, and result.json")
    parser.add_argument("--only", type=words, default=["check", "probe", "time"])
    parser.add_argument("--ops", type=words, default=[], help="only these operators")
    parser.add_argument("--probes", type=words, default=[], help="only these questions")
    parser.add_argument("--rows", type=int, default=4096, help="of what is timed, and elements of a row")
    parser.add_argument("--products", type=lambda text: [int(n) for n in text.split(",") if n], default=[1024, 4096, 6144])
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="texts compiled at a time")
    parser.add_argument("--seconds", type=int, default=600, help="after which a check, a question or a time is given up")
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.out = given.out.resolve()
    build = given.out / "build"
    if given.alone:
        what, name = given.alone
        try:
            made = {"check": check, "probe": probe}[what](build, name) if what != "time" else timed(build, name, given.rows, given.products)
            print(json.dumps({"result": made}))
        except Refused as error:
            print(json.dumps({"refused": str(error)}))
        except RuntimeError as error:
            print(json.dumps({"error": str(error)}))
        return 0
    for wanted, known, what in ((given.ops, ABOUT["operators"], "operator"), (given.probes, PROBES, "question"),
                                (given.only, ("check", "probe", "time"), "step")):  # fmt: skip
        if unknown := [name for name in wanted if name not in known]:
            raise SystemExit(f"bringup: no {what} is named {', '.join(unknown)}; there are {', '.join(known)}")
    names = given.ops or list(ABOUT["operators"])
    questions = given.probes or list(PROBES)
    build.mkdir(parents=True, exist_ok=True)
    ccec, progress = Ccec(ABOUT["recipe"]), Progress()
    result = {"commit": ABOUT["commit"], "machine": machine(Acl()), "failed": progress.failed}

    def keep(key, made):
        result[key] = {name: value for name, (value, error) in made.items() if not error}
        write(given.out / "result.json", json.dumps(result, indent=1) + "\n")

    print(f"bringup: {result['machine']['soc']}, {result['machine']['ccec']}; into {given.out}", flush=True)
    if {"check", "time"} & set(given.only):
        progress.each(["libgemel_runtime.so"], "build", lambda _: (build_runtime(build), ""))
        progress.each(names, "compile", lambda name: build_operator(ccec, build, name), given.jobs)
        progress.each(["libgemel_operators.so"], "link", lambda _: (build_library(build, ABOUT["operators"]), ""))
    if "check" in given.only:
        def compared(name):
            made = alone(given, "check", name)
            return made, f"{made['cases']} cases"

        keep("checks", progress.each(names, "check", compared))
    if "probe" in given.only:
        progress.each([f"{unit} probes" for unit in UNITS], "compile", lambda probes: (Bench.build(ccec, build, probes.split()[0]), ""),
                      given.jobs)  # fmt: skip
        answers = progress.each(questions, "ask", lambda name: asked(given, name))
        keep("probes", answers)
        known = {name: answer["reading"] for name, answer in result["probes"].items()}
        result["switches"] = {PROBES[name].switch: reading for name, reading in known.items() if PROBES[name].switch}
        result["facts"] = {PROBES[name].fact: PROBES[name].number(reading) for name, reading in known.items() if PROBES[name].fact}
    if "time" in given.only:
        def taken(label):
            made = alone(given, "time", label)
            return made, f"{made['us']:.1f} us, {made['gigabytes_per_second']:.0f} GB/s, {made['tera_operations_per_second']:.1f} Tops/s"

        labels = [label_of(case) for case in cases(given.rows, given.products) if case.op in names]
        keep("times", progress.each(labels, "time", taken))
    write(given.out / "result.json", json.dumps(result, indent=1) + "\n")
    print(f"bringup: {len(progress.failed)} steps failed; {given.out / 'result.json'} has what was found", flush=True)
    for line in progress.failed:
        print("  " + line.replace("\n", "\n    "))
    return bool(progress.failed)


if __name__ == "__main__":
    sys.exit(main())
