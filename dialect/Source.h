// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads text for every tool, within bounds that no text can overstep.

#ifndef GEMEL_DIALECT_SOURCE_H
#define GEMEL_DIALECT_SOURCE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/SourceMgr.h"

namespace gemel {

/// Refuses, with a location, text that would drive MLIR's own recursive
/// parser off its stack: brackets deeper than 256, '<' deeper than 1000, more
/// than 256 minus signs in a row, a chain of more than 256 attribute aliases,
/// or `array<index>`, which it falls over.
llvm::LogicalResult checkBounds(llvm::StringRef text, llvm::StringRef file,
                                mlir::MLIRContext *context);

/// Parses one text after `checkBounds`; `sources` keeps it. Null after a
/// report.
mlir::OwningOpRef<mlir::ModuleOp>
parseText(std::unique_ptr<llvm::MemoryBuffer> text, llvm::SourceMgr &sources,
          mlir::MLIRContext *context);

/// Reads and parses one file ("-" is standard input) by `parseText`.
/// Null after a report.
mlir::OwningOpRef<mlir::ModuleOp> parseFile(llvm::StringRef file,
                                            llvm::SourceMgr &sources,
                                            mlir::MLIRContext *context);

} // namespace gemel

#endif // GEMEL_DIALECT_SOURCE_H
