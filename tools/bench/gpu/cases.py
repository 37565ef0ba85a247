# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the GPU bench runs: operators, sizes, and the peers that do the same."""
from dataclasses import dataclass

from arrays import SCALARS

BF16 = {"E": "bf16"}


@dataclass
class Case:
    label: str
    op: str
    sizes: dict
    dtypes: dict
    flops: int = 0  # of matrix products; 0: bound by memory
    bytes: int = 0  # that have to be moved, if not those of all arguments


# Rows of 8192 x 4096 and larger; contractions.
CASES = [
    Case("residual_add", "residual_add", {"T": 8192, "D": 4096}, BF16),
    Case("rms_norm", "rms_norm", {"T": 8192, "D": 4096}, BF16),
    Case("rms_norm f32", "rms_norm", {"T": 8192, "D": 4096}, {"E": "f32"}),
    Case("rms_norm 8k", "rms_norm", {"T": 8192, "D": 8192}, BF16),
    Case("rms_norm 16k", "rms_norm", {"T": 4096, "D": 16384}, BF16),
    Case("rms_norm backward", "rms_norm_backward", {"T": 8192, "D": 4096}, BF16),
    Case("softmax", "softmax", {"T": 8192, "N": 4096}, BF16),
    Case("softmax backward", "softmax_backward", {"T": 8192, "N": 4096}, BF16),
    Case("swiglu", "swiglu", {"T": 8192, "F": 16384}, BF16),
    Case("swiglu backward", "swiglu_backward", {"T": 8192, "F": 16384}, BF16),
    Case("gelu", "gelu_rows", {"N": 8192 * 4096}, BF16),
    Case("cross_entropy", "cross_entropy", {"T": 8192, "V": 32768}, {"E": "bf16", "I": "i64"}),
    Case("cross_entropy backward", "cross_entropy_backward", {"T": 8192, "V": 32768}, {"E": "bf16", "I": "i64"}),
    Case("rope", "rope", {"T": 8192, "H": 32, "P": 2, "R": 64}, BF16),
    Case("embedding", "embedding", {"T": 8192, "V": 32768, "D": 4096}, {"E": "bf16", "I": "i64"},
         bytes=8192 * (2 * 4096 * 2 + 8)),
    Case("adamw", "adamw", {"N": 1 << 26}, {"G": "bf16"}),
    Case("linear f32", "linear", {"M": 2048, "N": 2048, "K": 2048}, {"E": "f32"}, 2 * 2048**3),
    Case("linear", "linear", {"M": 4096, "N": 4096, "K": 4096}, BF16, 2 * 4096**3),
    Case("linear 8k", "linear", {"M": 8192, "N": 8192, "K": 8192}, BF16, 2 * 8192**3),
    Case("linear_residual", "linear_residual", {"M": 4096, "N": 4096, "K": 4096}, BF16, 2 * 4096**3),
    # Half of the positions are masked.
    Case("attention", "attention", {"B": 1, "S": 1024, "L": 1024, "H": 16, "G": 1, "D": 128, "V": 128}, BF16,
         1024**2 * 16 * 256),
    Case("attention 8k", "attention", {"B": 1, "S": 8192, "L": 8192, "H": 16, "G": 1, "D": 128, "V": 128}, BF16,
         8192**2 * 16 * 256),
]  # fmt: skip


def small(case):
    """The sizes where every element is looked at: they do not divide."""
    if set(case.sizes) == {"N"}:
        return {"N": 5003}
    least = {"P": 2, "R": 20, "H": 3, "B": 2, "G": 1, "D": 77, "S": 19, "L": 150}
    return {axis: min(n, least.get(axis, 77)) for axis, n in case.sizes.items()}


def peers(torch, case, t, compiled):
    """Callables by name that do the same as the operator on torch tensors `t`; the best of them is the peer. compiled:
    what torch.compile made of the case, which is made once and kept there."""
    F, name, sizes, found = torch.nn.functional, case.op, case.sizes, {}

    def compile(function):
        if case.label not in compiled:
            compiled[case.label] = torch.compile(function)
        return compiled[case.label]

    def both(function, *inputs):
        fast = compile(function)
        found["eager"] = lambda: function(*inputs)
        found["torch.compile"] = lambda: fast(*inputs)

    def backward(forward, inputs, dy):
        """The backward alone, of a graph that is kept."""
        leaves = [x.detach().requires_grad_() for x in inputs]
        y, fast = forward(*leaves), compile(forward)(*leaves)
        found["eager"] = lambda: torch.autograd.grad(y, leaves, dy, retain_graph=True)
        found["torch.compile"] = lambda: torch.autograd.grad(fast, leaves, dy, retain_graph=True)

    norm = lambda x, w: F.rms_norm(x, (x.shape[-1],), w, 1e-6)
    swiglu = lambda g, u: F.silu(g) * u
    softmax = lambda x: torch.softmax(x, -1)
    loss = lambda x, label: F.cross_entropy(x.float(), label, reduction="none")
    if name == "residual_add":
        both(lambda x, r: x + r, t["x"], t["r"])
    elif name == "rms_norm":
        both(norm, t["x"], t["w"])
    elif name == "rms_norm_backward":
        backward(norm, (t["x"], t["w"]), t["dy"])
    elif name == "softmax":
        both(softmax, t["x"])
    elif name == "softmax_backward":
        backward(softmax, (t["x"],), t["dy"])
    elif name == "swiglu":
        both(swiglu, t["g"], t["u"])
    elif name == "swiglu_backward":
        backward(swiglu, (t["g"], t["u"]), t["dy"])
    elif name == "gelu_rows":
        both(lambda x: F.gelu(x), t["x"])
    elif name == "cross_entropy":
        both(loss, t["x"], t["label"])
    elif name == "cross_entropy_backward":
        label = t["label"]
        backward(lambda x: loss(x, label), (t["x"],), t["dl"])
    elif name == "rope":
        angle = t["position"].float()[:, None, None] * 10000.0 ** -(
            torch.arange(sizes["R"], device="cuda").float() / sizes["R"])  # fmt: skip

        def turn(x, cos, sin):
            a, b = x.float().unbind(2)
            return torch.stack([a * cos - b * sin, b * cos + a * sin], 2).to(x.dtype)

        both(turn, t["x"], angle.cos(), angle.sin())
    elif name == "embedding":
        both(lambda id, w: F.embedding(id, w), t["id"], t["w"])
    elif name == "adamw":

        def step(p, m, v, g):
            g = g.float()
            m.copy_(0.9 * m + 0.1 * g)
            v.copy_(0.99 * v + 0.01 * g * g)
            p.copy_(p - 1e-3 * (m * 1.5 / ((v * 1.2).sqrt() + 1e-8) + 0.01 * p))
            return p.to(torch.bfloat16)

        both(step, t["p"], t["m"], t["v"], t["g"])
    elif name == "linear":
        found["cuBLAS"] = lambda: t["a"] @ t["w"]
    elif name == "linear_residual":
        found["cuBLAS addmm"] = lambda: torch.addmm(t["r"], t["a"], t["w"])
    elif name == "attention":
        # The bottom right causal mask; sizes are equal, so torch's is the same. Heads before positions, as it wants.
        q, k, v = (t[key].reshape(-1, sizes["H"], 128).transpose(0, 1)[None].contiguous() for key in "qkv")
        scale = SCALARS["attention"]["scale"]
        found["SDPA"] = lambda: F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale)
    return found
