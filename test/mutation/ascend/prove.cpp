// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes synchronisation and bytes away from kernels that `gemelc --emit=cce`
// prints, one at a time, and prints a line for each that nothing misses.
//
// Without a flag or a barrier the proof of the order has to fail. With a buffer
// that is a block smaller, and memory planned and ordered anew, the verifier or
// the proof has to, else the simulator has to report it, or the results to
// differ.
#include "Jobs.h"
#include "Mutant.h"

#include "codegen/ascend/Ccec.h"
#include "codegen/ascend/Facts.h"
#include "codegen/ascend/cce/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Diagnostics.h"
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
  long each = 1;    ///< every so manieth mutant only
  long buffers = 1; ///< every so manieth buffer only
};

/// What all processes found.
struct Score {
  std::atomic<long> kernels, removed, proved, convention;
  std::atomic<long> shrunk, single, byVerifier, byPlan, byProof, bySimulator,
      byResult, survived;
  std::atomic<long> taken; ///< variants that a process has begun
};

constexpr int64_t kBlock = 32; // bytes

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
    else
      return false;
  }
  return !flags.library.empty() && !flags.ir.empty();
}

bool isSynchronisation(mlir::Operation *op) {
  return mlir::isa<SetFlagOp, WaitFlagOp, PipeBarrierOp>(op);
}

/// Ops that are out of their blocks as long as this lives.
class Removed {
public:
  explicit Removed(llvm::ArrayRef<mlir::Operation *> ops) {
    for (mlir::Operation *op : ops) {
      places.push_back({op, op->getBlock(), op->getNextNode()});
      op->remove();
    }
  }
  ~Removed() {
    for (auto [op, block, next] : llvm::reverse(places))
      block->getOperations().insert(
          next ? mlir::Block::iterator(next) : block->end(), op);
  }

private:
  struct Place {
    mlir::Operation *op;
    mlir::Block *block;
    mlir::Operation *next;
  };
  SmallVector<Place> places;
};

/// Each flag's side and each barrier alone; and both sides of a flag, of one
/// block.
std::vector<SmallVector<mlir::Operation *>> removalsOf(KernelOp kernel) {
  std::vector<SmallVector<mlir::Operation *>> found;
  std::map<std::tuple<mlir::Block *, Pipe, Pipe, int64_t>, mlir::Operation *>
      open;
  kernel.walk([&](mlir::Operation *op) {
    if (!isSynchronisation(op))
      return;
    found.push_back({op});
    if (mlir::isa<PipeBarrierOp>(op))
      return;
    auto side = [&](auto flag) {
      auto [it, isFirst] =
          open.insert({{op->getBlock(), flag.getFrom(), flag.getTo(),
                        static_cast<int64_t>(flag.getEvent())},
                       op});
      if (isFirst)
        return;
      found.push_back({it->second, op});
      open.erase(it);
    };
    if (auto set = mlir::dyn_cast<SetFlagOp>(op))
      side(set);
    else
      side(mlir::cast<WaitFlagOp>(op));
  });
  return found;
}

/// A kernel as it was before its memory was planned.
KernelOp unplanned(KernelOp kernel) {
  KernelOp bare = kernel.clone();
  SmallVector<mlir::Operation *> sync;
  bare.walk([&](mlir::Operation *op) {
    if (isSynchronisation(op))
      sync.push_back(op);
    if (auto alloc = mlir::dyn_cast<AllocOp>(op))
      alloc.removeAddressAttr();
  });
  for (mlir::Operation *op : sync)
    op->erase();
  return bare;
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
  /// A kernel with a buffer that is smaller.
  struct Shrunk {
    mlir::OwningOpRef<KernelOp> kernel;
    size_t launch; ///< of the variant
    std::string what;
  };

  bool variantOf(Target &target) {
    std::vector<Shrunk> left;
    for (size_t i = 0; i < target.launches.size(); ++i) {
      KernelOp kernel = kernels.lookup(target.launches[i].kernel);
      if (!kernel) {
        fprintf(stderr, "%s: is not in %s\n", target.launches[i].kernel,
                flags.ir.c_str());
        return false;
      }
      ++score.kernels;
      if (!withoutSync(kernel) || !withSmallBuffers(kernel, i, left))
        return false;
    }
    return left.empty() || simulate(target, left);
  }

  bool withoutSync(KernelOp kernel) {
    mlir::ScopedDiagnosticHandler silence(
        kernel.getContext(),
        [](mlir::Diagnostic &) { return mlir::success(); });
    if (failed(checkSync(kernel))) {
      fprintf(stderr, "%s: is not proved\n", kernel.getSymName().data());
      return false;
    }
    std::string name = kernel.getSymName().str();
    size_t number = 0;
    mlir::Operation *last = &kernel.getBody().front().back();
    for (const SmallVector<mlir::Operation *> &ops : removalsOf(kernel)) {
      if (!isSampled(name, number++, flags.each))
        continue;
      ++score.removed;
      std::string text;
      llvm::raw_string_ostream os(text);
      for (mlir::Operation *op : ops)
        os << *op << " ";
      Removed removed(ops);
      if (failed(checkSync(kernel)))
        continue;
      bool isLast = ops[0] == last;
      ++(isLast ? score.convention : score.proved);
      if (!isLast)
        printf("proved\t%s\t%zu\t%s\n", name.c_str(), number - 1, text.c_str());
    }
    return true;
  }

  bool withSmallBuffers(KernelOp kernel, size_t launch,
                        std::vector<Shrunk> &left) {
    mlir::ScopedDiagnosticHandler silence(
        kernel.getContext(),
        [](mlir::Diagnostic &) { return mlir::success(); });
    mlir::OwningOpRef<KernelOp> bare = unplanned(kernel);
    mlir::OwningOpRef<KernelOp> again = bare->clone();
    if (!planned(*again) || !same(kernel, *again)) {
      fprintf(stderr, "%s: is planned otherwise the second time\n",
              kernel.getSymName().data());
      return false;
    }
    for (size_t i = 0, count = buffersOf(kernel).size(); i < count; ++i) {
      mlir::OwningOpRef<KernelOp> one = bare->clone();
      AllocOp alloc = buffersOf(*one)[i];
      auto bytes = static_cast<int64_t>(alloc.getBytes());
      if (bytes <= kBlock) { // is one block
        ++score.single;
        continue;
      }
      if (!isSampled(kernel.getSymName().str(), i, flags.buffers))
        continue;
      ++score.shrunk;
      alloc.setBytes(static_cast<uint64_t>(bytes - kBlock));
      if (failed(mlir::verify(*one)))
        ++score.byVerifier;
      else if (failed(planMemory(*one)))
        ++score.byPlan;
      else if (moveToEnd(*one, i); failed(insertSync(*one)))
        ++score.byPlan;
      else if (failed(mlir::verify(*one)))
        ++score.byVerifier;
      else if (failed(checkSync(*one)))
        ++score.byProof;
      else {
        std::string what;
        llvm::raw_string_ostream os(what);
        os << "buffer " << i << ", " << alloc << "; used by";
        for (mlir::Operation *user : alloc->getUsers())
          os << " " << user->getName().getStringRef();
        one->setSymName((kernel.getSymName() + "_b" + llvm::Twine(i)).str());
        left.push_back({std::move(one), launch, what});
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
    if (mlir::cast<PtrType>(moved.getType()).getSpace() != Space::Ub)
      return;
    for (AllocOp other : buffers)
      end = std::max(
          end, static_cast<int64_t>(*other.getAddress() + other.getBytes()));
    int64_t at =
        (gemel::ascend::kUbBytes - static_cast<int64_t>(moved.getBytes())) /
        kBlock * kBlock;
    if (end <= at)
      moved.setAddress(at);
  }

  static bool planned(KernelOp kernel) {
    return succeeded(planMemory(kernel)) && succeeded(insertSync(kernel));
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
  bool simulate(Target &target, std::vector<Shrunk> &left) {
    mlir::MLIRContext *context = left[0].kernel->getContext();
    mlir::OwningOpRef<mlir::ModuleOp> module =
        mlir::ModuleOp::create(mlir::UnknownLoc::get(context));
    for (const std::string &name : target.kernels())
      module->push_back(kernels.lookup(name).clone());
    for (Shrunk &one : left)
      module->push_back(one.kernel->clone());
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
      std::erase_if(left, [&](Shrunk &one) {
        gemel_launch_desc &launch = target.launches[one.launch];
        const char *name = launch.kernel;
        std::string other = one.kernel->getSymName().str();
        launch.kernel = other.c_str();
        Outcome outcome = target.run(code, sizes);
        launch.kernel = name;
        if (outcome == plain)
          return false;
        ++(outcome.failure.empty() ? score.byResult : score.bySimulator);
        return true;
      });
      if (left.empty())
        return true;
    }
    if (shape.empty()) {
      fprintf(stderr, "%s: no sizes suit it\n", target.op.name);
      return false;
    }
    score.survived += static_cast<long>(left.size());
    for (Shrunk &one : left)
      printf("survived\t%s\t%s\t%s\n", target.launches[one.launch].kernel,
             one.what.c_str(), shape.c_str());
    return true;
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
                    "[--jobs=N] [--each=N] [--buffers=N]\n"
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
  printf("%ld kernels: %ld synchronisations removed, %ld proved without, "
         "beside %ld that stand by convention; %ld buffers a block smaller: "
         "%ld by the verifier, %ld by the plan, %ld by the proof, %ld by the "
         "simulator, %ld by other results, %ld survived\n",
         score.kernels.load(), score.removed.load(), score.proved.load(),
         score.convention.load(), score.shrunk.load(), score.byVerifier.load(),
         score.byPlan.load(), score.byProof.load(), score.bySimulator.load(),
         score.byResult.load(), score.survived.load());
  return worst;
}
