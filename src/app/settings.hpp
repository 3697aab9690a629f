#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ticketshow::app {

/// One thing that can be configured. The key "http.port" is the flag --http.port, the variable TICKETSHOW_HTTP_PORT and
/// the entry `port` of the table [http] in the configuration file; the first of these that is given wins, in this
/// order.
struct setting {
  std::string_view key;
  std::string_view fallback;
  std::string_view help;
  bool secret = false;  ///< printed as *** and never logged
};

/// All there are. What is not here cannot be configured.
std::span<const setting> all_settings();

/// All there are as a document in Markdown: key, default and what it is for, in the order in which they are declared.
std::string settings_reference();

/// The name of the environment variable of a key.
std::string variable_of(std::string_view key);

/// The variables of an environment (as `environ`) that look like settings and are none: mistyped, most likely.
std::vector<std::string> unknown_variables(const char* const* environment);

/// The values in force. Reading a key that is not declared is a mistake in the program and asserts.
class settings {
 public:
  /// Reads the configuration file (none when `file` is empty), then the environment, then `flags` (key → value). Throws
  /// std::runtime_error with a sentence that names the place, the key and what is wrong: an unknown key, a file that is
  /// not TOML.
  static settings load(const std::string& file, const std::map<std::string, std::string>& flags);

  [[nodiscard]] const std::string& text(std::string_view key) const;
  /// Throws std::runtime_error naming the key when the value is not a whole number of this range.
  [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t min, std::int64_t max) const;
  [[nodiscard]] bool flag(std::string_view key) const;
  /// The parts of a comma-separated list, without blanks; empty parts are dropped.
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;

  /// One line a setting, `key = value`, secrets hidden.
  [[nodiscard]] std::string print() const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace ticketshow::app
