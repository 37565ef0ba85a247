// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads and writes .npy files (format 1.0 and 2.0, C order, little-endian).
// numpy has no bf16: such arrays are <u2 there, their bits.

#ifndef GEMEL_RUN_NPY_H
#define GEMEL_RUN_NPY_H

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace npy {

struct File {
  std::string descr; ///< "<f4", "<f2", "<u2", "<i4", "<i8", "|u1", "|b1"
  std::vector<int64_t> shape;
  std::vector<char> data;
};

/// The value of `key` in the header's dictionary, up to `stop`.
inline std::string field(const std::string &header, const std::string &key,
                         char open, char stop) {
  size_t at = header.find("'" + key + "'");
  if (at == std::string::npos)
    return "";
  at = header.find(open, header.find(':', at));
  size_t end = at == std::string::npos ? at : header.find(stop, at + 1);
  return end == std::string::npos ? "" : header.substr(at + 1, end - at - 1);
}

/// Reads `path`; none with a sentence in `error`.
inline std::optional<File> read(const std::string &path, std::string &error) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  if (!in.good() && bytes.empty()) {
    error = "cannot read '" + path + "'";
    return std::nullopt;
  }
  error = "'" + path + "' is no .npy file in C order";
  if (bytes.size() < 12 || bytes.compare(0, 6, "\x93NUMPY") != 0)
    return std::nullopt;
  auto byte = [&](size_t i) { return size_t(uint8_t(bytes[i])); };
  bool wide = bytes[6] >= 2;
  size_t length = byte(8) | byte(9) << 8;
  if (wide)
    length |= byte(10) << 16 | byte(11) << 24;
  size_t begin = wide ? 12 : 10;
  if (length > bytes.size() - begin)
    return std::nullopt;
  std::string header = bytes.substr(begin, length);
  File file;
  file.descr = field(header, "descr", '\'', '\'');
  if (header.find("'fortran_order': False") == std::string::npos)
    return std::nullopt;
  std::string shape = field(header, "shape", '(', ')');
  size_t count = 1;
  for (size_t i = 0; i < shape.size();) {
    char *end;
    long long size = std::strtoll(shape.c_str() + i, &end, 10);
    if (end == shape.c_str() + i)
      break;
    if (size < 0 || (size && count > bytes.size() / size_t(size)))
      return std::nullopt;
    file.shape.push_back(size);
    count *= size_t(size);
    i = end - shape.c_str();
    while (i < shape.size() && (shape[i] == ',' || shape[i] == ' '))
      ++i;
  }
  if (file.descr.size() < 3 ||
      count * size_t(file.descr[2] - '0') != bytes.size() - begin - length) {
    error = "'" + path + "' is shorter or longer than its header says";
    return std::nullopt;
  }
  file.data.assign(bytes.begin() + begin + length, bytes.end());
  error.clear();
  return file;
}

/// Writes by way of another name, so that the file is never half there.
inline bool write(const std::string &path, const File &file) {
  std::string header =
      "{'descr': '" + file.descr + "', 'fortran_order': False, 'shape': (";
  for (int64_t size : file.shape)
    header += std::to_string(size) + ",";
  header += "), }";
  header.resize((header.size() + 10 + 1 + 63) / 64 * 64 - 10, ' ');
  header.back() = '\n';
  std::string head = "\x93NUMPY\x01";
  head.push_back('\0');
  head.push_back(char(header.size() & 0xFF));
  head.push_back(char(header.size() >> 8));
  std::string temporary = path + ".new";
  std::ofstream out(temporary, std::ios::binary);
  out << head << header;
  out.write(file.data.data(), std::streamsize(file.data.size()));
  out.close();
  return out.good() && std::rename(temporary.c_str(), path.c_str()) == 0;
}

} // namespace npy

#endif // GEMEL_RUN_NPY_H
