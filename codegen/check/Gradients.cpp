// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Proves what was derived of an operator: at every stage to the bit, like any
// operator, and as mathematics against finite differences.

#include "codegen/check/Checker.h"

#include "dialect/ElementwiseOps.h"
#include "dialect/Words.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace gemel;
using namespace gemel::check;
using reference::Buffer;
using reference::Mode;

// The step of a finite difference. With five points its error is of the fourth
// order, 1e-16 of a function whose derivatives are of its own size; what f64
// rounds is more: about 1e-12 of the function's value.
static constexpr double kStep = 1e-4;

// What a gradient may differ by, in units of the largest one of its array.
// Looser than the difference is exact to, as functions bend; and arrays whose
// gradient is small (sums that cancel) are held to that much of kFloor.
static constexpr double kTolerance = 1e-6, kFloor = 0.1;

// Elements of an array that are moved, and inputs drawn before a point counts
// as one where the operator has no derivative.
static constexpr int64_t kMoved = 24;
static constexpr int kDraws = 12;

/// The binding of a derived operator's variables, a part of the forward's;
/// nothing if the forward is bound to what carries no gradient.
static std::optional<SmallVector<Type>> bindingOf(OpOp derived, OpOp forward,
                                                  ArrayRef<Type> binding) {
  SmallVector<Type> found;
  for (Attribute attr : derived.getDtypeVariables()) {
    auto variable = cast<DtypeVariableAttr>(attr);
    for (auto [other, type] : llvm::zip(forward.getDtypeVariables(), binding))
      if (cast<DtypeVariableAttr>(other).getName() == variable.getName()) {
        if (!llvm::is_contained(variable.getChoices(), type))
          return std::nullopt;
        found.push_back(type);
      }
  }
  return found;
}

namespace {
/// Arrays by the name of the argument that they are for.
using Arrays = llvm::StringMap<Buffer>;
} // namespace

static Arrays named(OpOp op, ArrayRef<Buffer> inputs) {
  Arrays arrays;
  for (auto [i, buffer] : llvm::enumerate(inputs))
    arrays[op.getParameter(i).getName().getValue()] = buffer;
  return arrays;
}

/// Adds an operator's results under their names.
static void addResults(OpOp op, ArrayRef<Buffer> outputs, Arrays &arrays) {
  for (int64_t i = 0, e = op.getResults_().size(); i < e; ++i)
    arrays[op.getResultArgument(i).getName().getValue()] = outputs[i];
}

static std::vector<Buffer> inputsOf(OpOp op, const Arrays &arrays) {
  std::vector<Buffer> inputs;
  for (Attribute attr : op.getParameters())
    inputs.push_back(
        arrays.lookup(cast<ArgumentAttr>(attr).getName().getValue()));
  return inputs;
}

static bool isFinite(const Buffer &buffer) {
  return llvm::all_of(buffer.real, [](double x) { return std::isfinite(x); });
}

LogicalResult Checker::runDerived(CheckOp check, CaseOp text, OpOp derived,
                                  Trial &trial) {
  if (failed(reference::interpret(trial.op, trial.made.sizes, trial.made.inputs,
                                  Mode::Contract, trial.expected)))
    return failure();
  ++summary.cases;
  if (failed(runStages(trial, check)))
    return failure();
  printLine(derived, trial.binding, text);
  return success();
}

LogicalResult Checker::runPair(CheckOp check, CaseOp text, const Pair &pair,
                               ArrayRef<Type> binding,
                               ArrayRef<Buffer> expected) {
  Arrays arrays;
  Case made;
  auto instantiate = [&](OpOp op) {
    return program.instantiate(op, *bindingOf(op, pair.forward, binding));
  };
  if (!bindingOf(pair.backward, pair.forward, binding) ||
      !bindingOf(pair.training, pair.forward, binding))
    return success();
  // What the forward's case gives, what it saves, and gradients that come in.
  FailureOr<Instance> training = instantiate(pair.training);
  if (failed(training))
    return failure();
  OpOp forward = *training->op;
  std::vector<Buffer> outputs;
  if (failed(makeCase(forward, text, /*seed=*/1, made)) ||
      failed(reference::interpret(forward, made.sizes, made.inputs,
                                  Mode::Contract, outputs)))
    return failure();
  arrays = named(forward, made.inputs);
  addResults(forward, outputs, arrays);
  for (OpOp derived : {pair.training, pair.backward, pair.accumulate}) {
    if (derived == pair.forward)
      continue;
    FailureOr<Instance> instance = instantiate(derived);
    if (failed(instance))
      return failure();
    Trial trial;
    trial.source = derived;
    trial.op = *instance->op;
    trial.binding = *bindingOf(derived, pair.forward, binding);
    trial.made.sizes = made.sizes;
    for (auto [i, attr] : llvm::enumerate(trial.op.getParameters())) {
      auto parameter = cast<ArgumentAttr>(attr);
      if (arrays.count(parameter.getName().getValue()))
        continue;
      FailureOr<Buffer> random =
          randomArray(parameter, made.sizes, 77 + i, text.getLoc());
      if (failed(random))
        return failure();
      arrays[parameter.getName().getValue()] = *random;
    }
    trial.made.inputs = inputsOf(trial.op, arrays);
    // Saving changes nothing of what the forward gives.
    if (derived == pair.training)
      compare(pair.forward, "as forward",
              ArrayRef(outputs).take_front(expected.size()), expected);
    // In f64 a dtype makes no difference: one binding says it all.
    if (derived == pair.backward &&
        proved.insert({text, pair.backward}).second &&
        failed(runGradient(text, pair, binding)))
      return failure();
    if (failed(runDerived(check, text, derived, trial)))
      return failure();
  }
  return success();
}

namespace {

/// The sum of results times what comes in for them, in f64, as a function of
/// the parameters, with every `stop` held where it was.
class Objective {
public:
  Objective(OpOp op, const Pair &pair, const llvm::StringMap<int64_t> &sizes)
      : op(op), pair(pair), sizes(sizes) {}
  /// Finds the stops and zeroes what comes in for results that are not finite.
  LogicalResult prepare(Arrays &arrays);
  LogicalResult at(const Arrays &arrays, double &value);
  /// True if all results are.
  bool isFinite() const { return finite; }
  /// d value / d step along `direction` of parameter `name`; `error`: how much
  /// two steps disagree.
  LogicalResult slope(const Arrays &arrays, StringRef name,
                      ArrayRef<double> direction, double &slope, double &error);

private:
  OpOp op;
  const Pair &pair;
  const llvm::StringMap<int64_t> &sizes;
  OwningOpRef<OpOp> held;
  bool finite = true;
};

} // namespace

LogicalResult Objective::prepare(Arrays &arrays) {
  OpBuilder b(op.getContext());
  // The stops' values as results …
  OwningOpRef<OpOp> showing(op.clone());
  Block &block = (*showing).getBody().front();
  SmallVector<Value> values(block.getTerminator()->getOperands());
  SmallVector<Attribute> results((*showing).getResults_().getValue());
  SmallVector<Attribute> parameters(op.getParameters().getValue());
  held = OwningOpRef<OpOp>(op.clone());
  Block &heldBlock = (*held).getBody().front();
  for (auto [i, stop] : llvm::enumerate(block.getOps<StopOp>())) {
    auto type = cast<ArrayType>(stop.getType());
    SmallVector<Attribute> axes(type.getAxes().begin(), type.getAxes().end());
    auto name = b.getStringAttr("stop " + Twine(i));
    auto attr = ArgumentAttr::get(
        op.getContext(), name,
        b.getStringAttr(dtypeWord(type.getElementType())), b.getArrayAttr(axes),
        /*scalar=*/false, /*inout=*/false,
        /*gradF32=*/false, Attribute());
    values.push_back(stop.getResult());
    results.push_back(attr);
    parameters.push_back(attr);
  }
  // … then as parameters.
  for (StopOp stop : llvm::make_early_inc_range(heldBlock.getOps<StopOp>())) {
    stop.getResult().replaceAllUsesWith(
        heldBlock.addArgument(stop.getType(), stop.getLoc()));
    stop.erase();
  }
  block.getTerminator()->setOperands(values);
  (*showing).setResults_Attr(b.getArrayAttr(results));
  (*held).setParametersAttr(b.getArrayAttr(parameters));
  std::vector<Buffer> outputs;
  if (failed(reference::interpret(*showing, sizes, inputsOf(op, arrays),
                                  Mode::F64, outputs)))
    return failure();
  addResults(*showing, outputs, arrays);
  for (auto [result, incoming] : pair.incoming) {
    Buffer &d = arrays[incoming];
    const Buffer &y = arrays[result];
    for (size_t i = 0; i < y.real.size(); ++i)
      if (!std::isfinite(y.real[i])) {
        d.real[i] = 0;
        finite = false;
      }
  }
  return success();
}

LogicalResult Objective::at(const Arrays &arrays, double &value) {
  std::vector<Buffer> outputs;
  if (failed(reference::interpret(*held, sizes, inputsOf(*held, arrays),
                                  Mode::F64, outputs)))
    return failure();
  value = 0;
  for (auto [result, incoming] : pair.incoming)
    for (int64_t i = 0, e = op.getResults_().size(); i < e; ++i)
      if (op.getResultArgument(i).getName() == result) {
        const Buffer &d = arrays.find(incoming)->second;
        for (size_t k = 0; k < d.real.size(); ++k)
          if (d.real[k] != 0)
            value += d.real[k] * outputs[i].real[k];
      }
  return success();
}

LogicalResult Objective::slope(const Arrays &arrays, StringRef name,
                               ArrayRef<double> direction, double &slope,
                               double &error) {
  Arrays moved = arrays;
  const Buffer &from = arrays.find(name)->second;
  auto along = [&](double step, double &value) {
    Buffer &to = moved[name];
    for (size_t i = 0; i < direction.size(); ++i)
      to.real[i] = from.real[i] + step * direction[i];
    return at(moved, value);
  };
  double middle;
  if (failed(along(0, middle)))
    return failure();
  // Five points: (8 (f1 - f-1) - (f2 - f-2)) / 12 h; `bend`: how much the
  // slopes on both sides differ.
  auto difference = [&](double h, double &result, double &bend) {
    double a, b, c, d;
    if (failed(along(h, a)) || failed(along(-h, b)) ||
        failed(along(2 * h, c)) || failed(along(-2 * h, d)))
      return failure();
    result = (8 * (a - b) - (c - d)) / (12 * h);
    bend = (a - 2 * middle + b) / h;
    return success();
  };
  double coarse, coarseBend, fineBend;
  if (failed(difference(kStep, coarse, coarseBend)) ||
      failed(difference(kStep / 4, slope, fineBend)))
    return failure();
  // The bend of a smooth function shrinks with the step, that of a tie stays.
  double kink = (4 * fineBend - coarseBend) / 3;
  error = std::max(std::fabs(coarse - slope), std::fabs(kink));
  return success();
}

/// The backward's text in f64 against finite differences, parameter by
/// parameter: along a few random directions, and element by element. Inputs
/// near a tie, where two steps disagree, are drawn again, and so are those that
/// the operator has no finite value for.
LogicalResult Checker::runGradient(CaseOp text, const Pair &pair,
                                   ArrayRef<Type> binding) {
  auto instantiate = [&](OpOp op) {
    return program.instantiate(op, *bindingOf(op, pair.forward, binding));
  };
  FailureOr<Instance> training = instantiate(pair.training);
  FailureOr<Instance> backward = instantiate(pair.backward);
  if (failed(training) || failed(backward))
    return failure();
  OpOp forward = *training->op, derived = *backward->op;
  SmallVector<StringRef> waiting;
  for (StringAttr parameter : pair.parameters)
    if (!llvm::is_contained(pair.given, parameter))
      waiting.push_back(parameter);
  std::string why;
  bool wrong = false;
  for (int draw = 1; draw <= kDraws && !waiting.empty() && !wrong; ++draw) {
    Case made;
    if (failed(makeCase(forward, text, /*seed=*/draw, made)))
      return failure();
    Arrays arrays = named(forward, made.inputs);
    for (auto [k, entry] : llvm::enumerate(pair.incoming))
      for (Attribute attr : forward.getResults_())
        if (auto result = cast<ArgumentAttr>(attr);
            result.getName() == entry.first) {
          FailureOr<Buffer> d =
              randomArray(result, made.sizes, 7000 * draw + k, text.getLoc());
          if (failed(d))
            return failure();
          arrays[entry.second] = *d;
        }
    Objective objective(forward, pair, made.sizes);
    std::vector<Buffer> gradients;
    if (failed(objective.prepare(arrays)) ||
        failed(reference::interpret(derived, made.sizes,
                                    inputsOf(derived, arrays), Mode::F64,
                                    gradients)))
      return failure();
    SmallVector<StringRef> later;
    for (auto [p, parameter] : llvm::enumerate(pair.parameters)) {
      StringRef name = parameter.getValue();
      if (!llvm::is_contained(waiting, name))
        continue;
      const Buffer &gradient = gradients[p];
      int64_t n = gradient.count();
      if (!isFinite(gradient)) {
        why = llvm::formatv("'{0}': the gradient is not finite", name);
        wrong |= objective.isFinite();
        later.push_back(name);
        continue;
      }
      double largest = 0;
      for (double g : gradient.real)
        largest = std::max(largest, std::fabs(g));
      auto compareAlong = [&](ArrayRef<double> direction, double scale,
                              StringRef what) -> FailureOr<bool> {
        double slope, error, expected = 0;
        if (failed(objective.slope(arrays, name, direction, slope, error)))
          return failure();
        for (int64_t i = 0; i < n; ++i)
          expected += direction[i] * gradient.real[i];
        double bound = kTolerance * scale;
        if (std::fabs(slope - expected) <= bound)
          return true;
        // Near a tie two steps disagree: another point.
        wrong |= error < bound / 4;
        why =
            llvm::formatv("'{0}' {1}: derived {2:e6}, finite difference {3:e6} "
                          "(two steps differ by {4:e1})",
                          name, what, expected, slope, error);
        return false;
      };
      bool good = true;
      for (int k = 0; k < 2 && good && n; ++k) {
        // Of a large array a part moves: all of it would always meet a tie.
        SmallVector<double> direction(n, 0.0);
        double norm = 0;
        for (int64_t j = 0; j < std::min(n, kMoved); ++j) {
          uint64_t random = mix(draw * 31 + k * 7 + j * 3);
          int64_t i = n <= kMoved ? j : int64_t(random / 2 % n);
          direction[i] = random & 1 ? 1 : -1;
          norm += gradient.real[i] * gradient.real[i];
        }
        FailureOr<bool> along = compareAlong(
            direction, std::sqrt(norm) + largest + kFloor, "along a direction");
        if (failed(along))
          return failure();
        good &= *along;
      }
      for (int64_t k = 0, count = std::min(n, kMoved); k < count && good; ++k) {
        SmallVector<double> direction(n, 0.0);
        int64_t i = count == n ? k : int64_t(mix(draw * 131 + k) % n);
        direction[i] = 1;
        FailureOr<bool> along =
            compareAlong(direction, largest + kFloor,
                         llvm::formatv("at element {0}", i).str());
        if (failed(along))
          return failure();
        good &= *along;
      }
      if (good)
        ++summary.gradients;
      else
        later.push_back(name);
    }
    waiting = later;
  }
  report("gradient", waiting.empty());
  if (!waiting.empty())
    misses += "    gradient: " + why + "\n";
  return success();
}
