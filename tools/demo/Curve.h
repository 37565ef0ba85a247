// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The loss curve: as numbers and as a picture.

#ifndef GEMEL_DEMO_CURVE_H
#define GEMEL_DEMO_CURVE_H

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace demo {

/// Writes `path` by way of another name, so that it is never half there.
inline bool writeWhole(const std::string &path, const std::string &bytes) {
  std::string temporary = path + ".new";
  std::FILE *file = std::fopen(temporary.c_str(), "wb");
  if (!file)
    return false;
  bool good = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  good = std::fclose(file) == 0 && good;
  return good && std::rename(temporary.c_str(), path.c_str()) == 0;
}

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

/// Loss over steps, each step's and a running mean, as SVG.
inline std::string curveAsSvg(const std::vector<float> &losses) {
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
  path("stroke='#036' stroke-width='2'", [&](size_t i) {
    mean += 0.05 * (static_cast<double>(losses[i]) - mean);
    return mean;
  });
  return svg + "</svg>\n";
}

} // namespace demo

#endif // GEMEL_DEMO_CURVE_H
