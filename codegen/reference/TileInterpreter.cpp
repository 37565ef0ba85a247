// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs tiled kernels on concrete arrays.

#include "codegen/reference/TileInterpreter.h"

#include "codegen/reference/Reduction.h"
#include "codegen/reference/TileProgram.h"
#include "dialect/TypeRules.h"
#include "dialect/Words.h"

#include "mlir/IR/Diagnostics.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace gemel;
using namespace gemel::reference;

namespace {

/// Who touched one element in a launch: work items, -1 for none. They run one
/// after another, so the first reader tells of any that is not the writer.
struct Touch {
  int32_t writer = -1, reader = -1;
};

/// What a run knows of an array beyond its elements.
struct ArrayState {
  std::vector<bool> written;  ///< empty: all of it, before the first launch
  std::vector<Touch> touches; ///< of this launch; empty if it stores nothing
};

class Launch {
public:
  Launch(TileProgram &program, std::vector<TileArray> &arrays,
         std::vector<ArrayState> &states)
      : program(program), arrays(arrays), states(states) {}
  LogicalResult run(uint64_t seed);

private:
  LogicalResult runSteps(std::vector<Step> &steps);
  LogicalResult runLoad(const Step &step);
  LogicalResult runStore(const Step &step);
  LogicalResult runFor(Loop &loop);
  LogicalResult runRecall(Step &step);
  void runElementwise(const Step &step);
  void start(Combination &c);
  void add(Combination &c, int64_t position, int64_t upper);
  void finish(Combination &c, const Loop &loop);

  /// The number of an element in memory; none outside the array.
  std::optional<int64_t> locate(const Step &step, size_t element) const;
  LogicalResult reportRace(Operation *op, int array, int64_t at, int32_t writer,
                           int32_t other, StringRef does);
  std::string describeItem(int32_t item) const;

  TileProgram &program;
  std::vector<TileArray> &arrays;
  std::vector<ArrayState> &states;
  int32_t item = 0;
};

} // namespace

/// "'y' at [3, 0]"
static std::string describeElement(const TileArray &array, int64_t at) {
  std::string point;
  const Buffer &buffer = array.buffer;
  for (size_t k = buffer.axes.size(); k-- > 0; at /= buffer.sizes[k])
    point = (Twine(at % buffer.sizes[k]) + (point.empty() ? "" : ", ") + point)
                .str();
  return "'" + array.name + "' at [" + point + "]";
}

std::string Launch::describeItem(int32_t number) const {
  std::string text;
  for (size_t i = program.counts.size(); i-- > 0;) {
    StringRef axis =
        cast<StringAttr>(program.kernel.getWorkAxes()[i]).getValue();
    int64_t position =
        number % program.counts[i] * program.kernel.getWorkSteps()[i];
    number /= program.counts[i];
    text = (axis + " = " + Twine(position) + (text.empty() ? "" : ", ") + text)
               .str();
  }
  return "[" + text + "]";
}

LogicalResult Launch::reportRace(Operation *op, int array, int64_t at,
                                 int32_t writer, int32_t other,
                                 StringRef does) {
  return emitError(op->getLoc())
         << "work item " << describeItem(writer) << " of '"
         << program.kernel.getSymName() << "' writes "
         << describeElement(arrays[array], at) << ", which work item "
         << describeItem(other) << " " << does;
}

std::optional<int64_t> Launch::locate(const Step &step, size_t e) const {
  int64_t at = 0;
  for (const Place &place : step.places) {
    uint64_t position =
        place.gathers ? program.tiles[place.slot][place.spread[e]].integer
                      : uint64_t(program.indices[place.slot]) + place.spread[e];
    if (position >= uint64_t(place.size))
      return std::nullopt;
    at += position * place.stride;
  }
  return at;
}

LogicalResult Launch::runLoad(const Step &step) {
  const Buffer &buffer = arrays[step.array].buffer;
  ArrayState &state = states[step.array];
  std::vector<Number> &out = program.tiles[step.result];
  bool real = buffer.isFloat();
  for (size_t e = 0; e < out.size(); ++e) {
    std::optional<int64_t> at = locate(step, e);
    if (!at) {
      out[e] = {real ? NAN : 0.0, 0};
      continue;
    }
    if (!state.touches.empty()) {
      Touch &touch = state.touches[*at];
      if (touch.writer >= 0 && touch.writer != item)
        return reportRace(step.op, step.array, *at, touch.writer, item,
                          "reads");
      if (touch.reader < 0)
        touch.reader = item;
    }
    if (!state.written.empty() && !state.written[*at])
      return emitError(step.op->getLoc())
             << "work item " << describeItem(item) << " of '"
             << program.kernel.getSymName() << "' reads "
             << describeElement(arrays[step.array], *at)
             << ", which nothing has written";
    out[e] =
        real ? Number{buffer.real[*at], 0} : Number{0.0, buffer.integer[*at]};
  }
  return success();
}

LogicalResult Launch::runStore(const Step &step) {
  Buffer &buffer = arrays[step.array].buffer;
  ArrayState &state = states[step.array];
  const std::vector<Number> &tile = program.tiles[step.operands[0]];
  const Spread &spread = step.spreads[0];
  for (size_t e = 0; e < spread.size(); ++e) {
    std::optional<int64_t> at = locate(step, e);
    if (!at)
      continue;
    if (!state.touches.empty()) { // not a work item's own
      Touch &touch = state.touches[*at];
      if (touch.writer >= 0 && touch.writer != item)
        return reportRace(step.op, step.array, *at, item, touch.writer,
                          "writes too");
      if (touch.reader >= 0 && touch.reader != item)
        return reportRace(step.op, step.array, *at, item, touch.reader,
                          "reads");
      touch.writer = item;
    }
    if (!state.written.empty())
      state.written[*at] = true;
    const Number &value = tile[spread[e]];
    if (buffer.isFloat())
      buffer.real[*at] = roundTo(buffer.element, value.real);
    else
      buffer.integer[*at] = value.integer;
  }
  return success();
}

void Launch::runElementwise(const Step &step) {
  std::vector<Number> &out = program.tiles[step.result];
  size_t count = step.operands.size();
  SmallVector<Number, 3> arguments(count);
  for (size_t e = 0; e < out.size(); ++e) {
    for (size_t k = 0; k < count; ++k)
      arguments[k] = program.tiles[step.operands[k]][step.spreads[k][e]];
    out[e] = applyScalar(step.op, arguments, Mode::Contract);
  }
}

/// Products of `blocks n` make a chain a block, whose results are added.
static double totalOf(const Chain &chain, int64_t blocks) {
  return chain.count <= blocks
             ? chain.block
             : addReal(chain.total, chain.block, Mode::Contract);
}

static void addProduct(Chain &chain, OrderAttr order, double a, double b) {
  int64_t blocks = order.getBlocks();
  if (blocks && chain.count && chain.count % blocks == 0) {
    chain.total = totalOf(chain, blocks);
    chain.block = 0;
  }
  chain.block = fmaReal(a, b, chain.block, Mode::Contract);
  ++chain.count;
}

void Launch::start(Combination &c) {
  size_t count = program.tiles[c.result].size();
  if (c.kind == Combination::Kind::Carry) {
    std::vector<Number> &carried = program.tiles[c.carried];
    for (size_t e = 0; e < count; ++e)
      carried[e] = program.tiles[c.init][c.initSpread[e]];
    return;
  }
  c.chains.assign(count, Chain());
  c.terms.resize(count);
  for (std::vector<Number> &terms : c.terms)
    terms.clear();
}

/// What one trip yields.
void Launch::add(Combination &c, int64_t position, int64_t upper) {
  size_t count = program.tiles[c.result].size();
  const std::vector<Number> &first = program.tiles[c.yielded[0]];
  if (c.kind == Combination::Kind::Carry) {
    c.next.resize(count);
    for (size_t e = 0; e < count; ++e)
      c.next[e] = first[c.spreads[0][e]];
    return;
  }
  int64_t along = c.swept ? std::min(c.along, upper - position) : 1;
  for (size_t e = 0; e < count; ++e)
    for (int64_t i = 0; i < along; ++i) {
      Number a = first[c.spreads[0][e] + i * c.strides[0]];
      if (c.kind == Combination::Kind::Reduce) {
        c.terms[e].push_back(a);
        continue;
      }
      Number b =
          program.tiles[c.yielded[1]][c.spreads[1][e] + i * c.strides[1]];
      if (c.kind == Combination::Kind::Dot)
        addProduct(c.chains[e], c.order, a.real, b.real);
      else if (a.integer)
        c.terms[e].push_back(b);
    }
}

void Launch::finish(Combination &c, const Loop &loop) {
  std::vector<Number> &out = program.tiles[c.result];
  for (size_t e = 0; e < out.size(); ++e) {
    switch (c.kind) {
    case Combination::Kind::Carry:
      out[e] = program.tiles[c.carried][e];
      break;
    case Combination::Kind::Dot: {
      int64_t blocks = c.order.getBlocks();
      out[e] = {blocks ? totalOf(c.chains[e], blocks) : c.chains[e].block, 0};
      break;
    }
    case Combination::Kind::SumIf:
    case Combination::Kind::Reduce:
      out[e] =
          combine(c.reduce, c.order, c.element, c.terms[e], Mode::Contract);
      // Terms are numbered from `lower`, one a position or one a trip.
      if (c.reduce == ReduceKind::Argmax && !c.terms[e].empty())
        out[e].integer = program.indices[loop.lower] +
                         out[e].integer * (c.swept ? 1 : loop.step);
      break;
    }
  }
}

LogicalResult Launch::runFor(Loop &loop) {
  for (Combination &c : loop.combinations)
    start(c);
  int64_t upper = program.indices[loop.upper];
  int64_t position = program.indices[loop.lower];
  while (position < upper) {
    program.indices[loop.first] = position;
    if (failed(runSteps(loop.body)))
      return failure();
    for (Combination &c : loop.combinations)
      add(c, position, upper);
    // All is read before anything is carried on.
    for (Combination &c : loop.combinations)
      if (c.kind == Combination::Kind::Carry)
        program.tiles[c.carried] = c.next;
    if (uint64_t(upper) - uint64_t(position) <= uint64_t(loop.step))
      break;
    position += loop.step;
  }
  for (Combination &c : loop.combinations)
    finish(c, loop);
  return success();
}

/// From scratch where it has room, else computed again.
LogicalResult Launch::runRecall(Step &step) {
  if (step.hasRoom)
    return runLoad(step);
  if (failed(runSteps(step.again)))
    return failure();
  program.tiles[step.result] = program.tiles[step.operands[0]];
  return success();
}

LogicalResult Launch::runSteps(std::vector<Step> &steps) {
  for (Step &step : steps) {
    switch (step.kind) {
    case Step::Kind::Index:
      program.indices[step.result] = step.index(
          program.indices[step.operands[0]], program.indices[step.operands[1]]);
      break;
    case Step::Kind::ReadIndex:
      program.indices[step.result] = program.tiles[step.operands[0]][0].integer;
      break;
    case Step::Kind::Iota: {
      Type element = elementOf(step.op->getResult(0));
      uint64_t position = program.indices[step.operands[0]];
      for (Number &number : program.tiles[step.result])
        number = {0.0, wrap(element, position++)};
      break;
    }
    case Step::Kind::Elementwise:
      runElementwise(step);
      break;
    case Step::Kind::Load:
      if (failed(runLoad(step)))
        return failure();
      break;
    case Step::Kind::Store:
      if (failed(runStore(step)))
        return failure();
      break;
    case Step::Kind::For:
      if (failed(runFor(*step.loop)))
        return failure();
      break;
    case Step::Kind::Recall:
      if (failed(runRecall(step)))
        return failure();
      break;
    }
  }
  return success();
}

LogicalResult Launch::run(uint64_t seed) {
  for (auto [array, state, stores] : llvm::zip(arrays, states, program.stores))
    state.touches.assign(stores ? array.buffer.count() : 0, Touch());
  int64_t count = 1;
  for (int64_t n : program.counts)
    count *= n;
  if (count == 0)
    return success();
  // Steps of a length that has no divisor in common with the count meet every
  // item once. Seed 0 keeps the order; the factor spreads the others' bits.
  uint64_t bits = seed * 0x9E3779B97F4A7C15;
  int64_t stride = 1 + uint32_t(bits) % count;
  while (std::gcd(stride, count) != 1)
    ++stride;
  int64_t number = (bits >> 32) % count;
  for (int64_t i = 0; i < count; ++i, number = (number + stride) % count) {
    item = number;
    int64_t rest = number;
    for (size_t k = arrays.size() - program.scratches.size(); k < arrays.size();
         ++k)
      states[k].written.assign(arrays[k].buffer.count(), false);
    for (size_t k = program.counts.size(); k-- > 0;) {
      program.indices[program.positions[k]] =
          rest % program.counts[k] * program.kernel.getWorkSteps()[k];
      rest /= program.counts[k];
    }
    if (failed(runSteps(program.steps)))
      return failure();
  }
  return success();
}

/// An array of the operator's header or a workspace, without elements.
static FailureOr<TileArray> makeArray(OpOp op, StringRef name,
                                      ArrayRef<StringAttr> axes, Type element,
                                      const llvm::StringMap<int64_t> &sizes) {
  TileArray array;
  array.name = name.str();
  array.writable = true;
  array.buffer.element = element;
  array.buffer.axes.assign(axes.begin(), axes.end());
  for (StringAttr axis : axes) {
    auto it = sizes.find(axis.getValue());
    if (it == sizes.end())
      return emitError(op.getLoc())
             << "axis '" << axis.getValue() << "' has no size";
    array.buffer.sizes.push_back(it->second);
  }
  array.buffer.resize();
  return array;
}

static FailureOr<TileArray> makeArray(OpOp op, ArgumentAttr argument,
                                      const llvm::StringMap<int64_t> &sizes) {
  SmallVector<StringAttr> axes;
  for (Attribute axis : argument.getAxes())
    axes.push_back(cast<StringAttr>(axis));
  Type element = parseDtype(op.getContext(), argument.getDtype());
  if (!element)
    return emitError(op.getLoc())
           << "kernels run for an instantiated operator only";
  return makeArray(op, argument.getName().getValue(), axes, element, sizes);
}

/// Parameters with their inputs, results, workspaces: a kernel's arguments.
static FailureOr<std::vector<TileArray>>
makeArrays(OpOp op, ArrayRef<ArrayType> workspaces,
           const llvm::StringMap<int64_t> &sizes, ArrayRef<Buffer> inputs) {
  std::vector<TileArray> arrays;
  if (inputs.size() != op.getParameters().size())
    return emitError(op.getLoc()) << "kernels need one input for each of "
                                  << op.getParameters().size() << " parameters";
  for (auto [i, input] : llvm::enumerate(inputs)) {
    ArgumentAttr parameter = op.getParameter(i);
    FailureOr<TileArray> array = makeArray(op, parameter, sizes);
    if (failed(array))
      return failure();
    if (input.element != array->buffer.element ||
        input.sizes != array->buffer.sizes)
      return emitError(op.getLoc()) << "the input for '" << array->name
                                    << "' is not what the parameter says";
    array->buffer = input;
    array->writable = parameter.getInout();
    arrays.push_back(std::move(*array));
  }
  for (Attribute result : op.getResults_()) {
    FailureOr<TileArray> array =
        makeArray(op, cast<ArgumentAttr>(result), sizes);
    if (failed(array))
      return failure();
    arrays.push_back(std::move(*array));
  }
  for (auto [i, type] : llvm::enumerate(workspaces)) {
    FailureOr<TileArray> array =
        makeArray(op, ("w" + Twine(i)).str(), type.getAxes(),
                  type.getElementType(), sizes);
    if (failed(array))
      return failure();
    arrays.push_back(std::move(*array));
  }
  return arrays;
}

LogicalResult gemel::reference::interpretKernels(
    OpOp typed, ArrayRef<KernelOp> kernels, ArrayRef<ArrayType> workspaces,
    const llvm::StringMap<int64_t> &given, ArrayRef<Buffer> inputs,
    uint64_t seed, std::vector<Buffer> &outputs) {
  llvm::StringMap<int64_t> sizes = given;
  typed.addRunSizes(sizes);
  FailureOr<std::vector<TileArray>> arrays =
      makeArrays(typed, workspaces, sizes, inputs);
  if (failed(arrays))
    return failure();
  std::vector<ArrayState> states(arrays->size());
  for (size_t i = inputs.size(); i < arrays->size(); ++i)
    states[i].written.assign((*arrays)[i].buffer.count(), false);
  for (KernelOp kernel : kernels) {
    FailureOr<TileProgram> program = prepare(kernel, *arrays, sizes);
    if (failed(program))
      return failure();
    // A work item's own arrays come after the operator's.
    size_t shared = arrays->size();
    llvm::append_range(*arrays, program->scratches);
    states.resize(arrays->size());
    program->stores.resize(arrays->size(), false);
    if (failed(Launch(*program, *arrays, states).run(seed)))
      return failure();
    arrays->resize(shared);
    states.resize(shared);
  }
  outputs.clear();
  for (size_t i = 0; i < typed.getResults_().size(); ++i) {
    size_t number = inputs.size() + i;
    const std::vector<bool> &written = states[number].written;
    auto missing = llvm::find(written, false);
    if (missing != written.end())
      return emitError(typed.getLoc())
             << "no launch has written result "
             << describeElement((*arrays)[number], missing - written.begin());
    outputs.push_back(std::move((*arrays)[number].buffer));
  }
  for (int64_t i : typed.getInouts())
    outputs.push_back(std::move((*arrays)[i].buffer));
  return success();
}
