#include "documents/qr.hpp"

#include <algorithm>
#include <memory>
#include <qrencode.h>
#include <stdexcept>

#include <fmt/format.h>

#include "documents/cairo.hpp"

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
  const int side = (code.size + 2 * quiet_zone) * pixels_a_module;
  const cairo::surface image(cairo_image_surface_create(CAIRO_FORMAT_A1, side, side));
  const cairo::context draw(cairo_create(image.get()));
  // A surface of one bit a pixel becomes a PNG of one bit a pixel, where what is painted is white.
  cairo_paint(draw.get());
  cairo_set_operator(draw.get(), CAIRO_OPERATOR_CLEAR);
  cairo_set_antialias(draw.get(), CAIRO_ANTIALIAS_NONE);
  cairo_scale(draw.get(), pixels_a_module, pixels_a_module);
  cairo::add_modules(draw.get(), code, quiet_zone, quiet_zone);
  cairo_fill(draw.get());
  std::string png;
  cairo::check(cairo_status(draw.get()));
  cairo::check(cairo_surface_write_to_png_stream(image.get(), cairo::append_to_string, &png));
  return png;
}

}  // namespace ticketshow::documents
