// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What each instruction costs.

#include "timeline.h"

#include "families.h"
#include "launch.h"
#include "switches.h"

namespace ascendsim {

namespace {

/// Cycles before the first result, of each iteration, and until the last
/// result can be used.
struct VectorCost {
  int op;
  double head, slope, best, tail; // best: the theoretical slope
};

// Head, slope, tail: PTO-ISA/pto-isa, costmodel/a2a3/cce_costmodel, where an
// instruction has no row the one nearest to it (inferred). Best: asc-devkit's
// table of theoretical vector rates, f32.
const VectorCost kVector[] = {
    {cce_op_vadd, 14, 1, 1, 18},       {cce_op_vadds, 13, 1, 1, 18},
    {cce_op_vsub, 13, 2, 1, 18},       {cce_op_vmul, 13, 2, 1, 19},
    {cce_op_vmuls, 14, 1, 1, 19},      {cce_op_vdiv, 13, 8, 2, 25},
    {cce_op_vmax, 14, 2, 1, 16},       {cce_op_vmin, 14, 2, 1, 16},
    {cce_op_vmaxs, 14, 1, 1, 16},      {cce_op_vmins, 14, 1, 1, 16},
    {cce_op_vabs, 13, 1, 1, 16},       {cce_op_vrelu, 13, 1, 1, 16},
    {cce_op_vexp, 13, 4, 2, 24},       {cce_op_vln, 13, 4, 2, 24},
    {cce_op_vsqrt, 14, 2, 2, 25},      {cce_op_vrec, 13, 1, 1, 18},
    {cce_op_vrsqrt, 13, 1, 1, 18},     {cce_op_vmla, 14, 2, 2, 19},
    {cce_op_vmadd, 13, 2, 1, 19},      {cce_op_vaxpy, 14, 1, 1, 19},
    {cce_op_vcadd, 14, 7, 7, 32},      {cce_op_vcmax, 14, 7, 7, 32},
    {cce_op_vcmin, 14, 7, 7, 32},      {cce_op_vcgadd, 14, 1, 1, 24},
    {cce_op_vcgmax, 14, 1, 1, 17},     {cce_op_vcgmin, 14, 1, 1, 17},
    {cce_op_vcpadd, 14, 1, 1, 24},     {cce_op_vcopy, 11, 1, 1, 13},
    {cce_op_vector_dup, 11, 1, 1, 13}, {cce_op_vsel, 13, 2, 1, 14},
    {cce_op_vcmpv, 14, 2, 1, 22},      {cce_op_vcmpvs, 14, 2, 1, 22},
    {cce_op_vcmp, 14, 2, 1, 22},       {cce_op_vreducev2, 14, 14, 2, 20},
    {cce_op_vconv, 14, 2, 1, 18},      {cce_op_vbrcb, 14, 1, 1, 18},
    {cce_op_vgatherb, 14, 3, 3, 18},   {cce_op_vnchwconv, 14, 2, 2, 18},
    {cce_op_vtranspose, 14, 2, 2, 18}, {cce_op_vbitsort, 14, 16, 16, 18},
};

void vectorCost(TimelineEntry &e, const Instruction &in) {
  bool best = reading(kRates);
  double slope = 2; // an instruction of which nothing is known
  e.head = 6;
  for (const VectorCost &c : kVector)
    if (c.op == in.op) {
      e.head = c.head;
      e.tail = c.tail;
      slope = best ? c.best : c.slope;
    }
  bool half = typeBytes(in.type(0)) == 2;
  if (in.op == cce_op_vgather)
    slope = half ? 26 : 13;
  if (half && (in.op == cce_op_vexp || in.op == cce_op_vln))
    slope = 4;
  e.body = slope * in.repeats;
  // 16 groups of banks, 32 bytes each in turn (asc-devkit, bank conflicts of
  // NPU 2201); what a conflict costs is not charged.
  int a = fieldIndex(*in.spec, "src0"), b = fieldIndex(*in.spec, "src1");
  if (a >= 0 && b >= 0 && in[a] != in[b] && in[a] / 32 % 16 == in[b] / 32 % 16)
    e.conflicts = in.repeats;
  if (in.op == cce_op_copy_ubuf_to_ubuf)
    e.body = in.bytes / 256; // asc-devkit
}

/// Fractals of one cycle: Kc of asc-devkit's table of cube rates.
double matrixCycles(const Instruction &in) {
  double perFractal = 1;
  if (in.type(1) == cce_f32)
    perFractal =
        in.registers->ctrl >> (reading(kHf32Bit) ? 49 : 46) & 1 ? 1 : 2;
  return in.repeats * perFractal;
}

struct PortCost {
  int op;
  double rate;    // bytes a cycle
  double latency; // until the bytes can be used
};
// Within the core: asc-devkit; GM: PTO-ISA cost model (GiB/s at 1.85 GHz).
const PortCost kPorts[] = {
    {cce_op_load_cbuf_to_ca, 256, 28},
    {cce_op_load_cbuf_to_cb, 128, 28},
    {cce_op_load_cbuf_to_ca_transpose, 256, 28},
    {cce_op_load_cbuf_to_cb_transpose, 128, 28},
    {cce_op_img2colv2_cbuf_to_ca, 256, 50},
    {cce_op_img2colv2_cbuf_to_cb, 128, 50},
    {cce_op_create_cbuf_matrix, 256, 28},
    {cce_op_create_ca_matrix, 256, 28},
    {cce_op_create_cb_matrix, 256, 28},
    {cce_op_copy_cbuf_to_bt, 32, 20},
    {cce_op_copy_cbuf_to_fbuf, 32, 20},
    {cce_op_copy_matrix_cc_to_cbuf, 128, 20},
    {cce_op_copy_matrix_cc_to_gm, 41, 20},
    {cce_op_copy_gm_to_cbuf, 78, 0},
    {cce_op_copy_gm_to_cbuf_multi_nd2nz, 78, 0},
    {cce_op_copy_gm_to_ubuf, 59, 0},
    {cce_op_copy_gm_to_ubuf_align, 59, 0},
    {cce_op_copy_ubuf_to_gm, 109, 0},
    {cce_op_copy_ubuf_to_gm_align, 109, 0},
    {cce_op_copy_cbuf_to_gm, 19, 0},
};

} // namespace

void recordInstruction(TimelineEntry &e, const Instruction &in) {
  e.core = in.core->id;
  e.cube = in.core->cube;
  e.block = in.core->block;
  e.subblock = in.core->subblock;
  e.site = in.site;
  e.pipe = in.pipe;
  e.op = static_cast<uint8_t>(in.op);
  e.outside = in.outside;
  e.run = in.run;
  e.pitch = in.pitch;
  e.runs = in.runs;
  switch (in.op) {
  case cce_op_set_flag:
  case cce_op_wait_flag:
    e.a = static_cast<uint32_t>(pipeOf(in, 0));
    e.b = static_cast<uint32_t>(pipeOf(in, 1));
    e.c = static_cast<uint32_t>(in[2]);
    return;
  case cce_op_ffts_cross_core_sync:
    e.a = in[1] >> 4 & 3;
    e.c = in[1] >> 8 & 15;
    return;
  case cce_op_wait_flag_dev:
    e.c = static_cast<uint32_t>(in[0]);
    return;
  case cce_op_pipe_barrier:
    return;
  case cce_op_mad:
    e.head = 6;
    e.body = matrixCycles(in);
    e.tail = 14;
    return;
  default:
    break;
  }
  if (in.pipe == kV) {
    vectorCost(e, in);
    return;
  }
  for (const PortCost &p : kPorts)
    if (p.op == in.op) {
      e.tail = p.latency;
      if (in.outside) {
        e.bytes = in.bytes;
        e.rate = p.rate;
        e.stores = in.spec->fields[0].space == cce_gm;
      } else {
        e.body = in.bytes / p.rate;
      }
    }
}

std::string describeResult(const TimelineResult &r, const Launch &launch) {
  char text[400];
  double us = r.cycles / launch.chip->clockMHz;
  snprintf(text, sizeof text,
           "kernel '%s': %.0f cycles (%.2f us at %d MHz); GM read %.0f bytes, "
           "written %.0f, of these from HBM %.0f; %.1f GB/s",
           launch.kernel->name.c_str(), r.cycles, us, launch.chip->clockMHz,
           r.read, r.written, r.hbm,
           us > 0 ? (r.read + r.written) / us * 1e-3 : 0.0);
  std::string all = text;
  if (r.conflicts > 0) {
    snprintf(text, sizeof text,
             "; %.0f iterations read both sources from one group of banks",
             r.conflicts);
    all += text;
  }
  for (int cube = 0; cube < 2; ++cube) {
    if (!r.cores[cube])
      continue;
    snprintf(text, sizeof text, "; busy on %u %s cores:", r.cores[cube],
             cube ? "cube" : "vector");
    all += text;
    for (int p = kV; p <= kFix; ++p)
      if (r.busy[cube][p] > 0) {
        snprintf(text, sizeof text, " %s %.1f %%", kPipeNames[p],
                 100 * r.busy[cube][p] / (r.cycles * r.cores[cube]));
        all += text;
      }
  }
  return all;
}

bool writeTrace(const std::string &path,
                const std::vector<TimelineEntry> &entries,
                const Launch &launch) {
  FILE *file = fopen(path.c_str(), "w");
  if (!file)
    return false;
  fprintf(file, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
  std::map<uint32_t, bool> named;
  bool first = true;
  double us = 1.0 / launch.chip->clockMHz;
  for (const TimelineEntry &e : entries) {
    if (e.start < 0 || (e.pipe == kS && e.end - e.start < 2))
      continue;
    if (!named[e.core]) {
      named[e.core] = true;
      fprintf(file,
              "%s{\"ph\":\"M\",\"pid\":%u,\"name\":\"process_name\",\"args\":{"
              "\"name\":\"block %u %s %u\"}}",
              first ? "" : ",\n", e.core, e.block, e.cube ? "cube" : "vector",
              e.subblock);
      first = false;
      for (int p = kS; p <= kFix; ++p)
        fprintf(file,
                ",\n{\"ph\":\"M\",\"pid\":%u,\"tid\":%d,\"name\":"
                "\"thread_name\",\"args\":{\"name\":\"%s\"}}",
                e.core, p, kPipeNames[p]);
    }
    fprintf(file,
            ",\n{\"ph\":\"X\",\"pid\":%u,\"tid\":%d,\"ts\":%.4f,\"dur\":%.4f,"
            "\"name\":\"%s\",\"args\":{\"line\":%u",
            e.core, e.pipe, e.start * us, (e.end - e.start) * us,
            specOf(e.op).name.data(), launch.sites[e.site].line);
    if (e.bytes > 0)
      fprintf(file, ",\"bytes\":%.0f", e.bytes);
    fprintf(file, "}}");
  }
  fprintf(file, "\n]}\n");
  return fclose(file) == 0;
}

} // namespace ascendsim
