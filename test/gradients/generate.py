#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes random differentiable operators, each with a check of odd sizes.

usage: generate.py COUNT SEED > programs.mlir

Values are kept tame (bounded arguments of exp, positive ones of log and
roots, denominators away from 0), so that a finite difference in f64 says what
the derivative is; ties are left in, the checker draws their inputs again.
"""

import random
import sys

AXES = ["A", "B", "C"]
SIZES = [1, 2, 3, 4, 5, 6, 7, 9]


class Program:
    def __init__(self, number, rng):
        self.rng = rng
        self.name = f"p{number}"
        self.axes = AXES[: rng.randint(1, 3)]
        self.sizes = {a: rng.choice(SIZES) for a in self.axes}
        if rng.random() < 0.15:  # longer than a run
            self.sizes[rng.choice(self.axes)] = rng.choice([65, 70, 150])
        self.parameters = []
        self.lines = []
        self.values = []  # (text, axes, dtype)
        self.saved = 0

    def some_axes(self, least=0):
        count = self.rng.randint(least, len(self.axes))
        return sorted(self.rng.sample(self.axes, count))

    def pick(self, want=None):
        """A value as text, with its axes; `want` asks for axes it has."""
        fit = [v for v in self.values if v[2] == "f" and (not want or want <= set(v[1]))]
        recent = fit[-4:]
        return self.rng.choice(recent if recent and self.rng.random() < 0.7 else fit or self.values[:1])

    def leaf(self):
        r = self.rng.random()
        if r < 0.82:
            return self.pick()[:2]
        if r < 0.92:
            return self.rng.choice(["0.5", "1.5", "2.0", "0.25", "3.0"]), []
        axis = self.rng.choice(self.axes)
        return self.rng.choice([f"pos[{axis}]", f"(0.25 * pos[{axis}])"]), [axis]

    def join(self, *lists):
        return [a for a in self.axes if any(a in l for l in lists)]

    def condition(self):
        rng = self.rng
        masks = [v for v in self.values if v[2] == "b"]
        r = rng.random()
        if masks and r < 0.3:
            text, axes, _ = rng.choice(masks)
            return text, axes
        if r < 0.6:
            axis = rng.choice(self.axes)
            return f"pos[{axis}] {rng.choice(['<', '>=', '==', '<>'])} {rng.randint(0, 4)}", [axis]
        a, x = self.pick()[:2]
        b, y = self.leaf()
        return f"{a} {rng.choice(['<', '<=', '>', '>='])} {b}", self.join(x, y)

    def index(self, axis):
        """An index into `axis`, inside: what is read outside is NaN."""
        ints = [v for v in self.values if v[2] == "i"]
        if ints and self.rng.random() < 0.8:
            text, axes, _ = self.rng.choice(ints)
            return f"mod({text}, size[{axis}])", axes
        return str(self.rng.randint(0, self.sizes[axis] - 1)), []

    def expression(self, depth):
        rng = self.rng
        if depth == 0:
            return self.leaf()
        sub = lambda: self.expression(rng.randint(0, depth - 1))
        kind = rng.choices(
            ["arithmetic", "function", "reduce", "dot", "choose", "index", "extreme", "round"],
            [5, 5, 4, 2, 2, 2, 1.5, 0.7],
        )[0]
        if kind == "arithmetic":
            a, x = sub()
            b, y = sub()
            op = rng.choice(["+", "-", "*", "/"])
            if op == "/":
                b = f"(1.5 + sq({b}))"
            return f"({a} {op} {b})", self.join(x, y)
        if kind == "function":
            a, x = sub()
            calm = f"tanh({a})"
            text = rng.choice([
                f"sq({calm})", f"sqrt(0.5 + sq({a}))", f"rsqrt(0.5 + sq({a}))",
                f"recip(1.5 + sq({a}))", f"exp({calm})", f"quick(exp)({calm})",
                f"log(0.5 + sq({a}))", calm, f"quick(tanh)({a})", f"erf({a})",
                f"quick(erf)({a})", f"sigmoid({a})", f"quick(sigmoid)({a})",
                f"sin({calm})", f"cos({calm})", f"(-{calm})", f"abs({a})",
                f"pow({calm}, 3)", f"pow(0.5 + sq({calm}), -2)",
                f"pow(0.5 + sq({calm}), {calm})", f"fast(exp({calm}))",
                f"({a} * stop({calm}))", f"halve({a})",
            ])
            return text, x
        if kind == "reduce":
            text, x, _ = self.pick()
            if not x:
                return text, x
            over = sorted(rng.sample(x, rng.randint(1, len(x))), key=lambda _: rng.random())
            word = rng.choice(["sum", "sum", "mean", "max", "min", "prod"])
            order = ""
            if word == "sum" and rng.random() < 0.4:
                order = rng.choice([": blocks 2", ": blocks 4", ": serial"])
            if word == "prod":
                text = f"(1.0 + 0.5 * tanh({text}))"
            return f"{word}[{', '.join(over)}{order}]({text})", [a for a in x if a not in over]
        if kind == "dot":
            a, x, _ = self.pick()
            b, y, _ = self.pick()
            shared = [s for s in x if s in y]
            if not shared:
                return f"({a} * {b})", self.join(x, y)
            over = rng.sample(shared, rng.randint(1, len(shared)))
            order = rng.choice(["", "", ": blocks 4"])
            if rng.random() < 0.3:
                a, b = f"bf16({a})", f"bf16({b})"
            return f"dot[{', '.join(over)}{order}]({a}, {b})", [s for s in self.join(x, y) if s not in over]
        if kind == "choose":
            c, z = self.condition()
            a, x = sub()
            b, y = sub()
            return f"where({c}, {a}, {b})", self.join(x, y, z)
        if kind == "extreme":
            a, x = sub()
            b, y = sub()
            return f"{rng.choice(['max', 'min'])}({a}, {b})", self.join(x, y)
        if kind == "round":
            a, x = sub()
            return f"{rng.choice(['bf16', 'f16'])}({a})", x
        text, x, _ = self.pick()
        if not x:
            return text, x
        axis = rng.choice(x)
        index, y = self.index(axis)
        if rng.random() < 0.6 or not y:
            return f"at({text}, {axis} = {index})", self.join([a for a in x if a != axis], y)
        rest = [a for a in x if a != axis]
        ints = [v for v in self.values if v[2] == "i" and axis in v[1]]
        others = [a for a in self.axes if a not in x]
        if not ints or not others:
            return f"at({text}, {axis} = {index})", self.join(rest, y)
        # Into an axis that the value lacks, along one that it has.
        i, z, _ = rng.choice(ints)
        to = rng.choice(others)
        if to in z:
            return text, x
        return f"put[{axis}]({text}, {to} = mod({i}, size[{to}]))", self.join(rest, [a for a in z if a != axis], [to])

    def write(self):
        rng = self.rng
        parameters = []
        for i in range(rng.randint(1, 4)):
            axes = self.axes if i == 0 else self.some_axes()
            dtype = rng.choice(["f32", "f32", "bf16", "E"])
            grad = " grad f32" if dtype != "f32" and rng.random() < 0.3 else ""
            parameters.append(f"x{i}: {dtype}[{', '.join(axes)}]{grad}")
            self.values.append((f"x{i}", axes, "f"))
        if rng.random() < 0.5:
            axes = self.some_axes(1)
            parameters.append(f"i: i32[{', '.join(axes)}]")
            self.values.append(("i", axes, "i"))
        if rng.random() < 0.3:
            axes = self.some_axes(1)
            parameters.append(f"keep: i1[{', '.join(axes)}]")
            self.values.append(("keep", axes, "b"))
        if rng.random() < 0.3:
            parameters.append("s: f32 = 0.75")
            self.values.append(("s", [], "f"))
        for k in range(rng.randint(1, 6)):
            text, axes = self.expression(rng.randint(1, 3))
            save = "save " if rng.random() < 0.2 else ""
            self.lines.append(f"  {save}v{k} = {text}")
            self.values.append((f"v{k}", axes, "f"))
        results = []
        made = [v for v in self.values if v[0].startswith("v")]
        for r, value in enumerate(made[-rng.randint(1, 2):]):
            axes = list(value[1])
            wider = [a for a in self.axes if a not in axes]
            if wider and rng.random() < 0.2:
                axes.append(rng.choice(wider))
            rng.shuffle(axes)
            dtype = rng.choice(["f32", "f32", "E"])
            results.append(f"y{r}: {dtype}[{', '.join(axes)}]")
            # Tied in, so that most of what was written is reached.
            self.lines.append(f"  y{r} = {value[0]}")
        if rng.random() < 0.2:
            self.lines.append(f"  grad x0 by blocks {rng.choice([2, 4, 64])}")
        header = ", ".join(self.axes)
        generic = "<E: bf16|f32>" if any("E[" in t for t in parameters + results) else ""
        case = ", ".join(f"{a} = {self.sizes[a]}" for a in self.axes)
        return "\n".join([
            f"gemel.op @{self.name}{generic}[{header}]({', '.join(parameters)}) -> ({', '.join(results)}) {{",
            *self.lines, "}",
            f"gemel.check @{self.name} {{", f"  case {case}", "  must tile", "}",
        ])


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    print("gemel.op @halve(x: f32) -> (y: f32) {\n  y = x * 0.5\n}")
    print("gemel.op @pow(x: f32, y: f32) -> (z: f32) {\n  z = exp(y * log(x))\n}")
    for number in range(count):
        print(Program(number, rng).write())


main()
