// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Files of the trainer: checkpoints in the safetensors format, written whole or
// not at all.

#ifndef GEMEL_TRAINER_CHECKPOINT_H
#define GEMEL_TRAINER_CHECKPOINT_H

#include "Operators.h"

#include <string>
#include <utility>
#include <vector>

namespace trainer {

/// Writes `bytes` to `path` by way of another name, so that it is never half
/// there, not even after a crash of the machine. Throws std::runtime_error.
void writeWhole(const std::string &path, const std::string &bytes);

/// Throws std::runtime_error with a sentence if files cannot be made beside
/// `path`, which flag `flag` gave: before the work that would be lost.
void checkWritable(const std::string &path, const std::string &flag);

/// What a file holds: arrays by name, and strings by name.
struct Checkpoint {
  std::vector<std::pair<std::string, Tensor *>> tensors; ///< not owned
  std::map<std::string, std::string> metadata;
};

/// Writes a safetensors file: 8 bytes of header length, a JSON header (dtype,
/// shape, data_offsets of each array, __metadata__), then the arrays.
void save(const std::string &path, const Checkpoint &checkpoint);

/// The metadata of a file. Throws std::runtime_error with a sentence if it is
/// no safetensors file, or damaged.
std::map<std::string, std::string> readMetadata(const std::string &path);

/// Reads the arrays that `checkpoint` lists. Throws as above, or if one of them
/// is missing or has another dtype or shape; then none is changed.
void load(const std::string &path, const Checkpoint &checkpoint);

} // namespace trainer

#endif // GEMEL_TRAINER_CHECKPOINT_H
