// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Trains a decoder language model on bytes of text, through the runtime's
// public API, as any user's program would.

#include "Checkpoint.h"
#include "Curve.h"
#include "Model.h"
#include "Text.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <numbers>

using namespace trainer;

namespace {

struct Flags {
  std::string library = "libgemel_kernels.so";
  std::string text = "/usr/share/common-licenses";
  std::string out = ".";
  std::string device = "cpu";
  std::string save, resume, gradients;
  int64_t steps = 200, warmup = 20;
  int64_t batch = 16, context = 128; ///< sequences, tokens of each
  int64_t micro = 1;                 ///< batches whose gradients make one step
  int64_t seed = 1, sample = 300, every = 0, stop = -1;
  double rate = 4.0e-3;
  Shape shape;
};

/// A flag's name, what it says, and where its value goes.
struct Flag {
  const char *name, *help;
  std::function<bool(const std::string &)> set;
};

std::vector<Flag> flagsOf(Flags &flags) {
  auto text = [](std::string &to) {
    return [&to](const std::string &value) {
      to = value;
      return !value.empty();
    };
  };
  auto count = [](int64_t &to, int64_t least = 1) {
    return [&to, least](const std::string &value) {
      char *end;
      to = std::strtoll(value.c_str(), &end, 10);
      return !value.empty() && !*end && to >= least && to < (1 << 30);
    };
  };
  auto real = [](double &to) {
    return [&to](const std::string &value) {
      char *end;
      to = std::strtod(value.c_str(), &end);
      return !value.empty() && !*end && to > 0;
    };
  };
  auto yes = [](bool &to) {
    return [&to](const std::string &value) {
      to = value == "yes";
      return value == "yes" || value == "no";
    };
  };
  return {
      {"text", "file or folder to learn", text(flags.text)},
      {"steps", "steps of the optimiser", count(flags.steps)},
      {"batch", "sequences of a batch", count(flags.batch)},
      {"context", "bytes of a sequence", count(flags.context, 2)},
      {"accumulate", "batches of a step", count(flags.micro)},
      {"width", "of a position's state", count(flags.shape.width)},
      {"layers", "of the model", count(flags.shape.layers)},
      {"heads", "of queries", count(flags.shape.heads)},
      {"key-heads", "of keys and values", count(flags.shape.keyHeads)},
      {"hidden", "width inside SwiGLU", count(flags.shape.hidden)},
      {"tied", "yes: the head is the embedding's table", yes(flags.shape.tied)},
      {"rate", "largest learning rate", real(flags.rate)},
      {"warmup", "steps until it is reached", count(flags.warmup)},
      {"seed", "of parameters and batches", count(flags.seed, 0)},
      {"sample", "bytes to write at the end", count(flags.sample, 0)},
      {"save", "checkpoint to write (safetensors)", text(flags.save)},
      {"save-every", "steps between checkpoints", count(flags.every)},
      {"stop", "step to stop at, for a later --resume", count(flags.stop, 0)},
      {"resume", "checkpoint to go on from", text(flags.resume)},
      {"gradients", "file for those of the first step (safetensors)",
       text(flags.gradients)},
      {"out", "folder for loss.csv and loss.svg", text(flags.out)},
      {"device", "to train on", text(flags.device)},
      {"library", "of operators and their backwards", text(flags.library)},
  };
}

bool parse(int argc, char **argv, Flags &flags) {
  std::vector<Flag> known = flagsOf(flags);
  auto usage = [&](std::FILE *to) {
    std::fprintf(to, "gemel-train [--flag=value] ...\n");
    for (const Flag &flag : known)
      std::fprintf(to, "  --%-12s %s\n", flag.name, flag.help);
  };
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i], value;
    if (name == "--help") {
      usage(stdout);
      std::exit(0);
    }
    if (size_t equal = name.find('='); equal != std::string::npos) {
      value = name.substr(equal + 1);
      name.resize(equal);
    } else if (i + 1 < argc) {
      value = argv[++i];
    }
    const Flag *found = nullptr;
    for (const Flag &flag : known)
      if (name == std::string("--") + flag.name)
        found = &flag;
    if (!found || !found->set(value)) {
      std::fprintf(stderr, "gemel-train: %s '%s'%s%s\n",
                   found ? "cannot use value" : "there is no flag",
                   found ? value.c_str() : name.c_str(), found ? " of " : "",
                   found ? name.c_str() : "");
      usage(stderr);
      return false;
    }
  }
  const Shape &s = flags.shape;
  if (s.heads % s.keyHeads || s.width % (2 * s.heads)) {
    std::fprintf(stderr,
                 "gemel-train: %lld heads over a width of %lld with %lld key "
                 "heads do not divide; the width is heads times an even "
                 "number, the heads a multiple of the key heads\n",
                 static_cast<long long>(s.heads),
                 static_cast<long long>(s.width),
                 static_cast<long long>(s.keyHeads));
    return false;
  }
  return true;
}

/// Linear warm-up, then a cosine to a tenth.
float rateAt(const Flags &flags, int64_t step) {
  double up = std::min(1.0, double(step + 1) / double(flags.warmup));
  double done = double(step) / double(flags.steps);
  return float(flags.rate * up *
               (0.55 + 0.45 * std::cos(std::numbers::pi * done)));
}

/// Sequences from random places of the text, and what follows each byte.
void draw(const Flags &flags, const std::string &text, Random &random,
          std::vector<int32_t> &ids, std::vector<int32_t> &labels) {
  ids.clear(), labels.clear();
  for (int64_t b = 0; b < flags.batch; ++b) {
    size_t at = random.next() % (text.size() - size_t(flags.context));
    for (int64_t s = 0; s < flags.context; ++s) {
      ids.push_back(static_cast<unsigned char>(text[at + size_t(s)]));
      labels.push_back(static_cast<unsigned char>(text[at + size_t(s) + 1]));
    }
  }
}

/// `count` bytes that the model writes after `text`, at temperature 0.7.
std::string write(Model &model, const Flags &flags, std::string text,
                  int64_t count, Random &random) {
  for (int64_t i = 0; i < count; ++i) {
    size_t first = text.size() > size_t(flags.context)
                       ? text.size() - size_t(flags.context)
                       : 0;
    std::vector<int32_t> ids;
    for (size_t k = first; k < text.size(); ++k)
      ids.push_back(static_cast<unsigned char>(text[k]));
    std::vector<float> scores = model.scores(ids);
    float high = *std::max_element(scores.begin(), scores.end());
    std::vector<double> weights;
    double total = 0;
    for (float score : scores)
      total += weights.emplace_back(std::exp(double(score - high) / 0.7));
    double at = random.uniform() * total;
    size_t byte = 0;
    while (byte + 1 < weights.size() && (at -= weights[byte]) > 0)
      ++byte;
    text.push_back(static_cast<char>(byte));
  }
  return text;
}

/// The fewest digits that give the same number again.
std::string shortest(double value) {
  char digits[32];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return std::string(digits, end);
}

/// What tells one text from another.
std::string describe(const std::string &text) {
  return std::to_string(text.size()) + " bytes " + std::to_string(hashOf(text));
}

/// A whole number of a checkpoint's metadata.
uint64_t numberOf(const std::map<std::string, std::string> &metadata,
                  const std::string &name, uint64_t most,
                  const std::string &path) {
  auto found = metadata.find(name);
  std::string text = found == metadata.end() ? "" : found->second;
  uint64_t number = 0;
  auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() ||
      end != text.data() + text.size() || number > most)
    throw std::runtime_error("'" + path + "' is damaged: its " + name +
                             " is '" + text + "', no number up to " +
                             std::to_string(most));
  return number;
}

/// What training goes on from: parameters, the optimiser's state, losses so
/// far, the step and the source of random numbers.
class State {
public:
  State(Model &model, const Flags &flags) : model(model) {
    const Shape &s = flags.shape;
    settings = "vocabulary " + std::to_string(s.vocabulary) + ", width " +
               std::to_string(s.width) + ", layers " +
               std::to_string(s.layers) + ", heads " + std::to_string(s.heads) +
               ", key-heads " + std::to_string(s.keyHeads) + ", hidden " +
               std::to_string(s.hidden) + ", tied " + (s.tied ? "yes" : "no") +
               ", batch " + std::to_string(flags.batch) + ", context " +
               std::to_string(flags.context) + ", accumulate " +
               std::to_string(flags.micro) + ", steps " +
               std::to_string(flags.steps) + ", warmup " +
               std::to_string(flags.warmup) + ", rate " + shortest(flags.rate) +
               ", text ";
    steps = flags.steps;
  }

  void write(const std::string &path, const std::vector<float> &losses,
             const Random &random, const std::string &text) {
    Tensor past(host, GEMEL_F32, {int64_t(losses.size())});
    std::copy(losses.begin(), losses.end(), past.real());
    Checkpoint checkpoint = tensors();
    checkpoint.tensors.push_back({"losses", &past});
    checkpoint.metadata = {{"settings", settings + describe(text)},
                           {"step", std::to_string(losses.size())},
                           {"random", std::to_string(random.get())}};
    save(path, checkpoint);
  }

  void read(const std::string &path, std::vector<float> &losses, Random &random,
            const std::string &text) {
    auto metadata = readMetadata(path);
    std::string own = settings + describe(text);
    if (metadata["settings"] != own)
      throw std::runtime_error("'" + path + "' was made with " +
                               metadata["settings"] + ", but this run has " +
                               own + "; give the same flags and text");
    auto step = numberOf(metadata, "step", uint64_t(steps), path);
    Tensor past(host, GEMEL_F32, {int64_t(step)});
    Checkpoint checkpoint = tensors();
    checkpoint.tensors.push_back({"losses", &past});
    load(path, checkpoint);
    losses.assign(past.real(), past.real() + past.count());
    random = Random(numberOf(metadata, "random", UINT64_MAX, path));
  }

private:
  Checkpoint tensors() {
    Checkpoint checkpoint;
    for (Parameter &p : model.parameters()) {
      checkpoint.tensors.push_back({p.name, &p.value});
      checkpoint.tensors.push_back({"optimizer.first." + p.name, &p.first});
      checkpoint.tensors.push_back({"optimizer.second." + p.name, &p.second});
    }
    return checkpoint;
  }

  Model &model;
  std::string settings;
  int64_t steps;
  Place host{"cpu:1"}; ///< of what no operator works on
};

} // namespace

int main(int argc, char **argv) try {
  Flags flags;
  if (!parse(argc, argv, flags))
    return 1;
  std::string text = readText(flags.text);
  if (text.size() < static_cast<size_t>(flags.context) + 2) {
    std::fprintf(stderr,
                 "gemel-train: '%s' cannot be read or has %zu bytes, too few "
                 "for a context of %lld; give another file or folder by "
                 "--text\n",
                 flags.text.c_str(), text.size(),
                 static_cast<long long>(flags.context));
    return 1;
  }
  checkWritable(flags.out + "/loss.csv", "out");
  if (!flags.save.empty())
    checkWritable(flags.save, "save");
  if (!flags.gradients.empty())
    checkWritable(flags.gradients, "gradients");
  Random random(static_cast<uint64_t>(flags.seed));
  Place place(flags.device);
  Operators operators(flags.library, place);
  Model model(operators, flags.shape, random);
  State state(model, flags);
  std::vector<float> losses;
  if (!flags.resume.empty())
    state.read(flags.resume, losses, random, text);
  double bigrams = bigramEntropy(text);
  std::printf("%lld parameters, %zu bytes of text from %s, whose byte bigrams "
              "have %.3f nats\n",
              static_cast<long long>(model.parameterCount()), text.size(),
              flags.text.c_str(), bigrams);
  using Clock = std::chrono::steady_clock;
  auto start = Clock::now();
  const int64_t begin = static_cast<int64_t>(losses.size());
  std::vector<int32_t> ids, labels;
  const int64_t end =
      flags.stop < 0 ? flags.steps : std::min(flags.stop, flags.steps);
  for (int64_t step = begin; step < end; ++step) {
    double mean = 0, share = 1.0 / double(flags.micro);
    for (int64_t m = 0; m < flags.micro; ++m) {
      draw(flags, text, random, ids, labels);
      model.give(ids, labels, flags.batch);
      model.accumulate(share);
      mean += share * model.meanLoss();
    }
    losses.push_back(static_cast<float>(mean));
    if (!std::isfinite(mean)) {
      std::fprintf(stderr,
                   "gemel-train: the loss of step %lld is not finite; a "
                   "smaller --rate may help\n",
                   static_cast<long long>(step + 1));
      return 1;
    }
    if (!flags.gradients.empty() && step == begin) {
      Checkpoint gradients;
      for (Parameter &p : model.parameters())
        gradients.tensors.push_back({p.name, &p.gradient});
      save(flags.gradients, gradients);
    }
    Step told = {static_cast<int>(step), rateAt(flags, step)};
    model.tell(told);
    model.update(told);
    if (!flags.save.empty() && flags.every && (step + 1) % flags.every == 0)
      state.write(flags.save, losses, random, text);
    if ((step + 1) % std::max<int64_t>(1, flags.steps / 20) && step != begin)
      continue;
    double seconds =
        std::chrono::duration<double>(Clock::now() - start).count();
    double done = double(step + 1 - begin);
    double tokens = done * double(flags.micro * flags.batch * flags.context);
    std::printf("step %5lld/%lld  loss %.4f  (bigrams %.3f)  %7.0f tokens/s  "
                "ETA %4.0f s\n",
                static_cast<long long>(step + 1),
                static_cast<long long>(flags.steps), mean, bigrams,
                tokens / seconds, seconds / done * double(end - step - 1));
    std::fflush(stdout);
  }
  if (!flags.save.empty())
    state.write(flags.save, losses, random, text);
  if (losses.empty())
    return 0;
  writeWhole(flags.out + "/loss.csv", curveAsCsv(losses));
  writeWhole(flags.out + "/loss.svg", curveAsSvg(losses, bigrams));
  std::printf("loss curve: %s/loss.csv, %s/loss.svg\n", flags.out.c_str(),
              flags.out.c_str());
  if (flags.sample)
    std::printf(
        "a sample from the model:\n----\n%s\n----\n",
        write(model, flags, text.substr(0, 64), flags.sample, random).c_str());
  size_t tenth = std::max<size_t>(losses.size() / 10, 1);
  double last = 0;
  for (size_t i = 0; i < tenth; ++i)
    last += double(losses[losses.size() - 1 - i]) / double(tenth);
  std::printf("loss: %.3f nats over the last tenth, byte bigrams %.3f\n", last,
              bigrams);
} catch (const std::bad_alloc &) {
  std::fprintf(stderr,
               "gemel-train: there is not enough memory; take a smaller "
               "--width, --hidden, --layers, --batch or --context\n");
  return 1;
} catch (const std::exception &error) {
  std::fprintf(stderr, "gemel-train: %s\n", error.what());
  return 1;
}
