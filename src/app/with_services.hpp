#pragma once

#include <exception>
#include <set>

#include "app/process.hpp"

/// What commands share that act through the services' own endpoints.
namespace ticketshow::app {

/// Runs `work` (process& → task of the exit code) with the services it needs in this process and stops them again. They
/// do nothing but what `work` calls for: a process that serves may run beside.
/// Throws what they or it throw.
template <class Work>
int with_services(const settings& configured, std::set<target> needed, Work work) {
  rt::asio::io_context context(1);
  process here(context.get_executor(), configured, std::move(needed), /*calls_only=*/true);
  rt::run(context, here.start());
  std::exception_ptr failure;
  int code = 0;
  try {
    code = rt::run(context, work(here));
  } catch (const std::exception&) {
    failure = std::current_exception();
  }
  rt::run(context, here.stop(rt::deadline::after(std::chrono::seconds(10))));
  if (failure) std::rethrow_exception(failure);
  return code;
}

/// A call in the operator's name, with a minute of time.
inline rt::call call_of_operator(random_source& random) {
  return {.until = rt::deadline::after(std::chrono::seconds(60)),
          .correlation_id = random_hex(random, 16),
          .caller = {.type = rt::principal::kind::service, .service = "operator"}};
}

}  // namespace ticketshow::app
