// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What other cores of a group know a core by: the flags that it tells and waits
// for, and what it does to memory that they use as well.
#ifndef GEMEL_CODEGEN_ASCEND_CCE_COURSE_H
#define GEMEL_CODEGEN_ASCEND_CCE_COURSE_H

#include "codegen/ascend/cce/Cce.h"
#include "codegen/ascend/cce/Linear.h"

#include <set>
#include <vector>

namespace gemel::cce {

/// In the order in which the scalar unit hands them out.
struct Event {
  enum Kind { Access, Tell, Wait, Barrier } kind;
  mlir::Operation *op;
  Pipe pipe = Pipe::S;
  int64_t flag = -1;
  /// Of an access: what it may reach, bytes from where the group's part of the
  /// array begins.
  bool writes = false;
  unsigned array = 0;
  int64_t first = 0, end = 0;
  int64_t part = 0; ///< bytes that a group has
};

using Events = std::vector<Event>;

/// A core's events whatever the launch, by the group's tiles. From `steady` on
/// a tile has those of the one `period` before it.
struct Course {
  Events begin;              ///< before the first tile
  std::vector<Events> tiles; ///< `steady + period` of them, or none
  std::vector<Events> ends;  ///< behind the last, when there are so many
  Linear items;              ///< that the loop over tiles goes up to

  size_t period = 1;
  size_t steady() const { return 2 * period; }
  const Events &tile(size_t number) const { return tiles[place(number)]; }
  const Events &end(size_t count) const { return ends[place(count)]; }

private:
  size_t place(size_t number) const {
    return number < steady() ? number : steady() + number % period;
  }
};

/// The course of a core, of a vector core its `half` of the group. `shared`:
/// arguments that the other side uses, too. A whole number of `period`s is what
/// tiles repeat after. Fails after a report where a flag or a byte depends on
/// what cannot be known.
llvm::FailureOr<Course> courseOf(KernelOp kernel, int64_t half,
                                 const std::set<unsigned> &shared,
                                 size_t period);

/// What the kernel's tiles may repeat after: the slots that they take in turns.
size_t periodOf(KernelOp kernel, const std::set<unsigned> &shared);

} // namespace gemel::cce

#endif // GEMEL_CODEGEN_ASCEND_CCE_COURSE_H
