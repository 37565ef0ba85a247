// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sums of unknowns; a simplex finds what bounds them.
#include "codegen/ascend/cce/Linear.h"

#include "mlir/Analysis/Presburger/Simplex.h"

#include <set>

using namespace gemel::cce;
using llvm::DynamicAPInt;
using mlir::presburger::Simplex;

Linear &Linear::operator+=(const Linear &o) {
  constant += o.constant;
  for (const auto &[number, by] : o.terms)
    if ((terms[number] += by) == 0)
      terms.erase(number);
  return *this;
}

Linear Linear::operator*(const DynamicAPInt &by) const {
  Linear made;
  if (by == 0)
    return made;
  made.constant = constant * by;
  for (const auto &[number, mine] : terms)
    made.terms[number] = mine * by;
  return made;
}

DynamicAPInt Linear::of(unsigned number) const {
  auto it = terms.find(number);
  return it == terms.end() ? DynamicAPInt(0) : it->second;
}

std::optional<DynamicAPInt> Bounds::least(const Linear &sum) const {
  if (sum.isConstant())
    return sum.constant;
  // Only what has to do with the sum's unknowns, by whatever way.
  std::map<unsigned, unsigned> column;
  auto take = [&](const Linear &of) {
    for (const auto &[number, by] : of.terms)
      column.try_emplace(number, column.size());
  };
  take(sum);
  std::set<const Linear *> taken;
  for (size_t before = 0; before != column.size();) {
    before = column.size();
    for (const Linear &fact : known)
      if (!taken.count(&fact) && llvm::any_of(fact.terms, [&](auto &term) {
            return column.count(term.first);
          })) {
        taken.insert(&fact);
        take(fact);
      }
  }
  Simplex simplex(static_cast<unsigned>(column.size()));
  auto row = [&](const Linear &of) {
    llvm::SmallVector<DynamicAPInt> made(column.size() + 1);
    for (const auto &[number, by] : of.terms)
      made[column[number]] = by;
    made.back() = of.constant;
    return made;
  };
  for (const Linear *fact : taken)
    simplex.addInequality(row(*fact));
  // Nothing comes here: any bound holds.
  if (simplex.isEmpty())
    return DynamicAPInt(0);
  auto least = simplex.computeOptimum(Simplex::Direction::Down, row(sum));
  if (!least.isBounded())
    return std::nullopt;
  return ceil(*least);
}

std::optional<DynamicAPInt> Bounds::most(const Linear &sum) const {
  std::optional<DynamicAPInt> least = this->least(sum * DynamicAPInt(-1));
  return least ? std::optional(-*least) : std::nullopt;
}

bool Bounds::holds(const Linear &notNegative) const {
  std::optional<DynamicAPInt> least = this->least(notNegative);
  return least && *least >= 0;
}
