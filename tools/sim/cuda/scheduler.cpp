// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs a grid: which CTA and warp is next, deadlock, reports.

#include "chip.h"
#include "cuda_abi.h"
#include "exec.h"
#include "races.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <numeric>

namespace cudasim {

std::string placeName(const Module &module, const Instr &instr) {
  std::string text = "PTX line " + std::to_string(instr.line) + ": `" +
                     module.textOf(instr) + "`";
  std::string source = module.sourceOf(instr);
  return source.empty() ? text : text + " (" + source + ")";
}

static std::string triple(const uint32_t *v) {
  return "(" + std::to_string(v[0]) + "," + std::to_string(v[1]) + "," +
         std::to_string(v[2]) + ")";
}

std::string threadName(const Warp &w, uint32_t lane) {
  uint32_t t[3] = {w.tid[0][lane], w.tid[1][lane], w.tid[2][lane]};
  return "kernel '" + w.launch->kernel->name + "', CTA " + triple(w.cta->id) +
         ", thread " + triple(t);
}

void fault(Warp &w, const Instr &instr, uint32_t lane, int result,
           const std::string &what) {
  Launch &launch = *w.launch;
  if (launch.failed)
    return;
  launch.failed = true;
  launch.result = result;
  launch.report = what + "; " + threadName(w, lane) + ", at " +
                  placeName(*launch.module, instr);
}

namespace {

/// Instructions a warp may execute before another has its turn.
constexpr uint32_t kQuantum = 400;
/// How often a path sees the same before it counts as waiting.
constexpr uint32_t kPolls = 64;

class Grid {
public:
  explicit Grid(Launch &launch) : launch(launch), random(launch.seed) {
    uint64_t count = uint64_t(launch.grid[0]) * launch.grid[1] * launch.grid[2];
    total = count;
    if (launch.seed) {
      order.resize(count);
      std::iota(order.begin(), order.end(), 0);
      std::shuffle(order.begin(), order.end(), random);
    }
    resident = launch.chip->residentCtas(launch);
  }

  void run() {
    while (!launch.failed && (next < total || !running.empty())) {
      if (running.empty())
        start();
      bool progress = false;
      for (size_t k = 0; k < running.size() && !launch.failed; ++k)
        progress |= turn(*running[k]);
      retire();
      if (launch.instructions > launch.limit)
        timeOut();
      if (progress || launch.failed || running.empty())
        continue;
      // Nobody can go on: perhaps a CTA that has not begun is waited for.
      if (next < total && running.size() < resident)
        start();
      else
        deadlock();
    }
    for (auto &cta : running)
      finish(*cta);
  }

private:
  void start() {
    uint64_t n = order.empty() ? next : order[next];
    ++next;
    auto owned = std::make_unique<Cta>();
    Cta &cta = *owned;
    cta.launch = &launch;
    cta.linear = n;
    cta.id[0] = static_cast<uint32_t>(n % launch.grid[0]);
    cta.id[1] = static_cast<uint32_t>(n / launch.grid[0] % launch.grid[1]);
    cta.id[2] = static_cast<uint32_t>(n / launch.grid[0] / launch.grid[1]);
    cta.random.seed(static_cast<uint32_t>(launch.seed * 7919 + n));
    cta.shared.assign(launch.sharedBytes, 0xcb);
    cta.sharedInit.assign(launch.sharedBytes, 0);
    uint32_t threads = launch.block[0] * launch.block[1] * launch.block[2];
    cta.liveThreads = threads;
    cta.warps = std::vector<Warp>((threads + kWarpSize - 1) / kWarpSize);
    for (uint32_t i = 0; i < cta.warps.size(); ++i) {
      Warp &w = cta.warps[i];
      w.cta = &cta;
      w.launch = &launch;
      w.index = i;
      for (uint32_t l = 0; l < kWarpSize; ++l) {
        uint32_t t = i * kWarpSize + l;
        if (t < threads)
          w.live |= 1u << l;
        w.tid[0][l] = t % launch.block[0];
        w.tid[1][l] = t / launch.block[0] % launch.block[1];
        w.tid[2][l] = t / launch.block[0] / launch.block[1];
      }
      startWarp(w);
    }
    if (launch.races)
      launch.races->startCta(cta);
    running.push_back(std::move(owned));
  }

  /// One turn of each of the CTA's warps. False if all of them wait.
  bool turn(Cta &cta) {
    uint64_t before = launch.changes;
    size_t n = cta.warps.size();
    size_t first = launch.seed ? cta.random() % n : 0;
    bool ran = false;
    for (size_t k = 0; k < n && !launch.failed; ++k) {
      Warp &w = cta.warps[(first + k) % n];
      uint32_t budget = launch.seed ? 1 + cta.random() % kQuantum : kQuantum;
      bool polling = true;
      if (runWarp(w, budget + 1)) {
        for (const Path &p : w.paths)
          polling &= p.wait != Wait::None || p.polls >= kPolls;
        ran |= !polling;
      }
      if (w.hasAsync && !launch.failed)
        deliverSome(w, false);
    }
    if (launch.failed || ran || launch.changes != before)
      return true;
    // The last thing that can still happen by itself.
    bool arrived = false;
    for (Warp &w : cta.warps)
      arrived |= deliverSome(w, true);
    return arrived;
  }

  void retire() {
    std::erase_if(running, [&](const std::unique_ptr<Cta> &cta) {
      for (const Warp &w : cta->warps)
        if (!w.paths.empty())
          return false;
      finish(*cta);
      return true;
    });
  }

  void finish(Cta &cta) {
    for (Warp &w : cta.warps)
      finishWarp(w);
    if (launch.races)
      launch.races->finishCta(cta);
  }

  static std::string waiting(const Cta &cta, const Warp &w, const Path &p) {
    std::string what;
    if (p.wait == Wait::Barrier)
      what = "at barrier " + std::to_string(p.barrier) + " (" +
             std::to_string(cta.barriers[p.barrier].arrived) + " of " +
             std::to_string(cta.barriers[p.barrier].expected
                                ? cta.barriers[p.barrier].expected
                                : cta.liveThreads) +
             " threads are there)";
    else if (p.wait == Wait::WarpSync)
      what = "for other lanes of the warp";
    else
      what = "for what it reads to change";
    const Instr &i = *p.at;
    return "warp " + std::to_string(w.index) + " of CTA " + triple(cta.id) +
           " waits " + what + " at " + placeName(*cta.launch->module, i);
  }

  void deadlock() {
    launch.failed = true;
    launch.result = CUDA_ERROR_LAUNCH_TIMEOUT;
    launch.report = "deadlock in kernel '" + launch.kernel->name + "': ";
    std::vector<std::string> lines;
    for (auto &cta : running)
      for (const Warp &w : cta->warps)
        for (const Path &p : w.paths)
          if (p.at)
            lines.push_back(waiting(*cta, w, p));
    constexpr size_t most = 40;
    for (size_t k = 0; k < std::min(lines.size(), most); ++k)
      launch.report += (k ? "; " : "") + lines[k];
    if (lines.size() > most)
      launch.report += "; and " + std::to_string(lines.size() - most) + " more";
  }

  void timeOut() {
    launch.failed = true;
    launch.result = CUDA_ERROR_LAUNCH_TIMEOUT;
    launch.report = "kernel '" + launch.kernel->name + "' has executed " +
                    std::to_string(launch.instructions) +
                    " thread-instructions and has not ended "
                    "(GEMEL_CUDA_SIM_LIMIT)";
  }

  Launch &launch;
  std::mt19937_64 random;
  std::vector<uint64_t> order;
  std::vector<std::unique_ptr<Cta>> running;
  uint64_t next = 0, total = 0;
  uint32_t resident = 1;
};

} // namespace

int runLaunch(Launch &launch) {
  Grid(launch).run();
  return launch.failed ? launch.result : CUDA_SUCCESS;
}

} // namespace cudasim
