#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ticketshow {

/// An exact amount in minor units (paise, cents) of the deployment's one currency, which every answer names beside it.
/// All currencies accepted have two decimals. Arithmetic on amounts that could overflow 64 bits asserts.
struct money {
  std::int64_t minor = 0;

  auto operator<=>(const money&) const = default;
};

/// 92 233 720 368 547 758.07 would fit; no price, wallet or total of a booking may come near it.
inline constexpr money max_amount{100'000'000'000'00};

money operator+(money a, money b);
money operator-(money a, money b);
money operator*(money price, std::int64_t count);
constexpr money operator-(money a) { return {-a.minor}; }

/// The exact decimal number of major units with two decimals: {35000} → "350.00", {-5} → "-0.05".
std::string to_string(money amount);

/// Reads an exact decimal number: an optional minus, 1 to 15 digits, optionally a point and 1 or 2 digits (a third and
/// later digit only when it is zero). Exponents, signs alone, blanks and anything else give nothing. Never goes through
/// a binary float.
std::optional<money> parse_money(std::string_view text);

}  // namespace ticketshow
