// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Generated definitions of the op interfaces.

#include "dialect/Interfaces.h"

#include "dialect/Interfaces.cpp.inc"
