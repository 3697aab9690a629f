#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/catalog/posters.hpp"
#include "ports/blob_store.hpp"

/// Which files a poster has, and what is shown of them. Pure.
namespace ticketshow::catalog {

/// The widths a poster is made in; a smaller picture has fewer.
inline constexpr int poster_widths[] = {320, 640, 1'280};

struct poster {
  std::string name;                  ///< poster_name_of() its content
  std::vector<std::int64_t> widths;  ///< ascending
  std::int64_t height;               ///< at the largest
};

/// The name of the poster that is made of an uploaded file: other content, or another way of making posters of it, has
/// another name, so that what is under a name never changes.
std::string poster_name_of(std::string_view content);

/// Under which key a file is: "posters/<name>/640.webp".
std::string poster_key(std::string_view name, std::int64_t width, std::string_view ending);

/// The keys of all its files.
std::vector<std::string> poster_keys(const poster& of);

poster_view view_of(const poster& shown, const ports::blob_store& in);
/// Of the JPEG that is nearest to the middle width.
std::string url_of(const poster& shown, const ports::blob_store& in);

}  // namespace ticketshow::catalog
