// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-to-emitc --split-input-file --verify-diagnostics

cce.kernel @unplaced vector(%x: !cce.ptr<gm, f32>) {
  // expected-error @+1 {{'cce.alloc' op has no address; plan the memory first}}
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
}
