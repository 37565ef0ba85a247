// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Processes that share pieces of work out among them.

#include "codegen/check/Processes.h"

#include "llvm/Support/Threading.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <new>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace gemel;
using llvm::StringRef;

namespace {

/// What a process says before each result.
struct Header {
  size_t piece, bytes;
};

/// A process at work, and what has come of it so far.
struct Process {
  pid_t id = -1;
  int pipe = -1;
  std::string read;
};

} // namespace

static void writeAll(int file, const void *data, size_t bytes) {
  const char *at = static_cast<const char *>(data);
  while (bytes) {
    ssize_t n = write(file, at, bytes);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      _exit(1); // nobody listens any more
    at += n;
    bytes -= n;
  }
}

/// Takes whole results out of what a process said.
static void split(std::string &read, std::map<size_t, std::string> &results) {
  Header header;
  while (read.size() >= sizeof(header)) {
    memcpy(&header, read.data(), sizeof(header));
    if (read.size() < sizeof(header) + header.bytes)
      return;
    results[header.piece] = read.substr(sizeof(header), header.bytes);
    read.erase(0, sizeof(header) + header.bytes);
  }
}

/// Why a process is gone; empty: it is done.
static std::string endOf(pid_t id) {
  int status = 0;
  while (waitpid(id, &status, 0) < 0)
    if (errno != EINTR)
      return "a process of the check cannot be waited for";
  if (WIFSIGNALED(status))
    return std::string("a process of the check ended by a signal: ") +
           strsignal(WTERMSIG(status));
  return WEXITSTATUS(status) ? "a process of the check ended too early" : "";
}

bool check::inProcesses(unsigned jobs, size_t count,
                        llvm::function_ref<void(size_t, std::string &)> work,
                        llvm::function_ref<void(StringRef)> take,
                        std::string &error) {
  if (!jobs)
    jobs = llvm::hardware_concurrency().compute_thread_count();
  jobs = std::min<size_t>(jobs, count);
  if (jobs < 2) {
    for (size_t piece = 0; piece < count; ++piece) {
      std::string result;
      work(piece, result);
      take(result);
    }
    return true;
  }
  void *memory =
      mmap(nullptr, sizeof(std::atomic<size_t>), PROT_READ | PROT_WRITE,
           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    error =
        std::string("cannot share memory among processes: ") + strerror(errno);
    return false;
  }
  auto &next = *new (memory) std::atomic<size_t>(0);
  llvm::outs().flush();
  std::vector<Process> processes(jobs);
  for (Process &process : processes) {
    int ends[2];
    if (pipe(ends) == 0 && (process.id = fork()) == 0) {
      close(ends[0]);
      for (size_t piece; (piece = next++) < count;) {
        std::string result;
        work(piece, result);
        Header header = {piece, result.size()};
        writeAll(ends[1], &header, sizeof(header));
        writeAll(ends[1], result.data(), result.size());
      }
      _exit(0); // what was open is closed by those that opened it
    }
    if (process.id < 0) {
      error = std::string("cannot start a process: ") + strerror(errno);
      next = count;
      break;
    }
    close(ends[1]);
    process.pipe = ends[0];
  }
  std::map<size_t, std::string> results;
  size_t taken = 0;
  for (bool open = true; open;) {
    std::vector<pollfd> waiting;
    for (Process &process : processes)
      if (process.pipe >= 0)
        waiting.push_back({process.pipe, POLLIN, 0});
    open = !waiting.empty();
    if (open && poll(waiting.data(), waiting.size(), -1) < 0)
      continue;
    for (Process &process : processes) {
      bool ready = llvm::any_of(waiting, [&](const pollfd &one) {
        return one.fd == process.pipe && one.revents;
      });
      if (!ready)
        continue;
      char bytes[1 << 16];
      ssize_t n = ::read(process.pipe, bytes, sizeof(bytes));
      if (n > 0) {
        process.read.append(bytes, n);
        split(process.read, results);
      } else if (n == 0 || errno != EINTR) {
        close(process.pipe);
        process.pipe = -1;
        if (std::string why = endOf(process.id); !why.empty())
          error = why;
      }
    }
    for (auto it = results.find(taken); it != results.end();
         it = results.find(++taken)) {
      take(it->second);
      results.erase(it);
    }
  }
  munmap(memory, sizeof(next));
  if (error.empty() && taken < count)
    error = "a process of the check ended too early";
  return error.empty();
}
