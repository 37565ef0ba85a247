// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The floating-point environment that kernels are promised.
#ifndef GEMEL_RUNTIME_SRC_FLOAT_ENVIRONMENT_H
#define GEMEL_RUNTIME_SRC_FLOAT_ENVIRONMENT_H

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#elif !defined(__aarch64__)
#error "gemel runs on x86-64 and aarch64"
#endif

namespace gemel {

/// Sets the default environment of this thread (to nearest even, subnormals
/// kept, exceptions masked, no sticky flags) for its lifetime, then puts the
/// former one back to the bit, sticky flags included: what kernels raise is
/// not the caller's business.
class FloatEnvironment {
public:
  FloatEnvironment() : saved(read()) {
    if (saved != kDefault)
      write(kDefault);
  }
  ~FloatEnvironment() { write(saved); }
  FloatEnvironment(const FloatEnvironment &) = delete;
  FloatEnvironment &operator=(const FloatEnvironment &) = delete;

private:
#if defined(__x86_64__)
  using Word = uint32_t;
  // MXCSR after reset: all masks set, all else 0 (Intel SDM vol. 1, 10.2.3).
  static constexpr Word kDefault = 0x1f80;
  static Word read() { return _mm_getcsr(); }
  static void write(Word word) { _mm_setcsr(word); }
#else
  // FPCR in the low half (RN, FZ, FZ16, DN, AH, FIZ and the trap enables, all
  // 0 by default), FPSR with the sticky flags in the high one (Arm ARM, C5.2).
  using Word = uint64_t;
  static constexpr Word kDefault = 0;
  static Word read() {
    uint64_t control, status;
    asm volatile("mrs %0, fpcr\n\tmrs %1, fpsr"
                 : "=r"(control), "=r"(status)::"memory");
    return control | status << 32;
  }
  static void write(Word word) {
    asm volatile("msr fpcr, %0\n\tmsr fpsr, %1" ::"r"(word & 0xffffffff),
                 "r"(word >> 32)
                 : "memory");
  }
#endif
  const Word saved;
};

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_FLOAT_ENVIRONMENT_H
