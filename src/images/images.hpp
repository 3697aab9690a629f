#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Pictures: what strangers send is recognised by its content, looked at before it is unpacked, and written anew. The
/// only place that sees libvips. Every function may be called from any thread, and keeps the CPU busy: call it from a
/// worker.
namespace ticketshow::images {

enum class format { jpeg, png, webp };

/// What the first bytes say; nothing for everything else, SVG, GIF and AVIF among them.
std::optional<format> recognise(std::string_view bytes);

/// A picture larger than this is refused before its pixels are unpacked: a kilobyte may claim billions of them.
inline constexpr int most_side = 16'000;
inline constexpr long most_pixels = 40'000'000;

/// A picture in one size, in both formats.
struct rendition {
  int width;
  int height;
  std::string webp;
  std::string jpeg;

  bool operator==(const rendition&) const = default;
};

enum class refusal {
  unknown_format,  ///< neither JPEG nor PNG nor WebP
  too_large,       ///< more than most_side or most_pixels
  broken,          ///< it ends too early, or is not what its first bytes say
};

/// The picture in each of the widths, which ascend, in the picture's proportions; a width beyond the picture's own
/// becomes that, once. It is turned upright as its EXIF says, in sRGB, on white where it was transparent, the first
/// frame when it moves, and has nothing of the original's metadata. The same bytes give the same renditions as long as
/// libvips is the same.
std::expected<std::vector<rendition>, refusal> render(std::string_view bytes, std::span<const int> widths);

/// Draws an SVG of our own as PNG, `width` pixels wide. Throws std::runtime_error when it cannot: never give it
/// something that a stranger wrote.
std::string draw(std::string_view svg, int width);

}  // namespace ticketshow::images
