// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: gemel-opt %s --cce-round-exactly --verify-diagnostics

cce.kernel @rows vector(%x: !cce.ptr<gm, f32>) {
  %a = cce.alloc 2048 : !cce.ptr<ub, f32>
  %one = arith.constant 1 : i64
  // expected-error @+1 {{'cce.vdiv' op is rounded once only where its operands are dense; take block strides of 1 and repeat strides of 8}}
  cce.vdiv %a, %a, %a repeat %one blocks 1 1 0 repeats 8 8 1 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
}
