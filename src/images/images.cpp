#include "images/images.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vips/vips.h>

namespace ticketshow::images {
namespace {

constexpr int jpeg_quality = 82;
constexpr int webp_quality = 80;
constexpr int webp_effort = 4;  // of 6: more costs twice the time for a hundredth of the size
constexpr double svg_dpi = 72;  // a pixel of the SVG is a pixel of the picture

struct unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using image = std::unique_ptr<VipsImage, unref>;

/// libvips, started once. Only the readers named here may be used, whatever else it was built with.
void start() {
  static const bool started = [] {
    if (vips_init("ticketshow") != 0) throw std::runtime_error("libvips cannot be started");
    // What it says of broken pictures is of no use: who sent one is told.
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, [](const char*, GLogLevelFlags, const char*, void*) {}, nullptr);
    vips_concurrency_set(1);  // the worker is the thread
    vips_cache_set_max(0);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (const char* each : {"VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer",
                             "VipsForeignLoadSvgBuffer"}) {
      vips_operation_block_set(each, FALSE);
    }
    return true;
  }();
  (void)started;
}

std::string take_error() {
  std::string text = vips_error_buffer();
  vips_error_clear();
  return text;
}

/// The picture's head; its pixels are read when they are asked for.
image open(std::string_view bytes, format what) {
  VipsImage* out = nullptr;
  auto* const data = const_cast<char*>(bytes.data());  // libvips does not write there
  int failed = 0;
  switch (what) {
    case format::jpeg:
      failed = vips_jpegload_buffer(data, bytes.size(), &out, nullptr);
      break;
    case format::png:
      failed = vips_pngload_buffer(data, bytes.size(), &out, nullptr);
      break;
    case format::webp:
      failed = vips_webpload_buffer(data, bytes.size(), &out, nullptr);
      break;
  }
  return image(failed == 0 ? out : nullptr);
}

/// (Its own option fail_on reaches no reader in libvips 8.14; option_string does.)
image thumbnail(std::string_view bytes, int width) {
  VipsImage* out = nullptr;
  auto* const data = const_cast<char*>(bytes.data());
  const int failed = vips_thumbnail_buffer(data, bytes.size(), &out, width, "height", most_side, "size", VIPS_SIZE_DOWN,
                                           "export_profile", "srgb", "option_string", "[fail_on=truncated]", nullptr);
  return image(failed == 0 ? out : nullptr);
}

image on_white(image from) {
  if (!from || vips_image_hasalpha(from.get()) == 0) return from;
  constexpr double white[] = {255, 255, 255};
  VipsArrayDouble* background = vips_array_double_new(white, 3);
  VipsImage* out = nullptr;
  const int failed = vips_flatten(from.get(), &out, "background", background, nullptr);
  vips_area_unref(VIPS_AREA(background));
  return image(failed == 0 ? out : nullptr);
}

/// All pixels, in memory: from here on nothing of the original is read.
image unpacked(const image& from) { return image(from ? vips_image_copy_memory(from.get()) : nullptr); }

/// Takes away all that is not pixels. (The writers' own "strip" leaves WebP its profile and EXIF.)
void strip(const image& from) {
  std::unique_ptr<char*, decltype(&g_strfreev)> names(vips_image_get_fields(from.get()), g_strfreev);
  for (char** name = names.get(); *name != nullptr; ++name) vips_image_remove(from.get(), *name);
}

image narrowed(const image& from, int width) {
  VipsImage* out = nullptr;
  const int failed =
      vips_thumbnail_image(from.get(), &out, width, "height", most_side, "size", VIPS_SIZE_DOWN, nullptr);
  return unpacked(image(failed == 0 ? out : nullptr));
}

std::string taken(void* bytes, std::size_t size, int failed) {
  if (failed != 0) throw std::runtime_error("a picture cannot be written: " + take_error());
  std::string text(static_cast<const char*>(bytes), size);
  g_free(bytes);
  return text;
}

std::string as_jpeg(const image& from) {
  void* bytes = nullptr;
  std::size_t size = 0;
  const int failed = vips_jpegsave_buffer(from.get(), &bytes, &size, "Q", jpeg_quality, "optimize_coding", TRUE,
                                          "interlace", TRUE, "strip", TRUE, nullptr);
  return taken(bytes, size, failed);
}

std::string as_webp(const image& from) {
  void* bytes = nullptr;
  std::size_t size = 0;
  const int failed =
      vips_webpsave_buffer(from.get(), &bytes, &size, "Q", webp_quality, "effort", webp_effort, "strip", TRUE, nullptr);
  return taken(bytes, size, failed);
}

rendition written(const image& from) {
  return {.width = vips_image_get_width(from.get()),
          .height = vips_image_get_height(from.get()),
          .webp = as_webp(from),
          .jpeg = as_jpeg(from)};
}

bool is_too_large(const image& head) {
  const long width = vips_image_get_width(head.get());
  const long height = vips_image_get_height(head.get());
  return width > most_side || height > most_side || width * height > most_pixels;
}

}  // namespace

std::optional<format> recognise(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return format::jpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return format::png;
  if (bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv) return format::webp;
  return std::nullopt;
}

std::expected<std::vector<rendition>, refusal> render(std::string_view bytes, std::span<const int> widths) {
  start();
  const auto what = recognise(bytes);
  if (!what) return std::unexpected(refusal::unknown_format);
  const auto broken = [] {
    vips_error_clear();
    return std::unexpected(refusal::broken);
  };
  const auto head = open(bytes, *what);
  if (!head) return broken();
  if (is_too_large(head)) return std::unexpected(refusal::too_large);
  const auto whole = unpacked(on_white(thumbnail(bytes, widths.back())));
  if (!whole) return broken();

  strip(whole);

  std::vector<rendition> made;
  const int most = vips_image_get_width(whole.get());
  for (const int width : widths) {
    if (width < most) {
      const auto smaller = narrowed(whole, width);
      if (!smaller) throw std::runtime_error("a picture cannot be narrowed: " + take_error());
      made.push_back(written(smaller));
    }
  }
  made.push_back(written(whole));
  return made;
}

std::string draw(std::string_view svg, int width) {
  start();
  VipsImage* loaded = nullptr;
  auto* const data = const_cast<char*>(svg.data());
  int failed = vips_svgload_buffer(data, svg.size(), &loaded, "dpi", svg_dpi, nullptr);
  const image drawn(failed == 0 ? loaded : nullptr);
  if (!drawn) throw std::runtime_error("an SVG cannot be drawn: " + take_error());
  VipsImage* scaled = nullptr;
  const double factor = static_cast<double>(width) / vips_image_get_width(drawn.get());
  failed = vips_svgload_buffer(data, svg.size(), &scaled, "dpi", svg_dpi, "scale", factor, nullptr);
  const auto sized = image(failed == 0 ? scaled : nullptr);
  void* bytes = nullptr;
  std::size_t size = 0;
  if (sized) failed = vips_pngsave_buffer(sized.get(), &bytes, &size, "compression", 6, "strip", TRUE, nullptr);
  if (!sized || failed != 0) throw std::runtime_error("an SVG cannot be drawn: " + take_error());
  return taken(bytes, size, failed);
}

}  // namespace ticketshow::images
