; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; A kernel through LLVM's NVPTX backend: vectors, a call, shared memory, bf16.
target triple = "nvptx64-nvidia-cuda"

@s = internal addrspace(3) global [128 x float] undef, align 16
@zero = internal addrspace(4) constant [4 x float] zeroinitializer

declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare void @llvm.nvvm.barrier.cta.sync.aligned.all(i32)
declare float @llvm.maxnum.f32(float, float)

define float @scaled(float %a, float %b, float %c) noinline {
  %p = fmul float %a, %b
  %q = fadd float %p, %c
  ret float %q
}

define ptx_kernel void @llvm_kernel(ptr addrspace(1) %x, ptr addrspace(1) %y,
    ptr addrspace(1) %z, float %a) "nvvm.maxntid"="128" {
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %p = getelementptr <4 x float>, ptr addrspace(1) %x, i32 %t
  %v = load <4 x float>, ptr addrspace(1) %p, align 16
  %v0 = extractelement <4 x float> %v, i32 0
  %v1 = extractelement <4 x float> %v, i32 1
  %v2 = extractelement <4 x float> %v, i32 2
  %v3 = extractelement <4 x float> %v, i32 3
  %h = call float @scaled(float %v0, float %v3, float %v1)
  %sp = getelementptr float, ptr addrspace(3) @s, i32 %t
  store float %h, ptr addrspace(3) %sp
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  %n = xor i32 %t, 1
  %np = getelementptr float, ptr addrspace(3) @s, i32 %n
  %o = load float, ptr addrspace(3) %np
  %b = fptrunc float %h to bfloat
  %yp = getelementptr bfloat, ptr addrspace(1) %y, i32 %t
  store bfloat %b, ptr addrspace(1) %yp
  %d = fdiv float %o, %a
  %c = load float, ptr addrspace(4) @zero
  %m = call float @llvm.maxnum.f32(float %v2, float %c)
  %r = fadd float %d, %m
  %zp = getelementptr float, ptr addrspace(1) %z, i32 %t
  store float %r, ptr addrspace(1) %zp
  ret void
}
