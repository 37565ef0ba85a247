# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of `bench --ascend` against its file: columns line up, figures are the same and hang together."""
import json
import math
import pathlib
import sys

table, result = pathlib.Path(sys.argv[1]).read_text().splitlines(), json.loads(pathlib.Path(sys.argv[2]).read_text())
header, chip = table[1], result["chip"]
ends = {name: header.index(name) + len(name) for name in ("shape", "us", "memory us", "vector us", "% floor", "% memory")}
rows = table[2 : table.index("")]
assert rows and len(rows) == len(result["operators"]), (len(rows), len(result["operators"]))
for text, row in zip(rows, result["operators"]):
    for name, key in (("us", "us"), ("memory us", "memory_us"), ("vector us", "vector_us"), ("% floor", "floor"), ("% memory", "memory")):
        cell = text[: ends[name]].split()[-1]
        assert not text[ends[name] : ends[name] + 1].strip(), f"{name} does not line up: {text}"
        assert cell == f"{row[key]:.1f}", (name, cell, row[key])
    assert 0 < row["memory"] <= row["floor"] <= 100, row
    assert all(0 < share <= 100 for share in row["busy"].values()), row["busy"]
    # Each figure from what the simulator says of the launches.
    assert math.isclose(row["us"], sum(launch["cycles"] for launch in row["launches"]) / chip["hertz"] * 1e6)
    assert row["argument_bytes"] <= sum(launch["gm_read"] + launch["gm_written"] for launch in row["launches"])
    if row["op"] == "linear":
        n = row["sizes"]["M"]
        rate = 2 * n**3 / row["us"] * 1e6
        assert math.isclose(row["cube"], rate / (8192 * chip["cube_cores"] * chip["hertz"]) * 100)
print(f"{len(rows)} rows line up and say what the file does")
