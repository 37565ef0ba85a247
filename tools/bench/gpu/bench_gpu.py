# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks every operator on a GPU against the cpu target's bits, then times it beside the best of what is there, in one
run: graph replays over buffers beyond the L2 cache, medians, and the machine's own copy and matrix ceilings.

bench_gpu.py FOLDER [--check] [--json=FILE]: FOLDER holds libgemel_runtime.so and libgemel_bench.so. --check: no times,
so the simulated driver does (GEMEL_CUDA_DRIVER)."""
import json
import pathlib
import statistics
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
from arrays import SCALARS, difference, make_inputs
from cases import CASES, peers, small
from gemel_runtime import Call, Runtime


def check(runtime, gpu):
    cpu, count = runtime.device("cpu"), 0
    for label, name, sizes, dtypes, _ in CASES:
        sizes = small(sizes)
        if name == "gelu_rows" or name == "adamw":
            sizes = {"N": 5003}
        inputs = make_inputs(gpu, name, sizes, dtypes, seed=count)
        found = []
        for device in (gpu, cpu):
            call = Call(device, name, sizes, dtypes, inputs, SCALARS.get(name, {}))
            call.launch()
            found.append(call.results())
            call.close()
        if wrong := difference(*found):
            raise SystemExit(f"{label}: {wrong}")
        count += 1
    print(f"{count} operators on {gpu.name} give what the cpu gives: exact results to the bit", flush=True)


def times(torch, launches, replays=20):
    """Median seconds of one launch: a graph that replays all of `launches`, which rotate over buffers."""
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for launch in launches:
            launch()
    stream.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        for launch in launches:
            launch()
    taken = []
    for i in range(replays + 3):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        graph.replay()
        end.record()
        end.synchronize()
        if i >= 3:
            taken.append(begin.elapsed_time(end) / 1e3 / len(launches))
    return statistics.median(taken)


def ceilings(torch):
    """Bytes a second of a copy, operations a second of a matrix product."""
    a = torch.randn(1 << 28, device="cuda").to(torch.bfloat16)
    b = torch.empty_like(a)
    copy = 2 * a.numel() * 2 / times(torch, [lambda: b.copy_(a)])
    m = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    return copy, 2 * 8192**3 / times(torch, [lambda: m @ m])


def bench(runtime, gpu):
    import torch

    props = torch.cuda.get_device_properties(0)
    copy, matrix = ceilings(torch)
    print(f"{props.name}: copies at {copy / 1e9:.0f} GB/s, bf16 matrix products at {matrix / 1e12:.0f} TFLOP/s, measured")
    print(f"{'operator':24} {'us':>9} {'GB/s':>7} {'TFLOP/s':>8} {'% of ceiling':>13} {'best peer':>14} {'us':>9} {'ratio':>6}")
    rows = []
    for label, name, sizes, dtypes, flops in CASES:
        inputs = make_inputs(gpu, name, sizes, dtypes, seed=1)
        first = Call(gpu, name, sizes, dtypes, inputs, SCALARS.get(name, {}))
        rotate = max(2, min(8, int(3 * props.L2_cache_size // max(first.bytes, 1)) + 1))
        calls = [first] + [Call(gpu, name, sizes, dtypes, inputs, SCALARS.get(name, {})) for _ in range(rotate - 1)]
        own = times(torch, [lambda call=call: call.launch(torch.cuda.current_stream().cuda_stream) for call in calls])
        moved = first.bytes
        for call in calls:
            call.close()
        tensors = []
        for _ in range(rotate):
            t = {}
            for key, value in inputs.items():
                x = torch.from_numpy(value.view(np.int16) if value.dtype == np.uint16 else value).cuda()
                t[key] = x.view(torch.bfloat16) if value.dtype == np.uint16 else x
            tensors.append(t)
        sets, best, peer = [peers(torch, name, t, sizes) for t in tensors], None, "none"
        for kind in sets[0]:
            try:
                taken = times(torch, [s[kind] for s in sets])
            except Exception as error:  # a peer that cannot be captured is left out, and said so
                print(f"  {label}: {kind} left out: {str(error).splitlines()[0][:90]}")
                continue
            if best is None or taken < best:
                best, peer = taken, kind
        share = flops / own / matrix if flops else moved / own / copy
        rows.append({"operator": label, "sizes": sizes, "dtypes": dtypes, "us": own * 1e6, "bytes": moved, "flops": flops,
                     "ceiling": share, "peer": peer, "peer_us": best and best * 1e6})  # fmt: skip
        print(f"{label:24} {own * 1e6:9.1f} {moved / own / 1e9:7.0f} {flops / own / 1e12:8.1f} {share:13.0%} "
              f"{peer:>14} {best * 1e6 if best else 0:9.1f} {best / own if best else 0:6.2f}", flush=True)  # fmt: skip
        del tensors, sets
        torch.cuda.empty_cache()
    versions = {"torch": torch.__version__, "cuda": torch.version.cuda, "chip": props.name}
    return {"versions": versions, "copy_bytes_per_second": copy, "matrix_flops_per_second": matrix, "operators": rows}


def main():
    folder = pathlib.Path(sys.argv[1])
    runtime = Runtime(str(folder / "libgemel_runtime.so"), str(folder / "libgemel_bench.so"))
    gpu = runtime.device("cuda:0")
    check(runtime, gpu)
    if "--check" in sys.argv:
        return
    result = bench(runtime, gpu)
    for argument in sys.argv[2:]:
        if argument.startswith("--json="):
            pathlib.Path(argument[7:]).write_text(json.dumps(result, indent=1) + "\n")


main()
