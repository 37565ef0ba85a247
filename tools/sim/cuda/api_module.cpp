// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Modules: PTX text becomes functions and variables.

#include "driver.h"

#include <algorithm>
#include <cstring>

using namespace cudasim;

namespace {

struct Log {
  char *text = nullptr;
  size_t bytes = 0;
  void **written = nullptr; // the option's slot takes the length
};

int refuse(const Log &log, int result, const std::string &sentence) {
  driver().report = sentence;
  // Machine code is tried first by whoever has text, too: no mistake.
  if (result != CUDA_ERROR_NO_BINARY_FOR_GPU)
    fprintf(stderr, "cuda simulator: %s\n", sentence.c_str());
  if (log.text && log.bytes) {
    size_t n = std::min(log.bytes - 1, sentence.size());
    memcpy(log.text, sentence.data(), n);
    log.text[n] = 0;
    if (log.written)
      *log.written = reinterpret_cast<void *>(n + 1);
  }
  return result;
}

/// The digits of sm_90a, and whether the letter binds it to that chip.
int capabilityOf(const std::string &target, bool &exact) {
  exact = !target.empty() && target.back() == 'a';
  int n = 0;
  for (char c : target)
    if (c >= '0' && c <= '9')
      n = n * 10 + (c - '0');
  return n;
}

int load(CUmodule *out, const void *image, const Log &log) {
  Driver &d = driver();
  if (!out || !image)
    return CUDA_ERROR_INVALID_VALUE;
  if (int e = refuseDuringCapture())
    return e;
  const char *text = static_cast<const char *>(image);
  uint32_t magic;
  memcpy(&magic, image, 4);
  if (magic == 0x464c457fu || magic == 0xba55ed50u)
    return refuse(log, CUDA_ERROR_NO_BINARY_FOR_GPU,
                  "a cubin or fat binary cannot be simulated; load PTX text");
  auto module = std::make_unique<CUmod_st>();
  module->context = currentContext();
  auto undo = [&] {
    for (uint64_t address : module->allocations)
      d.memory->release(address);
  };
  auto place = [&](const Variable &v) -> uint64_t {
    Allocation *a = d.memory->allocate(std::max<uint64_t>(v.size, 1), v.name);
    if (!a)
      return 0;
    // Variables without an initialiser are zero.
    memset(a->init, 1, a->size);
    if (!v.init.empty())
      memcpy(a->data, v.init.data(), v.init.size());
    a->readOnly = v.space == Space::Const;
    module->allocations.push_back(a->base);
    return a->base;
  };
  std::string error;
  module->module = parseModule(text, d.chip->name, place, error);
  if (!module->module) {
    undo();
    return refuse(log, CUDA_ERROR_INVALID_PTX, error);
  }
  Module &m = *module->module;
  bool exact;
  int wanted = capabilityOf(m.target, exact);
  int have = d.chip->major * 10 + d.chip->minor;
  if (wanted > have || (exact && m.target != d.chip->name)) {
    undo();
    return refuse(log, CUDA_ERROR_INVALID_PTX,
                  "the module is for " + m.target + " and the chip is " +
                      std::string(d.chip->name));
  }
  if (m.version > 90) {
    undo();
    return refuse(log, CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
                  "PTX " + std::to_string(m.version / 10) + "." +
                      std::to_string(m.version % 10) +
                      " is newer than the driver's 9.0");
  }
  for (auto &[name, v] : m.variables)
    for (const Variable::Reloc &r : v->relocs) {
      auto it = m.variables.find(r.symbol);
      if (it == m.variables.end() || (it->second->space != Space::Global &&
                                      it->second->space != Space::Const)) {
        undo();
        return refuse(log, CUDA_ERROR_INVALID_PTX,
                      "variable '" + name + "' holds the address of '" +
                          r.symbol + "', which is no global variable");
      }
      uint64_t value = it->second->offset + static_cast<uint64_t>(r.addend);
      memcpy(d.memory->find(v->offset)->data + r.offset, &value, r.bytes);
    }
  for (auto &[name, f] : m.functions)
    if (f->isEntry) {
      auto handle = std::make_unique<CUfunc_st>();
      handle->module = module.get();
      handle->function = f.get();
      module->functions[name] = std::move(handle);
    }
  *out = module.get();
  currentContext()->modules.push_back(module.release());
  return CUDA_SUCCESS;
}

} // namespace

GEMEL_API CUresult cuModuleLoadDataEx(CUmodule *out, const void *image,
                                      unsigned count, int *options,
                                      void **values) {
  GEMEL_CONTEXT;
  Log log;
  for (unsigned i = 0; i < count; ++i) {
    if (options[i] == CU_JIT_ERROR_LOG_BUFFER)
      log.text = static_cast<char *>(values[i]);
    if (options[i] == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES) {
      log.bytes = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(values[i]));
      log.written = &values[i];
    }
    if (options[i] == CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES)
      values[i] = nullptr;
  }
  if (log.text && log.bytes)
    log.text[0] = 0;
  return load(out, image, log);
}

GEMEL_API CUresult cuModuleLoadData(CUmodule *out, const void *image) {
  GEMEL_CONTEXT;
  return load(out, image, {});
}

GEMEL_API CUresult cuModuleUnload(CUmodule module) {
  GEMEL_CONTEXT;
  auto &all = currentContext()->modules;
  auto it = std::find(all.begin(), all.end(), module);
  if (it == all.end())
    return CUDA_ERROR_INVALID_HANDLE;
  if (int e = refuseDuringCapture())
    return e;
  if (int e = runAll(currentContext()))
    return e;
  for (uint64_t address : module->allocations)
    driver().memory->release(address);
  all.erase(it);
  delete module;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuModuleGetFunction(CUfunction *out, CUmodule module,
                                       const char *name) {
  GEMEL_CONTEXT;
  if (!out || !name)
    return CUDA_ERROR_INVALID_VALUE;
  if (!module)
    return CUDA_ERROR_INVALID_HANDLE;
  auto it = module->functions.find(name);
  if (it == module->functions.end())
    return CUDA_ERROR_NOT_FOUND;
  *out = it->second.get();
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuModuleGetGlobal_v2(CUdeviceptr *address, size_t *bytes,
                                        CUmodule module, const char *name) {
  GEMEL_CONTEXT;
  if (!name || !module)
    return CUDA_ERROR_INVALID_VALUE;
  auto it = module->module->variables.find(name);
  if (it == module->module->variables.end() ||
      (it->second->space != Space::Global && it->second->space != Space::Const))
    return CUDA_ERROR_NOT_FOUND;
  if (address)
    *address = it->second->offset;
  if (bytes)
    *bytes = it->second->size;
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuModuleGetGlobal, cuModuleGetGlobal_v2)

GEMEL_API CUresult cuModuleGetLoadingMode(int *mode) {
  if (!mode)
    return CUDA_ERROR_INVALID_VALUE;
  *mode = 1; // eager
  return CUDA_SUCCESS;
}
