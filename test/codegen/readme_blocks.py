# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the programs that the READMEs show: ROOT FOLDER."""
import pathlib
import re
import sys
import textwrap

root, folder = map(pathlib.Path, sys.argv[1:])
folder.mkdir(parents=True, exist_ok=True)


def blocks(page, language, count):
    found = re.findall(rf"```{language}\n(.*?)```", (root / page).read_text(), re.S)
    assert len(found) == count, f"{page} shows {len(found)} blocks of {language}"
    return found


def block(page, language):
    return blocks(page, language, 1)[0]


written, derived = blocks("README.md", "mlir", 2)
(folder / "rms_norm.mlir").write_text(written)
(folder / "derived.mlir").write_text(derived)
(folder / "embed.c").write_text(block("runtime/README.md", "c"))
# The first page shows the lines of a function; around them, what it leaves out.
(folder / "launch.c").write_text(
    """#include "rms_norm.h"
#include <stdio.h>
int main(void) {
  static uint16_t x_data[15], w_data[5], y_data[15];
  int64_t T = 3, D = 5;
  for (int i = 0; i < 15; ++i)
    x_data[i] = 0x4000; /* 2.0 */
  for (int i = 0; i < 5; ++i)
    w_data[i] = 0x4040; /* 3.0 */
"""
    + textwrap.indent(block("README.md", "c"), "  ")
    + """  printf("y[14] = %04x\\n", y_data[14]);
  return 0;
}
"""
)
