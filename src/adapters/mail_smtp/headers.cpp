#include "adapters/mail_smtp/headers.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "base/bytes.hpp"

namespace ticketshow::mail_smtp {
namespace {

constexpr std::size_t longest_address = 254;
constexpr std::size_t longest_plain_text = 200;  // longer is encoded, for the sake of its folds
// An encoded word has at most 75 characters, 12 of them around its base64: 63, in whole groups of four 60, from 45
// bytes.
constexpr std::size_t bytes_of_word = 45;

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::string without_controls(std::string_view text) {
  std::string clean(text);
  std::ranges::replace_if(clean, is_control, ' ');
  return clean;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t i) {
      return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U;
    };
    const auto group = (byte(0) << 16U) | (byte(1) << 8U) | byte(2);
    for (unsigned place = 0; place < 4; ++place) {
      const bool padding = at + place > bytes.size();
      text += padding ? '=' : digits[(group >> (18U - 6U * place)) & 0x3fU];
    }
  }
  return text;
}

/// A character is never divided between two words.
std::string encoded_words(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    const auto end = std::max<std::size_t>(1, utf8_prefix(text, bytes_of_word).size());
    if (!words.empty()) words += "\r\n ";
    words += "=?UTF-8?B?" + base64(text.substr(0, end)) + "?=";
    text.remove_prefix(end);
  }
  return words;
}

bool must_be_encoded(std::string_view text) {
  return !is_ascii(text) || text.size() > longest_plain_text || text.find("=?") != std::string_view::npos;
}

}  // namespace

bool is_address(std::string_view text) {
  constexpr std::string_view not_in_addresses = R"( <>()[],;:\")";
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > longest_address) return false;
  return std::ranges::none_of(text, [&](char c) { return is_control(c) || not_in_addresses.contains(c); });
}

std::string header_text(std::string_view text) {
  auto clean = without_controls(text);
  return must_be_encoded(clean) ? encoded_words(clean) : clean;
}

std::string header_address(const ports::mail_address& who) {
  const auto name = without_controls(who.name);
  if (name.empty()) return fmt::format("<{}>", who.address);
  if (must_be_encoded(name)) return fmt::format("{}\r\n <{}>", encoded_words(name), who.address);
  std::string quoted;
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return fmt::format("\"{}\" <{}>", quoted, who.address);
}

std::string header_date(timestamp time) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", days.at(std::chrono::weekday(day).c_encoding()),
                     static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string file_name(std::string_view name) {
  const auto is_safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  std::string safe(name);
  std::ranges::replace_if(safe, [&](char c) { return !is_safe(c); }, '_');
  return safe;
}

std::string mail_lines(std::string_view text) {
  std::string lines;
  lines.reserve(text.size() + text.size() / 32);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n') {
      lines += "\r\n";
    } else {
      lines += text[i];
    }
  }
  return lines;
}

}  // namespace ticketshow::mail_smtp
