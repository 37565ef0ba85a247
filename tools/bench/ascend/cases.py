# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is timed for Ascend, predicted or on a chip: operators, sizes, and what each should reach."""
from dataclasses import dataclass

BF16 = {"E": "bf16"}


@dataclass
class Case:
    label: str
    text: str  # of kernels/
    op: str
    sizes: dict
    dtypes: dict
    goals: dict  # least percentages, by column
    operations: int = 0  # of matrix products; of masked ones what counts


def cases(rows, products):
    floor, both = {"floor": 85}, {"floor": 85, "memory": 85}
    norm, activation = {"T": rows, "D": rows}, {"T": rows, "F": rows}
    softmax = {"T": rows, "N": rows}
    yield Case("residual_add", "activation/residual_add", "residual_add", norm, BF16, both)
    yield Case("rms_norm", "norm/rms_norm", "rms_norm", norm, BF16, both)
    yield Case("rms_norm_backward", "norm/rms_norm", "rms_norm_backward", norm, BF16, both)
    yield Case("softmax", "norm/softmax", "softmax", softmax, BF16, floor)
    yield Case("softmax_backward", "norm/softmax", "softmax_backward", softmax, BF16, floor)
    yield Case("swiglu", "activation/swiglu", "swiglu", activation, BF16, floor)
    yield Case("swiglu_backward", "activation/swiglu", "swiglu_backward", activation, BF16, floor)
    yield Case("gelu", "activation/gelu", "gelu_rows", {"N": rows * rows}, BF16, floor)
    yield Case("adamw", "optimizer/adamw", "adamw", {"N": rows * rows}, {"G": "f32"}, both)
    loss, labels = {"T": rows, "V": rows}, {"E": "bf16", "I": "i64"}
    yield Case("cross_entropy", "loss/cross_entropy", "cross_entropy", loss, labels, floor)
    yield Case("cross_entropy_backward", "loss/cross_entropy", "cross_entropy_backward", loss, labels, floor)
    head = {"T": rows, "H": max(rows // 128, 1), "P": 2, "R": 64}
    yield Case("rope", "position/rope", "rope", head, BF16, floor)
    yield Case("rope_backward", "position/rope", "rope_backward", head, BF16, floor)
    table = {"T": rows, "V": max(rows // 4, 1), "D": rows}  # all of it is read
    yield Case("embedding", "embedding/embedding", "embedding", table, labels, floor)
    yield Case("embedding_backward", "embedding/embedding", "embedding_backward", table, labels, floor)
    n, heads, width = rows // 4, 8, 128
    sizes = {"B": 1, "H": heads, "G": 1, "S": n, "L": n, "D": width, "V": width}
    yield Case("attention", "attention/attention", "attention", sizes, BF16, {}, 2 * heads * n**2 * width)
    for n in products:
        goal = {"cube": 80} if n >= 6144 else {"cube": 75} if n >= 4096 else {}
        yield Case("linear", "linear/linear", "linear", {"M": n, "N": n, "K": n}, BF16, goal, 2 * n**3)
