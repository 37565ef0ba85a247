// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How the simulated matrix unit adds: the one place that says so.

#ifndef GEMEL_SIM_CUDA_MMA_H
#define GEMEL_SIM_CUDA_MMA_H

#include <cstdint>

namespace cudasim {

/// The model. An instruction computes each element of D from one element of C
/// and the k products of a row of A and a column of B:
///
/// - products are exact (16-bit floats, and tf32, whose low 13 bits are
///   ignored);
/// - C and the k products are summed exactly, as if in unlimited precision;
/// - the sum is rounded once: to f32 toward zero, to f16 (f16 accumulators) to
///   nearest even; a magnitude of 2^128 (f16: that rounds past 65504) or more
///   is infinite; subnormals are kept; an exact zero is +0 unless every term
///   is -0;
/// - a NaN among the terms, or infinities of both signs, give 0x7fffffff
///   (f16: 0x7fff).
///
/// PTX leaves order and intermediate precision open. Measurements of the chips
/// (Fasi, Higham, Mikaitis and Pranesh, "Numerical behavior of NVIDIA tensor
/// cores", PeerJ CS 7:e330, 2021) show truncation toward zero and a few extra
/// bits instead of unlimited ones, so the chips' results differ from these in
/// the last place.

/// Rounds c + sum of a[i]*b[i] to f32 bits as above. All products are exact in
/// f64.
uint32_t exactDotF32(double c, const float *a, const float *b, int k,
                     int strideB);
/// The same rounded to f16 bits.
uint16_t exactDotF16(double c, const float *a, const float *b, int k,
                     int strideB);

/// d[16][n] = c[16][n] + a[16][k] * b[k][n], row-major, for n = 8.
void multiplyF32(const float *a, const float *b, const float *c, uint32_t *d,
                 int k);

} // namespace cudasim

#endif
