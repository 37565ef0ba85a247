// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A decoder language model: RMSNorm, RoPE, causal attention with grouped
// queries, SwiGLU, a head that may share the embedding's table. Every operator
// and its backward comes from the operator library.

#ifndef GEMEL_TRAINER_MODEL_H
#define GEMEL_TRAINER_MODEL_H

#include "Operators.h"
#include "Text.h"

#include <list>

namespace trainer {

struct Shape {
  int64_t vocabulary = 256;
  int64_t width = 128; ///< D: of a position's state
  int64_t layers = 4;
  int64_t heads = 4;    ///< of queries
  int64_t keyHeads = 4; ///< of keys and values; divides heads
  int64_t hidden = 384; ///< F: inside SwiGLU
  bool tied = true;     ///< the head is the embedding's table

  int64_t headWidth() const { return width / heads; }
};

/// A trained array in f32, its gradient, and what AdamW keeps beside it.
struct Parameter {
  Parameter(Operators &operators, std::string name, std::vector<int64_t> sizes,
            bool decays);
  std::string name;
  Tensor value, gradient, first, second;
  Tensor narrow; ///< AdamW's bf16 copy
  bool decays;   ///< by weight decay: matrices do, scales do not
};

/// What the optimiser is told at one step.
struct Step {
  int number; ///< from 0
  float rate;
  float beta1 = 0.9f, beta2 = 0.99f, epsilon = 1.0e-8f, decay = 0.05f;
};

class Model {
public:
  /// Random parameters that follow from `random`.
  Model(Operators &operators, const Shape &shape, Random &random);

  /// Sends the tokens of a batch. ids and labels: batch x context of them,
  /// sequences one after another.
  void give(const std::vector<int32_t> &ids, const std::vector<int32_t> &labels,
            int64_t batch);
  /// Enqueues that the gradients of the mean loss of what was given, times
  /// `share`, are added to those of the parameters. From the second time of
  /// one batch and context on, it allocates and waits for nothing, so that a
  /// stream can capture it, as it can `update`.
  void accumulate(double share);
  /// Waits for the last mean loss, in nats.
  double meanLoss();
  /// Sends what the optimiser is told at one step.
  void tell(const Step &step);
  /// Enqueues that the parameters are updated and the gradients forgotten.
  /// Of `step`, the rate and the number are those that were told.
  void update(const Step &step);
  /// Scores of the token that follows the last one.
  std::vector<float> scores(const std::vector<int32_t> &ids);

  std::list<Parameter> &parameters() { return all; }
  int64_t parameterCount() const;

private:
  struct Layer {
    Layer(Operators &operators);
    Parameter *attentionScale, *query, *key, *value, *output;
    Parameter *mixerScale, *gate, *up, *down;
    Node attentionNorm, toQuery, toKey, toValue, turnQuery, turnKey, attend,
        project, mixerNorm, toGate, toUp, swiglu, lower;
    // Activations, rows first.
    Tensor normed, q, k, v, turnedQ, turnedK, mixed, logSums, middle, normed2,
        gates, ups, product, out;
  };

  Parameter *add(std::string name, std::vector<int64_t> sizes, double scale,
                 Random &random);
  void resize(int64_t batch, int64_t context);
  void give(const std::vector<int32_t> &ids, int64_t batch);
  void forward();
  void backward();
  void forwardLayer(Layer &layer, Tensor &x);
  void backwardLayer(Layer &layer);

  Operators &operators;
  const Shape shape;
  std::list<Parameter> all;
  Parameter *table, *finalScale, *head;
  std::list<Layer> layers;
  Node embed, finalNorm, unembed, loss;
  int64_t batch = 0, context = 0;
  float lossShare = 0; ///< of each element of dLosses
  Tensor id, label, position, x, normed, logits, losses;
  /// What changes from step to step: arrays of rank 0, which a captured step
  /// reads anew.
  Tensor rate, correction1, correction2;
  // Gradients: of the state before and after a layer, and inside one.
  Tensor dLosses, dLogits, dNormed, dState, dOther, dProduct, dGates, dUps,
      dMixed, dLogSums, dTurnedQ, dTurnedK, dQ, dK, dV;
};

} // namespace trainer

#endif // GEMEL_TRAINER_MODEL_H
