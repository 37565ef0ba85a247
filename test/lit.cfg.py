# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The text tests: what each tool prints for what it is given.
import os

import lit.formats

config.name = "gemel"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["conformance", "Inputs"]
config.test_source_root = os.path.dirname(__file__)
build = os.environ["GEMEL_BUILD"]
config.test_exec_root = os.path.join(build, "test", "lit")
config.environment["PATH"] = os.pathsep.join(
    [os.path.join(build, "bin"), "/usr/lib/llvm-22/bin", os.environ["PATH"]]
)
root = os.path.dirname(config.test_source_root)
config.substitutions.append(("%kernels", os.path.join(root, "kernels")))
config.substitutions.append(("%root", root))
config.substitutions.append(("%build", build))
# Debian's, which has Debian's numpy.
config.substitutions.append(("%python", "/usr/bin/python3"))
