// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches operators of a library by the names of their arguments.

#include "Operators.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

using namespace trainer;

Place::Place(const std::string &name)
    : device(gemel::Device::open(name.c_str()).value_or_throw()),
      stream(gemel::Stream::create(device).value_or_throw()),
      isHost(device.stream() != nullptr) {}

Tensor::Tensor(const Place &place, int32_t dtype, std::vector<int64_t> sizes)
    : dtype(dtype), sizes(std::move(sizes)), place(&place) {
  // A tensor without elements has an address, too.
  memory = gemel::Memory::allocate(
               place.device, static_cast<size_t>(std::max<int64_t>(bytes(), 1)))
               .value_or_throw();
  zero();
}

void Tensor::zero() { memory.fill(place->stream, 0).value_or_throw(); }

void *Tensor::host() {
  if (place->isHost)
    return memory.data();
  if (elements.empty())
    elements.resize(memory.bytes());
  return elements.data();
}

void Tensor::send() {
  if (!place->isHost)
    memory.send(place->stream, host()).value_or_throw();
}

void Tensor::bring() {
  if (!place->isHost)
    memory.bring(place->stream, host()).value_or_throw();
  place->stream.synchronize().value_or_throw();
}

int64_t Tensor::count() const {
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  return count;
}

int64_t Tensor::bytes() const { return count() * gemel_dtype_bytes(dtype); }

View::View(Tensor &tensor, std::vector<int64_t> sizes)
    : data(tensor.data()), dtype(tensor.dtype), sizes(std::move(sizes)) {
  int64_t count = 1;
  for (int64_t size : this->sizes)
    count *= size;
  if (count != tensor.count())
    throw std::logic_error("a view of other bytes than its tensor's");
}

Operators::Operators(const std::string &library, const Place &place)
    : place(place),
      library(gemel::Library::open(library.c_str()).value_or_throw()) {}

const gemel_op *Operators::resolve(const std::string &name) {
  const gemel_op *&op = ops[name];
  if (!op)
    op = library.op(place.device, name.c_str()).value_or_throw().get();
  return op;
}

const gemel_op_desc &Operators::description(const std::string &name) {
  return *gemel_op_description(resolve(name));
}

const gemel_op_desc &Operators::description(int32_t index) const {
  return library.manifest().ops[index];
}

const gemel_pair_desc &Operators::pair(const std::string &name) {
  return *library.pair(name.c_str()).value_or_throw();
}

static void check(gemel_status status) {
  if (status)
    throw std::runtime_error(gemel_last_error());
}

void Operators::launch(const std::string &name, const Arguments &arguments) {
  const gemel_op *op = resolve(name);
  const gemel_op_desc &desc = *gemel_op_description(op);
  gemel_array arrays[GEMEL_MAX_ARGUMENTS];
  const void *args[GEMEL_MAX_ARGUMENTS];
  size_t used = 0;
  for (int32_t i = 0; i < desc.argument_count; ++i) {
    auto it = arguments.find(desc.arguments[i].name);
    args[i] = nullptr;
    if (it == arguments.end()) {
      if (!desc.arguments[i].has_default)
        throw std::logic_error(name + ": '" + desc.arguments[i].name +
                               "' is not given");
      continue;
    }
    ++used;
    if (const View *view = std::get_if<View>(&it->second)) {
      arrays[i] = {view->data,
                   view->dtype,
                   static_cast<int32_t>(view->sizes.size()),
                   view->sizes.data(),
                   nullptr,
                   place.device.get()};
      args[i] = &arrays[i];
    } else if (const float *real = std::get_if<float>(&it->second)) {
      args[i] = real;
    } else {
      args[i] = std::get_if<int32_t>(&it->second);
    }
  }
  if (used != arguments.size())
    for (const auto &[given, value] : arguments) {
      bool known = false;
      for (int32_t i = 0; i < desc.argument_count; ++i)
        known |= given == desc.arguments[i].name;
      if (!known)
        throw std::logic_error(name + ": there is no argument '" + given + "'");
    }
  size_t bytes = 0;
  check(gemel_workspace_bytes(op, args, desc.argument_count, &bytes));
  if (static_cast<size_t>(workspace.bytes()) < bytes || !workspace.data()) {
    place.stream.synchronize().value_or_throw(); // what uses it may go on
    workspace = tensor(GEMEL_U8, {static_cast<int64_t>(bytes)});
  }
  check(gemel_launch(op, args, desc.argument_count,
                     bytes ? workspace.data() : nullptr, bytes,
                     place.stream.get()));
}

/// The sizes of an operator's axes, and the dtypes of its variables, as the
/// arrays given have them.
static void readAxes(const gemel_op_desc &desc, const Arguments &arguments,
                     std::vector<int64_t> &axes, std::vector<int32_t> &dtypes) {
  axes.assign(desc.axis_count, 0);
  dtypes.assign(desc.dtype_variable_count, 0);
  for (int32_t i = 0; i < desc.axis_count; ++i)
    if (desc.axes[i].fixed >= 0)
      axes[i] = desc.axes[i].fixed;
  for (int32_t i = 0; i < desc.argument_count; ++i) {
    const gemel_argument_desc &argument = desc.arguments[i];
    auto it = arguments.find(argument.name);
    const View *view =
        it == arguments.end() ? nullptr : std::get_if<View>(&it->second);
    if (!view)
      continue;
    for (int32_t k = 0; k < argument.rank; ++k)
      axes[argument.axes[k]] = view->sizes.at(k);
    if (argument.dtype_variable >= 0)
      dtypes[argument.dtype_variable] = view->dtype;
  }
}

void Node::forward(Arguments arguments) {
  const gemel_op_desc &desc = operators.description(pair.training);
  std::vector<int64_t> axes;
  std::vector<int32_t> dtypes;
  readAxes(desc, arguments, axes, dtypes);
  for (int32_t s = 0; s < pair.saved_count; ++s)
    for (int32_t i = 0; i < desc.argument_count; ++i) {
      const gemel_argument_desc &argument = desc.arguments[i];
      if (std::strcmp(argument.name, pair.saved[s]) != 0)
        continue;
      std::vector<int64_t> sizes;
      for (int32_t k = 0; k < argument.rank; ++k)
        sizes.push_back(axes[argument.axes[k]]);
      Tensor &tensor = saved[argument.name];
      if (!tensor.data() || tensor.sizes != sizes)
        tensor = operators.tensor(argument.dtype_variable >= 0
                                      ? dtypes[argument.dtype_variable]
                                      : argument.dtype,
                                  sizes);
      arguments.insert_or_assign(argument.name, View(tensor));
    }
  operators.launch(desc.name, arguments);
  remembered = std::move(arguments);
}

void Node::run(int32_t op, const Arguments &gradients) {
  const gemel_op_desc &desc = operators.description(op);
  Arguments arguments = gradients;
  for (int32_t i = 0; i < desc.argument_count; ++i)
    if (auto it = remembered.find(desc.arguments[i].name);
        it != remembered.end())
      arguments.insert(*it);
  operators.launch(desc.name, arguments);
}
