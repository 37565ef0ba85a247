// A kernel of sm_90 waits for the launch before it ahead of all it reads or
// writes, then lets the next one start; an sm_80 has no such instruction.
// RUN: gemelc %s --target=sm_90 --emit=asm | FileCheck %s
// RUN: gemelc %s --target=sm_80 --emit=asm | FileCheck %s --check-prefix=SM80
// RUN: env GEMEL_PTXAS=none gemelc %s --target=sm_80,sm_90 -o %t.c
// RUN: FileCheck %s --check-prefix=LIBRARY --input-file %t.c

// CHECK-LABEL: .entry gemel_twice_sm_90_twice_g0_v0(
// CHECK-NOT: global
// CHECK: griddepcontrol.wait
// CHECK-NEXT: griddepcontrol.launch_dependents
// What the launch before writes is no constant of this one.
// CHECK-NOT: ld.global.nc
// CHECK: ld.global.v4.b32
// CHECK: st.global

// SM80-NOT: griddepcontrol
// SM80: ld.global.nc

// LIBRARY: {{"gemel_twice_sm_80_.*, 0\},?$}}
// LIBRARY: {{"gemel_twice_sm_90_.*, 1\},?$}}
gemel.op @twice[N](x: f32[N]) -> (y: f32[N]) {
  y = x + x
}
