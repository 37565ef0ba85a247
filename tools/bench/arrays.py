# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arguments of operators: random data that each may have, and how results are compared."""
import numpy as np

from gemel_runtime import CODES, DTYPES, RESULT, SCALAR, to_bf16, to_f32

SCALARS = {"adamw": {"b1": 0.9, "b2": 0.99, "eps": 1e-8, "decay": 0.01}, "attention": {"scale": 0.25}}
# Integers and what may not be any number: by operator and argument, of the sizes.
SPECIAL = {
    "label": lambda random, shape, sizes: random.integers(0, sizes["V"], shape),
    "id": lambda random, shape, sizes: random.integers(0, sizes["V"], shape),
    "position": lambda random, shape, sizes: np.arange(shape[0]) % 4096,
    "lr": lambda random, shape, sizes: np.full(shape, 1e-3),
    "c1": lambda random, shape, sizes: np.full(shape, 1.5),
    "c2": lambda random, shape, sizes: np.full(shape, 1.2),
    "v": lambda random, shape, sizes: random.random(shape) ** 2,
    "r": lambda random, shape, sizes: random.random(shape) + 0.5,
    "z": lambda random, shape, sizes: random.random(shape) + 1.0,
}


def read_arguments(device, name, sizes, dtypes):
    """(name, dtype, shape) of every array that is read."""
    _, table = device.op(name)
    for argument in table.arguments[: table.argument_count]:
        if argument.role in (SCALAR, RESULT):
            continue
        code = argument.dtype
        if argument.dtype_variable >= 0:
            code = CODES[dtypes[table.dtype_variables[argument.dtype_variable].name.decode()]]
        axes = [table.axes[a] for a in argument.axes[: argument.rank]]
        yield argument.name.decode(), code, [a.fixed if a.fixed >= 0 else sizes[a.name.decode()] for a in axes]


def special(key, shape):
    """How the argument is drawn, if not from a normal distribution."""
    return SPECIAL.get(key) if len(shape) < 2 else None


def make_inputs(device, name, sizes, dtypes, seed):
    """Random data for every argument that is read."""
    random = np.random.default_rng(seed)
    inputs = {}
    for key, code, shape in read_arguments(device, name, sizes, dtypes):
        drawn = special(key, shape)
        values = drawn(random, shape, sizes) if drawn else random.standard_normal(shape, np.float32)
        inputs[key] = to_bf16(values) if code == CODES["bf16"] else np.asarray(values).astype(DTYPES[code][1])
    return inputs


def difference(ours, reference):
    """What is wrong, or an empty sentence. Bits of exact results, NaN equal to NaN; matrix results within 2^-6 of their
    root mean square (bf16's eight bits, and the order of a few thousand terms)."""
    for key, (mine, code, exact) in ours.items():
        theirs = reference[key][0]
        a, b = to_f32(mine, code), to_f32(theirs, code)
        if exact:
            same = (mine.view(np.uint8) == theirs.view(np.uint8)).reshape(mine.shape + (-1,)).all(-1)
            same |= np.isnan(a) & np.isnan(b) if code in (1, 2, 3) else False
            if not same.all():
                at = np.unravel_index(np.argmin(same), same.shape) if same.ndim else ()
                return f"'{key}' at {list(map(int, at))} is {a[at]}, the reference has {b[at]}"
        else:
            scale = float(np.sqrt(np.mean(np.square(b, dtype=np.float64))))
            worst = float(np.max(np.abs(a.astype(np.float64) - b))) if a.size else 0.0
            if not worst <= scale * 2.0**-6:
                return f"'{key}' is off by {worst:g}, its root mean square is {scale:g}"
    return ""
