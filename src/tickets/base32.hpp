#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ticketshow::tickets {

/// RFC 4648's base32 in upper case, for whole groups alone: each five bytes are eight characters of A–Z and 2–7, so
/// that one text stands for one value and nothing is padded. Asserts that the size is a multiple of five.
std::string base32_encode(std::string_view bytes);

/// Nothing when `text` is not what base32_encode gives.
std::optional<std::string> base32_decode(std::string_view text);

}  // namespace ticketshow::tickets
