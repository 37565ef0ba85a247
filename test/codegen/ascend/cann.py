# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels of the cce dialect on the simulated CANN, from Python."""
import ctypes
import os
import pathlib
import subprocess

import numpy as np


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, **options).stdout


def to_cce(text, *passes):
    """The cce dialect's text as CCE C."""
    return run("mlir-translate", "--mlir-to-cpp", input=run("gemel-opt", *passes, "--cce-to-emitc", input=text.encode())).decode()


def without_each_sync(text):
    """The text without one of its flags and barriers, and which, for each but the
    last barrier: no simulator misses that one, for a kernel has ended when its
    pipes have. It stands there because vendors' kernels have it."""
    lines = text.split("\n")
    last = max(i for i, line in enumerate(lines) if "pipe_barrier(PIPE_ALL)" in line)
    for i, line in enumerate(lines[:last]):
        if "set_flag(" in line or "wait_flag(" in line or "pipe_barrier(" in line:
            yield "\n".join(lines[:i] + [""] + lines[i + 1:]), f"line {i + 1}: {line.strip()}"


class Cann:
    def __init__(self, sim, folder):
        self.sim, self.folder = pathlib.Path(sim), pathlib.Path(folder)
        os.makedirs(folder, exist_ok=True)
        self.acl = ctypes.CDLL(str(self.sim / "libascendcl.so.1"))
        self.acl.gemelAscendSimReport.restype = ctypes.c_char_p
        self.acl.gemelAscendSimTimeline.restype = ctypes.c_char_p
        self.check(self.acl.aclInit(None))
        self.check(self.acl.aclrtSetDevice(0))

    def check(self, status):
        if status:
            raise RuntimeError(f"{status}: {(self.acl.gemelAscendSimReport() or b'').decode()}")

    def cycles(self):
        """What the last launch would have taken, and in words; GEMEL_ASCEND_SIM_TIME is 1."""
        words = self.acl.gemelAscendSimTimeline().decode()
        return float(words.split("': ")[1].split()[0]), words

    def build(self, text, name, unit):
        """CCE C to what aclrtBinaryLoadFromData loads."""
        cce, obj, binary = (self.folder / f"{name}{end}" for end in (".cce", ".o", ".bin"))
        cce.write_text(text)
        run(self.sim / "ccec", "-x", "cce", "-O2", "-std=c++17", "-c", f"--cce-aicore-arch=dav-c220-{unit}",
            "--cce-aicore-only", cce, "-o", obj)
        run(self.sim / "ld.lld", "-m", "aicorelinux", "-Ttext=0", obj, "-static", "-o", binary)
        return binary.read_bytes()

    def launch(self, binary, name, inputs, result, numbers, blocks):
        """What a kernel of (inputs, result, numbers) leaves in `result`. RuntimeError
        says what the simulator reports."""
        acl, check = self.acl, self.check
        result = result.copy()
        stream, handle, function = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
        check(acl.aclrtCreateStream(ctypes.byref(stream)))
        slots = []
        for host in (*inputs, result):
            array = ctypes.c_void_p()
            check(acl.aclrtMalloc(ctypes.byref(array), ctypes.c_size_t(host.nbytes), 0))
            check(acl.aclrtMemcpy(array, ctypes.c_size_t(host.nbytes), host.ctypes.data_as(ctypes.c_void_p),
                                  ctypes.c_size_t(host.nbytes), 1))
            slots.append(array.value)
        check(acl.aclrtBinaryLoadFromData(binary, ctypes.c_size_t(len(binary)), None, ctypes.byref(handle)))
        check(acl.aclrtBinaryGetFunction(handle, name.encode(), ctypes.byref(function)))
        arguments = (ctypes.c_uint64 * (len(slots) + len(numbers)))(*slots, *numbers)
        check(acl.aclrtLaunchKernelWithHostArgs(function, blocks, stream, None, arguments,
                                                ctypes.c_size_t(ctypes.sizeof(arguments)), None, ctypes.c_size_t(0)))
        check(acl.aclrtSynchronizeStream(stream))
        check(acl.aclrtMemcpy(result.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(result.nbytes),
                              ctypes.c_void_p(slots[-1]), ctypes.c_size_t(result.nbytes), 2))
        return result

    def outcome(self, text, name, expected, *inputs, numbers=None, unit="vec", blocks=3):
        """What is wrong; empty if nothing is. Without `numbers` the rows are it."""
        self.acl.gemelAscendSimReset()
        unwritten = np.frombuffer(b"\xff" * expected.nbytes, expected.dtype).reshape(expected.shape)
        try:
            y = self.launch(self.build(text, name, unit), name, inputs, unwritten, numbers or expected.shape[:1], blocks)
        except RuntimeError as error:
            return str(error)
        bits, wanted = y.view(f"u{y.itemsize}"), expected.view(f"u{y.itemsize}")
        wrong = np.flatnonzero((bits != wanted) & ~(np.isnan(y) & np.isnan(expected)))
        if not wrong.size:
            return ""
        i = wrong[0]
        given = ", ".join(f"{array.flat[i]!r}" for array in inputs)
        return f"{wrong.size} of {bits.size} differ, first of {given}: {y.flat[i]!r}, not {expected.flat[i]!r}"
