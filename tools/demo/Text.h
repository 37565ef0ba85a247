// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The demo's data: bytes of a file or of all files of a folder.

#ifndef GEMEL_DEMO_TEXT_H
#define GEMEL_DEMO_TEXT_H

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace demo {

/// All bytes at `path`, files of a folder in the order of their names; empty
/// if there is nothing to read.
inline std::string readText(const std::filesystem::path &path) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    for (const auto &entry : fs::recursive_directory_iterator(path, error))
      if (entry.is_regular_file() && !entry.is_symlink())
        files.push_back(entry.path());
  } else {
    files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  std::string text;
  for (const fs::path &file : files) {
    std::ifstream in(file, std::ios::binary);
    text.append(std::istreambuf_iterator<char>(in), {});
  }
  return text;
}

/// splitmix64 (Steele, Lea, Flood 2014).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() {
    state += 0x9E3779B97F4A7C15u;
    uint64_t x = state;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
  }
  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
  uint64_t state;
};

} // namespace demo

#endif // GEMEL_DEMO_TEXT_H
