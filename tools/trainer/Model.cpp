// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A decoder language model over the operator library.

#include "Model.h"

#include <cmath>
#include <numbers>

using namespace trainer;

Parameter::Parameter(Operators &operators, std::string name,
                     std::vector<int64_t> sizes, bool decays)
    : name(std::move(name)), value(operators.tensor(GEMEL_F32, sizes)),
      gradient(operators.tensor(GEMEL_F32, sizes)),
      first(operators.tensor(GEMEL_F32, sizes)),
      second(operators.tensor(GEMEL_F32, sizes)),
      narrow(operators.tensor(GEMEL_BF16, sizes)), decays(decays) {}

Model::Layer::Layer(Operators &operators)
    : attentionNorm(operators, "rms_norm"), toQuery(operators, "linear"),
      toKey(operators, "linear"), toValue(operators, "linear"),
      turnQuery(operators, "rope"), turnKey(operators, "rope"),
      attend(operators, "attention"), project(operators, "linear_residual"),
      mixerNorm(operators, "rms_norm"), toGate(operators, "linear"),
      toUp(operators, "linear"), swiglu(operators, "swiglu"),
      lower(operators, "linear_residual") {}

Model::Model(Operators &operators, const Shape &shape, Random &random)
    : operators(operators), shape(shape), embed(operators, "embedding"),
      finalNorm(operators, "rms_norm"), unembed(operators, "unembedding"),
      loss(operators, "cross_entropy"), rate(operators.tensor(GEMEL_F32, {})),
      correction1(operators.tensor(GEMEL_F32, {})),
      correction2(operators.tensor(GEMEL_F32, {})) {
  const int64_t D = shape.width, F = shape.hidden;
  const int64_t keys = shape.keyHeads * shape.headWidth();
  auto matrix = [&](const std::string &name, int64_t in, int64_t out,
                    double scale) {
    return add(name, {in, out}, scale / std::sqrt(double(in)), random);
  };
  // What a layer adds to the state is scaled down by their number.
  double added = 1.0 / std::sqrt(2.0 * double(shape.layers));
  table = add("embedding", {shape.vocabulary, D}, 0.05, random);
  for (int64_t i = 0; i < shape.layers; ++i) {
    Layer &layer = layers.emplace_back(operators);
    std::string in = "layers." + std::to_string(i) + ".";
    layer.attentionScale = add(in + "attention_norm", {D}, 0, random);
    layer.query = matrix(in + "query", D, D, 1);
    layer.key = matrix(in + "key", D, keys, 1);
    layer.value = matrix(in + "value", D, keys, 1);
    layer.output = matrix(in + "output", D, D, added);
    layer.mixerScale = add(in + "mixer_norm", {D}, 0, random);
    layer.gate = matrix(in + "gate", D, F, 1);
    layer.up = matrix(in + "up", D, F, 1);
    layer.down = matrix(in + "down", F, D, added);
  }
  finalScale = add("norm", {D}, 0, random);
  head = shape.tied ? table
                    : add("head", {shape.vocabulary, D},
                          1.0 / std::sqrt(double(D)), random);
}

/// A matrix of normal elements with deviation `scale`; a vector of ones.
Parameter *Model::add(std::string name, std::vector<int64_t> sizes,
                      double scale, Random &random) {
  bool decays = sizes.size() > 1;
  Parameter &p =
      all.emplace_back(operators, std::move(name), std::move(sizes), decays);
  float *value = p.value.real();
  for (int64_t i = 0, n = p.value.count(); i < n; ++i)
    value[i] = !decays
                   ? 1.0f
                   : float(scale * // Box-Muller
                           std::sqrt(-2.0 * std::log(1.0 - random.uniform())) *
                           std::cos(2 * std::numbers::pi * random.uniform()));
  p.value.send();
  return &p;
}

int64_t Model::parameterCount() const {
  int64_t count = 0;
  for (const Parameter &p : all)
    count += p.value.count();
  return count;
}

/// Room for `batch` sequences of `context` tokens.
void Model::resize(int64_t newBatch, int64_t newContext) {
  if (batch == newBatch && context == newContext)
    return;
  if (batch)
    logits.bring(); // nothing enqueued uses what is replaced
  batch = newBatch, context = newContext;
  const int64_t T = batch * context, D = shape.width, F = shape.hidden;
  const int64_t keys = shape.keyHeads * shape.headWidth();
  auto rows = [&](int64_t width) {
    return operators.tensor(GEMEL_F32, {T, width});
  };
  for (Layer &layer : layers) {
    for (Tensor *t : {&layer.normed, &layer.q, &layer.turnedQ, &layer.mixed,
                      &layer.middle, &layer.normed2, &layer.out})
      *t = rows(D);
    for (Tensor *t : {&layer.k, &layer.v, &layer.turnedK})
      *t = rows(keys);
    for (Tensor *t : {&layer.gates, &layer.ups, &layer.product})
      *t = rows(F);
    layer.logSums = rows(shape.heads);
  }
  for (Tensor *t :
       {&x, &normed, &dNormed, &dState, &dOther, &dMixed, &dTurnedQ, &dQ})
    *t = rows(D);
  for (Tensor *t : {&dTurnedK, &dK, &dV})
    *t = rows(keys);
  for (Tensor *t : {&dProduct, &dGates, &dUps})
    *t = rows(F);
  dLogSums = rows(shape.heads);
  logits = rows(shape.vocabulary);
  dLogits = rows(shape.vocabulary);
  losses = operators.tensor(GEMEL_F32, {T});
  dLosses = operators.tensor(GEMEL_F32, {T});
  lossShare = 0;
  id = operators.tensor(GEMEL_I32, {T});
  label = operators.tensor(GEMEL_I32, {T});
  position = operators.tensor(GEMEL_I32, {T});
  for (int64_t t = 0; t < T; ++t)
    position.integer()[t] = int32_t(t % context);
  position.send();
}

void Model::forwardLayer(Layer &layer, Tensor &in) {
  const int64_t T = batch * context, R = shape.headWidth() / 2;
  const int64_t H = shape.keyHeads, G = shape.heads / H, W = shape.headWidth();
  auto turned = [&](Node &node, Tensor &from, Tensor &to, int64_t heads) {
    node.forward({{"x", View(from, {T, heads, 2, R})},
                  {"position", position},
                  {"y", View(to, {T, heads, 2, R})}});
  };
  layer.attentionNorm.forward(
      {{"x", in}, {"w", layer.attentionScale->value}, {"y", layer.normed}});
  layer.toQuery.forward(
      {{"a", layer.normed}, {"w", layer.query->value}, {"y", layer.q}});
  layer.toKey.forward(
      {{"a", layer.normed}, {"w", layer.key->value}, {"y", layer.k}});
  layer.toValue.forward(
      {{"a", layer.normed}, {"w", layer.value->value}, {"y", layer.v}});
  turned(layer.turnQuery, layer.q, layer.turnedQ, shape.heads);
  turned(layer.turnKey, layer.k, layer.turnedK, H);
  layer.attend.forward({{"q", View(layer.turnedQ, {batch, context, H, G, W})},
                        {"k", View(layer.turnedK, {batch, context, H, W})},
                        {"v", View(layer.v, {batch, context, H, W})},
                        {"scale", 1.0f / std::sqrt(float(W))},
                        {"o", View(layer.mixed, {batch, context, H, G, W})},
                        {"lse", View(layer.logSums, {batch, context, H, G})}});
  layer.project.forward({{"a", layer.mixed},
                         {"w", layer.output->value},
                         {"r", in},
                         {"y", layer.middle}});
  layer.mixerNorm.forward({{"x", layer.middle},
                           {"w", layer.mixerScale->value},
                           {"y", layer.normed2}});
  layer.toGate.forward(
      {{"a", layer.normed2}, {"w", layer.gate->value}, {"y", layer.gates}});
  layer.toUp.forward(
      {{"a", layer.normed2}, {"w", layer.up->value}, {"y", layer.ups}});
  layer.swiglu.forward(
      {{"g", layer.gates}, {"u", layer.ups}, {"y", layer.product}});
  layer.lower.forward({{"a", layer.product},
                       {"w", layer.down->value},
                       {"r", layer.middle},
                       {"y", layer.out}});
}

void Model::give(const std::vector<int32_t> &ids, int64_t sequences) {
  resize(sequences, int64_t(ids.size()) / sequences);
  std::copy(ids.begin(), ids.end(), id.integer());
  id.send();
}

void Model::forward() {
  embed.forward({{"w", table->value}, {"id", id}, {"y", x}});
  Tensor *state = &x;
  for (Layer &layer : layers) {
    forwardLayer(layer, *state);
    state = &layer.out;
  }
  finalNorm.forward({{"x", *state}, {"w", finalScale->value}, {"y", normed}});
  unembed.forward({{"x", normed}, {"w", head->value}, {"y", logits}});
}

/// dState: the gradient of the state after the layer, then of the one before.
void Model::backwardLayer(Layer &layer) {
  const int64_t T = batch * context, R = shape.headWidth() / 2;
  const int64_t H = shape.keyHeads, G = shape.heads / H, W = shape.headWidth();
  for (Tensor *t : {&dProduct, &dOther, &dNormed})
    t->zero();
  layer.lower.accumulate({{"dy", dState},
                          {"da", dProduct},
                          {"dw", layer.down->gradient},
                          {"dr", dOther}});
  layer.swiglu.backward({{"dy", dProduct}, {"dg", dGates}, {"du", dUps}});
  layer.toGate.accumulate(
      {{"dy", dGates}, {"da", dNormed}, {"dw", layer.gate->gradient}});
  layer.toUp.accumulate(
      {{"dy", dUps}, {"da", dNormed}, {"dw", layer.up->gradient}});
  layer.mixerNorm.accumulate(
      {{"dy", dNormed}, {"dx", dOther}, {"dw", layer.mixerScale->gradient}});

  for (Tensor *t : {&dMixed, &dState, &dNormed})
    t->zero();
  layer.project.accumulate({{"dy", dOther},
                            {"da", dMixed},
                            {"dw", layer.output->gradient},
                            {"dr", dState}});
  layer.attend.backward({{"do", View(dMixed, {batch, context, H, G, W})},
                         {"dlse", View(dLogSums, {batch, context, H, G})},
                         {"dq", View(dTurnedQ, {batch, context, H, G, W})},
                         {"dk", View(dTurnedK, {batch, context, H, W})},
                         {"dv", View(dV, {batch, context, H, W})}});
  auto turned = [&](Node &node, Tensor &from, Tensor &to, int64_t heads) {
    node.backward({{"dy", View(from, {T, heads, 2, R})},
                   {"dx", View(to, {T, heads, 2, R})}});
  };
  turned(layer.turnQuery, dTurnedQ, dQ, shape.heads);
  turned(layer.turnKey, dTurnedK, dK, H);
  layer.toQuery.accumulate(
      {{"dy", dQ}, {"da", dNormed}, {"dw", layer.query->gradient}});
  layer.toKey.accumulate(
      {{"dy", dK}, {"da", dNormed}, {"dw", layer.key->gradient}});
  layer.toValue.accumulate(
      {{"dy", dV}, {"da", dNormed}, {"dw", layer.value->gradient}});
  layer.attentionNorm.accumulate({{"dy", dNormed},
                                  {"dx", dState},
                                  {"dw", layer.attentionScale->gradient}});
}

void Model::backward() {
  loss.backward({{"dl", dLosses}, {"dx", dLogits}});
  dNormed.zero();
  dState.zero();
  unembed.accumulate(
      {{"dy", dLogits}, {"dx", dNormed}, {"dw", head->gradient}});
  finalNorm.accumulate(
      {{"dy", dNormed}, {"dx", dState}, {"dw", finalScale->gradient}});
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer)
    backwardLayer(*layer);
  embed.accumulate({{"dy", dState}, {"dw", table->gradient}});
}

void Model::give(const std::vector<int32_t> &ids,
                 const std::vector<int32_t> &labels, int64_t sequences) {
  give(ids, sequences);
  std::copy(labels.begin(), labels.end(), label.integer());
  label.send();
}

void Model::accumulate(double share) {
  forward();
  loss.forward({{"x", logits}, {"label", label}, {"l", losses}});
  // Sent once for all steps: a captured copy would read the host's memory.
  if (float each = float(share / double(dLosses.count())); each != lossShare) {
    std::fill_n(dLosses.real(), dLosses.count(), each);
    dLosses.send();
    lossShare = each;
  }
  backward();
}

double Model::meanLoss() {
  losses.bring();
  const int64_t T = losses.count();
  double mean = 0;
  for (int64_t t = 0; t < T; ++t)
    mean += double(losses.real()[t]) / double(T);
  return mean;
}

void Model::tell(const Step &step) {
  *rate.real() = step.rate;
  auto correction = [&](float beta) {
    return float(1 / (1 - std::pow(double(beta), step.number + 1)));
  };
  *correction1.real() = correction(step.beta1);
  *correction2.real() = correction(step.beta2);
  for (Tensor *t : {&rate, &correction1, &correction2})
    t->send();
}

void Model::update(const Step &step) {
  for (Parameter &p : all) {
    std::vector<int64_t> flat = {p.value.count()};
    operators.launch("adamw", {{"p", View(p.value, flat)},
                               {"m", View(p.first, flat)},
                               {"v", View(p.second, flat)},
                               {"g", View(p.gradient, flat)},
                               {"lr", rate},
                               {"c1", correction1},
                               {"c2", correction2},
                               {"b1", step.beta1},
                               {"b2", step.beta2},
                               {"eps", step.epsilon},
                               {"decay", p.decays ? step.decay : 0.0f},
                               {"q", View(p.narrow, flat)}});
    p.gradient.zero();
  }
}

std::vector<float> Model::scores(const std::vector<int32_t> &ids) {
  give(ids, 1);
  forward();
  logits.bring();
  const float *last = logits.real() + (context - 1) * shape.vocabulary;
  return {last, last + shape.vocabulary};
}
