// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches operators of a library by the names that their texts give to
// arguments, over arrays that the trainer owns.

#ifndef GEMEL_TRAINER_OPERATORS_H
#define GEMEL_TRAINER_OPERATORS_H

#include <gemel/runtime.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace trainer {

/// Where tensors live: a device, and the stream that all work is enqueued on.
struct Place {
  /// Throws gemel::Exception with the runtime's sentence.
  explicit Place(const std::string &name);
  gemel::Device device;
  gemel::Stream stream;
  bool isHost; ///< the host reads and writes the device's memory itself
};

/// An array: dense, row-major, in memory of a device. Elements are zero at
/// first. The host works on elements of its own, which `send` and `bring`
/// carry; where the device is the host they are the device's.
class Tensor {
public:
  Tensor() = default;
  Tensor(const Place &place, int32_t dtype, std::vector<int64_t> sizes);
  int64_t count() const;
  int64_t bytes() const;
  void *data() const { return memory.data(); }
  /// Enqueues zeros.
  void zero();

  /// The host's elements.
  void *host();
  float *real() { return static_cast<float *>(host()); }
  int32_t *integer() { return static_cast<int32_t *>(host()); }
  /// Enqueues the host's elements; they stay as they are until a `bring`.
  void send();
  /// Waits for all that is enqueued, and for the elements.
  void bring();

  int32_t dtype = GEMEL_F32;
  std::vector<int64_t> sizes;

private:
  const Place *place = nullptr;
  gemel::Memory memory;
  std::vector<std::byte> elements; ///< of the host, apart from the device's
};

/// A tensor as an argument, perhaps under other sizes over the same bytes.
struct View {
  View(Tensor &tensor) : View(tensor, tensor.sizes) {}
  View(Tensor &tensor, std::vector<int64_t> sizes);
  void *data;
  int32_t dtype;
  std::vector<int64_t> sizes;
};

/// Arguments by name.
using Argument = std::variant<View, float, int32_t>;
using Arguments = std::map<std::string, Argument>;

class Operators {
public:
  /// Throws gemel::Exception with the runtime's sentence.
  Operators(const std::string &library, const Place &place);

  /// Launches operator `name`. Every argument without a default is given;
  /// names that the operator lacks are an error.
  void launch(const std::string &name, const Arguments &arguments);

  /// The operator's table.
  const gemel_op_desc &description(const std::string &name);
  const gemel_op_desc &description(int32_t index) const;
  const gemel_pair_desc &pair(const std::string &name);
  Tensor tensor(int32_t dtype, std::vector<int64_t> sizes) const {
    return Tensor(place, dtype, std::move(sizes));
  }

private:
  const gemel_op *resolve(const std::string &name);

  const Place &place;
  gemel::Library library;
  std::map<std::string, const gemel_op *> ops;
  Tensor workspace;
};

/// One place of an operator in the network: its training pair, what the
/// forward was given, and what it saved for the backward.
class Node {
public:
  Node(Operators &operators, const std::string &name)
      : operators(operators), pair(operators.pair(name)) {}

  /// Runs the training variant; what it saves stays here, and so do the views
  /// of `arguments`, whose tensors must live until the backward.
  void forward(Arguments arguments);
  /// Runs the backward on what is remembered and `gradients`: those that come
  /// in and those that go out, by the names that the derived operator gives.
  void backward(const Arguments &gradients) { run(pair.backward, gradients); }
  /// The same, adding to f32 arrays.
  void accumulate(const Arguments &gradients) {
    run(pair.accumulate, gradients);
  }

private:
  void run(int32_t op, const Arguments &gradients);

  Operators &operators;
  const gemel_pair_desc &pair;
  Arguments remembered;
  std::map<std::string, Tensor> saved;
};

} // namespace trainer

#endif // GEMEL_TRAINER_OPERATORS_H
