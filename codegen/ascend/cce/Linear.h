// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers of a kernel as sums of unknowns, and what bounds them.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_LINEAR_H
#define GEMEL_CODEGEN_ASCEND_CCE_LINEAR_H

#include "llvm/ADT/DynamicAPInt.h"

#include <map>
#include <optional>
#include <vector>

namespace gemel::cce {

/// A constant, and unknowns each times another that is not 0.
class Linear {
public:
  Linear() = default;
  Linear(int64_t constant) : constant(constant) {}
  static Linear unknown(unsigned number) {
    Linear made;
    made.terms[number] = llvm::DynamicAPInt(1);
    return made;
  }

  Linear &operator+=(const Linear &o);
  Linear operator*(const llvm::DynamicAPInt &by) const;
  Linear operator+(const Linear &o) const { return Linear(*this) += o; }
  Linear operator-(const Linear &o) const {
    return *this + o * llvm::DynamicAPInt(-1);
  }
  bool operator==(const Linear &o) const {
    return terms == o.terms && constant == o.constant;
  }

  /// What an unknown is multiplied by.
  llvm::DynamicAPInt of(unsigned number) const;
  bool isConstant() const { return terms.empty(); }

  std::map<unsigned, llvm::DynamicAPInt> terms;
  llvm::DynamicAPInt constant;
};

/// What is known of unknowns: sums of them that are not negative.
class Bounds {
public:
  Linear make() { return Linear::unknown(count++); }
  void assume(const Linear &notNegative) { known.push_back(notNegative); }

  /// Drops what has been assumed since `mark` was taken.
  size_t mark() const { return known.size(); }
  void forget(size_t mark) { known.resize(mark); }

  /// The least and the most that a sum may be, none where nothing bounds it.
  /// Not always sharp: unknowns are let be fractions.
  std::optional<llvm::DynamicAPInt> least(const Linear &sum) const;
  std::optional<llvm::DynamicAPInt> most(const Linear &sum) const;
  bool holds(const Linear &notNegative) const;

private:
  unsigned count = 0;
  std::vector<Linear> known;
};

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_LINEAR_H
