// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Editor support: upstream's language server, with the gemel dialect.

#include "dialect/Dialect.h"

#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<gemel::GemelDialect>();
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
