#include "tickets/base32.hpp"

#include <cstdint>

#include "base/assert.hpp"

namespace ticketshow::tickets {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t group_bytes = 5;
constexpr std::size_t group_characters = 8;

}  // namespace

std::string base32_encode(std::string_view bytes) {
  TICKETSHOW_ASSERT(bytes.size() % group_bytes == 0);
  std::string text;
  text.reserve(bytes.size() / group_bytes * group_characters);
  for (std::size_t at = 0; at < bytes.size(); at += group_bytes) {
    std::uint64_t group = 0;
    for (std::size_t i = 0; i < group_bytes; ++i) group = group << 8 | static_cast<unsigned char>(bytes[at + i]);
    for (std::size_t i = group_characters; i-- > 0;) text += alphabet[group >> (5 * i) & 31];
  }
  return text;
}

std::optional<std::string> base32_decode(std::string_view text) {
  if (text.size() % group_characters != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / group_characters * group_bytes);
  for (std::size_t at = 0; at < text.size(); at += group_characters) {
    std::uint64_t group = 0;
    for (std::size_t i = 0; i < group_characters; ++i) {
      const auto value = alphabet.find(text[at + i]);
      if (value == std::string_view::npos) return std::nullopt;
      group = group << 5 | value;
    }
    for (std::size_t i = group_bytes; i-- > 0;) bytes += static_cast<char>(group >> (8 * i) & 255);
  }
  return bytes;
}

}  // namespace ticketshow::tickets
