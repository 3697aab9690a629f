#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace ticketshow::rt::log {

enum class level { debug, info, warning, error };

/// One named value of a log line.
struct field {
  std::string_view name;
  std::variant<std::int64_t, double, bool, std::string> value;

  field(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  field(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  field(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  field(std::string_view n, bool v) : name(n), value(v) {}
  field(std::string_view n, double v) : name(n), value(v) {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  field(std::string_view n, T v) : name(n), value(static_cast<std::int64_t>(v)) {}
};

using fields = std::initializer_list<field>;

/// Writes one JSON object a line to standard error: time, level, event and the fields. `event` is a constant phrase
/// that can be searched for; what varies goes into the fields. Secrets and tokens never do. May be called from any
/// thread.
void write(level severity, std::string_view event, fields values);

inline void debug(std::string_view event, fields values = {}) { write(level::debug, event, values); }
inline void info(std::string_view event, fields values = {}) { write(level::info, event, values); }
inline void warning(std::string_view event, fields values = {}) { write(level::warning, event, values); }
inline void error(std::string_view event, fields values = {}) { write(level::error, event, values); }

/// Whether a line of this level would be written: for callers whose fields cost something to make.
bool enabled(level severity);

/// Lines below `least` are dropped. The start value is info.
void set_level(level least);

}  // namespace ticketshow::rt::log
