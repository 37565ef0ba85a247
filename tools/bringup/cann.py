# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""CANN's compiler, and as much of its ACL as a few kernels over numpy arrays want."""
import ctypes as c
import os
import pathlib
import shutil
import subprocess

import numpy as np


def home():
    """The toolkit's folder, as its set_env.sh names it, or empty."""
    return os.environ.get("ASCEND_HOME_PATH") or os.environ.get("ASCEND_TOOLKIT_HOME") or ""


def find_ccec():
    folders = f"{home()}/compiler/ccec_compiler/bin{os.pathsep}{os.environ.get('PATH', '')}"
    found = os.environ.get("GEMEL_CCEC") or shutil.which("ccec", path=folders)
    if not found or not os.access(found, os.X_OK):
        raise SystemExit("bringup: there is no ccec; source CANN's set_env.sh, or name the program in GEMEL_CCEC")
    return pathlib.Path(found)


def run(command):
    """Runs a tool. RuntimeError: what it says."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{pathlib.Path(command[0]).name}: {(done.stderr or done.stdout).strip()[:2000]}")


class Ccec:
    """Compiles as gemelc does: `recipe` has its commands, for any text and unit."""

    def __init__(self, recipe):
        self.recipe, self.ccec = recipe, find_ccec()

    def keep(self, source, arches, output):
        """Compiles unless that has been done."""
        if not output.exists() or output.stat().st_mtime < source.stat().st_mtime:
            self.compile(source, arches, output)

    def compile(self, source, arches, output):
        """A text, once for each unit, to what the ACL loads."""
        objects = []
        for arch in arches:
            objects.append(output.with_suffix(f".{arch}.o"))
            places = {"INPUT": [source], "ARCH": [arch], "OUTPUT": [objects[-1]]}
            run([self.ccec, *self.spell("compile", places)])
        part = output.with_suffix(".part")
        run([self.ccec.parent / "ld.lld", *self.spell("link", {"OBJECTS": objects, "OUTPUT": [part]})])
        part.replace(output)

    def spell(self, which, places):
        for word in self.recipe[which]:
            prefix, _, place = word.rpartition("$")
            yield from (f"{prefix}{value}" for value in places[place]) if "$" in word else [word]


class Refused(RuntimeError):
    """The chip stopped a kernel."""


class BinaryOption(c.Structure):
    _fields_ = [("type", c.c_int), ("value", c.c_uint32 * 4)]


class BinaryOptions(c.Structure):
    _fields_ = [("options", c.POINTER(BinaryOption)), ("count", c.c_size_t)]


MAGIC = {"vec": 0x41415246, "cube": 0x41494343, "mix": 0x43554245}  # of a binary for these cores


class Acl:
    def __init__(self):
        path = os.environ.get("GEMEL_ASCEND_DRIVER") or (f"{home()}/lib64/" if home() else "") + "libascendcl.so"
        try:
            self.lib = c.CDLL(path)
        except OSError as error:
            raise SystemExit(f"bringup: {error}; source CANN's set_env.sh, or name the library in GEMEL_ASCEND_DRIVER")
        self.lib.aclrtGetSocName.restype = self.lib.aclGetRecentErrMsg.restype = c.c_char_p
        self("aclInit", None)
        self("aclrtSetDevice", 0)
        self.stream = self.made("aclrtCreateStream")

    def __call__(self, name, *arguments):
        status = getattr(self.lib, name)(*arguments)
        if status:
            problem = Refused if name == "aclrtSynchronizeStream" else RuntimeError
            raise problem(f"{name}: {status}: {(self.lib.aclGetRecentErrMsg() or b'').decode()}")

    def made(self, name, *arguments):
        """What a function makes at its first argument."""
        handle = c.c_void_p()
        self(name, c.byref(handle), *arguments)
        return handle

    def soc(self):
        return (self.lib.aclrtGetSocName() or b"").decode()

    def is_simulated(self):
        return hasattr(self.lib, "gemelAscendSimReport")

    def vector_cores(self):
        count = c.c_int64()
        self("aclrtGetDeviceInfo", 0, 201, c.byref(count))
        return count.value

    def signal_address(self):
        """Of signals between cores, which a kernel is given."""
        return self.made("aclrtGetHardwareSyncAddr")

    def allocate(self, size):
        return self.made("aclrtMalloc", c.c_size_t(size), 0)

    def free(self, memory):
        self("aclrtFree", memory)

    def put(self, host):
        memory = self.allocate(host.nbytes)
        self("aclrtMemcpy", memory, c.c_size_t(host.nbytes), host.ctypes.data_as(c.c_void_p), c.c_size_t(host.nbytes), 1)
        return memory

    def get(self, memory, like):
        host = np.empty_like(like)
        self("aclrtMemcpy", host.ctypes.data_as(c.c_void_p), c.c_size_t(host.nbytes), memory, c.c_size_t(host.nbytes), 2)
        return host

    def kernel(self, binary, name, unit):
        option = BinaryOption(2, (c.c_uint32 * 4)(MAGIC[unit]))
        # What they make is their last argument.
        handle, function = c.c_void_p(), c.c_void_p()
        self("aclrtBinaryLoadFromData", binary, c.c_size_t(len(binary)), c.byref(BinaryOptions(c.pointer(option), 1)),
             c.byref(handle))  # fmt: skip
        self("aclrtBinaryGetFunction", handle, name.encode(), c.byref(function))
        return function

    def launch(self, function, slots, blocks=1):
        values = (c.c_uint64 * len(slots))(*(slot.value if isinstance(slot, c.c_void_p) else slot for slot in slots))
        self("aclrtLaunchKernelWithHostArgs", function, blocks, self.stream, None, values, c.c_size_t(c.sizeof(values)),
             None, c.c_size_t(0))  # fmt: skip

    def wait(self, stream=None):
        self("aclrtSynchronizeStream", stream or self.stream)

    def seconds(self, work, stream=None):
        """Of `work` on a stream, between two events."""
        begin, end = self.made("aclrtCreateEvent"), self.made("aclrtCreateEvent")
        self("aclrtRecordEvent", begin, stream or self.stream)
        work()
        self("aclrtRecordEvent", end, stream or self.stream)
        self.wait(stream)
        taken = c.c_float()
        self("aclrtEventElapsedTime", c.byref(taken), begin, end)
        for event in (begin, end):
            self("aclrtDestroyEvent", event)
        if taken.value <= 0:
            raise RuntimeError("no time passes between two events; a simulated CANN needs GEMEL_ASCEND_SIM_TIME=1")
        return taken.value / 1e3
