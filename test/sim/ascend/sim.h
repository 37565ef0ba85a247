// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The simulated CANN through its symbols, and helpers to build and run
// kernels in CCE C.

#ifndef GEMEL_TEST_SIM_ASCEND_SIM_H
#define GEMEL_TEST_SIM_ASCEND_SIM_H

#include "acl_abi.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace simtest {

using f16 = _Float16;

/// A function of the library by its symbol.
void *symbol(const char *name);
template <class R = aclError, class... A>
R call(const char *name, A... a) {
  return reinterpret_cast<R (*)(A...)>(symbol(name))(a...);
}

/// Device memory with a copy of host data.
class Buffer {
public:
  explicit Buffer(size_t bytes);
  template <class T>
  explicit Buffer(const std::vector<T> &v) : Buffer(v.size() * sizeof(T)) {
    call("aclrtMemcpy", address, bytes, static_cast<const void *>(v.data()),
         bytes, ACL_MEMCPY_HOST_TO_DEVICE);
  }
  ~Buffer();
  Buffer(const Buffer &) = delete;
  template <class T>
  std::vector<T> read() const {
    std::vector<T> v(bytes / sizeof(T));
    call("aclrtMemcpy", static_cast<void *>(v.data()), bytes,
         static_cast<const void *>(address), bytes, ACL_MEMCPY_DEVICE_TO_HOST);
    return v;
  }
  uint64_t at(size_t offset = 0) const {
    return reinterpret_cast<uint64_t>(address) + offset;
  }
  void *address = nullptr;
  size_t bytes;
};

struct Build {
  int status;
  std::string path, log;
};
/// Compiles the text of a unit for "vec", "cube" or "mix" (each kernel k of it
/// becomes k_mix_aic and k_mix_aiv) and links it.
Build build(const std::string &text, const std::string &arch,
            const std::string &flags = "");

/// Fresh error state and a device for each test.
class Sim : public ::testing::Test {
protected:
  void SetUp() override;
  void TearDown() override;

  /// A kernel of a file beside the tests; the file is built once.
  aclrtFuncHandle kernel(const std::string &file, const std::string &arch,
                         const std::string &name);
  /// The kernel `k` whose body this is; parameters in \p parameters.
  aclrtFuncHandle kernelOf(const std::string &parameters,
                           const std::string &body,
                           const std::string &arch = "vec");

  /// The kernel `k` of a whole unit.
  aclrtFuncHandle kernelIn(const std::string &text, const std::string &arch);

  template <class... A>
  aclError launch(aclrtFuncHandle f, uint32_t blocks, const A &...a) {
    std::vector<uint64_t> slots = {slotOf(a)...};
    aclError e =
        call("aclrtLaunchKernelWithHostArgs", f, blocks, aclrtStream(nullptr),
             static_cast<aclrtLaunchKernelCfg *>(nullptr),
             static_cast<void *>(slots.data()), slots.size() * 8,
             static_cast<aclrtPlaceHolderInfo *>(nullptr), size_t(0));
    return e ? e : call("aclrtSynchronizeStream", aclrtStream(nullptr));
  }
  std::string report();
  /// Sets a switch for this test.
  void set(const char *variable, const char *value);

  aclrtFuncHandle load(const std::string &path, const std::string &name);

private:
  static uint64_t slotOf(const Buffer &b) { return b.at(); }
  template <class T>
  static uint64_t slotOf(const T &x) {
    uint64_t slot = 0;
    memcpy(&slot, &x, sizeof x);
    return slot;
  }
  std::vector<aclrtBinHandle> binaries;
  std::vector<std::pair<std::string, std::string>> saved;
};

/// Random numbers of a range, and some special ones.
std::vector<float> floats(size_t n, unsigned seed, float low = -4,
                          float high = 4);
std::vector<f16> halves(size_t n, unsigned seed, float low = -4,
                        float high = 4);

} // namespace simtest

#endif
