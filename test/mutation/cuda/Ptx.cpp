// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Synchronisation in PTX text: where it stands, and the text without it.
#include "Ptx.h"

#include <algorithm>
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
        "griddepcontrol.", "wgmma.fence", "wgmma.wait"})
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

} // namespace

std::string mutation::onlyKernels(const std::string &text,
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

std::vector<Mutant> mutation::mutantsOf(const std::string &text) {
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
      mutants.push_back({number, kernel, std::string(instruction), source});
  }
  return mutants;
}

std::string mutation::mutated(const std::string &text, const Mutant &mutant) {
  std::vector<std::string> lines = linesOf(text);
  std::string &line = lines[mutant.line - 1];
  // Of several on a line, the first.
  line = line.substr(line.find(';', line.find(mutant.instruction)) + 1);
  return join(lines);
}

std::string mutation::withBarriersTwice(const std::string &text) {
  std::vector<std::string> lines = linesOf(text);
  for (std::string &line : lines)
    if (std::string_view i = instructionOf(line); i.starts_with("bar.sync"))
      line += " " + line;
  return join(lines);
}
