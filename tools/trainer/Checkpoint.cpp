// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Checkpoints in the safetensors format.

#include "Checkpoint.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

using namespace trainer;
using nlohmann::json;

static std::runtime_error refusal(const std::string &path,
                                  const std::string &why) {
  return std::runtime_error("'" + path + "': " + why);
}

void trainer::writeWhole(const std::string &path, const std::string &bytes) {
  std::string temporary = path + ".new";
  std::FILE *file = std::fopen(temporary.c_str(), "wb");
  if (!file)
    throw refusal(temporary, std::strerror(errno));
  bool good =
      std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() &&
      std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  good = std::fclose(file) == 0 && good;
  if (!good || std::rename(temporary.c_str(), path.c_str()) != 0) {
    std::string why = std::strerror(errno);
    std::remove(temporary.c_str());
    throw refusal(path, why);
  }
}

void trainer::checkWritable(const std::string &path, const std::string &flag) {
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty())
    folder = ".";
  if (access(folder.c_str(), W_OK | X_OK) != 0 ||
      !std::filesystem::is_directory(folder))
    throw std::runtime_error("'" + folder.string() +
                             "' is no folder that can be written to; make it, "
                             "or give another by --" +
                             flag);
}

/// The format's names of dtypes.
static const char *nameOf(int32_t dtype) {
  switch (dtype) {
  case GEMEL_F32:
    return "F32";
  case GEMEL_BF16:
    return "BF16";
  case GEMEL_F16:
    return "F16";
  case GEMEL_I32:
    return "I32";
  case GEMEL_I64:
    return "I64";
  case GEMEL_U8:
    return "U8";
  default:
    return "BOOL";
  }
}

void trainer::save(const std::string &path, const Checkpoint &checkpoint) {
  json header;
  header["__metadata__"] = checkpoint.metadata;
  int64_t offset = 0;
  for (const auto &[name, tensor] : checkpoint.tensors) {
    header[name] = {{"dtype", nameOf(tensor->dtype)},
                    {"shape", tensor->sizes},
                    {"data_offsets", {offset, offset + tensor->bytes()}}};
    offset += tensor->bytes();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' '); // arrays start aligned
  uint64_t length = text.size();
  std::string bytes(reinterpret_cast<const char *>(&length), sizeof length);
  bytes += text;
  for (const auto &[name, tensor] : checkpoint.tensors) {
    tensor->bring();
    bytes.append(static_cast<const char *>(tensor->host()),
                 static_cast<size_t>(tensor->bytes()));
  }
  writeWhole(path, bytes);
}

/// The header and where the arrays begin.
static std::pair<json, std::string> read(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(path))
    throw refusal(path, "cannot be read as a file");
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  uint64_t length;
  if (bytes.size() < sizeof length)
    throw refusal(path, "is no safetensors file: it has no header");
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > bytes.size() - sizeof length)
    throw refusal(path, "is no safetensors file, or cut short: its header "
                        "would end behind the file");
  json header = json::parse(bytes.begin() + sizeof length,
                            bytes.begin() + sizeof length + int64_t(length),
                            nullptr, /*allow_exceptions=*/false);
  if (!header.is_object())
    throw refusal(path, "is damaged: its header is no JSON object");
  return {header, bytes.substr(sizeof length + length)};
}

std::map<std::string, std::string>
trainer::readMetadata(const std::string &path) {
  json header = read(path).first;
  std::map<std::string, std::string> metadata;
  if (header.contains("__metadata__") && header["__metadata__"].is_object())
    for (const auto &[key, value] : header["__metadata__"].items())
      if (value.is_string())
        metadata[key] = value.get<std::string>();
  return metadata;
}

void trainer::load(const std::string &path, const Checkpoint &checkpoint) {
  auto [header, data] = read(path);
  std::vector<int64_t> starts;
  for (const auto &[name, tensor] : checkpoint.tensors) {
    auto entry = header.find(name);
    if (entry == header.end())
      throw refusal(path, "has no array '" + name + "'");
    try {
      auto sizes = entry->at("shape").get<std::vector<int64_t>>();
      auto offsets = entry->at("data_offsets").get<std::vector<int64_t>>();
      if (entry->at("dtype").get<std::string>() != nameOf(tensor->dtype) ||
          sizes != tensor->sizes)
        throw refusal(path, "array '" + name + "' is " +
                                entry->at("dtype").dump() + " " +
                                entry->at("shape").dump() +
                                ", but the model's is another; give the "
                                "flags that the checkpoint was made with");
      // In this order no difference wraps.
      if (offsets.size() != 2 || offsets[0] < 0 || offsets[1] < offsets[0] ||
          offsets[1] > int64_t(data.size()) ||
          offsets[1] - offsets[0] != tensor->bytes())
        throw refusal(path, "is cut short: array '" + name +
                                "' would end behind the file");
      starts.push_back(offsets[0]);
    } catch (const json::exception &) {
      throw refusal(path, "is damaged: the entry of array '" + name + "'");
    }
  }
  for (size_t i = 0; i < starts.size(); ++i) {
    Tensor &tensor = *checkpoint.tensors[i].second;
    std::memcpy(tensor.host(), data.data() + starts[i],
                static_cast<size_t>(tensor.bytes()));
    tensor.send();
  }
}
