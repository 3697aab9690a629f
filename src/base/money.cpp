#include "base/money.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "base/assert.hpp"

namespace ticketshow {

money operator+(money a, money b) {
  money sum;
  TICKETSHOW_ASSERT(!__builtin_add_overflow(a.minor, b.minor, &sum.minor));
  return sum;
}

money operator-(money a, money b) {
  money difference;
  TICKETSHOW_ASSERT(!__builtin_sub_overflow(a.minor, b.minor, &difference.minor));
  return difference;
}

money operator*(money price, std::int64_t count) {
  money total;
  TICKETSHOW_ASSERT(!__builtin_mul_overflow(price.minor, count, &total.minor));
  return total;
}

std::string to_string(money amount) {
  const auto magnitude =
      amount.minor < 0 ? 0 - static_cast<std::uint64_t>(amount.minor) : static_cast<std::uint64_t>(amount.minor);
  return fmt::format("{}{}.{:02}", amount.minor < 0 ? "-" : "", magnitude / 100, magnitude % 100);
}

std::optional<money> parse_money(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto major = text.substr(0, point);
  const auto minor = point == std::string_view::npos ? std::string_view{"0"} : text.substr(point + 1);
  const auto only_digits = [](std::string_view s) {
    return !s.empty() && s.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (!only_digits(major) || !only_digits(minor) || major.size() > 15 || minor.size() > 20) return std::nullopt;
  if (minor.size() > 2 && minor.find_first_not_of('0', 2) != std::string_view::npos) return std::nullopt;

  std::int64_t value = 0;
  for (const char digit : major) value = value * 10 + (digit - '0');
  const int tenths = minor[0] - '0';
  const int hundredths = minor.size() > 1 ? minor[1] - '0' : 0;
  value = value * 100 + tenths * 10L + hundredths;
  return money{negative ? -value : value};
}

}  // namespace ticketshow
