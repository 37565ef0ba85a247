// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The training text: bytes of a file or of all files of a folder.

#ifndef GEMEL_TRAINER_TEXT_H
#define GEMEL_TRAINER_TEXT_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace trainer {

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

/// The entropy of a byte given the one before it, in nats, as the text has
/// them: what a model of bigrams can reach.
inline double bigramEntropy(const std::string &text) {
  std::vector<double> pairs(256 * 256), firsts(256);
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    auto a = static_cast<unsigned char>(text[i]);
    auto b = static_cast<unsigned char>(text[i + 1]);
    pairs[a * 256 + b] += 1;
    firsts[a] += 1;
  }
  double entropy = 0;
  for (size_t k = 0; k < pairs.size(); ++k)
    if (pairs[k] > 0)
      entropy -= pairs[k] * std::log(pairs[k] / firsts[k / 256]);
  return entropy / static_cast<double>(text.size() - 1);
}

/// FNV-1a, 64 bits: tells texts apart.
inline uint64_t hashOf(const std::string &text) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (unsigned char c : text)
    hash = (hash ^ c) * 0x100000001b3u;
  return hash;
}

/// splitmix64 (Steele, Lea, Flood 2014).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  /// All that it goes on from.
  uint64_t get() const { return state; }
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

} // namespace trainer

#endif // GEMEL_TRAINER_TEXT_H
