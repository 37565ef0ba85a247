// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Binaries: an object of `ccec` becomes code of this process.

#include "driver.h"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace ascendsim;

namespace {

struct Section {
  std::string name;
  uint64_t address, bytes;
  const uint8_t *data;
};

/// The sections of an ELF file, none when it is damaged.
std::vector<Section> sectionsOf(const uint8_t *data, size_t size) {
  std::vector<Section> sections;
  Elf64_Ehdr header;
  memcpy(&header, data, sizeof header);
  if (header.e_shoff > size ||
      header.e_shnum * sizeof(Elf64_Shdr) > size - header.e_shoff ||
      header.e_shstrndx >= header.e_shnum)
    return sections;
  auto read = [&](uint32_t i) {
    Elf64_Shdr s;
    memcpy(&s, data + header.e_shoff + i * sizeof s, sizeof s);
    return s;
  };
  Elf64_Shdr names = read(header.e_shstrndx);
  for (uint32_t i = 0; i < header.e_shnum; ++i) {
    Elf64_Shdr s = read(i);
    if (s.sh_type == SHT_NOBITS)
      continue;
    uint64_t name = names.sh_offset + s.sh_name;
    if (s.sh_offset > size || s.sh_size > size - s.sh_offset || name >= size)
      return {};
    const char *text = reinterpret_cast<const char *>(data + name);
    sections.push_back({std::string(text, strnlen(text, size - name)),
                        s.sh_addr, s.sh_size, data + s.sh_offset});
  }
  return sections;
}

// `.ascend.meta.<symbol>`: records of a 16-bit type, a 16-bit length and the
// value (asc-devkit, ascendc_compile_v220.py).
enum { kMetaKernelType = 1, kMetaRatio = 3 };
enum { kTypeAic = 2, kTypeAiv = 3, kTypeMixAic = 4, kTypeMixAiv = 5 };

struct Meta {
  uint32_t type = 0;
  int cube = -1, vector = -1;
};

Meta metaOf(const Section &s) {
  Meta meta;
  for (uint64_t at = 0; at + 4 <= s.bytes;) {
    uint16_t type, length;
    memcpy(&type, s.data + at, 2);
    memcpy(&length, s.data + at + 2, 2);
    at += 4;
    if (length > s.bytes - at)
      break;
    if (type == kMetaKernelType && length >= 4)
      memcpy(&meta.type, s.data + at, 4);
    if (type == kMetaRatio && length >= 4) {
      uint16_t ratio[2];
      memcpy(ratio, s.data + at, 4);
      meta.cube = ratio[0];
      meta.vector = ratio[1];
    }
    at += length;
  }
  return meta;
}

bool takeSuffix(std::string &name, std::string_view suffix) {
  if (name.size() <= suffix.size() ||
      name.compare(name.size() - suffix.size(), suffix.size(), suffix))
    return false;
  name.resize(name.size() - suffix.size());
  return true;
}

void applyMeta(Kernel &k, const Meta &meta) {
  if (meta.type != kTypeMixAic && meta.type != kTypeMixAiv)
    return;
  k.mixedStart = true;
  if (meta.cube >= 0) {
    k.ratioCube = meta.cube;
    k.ratioVector = meta.vector;
  }
}

/// What is wrong with a kernel, or empty.
std::string checkKernel(const Kernel &k) {
  if (k.ratioCube && !k.cube)
    return "kernel '" + k.name +
           "' has no code for cube cores, and its "
           ".ascend.meta wants it";
  if (k.ratioVector && !k.vector)
    return "kernel '" + k.name +
           "' has no code for vector cores, and its "
           ".ascend.meta wants it";
  if (k.ratioCube < 0 || k.ratioCube > 1 || k.ratioVector < 0 ||
      k.ratioVector > 2 || !(k.ratioCube + k.ratioVector))
    return "kernel '" + k.name + "' wants " + std::to_string(k.ratioCube) +
           ":" + std::to_string(k.ratioVector) +
           " cores in a group: 1:0, 0:1, 1:1 and 1:2 there are";
  return "";
}

void addRecord(Binary &b, const cce_kernel_record &r,
               const std::vector<Section> &sections) {
  std::string name = r.name;
  bool mixed = takeSuffix(name, "_mix_aic") || takeSuffix(name, "_mix_aiv");
  auto &kernel = b.kernels[name];
  if (!kernel)
    kernel = std::make_unique<Kernel>();
  Kernel &k = *kernel;
  k.name = name;
  (strstr(r.arch, "cube") ? k.cube : k.vector) = &r;
  k.kind = k.cube && k.vector ? kMixedKernel
           : k.cube           ? kCubeKernel
                              : kVectorKernel;
  k.ratioCube = k.cube ? 1 : 0;
  k.ratioVector = k.vector ? (k.cube ? 2 : 1) : 0;
  k.mixedStart |= mixed;
  for (const Section &s : sections)
    for (const char *suffix : {"", "_mix_aic", "_mix_aiv"})
      if (s.name == ".ascend.meta." + name + suffix)
        applyMeta(k, metaOf(s));
  if (k.ratioCube == 0 && !k.cube)
    k.kind = kVectorKernel;
  if (k.ratioVector == 0 && k.cube)
    k.kind = kCubeKernel;
}

int load(const uint8_t *data, size_t size, uint32_t magic, Binary &binary) {
  auto wrong = [](const std::string &why) {
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "the binary does not load: " + why);
  };
  Elf64_Ehdr header;
  if (size < sizeof header || memcmp(data, ELFMAG, SELFMAG))
    return wrong("it is no ELF file");
  memcpy(&header, data, sizeof header);
  if (header.e_type == ET_REL)
    return wrong("it is an unlinked object; link it: ld.lld -m aicorelinux "
                 "-Ttext=0 k.o -static -o k");
  if (header.e_type != ET_DYN || header.e_machine != EM_X86_64)
    return wrong("it is not from the simulated ccec (a binary for the chip?)");
  std::vector<Section> sections = sectionsOf(data, size);
  auto records = std::find_if(sections.begin(), sections.end(),
                              [](auto &s) { return s.name == "cce_kernels"; });
  if (records == sections.end())
    return wrong("it has no kernel: extern \"C\" __global__ __aicore__ void");
  int fd = memfd_create("cce", MFD_CLOEXEC);
  if (fd < 0 || write(fd, data, size) != static_cast<ssize_t>(size))
    return wrong("no memory for it");
  // Kernels find the simulator by its symbols.
  Dl_info self;
  if (dladdr(reinterpret_cast<void *>(&load), &self))
    dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
  std::string path = "/proc/self/fd/" + std::to_string(fd);
  binary.handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  // The loader knows it by this name: it stays taken while it is loaded.
  binary.descriptor = fd;
  if (!binary.handle)
    return wrong(dlerror());
  link_map *map = nullptr;
  dlinfo(binary.handle, RTLD_DI_LINKMAP, &map);
  auto *list = reinterpret_cast<const cce_kernel_record *>(map->l_addr +
                                                           records->address);
  for (size_t i = 0; i < records->bytes / sizeof *list; ++i)
    addRecord(binary, list[i], sections);
  for (auto &[name, kernel] : binary.kernels) {
    if (std::string e = checkKernel(*kernel); !e.empty())
      return wrong(e);
    if (magic == ACL_RT_BINARY_MAGIC_ELF_VECTOR_CORE && kernel->cube)
      return wrong("kernel '" + name +
                   "' is for cube cores, and the magic "
                   "says vector core");
    if (magic == ACL_RT_BINARY_MAGIC_ELF_CUBE_CORE && kernel->vector)
      return wrong("kernel '" + name +
                   "' is for vector cores, and the magic "
                   "says cube core");
  }
  return ACL_SUCCESS;
}

void unload(Binary &binary) {
  if (binary.handle)
    dlclose(binary.handle);
  if (binary.descriptor >= 0)
    close(binary.descriptor);
}

Binary *binaryOf(aclrtBinHandle handle) {
  for (auto &b : driver().binaries)
    if (b.get() == handle)
      return b.get();
  return nullptr;
}

} // namespace

ACL_API aclError aclrtBinaryLoadFromData(const void *data, size_t length,
                                         const aclrtBinaryLoadOptions *options,
                                         aclrtBinHandle *out) {
  ACL_CONTEXT;
  if (!data || !length || !out)
    return ACL_ERROR_RT_PARAM_INVALID;
  uint32_t magic = ACL_RT_BINARY_MAGIC_ELF_AICORE;
  for (size_t i = 0; options && i < options->numOpt; ++i) {
    const aclrtBinaryLoadOption &o = options->options[i];
    if (o.type == ACL_RT_BINARY_LOAD_OPT_MAGIC)
      magic = o.value.magic;
    else if (o.type != ACL_RT_BINARY_LOAD_OPT_LAZY_LOAD)
      return ACL_ERROR_RT_FEATURE_NOT_SUPPORT;
  }
  if (magic != ACL_RT_BINARY_MAGIC_ELF_AICORE &&
      magic != ACL_RT_BINARY_MAGIC_ELF_VECTOR_CORE &&
      magic != ACL_RT_BINARY_MAGIC_ELF_CUBE_CORE)
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "the binary's magic is none of the three");
  auto binary = std::make_unique<Binary>();
  if (int e =
          load(static_cast<const uint8_t *>(data), length, magic, *binary)) {
    unload(*binary);
    return e;
  }
  *out = binary.get();
  driver().binaries.push_back(std::move(binary));
  return ACL_SUCCESS;
}

ACL_API aclError aclrtBinaryLoadFromFile(const char *path,
                                         aclrtBinaryLoadOptions *options,
                                         aclrtBinHandle *out) {
  if (!path)
    return ACL_ERROR_RT_PARAM_INVALID;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return ACL_ERROR_RT_FILE_OPEN;
  std::string data((std::istreambuf_iterator<char>(file)), {});
  return aclrtBinaryLoadFromData(data.data(), data.size(), options, out);
}

ACL_API aclError aclrtBinaryUnLoad(aclrtBinHandle handle) {
  ACL_CONTEXT;
  Binary *binary = binaryOf(handle);
  if (!binary)
    return ACL_ERROR_RT_INVALID_HANDLE;
  // Work that uses it is done first.
  for (auto &context : driver().contexts)
    runAll(context.get());
  unload(*binary);
  std::erase_if(driver().binaries,
                [&](const auto &b) { return b.get() == binary; });
  return ACL_SUCCESS;
}

ACL_API aclError aclrtBinaryGetFunction(const aclrtBinHandle handle,
                                        const char *name,
                                        aclrtFuncHandle *out) {
  ACL_CONTEXT;
  Binary *binary = binaryOf(handle);
  if (!binary)
    return ACL_ERROR_RT_INVALID_HANDLE;
  if (!name || !out)
    return ACL_ERROR_RT_PARAM_INVALID;
  auto it = binary->kernels.find(name);
  if (it == binary->kernels.end()) {
    std::string names;
    for (auto &[n, k] : binary->kernels)
      names += (names.empty() ? "" : ", ") + n;
    return complain(ACL_ERROR_RT_KERNEL_LOOKUP, "the binary has no kernel '" +
                                                    std::string(name) +
                                                    "': it has " + names);
  }
  *out = it->second.get();
  return ACL_SUCCESS;
}

ACL_API aclError aclrtGetFunctionName(aclrtFuncHandle function,
                                      uint32_t maxLength, char *name) {
  ACL_LOCK;
  if (!function || !name || !maxLength)
    return ACL_ERROR_RT_PARAM_INVALID;
  strncpy(name, static_cast<Kernel *>(function)->name.c_str(), maxLength);
  name[maxLength - 1] = 0;
  return ACL_SUCCESS;
}
