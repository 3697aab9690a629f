#pragma once

#include <cstdint>
#include <string>

#include "images/images.hpp"

/// Pictures for tests, made here: no file of anybody is kept.
namespace ticketshow::images::samples {

/// A PNG of two colours, `width` wide and `height` high: red above, blue below.
inline std::string png(int width, int height) {
  const auto w = std::to_string(width);
  const auto svg = "<svg xmlns='http://www.w3.org/2000/svg' width='" + w + "' height='" + std::to_string(height) +
                   "'><rect width='100%' height='50%' fill='#ff0000'/><rect y='50%' width='100%' height='50%' "
                   "fill='#0000ff'/></svg>";
  return draw(svg, width);
}

/// The CRC of a PNG's chunk.
inline std::uint32_t crc_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

inline std::string big_endian(std::uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}

/// A PNG whose head claims another size than it has.
inline std::string png_that_claims(std::uint32_t width, std::uint32_t height) {
  auto bytes = png(4, 4);
  bytes.replace(16, 8, big_endian(width) + big_endian(height));
  bytes.replace(29, 4, big_endian(crc_of(std::string_view(bytes).substr(12, 17))));
  return bytes;
}

/// A JPEG with an EXIF block (APP1) that says `orientation`, and where it was taken.
inline std::string jpeg_with_exif(const std::string& jpeg, int orientation) {
  std::string tiff("II*\0\x08\0\0\0\x01\0", 10);
  tiff += std::string("\x12\x01\x03\0\x01\0\0\0", 8) + static_cast<char>(orientation) + std::string(3, '\0');
  tiff += std::string(4, '\0') + "GPS: taken at home";
  const auto block = std::string("Exif\0\0", 6) + tiff;
  const auto size = static_cast<std::uint32_t>(block.size() + 2);
  const std::string app1{'\xFF', '\xE1', static_cast<char>(size >> 8), static_cast<char>(size)};
  return jpeg.substr(0, 2) + app1 + block + jpeg.substr(2);
}

}  // namespace ticketshow::images::samples
