// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Library files, whole and damaged: a status and a sentence, never a crash.
#include "support.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace {

using Bytes = std::vector<char>;

Bytes readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

/// The bytes with the trailer that gemelc appends.
Bytes sealed(Bytes bytes) {
  gemel_trailer trailer;
  memcpy(trailer.magic, GEMEL_TRAILER_MAGIC, sizeof(trailer.magic));
  trailer.file_bytes = bytes.size();
  trailer.checksum = 0xcbf29ce484222325;
  for (unsigned char byte : bytes)
    trailer.checksum = (trailer.checksum ^ byte) * 0x100000001b3;
  auto *first = reinterpret_cast<const char *>(&trailer);
  bytes.insert(bytes.end(), first, first + sizeof(trailer));
  return bytes;
}

class LibraryFileTest : public testing::Test {
protected:
  LibraryFileTest() {
    std::string name = testing::TempDir() + "gemel-XXXXXX";
    folder = mkdtemp(name.data());
    path = folder + "/library.so";
  }
  ~LibraryFileTest() override { std::filesystem::remove_all(folder); }

  gemel_status open(const Bytes &bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), bytes.size());
    return gemel_library_open(path.c_str(), &library);
  }
  void expectDamaged(const Bytes &bytes, const std::string &why) {
    std::string sentence =
        "'" + path + "': " + why +
        "; copy the file again or build it again with gemelc";
    EXPECT_REFUSED(open(bytes), GEMEL_DAMAGED_LIBRARY, sentence.c_str());
    EXPECT_EQ(library, nullptr);
  }

  static constexpr const char *kTooShort =
      "the file is too short for an operator library";
  static constexpr const char *kNoTrailer =
      "the file does not end like an operator library, it is truncated or none";
  static constexpr const char *kAltered =
      "the file is altered, its checksum differs";

  const Bytes plain = readFile(HANDMADE_LIBRARY);
  const Bytes whole = sealed(plain);
  std::string folder, path;
  gemel_library *library = nullptr;
};

TEST_F(LibraryFileTest, WholeOpensAndRuns) {
  ASSERT_OK(open(whole));
  EXPECT_STREQ(gemel_library_manifest(library)->compiler, "by hand");
  gemel_device *device;
  const gemel_op *op;
  ASSERT_OK(gemel_device_open("cpu:1", &device));
  ASSERT_OK(gemel_library_op(library, device, "step", &op));
  Buffer<float> p(4, 1), g(4, 1);
  Call call(op, device);
  call.array(p.data(), {4}).array(g.data(), {4}).scalar(int32_t{5}).noScalar();
  EXPECT_OK(call.launch());
  EXPECT_TRUE(p.all(3));
  gemel_library_close(library);
  gemel_device_close(device);
}

TEST_F(LibraryFileTest, APathWithoutSlashIsOfTheWorkingDirectory) {
  auto former = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  path = "library.so";
  EXPECT_OK(open(whole));
  gemel_library_close(library);
  std::filesystem::current_path(former);
}

TEST_F(LibraryFileTest, MayBeOpenedTwice) {
  ASSERT_OK(open(whole));
  gemel_library *second;
  ASSERT_OK(gemel_library_open(path.c_str(), &second));
  EXPECT_NE(library, second);
  gemel_library_close(library);
  EXPECT_STREQ(gemel_library_manifest(second)->ops[1].name, "total");
  gemel_library_close(second);
}

TEST_F(LibraryFileTest, Nulls) {
  EXPECT_REFUSED(gemel_library_open(nullptr, &library), GEMEL_INVALID_ARGUMENT,
                 "gemel_library_open: 'path' is null; pass the file's path");
  EXPECT_REFUSED(gemel_library_open("x", nullptr), GEMEL_INVALID_ARGUMENT,
                 "gemel_library_open: 'library' is null; pass where to put the "
                 "handle");
}

TEST_F(LibraryFileTest, Missing) {
  EXPECT_REFUSED(gemel_library_open("/nowhere/x.so", &library), GEMEL_NOT_FOUND,
                 "'/nowhere/x.so': cannot open the file (No such file or "
                 "directory)");
}

TEST_F(LibraryFileTest, Folder) {
  std::string sentence = "'" + folder + "': is not a file";
  EXPECT_REFUSED(gemel_library_open(folder.c_str(), &library), GEMEL_NOT_FOUND,
                 sentence.c_str());
}

TEST_F(LibraryFileTest, Empty) { expectDamaged({}, kTooShort); }

TEST_F(LibraryFileTest, Truncated) {
  auto prefix = [&](size_t bytes) {
    return Bytes(whole.begin(), whole.begin() + bytes);
  };
  expectDamaged(prefix(23), kTooShort);
  expectDamaged(prefix(64), kNoTrailer); // the ELF header
  expectDamaged(prefix(whole.size() / 2), kNoTrailer);
  expectDamaged(prefix(whole.size() - 1), kNoTrailer);
  expectDamaged(prefix(plain.size()), kNoTrailer);
}

TEST_F(LibraryFileTest, LongerOrShorterThanItsTrailerSays) {
  const char *why = "the file has not the length that its trailer states";
  Bytes longer = whole, shorter = whole;
  longer.insert(longer.begin() + 100, 'x');
  shorter.erase(shorter.begin() + 100);
  expectDamaged(longer, why);
  expectDamaged(shorter, why);
}

TEST_F(LibraryFileTest, AppendedBytes) {
  Bytes longer = whole;
  longer.push_back('\n');
  expectDamaged(longer, kNoTrailer);
}

TEST_F(LibraryFileTest, OneFlippedBit) {
  // Spread over the whole file, the ELF header and the checksum included.
  size_t length = whole.size();
  for (size_t i = 0; i < 200; ++i) {
    size_t at = i * (plain.size() - 1) / 199;
    Bytes flipped = whole;
    flipped[at] ^= static_cast<char>(1 << (i % 8));
    expectDamaged(flipped, kAltered);
  }
  for (size_t at = plain.size(); at < length; ++at) {
    Bytes flipped = whole;
    flipped[at] ^= 0x10;
    expectDamaged(flipped, at < plain.size() + 8 ? kNoTrailer
                           : at < plain.size() + 16
                               ? "the file has not the length that its trailer "
                                 "states"
                               : kAltered);
  }
}

TEST_F(LibraryFileTest, Garbage) {
  Bytes garbage(5000);
  for (size_t i = 0; i < garbage.size(); ++i)
    garbage[i] = static_cast<char>(i * 2654435761u >> 13);
  expectDamaged(garbage, kNoTrailer);
  expectDamaged(sealed(Bytes(20, 'g')),
                "the file is too short for a shared library");
}

TEST_F(LibraryFileTest, SealedGarbageIsTheLoadersToRefuse) {
  EXPECT_EQ(open(sealed(Bytes(5000, 'g'))), GEMEL_DAMAGED_LIBRARY);
  std::string sentence = "'" + path + "': the loader refuses the library (" +
                         path +
                         ": invalid ELF header); build it again with gemelc";
  EXPECT_STREQ(gemel_last_error(), sentence.c_str());
}

TEST_F(LibraryFileTest, AnOrdinaryLibrary) { expectDamaged(plain, kNoTrailer); }

TEST_F(LibraryFileTest, NoManifest) {
  std::string sentence = "'" + path +
                         "': the library exports no symbol 'gemel_manifest'; "
                         "build it with gemelc";
  EXPECT_REFUSED(open(sealed(readFile(NO_MANIFEST_LIBRARY))),
                 GEMEL_DAMAGED_LIBRARY, sentence.c_str());
}

TEST_F(LibraryFileTest, WrongMagic) {
  std::string sentence = "'" + path +
                         "': damaged manifest: its first word is 0x12345678, "
                         "not 0x314c4d47; build the library again with gemelc";
  EXPECT_REFUSED(open(sealed(readFile(WRONG_MAGIC_LIBRARY))),
                 GEMEL_DAMAGED_LIBRARY, sentence.c_str());
}

TEST_F(LibraryFileTest, WrongAbi) {
  std::string sentence =
      "'" + path +
      "': the library has ABI version 77 but this runtime has 6; build the "
      "library with the gemelc of this runtime";
  EXPECT_REFUSED(open(sealed(readFile(WRONG_ABI_LIBRARY))), GEMEL_ABI_MISMATCH,
                 sentence.c_str());
  EXPECT_EQ(library, nullptr);
}

TEST_F(LibraryFileTest, AnotherProcessor) {
  Bytes foreign = plain;
  foreign[18] = 0x16, foreign[19] = 0; // e_machine: EM_S390
#if defined(__x86_64__)
  std::string sentence = "'" + path +
                         "': the library is not made for this processor "
                         "(x86-64); build it with --host=x86_64";
#else
  std::string sentence = "'" + path +
                         "': the library is not made for this processor "
                         "(aarch64); build it with --host=aarch64-linux-gnu";
#endif
  EXPECT_REFUSED(open(sealed(foreign)), GEMEL_UNSUPPORTED, sentence.c_str());
}

} // namespace
