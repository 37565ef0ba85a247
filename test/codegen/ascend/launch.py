# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles a kernel of the cce dialect, launches it on the simulated CANN and
compares with what its name says; then without each of its flags and barriers:
every one has to be missed."""
import ctypes
import functools
import os
import pathlib
import subprocess
import sys

import numpy as np

sim = pathlib.Path(sys.argv[1])
source = pathlib.Path(sys.argv[2])
folder = pathlib.Path(sys.argv[3])
acl = ctypes.CDLL(str(sim / "libascendcl.so.1"))
acl.gemelAscendSimReport.restype = ctypes.c_char_p

# What the kernels compute of x, row by row.
formulas = {
    "twice_squared": lambda x: (x + x) * x,
    "two_rows": lambda x: x * x,
    "rounds": lambda x: (x + x) + x,
    "seven": lambda x: functools.reduce(np.add, [x] * 7),
    "eight": lambda x: functools.reduce(np.add, [x] * 8),
}


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, **options).stdout


def check(status):
    if status:
        raise RuntimeError(f"{status}: {(acl.gemelAscendSimReport() or b'').decode()}")


def build(text, name):
    """CCE C to what aclrtBinaryLoadFromData loads."""
    cce, obj, binary = (folder / f"{name}{end}" for end in (".cce", ".o", ".bin"))
    cce.write_text(text)
    run(sim / "ccec", "-x", "cce", "-O2", "-std=c++17", "-c", "--cce-aicore-arch=dav-c220-vec",
        "--cce-aicore-only", cce, "-o", obj)
    run(sim / "ld.lld", "-m", "aicorelinux", "-Ttext=0", obj, "-static", "-o", binary)
    return binary.read_bytes()


def launch(binary, name, x):
    """y of x, whose rows three blocks share."""
    handle, function = ctypes.c_void_p(), ctypes.c_void_p()
    arrays = [ctypes.c_void_p(), ctypes.c_void_p()]
    y = np.full_like(x, np.nan)
    stream = ctypes.c_void_p()
    check(acl.aclrtCreateStream(ctypes.byref(stream)))
    for array, host in zip(arrays, (x, y)):
        check(acl.aclrtMalloc(ctypes.byref(array), ctypes.c_size_t(host.nbytes), 0))
        check(acl.aclrtMemcpy(array, ctypes.c_size_t(host.nbytes), host.ctypes.data_as(ctypes.c_void_p),
                              ctypes.c_size_t(host.nbytes), 1))
    check(acl.aclrtBinaryLoadFromData(binary, ctypes.c_size_t(len(binary)), None, ctypes.byref(handle)))
    check(acl.aclrtBinaryGetFunction(handle, name.encode(), ctypes.byref(function)))
    slots = (ctypes.c_uint64 * 3)(arrays[0].value, arrays[1].value, x.shape[0])
    check(acl.aclrtLaunchKernelWithHostArgs(function, 3, stream, None, slots,
                                            ctypes.c_size_t(ctypes.sizeof(slots)), None, ctypes.c_size_t(0)))
    check(acl.aclrtSynchronizeStream(stream))
    check(acl.aclrtMemcpy(y.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(y.nbytes), arrays[1],
                          ctypes.c_size_t(y.nbytes), 2))
    return y


def outcome(text, name, x):
    """What is wrong; empty if nothing is."""
    acl.gemelAscendSimReset()
    try:
        y = launch(build(text, name), name, x)
    except RuntimeError as error:
        return str(error)
    same = np.array_equal(y.view(np.uint32), formulas[name](x).view(np.uint32))
    return "" if same else "other results"


os.makedirs(folder, exist_ok=True)
check(acl.aclInit(None))
check(acl.aclrtSetDevice(0))
bad = removed = 0
for part in source.read_text().split("// -----"):
    name = part.split("cce.kernel @")[1].split()[0]
    planned = run("gemel-opt", "--cce-plan-memory", "--cce-insert-sync", "--cce-to-emitc", input=part.encode())
    text = run("mlir-translate", "--mlir-to-cpp", input=planned).decode()
    x = np.random.default_rng(1).standard_normal((11, 511), dtype=np.float32)
    what = outcome(text, name, x)
    print(f"{name}: {what or 'the bits of numpy'}")
    bad += bool(what)
    lines = text.split("\n")
    # The last barrier no simulator misses: a kernel has ended when its pipes
    # have. It stands there because vendors' kernels have it.
    last = max(i for i, line in enumerate(lines) if "pipe_barrier(PIPE_ALL)" in line)
    for i, line in enumerate(lines[:last]):
        if not line.strip().startswith(("set_flag", "wait_flag", "pipe_barrier")):
            continue
        removed += 1
        what = outcome("\n".join(lines[:i] + [""] + lines[i + 1:]), name, x)
        if not what:
            print(f"  {name}: nobody misses line {i + 1}: {line.strip()}")
            bad += 1
print(f"{removed} flags and barriers removed, one at a time; {bad} bad")
sys.exit(bool(bad))
