// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The training pairs of a program: derived for each binding, then written as
// one operator over the dtype variables.

#include "codegen/Backward.h"

#include "codegen/Compiler.h"
#include "codegen/Keep.h"
#include "dialect/Generalize.h"
#include "dialect/Words.h"
#include "passes/Differentiate.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace gemel;

/// A gradient flows through floats: variables that may be one are, the others
/// stay.
static OwningOpRef<OpOp> overFloats(OpOp source) {
  OwningOpRef<OpOp> copy(source.clone());
  SmallVector<Attribute> variables;
  for (Attribute attr : source.getDtypeVariables()) {
    auto variable = cast<DtypeVariableAttr>(attr);
    SmallVector<Type> floats;
    for (Type choice : variable.getChoices())
      if (isa<FloatType>(choice))
        floats.push_back(choice);
    variables.push_back(
        floats.empty() ? variable
                       : DtypeVariableAttr::get(source.getContext(),
                                                variable.getName(), floats));
  }
  (*copy).setDtypeVariablesAttr(ArrayAttr::get(source.getContext(), variables));
  return copy;
}

static LogicalResult derive(Program &program, OpOp source) {
  OwningOpRef<OpOp> narrowed = overFloats(source);
  Pair pair;
  keepWhatPays(program, *narrowed, pair.weighed);
  std::vector<Instance> instances;
  std::vector<Derivative> derivatives;
  for (const SmallVector<Type> &binding : bindingsOf(*narrowed)) {
    FailureOr<Instance> instance = program.instantiate(*narrowed, binding);
    if (failed(instance))
      return failure();
    FailureOr<Derivative> derivative = differentiate(*instance->op);
    if (failed(derivative))
      return failure();
    instances.push_back(std::move(*instance));
    derivatives.push_back(std::move(*derivative));
  }
  ArrayAttr variables = (*narrowed).getDtypeVariables();
  auto adopt = [&](OwningOpRef<OpOp> Derivative::*member) -> FailureOr<OpOp> {
    SmallVector<BoundOp> bound;
    for (auto [instance, derivative] : llvm::zip(instances, derivatives))
      bound.push_back({instance.binding, *(derivative.*member)});
    FailureOr<OwningOpRef<OpOp>> open = generalize(variables, bound);
    if (failed(open) || failed(verify(**open)))
      return failure();
    return program.adopt(**open, source);
  };
  pair.forward = pair.training = source;
  pair.parameters = derivatives[0].parameters;
  pair.given = derivatives[0].given;
  pair.saved = derivatives[0].saved;
  pair.incoming = derivatives[0].incoming;
  if (!pair.saved.empty()) {
    FailureOr<OpOp> training = adopt(&Derivative::training);
    if (failed(training))
      return failure();
    pair.training = *training;
  }
  FailureOr<OpOp> backward = adopt(&Derivative::backward);
  if (failed(backward))
    return failure();
  FailureOr<OpOp> accumulate = adopt(&Derivative::accumulate);
  if (failed(accumulate))
    return failure();
  pair.backward = *backward;
  pair.accumulate = *accumulate;
  program.pairs.push_back(std::move(pair));
  return success();
}

/// Launchable, changes nothing in place, and floats go in and out.
static bool hasBackward(OpOp op) {
  auto isReal = [&](Attribute attr) {
    auto a = cast<ArgumentAttr>(attr);
    if (a.getScalar())
      return false;
    StringRef word = a.getDtype().getValue();
    for (Attribute attr : op.getDtypeVariables())
      if (auto variable = cast<DtypeVariableAttr>(attr);
          variable.getName() == word)
        return llvm::any_of(variable.getChoices(),
                            [](Type t) { return isa<FloatType>(t); });
    return isa_and_nonnull<FloatType>(parseDtype(op.getContext(), word));
  };
  return isLaunchable(op) && op.getInouts().empty() &&
         llvm::any_of(op.getParameters(), isReal) &&
         llvm::any_of(op.getResults_(), isReal);
}

LogicalResult gemel::deriveBackwards(Program &program,
                                     ArrayRef<std::string> names) {
  Location loc = UnknownLoc::get(program.context);
  SmallVector<OpOp> ops;
  for (const std::string &name : names) {
    OpOp op = program.lookup(name);
    if (!op)
      return emitError(loc) << "there is no operator '" << name
                            << "' to derive the backward of";
    if (!isLaunchable(op))
      return emitError(op.getLoc())
             << "'" << name << "' has no backward of its own: it is for calls, "
             << "and is differentiated where it is called";
    ops.push_back(op);
  }
  if (names.empty())
    llvm::copy_if(program.operators(), std::back_inserter(ops), hasBackward);
  if (ops.empty()) {
    // Say why of the first.
    for (OpOp op : program.operators())
      if (isLaunchable(op))
        return derive(program, op);
    return emitError(loc) << "there is no operator to derive the backward of";
  }
  for (OpOp op : ops)
    if (failed(derive(program, op)))
      return failure();
  return success();
}

void gemel::emitBackwards(Program &program, llvm::raw_ostream &os) {
  for (const Pair &pair : program.pairs) {
    if (pair.training != pair.forward) {
      OpOp(pair.training)->print(os);
      os << "\n";
    }
    for (OpOp op : {pair.backward, pair.accumulate}) {
      op->print(os);
      os << "\n";
    }
  }
}
