// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The loss curve: as numbers and as a picture.

#ifndef GEMEL_TRAINER_CURVE_H
#define GEMEL_TRAINER_CURVE_H

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace trainer {

inline std::string curveAsCsv(const std::vector<float> &losses) {
  std::string text = "step,loss\n";
  char line[64];
  for (size_t i = 0; i < losses.size(); ++i) {
    std::snprintf(line, sizeof line, "%zu,%.6f\n", i + 1,
                  static_cast<double>(losses[i]));
    text += line;
  }
  return text;
}

/// Loss over steps, each step's and a running mean, beside the entropy of the
/// text's byte bigrams, as SVG.
inline std::string curveAsSvg(const std::vector<float> &losses,
                              double bigrams) {
  const double width = 720, height = 360, left = 56, bottom = 40, top = 24;
  float high = *std::max_element(losses.begin(), losses.end());
  double upper = static_cast<double>(high) * 1.02;
  auto x = [&](size_t i) {
    return left +
           (width - left - 16) * static_cast<double>(i) /
               static_cast<double>(std::max<size_t>(losses.size() - 1, 1));
  };
  auto y = [&](double loss) {
    return height - bottom - (height - bottom - top) * loss / upper;
  };
  char line[256];
  std::string svg;
  std::snprintf(line, sizeof line,
                "<svg xmlns='http://www.w3.org/2000/svg' width='%g' "
                "height='%g' font-family='sans-serif' font-size='12'>\n"
                "<rect width='100%%' height='100%%' fill='white'/>\n",
                width, height);
  svg += line;
  for (int i = 0; i <= static_cast<int>(upper); ++i) {
    std::snprintf(line, sizeof line,
                  "<line x1='%g' x2='%g' y1='%g' y2='%g' stroke='#ddd'/>"
                  "<text x='%g' y='%g' text-anchor='end'>%d</text>\n",
                  left, width - 16, y(i), y(i), left - 6, y(i) + 4, i);
    svg += line;
  }
  std::snprintf(line, sizeof line,
                "<text x='%g' y='%g'>loss, nats a byte</text>"
                "<text x='%g' y='%g' text-anchor='end'>step %zu</text>\n",
                left, 16.0, width - 16, height - 14, losses.size());
  svg += line;
  std::snprintf(line, sizeof line,
                "<line x1='%g' x2='%g' y1='%g' y2='%g' stroke='#c60' "
                "stroke-dasharray='4'/>"
                "<text x='%g' y='%g' fill='#c60'>byte bigrams %.3f</text>\n",
                left, width - 16, y(bigrams), y(bigrams), left + 8,
                y(bigrams) - 6, bigrams);
  svg += line;
  auto path = [&](const char *style, auto value) {
    svg += std::string("<path fill='none' ") + style + " d='";
    for (size_t i = 0; i < losses.size(); ++i) {
      std::snprintf(line, sizeof line, "%c%.1f %.1f", i ? 'L' : 'M', x(i),
                    y(value(i)));
      svg += line;
    }
    svg += "'/>\n";
  };
  path("stroke='#bcd'",
       [&](size_t i) { return static_cast<double>(losses[i]); });
  double mean = static_cast<double>(losses[0]);
  double smooth = std::min(1.0, 40.0 / static_cast<double>(losses.size()));
  path("stroke='#036' stroke-width='2'", [&](size_t i) {
    mean += smooth * (static_cast<double>(losses[i]) - mean);
    return mean;
  });
  return svg + "</svg>\n";
}

} // namespace trainer

#endif // GEMEL_TRAINER_CURVE_H
