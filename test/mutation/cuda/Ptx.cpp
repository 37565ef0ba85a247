// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Synchronisation in PTX text: where it stands, and the text without it.
#include "Mutant.h"

#include <algorithm>
#include <cstring>
#include <string_view>

using namespace mutation;

namespace {

std::vector<std::string> linesOf(const std::string &text) {
  std::vector<std::string> lines;
  size_t at = 0;
  for (size_t end; (end = text.find('\n', at)) != text.npos; at = end + 1)
    lines.push_back(text.substr(at, end - at));
  lines.push_back(text.substr(at));
  return lines;
}

std::string join(const std::vector<std::string> &lines) {
  std::string text;
  for (const std::string &line : lines)
    text += line + "\n";
  text.pop_back();
  return text;
}

std::string_view trimmed(std::string_view line) {
  size_t first = line.find_first_not_of(" \t");
  return first == line.npos ? "" : line.substr(first);
}

/// An instruction after its predicate: "@%p1 bar.sync 0;" is "bar.sync 0;".
std::string_view instructionOf(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with('@'))
    return line;
  size_t space = line.find_first_of(" \t");
  return space == line.npos ? "" : trimmed(line.substr(space));
}

/// What orders memory or waits and gives no value: PTX ISA, "Parallel
/// Synchronization and Communication Instructions" and asynchronous copies.
bool isSynchronisation(std::string_view instruction) {
  if (instruction.starts_with("mbarrier.init"))
    return false;
  for (const char *family :
       {"bar.", "barrier.", "membar.", "fence.", "mbarrier.", "cp.async.commit",
        "cp.async.wait", "cp.async.mbarrier", "cp.async.bulk.wait",
        "griddepcontrol.wait", "wgmma.fence", "wgmma.wait"})
    if (instruction.starts_with(family))
      return true;
  return false;
}

/// ".visible .entry name(": the name, or nothing.
std::string kernelOf(const std::string &line) {
  size_t at = line.find(".entry ");
  if (at == line.npos)
    return "";
  at += 7;
  return line.substr(at, line.find('(', at) - at);
}

/// The text with all kernels but `kernels` blanked: lines keep their numbers.
std::string onlyKernels(const std::string &text,
                        const std::vector<std::string> &kernels) {
  std::vector<std::string> lines = linesOf(text);
  bool blank = false;
  for (std::string &line : lines) {
    if (std::string name = kernelOf(line); !name.empty())
      blank = std::find(kernels.begin(), kernels.end(), name) == kernels.end();
    bool ends = line == "}";
    if (blank)
      line.clear();
    if (ends)
      blank = false;
  }
  return join(lines);
}

std::vector<Mutant> mutantsOf(const std::string &text) {
  std::vector<Mutant> mutants;
  std::string kernel, source;
  size_t number = 0;
  for (const std::string &line : linesOf(text)) {
    ++number;
    if (std::string name = kernelOf(line); !name.empty())
      kernel = name;
    std::string_view rest = trimmed(line);
    // ".loc file line column"; line 0 is nowhere.
    if (rest.starts_with(".loc")) {
      size_t first = rest.find_first_of("0123456789");
      size_t second = rest.find(' ', first), third = rest.find(' ', second + 1);
      std::string at(rest.substr(second + 1, third - second - 1));
      std::string column(rest.substr(third + 1));
      if (at != "0")
        source = at + ":" + column.substr(0, column.find_first_of(" \t,"));
    }
    std::string_view instruction = instructionOf(line);
    if (isSynchronisation(instruction))
      mutants.push_back(
          {number, kernel, std::string(instruction), source, 0, number});
  }
  return mutants;
}

/// The text without the mutant's instruction.
std::string mutated(const std::string &text, const Mutant &mutant) {
  std::vector<std::string> lines = linesOf(text);
  std::string &line = lines[mutant.line - 1];
  // Of several on a line, the first.
  line = line.substr(line.find(';', line.find(mutant.instruction)) + 1);
  return join(lines);
}

/// Each barrier, and each wait for the launch before, stands twice on its line:
/// one of the two is needless.
std::string withBarriersTwice(const std::string &text) {
  std::vector<std::string> lines = linesOf(text);
  for (std::string &line : lines)
    if (std::string_view i = instructionOf(line);
        i.starts_with("bar.sync") || i.starts_with("griddepcontrol.wait"))
      line += " " + line;
  return join(lines);
}

/// The largest size that a variant's facts leave an axis.
int64_t maximumOf(const gemel_variant_desc &variant, int32_t axis) {
  for (int32_t i = 0; i < variant.fact_count; ++i)
    if (variant.facts[i].axis == axis)
      return variant.facts[i].maximum;
  return INT64_MAX;
}

int64_t multipleOf(const gemel_variant_desc &variant, int32_t axis) {
  for (int32_t i = 0; i < variant.fact_count; ++i)
    if (variant.facts[i].axis == axis)
      return variant.facts[i].multiple;
  return 1;
}

/// The smallest size of an axis that takes this variant's way with all lanes
/// at work and each loop passed twice: above what earlier variants take, or
/// all that a warp's variant takes. `unasked`: of axes that no variant asks
/// anything of, or a multiple only.
int64_t sizeOf(const gemel_op_desc &op, const gemel_variant_desc &variant,
               int32_t axis, int64_t unasked) {
  if (op.axes[axis].fixed >= 0)
    return op.axes[axis].fixed;
  bool isAsked = false;
  int64_t below = 0, largest = 0, maximum = maximumOf(variant, axis);
  for (int32_t i = 0; i < op.variant_count; ++i)
    for (int32_t f = 0; f < op.variants[i].fact_count; ++f)
      if (const gemel_fact_desc &fact = op.variants[i].facts[f];
          fact.axis == axis) {
        isAsked = true;
        if (fact.maximum < INT64_MAX)
          largest = std::max(largest, fact.maximum);
        if (fact.maximum < maximum)
          below = std::max(below, fact.maximum);
      }
  if (!isAsked)
    return std::min(unasked, op.axes[axis].maximum);
  int64_t multiple = multipleOf(variant, axis);
  if (multiple == 1) {
    // No fact holds: beyond what any variant takes at once, and twice what
    // the threads of a work item take at a time, 8 each; and a rest.
    if (largest == 0)
      return unasked + 1;
    for (int32_t i = 0; i < variant.launch_count; ++i)
      largest = std::max<int64_t>(largest, variant.launches[i].threads /
                                               variant.launches[i].grain * 16);
    return largest + 7;
  }
  return maximum <= 1024 ? maximum
         : below         ? below + multiple
                         : (unasked + multiple - 1) / multiple * multiple;
}

/// Rows that follow each other.
constexpr int64_t kRows = 2;

/// Terms of a product: five steps of a matrix kernel, more than its stages, and
/// a rest.
constexpr int64_t kTerms = 5 * 32 + 8;

class PtxCode : public Code {
public:
  PtxCode(const Target &target, std::string text)
      : target(target), text(std::move(text)) {}

  std::vector<Mutant> mutants() const override { return mutantsOf(text); }

  /// What survives few rows may be a step of a sum over them.
  std::vector<Sizes> shapes() const override {
    std::vector<Sizes> all;
    for (int64_t unasked : {kRows, kTerms}) {
      Sizes &sizes = all.emplace_back();
      for (int32_t i = 0; i < target.op.axis_count; ++i)
        sizes.push_back(sizeOf(target.op, target.variant, i, unasked));
    }
    return all;
  }

  Outcome run(const Sizes &sizes, Mutant *mutant) override {
    if (mutant)
      mutant->passed = true; // the text does not tell
    std::string changed = mutant ? mutated(text, *mutant) : text;
    gemel_code_desc code = {target.variant.target, GEMEL_PTX,
                            static_cast<int64_t>(changed.size()),
                            changed.c_str()};
    return target.run(code, sizes);
  }

private:
  const Target &target;
  std::string text;
};

} // namespace

std::unique_ptr<Code> mutation::ptxOf(const Target &target,
                                      bool barriersTwice) {
  const gemel_code_desc *code = target.code(GEMEL_PTX);
  if (!code)
    return nullptr;
  std::string text =
      onlyKernels(static_cast<const char *>(code->data), target.kernels());
  return std::make_unique<PtxCode>(
      target, barriersTwice ? withBarriersTwice(text) : text);
}
