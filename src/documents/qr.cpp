#include "documents/qr.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <png.h>
#include <qrencode.h>
#include <stdexcept>

#include <fmt/format.h>

namespace ticketshow::documents {
namespace {

constexpr int pixels_a_module = 8;

}  // namespace

qr_code qr_of(std::string_view text) {
  if (text.empty() || text.contains('\0')) throw std::invalid_argument("a QR code holds a text without NUL");
  const std::string owned(text);
  // The library splits the text into the cheapest mixture of digits, alphanumeric and other characters by itself.
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
      QRcode_encodeString(owned.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), &QRcode_free);
  if (!made) throw std::invalid_argument(fmt::format("no QR code holds {} bytes", text.size()));
  qr_code code{.size = made->width, .dark = {}};
  const auto modules = static_cast<std::size_t>(made->width) * static_cast<std::size_t>(made->width);
  code.dark.resize(modules);
  for (std::size_t i = 0; i < modules; ++i) code.dark[i] = (made->data[i] & 1U) != 0;
  return code;
}

std::vector<dark_run> dark_runs(const qr_code& code) {
  std::vector<dark_run> runs;
  for (int row = 0; row < code.size; ++row) {
    for (int begin = 0; begin < code.size; ++begin) {
      if (!code.is_dark(row, begin)) continue;
      int end = begin;
      while (end < code.size && code.is_dark(row, end)) ++end;
      runs.push_back({row, begin, end});
      begin = end;
    }
  }
  return runs;
}

std::string qr_svg(const qr_code& code) {
  const int side = code.size + 2 * quiet_zone;
  // One path, so that no renderer leaves a hairline between two modules.
  auto svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" width="{1}" height="{1}" shape-rendering="crispEdges">)"
      R"(<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path d=")",
      side, side * pixels_a_module);
  for (const auto& [row, begin, end] : dark_runs(code)) {
    svg += fmt::format("M{} {}h{}v1h-{}z", quiet_zone + begin, quiet_zone + row, end - begin, end - begin);
  }
  return svg + R"("/></svg>)";
}

std::string qr_png(const qr_code& code) {
  enum : std::uint8_t { BLACK, WHITE };
  constexpr std::uint8_t colours[] = {0, 0, 0, 255, 255, 255};
  const auto side = static_cast<png_uint_32>((code.size + 2 * quiet_zone) * pixels_a_module);
  const auto pixels = pixels_of<std::uint8_t>(code, pixels_a_module, quiet_zone, BLACK, WHITE);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = side;
  image.format = PNG_FORMAT_RGB_COLORMAP;  // of two colours: one bit a pixel in the file
  image.colormap_entries = 2;
  // Little effort is enough: eight equal lines follow each other. With all of it a code takes ten times as long.
  image.flags = PNG_IMAGE_FLAG_FAST;
  std::string png(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = png.size();
  if (png_image_write_to_memory(&image, png.data(), &size, 0, pixels.data(), 0, colours) == 0)
    throw std::runtime_error(std::begin(image.message));
  return png.substr(0, size);  // a hundredth of the room that it might have taken
}

}  // namespace ticketshow::documents
