#pragma once

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

/// As an image, black on white, with its quiet zone. An SVG scales to any size; a PNG has eight pixels a module.
std::string qr_svg(const qr_code& code);
std::string qr_png(const qr_code& code);

}  // namespace ticketshow::documents
