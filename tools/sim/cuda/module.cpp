// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads PTX text; names and texts of instructions; meeting points of branches.

#include "module.h"

#include "parser.h"

#include <algorithm>

namespace cudasim {

std::string Module::textOf(const Instr &instr) const {
  if (instr.line == 0 || instr.line > lines.size())
    return "";
  std::string_view text = lines[instr.line - 1];
  if (size_t comment = text.find("//"); comment != text.npos)
    text = text.substr(0, comment);
  std::string out;
  for (char c : text)
    if (c != '\t' && c != ' ' && c != '\r')
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  while (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out;
}

std::string Module::sourceOf(const Instr &instr) const {
  auto it = files.find(instr.file);
  if (instr.file == 0 || it == files.end())
    return "";
  return it->second + ":" + std::to_string(instr.fileLine);
}

std::shared_ptr<Module> parseModule(std::string_view ptx, std::string_view chip,
                                    const PlaceVariable &place,
                                    std::string &error) {
  auto module = std::make_shared<Module>();
  module->text = std::string(ptx);
  std::string_view rest = module->text;
  while (!rest.empty()) {
    size_t end = rest.find('\n');
    module->lines.push_back(rest.substr(0, end));
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
  }
  unsigned capability = 0;
  for (char c : chip.substr(3))
    if (c >= '0' && c <= '9')
      capability = capability * 10 + (c - '0');
  Parser parser(*module, capability, place);
  if (!parser.run()) {
    error = parser.error;
    return nullptr;
  }
  return module;
}

namespace {

/// Basic blocks of a function with edges reversed, for post-dominators.
struct Graph {
  std::vector<uint32_t> starts;            // block -> first instruction
  std::vector<uint32_t> blockOf;           // instruction -> block
  std::vector<std::vector<uint32_t>> next; // successors
};

} // namespace

static Graph buildGraph(const Function &f) {
  const auto &code = f.code;
  uint32_t last = static_cast<uint32_t>(code.size()) - 1;
  std::vector<bool> leader(code.size(), false);
  leader[0] = leader[last] = true;
  auto ends = [](const Instr &i) {
    return i.flow == Flow::Branch || i.flow == Flow::Table ||
           i.flow == Flow::Return || i.flow == Flow::Exit ||
           i.flow == Flow::Trap;
  };
  for (uint32_t i = 0; i < code.size(); ++i) {
    if (!ends(code[i]))
      continue;
    if (i < last)
      leader[i + 1] = true;
    if (code[i].flow == Flow::Branch)
      leader[code[i].target] = true;
    for (uint32_t t : code[i].targets)
      leader[t] = true;
  }
  Graph g;
  g.blockOf.resize(code.size());
  for (uint32_t i = 0; i < code.size(); ++i) {
    if (leader[i])
      g.starts.push_back(i);
    g.blockOf[i] = static_cast<uint32_t>(g.starts.size()) - 1;
  }
  g.next.resize(g.starts.size());
  uint32_t exitBlock = g.blockOf[last];
  for (uint32_t b = 0; b < g.starts.size(); ++b) {
    uint32_t stop = b + 1 < g.starts.size()
                        ? g.starts[b + 1]
                        : static_cast<uint32_t>(code.size());
    const Instr &i = code[stop - 1];
    auto &out = g.next[b];
    if (b == exitBlock)
      continue;
    bool falls = !ends(i) || i.pred.valid();
    if (i.flow == Flow::Branch)
      out.push_back(g.blockOf[i.target]);
    else if (i.flow == Flow::Table)
      for (uint32_t t : i.targets)
        out.push_back(g.blockOf[t]);
    else if (ends(i))
      out.push_back(exitBlock);
    if (falls)
      out.push_back(b + 1);
  }
  return g;
}

void findMeetingPoints(Function &f) {
  if (f.code.empty())
    return;
  Graph g = buildGraph(f);
  uint32_t count = static_cast<uint32_t>(g.starts.size());
  uint32_t exitBlock = g.blockOf[f.code.size() - 1];
  std::vector<std::vector<uint32_t>> previous(count);
  for (uint32_t b = 0; b < count; ++b)
    for (uint32_t n : g.next[b])
      previous[n].push_back(b);
  // Post-order over the reversed graph, then the usual intersection of
  // dominator chains until nothing moves.
  std::vector<uint32_t> order, rank(count, ~0u);
  std::vector<std::pair<uint32_t, size_t>> stack{{exitBlock, 0}};
  std::vector<bool> seen(count, false);
  seen[exitBlock] = true;
  while (!stack.empty()) {
    auto &[b, i] = stack.back();
    if (i < previous[b].size()) {
      uint32_t p = previous[b][i++];
      if (!seen[p]) {
        seen[p] = true;
        stack.push_back({p, 0});
      }
      continue;
    }
    rank[b] = static_cast<uint32_t>(order.size());
    order.push_back(b);
    stack.pop_back();
  }
  std::vector<uint32_t> idom(count, ~0u);
  idom[exitBlock] = exitBlock;
  for (bool moved = true; moved;) {
    moved = false;
    for (size_t k = order.size(); k-- > 0;) {
      uint32_t b = order[k], best = ~0u;
      if (b == exitBlock)
        continue;
      for (uint32_t n : g.next[b]) {
        if (idom[n] == ~0u)
          continue;
        if (best == ~0u) {
          best = n;
          continue;
        }
        uint32_t x = n, y = best;
        while (x != y)
          if (rank[x] < rank[y])
            x = idom[x];
          else
            y = idom[y];
        best = x;
      }
      if (best != idom[b]) {
        idom[b] = best;
        moved = true;
      }
    }
  }
  for (uint32_t i = 0; i < f.code.size(); ++i) {
    Instr &instr = f.code[i];
    uint32_t block = g.blockOf[i];
    // A block that cannot reach the end (an endless loop) meets there.
    uint32_t meet = idom[block] == ~0u ? exitBlock : idom[block];
    instr.meet = g.starts[meet];
  }
}

} // namespace cudasim
