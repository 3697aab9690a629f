#include <cstdio>

#include <fmt/format.h>

#include "app/commands.hpp"
#include "app/event_bus.hpp"
#include "app/printable.hpp"
#include "app/process.hpp"
#include "events/dead_letters.hpp"

namespace ticketshow::app {
namespace {

using namespace std::chrono_literals;

constexpr auto statement_time = 10s;
constexpr std::int64_t most_listed = 1'000;

/// What is done with each service's letters; answers with how many it concerned.
using per_service = std::function<rt::task<std::int64_t>(const std::string& service, events::dead_letters letters)>;

rt::task<std::int64_t> with_letters(rt::executor io, const settings& configured, const command_options& options,
                                    per_service work) {
  bool any = false;
  std::int64_t count = 0;
  for (const auto& each : all_participants()) {
    if (!options.service.empty() && options.service != each.service) continue;
    any = true;
    pg::pool pool(io, {.name = "events", .conninfo = database_url_of(configured, each.service), .max_connections = 1});
    co_await pool.start();
    count += co_await work(each.service, events::dead_letters(pool));
    co_await pool.stop(rt::deadline::after(5s));
  }
  if (!any) throw std::runtime_error(fmt::format("The service \"{}\" has no events.", options.service));
  co_return count;
}

std::int64_t run_for_letters(const settings& configured, const command_options& options, per_service work) {
  rt::asio::io_context context(1);
  return rt::run(context, with_letters(context.get_executor(), configured, options, std::move(work)));
}

rt::task<std::int64_t> print_list(std::string service, events::dead_letters letters) {
  const auto found = co_await letters.list(rt::deadline::after(statement_time), {}, most_listed);
  for (const auto& each : found) {
    std::printf("%s\t%s\t%s\tkey %s\t%s\t%lld attempts\t%s\n", service.c_str(), printable(each.what.id).c_str(),
                printable(each.what.topic).c_str(), printable(each.what.key).c_str(),
                to_rfc3339(each.set_aside_at).c_str(), static_cast<long long>(each.attempts),
                printable(each.error).c_str());
  }
  const auto count = co_await letters.count(rt::deadline::after(statement_time));
  std::fflush(stdout);
  if (const auto more = count - std::ssize(found); more > 0) {
    std::fprintf(stderr, "… and %lld more of %s\n", static_cast<long long>(more), service.c_str());
  }
  co_return count;
}

rt::task<std::int64_t> print_one(std::string service, std::string event_id, events::dead_letters letters) {
  const auto found = co_await letters.list(rt::deadline::after(statement_time), event_id, 1);
  for (const auto& each : found) {
    std::printf(
        "service        %s\nevent          %s\ntopic          %s (version %d)\nkey            %s\nhappened at    %s\n"
        "set aside at   %s\nattempts       %lld\ncorrelation    %s\nerror          %s\npayload        %s\n",
        service.c_str(), printable(each.what.id).c_str(), printable(each.what.topic).c_str(), each.what.schema_version,
        printable(each.what.key).c_str(), to_rfc3339(each.what.time).c_str(), to_rfc3339(each.set_aside_at).c_str(),
        static_cast<long long>(each.attempts), printable(each.what.correlation_id).c_str(),
        printable(each.error).c_str(), printable(each.what.payload).c_str());
  }
  co_return std::ssize(found);
}

rt::task<std::int64_t> replay(std::string service, std::optional<std::string> event_id, events::dead_letters letters) {
  const auto count = co_await letters.replay(rt::deadline::after(statement_time), event_id);
  if (count > 0)
    std::printf("%s: %lld given to their consumer again\n", service.c_str(), static_cast<long long>(count));
  co_return count;
}

rt::task<std::int64_t> drop(std::string service, std::string event_id, events::dead_letters letters) {
  const bool dropped = co_await letters.drop(rt::deadline::after(statement_time), event_id);
  if (dropped) std::printf("%s: %s is given up\n", service.c_str(), event_id.c_str());
  co_return dropped ? 1 : 0;
}

rt::task<std::int64_t> note_owner(std::vector<std::string>& owners, std::string service, std::string event_id,
                                  events::dead_letters letters) {
  const auto found = co_await letters.list(rt::deadline::after(statement_time), event_id, 1);
  if (!found.empty()) owners.push_back(service);
  co_return std::ssize(found);
}

std::runtime_error there_is_none(const command_options& options) {
  return std::runtime_error(fmt::format("There is no dead letter {}; events dead list names them.", options.event_id));
}

/// Each consumer of an event has a letter of its own. Throws with a sentence unless `options` name a single one.
void require_one_owner(const settings& configured, const command_options& options) {
  std::vector<std::string> owners;
  const auto work = [&](const std::string& service, events::dead_letters letters) {
    return note_owner(owners, service, options.event_id, letters);
  };
  run_for_letters(configured, options, work);
  if (owners.empty()) throw there_is_none(options);
  if (owners.size() > 1) {
    throw std::runtime_error(fmt::format("The event {} is a dead letter of {}; say which one with --service.",
                                         options.event_id, fmt::join(owners, " and of ")));
  }
}

}  // namespace

int list_dead_letters(const settings& configured, const command_options& options) {
  if (run_for_letters(configured, options, &print_list) == 0) std::fputs("No dead letters.\n", stderr);
  return 0;
}

int show_dead_letter(const settings& configured, const command_options& options) {
  const auto work = [&](const std::string& service, events::dead_letters letters) {
    return print_one(service, options.event_id, letters);
  };
  if (run_for_letters(configured, options, work) == 0) throw there_is_none(options);
  return 0;
}

int replay_dead_letters(const settings& configured, const command_options& options) {
  if (options.event_id.empty() && !options.all) {
    throw std::runtime_error("Name an event, or say --all to replay every dead letter.");
  }
  std::optional<std::string> event_id;
  if (!options.event_id.empty()) {
    require_one_owner(configured, options);
    event_id = options.event_id;
  }
  const auto work = [&](const std::string& service, events::dead_letters letters) {
    return replay(service, event_id, letters);
  };
  if (run_for_letters(configured, options, work) == 0) std::fputs("No dead letters.\n", stderr);
  return 0;
}

int drop_dead_letter(const settings& configured, const command_options& options) {
  require_one_owner(configured, options);
  const auto work = [&](const std::string& service, events::dead_letters letters) {
    return drop(service, options.event_id, letters);
  };
  run_for_letters(configured, options, work);
  return 0;
}

}  // namespace ticketshow::app
