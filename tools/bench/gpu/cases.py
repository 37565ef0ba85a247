# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the GPU bench runs: operators, sizes, and the peers that do the same."""
# name, operator, sizes, dtypes, flops (0: bound by memory). Rows of 8192 x 4096 and larger; a contraction.
BF16 = {"E": "bf16"}
CASES = [
    ("residual_add", "residual_add", {"T": 8192, "D": 4096}, BF16, 0),
    ("rms_norm", "rms_norm", {"T": 8192, "D": 4096}, BF16, 0),
    ("rms_norm 8k", "rms_norm", {"T": 8192, "D": 8192}, BF16, 0),
    ("rms_norm 16k", "rms_norm", {"T": 4096, "D": 16384}, BF16, 0),
    ("rms_norm backward", "rms_norm_backward", {"T": 8192, "D": 4096}, BF16, 0),
    ("softmax", "softmax", {"T": 8192, "N": 4096}, BF16, 0),
    ("softmax backward", "softmax_backward", {"T": 8192, "N": 4096}, BF16, 0),
    ("swiglu", "swiglu", {"T": 8192, "F": 16384}, BF16, 0),
    ("swiglu backward", "swiglu_backward", {"T": 8192, "F": 16384}, BF16, 0),
    ("gelu", "gelu_rows", {"N": 8192 * 4096}, BF16, 0),
    ("cross_entropy", "cross_entropy", {"T": 8192, "V": 32768}, {"E": "bf16", "I": "i64"}, 0),
    ("cross_entropy backward", "cross_entropy_backward", {"T": 8192, "V": 32768}, {"E": "bf16", "I": "i64"}, 0),
    ("rope", "rope", {"T": 8192, "H": 32, "P": 2, "R": 64}, BF16, 0),
    ("adamw", "adamw", {"N": 1 << 26}, {"G": "bf16"}, 0),
    ("linear f32", "linear", {"M": 2048, "N": 2048, "K": 2048}, {"E": "f32"}, 2 * 2048**3),
    ("linear", "linear", {"M": 4096, "N": 4096, "K": 4096}, BF16, 2 * 4096**3),
]


def small(sizes):
    """The same case where every element is looked at: sizes that do not divide."""
    return {axis: (n if n <= 2 else min(n, {"R": 20, "H": 3}.get(axis, 77))) for axis, n in sizes.items()}


def peers(torch, name, t, sizes):
    """Callables by name that do the same as the operator on torch tensors `t`; the best of them is the peer."""
    F = torch.nn.functional
    found = {}

    def both(eager):
        found["eager"] = eager
        compiled = torch.compile(eager)
        found["torch.compile"] = compiled

    def backward(forward, inputs, dy):
        """The backward alone, of a graph that is kept."""
        leaves = [x.detach().requires_grad_() for x in inputs]
        y = forward(*leaves)
        found["eager"] = lambda: torch.autograd.grad(y, leaves, dy, retain_graph=True)
        compiled = torch.compile(forward)(*leaves)
        found["torch.compile"] = lambda: torch.autograd.grad(compiled, leaves, dy, retain_graph=True)

    norm = lambda x, w: F.rms_norm(x, (x.shape[-1],), w, 1e-6)
    swiglu = lambda g, u: F.silu(g) * u
    loss = lambda x, label: F.cross_entropy(x.float(), label, reduction="none")
    if name == "residual_add":
        both(lambda: t["x"] + t["r"])
    elif name == "rms_norm":
        both(lambda: norm(t["x"], t["w"]))
    elif name == "rms_norm_backward":
        backward(norm, (t["x"], t["w"]), t["dy"])
    elif name == "softmax":
        both(lambda: torch.softmax(t["x"], -1))
    elif name == "softmax_backward":
        backward(lambda x: torch.softmax(x, -1), (t["x"],), t["dy"])
    elif name == "swiglu":
        both(lambda: swiglu(t["g"], t["u"]))
    elif name == "swiglu_backward":
        backward(swiglu, (t["g"], t["u"]), t["dy"])
    elif name == "gelu_rows":
        both(lambda: F.gelu(t["x"]))
    elif name == "cross_entropy":
        both(lambda: loss(t["x"], t["label"]))
    elif name == "cross_entropy_backward":
        backward(lambda x: loss(x, t["label"]), (t["x"],), t["dl"])
    elif name == "rope":
        angle = t["position"].float()[:, None, None] * 10000.0 ** -(
            torch.arange(sizes["R"], device="cuda").float() / sizes["R"])
        cos, sin = angle.cos(), angle.sin()

        def turn():
            a, b = t["x"].float().unbind(2)
            return torch.stack([a * cos - b * sin, b * cos + a * sin], 2).to(t["x"].dtype)

        both(turn)
    elif name == "adamw":
        def step():
            g = t["g"].float()
            m = 0.9 * t["m"] + 0.1 * g
            v = 0.99 * t["v"] + 0.01 * g * g
            p = t["p"] - 1e-3 * (m * 1.5 / ((v * 1.2).sqrt() + 1e-8) + 0.01 * t["p"])
            return p, m, v, p.to(torch.bfloat16)

        both(step)
    elif name == "linear":
        found["cuBLAS"] = lambda: t["a"] @ t["w"]
    return found
