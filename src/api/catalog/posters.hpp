#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// The poster of a show: what is accepted, and what browsers are given. The upload is an endpoint of shows.
namespace ticketshow::catalog {

inline constexpr contract::error poster_missing{"POSTER_MISSING", 422, "The form has no file in the field poster."};
inline constexpr contract::error poster_too_large{"POSTER_TOO_LARGE", 413, "A poster may have at most 5 MB."};
inline constexpr contract::error poster_unsupported{"POSTER_UNSUPPORTED", 415,
                                                    "A poster must be a JPEG, PNG or WebP picture."};
inline constexpr contract::error poster_too_many_pixels{"POSTER_TOO_MANY_PIXELS", 422,
                                                        "The picture has too many pixels."};
inline constexpr contract::error poster_broken{"POSTER_BROKEN", 422, "The picture cannot be read to its end."};

/// The most bytes of a poster's file, and of the form around it.
inline constexpr std::int64_t max_poster_bytes = 5L * 1024 * 1024;
inline constexpr std::int64_t max_poster_form_bytes = max_poster_bytes + 16L * 1024;

/// A poster in one width.
struct poster_file {
  std::int64_t width;  ///< pixels
  std::string url;     ///< of a picture that never changes under this address
};
BOOST_DESCRIBE_STRUCT(poster_file, (), (width, url))

/// A poster in all its widths, ascending: what a page's srcset is made of.
struct poster_view {
  std::int64_t width;  ///< of the largest
  std::int64_t height;
  std::vector<poster_file> webp;
  std::vector<poster_file> jpeg;
};
BOOST_DESCRIBE_STRUCT(poster_view, (), (width, height, webp, jpeg))

}  // namespace ticketshow::catalog
