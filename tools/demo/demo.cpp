// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Trains a small byte-level language model through the runtime's public API,
// as any user's program would.

#include "Curve.h"
#include "Text.h"

#include <gemel/runtime.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

using gemel::Array;

namespace {

struct Flags {
  std::string library = "libdemo_ops.so";
  std::string text = "/usr/share/common-licenses";
  std::string out = ".";
  std::string device = "cpu";
  int steps = 1500;
  int rows = 512;   // T
  int context = 16; // bytes
  int width = 32;   // D
  int hidden = 256; // H
  float rate = 3.0e-3f;
};

constexpr int64_t kBytes = 256; // V

/// One trained array with what AdamW keeps beside it.
struct Parameter {
  std::vector<float> value, first, second, gradient;
  std::vector<uint16_t> narrow; // AdamW's bf16 copy
  Parameter(int64_t count, double scale, demo::Random &random)
      : value(count), first(count), second(count), gradient(count),
        narrow(count) {
    for (float &v : value) // Box-Muller
      v = static_cast<float>(
          scale * std::sqrt(-2.0 * std::log(1.0 - random.uniform())) *
          std::cos(6.283185307179586 * random.uniform()));
  }
};

class Model {
public:
  explicit Model(const Flags &flags)
      : flags(flags),
        device(gemel::Device::open(flags.device.c_str()).value_or_throw()),
        library(gemel::Library::open(flags.library.c_str()).value_or_throw()),
        random(1), T(flags.rows), C(flags.context), D(flags.width), K(C * D),
        H(flags.hidden), table(kBytes * D, 1.0, random),
        w1(K * H, 1.0 / std::sqrt(K), random), b1(H, 0.0, random),
        w2(H * kBytes, 1.0 / std::sqrt(H), random), b2(kBytes, 0.0, random) {
    id.resize(T * C);
    label.resize(T);
    x.resize(T * K);
    h.resize(T * H);
    g.resize(T * H);
    z.resize(T * kBytes);
    l.resize(T);
    dz.resize(T * kBytes);
    dh.resize(T * H);
    dx.resize(T * K);
    w1t.resize(K * H);
    w2t.resize(H * kBytes);
  }

  /// Rows from random places of the text.
  void sampleBatch(const std::string &text) {
    for (int64_t t = 0; t < T; ++t) {
      size_t at = random.next() % (text.size() - static_cast<size_t>(C));
      for (int64_t c = 0; c < C; ++c)
        id[t * C + c] = static_cast<unsigned char>(text[at + c]);
      label[t] = static_cast<unsigned char>(text[at + C]);
    }
  }

  void forward() {
    run("embedding", array(table.value, {kBytes, D}), array(id, {T * C}),
        array(x, {T * C, D}));
    run("hidden", array(x, {T, K}), array(w1.value, {K, H}),
        array(b1.value, {H}), array(h, {T, H}), array(g, {T, H}));
    run("logits", array(g, {T, H}), array(w2.value, {H, kBytes}),
        array(b2.value, {kBytes}), array(z, {T, kBytes}));
  }

  float step(int number) {
    forward();
    float mean = 0;
    run("loss", array(z, {T, kBytes}), array(label, {T}),
        1.0f / static_cast<float>(T), array(l, {T}), array(dz, {T, kBytes}));
    run("average", array(l, {T}), Array::from(device, mean));
    // Backward, layer by layer.
    run("weight_gradient", array(g, {T, H}), array(dz, {T, kBytes}),
        array(w2.gradient, {H, kBytes}));
    run("bias_gradient", array(dz, {T, kBytes}), array(b2.gradient, {kBytes}));
    run("transpose", array(w2.value, {H, kBytes}), array(w2t, {kBytes, H}));
    run("hidden_gradient", array(dz, {T, kBytes}), array(w2t, {kBytes, H}),
        array(h, {T, H}), array(dh, {T, H}));
    run("weight_gradient", array(x, {T, K}), array(dh, {T, H}),
        array(w1.gradient, {K, H}));
    run("bias_gradient", array(dh, {T, H}), array(b1.gradient, {H}));
    run("transpose", array(w1.value, {K, H}), array(w1t, {H, K}));
    run("input_gradient", array(dh, {T, H}), array(w1t, {H, K}),
        array(dx, {T, K}));
    run("embedding_gradient", array(dx, {T * C, D}), array(id, {T * C}),
        array(table.gradient, {kBytes, D}));
    for (Parameter *p : {&table, &w1, &b1, &w2, &b2})
      update(*p, number);
    return mean;
  }

  /// Writes `count` bytes after `prompt`, at temperature 0.7.
  std::string sample(std::string text, int count) {
    for (int i = 0; i < count; ++i) {
      for (int64_t c = 0; c < C; ++c)
        id[c] = static_cast<unsigned char>(text[text.size() - C + c]);
      forward(); // row 0 counts
      double total = 0;
      std::vector<double> weights(kBytes);
      float high = *std::max_element(z.begin(), z.begin() + kBytes);
      for (int64_t v = 0; v < kBytes; ++v)
        total += weights[v] = std::exp((z[v] - high) / 0.7);
      double at = random.uniform() * total;
      int64_t byte = 0;
      while (byte < kBytes - 1 && (at -= weights[byte]) > 0)
        ++byte;
      text.push_back(static_cast<char>(byte));
    }
    return text;
  }

  int64_t parameterCount() const {
    return static_cast<int64_t>(table.value.size() + w1.value.size() +
                                b1.value.size() + w2.value.size() +
                                b2.value.size());
  }
  int64_t contextBytes() const { return C; }

private:
  template <typename E>
  Array array(std::vector<E> &data, std::initializer_list<int64_t> sizes) {
    return Array::from(device, std::span<E>(data), sizes);
  }

  /// Resolves an operator once, then launches it; an error ends the program
  /// with the runtime's sentence.
  template <typename... Arguments>
  void run(const char *name, const Arguments &...arguments) {
    auto it = ops.find(name);
    if (it == ops.end())
      it = ops.emplace(name, library.op(device, name).value_or_throw()).first;
    size_t bytes = it->second.workspace_bytes(arguments...).value_or_throw();
    if (workspace.size() * sizeof(Line) < bytes)
      workspace.resize((bytes + sizeof(Line) - 1) / sizeof(Line));
    std::span<std::byte> memory(reinterpret_cast<std::byte *>(workspace.data()),
                                bytes);
    it->second.launch(device.stream(), memory, arguments...).value_or_throw();
  }

  void update(Parameter &p, int number) {
    int64_t n = static_cast<int64_t>(p.value.size());
    const float beta1 = 0.9f, beta2 = 0.99f;
    // Linear warm-up, then a cosine to a tenth.
    double done = static_cast<double>(number) / flags.steps;
    float rate = flags.rate * static_cast<float>(
                                  std::min(1.0, (number + 1) / 20.0) *
                                  (0.55 + 0.45 * std::cos(3.14159265 * done)));
    float c1 = static_cast<float>(1.0 / (1.0 - std::pow(0.9, number + 1)));
    float c2 = static_cast<float>(1.0 / (1.0 - std::pow(0.99, number + 1)));
    run("adamw", array(p.value, {n}), array(p.first, {n}), array(p.second, {n}),
        array(p.gradient, {n}), Array::from(device, rate),
        Array::from(device, c1), Array::from(device, c2), beta1, beta2, 1.0e-8f,
        0.01f, Array(device, p.narrow.data(), GEMEL_BF16, {n}));
  }

  struct alignas(GEMEL_WORKSPACE_ALIGNMENT) Line {
    std::byte bytes[GEMEL_WORKSPACE_ALIGNMENT];
  };
  const Flags flags;
  gemel::Device device;
  gemel::Library library;
  demo::Random random;
  std::map<std::string, gemel::Op> ops;
  std::vector<Line> workspace;
  const int64_t T, C, D, K, H;
  Parameter table, w1, b1, w2, b2;
  std::vector<int32_t> id, label;
  std::vector<float> x, h, g, z, l, dz, dh, dx, w1t, w2t;
};

bool parse(int argc, char **argv, Flags &flags) {
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i], value;
    size_t equal = name.find('=');
    if (equal != std::string::npos) {
      value = name.substr(equal + 1);
      name.resize(equal);
    } else if (i + 1 < argc) {
      value = argv[++i];
    }
    auto integer = [&](int &to) {
      to = std::atoi(value.c_str());
      return to > 0;
    };
    bool good = true;
    if (name == "--library")
      flags.library = value;
    else if (name == "--text")
      flags.text = value;
    else if (name == "--out")
      flags.out = value;
    else if (name == "--device")
      flags.device = value;
    else if (name == "--steps")
      good = integer(flags.steps);
    else if (name == "--rows")
      good = integer(flags.rows);
    else if (name == "--context")
      good = integer(flags.context);
    else if (name == "--hidden")
      good = integer(flags.hidden);
    else
      good = false;
    if (!good || value.empty()) {
      std::fprintf(stderr,
                   "demo: cannot use '%s'; flags are --text FILE|FOLDER "
                   "--steps N --rows N --context N --hidden N --device NAME "
                   "--library FILE --out FOLDER\n",
                   argv[i]);
      return false;
    }
  }
  return true;
}

} // namespace

int main(int argc, char **argv) try {
  Flags flags;
  if (!parse(argc, argv, flags))
    return 1;
  std::string text = demo::readText(flags.text);
  if (text.size() < static_cast<size_t>(flags.context) + 2) {
    std::fprintf(stderr,
                 "demo: '%s' has %zu bytes, too few for a context of "
                 "%d; give another file or folder by --text\n",
                 flags.text.c_str(), text.size(), flags.context);
    return 1;
  }
  Model model(flags);
  std::printf("demo: %lld parameters, %zu bytes of text from %s\n",
              static_cast<long long>(model.parameterCount()), text.size(),
              flags.text.c_str());
  using Clock = std::chrono::steady_clock;
  auto start = Clock::now();
  std::vector<float> losses;
  for (int step = 0; step < flags.steps; ++step) {
    model.sampleBatch(text);
    losses.push_back(model.step(step));
    if (!std::isfinite(losses.back())) {
      std::fprintf(stderr, "\ndemo: the loss of step %d is not finite\n",
                   step + 1);
      return 1;
    }
    if ((step + 1) % std::max(1, flags.steps / 20) && step != 0)
      continue;
    double seconds =
        std::chrono::duration<double>(Clock::now() - start).count();
    double tokens = double(step + 1) * flags.rows; // a byte is a token
    std::printf("step %5d/%d  loss %.4f  %8.0f tokens/s  ETA %3.0f s\n",
                step + 1, flags.steps, static_cast<double>(losses.back()),
                tokens / seconds,
                seconds / (step + 1) * (flags.steps - step - 1));
    std::fflush(stdout);
  }
  if (!demo::writeWhole(flags.out + "/loss.csv", demo::curveAsCsv(losses)) ||
      !demo::writeWhole(flags.out + "/loss.svg", demo::curveAsSvg(losses))) {
    std::fprintf(stderr, "demo: cannot write the loss curve to '%s'\n",
                 flags.out.c_str());
    return 1;
  }
  std::printf("loss curve: %s/loss.csv, %s/loss.svg\n", flags.out.c_str(),
              flags.out.c_str());
  std::string prompt = text.substr(0, 64);
  std::printf("a sample from the model:\n----\n%s\n----\n",
              model.sample(prompt, 300).c_str());
  size_t tenth = std::max<size_t>(losses.size() / 10, 1);
  double first = 0, last = 0;
  for (size_t i = 0; i < tenth; ++i) {
    first += static_cast<double>(losses[i]) / static_cast<double>(tenth);
    last += static_cast<double>(losses[losses.size() - 1 - i]) /
            static_cast<double>(tenth);
  }
  std::printf("loss: %.3f over the first tenth, %.3f over the last\n", first,
              last);
  if (last >= first) {
    std::fprintf(stderr, "demo: the loss did not fall\n");
    return 1;
  }
} catch (const std::exception &error) {
  std::fprintf(stderr, "demo: %s\n", error.what());
  return 1;
}
