// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CUDA C programs that the simulated driver runs through nvcc.

#include <cuda_bf16.h>
#include <mma.h>

extern "C" __global__ void saxpy(int n, float a, const float *x, float *y) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = a * x[i] + y[i];
}

template <bool Barrier>
__device__ void reduceWith(int n, const float *x, float *out) {
  __shared__ float warps[32];
  float v = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x)
    v += x[i];
  for (int d = 16; d; d /= 2)
    v += __shfl_xor_sync(~0u, v, d);
  if (threadIdx.x % 32 == 0)
    warps[threadIdx.x / 32] = v;
  if (Barrier)
    __syncthreads();
  if (threadIdx.x == 0) {
    float sum = 0;
    for (int i = 0; i < blockDim.x / 32; ++i)
      sum += reinterpret_cast<volatile float *>(warps)[i];
    *out = sum;
  }
}
extern "C" __global__ void reduce(int n, const float *x, float *out) {
  reduceWith<true>(n, x, out);
}
extern "C" __global__ void reduceRacy(int n, const float *x, float *out) {
  if (threadIdx.x == 0)
    for (int i = 0; i < 2000; ++i) // the others are done by now
      __nanosleep(1);
  reduceWith<false>(n, x, out);
}

extern "C" __global__ void transpose(int rows, int cols, const float *x,
                                     float *y) {
  __shared__ float tile[32][33];
  int c = blockIdx.x * 32 + threadIdx.x;
  for (int i = threadIdx.y; i < 32; i += 8) {
    int r = blockIdx.y * 32 + i;
    if (r < rows && c < cols)
      tile[i][threadIdx.x] = x[r * cols + c];
  }
  __syncthreads();
  int r = blockIdx.y * 32 + threadIdx.x;
  for (int i = threadIdx.y; i < 32; i += 8) {
    int col = blockIdx.x * 32 + i;
    if (r < rows && col < cols)
      y[col * rows + r] = tile[threadIdx.x][i];
  }
}

extern "C" __global__ void histogram(int n, const unsigned char *x,
                                     unsigned *out) {
  __shared__ unsigned bins[64];
  for (int i = threadIdx.x; i < 64; i += blockDim.x)
    bins[i] = 0;
  __syncthreads();
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n;
       i += gridDim.x * blockDim.x)
    atomicAdd(&bins[x[i]], 1u);
  __syncthreads();
  for (int i = threadIdx.x; i < 64; i += blockDim.x)
    atomicAdd(&out[i], bins[i]);
}

// One warp a 16x16 tile of C, row-major operands.
extern "C" __global__ void matmulMma(int n, const __nv_bfloat16 *a,
                                     const __nv_bfloat16 *b, float *c) {
  __shared__ __align__(16) __nv_bfloat16 as[16][16], bs[16][16];
  int lane = threadIdx.x, row0 = blockIdx.y * 16, col0 = blockIdx.x * 16;
  float acc[2][4] = {};
  for (int k0 = 0; k0 < n; k0 += 16) {
    int r = lane / 2, h = lane % 2 * 8;
    *reinterpret_cast<uint4 *>(&as[r][h]) =
        *reinterpret_cast<const uint4 *>(&a[(row0 + r) * n + k0 + h]);
    *reinterpret_cast<uint4 *>(&bs[r][h]) =
        *reinterpret_cast<const uint4 *>(&b[(k0 + r) * n + col0 + h]);
    __syncwarp();
    unsigned af[4], bf[4];
    unsigned pa = __cvta_generic_to_shared(&as[lane % 16][lane / 16 * 8]);
    unsigned pb = __cvta_generic_to_shared(&bs[lane % 16][lane / 16 * 8]);
    asm volatile(
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(af[0]), "=r"(af[1]), "=r"(af[2]), "=r"(af[3])
        : "r"(pa));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, "
                 "%3}, [%4];"
                 : "=r"(bf[0]), "=r"(bf[1]), "=r"(bf[2]), "=r"(bf[3])
                 : "r"(pb));
    for (int j = 0; j < 2; ++j)
      asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
                   "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
                   "{%0, %1, %2, %3};"
                   : "+f"(acc[j][0]), "+f"(acc[j][1]), "+f"(acc[j][2]),
                     "+f"(acc[j][3])
                   : "r"(af[0]), "r"(af[1]), "r"(af[2]), "r"(af[3]),
                     "r"(bf[2 * j]), "r"(bf[2 * j + 1]));
    __syncwarp();
  }
  for (int j = 0; j < 2; ++j)
    for (int i = 0; i < 4; ++i)
      c[(row0 + lane / 4 + i / 2 * 8) * n + col0 + j * 8 + lane % 4 * 2 +
        i % 2] = acc[j][i];
}

extern "C" __global__ void matmulWmma(int n, const __nv_bfloat16 *a,
                                      const __nv_bfloat16 *b, float *c) {
  using namespace nvcuda::wmma;
  fragment<matrix_a, 16, 16, 16, __nv_bfloat16, row_major> fa;
  fragment<matrix_b, 16, 16, 16, __nv_bfloat16, row_major> fb;
  fragment<accumulator, 16, 16, 16, float> fc;
  fill_fragment(fc, 0.0f);
  for (int k = 0; k < n; k += 16) {
    load_matrix_sync(fa, a + blockIdx.y * 16 * n + k, n);
    load_matrix_sync(fb, b + k * n + blockIdx.x * 16, n);
    mma_sync(fc, fa, fb, fc);
  }
  store_matrix_sync(c + blockIdx.y * 16 * n + blockIdx.x * 16, fc, n,
                    mem_row_major);
}

template <int Wait>
__device__ void pipelineWith(int tiles, const float *x, float *out) {
  __shared__ float ring[3][128];
  int t = threadIdx.x;
  auto copy = [&](int k) {
    if (k < tiles) {
      unsigned to = __cvta_generic_to_shared(&ring[k % 3][t]);
      asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(to),
                   "l"(x + k * 128 + t)
                   : "memory");
    }
    asm volatile("cp.async.commit_group;" ::: "memory");
  };
  copy(0);
  copy(1);
  float sum = 0;
  for (int k = 0; k < tiles; ++k) {
    asm volatile("cp.async.wait_group %0;" ::"n"(Wait) : "memory");
    __syncthreads();
    sum += ring[k % 3][t ^ 1];
    copy(k + 2); // into the slot that was read before this barrier
  }
  out[t] = sum;
}
extern "C" __global__ void pipeline(int tiles, const float *x, float *out) {
  pipelineWith<1>(tiles, x, out);
}
extern "C" __global__ void pipelineRacy(int tiles, const float *x,
                                        float *out) {
  pipelineWith<2>(tiles, x, out);
}

__device__ __noinline__ int fibonacci(int n) {
  return n == 0 ? 0 : n == 1 ? 1 : fibonacci(n - 1) + fibonacci(n - 2);
}
extern "C" __global__ void locals(int k, int *out) {
  int t = threadIdx.x, a[8];
  for (int i = 0; i < 8; ++i)
    a[i] = i * k;
  int s;
  switch (t % 6) {
  case 0:
    s = 11;
    break;
  case 1:
    s = t * 3;
    break;
  case 2:
    s = -t;
    break;
  case 3:
    s = t / 3;
    break;
  case 4:
    s = t << 2;
    break;
  default:
    s = t ^ 5;
  }
  out[t] = a[t & 7] + fibonacci(t % 10) + s;
}
