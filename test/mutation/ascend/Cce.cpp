// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Synchronisation in CCE C, which the simulated CANN leaves out by its line.
#include "Mutant.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>

using namespace mutation;

namespace {

/// What stands in an object of the stand-in compiler: the text it was made of.
std::string textOf(const gemel_code_desc &code) {
  std::string_view bytes(static_cast<const char *>(code.data),
                         static_cast<size_t>(code.bytes));
  size_t at = bytes.find("extern \"C\" __global__");
  if (at == bytes.npos)
    return "";
  size_t begin = bytes.rfind('\0', at) + 1;
  return std::string(bytes.substr(begin, bytes.find('\0', at) - begin));
}

/// "void name(": the kernel that begins here, or nothing. Halves of a mixed one
/// have its name.
std::string_view kernelOf(std::string_view line) {
  size_t global = line.find("__global__"), at = line.find(" void ");
  if (global == line.npos || at == line.npos)
    return "";
  line = line.substr(at + 6);
  line = line.substr(0, line.find('('));
  for (std::string_view half : {"_mix_aic", "_mix_aiv"})
    if (line.ends_with(half))
      line.remove_suffix(half.size());
  return line;
}

std::string_view trimmed(std::string_view text) {
  size_t first = text.find_first_not_of(" \n");
  return first == text.npos ? "" : text.substr(first);
}

bool isSynchronisation(std::string_view instruction) {
  return instruction.starts_with("set_flag(") ||
         instruction.starts_with("wait_flag(") ||
         instruction.starts_with("pipe_barrier(") ||
         instruction.starts_with("ffts_cross_core_sync(") ||
         instruction.starts_with("wait_flag_dev(");
}

/// Whether a choice follows of which only the other way does something.
bool isBeforeEmptySum(std::string_view next) {
  size_t end = next.find('\n');
  if (end == next.npos)
    return false;
  std::string_view choice = trimmed(next.substr(0, end));
  return choice.starts_with("if (") &&
         trimmed(next.substr(end)).starts_with("} else {");
}

/// Every flag's side and every barrier alone; and both sides of a flag.
std::vector<Mutant> mutantsOf(const std::string &text,
                              const std::vector<std::string> &kernels) {
  std::vector<Mutant> mutants;
  std::string kernel, source;
  bool wanted = false;
  size_t number = 0, ordinal = 0, last = 0;
  // By pipes, event and indentation: sides of the same block.
  std::map<std::string, size_t> open;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line(text.data() + at, end - at);
    at = end + 1, ++number;
    if (std::string_view name = kernelOf(line); !name.empty()) {
      if (name != kernel)
        ordinal = 0; // counted through both halves
      kernel = name;
      wanted =
          std::find(kernels.begin(), kernels.end(), kernel) != kernels.end();
      open.clear();
      last = 0;
    }
    if (!wanted)
      continue;
    if (line.starts_with("}") && last)
      mutants[last - 1].byConvention = true;
    size_t indent = line.find_first_not_of(' ');
    if (indent == line.npos)
      continue;
    line = line.substr(indent);
    if (size_t name = line.find(".mlir:");
        line.starts_with("//") && name != line.npos)
      source = line.substr(name + 6);
    // A barrier that asks for sizes.
    if (size_t asks = line.find(") pipe_barrier("); asks != line.npos)
      line = line.substr(asks + 2);
    if (!isSynchronisation(line))
      continue;
    std::string instruction(line.substr(0, line.find(';')));
    mutants.push_back({number, kernel, instruction, source, 0, ordinal++});
    if (line.starts_with("pipe_barrier(PIPE_ALL"))
      last = mutants.size();
    mutants.back().ofEmptySum =
        isBeforeEmptySum(std::string_view(text).substr(at));
    if (!line.starts_with("set_flag(") && !line.starts_with("wait_flag("))
      continue;
    std::string flag =
        std::to_string(indent) + instruction.substr(instruction.find('('));
    auto [it, isFirst] = open.insert({flag, number});
    if (isFirst)
      continue;
    mutants.push_back({it->second, kernel, "both of " + instruction, source,
                       number, ordinal++});
    open.erase(it);
  }
  return mutants;
}

/// Whether some array has no axis behind it; of those with most axes, if
/// `widest`.
bool isLane(const Target &target, int32_t axis, bool widest) {
  int32_t most = 1;
  for (int32_t i = 0; widest && i < target.op.argument_count; ++i)
    most = std::max(most, target.op.arguments[i].rank);
  for (int32_t i = 0; i < target.op.argument_count; ++i)
    if (const gemel_argument_desc &a = target.op.arguments[i];
        a.rank >= most && a.axes[a.rank - 1] == axis)
      return true;
  return false;
}

/// The size nearest to `wanted` that the op and the variant take.
int64_t sizeOf(const Target &target, int32_t axis, int64_t wanted) {
  const gemel_axis_desc &desc = target.op.axes[axis];
  if (desc.fixed >= 0)
    return desc.fixed;
  int64_t multiple = desc.multiple, maximum = desc.maximum;
  for (int32_t i = 0; i < target.variant.fact_count; ++i)
    if (target.variant.facts[i].axis == axis) {
      multiple = std::max(multiple, target.variant.facts[i].multiple);
      maximum = std::min(maximum, target.variant.facts[i].maximum);
    }
  wanted = (wanted + multiple - 1) / multiple * multiple;
  return std::min(wanted, maximum / multiple * multiple);
}

class CceCode : public Code {
public:
  CceCode(const Target &target, const gemel_code_desc &code)
      : target(target), code(code), text(textOf(code)) {}

  std::vector<Mutant> mutants() const override {
    return mutantsOf(text, target.kernels());
  }

  std::vector<Sizes> shapes() const override { return cceShapes(target); }

  Outcome run(const Sizes &sizes, Mutant *mutant) override {
    target.simulator.reset();
    if (mutant) {
      target.simulator.skip(mutant->kernel.c_str(),
                            static_cast<unsigned>(mutant->line));
      if (mutant->partner)
        target.simulator.skip(mutant->kernel.c_str(),
                              static_cast<unsigned>(mutant->partner));
    }
    Outcome outcome = target.run(code, sizes);
    if (mutant)
      mutant->passed |= target.simulator.skipped() > 0;
    return outcome;
  }

private:
  const Target &target;
  const gemel_code_desc &code;
  std::string text;
};

} // namespace

std::vector<Sizes> mutation::cceShapes(const Target &target) {
  std::vector<Sizes> all;
  auto add = [&](int64_t rows, int64_t lanes, bool widest) {
    Sizes sizes;
    for (int32_t i = 0; i < target.op.axis_count; ++i)
      sizes.push_back(
          sizeOf(target, i, isLane(target, i, widest) ? lanes : rows));
    if (std::find(all.begin(), all.end(), sizes) == all.end())
      all.push_back(sizes);
  };
  for (auto [rows, lanes] : {std::pair(2, 3),
                             {3, 24},
                             {20, 20},
                             {3, 0},
                             {3, 4103},
                             {4, 4104},
                             {136, 136},
                             {136, 264},
                             {2, 16400},
                             {3, 24640}})
    add(rows, lanes, /*widest=*/false);
  // Where every axis is some array's last these are too much.
  for (auto [rows, lanes] : {std::pair(3, 4104), {2, 16400}})
    add(rows, lanes, /*widest=*/true);
  return all;
}

std::unique_ptr<Code> mutation::cceOf(Target &target) {
  const gemel_code_desc *code = target.code(GEMEL_ASCEND_ELF);
  if (!code)
    return nullptr;
  // One core passes all work items: few of them are enough.
  for (gemel_launch_desc &launch : target.launches)
    launch.blocks = 1;
  return std::make_unique<CceCode>(target, *code);
}
