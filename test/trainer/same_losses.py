# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares trainings that differ in the rounding of products alone: losses and
states of the first folder with those of the others.

Losses agree within 32 units in the last place of f32: they are means of sums of
products. What adamw makes of gradients near zero is a step of fixed size either
way, so parameters agree within the steps taken, of one learning rate each."""
import json
import pathlib
import struct
import sys

import numpy as np

first, rate, *others = sys.argv[1:]


def losses(folder):
    return np.loadtxt(pathlib.Path(folder) / "loss.csv", delimiter=",", skiprows=1, ndmin=2)


def state(folder):
    """The arrays of a checkpoint in the safetensors format, by name."""
    data = (pathlib.Path(folder) / "state").read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    arrays = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            arrays[name] = np.frombuffer(data[8 + size + begin:8 + size + end], np.float32)
    return arrays


bad = 0
worst = most = 0.0
mine, wanted = losses(first), state(first)
assert wanted
for folder in others:
    theirs, arrays = losses(folder), state(folder)
    same = mine[np.isin(mine[:, 0], theirs[:, 0])]
    if len(theirs) == 0 or same.shape != theirs.shape or theirs[-1, 0] != mine[-1, 0] or arrays.keys() != wanted.keys():
        print(f"{folder} has other steps or arrays than {first}")
        bad += 1
        continue
    apart = np.abs(theirs[:, 1] - same[:, 1]) / np.spacing(same[:, 1].astype(np.float32))
    worst = max(worst, float(apart.max()))
    bad += not (apart <= 32).all()
    steps = len(mine)
    for name, array in arrays.items():
        difference = float(np.abs(array - wanted[name]).max())
        most = max(most, difference)
        if not difference <= 2 * steps * float(rate):
            print(f"{folder}: {name} is apart by {difference}")
            bad += 1
print(f"losses apart by {worst:.0f} ulp, parameters by {most:.1e} at most; {bad} bad")
sys.exit(bool(bad))
