#include <cstdio>

#include <fmt/format.h>

#include "app/commands.hpp"
#include "app/event_bus.hpp"
#include "app/process.hpp"
#include "events/dead_letters.hpp"

namespace ticketshow::app {
namespace {

using namespace std::chrono_literals;

constexpr auto statement_time = 10s;
constexpr std::int64_t most_listed = 1'000;

/// What is done with each service's letters; answers with how many it concerned.
using per_service = std::function<rt::task<int>(const std::string& service, events::dead_letters letters)>;

rt::task<int> with_letters(rt::executor io, const settings& configured, const command_options& options,
                           per_service work) {
  bool any = false;
  int count = 0;
  for (const auto& each : all_participants()) {
    if (each.topics.empty()) continue;
    if (!options.service.empty() && options.service != each.service) continue;
    any = true;
    pg::pool pool(io, {.name = "events", .conninfo = database_url_of(configured, each.service), .max_connections = 1});
    co_await pool.start();
    count += co_await work(each.service, events::dead_letters(pool));
    co_await pool.stop(rt::deadline::after(5s));
  }
  if (!any) throw std::runtime_error(fmt::format("The service \"{}\" consumes no events.", options.service));
  co_return count;
}

int run_for_letters(const settings& configured, const command_options& options, per_service work) {
  rt::asio::io_context context(1);
  return rt::run(context, with_letters(context.get_executor(), configured, options, std::move(work)));
}

std::optional<std::string> event_of(const command_options& options) {
  if (options.event_id.empty()) return {};
  return options.event_id;
}

rt::task<int> print_list(std::string service, events::dead_letters letters) {
  const auto found = co_await letters.list(rt::deadline::after(statement_time), {}, most_listed);
  for (const auto& each : found) {
    std::printf("%s\t%s\t%s\tkey %s\t%s\t%lld attempts\t%s\n", service.c_str(), each.what.id.c_str(),
                each.what.topic.c_str(), each.what.key.c_str(), to_rfc3339(each.set_aside_at).c_str(),
                static_cast<long long>(each.attempts), each.error.c_str());
  }
  co_return 0;
}

rt::task<int> print_one(std::string service, std::string event_id, events::dead_letters letters) {
  const auto found = co_await letters.list(rt::deadline::after(statement_time), event_id, 1);
  for (const auto& each : found) {
    std::printf(
        "service        %s\nevent          %s\ntopic          %s (version %d)\nkey            %s\nhappened at    %s\n"
        "set aside at   %s\nattempts       %lld\ncorrelation    %s\nerror          %s\npayload        %s\n",
        service.c_str(), each.what.id.c_str(), each.what.topic.c_str(), each.what.schema_version, each.what.key.c_str(),
        to_rfc3339(each.what.time).c_str(), to_rfc3339(each.set_aside_at).c_str(),
        static_cast<long long>(each.attempts), each.what.correlation_id.c_str(), each.error.c_str(),
        each.what.payload.c_str());
  }
  co_return found.empty() ? 0 : 1;
}

rt::task<int> replay(std::string service, std::optional<std::string> event_id, events::dead_letters letters) {
  const auto count = co_await letters.replay(rt::deadline::after(statement_time), event_id);
  if (count > 0)
    std::printf("%s: %lld given to their consumer again\n", service.c_str(), static_cast<long long>(count));
  co_return count > 0 ? 1 : 0;
}

rt::task<int> drop(std::string service, std::string event_id, events::dead_letters letters) {
  const bool dropped = co_await letters.drop(rt::deadline::after(statement_time), event_id);
  if (dropped) std::printf("%s: %s is given up\n", service.c_str(), event_id.c_str());
  co_return dropped ? 1 : 0;
}

/// The work answered with how many it found: none is a mistake in the id.
int found_any(int count, const command_options& options) {
  if (count == 0 && !options.event_id.empty()) {
    throw std::runtime_error(fmt::format("There is no dead letter {}; events dead list names them.", options.event_id));
  }
  return 0;
}

}  // namespace

int list_dead_letters(const settings& configured, const command_options& options) {
  run_for_letters(configured, options, &print_list);
  return 0;
}

int show_dead_letter(const settings& configured, const command_options& options) {
  const auto work = [&](const std::string& service, events::dead_letters letters) {
    return print_one(service, options.event_id, letters);
  };
  return found_any(run_for_letters(configured, options, work), options);
}

int replay_dead_letters(const settings& configured, const command_options& options) {
  if (options.event_id.empty() && !options.all) {
    throw std::runtime_error("Name an event, or say --all to replay every dead letter.");
  }
  const auto work = [&](const std::string& service, events::dead_letters letters) {
    return replay(service, event_of(options), letters);
  };
  return found_any(run_for_letters(configured, options, work), options);
}

int drop_dead_letter(const settings& configured, const command_options& options) {
  const auto work = [&](const std::string& service, events::dead_letters letters) {
    return drop(service, options.event_id, letters);
  };
  return found_any(run_for_letters(configured, options, work), options);
}

}  // namespace ticketshow::app
