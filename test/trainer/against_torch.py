# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds the trainer against an independent implementation in PyTorch.

usage: against_torch.py TRAINER LIBRARY TEXT FOLDER

The same tiny model in f64, from the same parameters, on the same batches: the
losses of 20 steps and every gradient of the first. Tolerances: the operators
compute in f32 and use quick(exp) and quick(sigmoid), which are right to 2^-16;
so a gradient, a sum of such terms, is held to 2^-15 of its own norm, and the
first loss, a mean of many, to 2^-18 of its value. AdamW divides by the root of
the second moment, which makes more of small errors: later losses are held to
2^-16.
"""

import json
import math
import pathlib
import struct
import subprocess
import sys

import torch

STEPS = 20
MASK = (1 << 64) - 1


def read(path):
    """Arrays and metadata of a safetensors file."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    arrays = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] == "F32", (name, entry)
        begin, end = (8 + length + at for at in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(data[begin:end]) or bytearray(4), dtype=torch.float32)
        count = (end - begin) // 4
        arrays[name] = flat[:count].double().reshape(entry["shape"])
    return arrays, header.get("__metadata__", {})


class Random:
    """splitmix64, as the trainer draws."""

    def __init__(self, state):
        self.state = state

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        x = self.state
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
        return x ^ (x >> 31)


def rms_norm(x, w):
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-6) * w


def rope(x):
    """x: [B, S, H, D], halves turned against each other."""
    _, s, _, d = x.shape
    r = d // 2
    base = torch.tensor(10000.0, dtype=torch.float64)
    a = torch.arange(s)[:, None] * base ** -(torch.arange(r).double() / r)
    cos, sin = a.cos()[None, :, None, :], a.sin()[None, :, None, :]
    lower, upper = x[..., :r], x[..., r:]
    return torch.cat([lower * cos - upper * sin, upper * cos + lower * sin], -1)


def model_loss(p, shape, ids, labels):
    x = p["embedding"][ids]
    b, s, width = x.shape
    heads, keys = shape["heads"], shape["key-heads"]
    d = width // heads
    masked = torch.full((s, s), -math.inf, dtype=torch.float64).triu(1)
    for i in range(shape["layers"]):
        w = lambda name: p[f"layers.{i}.{name}"]
        n = rms_norm(x, w("attention_norm"))
        q = rope((n @ w("query")).view(b, s, heads, d))
        k = rope((n @ w("key")).view(b, s, keys, d))
        v = (n @ w("value")).view(b, s, keys, d)
        k, v = (t.repeat_interleave(heads // keys, 2) for t in (k, v))
        scores = torch.einsum("bshd,blhd->bhsl", q, k) / math.sqrt(d) + masked
        o = torch.einsum("bhsl,blhd->bshd", scores.softmax(-1), v)
        x = x + o.reshape(b, s, width) @ w("output")
        n = rms_norm(x, w("mixer_norm"))
        x = x + (torch.nn.functional.silu(n @ w("gate")) * (n @ w("up"))) @ w("down")
    head = p["head"] if "head" in p else p["embedding"]
    logits = rms_norm(x, p["norm"]) @ head.T
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())


def main():
    trainer, library, text_file, folder = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = pathlib.Path(text_file).read_bytes()
    worst = {"gradient": 0.0, "first loss": 0.0, "loss": 0.0}
    for tied, micro in (("yes", 1), ("no", 2)):
        shape = {"width": 32, "layers": 2, "heads": 4, "key-heads": 2, "hidden": 56}
        batch, context, warmup, rate = 3, 40, 5, 3e-3
        flags = {
            **shape, "tied": tied, "accumulate": micro, "batch": batch, "context": context,
            "steps": STEPS, "warmup": warmup, "rate": rate, "sample": 0,
            "text": text_file, "library": library, "out": folder, "seed": 7,
        }
        run = lambda **more: subprocess.run(
            [trainer] + [f"--{k}={v}" for k, v in {**flags, **more}.items()],
            check=True, stdout=subprocess.DEVNULL)
        run(stop=0, save=folder / "start")
        run(gradients=folder / "gradients", save=folder / "end")
        start, metadata = read(folder / "start")
        gradients, _ = read(folder / "gradients")
        losses = read(folder / "end")[0]["losses"].tolist()
        assert len(losses) == STEPS and len(gradients) == 9 * shape["layers"] + (2 if tied == "yes" else 3)

        parameters = {name: start[name].requires_grad_() for name in gradients}
        decays = [t for t in parameters.values() if t.dim() > 1]
        scales = [t for t in parameters.values() if t.dim() == 1]
        optimizer = torch.optim.AdamW(
            [{"params": decays, "weight_decay": 0.05}, {"params": scales, "weight_decay": 0.0}],
            betas=(0.9, 0.99), eps=1e-8)
        random = Random(int(metadata["random"]))
        for step in range(STEPS):
            optimizer.zero_grad()
            mean = 0.0
            for _ in range(micro):
                places = [random.next() % (len(text) - context) for _ in range(batch)]
                rows = torch.tensor([list(text[at : at + context + 1]) for at in places])
                loss = model_loss(parameters, shape, rows[:, :-1], rows[:, 1:]) / micro
                loss.backward()
                mean += loss.item()
            error = abs(losses[step] - mean) / mean
            kind = "loss" if step else "first loss"
            worst[kind] = max(worst[kind], error)
            if step == 0:
                for name, given in gradients.items():
                    own = parameters[name].grad
                    assert given.shape == own.shape and own.norm() > 0, name
                    difference = ((given - own).norm() / own.norm()).item()
                    worst["gradient"] = max(worst["gradient"], difference)
                    assert difference <= 2.0**-15, (tied, name, difference)
            assert error <= (2.0**-16 if step else 2.0**-18), (tied, step, losses[step], mean)
            for group in optimizer.param_groups:
                up = min(1.0, (step + 1) / warmup)
                group["lr"] = rate * up * (0.55 + 0.45 * math.cos(math.pi * step / STEPS))
            optimizer.step()
    print(f"2 models x {STEPS} losses and all gradients of a step agree with PyTorch "
          f"{torch.__version__} in f64: " + ", ".join(f"{k} to {v:.1e}" for k, v in worst.items()))


main()
