// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the kernels of an operator library on a simulated device, each with one
// synchronisation removed, and prints a line for each of these mutants.
#include "Jobs.h"
#include "Mutant.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace mutation;

namespace {

struct Flags {
  std::string library, op, dtype, target = "sm_90a";
  long jobs = 1;      ///< processes that share the variants out
  long most = 20000;  ///< million thread-instructions of an operator
  long each = 1;      ///< every so manieth mutant only
  bool twice = false; ///< barriers stand twice
};

/// Of an operator's arrays; the simulator keeps as much again and more of what
/// it knows of each byte.
constexpr double kBytes = 0x1p28;

/// What all processes found.
struct Score {
  std::atomic<long> variants, large, reported, differs, survived;
  std::atomic<long> convention, unreached;
  std::atomic<long> taken; ///< variants that a process has begun
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
    else if (flag == "--each")
      flags.each = std::max(1l, atol(value.c_str()));
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
           Score &score)
      : flags(flags), simulator(simulator), device(device), score(score),
        mine(score.taken++) {}

  /// False if a kernel does not run as it is.
  bool operator()(const gemel_op_desc &op) {
    bool works = true;
    for (int32_t i = 0; i < op.variant_count; ++i) {
      const gemel_variant_desc &variant = op.variants[i];
      if (variant.target != flags.target || isOther(op, variant) ||
          seen++ != mine)
        continue;
      works = variantOf(op, i) && works;
      mine = score.taken++;
    }
    return works;
  }

private:
  bool isOther(const gemel_op_desc &op, const gemel_variant_desc &variant) {
    return !flags.dtype.empty() && op.dtype_variable_count > 0 &&
           gemel_dtype_name(variant.dtypes[0]) != flags.dtype;
  }

  bool variantOf(const gemel_op_desc &op, int32_t variant) {
    Target target(simulator, device, op, variant);
    std::unique_ptr<Code> code =
        simulator.skip ? cceOf(target) : ptxOf(target, flags.twice);
    if (!code)
      return true;
    std::vector<Mutant> left = code->mutants();
    std::erase_if(left, [&](const Mutant &mutant) {
      return !isSampled(mutant.kernel, mutant.number, flags.each);
    });
    if (left.empty())
      return true;
    bool ran = false, large = false;
    std::string refusal, shape;
    for (const Sizes &sizes : code->shapes()) {
      if (left.empty())
        break;
      simulator.limit(flags.most * 1000000ull);
      unsigned long long before = simulator.instructions();
      Outcome plain;
      bool fits = target.bytes(sizes) <= kBytes;
      if (fits)
        plain = code->run(sizes, nullptr);
      if (!fits || plain.failure.find("_SIM_LIMIT)") != std::string::npos) {
        large = true;
        continue;
      }
      if (plain.refused) {
        refusal = plain.failure;
        continue;
      }
      shape = target.shape(sizes);
      if (!plain.failure.empty()) {
        fprintf(stderr, "%s at %s: unchanged: %s\n", op.name, shape.c_str(),
                plain.failure.c_str());
        return false;
      }
      if (!ran)
        ++score.variants;
      ran = true;
      // A mutant may run for long, not for ever.
      simulator.limit(4 * (simulator.instructions() - before) + 1000000);
      std::erase_if(left, [&](Mutant &mutant) {
        Outcome outcome = code->run(sizes, &mutant);
        return count(op, mutant, outcome, outcome == plain, shape);
      });
    }
    if (!ran && !large) {
      fprintf(stderr, "%s: no sizes suit it: %s\n", op.name, refusal.c_str());
      return false;
    }
    if (large && !left.empty()) {
      ++score.large;
      return true;
    }
    for (const Mutant &mutant : left) {
      bool isReached = mutant.passed && !mutant.ofEmptySum;
      ++(isReached ? score.survived : score.unreached);
      print(isReached       ? "survived"
            : mutant.passed ? "no way"
                            : "not passed",
            op, mutant, shape, "");
    }
    return true;
  }

  /// Whether it is known now what becomes of a mutant. What stands by
  /// convention is run once.
  bool count(const gemel_op_desc &op, const Mutant &mutant,
             const Outcome &outcome, bool same, const std::string &shape) {
    if (same && !mutant.byConvention)
      return false;
    const char *how = "reported";
    if (same) {
      how = "convention";
      ++score.convention;
    } else if (outcome.failure.empty()) {
      how = "differs";
      ++score.differs;
    } else {
      ++score.reported;
    }
    print(how, op, mutant, shape, outcome.failure);
    return true;
  }

  static void print(const char *how, const gemel_op_desc &op,
                    const Mutant &mutant, const std::string &shape,
                    const std::string &detail) {
    std::string file(op.source, strrchr(op.source, ':'));
    printf("%s\t%s\t%zu\t%s:%s\t%s\t%s\t%s\n", how, mutant.kernel.c_str(),
           mutant.line, file.c_str(), mutant.source.c_str(),
           mutant.instruction.c_str(), shape.c_str(), detail.c_str());
  }

  const Flags &flags;
  const Simulator &simulator;
  gemel_device *device;
  Score &score;
  long mine, seen = 0; ///< variants, in the library's order
};

/// One process's share of the kernels; its exit status.
int mutate(const Flags &flags, Score &score) {
  bool ascend = flags.target.rfind("ascend", 0) == 0;
  Simulator simulator(ascend ? GEMEL_ASCEND_SIM_LIBRARY
                             : GEMEL_CUDA_SIM_LIBRARY,
                      ascend ? "Ascend" : "Cuda");
  gemel_device *device = nullptr;
  gemel_library *library = nullptr;
  if (gemel_device_open(ascend ? "ascend" : "cuda", &device) ||
      gemel_library_open(flags.library.c_str(), &library)) {
    fprintf(stderr, "gemel_mutate: %s\n", gemel_last_error());
    return 2;
  }
  const gemel_manifest_desc &manifest = *gemel_library_manifest(library);
  Mutation mutation(flags, simulator, device, score);
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
                    "[--target=sm_90a] [--jobs=N] [--most=N] [--each=N] "
                    "[--barriers-twice]\n");
    return 2;
  }
  setenv("GEMEL_CUDA_DRIVER", GEMEL_CUDA_SIM_LIBRARY, 1);
  setenv("GEMEL_ASCEND_DRIVER", GEMEL_ASCEND_SIM_LIBRARY, 1);
  auto *shared = mutation::shared<Score>();
  if (!shared)
    return 2;
  Score &score = *shared;
  int worst = inProcesses(flags.jobs, [&] { return mutate(flags, score); });
  long mutants = score.reported + score.differs + score.survived +
                 score.convention + score.unreached;
  printf("%ld variants, %ld synchronisations removed: %ld reported, %ld by "
         "other results, %ld survived",
         score.variants.load(), mutants, score.reported.load(),
         score.differs.load(), score.survived.load());
  if (score.convention || score.unreached)
    printf(" (and %ld by convention, %ld that no run comes by or where no way "
           "meets)",
           score.convention.load(), score.unreached.load());
  printf("; %ld variants left out: over %ld million instructions\n",
         score.large.load(), flags.most);
  return worst ? worst : score.survived != 0;
}
