// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Processes that share work out among them, and count together.
#ifndef GEMEL_TEST_MUTATION_JOBS_H
#define GEMEL_TEST_MUTATION_JOBS_H

#include <algorithm>
#include <cstdio>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mutation {

/// A `Score` that the processes to come share, or null.
template <class Score>
Score *shared() {
  // Processes write whole lines.
  static char lines[1 << 16];
  setvbuf(stdout, lines, _IOLBF, sizeof(lines));
  void *memory = mmap(nullptr, sizeof(Score), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return perror("mmap"), nullptr;
  return new (memory) Score();
}

/// Runs `work` in so many processes; the worst exit status.
template <class Work>
int inProcesses(long jobs, const Work &work) {
  for (long job = 0; job < jobs; ++job)
    if (fork() == 0) {
      int status = work();
      fflush(stdout);
      _exit(status);
    }
  int worst = 0;
  for (int status; wait(&status) > 0;)
    worst = std::max(worst, WIFEXITED(status) ? WEXITSTATUS(status) : 2);
  return worst;
}

} // namespace mutation

#endif // GEMEL_TEST_MUTATION_JOBS_H
