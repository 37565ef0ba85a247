// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the kernels of an operator library on the simulated GPU, each with one
// synchronisation removed, and prints a line for each of these mutants.
#include "Launch.h"
#include "Ptx.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mutation;

namespace {

struct Flags {
  std::string library, op, dtype, target = "sm_90a";
  long jobs = 1;      ///< processes that share the variants out
  long most = 20000;  ///< million thread-instructions of an operator
  bool twice = false; ///< barriers stand twice
};

/// Of an operator's arrays; the simulator keeps as much again and more of what
/// it knows of each byte.
constexpr double kBytes = 0x1p28;

/// What all processes found.
struct Score {
  std::atomic<long> variants, large, reported, differs, survived;
};

bool parse(int argc, char **argv, Flags &flags) {
  for (int i = 1; i < argc; ++i) {
    std::string flag = argv[i], value;
    if (size_t equal = flag.find('='); equal != flag.npos) {
      value = flag.substr(equal + 1);
      flag.resize(equal);
    }
    if (flag == "--library")
      flags.library = value;
    else if (flag == "--op")
      flags.op = value;
    else if (flag == "--dtype")
      flags.dtype = value;
    else if (flag == "--target")
      flags.target = value;
    else if (flag == "--jobs")
      flags.jobs = std::max(1l, atol(value.c_str()));
    else if (flag == "--most")
      flags.most = std::max(1l, atol(value.c_str()));
    else if (flag == "--barriers-twice")
      flags.twice = true;
    else
      return false;
  }
  return !flags.library.empty();
}

class Mutation {
public:
  Mutation(const Flags &flags, const Simulator &simulator, gemel_device *device,
           long job, Score &score)
      : flags(flags), simulator(simulator), device(device), job(job),
        score(score) {}

  /// False if a kernel does not run as it is.
  bool operator()(const gemel_op_desc &op) {
    bool works = true;
    for (int32_t i = 0; i < op.variant_count; ++i) {
      const gemel_variant_desc &variant = op.variants[i];
      if (variant.target != flags.target || isOther(op, variant))
        continue;
      works = variantOf(op, i) && works;
    }
    return works;
  }

private:
  bool isOther(const gemel_op_desc &op, const gemel_variant_desc &variant) {
    return !flags.dtype.empty() && op.dtype_variable_count > 0 &&
           gemel_dtype_name(variant.dtypes[0]) != flags.dtype;
  }

  bool variantOf(const gemel_op_desc &op, int32_t variant) {
    const Target small(simulator, device, op, variant, kRows);
    if (!small.text())
      return true;
    std::string text = onlyKernels(small.text(), small.kernels());
    std::vector<Mutant> left = mutantsOf(text);
    if (left.empty() || taken++ % flags.jobs != job)
      return true;
    if (flags.twice)
      text = withBarriersTwice(text);
    // What survives few rows may be a step of a sum over them.
    const Target large(simulator, device, op, variant, kTerms);
    for (const Target *target : {&small, &large}) {
      if (target->bytes() > kBytes)
        return ++score.large, true;
      setLimit(flags.most * 1000000ull);
      unsigned long long before = simulator.instructions();
      Outcome plain = target->run(text);
      if (plain.failure.find("(GEMEL_CUDA_SIM_LIMIT)") != std::string::npos)
        return ++score.large, true;
      if (!plain.failure.empty()) {
        fprintf(stderr, "%s at %s: unchanged: %s\n", op.name,
                target->shape().c_str(), plain.failure.c_str());
        return false;
      }
      if (target == &small)
        ++score.variants;
      // A mutant may run for long, not for ever.
      setLimit(4 * (simulator.instructions() - before) + 1000000);
      std::erase_if(left, [&](const Mutant &mutant) {
        Outcome outcome = target->run(mutated(text, mutant));
        if (outcome == plain)
          return false;
        ++(outcome.failure.empty() ? score.differs : score.reported);
        print(outcome.failure.empty() ? "differs" : "reported", op, mutant,
              *target, outcome.failure);
        return true;
      });
      if (left.empty())
        return true;
    }
    score.survived += static_cast<long>(left.size());
    for (const Mutant &mutant : left)
      print("survived", op, mutant, large, "");
    return true;
  }

  static void setLimit(unsigned long long instructions) {
    setenv("GEMEL_CUDA_SIM_LIMIT", std::to_string(instructions).c_str(), 1);
  }

  static void print(const char *how, const gemel_op_desc &op,
                    const Mutant &mutant, const Target &target,
                    const std::string &detail) {
    std::string file(op.source, strrchr(op.source, ':'));
    printf("%s\t%s\t%zu\t%s:%s\t%s\t%s\t%s\n", how, mutant.kernel.c_str(),
           mutant.line, file.c_str(), mutant.source.c_str(),
           mutant.instruction.c_str(), target.shape().c_str(), detail.c_str());
  }

  const Flags &flags;
  const Simulator &simulator;
  gemel_device *device;
  long job, taken = 0;
  Score &score;
};

/// One process's share of the kernels; its exit status.
int mutate(const Flags &flags, long job, Score &score) {
  Simulator simulator(GEMEL_CUDA_SIM_LIBRARY);
  gemel_device *device = nullptr;
  gemel_library *library = nullptr;
  if (gemel_device_open("cuda", &device) ||
      gemel_library_open(flags.library.c_str(), &library)) {
    fprintf(stderr, "gemel_mutate: %s\n", gemel_last_error());
    return 2;
  }
  const gemel_manifest_desc &manifest = *gemel_library_manifest(library);
  Mutation mutation(flags, simulator, device, job, score);
  bool works = true;
  for (int32_t i = 0; i < manifest.op_count; ++i)
    if (flags.op.empty() || flags.op == manifest.ops[i].name)
      works = mutation(manifest.ops[i]) && works;
  gemel_library_close(library);
  gemel_device_close(device);
  return works ? 0 : 2;
}

} // namespace

int main(int argc, char **argv) {
  Flags flags;
  if (!parse(argc, argv, flags)) {
    fprintf(stderr, "gemel_mutate --library=NAME.so [--op=NAME] [--dtype=f32] "
                    "[--target=sm_90a] [--jobs=N] [--most=N] "
                    "[--barriers-twice]\n");
    return 2;
  }
  setenv("GEMEL_CUDA_DRIVER", GEMEL_CUDA_SIM_LIBRARY, 1);
  // Processes write whole lines.
  static char lines[1 << 16];
  setvbuf(stdout, lines, _IOLBF, sizeof(lines));
  void *shared = mmap(nullptr, sizeof(Score), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED)
    return perror("gemel_mutate"), 2;
  Score &score = *new (shared) Score();
  for (long job = 0; job < flags.jobs; ++job)
    if (fork() == 0)
      _exit(mutate(flags, job, score));
  int worst = 0;
  for (int status; wait(&status) > 0;)
    worst = std::max(worst, WIFEXITED(status) ? WEXITSTATUS(status) : 2);
  long mutants = score.reported + score.differs + score.survived;
  printf(
      "%ld variants, %ld synchronisations removed: %ld reported, %ld by other "
      "results, %ld survived; %ld variants left out: over %ld million "
      "instructions\n",
      score.variants.load(), mutants, score.reported.load(),
      score.differs.load(), score.survived.load(), score.large.load(),
      flags.most);
  return worst ? worst : score.survived != 0;
}
