#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

/// What every process tells its operator, whichever port it listens on.
namespace ticketshow::contract {

/// Answers /health/live, which is 200 as long as the process answers at all, and /health/ready, which is 503 with the
/// names of the modules that cannot serve now.
http::response health_answer(std::string_view path, const std::vector<std::string>& not_ready);

/// Answers /metrics in Prometheus's text format, with ticketshow_not_ready for what /health/ready names: 1 for a module
/// that cannot serve now, 0 for one that once could not.
http::response metrics_answer(const std::vector<std::string>& not_ready);

}  // namespace ticketshow::contract
