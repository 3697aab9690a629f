#include "rt/gate.hpp"

#include <algorithm>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/redirect_error.hpp>

#include "base/assert.hpp"
#include "base/backoff.hpp"
#include "rt/log.hpp"

namespace ticketshow::rt {
namespace {

void log_failure(const std::string& name, std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) return;
    log::error("background work failed", {{"work", name}, {"error", error.what()}});
  } catch (const std::exception& error) {
    log::error("background work failed", {{"work", name}, {"error", error.what()}});
  }
}

/// Between steps that fail; never shorter than usual.
constexpr backoff<steady_clock::duration> after_failures{std::chrono::milliseconds(100), std::chrono::seconds(5)};

task<> repeat_until_closed(const gate& owner, std::string name, steady_clock::duration pause,
                           std::function<task<>()> step) {
  int failures = 0;  // in a row
  while (!owner.closing()) {
    bool failed = false;
    try {
      co_await step();
    } catch (const std::exception& error) {
      if (owner.closing()) break;
      failed = true;
      if (failures == 0) {
        log::error("background work fails; it is tried again", {{"work", name}, {"error", error.what()}});
      }
    }
    if (owner.closing()) break;
    if (!failed && failures > 0) {
      log::info("background work succeeds again", {{"work", name}, {"failures", failures}});
    }
    failures = failed ? failures + 1 : 0;
    const auto wait = failed ? std::max(pause, after_failures.after(failures)) : pause;
    co_await sleep_for(wait);
  }
}

}  // namespace

gate::gate(executor io, std::string name) : io_(io), name_(std::move(name)), emptied_(io) {
  emptied_.expires_at(steady_clock::time_point::max());
}

gate::~gate() { TICKETSHOW_ASSERT(running_.empty()); }

void gate::spawn(task<> work) {
  if (closing_) return;
  auto place = running_.insert(running_.end(), std::make_unique<asio::cancellation_signal>());
  asio::co_spawn(io_, std::move(work),
                 asio::bind_cancellation_slot((*place)->slot(), [this, place](std::exception_ptr failure) {
                   if (failure) log_failure(name_, failure);
                   running_.erase(place);
                   if (running_.empty()) emptied_.cancel();
                 }));
}

void gate::repeat(steady_clock::duration pause, std::function<task<>()> step) {
  spawn(repeat_until_closed(*this, name_, pause, std::move(step)));
}

task<bool> gate::close(deadline until) {
  closing_ = true;
  // Emitting may let work end and erase its signal: walk over a copy of the addresses.
  std::vector<asio::cancellation_signal*> signals;
  signals.reserve(running_.size());
  for (auto& signal : running_) signals.push_back(signal.get());
  for (auto* signal : signals) {
    const bool alive = std::ranges::any_of(running_, [&](const auto& each) { return each.get() == signal; });
    if (alive) signal->emit(asio::cancellation_type::terminal);
  }
  co_return co_await wait_until_empty(until);
}

task<bool> gate::drain(deadline until) {
  closing_ = true;
  co_return co_await wait_until_empty(until);
}

task<bool> gate::wait_until_empty(deadline until) {
  while (!running_.empty() && !until.passed()) {
    boost::system::error_code ignored;
    emptied_.expires_at(until.at());
    co_await emptied_.async_wait(asio::redirect_error(use_task, ignored));
  }
  const bool empty = running_.empty();
  co_return empty;
}

}  // namespace ticketshow::rt
