# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The runtime's C ABI through ctypes: operators by name over numpy arrays, on any device."""
import ctypes as c
import math

import numpy as np


class Axis(c.Structure):
    _fields_ = [("name", c.c_char_p), ("fixed", c.c_int64), ("multiple", c.c_int64), ("maximum", c.c_int64)]


class DtypeVariable(c.Structure):
    _fields_ = [("name", c.c_char_p)]


class Argument(c.Structure):
    _fields_ = [
        ("name", c.c_char_p), ("role", c.c_int32), ("dtype", c.c_int32), ("dtype_variable", c.c_int32),
        ("result_class", c.c_int32), ("rank", c.c_int32), ("has_default", c.c_int32),
        ("axes", c.POINTER(c.c_int32)), ("default_value", c.c_double),
    ]  # fmt: skip


class Op(c.Structure):
    _fields_ = [
        ("name", c.c_char_p), ("source", c.c_char_p), ("axis_count", c.c_int32), ("axes", c.POINTER(Axis)),
        ("dtype_variable_count", c.c_int32), ("dtype_variables", c.POINTER(DtypeVariable)),
        ("argument_count", c.c_int32), ("arguments", c.POINTER(Argument)),
    ]  # fmt: skip  (what follows is the runtime's)


class Array(c.Structure):
    _fields_ = [
        ("data", c.c_void_p), ("dtype", c.c_int32), ("rank", c.c_int32), ("sizes", c.POINTER(c.c_int64)),
        ("strides", c.POINTER(c.c_int64)), ("device", c.c_void_p),
    ]  # fmt: skip


INPUT, INOUT, RESULT, SCALAR = 1, 2, 3, 4
EXACT = 1
# gemel_dtype: name, numpy's type of the same bytes.
DTYPES = {1: ("f32", np.float32), 2: ("bf16", np.uint16), 3: ("f16", np.float16), 4: ("i32", np.int32),
          5: ("i64", np.int64), 6: ("u8", np.uint8), 7: ("i1", np.uint8)}  # fmt: skip
CODES = {name: code for code, (name, _) in DTYPES.items()}


def to_bf16(x):
    """f32 to the bits of a bf16, nearest-even."""
    bits = np.ascontiguousarray(x, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def to_f32(x, dtype):
    if dtype == CODES["bf16"]:
        return (x.astype(np.uint32) << 16).view(np.float32)
    return x.astype(np.float32)


class Runtime:
    def __init__(self, runtime_path, library_path, manifest=None):
        """manifest: the symbol of a library that gemelc has written as C, and not finished itself."""
        self.lib = c.CDLL(runtime_path)
        self.lib.gemel_last_error.restype = c.c_char_p
        self.lib.gemel_op_note.restype = c.c_char_p
        self.lib.gemel_op_description.restype = c.POINTER(Op)
        self.lib.gemel_device_stream.restype = c.c_void_p
        self.library = c.c_void_p()
        if manifest:
            self.linked = c.CDLL(library_path)
            address = c.addressof(c.c_char.in_dll(self.linked, manifest))
            self.check(self.lib.gemel_library_from_manifest(c.c_void_p(address), c.byref(self.library)))
        else:
            self.check(self.lib.gemel_library_open(library_path.encode(), c.byref(self.library)))

    def check(self, status):
        if status:
            raise RuntimeError(self.lib.gemel_last_error().decode())

    def device(self, name):
        return Device(self, name)


class Device:
    def __init__(self, runtime, name):
        self.runtime, self.lib, self.name = runtime, runtime.lib, name
        self.handle, self.stream = c.c_void_p(), c.c_void_p()
        runtime.check(self.lib.gemel_device_open(name.encode(), c.byref(self.handle)))
        runtime.check(self.lib.gemel_stream_create(self.handle, c.byref(self.stream)))

    def op(self, name):
        handle = c.c_void_p()
        self.runtime.check(
            self.lib.gemel_library_op(self.runtime.library, self.handle, name.encode(), c.byref(handle))
        )
        return handle, self.lib.gemel_op_description(handle).contents

    def allocate(self, size):
        memory = c.c_void_p()
        self.runtime.check(self.lib.gemel_memory_allocate(self.handle, c.c_size_t(size), c.byref(memory)))
        return memory

    def free(self, memory):
        self.lib.gemel_memory_free(self.handle, memory)

    def copy(self, to, source, size):
        self.runtime.check(self.lib.gemel_memory_copy(self.handle, to, source, c.c_size_t(size), self.stream))

    def fill(self, memory, byte, size):
        self.runtime.check(self.lib.gemel_memory_fill(self.handle, memory, c.c_uint8(byte), c.c_size_t(size), self.stream))

    def synchronize(self):
        self.runtime.check(self.lib.gemel_stream_synchronize(self.handle, self.stream))


class Call:
    """One operator on one device over arrays of its own; the launch itself does no work in Python but one call."""

    def __init__(self, device, name, sizes, dtypes, inputs, scalars):
        """sizes: by axis; dtypes: by variable; inputs: by argument numpy's, or a tensor on the device (its data_ptr);
        scalars: by argument."""
        self.device, self.name = device, name
        self.handle, table = device.op(name)
        arguments = table.arguments[: table.argument_count]
        self.arrays, self.memory, self.outputs, self.bytes, self.keep = {}, {}, {}, 0, []
        pointers = (c.c_void_p * len(arguments))()
        for i, argument in enumerate(arguments):
            key = argument.name.decode()
            if argument.role == SCALAR:
                kind = {CODES["f32"]: c.c_float, CODES["i32"]: c.c_int32, CODES["i64"]: c.c_int64}[argument.dtype]
                if key in scalars:
                    self.keep.append(kind(scalars[key]))
                    pointers[i] = c.cast(c.byref(self.keep[-1]), c.c_void_p)
                continue
            code = argument.dtype
            if argument.dtype_variable >= 0:
                code = CODES[dtypes[table.dtype_variables[argument.dtype_variable].name.decode()]]
            axes = [table.axes[a] for a in argument.axes[: argument.rank]]
            shape = [axis.fixed if axis.fixed >= 0 else sizes[axis.name.decode()] for axis in axes]
            kind = DTYPES[code][1]
            size = math.prod(shape) * np.dtype(kind).itemsize
            self.memory[key] = device.allocate(max(size, 1))
            self.bytes += size * (2 if argument.role == INOUT else 1)
            if argument.role != INPUT:
                self.outputs[key] = (shape, code, argument.result_class == EXACT)
            if argument.role == RESULT:
                device.fill(self.memory[key], 0xFF, size)  # what is not written shows
            elif hasattr(inputs[key], "data_ptr"):
                assert inputs[key].nbytes == size, (name, key, shape)
                device.copy(self.memory[key], c.c_void_p(inputs[key].data_ptr()), size)
            else:
                host = np.ascontiguousarray(inputs[key]).view(np.uint8).ravel()
                assert host.size == size, (name, key, shape)
                device.copy(self.memory[key], host.ctypes.data_as(c.c_void_p), size)
                self.keep.append(host)
            self.keep.append((c.c_int64 * len(shape))(*shape))
            self.arrays[key] = Array(self.memory[key], code, len(shape), self.keep[-1], None, device.handle)
            pointers[i] = c.cast(c.byref(self.arrays[key]), c.c_void_p)
        self.pointers, self.count = pointers, len(arguments)
        needed = c.c_size_t()
        device.runtime.check(
            device.lib.gemel_workspace_bytes(self.handle, pointers, self.count, c.byref(needed))
        )
        self.needed = needed.value
        self.memory[""] = device.allocate(max(self.needed, 1))
        device.synchronize()

    def launch(self, stream=None):
        workspace = self.memory[""] if self.needed else None
        self.device.runtime.check(
            self.device.lib.gemel_launch(
                self.handle, self.pointers, self.count, workspace, c.c_size_t(self.needed),
                self.device.stream if stream is None else c.c_void_p(stream),
            )
        )  # fmt: skip

    def results(self):
        self.device.synchronize()
        found = {}
        for key, (shape, code, exact) in self.outputs.items():
            host = np.empty(shape, DTYPES[code][1])
            self.device.copy(host.ctypes.data_as(c.c_void_p), self.memory[key], host.nbytes)
            found[key] = (host, code, exact)
        self.device.synchronize()
        return found

    def close(self):
        for memory in self.memory.values():
            self.device.free(memory)
        self.memory = {}
