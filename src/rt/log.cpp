#include "rt/log.hpp"

#include <boost/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/time.hpp"

namespace ticketshow::rt::log {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("ticketshow", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(level severity) {
  switch (severity) {
    case level::debug:
      return spdlog::level::debug;
    case level::info:
      return spdlog::level::info;
    case level::warning:
      return spdlog::level::warn;
    case level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view name_of(level severity) {
  switch (severity) {
    case level::debug:
      return "debug";
    case level::info:
      return "info";
    case level::warning:
      return "warning";
    case level::error:
      return "error";
  }
  return "error";
}

}  // namespace

void write(level severity, std::string_view event, fields values) {
  if (!logger().should_log(to_spdlog(severity))) return;
  boost::json::object line;
  line["time"] = to_rfc3339(system_clock_source{}.now());
  line["level"] = name_of(severity);
  line["event"] = event;
  for (const auto& [name, value] : values) {
    std::visit([&, key = name](const auto& v) { line[key] = v; }, value);
  }
  logger().log(to_spdlog(severity), boost::json::serialize(line));
}

bool enabled(level severity) { return logger().should_log(to_spdlog(severity)); }

void set_level(level least) { logger().set_level(to_spdlog(least)); }

}  // namespace ticketshow::rt::log
