// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The simulated CANN through its symbols, and helpers to build and run
// kernels in CCE C.

#include "sim.h"

#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <unistd.h>

namespace simtest {

namespace {

std::string readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A folder that goes when the tests end.
const std::string &folder() {
  static const struct Folder {
    std::string path;
    Folder() {
      char name[] = "/tmp/gemel-ascend-XXXXXX";
      path = mkdtemp(name);
    }
    ~Folder() {
      std::string command = "rm -rf " + path;
      if (system(command.c_str()))
        fprintf(stderr, "cannot remove %s\n", path.c_str());
    }
  } f;
  return f.path;
}

} // namespace

void *symbol(const char *name) {
  static void *library = dlopen(GEMEL_ASCEND_SIM_LIBRARY, RTLD_NOW);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    abort();
  }
  void *s = dlsym(library, name);
  if (!s) {
    fprintf(stderr, "no symbol %s\n", name);
    abort();
  }
  return s;
}

Buffer::Buffer(size_t n) : bytes(n) {
  call("aclrtMalloc", &address, bytes, ACL_MEM_MALLOC_HUGE_FIRST);
}
Buffer::~Buffer() { call("aclrtFree", address); }

Build build(const std::string &text, const std::string &arch,
            const std::string &flags) {
  static int number = 0;
  std::string stem = folder() + "/k" + std::to_string(number++);
  std::ofstream(stem + ".cce") << text;
  std::string tools = GEMEL_ASCEND_SIM_TOOLS, objects, command;
  auto compile = [&](const std::string &kind, const std::string &more) {
    std::string object = stem + "." + kind + ".o";
    command += tools +
               "/ccec -x cce -O2 -std=c++17 -c --cce-aicore-arch=dav-c220-" +
               kind + " --cce-aicore-only " + flags + " " + more + " " + stem +
               ".cce -o " + object + " && ";
    objects += " " + object;
  };
  if (arch == "mix") {
    compile("cube", "-DKERNEL=k_mix_aic");
    compile("vec", "-DKERNEL=k_mix_aiv");
  } else {
    compile(arch, "-DKERNEL=k");
  }
  command += tools + "/ld.lld -m aicorelinux -Ttext=0" + objects +
             " -static -o " + stem + ".bin";
  std::string log = stem + ".log";
  int status = system(("(" + command + ") >" + log + " 2>&1").c_str());
  return {status, stem + ".bin", readFile(log)};
}

void Sim::SetUp() {
  call("aclInit", static_cast<const char *>(nullptr));
  ASSERT_EQ(call("aclrtSetDevice", int32_t(0)), ACL_SUCCESS);
  call<void>("gemelAscendSimReset");
}

void Sim::TearDown() {
  for (aclrtBinHandle b : binaries)
    call("aclrtBinaryUnLoad", b);
  for (auto &[variable, value] : saved) {
    if (value.empty())
      unsetenv(variable.c_str());
    else
      setenv(variable.c_str(), value.c_str(), 1);
  }
  call<void>("gemelAscendSimReset");
}

void Sim::set(const char *variable, const char *value) {
  const char *old = getenv(variable);
  saved.insert(saved.begin(), {variable, old ? old : ""});
  setenv(variable, value, 1);
  call<void>("gemelAscendSimReset");
}

std::string Sim::report() { return call<const char *>("gemelAscendSimReport"); }

aclrtFuncHandle Sim::load(const std::string &path, const std::string &name) {
  std::string data = readFile(path);
  aclrtBinHandle binary = nullptr;
  aclError e =
      call("aclrtBinaryLoadFromData", static_cast<const void *>(data.data()),
           data.size(), static_cast<const aclrtBinaryLoadOptions *>(nullptr),
           &binary);
  EXPECT_EQ(e, ACL_SUCCESS) << report();
  aclrtFuncHandle f = nullptr;
  if (e)
    return f;
  binaries.push_back(binary);
  EXPECT_EQ(call("aclrtBinaryGetFunction", binary, name.c_str(), &f),
            ACL_SUCCESS)
      << report();
  return f;
}

aclrtFuncHandle Sim::kernel(const std::string &file, const std::string &arch,
                            const std::string &name) {
  static std::map<std::string, std::string> built;
  std::string &path = built[file + arch];
  if (path.empty()) {
    Build b = build(
        readFile(std::string(GEMEL_ASCEND_SIM_SOURCES) + "/" + file), arch);
    EXPECT_EQ(b.status, 0) << b.log;
    path = b.path;
  }
  return load(path, name);
}

aclrtFuncHandle Sim::kernelIn(const std::string &text,
                              const std::string &arch) {
  Build b = build(text, arch);
  EXPECT_EQ(b.status, 0) << b.log;
  return b.status ? nullptr : load(b.path, "k");
}

aclrtFuncHandle Sim::kernelOf(const std::string &parameters,
                              const std::string &body,
                              const std::string &arch) {
  return kernelIn("extern \"C\" __global__ __aicore__ void KERNEL(" +
                      parameters + ") {\n" + body + "\n}\n",
                  arch);
}

std::vector<float> floats(size_t n, unsigned seed, float low, float high) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(low, high);
  std::vector<float> v(n);
  for (float &x : v)
    x = uniform(random);
  return v;
}

std::vector<f16> halves(size_t n, unsigned seed, float low, float high) {
  std::vector<f16> v(n);
  size_t i = 0;
  for (float x : floats(n, seed, low, high))
    v[i++] = static_cast<f16>(x);
  return v;
}

} // namespace simtest
