#include "services/catalog/poster_files.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "jose/jwt.hpp"

namespace ticketshow::catalog {
namespace {

/// To be raised when sizes, qualities or formats change.
constexpr std::string_view way_of_making = "1:";

constexpr std::size_t name_bytes = 16;
constexpr std::int64_t middle_width = 640;

}  // namespace

std::string poster_name_of(std::string_view content) {
  return hex(jose::sha256(std::string(way_of_making).append(content)).substr(0, name_bytes));
}

std::string poster_key(std::string_view name, std::int64_t width, std::string_view ending) {
  return fmt::format("{}{}/{}{}", ports::public_blobs, name, width, ending);
}

std::vector<std::string> poster_keys(const poster& of) {
  std::vector<std::string> keys;
  for (const auto width : of.widths) {
    keys.push_back(poster_key(of.name, width, ".webp"));
    keys.push_back(poster_key(of.name, width, ".jpg"));
  }
  return keys;
}

poster_view view_of(const poster& shown, const ports::blob_store& in) {
  poster_view view{.width = shown.widths.back(), .height = shown.height, .webp = {}, .jpeg = {}};
  for (const auto width : shown.widths) {
    view.webp.push_back({width, in.public_address(poster_key(shown.name, width, ".webp"))});
    view.jpeg.push_back({width, in.public_address(poster_key(shown.name, width, ".jpg"))});
  }
  return view;
}

std::string url_of(const poster& shown, const ports::blob_store& in) {
  auto chosen = shown.widths.front();
  for (const auto width : shown.widths) {
    if (width <= middle_width) chosen = width;
  }
  return in.public_address(poster_key(shown.name, chosen, ".jpg"));
}

}  // namespace ticketshow::catalog
