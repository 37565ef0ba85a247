# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rehearses the bring-up of a chip on the simulated CANN: packs the archive, unpacks it where nothing else is, runs it,
and has the simulator answer otherwise, which the result has to say.

bringup.py BUILD [--all]"""
import ctypes
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1]).resolve()
SIM = BUILD / "tools" / "sim" / "ascend"
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's numpy
# Nothing of this project but the simulated CANN.
EMPTY = {"PATH": "/usr/bin:/bin", "GEMEL_CCEC": str(SIM / "ccec"), "GEMEL_ASCEND_DRIVER": str(SIM / "libascendcl.so.1"),
         "GEMEL_ASCEND_SIM_TIME": "1"}  # fmt: skip
# Of each question, readings other than the simulator's first; for numbers what is off by less is right.
READINGS = {
    "ulp": ["exact", "up", "down"], "reciprocal": ["ulp"], "products": ["fused"], "sum_masked": ["zero"], "infnan": ["0"],
    "masked_bounds": ["refuse"], "masked_bytes": ["rewritten"], "gm_gap": ["blocks"], "narrow_rows": ["refuse"],
    "end_flush": ["yes"], "l0c_align": ["512", "1024"], "fix_round": ["away", "zero"], "hf32_bit": ["49"],
    "gemv": ["refuse"], "leaky": ["refuse"], "fb": ["7168"], "nz_stride": ["elements"], "vcadd_mode1": ["register"],
    "sync_address": ["optional"], "sync_start": ["any"], "groups": ["any"], "stores": ["memory"], "rates": ["optimistic"],
    "dispatch": [15], "transfer": [8192], "latency": [900], "signal": [400], "queue": [16],
}  # fmt: skip
SHARE = 0.05
# Switches that say how the simulator works, and nothing about a chip.
ITS_OWN = {"", "SEED", "LIMIT", "TIME", "TRACE", "UNDEFINED"}


def run(folder, *words, **readings):
    """What the bring-up prints, its status and its result."""
    known = {**EMPTY, **{f"GEMEL_ASCEND_SIM_{name}": str(value) for name, value in readings.items()}}
    done = subprocess.run([PYTHON, "bringup.py", *words], cwd=folder, env=known, capture_output=True, text=True)
    path = folder / "result" / "result.json"
    return done.stdout + done.stderr, done.returncode, json.loads(path.read_text()) if path.exists() else {}


def expect(condition, *what):
    if not condition:
        raise SystemExit("bring-up: " + "\n".join(map(str, what)))


def pack_and_unpack(folder, texts):
    archive = folder / "bringup.tar.gz"
    command = [PYTHON, ROOT / "tools" / "bringup" / "pack.py", BUILD, archive, *texts]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    expect(done.returncode == 0, done.stdout, done.stderr)
    expect(archive.stat().st_size < 60e6, f"the archive has {archive.stat().st_size} bytes")
    subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)
    return folder / "gemel-bringup", done.stdout.splitlines()[-1]


def whole(folder, questions, names):
    """All of it, on a chip that is as the simulator reads it."""
    out, status, result = run(folder, "--rows=64", "--products=40", *[f"--ops={','.join(names)}"] * bool(names))
    expect(status == 0 and not result["failed"], out)
    operators = json.loads((folder / "archive.json").read_text())["operators"]
    expect(set(result["checks"]) == set(names or operators) and result["times"], out)
    expect(all(made["cases"] == len(operators[name]["cases"]) > 0 for name, made in result["checks"].items()), out)
    expect(all(made["us"] > 0 for made in result["times"].values()), result["times"])
    expect(set(result["probes"]) >= set(questions), sorted(result["probes"]))
    expect(result["facts"] == {"L0cAlignment": 64, "RoundsProducts": 1, "ScalarDivides": 1}, result["facts"])
    expect(result["machine"]["soc"] == "Ascend910B2" and result["machine"]["simulated"], result["machine"])
    return sum(made["cases"] for made in result["checks"].values()), result["switches"], len(result["probes"]), len(result["times"])


def every_switch_is_asked(asked):
    """What the simulator only assumes of a chip, a question asks one."""
    table = ctypes.CDLL(EMPTY["GEMEL_ASCEND_DRIVER"]).gemelAscendSimSwitches
    table.restype = ctypes.c_char_p
    variables = [line.split(" |")[0] for line in table().decode().splitlines()]
    assumed = {variable.removeprefix("GEMEL_ASCEND_SIM").removeprefix("_") for variable in variables} - ITS_OWN
    expect(assumed == set(asked), f"switches without a question: {assumed - set(asked)}; questions without: {set(asked) - assumed}")
    expect(asked.keys() == {name.upper() for name in READINGS}, "questions whose answer nobody tries:", asked.keys(), READINGS.keys())


def other_readings(folder, default):
    """A question whose answer is the same whatever the chip does is none. All are asked at once, as often as one has
    readings."""
    count = 0
    for readings in itertools.zip_longest(*READINGS.values()):
        chosen = {name: reading for name, reading in zip(READINGS, readings) if reading is not None}
        out, status, result = run(folder, "--only=probe", f"--probes={','.join(chosen)}",
                                  **{name.upper(): reading for name, reading in chosen.items()})  # fmt: skip
        expect(status == 0, out)
        for name, reading in chosen.items():
            found = result["switches"][name.upper()]
            expect(found != default[name.upper()], f"{name}: {found} whatever it is", out)
            near = abs(found - reading) <= SHARE * reading if isinstance(reading, int) else found == reading
            expect(near, f"{name}: {found}, and the simulator reads {reading}", out)
        count += len(chosen)
    return count


def kernels_without_end(folder):
    """A kernel that does not end is an answer where only the question was left, and a failure before."""
    path = folder / "probes.py"
    text = path.read_text()
    path.write_text(text + """

@question("Does it end?", refused="never", seconds=3)
def endless(bench):
    bench.certain(lambda: True)
    time.sleep(60)


@question("Does what is certain end?", refused="never", seconds=1)
def late(bench):
    bench.certain(lambda: time.sleep(60))


@question("Is what is certain so?", refused="never")
def wrong(bench):
    bench.certain(lambda: False)


@question("Is what is certain stopped?", refused="never")
def stopped(bench):
    bench.certain(lambda: bench.vector("total", np.zeros(512, f32)))
""")
    out, status, result = run(folder, "--only=probe", "--probes=endless,late,wrong,stopped")
    path.write_text(text)
    expect(status == 1 and list(result["probes"]) == ["endless"] and len(result["failed"]) == 3, out)
    expect(result["probes"]["endless"]["reading"] == "never" and "has not ended in 3 s" in result["probes"]["endless"]["seen"], out)
    for line, words in zip(result["failed"], ("late: no answer in 1 s", "gives wrong results", "stops a kernel that is not in question")):
        expect(words in line, line)


def failures(folder):
    """A step that fails is told, the others go on; what differs is found."""
    source, kept = folder / "operators" / "rms_norm.cce", folder / "cases" / "residual_add.npz"
    text, data = source.read_text(), kept.read_bytes()
    source.write_text(text + "\n#error not today\n")
    out, status, result = run(folder, "--out=broken", "--only=check", "--ops=rms_norm,residual_add", "--jobs=1")
    source.write_text(text)
    result = json.loads((folder / "broken" / "result.json").read_text())
    expect(status == 1 and len(result["failed"]) == 2 and list(result["checks"]) == ["residual_add"], out)
    expect("compile rms_norm" in result["failed"][0] and "not today" in result["failed"][0], result["failed"])
    expect("machine code" in result["failed"][1], result["failed"])
    import numpy as np

    stored = dict(np.load(kept))
    stored["0/out/y"].flat[3] ^= 1
    np.savez_compressed(kept, **stored)
    out, status, result = run(folder, "--only=check", "--ops=residual_add")
    kept.write_bytes(data)
    expect(status == 1 and "'y' at [0, 3] is" in out, out)
    EMPTY["GEMEL_CCEC"] = "/nowhere/ccec"
    out, status, _ = run(folder)
    EMPTY["GEMEL_CCEC"] = str(SIM / "ccec")
    expect(status == 1 and out.startswith("bringup: there is no ccec; source CANN's set_env.sh"), out)
    out, status, _ = run(folder, "--ops=layer_norm")
    expect(status == 1 and "no operator is named layer_norm; there are " in out, out)


def table_of_facts(folder):
    """Entered, and only where asked to."""
    table, result = folder / "Facts.inc", folder / "result" / "result.json"
    before = (ROOT / "codegen" / "ascend" / "Facts.inc").read_text()
    table.write_text(before)

    def facts(*words):
        done = subprocess.run([PYTHON, ROOT / "tools" / "bringup" / "facts.py", result, f"--facts={table}", *words],
                              capture_output=True, text=True)  # fmt: skip
        return done.stdout + done.stderr

    run(folder, "--only=probe", "--probes=l0c_align,scalar_quotient,dispatch", L0C_ALIGN=512, DISPATCH=12)
    out = facts()
    expect("L0cAlignment" in out and "CHANGED" in out and "not written" in out and table.read_text() == before, out)
    expect([line.split() for line in out.splitlines() if line.startswith("DISPATCH")][0][1:3] == ["10", "12"], out)
    expect("the simulated CANN gave this result" in facts("--write") and table.read_text() == before)
    facts("--write", "--rehearsal")
    after = table.read_text()
    expect("GEMEL_ASCEND_FACT(L0cAlignment, 512, Measured," in after and "; measured on Ascend910B2, 20" in after, after)
    expect("GEMEL_ASCEND_FACT(ScalarDivides, 1, Measured," in after, after)
    expect("CHANGED" not in facts("--write", "--rehearsal") and table.read_text() == after, "measuring again changes something")


def main():
    every = "--all" in sys.argv
    os.environ.pop("GEMEL_ASCEND_SIM_SEED", None)
    with tempfile.TemporaryDirectory() as name:
        folder, packed = pack_and_unpack(pathlib.Path(name), [] if every else ["--texts=activation/residual_add,norm/rms_norm"])
        cases, switches, questions, times = whole(folder, READINGS, [] if every else ["residual_add", "rms_norm", "rms_norm_backward"])
        every_switch_is_asked(switches)
        count = other_readings(folder, switches)
        kernels_without_end(folder)
        failures(folder)
        table_of_facts(folder)
    print(packed.split(": ")[1] + "; " if every else "", end="")
    print(f"{cases} cases, {questions} questions, {times} times; {count} other readings told")


main()
