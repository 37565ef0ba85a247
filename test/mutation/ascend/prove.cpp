// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes synchronisation and bytes away from kernels that `gemelc --emit=cce`
// prints, one at a time, and prints a line for each that nothing misses.
//
// Without a flag or a barrier the proof of the order has to fail, of a core's
// instructions or of the cores of a group. Where it does not, the simulator
// may not report it, either, and nothing needs it. With a buffer that is a
// block smaller, and memory planned and ordered anew, the verifier or the proof
// has to fail, else the simulator has to report it, or the results to differ.
#include "Jobs.h"
#include "Mutant.h"
#include "Removals.h"

#include "codegen/ascend/Ccec.h"
#include "codegen/ascend/cce/Memory.h"
#include "codegen/ascend/cce/Passes.h"
#include "dialect/Silence.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Target/Cpp/CppEmitter.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <map>

using namespace mutation;
using namespace gemel::cce;
using llvm::SmallVector;
using llvm::StringRef;

namespace {

struct Flags {
  std::string library, ir, op;
  long jobs = 1;
  long each = 1;      ///< every so manieth mutant only
  long buffers = 1;   ///< every so manieth buffer only
  long most = 0;      ///< of a kernel so many removals, or all
  long simulate = 1;  ///< of what the proof accepts every so manieth
  bool proof = false; ///< nothing is simulated
};

/// What all processes found.
struct Score {
  std::atomic<long> kernels, removed, needless, between, missed, convention;
  std::atomic<long> shrunk, single, byVerifier, byPlan, byProof, bySimulator,
      byResult, survived;
  std::atomic<long> taken; ///< variants that a process has begun
};

/// What a buffer is smaller by: where the next one of its memory may begin.
int64_t blockOf(AllocOp alloc) {
  return memoryOf(mlir::cast<PtrType>(alloc.getType()).getSpace()).alignment;
}

bool parse(int argc, char **argv, Flags &flags) {
  for (int i = 1; i < argc; ++i) {
    auto [flag, value] = StringRef(argv[i]).split('=');
    if (flag == "--library")
      flags.library = value.str();
    else if (flag == "--ir")
      flags.ir = value.str();
    else if (flag == "--op")
      flags.op = value.str();
    else if (flag == "--jobs")
      value.getAsInteger(10, flags.jobs);
    else if (flag == "--each")
      value.getAsInteger(10, flags.each);
    else if (flag == "--buffers")
      value.getAsInteger(10, flags.buffers);
    else if (flag == "--most")
      value.getAsInteger(10, flags.most);
    else if (flag == "--simulate")
      value.getAsInteger(10, flags.simulate);
    else if (flag == "--proof")
      flags.proof = true;
    else
      return false;
  }
  return !flags.library.empty() && !flags.ir.empty();
}

SmallVector<AllocOp> buffersOf(KernelOp kernel) {
  SmallVector<AllocOp> found;
  kernel.walk([&](AllocOp alloc) { found.push_back(alloc); });
  return found;
}

class Mutation {
public:
  Mutation(const Flags &flags, const Simulator &simulator, gemel_device *device,
           const llvm::StringMap<KernelOp> &kernels, Score &score)
      : flags(flags), simulator(simulator), device(device), kernels(kernels),
        score(score), mine(score.taken++) {}

  /// False if a kernel does not do as it is.
  bool operator()(const gemel_op_desc &op) {
    bool works = true;
    for (int32_t i = 0; i < op.variant_count; ++i) {
      if (StringRef(op.variants[i].target) != "ascend910b" || seen++ != mine)
        continue;
      Target target(simulator, device, op, i);
      // One core passes all work items: few of them are enough.
      for (gemel_launch_desc &launch : target.launches)
        launch.blocks = 1;
      works = variantOf(target) && works;
      mine = score.taken++;
    }
    return works;
  }

private:
  /// Kernels that no proof tells from what they were.
  struct Left {
    Parts parts;
    mlir::OwningOpRef<KernelOp> kernel, other;
    std::string name;
    size_t launch; ///< of the variant
    std::string what;
    bool isRemoval;         ///< else a buffer is smaller
    bool isBetween = false; ///< of what is between cores
  };

  Left left(const Parts &parts, size_t launch, const std::string &name,
            const std::string &what, bool isRemoval) {
    return {parts, parts.kernel, parts.other, name, launch, what, isRemoval};
  }

  /// What a launch starts; without a kernel if it is not there.
  Parts partsOf(const gemel_launch_desc &launch) {
    std::string name = launch.kernel;
    if (KernelOp kernel = kernels.lookup(name))
      return {kernel, {}};
    return {kernels.lookup(name + "_mix_aic"),
            kernels.lookup(name + "_mix_aiv")};
  }

  bool variantOf(Target &target) {
    std::vector<Left> left;
    for (size_t i = 0; i < target.launches.size(); ++i) {
      Parts parts = partsOf(target.launches[i]);
      if (!parts.kernel) {
        fprintf(stderr, "%s: is not in %s\n", target.launches[i].kernel,
                flags.ir.c_str());
        return false;
      }
      ++score.kernels;
      if (!withoutSync(parts, target.launches[i].kernel, i, left))
        return false;
      for (bool isOther : {false, true})
        if ((!isOther || parts.other) &&
            !withSmallBuffers(parts, isOther, target.launches[i].kernel, i,
                              left))
          return false;
    }
    if (flags.proof) {
      for (const Left &one : left)
        leave(one, "by the proof alone");
      return true;
    }
    return left.empty() || simulate(target, left);
  }

  bool withoutSync(const Parts &parts, const std::string &name, size_t launch,
                   std::vector<Left> &left) {
    gemel::Silence silence(KernelOp(parts.kernel).getContext());
    if (!parts.areProved()) {
      fprintf(stderr, "%s: is not proved\n", name.c_str());
      return false;
    }
    size_t number = 0;
    for (KernelOp part : parts.all()) {
      std::vector<Ops> removals = removalsOf(part);
      long each = flags.each;
      if (flags.most)
        each = std::max<long>(each, removals.size() / flags.most);
      for (const Ops &ops : removals) {
        size_t mine = number++;
        if (!isBetweenCores(ops[0]) && !isSampled(name, mine, each))
          continue;
        ++score.removed;
        std::string text;
        llvm::raw_string_ostream os(text);
        for (mlir::Operation *op : ops)
          os << *op << " ";
        bool byConvention = isConvention(part, ops);
        Removed removed(ops);
        if (failed(checkSync(part)) ||
            failed(checkCrossCore(parts.kernel, parts.other)))
          continue;
        if (byConvention) {
          ++score.convention;
          continue;
        }
        std::string other = name + "_r" + std::to_string(mine);
        Left accepted =
            this->left(parts.clone(other), launch, other, text, true);
        accepted.isBetween = isBetweenCores(ops[0]);
        if (accepted.isBetween || isSampled(name, mine, flags.simulate))
          left.push_back(std::move(accepted));
        else
          leave(accepted, "by the proof alone");
      }
    }
    return true;
  }

  bool withSmallBuffers(const Parts &parts, bool isOther,
                        const std::string &name, size_t launch,
                        std::vector<Left> &left) {
    KernelOp kernel = isOther ? parts.other : parts.kernel;
    gemel::Silence silence(kernel.getContext());
    mlir::OwningOpRef<KernelOp> bare = unplanned(kernel);
    mlir::OwningOpRef<KernelOp> again = bare->clone(), other;
    if (parts.other)
      other = KernelOp(isOther ? parts.kernel : parts.other).clone();
    if (!planned(*again, isOther ? other.get() : *again,
                 isOther ? *again : other.get()) ||
        !same(kernel, *again)) {
      fprintf(stderr, "%s: is planned otherwise the second time\n",
              name.c_str());
      return false;
    }
    for (size_t i = 0, count = buffersOf(kernel).size(); i < count; ++i) {
      auto bytes = static_cast<int64_t>(buffersOf(*bare)[i].getBytes());
      int64_t block = blockOf(buffersOf(*bare)[i]);
      if (bytes <= block) { // is one block
        ++score.single;
        continue;
      }
      // Of mixed kernels there are few.
      if (!isSampled(name, i,
                     parts.other ? (flags.buffers + 7) / 8 : flags.buffers))
        continue;
      ++score.shrunk;
      mlir::OwningOpRef<KernelOp> one = bare->clone();
      AllocOp alloc = buffersOf(*one)[i];
      alloc.setBytes(static_cast<uint64_t>(bytes - block));
      Parts changed = {isOther ? parts.kernel : *one,
                       isOther ? *one : parts.other};
      if (failed(mlir::verify(*one)))
        ++score.byVerifier;
      else if (failed(planMemory(*one)))
        ++score.byPlan;
      else if (moveToEnd(*one, i); failed(insertSync(*one)))
        ++score.byPlan;
      else if (failed(mlir::verify(*one)))
        ++score.byVerifier;
      else if (!changed.areProved())
        ++score.byProof;
      else {
        std::string what;
        llvm::raw_string_ostream os(what);
        os << "buffer " << i << ", " << alloc << "; used by";
        for (mlir::Operation *user : alloc->getUsers())
          os << " " << user->getName().getStringRef();
        std::string other = name + (isOther ? "_v" : "_b") + std::to_string(i);
        left.push_back(
            this->left(changed.clone(other), launch, other, what, false));
      }
    }
    return true;
  }

  /// A buffer where its memory ends, if nothing is there: who passes its end is
  /// outside, and does not hit bytes that nobody misses.
  static void moveToEnd(KernelOp kernel, size_t number) {
    int64_t end = 0;
    SmallVector<AllocOp> buffers = buffersOf(kernel);
    AllocOp moved = buffers[number];
    auto spaceOf = [](AllocOp alloc) {
      return mlir::cast<PtrType>(alloc.getType()).getSpace();
    };
    for (AllocOp other : buffers)
      if (other != moved && spaceOf(other) == spaceOf(moved))
        end = std::max(
            end, static_cast<int64_t>(*other.getAddress() + other.getBytes()));
    int64_t block = blockOf(moved);
    int64_t at = (memoryOf(spaceOf(moved)).bytes -
                  static_cast<int64_t>(moved.getBytes())) /
                 block * block;
    if (end <= at)
      moved.setAddress(at);
  }

  /// A half of `kernel` and `vector`, as the compiler does it.
  static bool planned(KernelOp half, KernelOp kernel, KernelOp vector) {
    if (failed(planMemory(half)) || failed(insertSync(half)))
      return false;
    removeSync(kernel, vector);
    return true;
  }

  static bool same(KernelOp a, KernelOp b) {
    auto text = [](KernelOp kernel) {
      std::string out;
      llvm::raw_string_ostream os(out);
      os << kernel;
      return out;
    };
    return text(a) == text(b);
  }

  /// Compiles the variant's kernels with those that are left, and runs each of
  /// these in the place of the one it was.
  bool simulate(Target &target, std::vector<Left> &left) {
    mlir::MLIRContext *context = left[0].kernel->getContext();
    mlir::OwningOpRef<mlir::ModuleOp> module =
        mlir::ModuleOp::create(mlir::UnknownLoc::get(context));
    for (const gemel_launch_desc &launch : target.launches)
      for (KernelOp part : partsOf(launch).all())
        module->push_back(part.clone());
    for (Left &one : left)
      for (KernelOp part : one.parts.all())
        module->push_back(part.clone());
    std::string text, object, error;
    llvm::raw_string_ostream os(text);
    if (failed(toEmitC(*module)) ||
        failed(mlir::emitc::translateToCpp(*module, os)) ||
        !gemel::ascend::compileCce(gemel::ascend::findCcec(), text, object,
                                   error)) {
      fprintf(stderr, "%s: %s\n", target.op.name, error.c_str());
      return false;
    }
    gemel_code_desc code = {target.variant.target, GEMEL_ASCEND_ELF,
                            static_cast<int64_t>(object.size()), object.data()};
    std::string shape;
    for (const Sizes &sizes : cceShapes(target)) {
      if (target.bytes(sizes) > 0x1p26)
        continue;
      simulator.limit(20000000);
      unsigned long long before = simulator.instructions();
      Outcome plain = target.run(code, sizes);
      if (!plain.failure.empty()) // refused, or too much
        continue;
      shape = target.shape(sizes);
      simulator.limit(4 * (simulator.instructions() - before) + 1000000);
      std::erase_if(left, [&](Left &one) {
        gemel_launch_desc &launch = target.launches[one.launch];
        const char *name = launch.kernel;
        launch.kernel = one.name.c_str();
        Outcome outcome = target.run(code, sizes);
        launch.kernel = name;
        return count(one, outcome, outcome == plain, shape);
      });
      if (left.empty())
        return true;
    }
    if (shape.empty()) {
      fprintf(stderr, "%s: no sizes suit it\n", target.op.name);
      return false;
    }
    for (const Left &one : left)
      leave(one, shape);
    return true;
  }

  /// What nothing misses, up to the largest sizes.
  void leave(const Left &one, const std::string &shape) {
    ++(one.isRemoval ? score.needless : score.survived);
    score.between += one.isBetween;
    print(one.isRemoval ? "needless" : "survived", one, shape,
          one.isRemoval ? "what it orders is ordered without"
                        : "no run goes past its end into what is missed");
  }

  /// Whether it is known now what becomes of kernels.
  bool count(const Left &one, const Outcome &outcome, bool same,
             const std::string &shape) {
    if (same)
      return false;
    if (one.isRemoval) {
      ++score.missed;
      print("missed by the proof", one, shape, outcome.failure);
    } else {
      ++(outcome.failure.empty() ? score.byResult : score.bySimulator);
    }
    return true;
  }

  static void print(const char *how, const Left &one, const std::string &shape,
                    const std::string &detail) {
    printf("%s\t%s\t%s\t%s\t%s\n", how, one.name.c_str(), one.what.c_str(),
           shape.c_str(), detail.c_str());
  }

  const Flags &flags;
  const Simulator &simulator;
  gemel_device *device;
  const llvm::StringMap<KernelOp> &kernels;
  Score &score;
  long mine, seen = 0; ///< variants, in the library's order
};

/// One process's share of the kernels; its exit status.
int mutate(const Flags &flags, Score &score) {
  mlir::DialectRegistry registry;
  registry.insert<CceDialect, mlir::arith::ArithDialect, mlir::scf::SCFDialect,
                  mlir::emitc::EmitCDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  mlir::OwningOpRef<mlir::ModuleOp> whole =
      mlir::parseSourceFile<mlir::ModuleOp>(flags.ir, &context);
  if (!whole)
    return 2;
  llvm::StringMap<KernelOp> kernels;
  whole->walk([&](KernelOp kernel) { kernels[kernel.getSymName()] = kernel; });
  Simulator simulator(GEMEL_ASCEND_SIM_LIBRARY, "Ascend");
  gemel_device *device = nullptr;
  gemel_library *library = nullptr;
  if (gemel_device_open("ascend", &device) ||
      gemel_library_open(flags.library.c_str(), &library)) {
    fprintf(stderr, "gemel_mutate_cce: %s\n", gemel_last_error());
    return 2;
  }
  const gemel_manifest_desc &manifest = *gemel_library_manifest(library);
  Mutation mutation(flags, simulator, device, kernels, score);
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
    fprintf(stderr, "gemel_mutate_cce --library=NAME.so --ir=FILE [--op=NAME] "
                    "[--jobs=N] [--each=N] [--buffers=N] [--most=N] "
                    "[--simulate=N] [--proof]\n"
                    "FILE is what gemelc --emit=cce prints of the library\n");
    return 2;
  }
  setenv("GEMEL_ASCEND_DRIVER", GEMEL_ASCEND_SIM_LIBRARY, 1);
  setenv("GEMEL_CCEC", GEMEL_ASCEND_SIM_CCEC, 0);
  auto *shared = mutation::shared<Score>();
  if (!shared)
    return 2;
  Score &score = *shared;
  int worst = inProcesses(flags.jobs, [&] { return mutate(flags, score); });
  printf("%ld kernels: %ld synchronisations removed, %ld by the proof, %ld "
         "missed by it, %ld needless, %ld that stand by convention; %ld "
         "buffers a block smaller: %ld by the verifier, %ld by the plan, %ld "
         "by the proof, %ld by the simulator, %ld by other results, %ld "
         "survived\n",
         score.kernels.load(), score.removed.load(),
         score.removed - score.missed - score.needless - score.convention,
         score.missed.load(), score.needless.load(), score.convention.load(),
         score.shrunk.load(), score.byVerifier.load(), score.byPlan.load(),
         score.byProof.load(), score.bySimulator.load(), score.byResult.load(),
         score.survived.load());
  // What the proof holds without the compiler takes out.
  return worst ? worst : score.missed + score.between + score.needless != 0;
}
