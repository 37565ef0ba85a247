// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The developer's tool: any pass on any text.

#include "codegen/ascend/cce/Passes.h"
#include "dialect/Dialect.h"
#include "dialect/Source.h"
#include "passes/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  mlir::DialectRegistry registry;
  registry.insert<gemel::GemelDialect, gemel::cce::CceDialect,
                  mlir::arith::ArithDialect, mlir::scf::SCFDialect>();
  gemel::registerPasses();
  gemel::cce::registerPasses();
  mlir::registerTransformsPasses();
  auto [input, output] = mlir::registerAndParseCLIOptions(
      argc, argv, "Gemel's optimiser driver\n", registry);
  // The bounds that keep MLIR's parser on its stack, before it sees the text.
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(input);
  if (!buffer) {
    llvm::errs() << "error: cannot read '" << input
                 << "': " << buffer.getError().message() << "\n";
    return 1;
  }
  mlir::MLIRContext context;
  if (mlir::failed(gemel::checkBounds((*buffer)->getBuffer(), input, &context)))
    return 1;
  auto file = mlir::openOutputFile(output);
  if (!file)
    return 1;
  if (mlir::failed(
          mlir::MlirOptMain(file->os(), std::move(*buffer), registry,
                            mlir::MlirOptMainConfig::createFromCLOptions())))
    return 1;
  file->keep();
  return 0;
}
