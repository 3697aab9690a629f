#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// QR codes (ISO/IEC 18004) with error correction M: up to 15 % of a code may be dirt or glare. Upper-case letters,
/// digits and " $%*+-./:" take 5.5 bits each, other characters 8. Pure.
namespace ticketshow::documents {

/// What must stay free around a code, in modules.
inline constexpr int quiet_zone = 4;

struct qr_code {
  int size;                ///< modules of a side
  std::vector<bool> dark;  ///< size * size, row by row

  [[nodiscard]] bool is_dark(int row, int column) const {
    return dark[static_cast<std::size_t>(row) * static_cast<std::size_t>(size) + static_cast<std::size_t>(column)];
  }
};

/// The smallest code that holds `text`. Throws std::invalid_argument when it is empty, has a NUL, or fits into none
/// (beyond 2,331 bytes or 3,391 alphanumeric characters).
qr_code qr_of(std::string_view text);

/// The dark modules of a row, from `begin` up to `end`, without one between them that is light.
struct dark_run {
  int row;
  int begin;
  int end;
};
std::vector<dark_run> dark_runs(const qr_code& code);

/// Its pixels row by row, `pixels_a_module` each way, with `border` light modules around it.
template <class Pixel>
std::vector<Pixel> pixels_of(const qr_code& code, int pixels_a_module, int border, Pixel dark, Pixel light) {
  const auto width = static_cast<std::ptrdiff_t>(code.size + 2 * border) * pixels_a_module;
  std::vector<Pixel> pixels(static_cast<std::size_t>(width * width), light);
  for (const auto& [row, begin, end] : dark_runs(code)) {
    const auto top = static_cast<std::ptrdiff_t>(border + row) * pixels_a_module;
    const auto left = static_cast<std::ptrdiff_t>(border + begin) * pixels_a_module;
    for (auto line = top; line < top + pixels_a_module; ++line)
      std::fill_n(pixels.begin() + line * width + left, (end - begin) * pixels_a_module, dark);
  }
  return pixels;
}

/// As an image, black on white, with its quiet zone. An SVG scales to any size; a PNG has eight pixels a module.
std::string qr_svg(const qr_code& code);
std::string qr_png(const qr_code& code);

}  // namespace ticketshow::documents
