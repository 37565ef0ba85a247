// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A training step captured once and replayed has the bits of plain steps.
// gemel_capture_test LIBRARY, a library of the kernels for cpu and sm_90a.
#include "Model.h"
#include "sim.h"

#include <cfloat>
#include <cstring>

using namespace trainer;
using simtest::call;

namespace {

const char *library;
constexpr int64_t kBatch = 2, kContext = 6;
constexpr int kSteps = 10;

// As test/trainer/same_losses.py has it.
constexpr int kLossUlps = 32;

Shape smallShape() {
  Shape shape;
  shape.vocabulary = 11;
  shape.width = 8;
  shape.layers = 2;
  shape.heads = 2;
  shape.keyHeads = 1;
  shape.hidden = 12;
  return shape;
}

/// Another batch and another rate at every step.
struct Told {
  explicit Told(int number) : step{number, 0.01f / float(1 + number % 4)} {
    Random random(uint64_t(number) + 7);
    for (int64_t t = 0; t < kBatch * kContext; ++t) {
      ids.push_back(int32_t(random.next() % 11));
      labels.push_back(int32_t(random.next() % 11));
    }
  }
  std::vector<int32_t> ids, labels;
  Step step;
};

/// A training run whose steps are launched, or replayed.
class Training {
public:
  explicit Training(const char *device)
      : place(device), operators(library, place), random(3),
        model(operators, smallShape(), random) {}
  void give(int number) {
    Told told(number);
    model.give(told.ids, told.labels, kBatch);
    model.tell(told.step);
  }
  void enqueue() {
    // Of a step, what changes was told: the number here must not matter.
    model.accumulate(1);
    model.update({-1, 0});
  }
  /// Parameters and what AdamW keeps of them, of all one after another.
  std::vector<float> state() {
    std::vector<float> all;
    for (Parameter &p : model.parameters())
      for (Tensor *t : {&p.value, &p.first, &p.second}) {
        t->bring();
        all.insert(all.end(), t->real(), t->real() + t->count());
      }
    return all;
  }

  Place place;
  Operators operators;
  Random random;
  Model model;
};

bool sameBits(const std::vector<float> &a, const std::vector<float> &b) {
  return a.size() == b.size() &&
         memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST(Capture, ReplaysHaveTheBitsOfPlainSteps) {
  Training plain("cuda:0"), replayed("cuda:0"), host("cpu");
  // The first step allocates what later ones use.
  for (Training *run : {&plain, &replayed, &host}) {
    run->give(0);
    run->enqueue();
    run->model.meanLoss();
  }
  CUcontext context = nullptr;
  CUgraph graph = nullptr;
  CUgraphExec exec = nullptr;
  call("cuDevicePrimaryCtxRetain", &context, 0);
  ASSERT_EQ(call("cuCtxPushCurrent_v2", context), CUDA_SUCCESS);
  auto stream = static_cast<CUstream>(replayed.place.stream.get());
  ASSERT_EQ(call("cuStreamBeginCapture_v2", stream, 0), CUDA_SUCCESS);
  replayed.enqueue();
  ASSERT_EQ(call("cuStreamEndCapture", stream, &graph), CUDA_SUCCESS);
  size_t nodes = 0;
  call("cuGraphGetNodes", graph, static_cast<void **>(nullptr), &nodes);
  ASSERT_EQ(call("cuGraphInstantiateWithFlags", &exec, graph, 0ull),
            CUDA_SUCCESS);

  std::vector<float> before = plain.state();
  EXPECT_TRUE(sameBits(before, replayed.state())); // captured, not run
  for (int number = 1; number <= kSteps; ++number) {
    for (Training *run : {&plain, &replayed, &host})
      run->give(number);
    plain.enqueue();
    host.enqueue();
    EXPECT_EQ(call("cuGraphLaunch", exec, stream), CUDA_SUCCESS);
    double loss = plain.model.meanLoss();
    EXPECT_EQ(loss, replayed.model.meanLoss());
    // Attention's exp is the chip's own: losses are means of what it weighs.
    EXPECT_NEAR(loss, host.model.meanLoss(), kLossUlps * FLT_EPSILON * loss)
        << "at step " << number;
    std::vector<float> after = plain.state();
    EXPECT_FALSE(sameBits(before, after));
    EXPECT_TRUE(sameBits(after, replayed.state())) << "at step " << number;
    before = std::move(after);
  }
  call("cuGraphExecDestroy", exec);
  call("cuGraphDestroy", graph);
  call("cuCtxPopCurrent_v2", static_cast<CUcontext *>(nullptr));
  call("cuDevicePrimaryCtxRelease_v2", 0);
  printf("%d replays of a training step, %zu nodes in a graph: the bits of "
         "plain steps on cuda:0, the losses of cpu within %d ulp\n",
         kSteps, nodes, kLossUlps);
}

} // namespace

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 2) {
    fprintf(stderr, "usage: gemel_capture_test LIBRARY\n");
    return 1;
  }
  library = argv[1];
  setenv("GEMEL_CUDA_DRIVER", GEMEL_CUDA_SIM_LIBRARY, /*replace=*/0);
  return RUN_ALL_TESTS();
}
