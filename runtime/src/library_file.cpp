// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The trailer's checksum, and which processor a file was made for.
#include "library_file.h"
#include "status.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace gemel;

namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "the trailer is read as it lies");

// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
constexpr uint64_t kFnvBasis = 0xcbf29ce484222325, kFnvPrime = 0x100000001b3;

#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
constexpr const char *kMachineName = "x86-64";
#else
constexpr uint16_t kMachine = EM_AARCH64;
constexpr const char *kMachineName = "aarch64";
#endif

/// Closes its file.
struct File {
  int descriptor;
  ~File() {
    if (descriptor >= 0)
      close(descriptor);
  }

  /// Reads exactly `bytes` bytes at `offset`; false with errno (0 at the end
  /// of the file) if it cannot.
  bool read(void *out, size_t bytes, uint64_t offset) const {
    auto *next = static_cast<char *>(out);
    while (bytes > 0) {
      ssize_t got = pread(descriptor, next, bytes, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR)
        continue;
      if (got == 0)
        errno = 0;
      if (got <= 0)
        return false;
      next += got;
      bytes -= static_cast<size_t>(got);
      offset += static_cast<uint64_t>(got);
    }
    return true;
  }
};

gemel_status failRead(const char *path) {
  return fail(GEMEL_NOT_FOUND, "'%s': cannot read the file (%s)", path,
              errno ? strerror(errno) : "it became shorter");
}

gemel_status failDamaged(const char *path, const char *why) {
  return fail(GEMEL_DAMAGED_LIBRARY,
              "'%s': %s; copy the file again or build it again with gemelc",
              path, why);
}

bool checksum(const File &file, uint64_t bytes, uint64_t &sum) {
  unsigned char buffer[16384];
  sum = kFnvBasis;
  for (uint64_t offset = 0; offset < bytes;) {
    size_t part = std::min<uint64_t>(sizeof(buffer), bytes - offset);
    if (!file.read(buffer, part, offset))
      return false;
    for (size_t i = 0; i < part; ++i)
      sum = (sum ^ buffer[i]) * kFnvPrime;
    offset += part;
  }
  return true;
}

} // namespace

gemel_status gemel::checkLibraryFile(const char *path) {
  File file{open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat info;
  if (file.descriptor < 0 || fstat(file.descriptor, &info) != 0)
    return fail(GEMEL_NOT_FOUND, "'%s': cannot open the file (%s)", path,
                strerror(errno));
  if (!S_ISREG(info.st_mode))
    return fail(GEMEL_NOT_FOUND, "'%s': is not a file", path);

  auto fileBytes = static_cast<uint64_t>(info.st_size);
  gemel_trailer trailer;
  if (fileBytes < sizeof(trailer))
    return failDamaged(path, "the file is too short for an operator library");
  uint64_t bodyBytes = fileBytes - sizeof(trailer);
  if (!file.read(&trailer, sizeof(trailer), bodyBytes))
    return failRead(path);
  if (memcmp(trailer.magic, GEMEL_TRAILER_MAGIC, sizeof(trailer.magic)) != 0)
    return failDamaged(path, "the file does not end like an operator library, "
                             "it is truncated or none");
  if (trailer.file_bytes != bodyBytes)
    return failDamaged(path, "the file has not the length that its trailer "
                             "states");
  uint64_t sum;
  if (!checksum(file, bodyBytes, sum))
    return failRead(path);
  if (sum != trailer.checksum)
    return failDamaged(path, "the file is altered, its checksum differs");

  Elf64_Ehdr header;
  if (bodyBytes < sizeof(header))
    return failDamaged(path, "the file is too short for a shared library");
  if (!file.read(&header, sizeof(header), 0))
    return failRead(path);
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
      header.e_machine != kMachine)
    return fail(GEMEL_UNSUPPORTED,
                "'%s': the library is not made for this processor (%s); build "
                "it with --host=%s",
                path, kMachineName,
                kMachine == EM_X86_64 ? "x86_64" : "aarch64-linux-gnu");
  return GEMEL_OK;
}
