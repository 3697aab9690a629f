#include "pg/result.hpp"

#include <charconv>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace ticketshow::pg {
namespace detail {

std::int64_t parse_int(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::logic_error(fmt::format("a column read as an integer is '{}'", text));
  }
  return value;
}

timestamp parse_timestamp(std::string_view text) {
  // TimeZone is UTC on every connection, so PostgreSQL prints "2026-11-23 18:30:00.25+00".
  std::string copy(text);
  if (copy.ends_with("+00")) copy += ":00";
  const auto time = parse_rfc3339(copy);
  if (!time) throw std::logic_error(fmt::format("a column read as a timestamptz is '{}'", text));
  return *time;
}

std::vector<std::optional<std::string>> parse_array(std::string_view text) {
  const auto malformed = [&] { return std::logic_error(fmt::format("a column read as an array is '{}'", text)); };
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') throw malformed();
  const auto inner = text.substr(1, text.size() - 2);
  std::vector<std::optional<std::string>> elements;
  if (inner.empty()) return elements;
  std::size_t at = 0;
  for (;;) {
    std::string element;
    const bool quoted = at < inner.size() && inner[at] == '"';
    if (quoted) {
      for (++at; at < inner.size() && inner[at] != '"'; ++at) {
        if (inner[at] == '\\') ++at;
        if (at == inner.size()) throw malformed();
        element += inner[at];
      }
      if (at++ >= inner.size()) throw malformed();  // past the closing quote
    } else {
      for (; at < inner.size() && inner[at] != ','; ++at) {
        if (inner[at] == '{' || inner[at] == '"') throw malformed();  // arrays of arrays are not read
        element += inner[at];
      }
    }
    if (!quoted && element == "NULL") {
      elements.emplace_back();
    } else {
      elements.emplace_back(std::move(element));
    }
    if (at == inner.size()) return elements;
    if (inner[at++] != ',') throw malformed();
  }
}

}  // namespace detail

result_set::result_set(pg_result* raw) : raw_(raw, &PQclear) {}

int result_set::size() const { return PQntuples(raw_.get()); }

std::int64_t result_set::affected() const {
  const std::string_view count = PQcmdTuples(raw_.get());
  return count.empty() ? 0 : detail::parse_int(count);
}

namespace {

void check(const PGresult* raw, int row, int column) {
  if (row < 0 || row >= PQntuples(raw)) throw std::logic_error("a row was read that the result does not have");
  if (column < 0 || column >= PQnfields(raw)) throw std::logic_error("a column was read that the result does not have");
}

}  // namespace

bool result_set::row::is_null(int column) const {
  check(owner_->raw_.get(), index_, column);
  return PQgetisnull(owner_->raw_.get(), index_, column) != 0;
}

std::string_view result_set::row::text(int column) const {
  const auto* raw = owner_->raw_.get();
  check(raw, index_, column);
  return {PQgetvalue(raw, index_, column), static_cast<std::size_t>(PQgetlength(raw, index_, column))};
}

}  // namespace ticketshow::pg
