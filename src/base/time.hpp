#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ticketshow {

/// A point in time, UTC, with the resolution PostgreSQL keeps.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Tells the time. Injected, so that rules and tests know no wall clock. May be called from any thread.
class clock_source {
 public:
  virtual ~clock_source() = default;
  [[nodiscard]] virtual timestamp now() const = 0;
};

/// The machine's clock.
class system_clock_source final : public clock_source {
 public:
  [[nodiscard]] timestamp now() const override;
};

/// A clock that stands still until a test moves it.
class manual_clock final : public clock_source {
 public:
  explicit manual_clock(timestamp start) : now_(start) {}
  [[nodiscard]] timestamp now() const override { return now_; }
  void advance(std::chrono::microseconds by) { now_ += by; }

 private:
  timestamp now_;
};

/// RFC 3339 in UTC: "2026-11-23T18:30:00Z"; fractions of a second only when there are any.
std::string to_rfc3339(timestamp time);

/// Reads RFC 3339 with "Z" or a numeric offset, "T" or a blank between date and time, and an optional fraction of a
/// second (digits after the sixth are dropped). A time without an offset gives nothing: it would be a guess.
std::optional<timestamp> parse_rfc3339(std::string_view text);

/// Reads "2026-11-23" and refuses days that do not exist.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);

std::string to_string(std::chrono::year_month_day date);

}  // namespace ticketshow
