// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The compiler driver `ccec` and its linker `ld.lld`, for objects that the
// simulated CANN loads: Clang for the host, with the simulator's header.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char **environ;

namespace {

using Arguments = std::vector<std::string>;

std::string programName;
std::string folder; // of this program: headers and plugin lie in it

[[noreturn]] void fail(const std::string &what) {
  fprintf(stderr, "%s: error: %s\n", programName.c_str(), what.c_str());
  exit(1);
}

bool startsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}
bool endsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() &&
         text.substr(text.size() - suffix.size()) == suffix;
}

int run(const Arguments &arguments) {
  std::vector<char *> argv;
  for (const std::string &a : arguments)
    argv.push_back(const_cast<char *>(a.c_str()));
  argv.push_back(nullptr);
  pid_t pid;
  if (posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ))
    fail("cannot run " + arguments[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      fail("cannot wait for " + arguments[0]);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

// Flags of the back end that say nothing to the simulator. Names: the public
// build scripts of mirror-cann/asc-devkit (ascendc_compile_v220.py) and
// tile-ai/tilelang-ascend (libgen.py).
constexpr std::string_view kBackEndFlags[] = {
    "-cce-aicore-stack-size=",
    "-cce-aicore-function-stack-size=",
    "-cce-aicore-record-overflow=",
    "-cce-aicore-addr-transform",
    "-cce-aicore-dcci-insert-for-scalar=",
    "-cce-aicore-jump-expand=",
};
// Flags that change nothing that the simulator models.
constexpr std::string_view kIgnored[] = {
    "--cce-aicore-only",
    "--cce-long-call",
    "--cce-disable-asc-reserved-ubuf",
    "-fPIC",
    "-static",
    "-g",
};

struct Options {
  bool compileOnly = false;
  std::string arch, output;
  Arguments inputs, objects, passed;
};

bool knownBackEndFlag(std::string_view flag) {
  for (std::string_view known : kBackEndFlags)
    if (endsWith(known, "=") ? startsWith(flag, known) : flag == known)
      return true;
  return false;
}

void readArch(std::string_view arch, Options &o) {
  if (arch == "dav-c220-vec" || arch == "dav-c220-cube")
    o.arch = arch;
  else if (arch == "dav-c220")
    fail("--cce-aicore-arch=dav-c220 is both kinds of core: compile once with "
         "dav-c220-vec and once with dav-c220-cube");
  else
    fail("--cce-aicore-arch=" + std::string(arch) +
         ": the simulated chip is dav-c220-vec or dav-c220-cube");
}

Options readOptions(int argc, char **argv) {
  Options o;
  for (int i = 1; i < argc; ++i) {
    std::string_view a = argv[i];
    auto next = [&]() -> std::string_view {
      if (i + 1 == argc)
        fail("'" + std::string(a) + "' wants an argument");
      return argv[++i];
    };
    auto isIgnored = [&] {
      for (std::string_view known : kIgnored)
        if (a == known)
          return true;
      return false;
    };
    if (a == "-c")
      o.compileOnly = true;
    else if (a == "-o")
      o.output = next();
    else if (a == "-x") {
      if (next() != "cce")
        fail("-x: the language is cce");
    } else if (startsWith(a, "-x")) {
      if (a != "-xcce")
        fail("-x: the language is cce");
    } else if (startsWith(a, "-std=")) {
      if (a != "-std=c++17" && a != "-std=gnu++17" && a != "-std=c++14")
        fail(std::string(a) + ": CCE C is c++17");
    } else if (a == "-O0" || a == "-O1" || a == "-O2" || a == "-O3" ||
               a == "-Os" || isIgnored())
      continue;
    else if (startsWith(a, "--cce-aicore-arch="))
      readArch(a.substr(strlen("--cce-aicore-arch=")), o);
    else if (a == "--cce-auto-sync")
      fail("--cce-auto-sync: the simulated compiler inserts no flags; write "
           "set_flag and wait_flag");
    else if (a == "-mllvm") {
      std::string_view flag = next();
      if (!knownBackEndFlag(flag))
        fail("-mllvm " + std::string(flag) + " is not a flag it knows");
    } else if (a == "-D" || a == "-U" || a == "-I" || a == "-include") {
      o.passed.emplace_back(a);
      o.passed.emplace_back(next());
    } else if (startsWith(a, "-D") || startsWith(a, "-U") ||
               startsWith(a, "-I") || startsWith(a, "-W"))
      o.passed.emplace_back(a);
    else if (startsWith(a, "-"))
      fail("'" + std::string(a) + "' is not a flag it knows");
    else if (endsWith(a, ".o"))
      o.objects.emplace_back(a);
    else
      o.inputs.emplace_back(a);
  }
  return o;
}

int compile(const Options &o, const std::string &input,
            const std::string &output) {
  bool vec = o.arch == "dav-c220-vec";
  std::string kind = vec ? "vec" : "cube";
  Arguments arguments = {GEMEL_CLANG,
                         "-x",
                         "c++",
                         "-std=c++17",
                         "-O1",
                         "-mllvm",
                         "-fast-isel", // a kernel is compiled more than run
                         "-fPIC",
                         "-gline-tables-only",
                         "-march=x86-64-v3",
                         "-ffp-contract=off",
                         "-fno-exceptions",
                         "-fno-rtti",
                         "-fvisibility=hidden",
                         "-fno-delete-null-pointer-checks",
                         "-ferror-limit=20",
                         vec ? "-D__DAV_C220_VEC__" : "-D__DAV_C220_CUBE__",
                         vec ? "-D__DAV_VEC__" : "-D__DAV_CUBE__",
                         "-D__CCE_AICORE__=220",
                         "-D__NPU_ARCH__=2201",
                         "-include-pch",
                         folder + "/cce-" + kind + ".pch",
                         "-fpass-plugin=" + folder + "/libcce_instrument.so"};
  arguments.insert(arguments.end(), o.passed.begin(), o.passed.end());
  setenv("GEMEL_CCEC_ARCH", o.arch.c_str(), 1);
  for (std::string a : {std::string("-c"), input, std::string("-o"), output})
    arguments.push_back(a);
  return run(arguments);
}

int link(const Arguments &objects, const std::string &output) {
  Arguments arguments = {GEMEL_LLD, "-shared", "--build-id=none", "-o", output};
  arguments.insert(arguments.end(), objects.begin(), objects.end());
  return run(arguments);
}

int compilerMain(int argc, char **argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--version") {
    printf("%s of the simulated CANN, dav-c220\n", programName.c_str());
    fflush(stdout);
    return run({GEMEL_CLANG, "--version"});
  }
  Options o = readOptions(argc, argv);
  if (o.inputs.empty() && o.objects.empty())
    fail("no input files");
  if (!o.inputs.empty() && o.arch.empty())
    fail("--cce-aicore-arch=dav-c220-vec or dav-c220-cube has to be given");
  if (o.compileOnly && (o.inputs.size() != 1 || !o.objects.empty()))
    fail("-c takes one source file");
  if (o.output.empty())
    fail("-o has to be given");
  if (o.compileOnly)
    return compile(o, o.inputs[0], o.output);
  Arguments objects = o.objects, temporary;
  int status = 0;
  for (const std::string &input : o.inputs) {
    temporary.push_back(o.output + "." + std::to_string(temporary.size()) +
                        ".tmp.o");
    objects.push_back(temporary.back());
    if ((status = compile(o, input, objects.back())))
      break;
  }
  if (!status)
    status = link(objects, o.output);
  for (const std::string &name : temporary)
    unlink(name.c_str());
  return status;
}

/// `ld.lld -m aicorelinux -Ttext=0 a.o b.o -static -o k.o`.
int linkerMain(int argc, char **argv) {
  Arguments objects;
  std::string output;
  bool aicore = false;
  for (int i = 1; i < argc; ++i) {
    std::string_view a = argv[i];
    if (a == "-m" && i + 1 < argc)
      aicore = std::string_view(argv[++i]) == "aicorelinux";
    else if (a == "-o" && i + 1 < argc)
      output = argv[++i];
    else if (a == "-static" || startsWith(a, "-Ttext="))
      continue;
    else if (a == "-r")
      fail("-r: link whole kernels; the simulated linker has no partial links");
    else if (startsWith(a, "-"))
      fail("'" + std::string(a) + "' is not a flag it knows");
    else
      objects.emplace_back(a);
  }
  if (!aicore)
    fail("-m aicorelinux has to be given: this links kernels only");
  if (objects.empty() || output.empty())
    fail("wants objects and -o");
  // The output may be one of the inputs, as in the vendor's scripts.
  std::string temporary = output + ".tmp";
  if (int status = link(objects, temporary)) {
    unlink(temporary.c_str());
    return status;
  }
  if (rename(temporary.c_str(), output.c_str()))
    fail("cannot write " + output);
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  std::string_view path = argv[0];
  programName = path.substr(path.rfind('/') + 1);
  char self[4096];
  ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
  if (n < 0)
    fail("cannot find its own folder");
  folder = std::string(self, static_cast<size_t>(n));
  folder.resize(folder.rfind('/'));
  return programName == "ld.lld" ? linkerMain(argc, argv)
                                 : compilerMain(argc, argv);
}
