# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What operators would take on an Ascend chip, by the cycle model of the simulated CANN, beside the least they could:
the memory's time for their arguments, and the vector unit's for what it computes. No chip has been asked.

bench_ascend.py BUILD [--ops=NAME,...] [--rows=N] [--products=N,...] [--large] [--soc=NAME]
[--json=FILE] [--kernels=FOLDER] [--into=FOLDER]"""
import argparse
import ctypes
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
sys.path.append(str(ROOT / "tools" / "bench"))
from arrays import SCALARS, make_inputs
from cases import cases
from gemel_runtime import Call, Runtime

def build_library(build, kernels, folder, chosen):
    """The chosen operators and backwards for the chip, by the simulated CANN's compiler."""
    folder.mkdir(exist_ok=True)
    texts = [kernels / f"{text}.mlir" for text in dict.fromkeys(case.text for case in chosen)]
    backward = [case.op.removesuffix("_backward") for case in chosen if case.op.endswith("_backward")]
    library = folder / "libgemel_bench.so"
    command = [build / "bin" / "gemelc", *["--backward=" + ",".join(backward)] * bool(backward), "--target=ascend910b",
               *texts, "-I", kernels, "-o", library]  # fmt: skip
    ccec = build / "tools" / "sim" / "ascend" / "ccec"
    if subprocess.run(list(map(str, command)), env={**os.environ, "GEMEL_CCEC": str(ccec)}).returncode:
        raise SystemExit("bench_ascend: gemelc could not build the library")
    return library


class Cann:
    """The simulated one; what it says of launches."""

    def __init__(self, build, soc):
        path = str(build / "tools" / "sim" / "ascend" / "libascendcl.so.1")
        # In the long run what is stored has to leave the L2, as much as is loaded comes into it.
        os.environ.update(GEMEL_ASCEND_DRIVER=path, GEMEL_ASCEND_SIM="fast", GEMEL_ASCEND_SIM_TIME="1",
                          GEMEL_ASCEND_SIM_STORES="memory", GEMEL_ASCEND_SIM_SOC=soc)  # fmt: skip
        self.lib = ctypes.CDLL(path)
        self.lib.gemelAscendSimLaunches.restype = ctypes.c_char_p

    def forget(self):
        """Launches so far, and what they left in the L2."""
        self.lib.gemelAscendSimReset()

    def report(self):
        return json.loads(self.lib.gemelAscendSimLaunches())


def measure(device, cann, case):
    inputs = make_inputs(device, case.op, case.sizes, case.dtypes, seed=1)
    call = Call(device, case.op, case.sizes, case.dtypes, inputs, SCALARS.get(case.op, {}))
    cann.forget()
    call.launch()
    device.synchronize()
    report = cann.report()
    call.close()
    chip, launches = report["chip"], report["launches"]
    cores = {"vector": chip["vector_cores"], "cube": chip["cube_cores"]}
    cycles, busy = sum(launch["cycles"] for launch in launches), {}
    for launch in launches:
        for kind, pipes in launch["busy"].items():
            for pipe, spent in pipes.items():
                unit = pipe.removeprefix("PIPE_") + (" cube" if kind == "cube" else "")
                busy[unit] = busy.get(unit, 0) + spent / cores[kind]
    us = 1e6 / chip["hertz"]
    row = {"op": case.label, "sizes": case.sizes, "dtypes": case.dtypes, "launches": launches, "us": cycles * us,
           "argument_bytes": call.bytes, "memory_us": call.bytes / chip["memory_bytes_per_second"] * 1e6,
           "vector_us": busy.get("V", 0) * us, "busy": {unit: spent / cycles * 100 for unit, spent in busy.items()}}  # fmt: skip
    row["memory"] = row["memory_us"] / row["us"] * 100
    row["floor"] = max(row["memory_us"], row["vector_us"]) / row["us"] * 100
    row["cube"] = case.operations / chip["matrix_operations_per_second"] / row["us"] * 1e8 if case.operations else None
    row["goals"] = {key: {"least": least, "met": row[key] >= least} for key, least in case.goals.items()}
    for key in ("memory", "floor", "cube"):
        if row[key] is not None and not 0 < row[key] <= 100:
            raise SystemExit(f"bench_ascend: {case.label} is at {row[key]:.1f} % of '{key}', which no launch can be: "
                             "the cycle model and the floor count different work")  # fmt: skip
    return row, report


COLUMNS = (("op", -18), ("shape", 18), ("dtype", 6), ("launches", 9), ("us", 10), ("memory us", 10), ("vector us", 10),
           ("% floor", 8), ("% memory", 9), ("% cube", 7), ("busiest pipe", 17), ("goals", -36))  # fmt: skip


def line(*cells):
    return " ".join(f"{cell:{'<' if width < 0 else '>'}{abs(width)}}" for cell, (_, width) in zip(cells, COLUMNS)).rstrip()


def printed(row):
    goals = ", ".join(f"{key} >= {goal['least']}: {'met' if goal['met'] else 'missed'}" for key, goal in row["goals"].items())
    unit, share = max(row["busy"].items(), key=lambda item: item[1])
    return line(row["op"], " x ".join(map(str, row["sizes"].values())), "/".join(row["dtypes"].values()), len(row["launches"]),
                f"{row['us']:.1f}", f"{row['memory_us']:.1f}", f"{row['vector_us']:.1f}", f"{row['floor']:.1f}",
                f"{row['memory']:.1f}", f"{row['cube']:.1f}" if row["cube"] else "", f"{unit} {share:.1f} %", goals)  # fmt: skip


def explain(report):
    chip = report["chip"]
    print(f"""
us: predicted, all launches of the operator, inputs in the memory when it begins, launches one behind the other
memory us: bytes of the arguments at {chip['memory_bytes_per_second'] / 1e9:.0f} GB/s, an argument in place twice
vector us: cycles of the vector units of all {chip['vector_cores']} vector cores, shared out evenly, at {chip['hertz'] / 1e6:.0f} MHz
% floor: the larger of the two, of the prediction; % memory: of the first alone
% cube: of {chip['matrix_operations_per_second'] / 1e12:.0f} TFLOP/s, what {chip['cube_cores']} cube cores could do at best
busiest pipe: of the chip's cores of its kind, over all launches
Chip: {chip['source']}.
Assumed, no chip having been asked; GEMEL_ASCEND_SIM_... changes it:""")
    for known in report["assumed"]:
        print(f"  {known['switch'].removeprefix('GEMEL_ASCEND_SIM_')} = {known['reading']}: {known['meaning']} ({known['source']})")
    print("Left out: " + "; ".join(report["left_out"]) + ".")


def main():
    parser = argparse.ArgumentParser(prog="bench_ascend.py")
    numbers = lambda text: [int(n) for n in text.split(",")]
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--ops", default="", help="only these, by a comma")
    parser.add_argument("--rows", type=int, default=4096, help="rows, and elements of a row")
    parser.add_argument("--products", type=numbers, default=[1024], help="sizes of square matrix products")
    parser.add_argument("--large", action="store_true", help="products of 4096 and 6144 too: as long as they are simulated")
    parser.add_argument("--soc", default="Ascend910B3", help="the chip, as aclrtGetSocName says; ascend910b fills the cores of a B3")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--kernels", type=pathlib.Path, default=ROOT / "kernels", help="the operators' texts")
    parser.add_argument("--into", type=pathlib.Path, help="where the library goes; BUILD/bench-ascend")
    given = parser.parse_args()
    build, wanted = given.build.resolve(), set(filter(None, given.ops.split(",")))
    every = list(cases(given.rows, given.products + [4096, 6144] * given.large))
    if unknown := wanted - {case.label for case in every}:
        raise SystemExit(f"bench_ascend: no such operator: {', '.join(sorted(unknown))}; "
                         f"there are {', '.join(dict.fromkeys(case.label for case in every))}")  # fmt: skip
    chosen = [case for case in every if not wanted or case.label in wanted]
    library = build_library(build, given.kernels, given.into or build / "bench-ascend", chosen)
    cann = Cann(build, given.soc)
    device = Runtime(str(build / "lib" / "libgemel_runtime.so"), str(library)).device("ascend:0")
    print(f"{given.soc}, predicted by the cycle model of the simulated CANN; no chip has been asked\n{line(*(name for name, _ in COLUMNS))}", flush=True)
    rows = []
    for case in chosen:
        row, report = measure(device, cann, case)
        rows.append(row)
        print(printed(row), flush=True)
    explain(report)
    if given.json:
        del report["launches"]
        whole = given.json.with_name(given.json.name + ".part")
        whole.write_text(json.dumps({**report, "operators": rows}, indent=1) + "\n")
        whole.replace(given.json)


main()
