# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is not certain about the chip, asked of one: a function a question, which returns the reading, in the simulator's
words where it has a switch for it, and what was seen."""
import pathlib
import time
from dataclasses import dataclass

import numpy as np

from cann import Refused

FOLDER = pathlib.Path(__file__).resolve().parent
f32, f16 = np.float32, np.float16
PROBES = {}
# What a process prints once a kernel that does not end would be an answer.
ONLY_THE_QUESTION = "only the question is left"


@dataclass
class Question:
    text: str
    ask: callable  # Bench: the reading, in the simulator's words where it has a switch for it, and what was seen
    switch: str = None  # of the simulator, GEMEL_ASCEND_SIM_...
    fact: str = None  # of codegen/ascend/Facts.inc
    holds: str = None  # the reading with which the fact is 1, else 0, where readings are words
    refused: str = None  # the reading that it is when the chip stops the kernel
    seconds: int = None  # after which it is given up, where a kernel may not end

    def number(self, reading):
        """The fact's value."""
        return int(reading == self.holds if self.holds else reading)


def question(text, **of):
    def enter(ask):
        PROBES[ask.__name__] = Question(text, ask, **of)
        return ask

    return enter


class Bench:
    """A chip, and the kernels that ask it: `build` puts them where the others look."""

    def __init__(self, acl, folder, about):
        self.acl, self.folder = acl, folder
        # 910_93.. are 910C.
        soc = acl.soc().lower()
        known = [name for name in about["chips"] if soc.startswith(name)]
        self.chip = about["chips"][max(known, key=len) if known else "ascend910c"]

    @staticmethod
    def build(ccec, folder, unit):
        text, cores = UNITS[unit]
        ccec.keep(FOLDER / f"{text}.cce", [f"dav-c220-{core}" for core in cores], folder / f"{text}.bin")

    def function(self, unit, name):
        return self.acl.kernel((self.folder / f"{UNITS[unit][0]}.bin").read_bytes(), name, unit)

    def arguments(self, unit, memory, n):
        """Kernels of more than one kind of core take the address of signals before the rest."""
        return [*[self.acl.signal_address()] * (unit == "mix"), *memory, n]

    def ask(self, unit, name, x, y, z, n=1, blocks=1):
        """What a probe leaves in z."""
        places = [self.acl.put(np.ascontiguousarray(array)) for array in (x, y, z)]
        self.acl.launch(self.function(unit, name), self.arguments(unit, places, n), blocks)
        self.acl.wait()
        return self.acl.get(places[2], z)

    def certain(self, ask):
        """What has to be so, whatever the answer is: a chip on which it is not has answered nothing. From then on a kernel
        that does not end is an answer, too."""
        try:
            right = ask()
        except Refused as refusal:
            raise RuntimeError(f"the chip stops a kernel that is not in question: {refusal}")
        if not right:
            raise RuntimeError("a kernel that is not in question gives wrong results")
        print(ONLY_THE_QUESTION, flush=True)

    def vector(self, name, x, y=None, z=None, n=1):
        return self.ask("vec", name, x, x if y is None else y, np.zeros(512, x.dtype) if z is None else z, n)

    def product(self, name, a, b, out=f32):
        return self.ask("cube", name, a, np.ascontiguousarray(b.T), np.zeros((32, 32), out))

    def seconds(self, name, n, memory, blocks=1, unit="vec"):
        function, arguments = self.function(unit, name), self.arguments(unit, memory, n)
        work = lambda: self.acl.launch(function, arguments, blocks)
        work()  # the first one loads
        self.acl.wait()
        # A simulated chip's time is exact.
        return min(self.acl.seconds(work) for _ in range(1 if self.acl.is_simulated() else 5))

    def cycles(self, name, few, many, rounds=None):
        """Of one of what `name` does so many times, on one core; in rounds of so many, where rounds are given."""
        memory = [self.acl.put(np.zeros(128 * 4096, f32)) for _ in range(3)]
        spent = lambda n: self.seconds(name, n if rounds is None else rounds << 16 | n, memory)
        return (spent(many) - spent(few)) / (many - few) / (rounds or 1) * self.chip["megahertz"] * 1e6

    def rate(self, name, span):
        """Bytes a second that all cores move, each in a part of its own, 160 KiB a round. The next launch goes on where
        the one before ended; after `span` rounds it begins again."""
        cores, function, at = self.acl.vector_cores(), self.function("vec", name), 0
        memory, spent = self.acl.allocate(cores * (8 << 20)), {2: [], 8: []}
        # The first one loads the kernel, and L2 has nothing else from then on. A simulated chip's time is exact.
        for rounds in [1, 2, 8] if self.acl.is_simulated() else [span] + [2, 8] * 3:
            work = lambda: self.acl.launch(function, [memory] * 3 + [at << 32 | rounds << 16 | span], cores)
            if at:
                spent[rounds].append(self.acl.seconds(work))
            else:
                work()
            at += rounds
        few, many = map(min, spent.values())
        self.acl.free(memory)
        return 6 * 5 * 32768 * cores / (many - few)


# Of each text the cores that it is for.
UNITS = {"vec": ("vector_probes", ["vec"]), "cube": ("cube_probes", ["cube"]), "mix": ("mixed_probes", ["cube", "vec"])}


def numbers(seed, low, high):
    return np.random.default_rng(seed).uniform(low, high, 512).astype(f32)


def ulps(found, exact):
    """Units in the last place from the nearest f32 of the exact results."""
    return found.view(np.int32).astype(np.int64) - exact.astype(f32).view(np.int32)


@question("How far do vdiv, vsqrt, vexp and vln lie from the nearest f32?", switch="ULP")
def ulp(bench):
    seen = {}
    for name, low, high, of in (("quotient", 1, 2, None), ("root", 1, 4, np.sqrt), ("exponential", 0.1, 3, np.exp),
                                ("logarithm", 3, 9, np.log)):  # fmt: skip
        off = []
        for seed in range(4):
            x, y = numbers(seed, low, high), numbers(seed + 9, 1, 2)
            wide = x.astype(np.float64)
            off.append(ulps(bench.vector(name, x, y), wide / y if of is None else of(wide)))
        off = np.concatenate(off)
        seen[name] = [int(off.min()), int(off.max())]
    low, high = (pick(pick(range_) for range_ in seen.values()) for pick in (min, max))
    reading = {(0, 0): "exact", (1, 1): "up", (-1, -1): "down"}.get((low, high), "hash" if -1 <= low and high <= 1 else "beyond")
    return reading, seen


@question("Do vmadd, vmla and vaxpy of f32 round the product, then the sum?", switch="PRODUCTS", fact="RoundsProducts",
          holds="rounded")  # fmt: skip
def products(bench):
    rounded, fused = 0, 0
    for seed in range(4):
        x, y, z = (numbers(seed + more, -9, 9) for more in (0, 20, 40))
        for name, a, b, c in (("multiplied_in_place", z, x, y), ("added_in_place", x, y, z), ("scaled_and_added", x, f32(0.3), z)):
            found = bench.vector(name, x, y, z)
            rounded += int((found != a * b + c).sum())
            fused += int((found != (a.astype(np.float64) * b + c).astype(f32)).sum())
    seen = {"sums": 3 * 4 * 512, "not of rounded products": rounded, "not of whole ones": fused}
    return "rounded" if rounded == 0 else "fused" if fused < rounded else "neither", seen


@question("Do vrec and vrsqrt miss by more than one ulp?", switch="RECIPROCAL")
def reciprocal(bench):
    x = numbers(1, 1, 2)
    off = max(int(np.abs(ulps(bench.vector("reciprocal", x), 1 / x.astype(np.float64))).max()),
              int(np.abs(ulps(bench.vector("reciprocal_root", x), 1 / np.sqrt(x.astype(np.float64)))).max()))  # fmt: skip
    return ("ulp" if off <= 1 else "table"), {"ulps": off}


@question("Does a masked-off lane add +0 to a sum?", switch="SUM_MASKED")
def sum_masked(bench):
    got = bench.vector("masked_sum", np.full(512, -0.0, f32))[0]
    return ("skip" if np.signbit(got) else "zero"), str(got)


@question("Does CTRL, as a kernel finds it, let a product be infinite, or 65504?", switch="INFNAN")
def infnan(bench):
    got = bench.vector("overflow", np.full(512, 60000, f16), np.full(512, 2, f16))[0]
    return {np.inf: "1", 65504: "0"}.get(float(got), "neither"), str(got)


@question("May blocks that are masked off lie behind the end of UB?", switch="MASKED_BOUNDS", refused="refuse")
def masked_bounds(bench):
    got = bench.vector("masked_bounds", np.full(512, 3, f32))[:8]
    return ("allow" if (got == 5).all() else "refuse"), got.tolist()


@question("Are the bytes that a mask leaves out of a block written again?", switch="MASKED_BYTES", refused="rewritten")
def masked_bytes(bench):
    """A chip that rewrites loses a half now and then; a chip that never did may yet."""
    ones, twos = np.full(512, 1, f32), np.full(512, 2, f32)
    lost = sum(not np.array_equal(bench.vector("masked_bytes", ones, twos, n=64), [*[1] * 4, *[2] * 4] * 64) for _ in range(20))
    return ("rewritten" if lost else "free"), {"lost": lost}


@question("What is the GM gap of the byte-granular copies counted in?", switch="GM_GAP")
def gm_gap(bench):
    second = bench.vector("gap", np.arange(512, dtype=f32))[8]
    return {16.0: "bytes", 264.0: "blocks"}.get(float(second), "neither"), float(second)


@question("Do rows of less than 32 bytes arrive as they are?", switch="NARROW_ROWS", refused="refuse")
def narrow_rows(bench):
    rows = bench.vector("narrow_rows", np.arange(512, dtype=f32))[:32].reshape(4, 8)[:, :3]
    return ("allow" if np.array_equal(rows, np.arange(16).reshape(4, 4)[:, :3]) else "refuse"), rows.tolist()


@question("Is a store of scalar code in GM when its kernel has ended?", switch="END_FLUSH", refused="no")
def end_flush(bench):
    got = bench.vector("end_flush", np.zeros(512, f32))[0]
    return ("yes" if got == 7 else "no"), float(got)


@question("What has an L0C address to be a multiple of?", switch="L0C_ALIGN", fact="L0cAlignment")
def l0c_align(bench):
    """Ever less, until a product is wrong or stops the chip, after which nothing more runs."""
    a, b = np.arange(1024).reshape(32, 32).astype(f16) / 64, np.eye(32, dtype=f16)
    least, seen = 1024, {}
    for at in (512, 64):
        try:
            right = np.array_equal(bench.product(f"product_at_{at}", a, b), a.astype(f32))
            seen[at] = "right" if right else "wrong"
        except Refused as refusal:
            right, seen[at] = False, str(refusal)
        if not right:
            break
        least = at
    return str(least), seen


@question("How does fixpipe round ties of f32 to f16?", switch="FIX_ROUND")
def fix_round(bench):
    a = np.zeros((32, 32), f16)
    a[0, :2] = 2048, 1  # 2049 and 2051 are halfway between neighbours of f16
    a[1, :2] = 2048, 3
    b = np.zeros((32, 32), f16)
    b[:2, 0] = 1
    got = bench.product("rounded", a, b, f16)[:2, 0].astype(f32)
    return {(2048, 2052): "even", (2050, 2052): "away", (2048, 2050): "zero"}.get(tuple(got), "neither"), got.tolist()


@question("How does mad round its sums?")
def mad_order(bench):
    """1 and then 31 terms of 2^-24: one by one they vanish, together they do not."""
    a, b = np.zeros((32, 32), f16), np.zeros((32, 32), f16)
    a[0, 0], a[0, 1:] = 1, 2.0**-12
    b[0, 0], b[1:, 0] = 1, 2.0**-12
    got = float(bench.product("product", a, b)[0, 0])
    exact = float(np.float32(1 + 31 * 2.0**-24))
    return {1.0: "in order", exact: "rounded once"}.get(got, "in parts"), got.hex()


@question("Which bit of CTRL makes products of f32 short ones?", switch="HF32_BIT")
def hf32_bit(bench):
    random = np.random.default_rng(1)
    a, b = (random.standard_normal((32, 32)).astype(f32) for _ in range(2))
    plain = bench.product("single", a, b)
    changed = [bit for bit in (46, 49) if not np.array_equal(plain, bench.product(f"single_{bit}", a, b))]
    return (str(changed[0]) if len(changed) == 1 else "neither"), {"changed": changed}


@question("Does mad with m = 1 read A row by row, not by fractals?", switch="GEMV", refused="refuse")
def gemv(bench):
    a, b = np.arange(1024).reshape(32, 32).astype(f16), np.eye(32, dtype=f16)
    got = bench.product("one_row", a, b)[0]
    # Of a fractal's row there are sixteen; the next sixteen begin its second.
    readings = {"nd": [*a[0, :16], *a[1, :16]], "fractals": a[0]}
    return next((name for name, row in readings.items() if np.array_equal(got, row)), "neither"), got.tolist()


@question("Does relu 2 of fixpipe take what is negative times set_lrelu_alpha?", switch="LEAKY", refused="refuse")
def leaky(bench):
    a = np.arange(-512, 512).reshape(32, 32).astype(f16)
    got = bench.product("leaky", a, np.eye(32, dtype=f16))
    return ("slope" if np.array_equal(got, np.where(a < 0, a * f32(0.25), a)) else "neither"), float(got[0, 0])


@question("Does fixpipe's buffer end at 2048 bytes?", switch="FB")
def fb(bench):
    """Factors of columns ever higher, until a result is wrong or stops the chip, after which nothing more runs."""
    a, factors = np.arange(1024).reshape(32, 32).astype(np.int8), 2.0 ** (np.arange(32) % 4)
    wide = lambda values: np.asarray(values, f32).view(np.uint32).astype(np.uint64).view(np.int8)
    b = np.concatenate([np.eye(32, dtype=np.int8).ravel(), wide(factors), wide(np.full(224, 3))])
    is_right = lambda at: np.array_equal(bench.ask("cube", f"scaled_at_{at}", a, b, np.zeros((32, 32), f16)), a * factors)
    bench.certain(lambda: is_right(1792))
    end, seen = 2048, {}
    for at in (2048, 6912):
        try:
            right = is_right(at)
            seen[at] = "right" if right else "wrong"
        except Refused as refusal:
            right, seen[at] = False, str(refusal)
        if not right:
            break
        end = at + 256
    return str(end), seen


@question("What is fixpipe's distance of column blocks counted in?", switch="NZ_STRIDE")
def nz_stride(bench):
    a = np.arange(1024).reshape(32, 32).astype(f16)
    got = bench.ask("cube", "blocks_apart", a, np.eye(32, dtype=f16), np.full(512 * 16 + 512, -1, f16))
    found = [at for at in range(0, got.size, 16) if np.array_equal(got[at : at + 512], a[:, 16:].ravel())]
    return {(512 * 16,): "blocks", (512,): "elements"}.get(tuple(found), "neither"), {"second block at": found}


@question("Does vcadd with mode 1 leave the total where get_acc_val finds it?", switch="VCADD_MODE1", refused="refuse")
def vcadd_mode1(bench):
    x = np.arange(512, dtype=f32)
    got = bench.vector("total", x)
    held = float(got[64])
    sums = np.array_equal(got[:8], x.reshape(8, 64).sum(1))
    reading = "register" if held == x.sum() else "sums" if sums else "neither"
    return reading, {"register": held, "destination": got[:8].tolist()}


@question("How many cycles lie between two instructions?", switch="DISPATCH")
def dispatch(bench):
    got = bench.cycles("dispatch", 128, 640, rounds=20)
    return round(got), "cycles from one instruction of one repeat to the next"


@question("How many instructions in a line does the instruction cache hold?")
def code(bench):
    """Loops of ever more: beyond what it holds each costs more. The cache's bytes (CodeCacheBytes) by this are those of an
    instruction, and of what makes its operands (InstructionBytes), at most."""
    seen = {count: bench.cycles(f"line_of_{count}", 2, 10) / count for count in (512, 1024, 2048, 4096, 8192)}
    held = [count for count in seen if all(cycles < 1.1 * seen[512] for less, cycles in seen.items() if less <= count)]
    return max(held), {"cycles of one": seen}


@question("How many bytes does a transfer cost beside its own?", switch="TRANSFER")
def transfer(bench):
    """Bytes that a transfer costs beside its own: two sizes, two times, a line."""
    short, long = (bench.cycles(f"{length}_transfers", 8, 40, rounds=50) for length in ("short", "long"))
    return round((short * 4096 - long * 256) / (long - short)), {"256 bytes": short, "4096 bytes": long}


@question("How many cycles until bytes of the memory can be used?", switch="LATENCY")
def latency(bench):
    """From the second read on: of L2, half of which HBM takes twice."""
    waited, short = bench.cycles("waited_transfers", 200, 1000), bench.cycles("short_transfers", 8, 40, rounds=50)
    return round(2 * (waited - short)), {"cycles of a load that is waited for": waited}


@question("How many cycles does a quotient of 64-bit integers take?")
def scalar_division(bench):
    return round(bench.cycles("divisions", 200, 2200)), "cycles"


@question("How many cycles does a load of UB by the scalar unit take?")
def ub_load(bench):
    return round(bench.cycles("ub_loads", 200, 2200)), "cycles"


@question("How many nanoseconds does a launch of nothing take?")
def launch_cost(bench):
    memory = [bench.acl.put(np.zeros(512, f32)) for _ in range(3)]
    function = bench.function("vec", "nothing")

    def many():
        for _ in range(200):
            bench.acl.launch(function, [*memory, 1])

    many()
    bench.acl.wait()
    begin = time.perf_counter()
    device = bench.acl.seconds(many) / 200
    return round(device * 1e9), {"nanoseconds, host": (time.perf_counter() - begin) / 200 * 1e9}


@question("Are the scalar unit's quotients of f32 those of IEEE 754?", fact="ScalarDivides")
def scalar_quotient(bench):
    wrong = 0
    for seed in range(8):
        x, y = numbers(seed, -9, 9), numbers(seed + 20, 0.1, 7)
        wrong += int((bench.vector("scalar_quotient", x, y) != x / y).sum())
    return int(wrong == 0), {"quotients": 8 * 512, "wrong": wrong}


@question("How many bytes a second do all cores read from the memory?")
def memory_rate(bench):
    return round(bench.rate("loads", 51) / 1e9), "10^9 bytes a second"


@question("Do stores go on to the memory, or stay in L2?", switch="STORES")
def stores(bench):
    """Of twice as much as fits into L2. What is faster than the memory has not reached it."""
    large, small = bench.rate("stores", 51), bench.rate("stores", 4)
    reading = "l2" if large > 1.2 * bench.chip["memory"] else "memory"
    return reading, {"10^9 bytes a second": large / 1e9, "within 32 MB": small / 1e9}


@question("How many cycles does a repeat of a vector instruction take?", switch="RATES")
def rates(bench):
    """Nearer to which of the two tables, of those that the tables differ about."""
    tables = {"realistic": {"products": 2, "quotients": 8, "exponentials": 4},
              "optimistic": {"products": 1, "quotients": 2, "exponentials": 2}}  # fmt: skip
    seen = {name: bench.cycles(name, 55, 255, rounds=200) for name in ("sums", "products", "quotients", "exponentials")}
    off = lambda table: sum(abs(np.log(seen[name] / cycles)) for name, cycles in table.items())
    return min(tables, key=lambda name: off(tables[name])), seen


@question("How many instructions does a pipe take before the scalar unit waits?", switch="QUEUE")
def queue(bench):
    """V waits for loads, with instructions behind the wait, and behind those stores that take as long as the loads. While
    V's queue holds what waits, the stores run beside the loads; once it is full the scalar unit comes to them only when V
    goes on, which is a jump in time. Between none, which fit, and 128 the least is sought that do not."""
    memory = [bench.acl.put(np.zeros(32 * 16384, f32)) for _ in range(3)]
    spent = lambda loads, stores, behind: bench.seconds("queued", loads << 32 | stores << 16 | behind, memory)
    loads = (spent(8, 0, 0) - spent(0, 0, 0)) / 8
    store = (spent(0, 24, 0) - spent(0, 8, 0)) / 16
    stores = min(32, max(1, round(8 * loads / store)))
    fits, no, seen = 0, 128, {0: spent(8, stores, 0)}
    late = seen[0] + stores * store / 2
    while no - fits > 1:
        behind = (fits + no) // 2
        seen[behind] = spent(8, stores, behind)
        fits, no = (behind, no) if seen[behind] < late else (fits, behind)
    # Those behind the wait and the wait.
    return ("more than 128" if no == 128 else fits + 1), {"seconds by instructions": seen, "of a load": loads, "of a store": store}


# Kernels that wait for signals, some perhaps for ever: the last of all, lest others suffer.


@question("How many cycles until a signal reaches another core?", switch="SIGNAL", seconds=100)
def signal(bench):
    """Back and forth, less what one more signal takes each way."""
    memory = [bench.acl.put(np.zeros(512, f32)) for _ in range(3)]
    spent = lambda rounds, signals: bench.seconds("exchange", rounds << 16 | signals, memory, unit="mix")
    one, two = ((spent(220, signals) - spent(20, signals)) / 200 / 2 * bench.chip["megahertz"] * 1e6 for signals in (1, 2))
    return round(2 * one - two), {"cycles each way": one, "of two signals": two}


def answers(bench, groups, is_set=1):
    """Whether all cores of so many groups answer a signal."""
    got = bench.ask("mix", "answer", *[np.zeros(512, f32)] * 2, np.zeros(groups * 16, f32), is_set, groups)
    return np.array_equal(got, np.repeat(np.arange(groups * 2, dtype=f32) + 1, 8))


@question("May more groups wait for signals than the chip holds at a time?", switch="GROUPS", refused="resident", seconds=100)
def groups(bench):
    held = bench.acl.vector_cores() // 2
    bench.certain(lambda: answers(bench, held))
    return ("any" if answers(bench, 2 * held + 1) else "resident"), f"{2 * held + 1} groups"


@question("Does a signal of all vector cores need a kernel started as a mixed one?", switch="SYNC_START", refused="mixed", seconds=100)
def sync_start(bench):
    def gather(name):
        got = bench.ask("mix", name, np.zeros(8192, f32), np.zeros(512, f32), np.zeros(512, f32), 100, 8)
        return got[::64].tolist()

    right = [*range(2, 9), 1]
    bench.certain(lambda: gather("gather_started") == right)
    got = gather("gather")
    return ("any" if got == right else "mixed"), got


@question("Does a signal need set_ffts_base_addr before it?", switch="SYNC_ADDRESS", refused="need", seconds=100)
def sync_address(bench):
    """Of all cores, on one of which it has been set. A core may still have what another kernel set before: `need` is
    certain, `optional` is not."""
    held = bench.acl.vector_cores() // 2
    bench.certain(lambda: answers(bench, 1))
    return ("optional" if answers(bench, held, is_set=0) else "need"), f"{held} groups"
