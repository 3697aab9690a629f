#include "contract/codec.hpp"

#include <boost/json/serialize.hpp>

namespace ticketshow::contract {
namespace {

/// Characters (code points) of valid UTF-8.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Nothing, or only blanks.
bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

/// What the HTML standard takes as an e-mail address, less the exotic: one @, a domain with a point, no blanks or
/// controls.
bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.find('@', at + 1) != std::string_view::npos)
    return false;
  const auto domain = text.substr(at + 1);
  const auto plain = [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u > 0x20 && u != 0x7F && std::string_view("\"(),:;<>[\\]").find(c) == std::string_view::npos;
  };
  return domain.size() >= 3 && domain.find('.') != std::string_view::npos && !domain.starts_with('.') &&
         !domain.ends_with('.') && domain.find("..") == std::string_view::npos && std::ranges::all_of(text, plain);
}

/// "HH:MM" or "HH:MM:SS" of a 24-hour clock.
bool is_clock(std::string_view text) {
  const auto two_digits_below = [&](std::size_t at, int limit) {
    if (text.size() < at + 2 || text[at] < '0' || text[at] > '9' || text[at + 1] < '0' || text[at + 1] > '9')
      return false;
    return (text[at] - '0') * 10 + (text[at + 1] - '0') < limit;
  };
  return (text.size() == 5 || (text.size() == 8 && text[5] == ':' && two_digits_below(6, 60))) &&
         two_digits_below(0, 24) && text[2] == ':' && two_digits_below(3, 60);
}

void check_range(std::int64_t value, const field& limits, const char* unit, const std::string& pointer,
                 problems& found) {
  if (value < limits.min) {
    found.push_back({pointer, fmt::format("must be at least {}{}", limits.min, unit)});
  } else if (value > limits.max) {
    found.push_back({pointer, fmt::format("must be at most {}{}", limits.max, unit)});
  }
}

}  // namespace

void write_string(std::string& out, std::string_view text) {
  const auto needs_escape = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
  if (std::ranges::none_of(text, needs_escape)) {
    out += '"';
    out += text;
    out += '"';
  } else {
    out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
  }
}

bool read_integer(std::string_view text, std::int64_t& out, std::string& why) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc::result_out_of_range) {
    why = "is out of range";
  } else if (error != std::errc{} || end != text.data() + text.size()) {
    why = "must be a whole number";
  } else {
    return true;
  }
  return false;
}

bool read_text(std::string_view text, std::string& out, std::string& why) {
  if (text.find('\0') != std::string_view::npos) {
    why = "must not contain the character U+0000";
    return false;
  }
  out = text;
  return true;
}

bool read_boolean(std::string_view text, bool& out, std::string& why) {
  if (text != "true" && text != "false") {
    why = "must be true or false";
    return false;
  }
  out = text == "true";
  return true;
}

bool read_money(std::string_view text, money& out, std::string& why) {
  const auto amount = parse_money(text);
  if (!amount || *amount > max_amount || *amount < -max_amount) {
    why = "must be an amount with at most two decimals, such as 350.00";
    return false;
  }
  out = *amount;
  return true;
}

bool read_timestamp(std::string_view text, timestamp& out, std::string& why) {
  const auto time = parse_rfc3339(text);
  if (!time) why = "must be a time with an offset as RFC 3339 writes it, such as 2026-11-23T18:30:00+05:30";
  if (time) out = *time;
  return time.has_value();
}

bool read_date(std::string_view text, std::chrono::year_month_day& out, std::string& why) {
  const auto date = parse_date(text);
  if (!date) why = "must be a day such as 2026-11-23";
  if (date) out = *date;
  return date.has_value();
}

void check_number(const field& limits, std::int64_t value, const std::string& pointer, problems& found) {
  check_range(value, limits, "", pointer, found);
}

void check_amount(const field& limits, money value, const std::string& pointer, problems& found) {
  if (value.minor < limits.min) {
    found.push_back({pointer, "must be at least " + to_string(money{limits.min})});
  } else if (value.minor > limits.max) {
    found.push_back({pointer, "must be at most " + to_string(money{limits.max})});
  }
}

void check_string(const field& limits, std::string_view value, const std::string& pointer, problems& found) {
  const auto before = found.size();
  if (limits.min >= 1 && limits.format != "password" && is_blank(value)) {
    found.push_back({pointer, "must not be empty"});
    return;
  }
  if (limits.format == "clock" && !is_clock(value)) {  // which says more than a length
    found.push_back({pointer, "must be a time of day such as 09:30"});
    return;
  }
  check_range(static_cast<std::int64_t>(length_of(value)), limits, " characters long", pointer, found);
  if (found.size() != before) return;
  if (limits.format == "email" && !is_email(value)) found.push_back({pointer, "must be an e-mail address"});
}

void check_count(const field& limits, std::size_t count, const std::string& pointer, problems& found) {
  if (count == 0 && limits.min >= 1) {
    found.push_back({pointer, "must not be empty"});
  } else {
    check_range(static_cast<std::int64_t>(count), limits, " items", pointer, found);
  }
}

void check_bytes(const field& limits, std::size_t count, const std::string& pointer, problems& found) {
  check_range(static_cast<std::int64_t>(count), limits, " bytes", pointer, found);
}

const field* find_field(std::span<const field> fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &field::name);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace ticketshow::contract
