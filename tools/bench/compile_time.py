# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compile time beside Triton's, from text to machine code for sm_90a, in one run: gemelc as a whole process for all of
an operator's variants of one dtype, Triton in a process that has it imported, for one kernel of fixed block sizes.

compile_time.py GEMELC KERNELS; needs ptxas, and triton from PyPI (no GPU)."""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("TRITON_DEFAULT_FP_FUSION", "1")
import triton
import triton.language as tl
from triton.backends.compiler import GPUTarget


@triton.jit
def rms_norm(x, w, y, D, eps, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    at = tl.arange(0, BLOCK)
    v = tl.load(x + row * D + at, mask=at < D, other=0.0).to(tl.float32)
    r = tl.rsqrt(tl.sum(v * v, 0) / D + eps)
    u = tl.load(w + at, mask=at < D, other=0.0).to(tl.float32)
    tl.store(y + row * D + at, v * r * u, mask=at < D)


@triton.jit
def softmax(x, y, N, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    at = tl.arange(0, BLOCK)
    v = tl.load(x + row * N + at, mask=at < N, other=-float("inf")).to(tl.float32)
    e = tl.exp(v - tl.max(v, 0))
    tl.store(y + row * N + at, e / tl.sum(e, 0), mask=at < N)


@triton.jit
def matmul(a, b, y, M, N, K, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    rows = tl.program_id(0) * BM + tl.arange(0, BM)
    columns = tl.program_id(1) * BN + tl.arange(0, BN)
    total = tl.zeros((BM, BN), tl.float32)
    for k in range(0, K, BK):
        terms = k + tl.arange(0, BK)
        left = tl.load(a + rows[:, None] * K + terms[None, :],
                       mask=(rows[:, None] < M) & (terms[None, :] < K), other=0.0)
        right = tl.load(b + terms[:, None] * N + columns[None, :],
                        mask=(terms[:, None] < K) & (columns[None, :] < N), other=0.0)
        total = tl.dot(left, right, total)
    tl.store(y + rows[:, None] * N + columns[None, :], total,
             mask=(rows[:, None] < M) & (columns[None, :] < N))


CASES = [
    ("rms_norm", "norm/rms_norm.mlir", rms_norm,
     {"x": "*bf16", "w": "*bf16", "y": "*bf16", "D": "i32", "eps": "fp32"}, {"BLOCK": 4096}),
    ("softmax", "norm/softmax.mlir", softmax, {"x": "*bf16", "y": "*bf16", "N": "i32"}, {"BLOCK": 4096}),
    ("linear", "linear/linear.mlir", matmul,
     {"a": "*bf16", "b": "*bf16", "y": "*bf16", "M": "i32", "N": "i32", "K": "i32"},
     {"BM": 128, "BN": 128, "BK": 32}),
]  # fmt: skip


def with_triton(kernel, signature, constants):
    signature = {**signature, **{name: "constexpr" for name in constants}}
    source = triton.compiler.ASTSource(fn=kernel, signature=signature, constexprs=constants)
    begin = time.perf_counter()
    made = triton.compile(source, target=GPUTarget("cuda", 90, 32), options={"num_warps": 8})
    taken = time.perf_counter() - begin
    assert made.asm["cubin"]
    return taken


def one_dtype(text, name, folder):
    """The operator alone, for bf16."""
    begin = text.index(f"gemel.op @{name}<")
    end = text.index("\n}\n", begin) + 3
    path = folder / f"{name}.mlir"
    path.write_text(text[begin:end].replace("E: bf16|f16|f32", "E: bf16"))
    return path


def main():
    gemelc, kernels = sys.argv[1], pathlib.Path(sys.argv[2])
    print(f"{'':10} {'gemelc':>9} {'variants':>9} {'each':>9} {'Triton ' + triton.__version__:>14} {'ratio':>7}    "
          "seconds, medians of 5; ratio: Triton's kernel to one of ours")
    for name, file, kernel, signature, constants in CASES:
        ours, theirs = [], []
        for _ in range(5):
            with tempfile.TemporaryDirectory() as name_of:
                folder = pathlib.Path(name_of)
                # Neither finds what an earlier run made.
                os.environ["XDG_CACHE_HOME"] = os.environ["TRITON_CACHE_DIR"] = name_of
                path = one_dtype((kernels / file).read_text(), name, folder)
                begin = time.perf_counter()
                subprocess.run([gemelc, path, "--target=sm_90a", "-o", folder / "lib.so"], check=True)
                ours.append(time.perf_counter() - begin)
                assert b"GEMELLIB" in (folder / "lib.so").read_bytes()[-64:]
                theirs.append(with_triton(kernel, signature, constants))
                groups = subprocess.run([gemelc, path, "--target=sm_90a", "--emit=groups"], check=True,
                                        capture_output=True, text=True).stdout.count("gemel.op ")  # fmt: skip
        mine, other = statistics.median(ours), statistics.median(theirs)
        print(f"{name:10} {mine:9.3f} {groups:9} {mine / groups:9.3f} {other:14.3f} {other * groups / mine:7.2f}")


main()
