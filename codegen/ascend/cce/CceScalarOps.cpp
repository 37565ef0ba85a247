// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers of C from UB and to it.
#include "codegen/ascend/cce/Verify.h"

using namespace mlir;
using namespace gemel;
using namespace gemel::cce;

LogicalResult cce::LoadOp::verify() { // load_c1
  return verifyScalar(*this, getPointer(), getResult());
}

LogicalResult cce::StoreOp::verify() { // store_c1
  return verifyScalar(*this, getPointer(), getValue());
}

void CceDialect::registerScalarOps() {
  addOperations<
#define GET_OP_LIST
#include "codegen/ascend/cce/CceScalarOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "codegen/ascend/cce/CceScalarOps.cpp.inc"
