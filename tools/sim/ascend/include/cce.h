// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All that `ccec` knows of the core it compiles for.

#ifndef GEMEL_SIM_ASCEND_CCE_H
#define GEMEL_SIM_ASCEND_CCE_H

#include "cce_base.h"
#include "cce_sync.h"
#ifdef __DAV_C220_VEC__
#include "cce_vector.h"
#endif
#ifdef __DAV_C220_CUBE__
#include "cce_cube.h"
#endif

#endif
