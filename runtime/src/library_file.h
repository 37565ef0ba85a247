// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Verifying an operator library's file before the loader touches it.
#ifndef GEMEL_RUNTIME_SRC_LIBRARY_FILE_H
#define GEMEL_RUNTIME_SRC_LIBRARY_FILE_H

#include <gemel/runtime.h>

namespace gemel {

/// Checks the file's length, trailer, checksum and processor. Statuses and
/// sentences as gemel_library_open promises them.
gemel_status checkLibraryFile(const char *path);

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_LIBRARY_FILE_H
