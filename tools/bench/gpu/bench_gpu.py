# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks every operator on a GPU against the cpu target's bits, then times it beside the best of what is there, in one
run: graph replays over buffers beyond the L2 cache, medians, the machine's own copy and matrix ceilings, and of each
operator the least time that its bytes and its instructions (counted by ncu, where it may) take.

bench_gpu.py FOLDER [--check] [--json=FILE] [--ops=LABEL,...]: FOLDER holds libgemel_runtime.so.0, libgemel_bench.so
and gemel_cuda_launch_cost. --check: no times, so the simulated driver does (GEMEL_CUDA_DRIVER)."""
import argparse
import csv
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import numpy as np

from arrays import SCALARS, difference, make_inputs, read_arguments, special
from cases import CASES, peers, small
from gemel_runtime import CODES, Call, Runtime

ISSUE = 0.8  # of one instruction a cycle and scheduler; what well-written kernels reach
SCHEDULERS = 4  # of a multiprocessor (CUDA programming guide, compute capability 8.0 and 9.0)
COUNTED = {"smsp__inst_executed.sum": "instructions", "dram__bytes.sum": "dram_bytes",
           "gpu__time_duration.sum": "nanoseconds", "launch__registers_per_thread": "registers",
           "sm__warps_active.avg.pct_of_peak_sustained_active": "occupancy"}  # fmt: skip
WARM = 0.1  # seconds
SEPARATOR = "spin_kernel"  # torch.cuda._sleep's


def check(gpu, cpu, chosen):
    for count, case in enumerate(chosen):
        sizes = small(case)
        inputs = make_inputs(gpu, case.op, sizes, case.dtypes, seed=count)
        found = []
        for device in (gpu, cpu):
            call = Call(device, case.op, sizes, case.dtypes, inputs, SCALARS.get(case.op, {}))
            call.launch()
            found.append(call.results())
            call.close()
        if wrong := difference(*found):
            raise SystemExit(f"{case.label}: {wrong}")
    print(f"{len(chosen)} operators on {gpu.name} give what the cpu gives: exact results to the bit", flush=True)


def launch_cost(folder):
    found = subprocess.run([folder / "gemel_cuda_launch_cost", folder / "libgemel_bench.so"], capture_output=True, text=True)
    if found.returncode:
        raise SystemExit(found.stderr)
    return json.loads(found.stdout)


def tensors(torch, gpu, case):
    """Random data for every argument that is read, made on the GPU."""
    random, made = np.random.default_rng(1), {}
    kinds = {CODES["f32"]: torch.float32, CODES["bf16"]: torch.bfloat16, CODES["f16"]: torch.float16,
             CODES["i32"]: torch.int32, CODES["i64"]: torch.int64}  # fmt: skip
    for key, code, shape in read_arguments(gpu, case.op, case.sizes, case.dtypes):
        drawn = special(key, shape)
        values = torch.from_numpy(np.asarray(drawn(random, shape, case.sizes))).cuda() if drawn else torch.randn(shape, device="cuda")
        made[key] = values.to(kinds[code]).contiguous()
    torch.cuda.synchronize()
    return made


def times(torch, stream, launches, replays=20):
    """Median seconds of one launch: a graph that replays all of `launches`, which rotate over buffers, once it has run
    long enough for the clocks to be up. stream: where what they need was made; a backward runs on its forward's."""
    with torch.cuda.stream(stream):
        for launch in launches:
            launch()
    stream.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        for launch in launches:
            launch()
    taken, until = [], time.monotonic() + WARM
    while time.monotonic() < until:
        graph.replay()
        torch.cuda.synchronize()
    for _ in range(replays):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        graph.replay()
        end.record()
        end.synchronize()
        taken.append(begin.elapsed_time(end) / 1e3 / len(launches))
    return statistics.median(taken)


def ceilings(torch, stream):
    """Bytes a second of the fastest copy, operations a second of a matrix product."""
    a = torch.randn(1 << 28, device="cuda").to(torch.bfloat16)
    b = torch.empty_like(a)
    copies = [times(torch, stream, [copy]) for copy in (lambda: b.copy_(a), lambda: torch.neg(a, out=b)) for _ in range(2)]
    m = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    products = [times(torch, stream, [lambda: m @ m]) for _ in range(2)]
    return 2 * a.numel() * 2 / min(copies), 2 * 8192**3 / min(products)


def launch_for_counting(gpu, chosen):
    """What ncu looks at: one launch of each case, apart."""
    import torch

    for case in chosen:
        call = Call(gpu, case.op, case.sizes, case.dtypes, tensors(torch, gpu, case), SCALARS.get(case.op, {}))
        torch.cuda.profiler.start()
        torch.cuda._sleep(1)
        call.launch()
        gpu.synchronize()
        torch.cuda.profiler.stop()
        call.close()
        torch.cuda.empty_cache()


def count(folder, chosen):
    """Of each case its kernels: name and COUNTED, summed up by nobody. Empty where ncu is not there or may not."""
    ncu = shutil.which("ncu")
    if not ncu:
        return {}, "no ncu"
    command = [ncu, "--clock-control", "none", "--profile-from-start", "off", "--csv", "--page", "raw",
               "--metrics", ",".join(COUNTED), sys.executable, __file__, str(folder), "--launch-only",
               "--ops=" + ",".join(case.label for case in chosen)]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True)
    table = [line for line in ran.stdout.splitlines() if line.startswith('"')]
    if ran.returncode or len(table) < 3:
        return {}, "ncu: " + " ".join((ran.stdout + ran.stderr).split())[-300:]
    found, left = {}, iter(chosen)
    for row in csv.DictReader([table[0]] + table[2:]):  # the second line has the units
        if SEPARATOR in row["Kernel Name"]:
            kernels = found.setdefault(next(left).label, [])
            continue
        kernels.append({"kernel": row["Kernel Name"]} | {
            ours: float(row[theirs].replace(",", "")) for theirs, ours in COUNTED.items()})  # fmt: skip
    units = dict(zip(next(csv.reader([table[0]])), next(csv.reader([table[1]]))))
    scale = {"byte": 1, "Kbyte": 1e3, "Mbyte": 1e6, "Gbyte": 1e9}[units["dram__bytes.sum"]]
    for kernels in found.values():
        for kernel in kernels:
            kernel["dram_bytes"] *= scale
    return found, ""


def clock():
    """Cycles a second, at most."""
    told = subprocess.run(["nvidia-smi", "--query-gpu=clocks.max.sm", "--format=csv,noheader,nounits"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    return float(told.stdout.splitlines()[0]) * 1e6


def best_peer(torch, stream, case, sets):
    """A peer that cannot be made or captured is left out, and said so."""
    best, peer, compiled = None, "none", {}
    left_out = lambda kind, error: print(f"  {case.label}: {kind} left out: {str(error).splitlines()[0][:90]}")
    try:
        with torch.cuda.stream(stream):
            made = [peers(torch, case, t, compiled) for t in sets]
        stream.synchronize()
    except Exception as error:
        left_out("every peer", error)
        return best, peer
    for kind in made[0]:
        try:
            taken = times(torch, stream, [s[kind] for s in made])
        except Exception as error:
            left_out(kind, error)
            continue
        if best is None or taken < best:
            best, peer = taken, kind
    return best, peer


def bench(folder, gpu, chosen):
    import torch
    import torch._functorch.config as functorch

    torch.backends.cuda.matmul.allow_tf32 = False
    functorch.donated_buffer = False  # a compiled backward runs many times
    props = torch.cuda.get_device_properties(0)
    stream = torch.cuda.Stream()
    copy, matrix = ceilings(torch, stream)
    hertz = clock()
    issue = ISSUE * SCHEDULERS * props.multi_processor_count * hertz
    cost = launch_cost(folder)
    print(f"{props.name}: copies at {copy / 1e9:.0f} GB/s, bf16 matrix products at {matrix / 1e12:.0f} TFLOP/s, measured; "
          f"{issue / 1e12:.2f}e12 warp instructions/s, {ISSUE:.0%} of issue at {hertz / 1e6:.0f} MHz")  # fmt: skip
    print(f"a launch takes the host {cost['launch_ns']:.0f} ns, cuLaunchKernel alone {cost['bare_ns']:.0f}: {cost['ratio']:.2f} of it")
    counted, why = count(folder, chosen)
    if why:
        print(f"  instructions are not counted: {why}")
    print(f"{'operator':22} {'us':>9} {'GB/s':>6} {'TFLOP/s':>8} {'bytes us':>9} {'issue us':>9} {'% floor':>8} "
          f"{'best peer':>14} {'us':>9} {'ratio':>6}")  # fmt: skip
    rows = []
    for case in chosen:
        begin = time.monotonic()
        inputs, given = tensors(torch, gpu, case), SCALARS.get(case.op, {})
        first = Call(gpu, case.op, case.sizes, case.dtypes, inputs, given)
        moved = case.bytes or first.bytes
        rotate = max(2, min(8, int(3 * props.L2_cache_size // max(first.bytes, 1)) + 1))
        calls = [first] + [Call(gpu, case.op, case.sizes, case.dtypes, inputs, given) for _ in range(rotate - 1)]
        own = times(torch, stream, [lambda call=call: call.launch(torch.cuda.current_stream().cuda_stream) for call in calls])
        for call in calls:
            call.close()
        sets = [{key: value.clone() for key, value in inputs.items()} for _ in range(rotate)]
        torch.cuda.synchronize()
        best, peer = best_peer(torch, stream, case, sets)
        kernels = counted.get(case.label, [])
        instructions = sum(kernel["instructions"] for kernel in kernels)
        floors = {"bytes_us": moved / copy * 1e6, "issue_us": 0 if case.flops else instructions / issue * 1e6,
                  "matrix_us": case.flops / matrix * 1e6}  # fmt: skip
        share = max(floors.values()) / (own * 1e6)
        rows.append({"operator": case.label, "sizes": case.sizes, "dtypes": case.dtypes, "us": own * 1e6,
                     "bytes": moved, "flops": case.flops, **floors, "floor": share, "kernels": kernels, "peer": peer,
                     "peer_us": best and best * 1e6})  # fmt: skip
        print(f"{case.label:22} {own * 1e6:9.1f} {moved / own / 1e9:6.0f} {case.flops / own / 1e12:8.1f} "
              f"{floors['bytes_us']:9.1f} {floors['issue_us']:9.1f} {share:8.0%} {peer:>14} {best * 1e6 if best else 0:9.1f} "
              f"{best / own if best else 0:6.2f}   ({time.monotonic() - begin:.0f} s)", flush=True)  # fmt: skip
        del sets, inputs, calls, first
        torch.cuda.empty_cache()
    driver = subprocess.run(["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"], capture_output=True, text=True)
    versions = {"torch": torch.__version__, "cuda": torch.version.cuda, "driver": driver.stdout.strip(), "chip": props.name}
    return {"versions": versions, "copy_bytes_per_second": copy, "matrix_flops_per_second": matrix,
            "clock_hertz": hertz, "launch": cost, "operators": rows}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(prog="bench_gpu.py")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--launch-only", action="store_true", help="for ncu")
    parser.add_argument("--ops", default="", help="only these, by a comma")
    parser.add_argument("--json", type=pathlib.Path)
    given = parser.parse_args()
    wanted = set(filter(None, given.ops.split(",")))
    if unknown := wanted - {case.label for case in CASES}:
        raise SystemExit(f"bench_gpu: no such operator: {', '.join(sorted(unknown))}")
    chosen = [case for case in CASES if not wanted or case.label in wanted]
    folder = given.folder.resolve()
    if not given.check:
        import torch

        torch.cuda.init()  # the primary context is torch's and the runtime's
    runtime = Runtime(str(folder / "libgemel_runtime.so.0"), str(folder / "libgemel_bench.so"))
    gpu = runtime.device("cuda:0")
    if given.launch_only:
        launch_for_counting(gpu, chosen)
        return
    check(gpu, runtime.device("cpu"), chosen)
    if given.check:
        cost = launch_cost(folder)
        assert cost["launch_ns"] > 0 and cost["bare_ns"] > 0, cost
        return
    result = bench(folder, gpu, chosen)
    if given.json:
        whole = given.json.with_name(given.json.name + ".part")
        whole.write_text(json.dumps(result, indent=1) + "\n")
        os.replace(whole, given.json)


if __name__ == "__main__":
    main()
