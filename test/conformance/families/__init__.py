# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The conformance suite's cases, one module a family of rules."""

from . import (axes, calls, casts, dot, functions, index, integers, reduce,
               rounding, running_max, state, syntax)

MODULES = (rounding, casts, integers, reduce, dot, running_max, axes,
           functions, state, index, calls, syntax)
