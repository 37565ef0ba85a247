// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The vendor's compiler of CCE C, where it is installed.

#ifndef GEMEL_CODEGEN_ASCEND_CCEC_H
#define GEMEL_CODEGEN_ASCEND_CCEC_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace gemel::ascend {

/// The program: GEMEL_CCEC, else `ccec` on the path or in the CANN toolkit that
/// ASCEND_HOME_PATH or ASCEND_TOOLKIT_HOME names; empty if there is none.
/// GEMEL_CCEC=none says that there is none.
std::string findCcec();

/// Compiles kernels of vector cores to an object that the ACL loads, with the
/// `ld.lld` beside ccec. What was compiled before, by the same ccec, is read
/// from a cache (XDG_CACHE_HOME/gemel, else ~/.cache/gemel). False, with a
/// sentence in `error`.
bool compileCce(const std::string &ccec, llvm::StringRef text,
                std::string &object, std::string &error);

} // namespace gemel::ascend

#endif // GEMEL_CODEGEN_ASCEND_CCEC_H
