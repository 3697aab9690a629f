#include "services/notification/service.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace ticketshow::notification {
namespace {

std::string domain_of(const std::string& address) {
  const auto at = address.rfind('@');
  if (at == std::string::npos || at == 0 || at + 1 == address.size()) {
    throw std::runtime_error(fmt::format("\"{}\" is no address that mail can come from.", address));
  }
  return address.substr(at + 1);
}

}  // namespace

service::service(const dependencies& needs)
    : domain_(domain_of(needs.settings.from.address)),
      store_(needs.database, needs.settings.lease_s, needs.settings.notice_wait_ms),
      sender_({needs.io, store_, needs.clock, needs.random, needs.accounts, needs.mailer}, needs.settings),
      inbox_({needs.io, needs.database, needs.bus, needs.random}, "notification") {
  write_about<payment::booking_successful>();
  write_about<payment::booking_failed>();
  write_about<booking::refund_notice>();
  write_about<payment::refund_completed>();
}

template <contract::event E>
void service::write_about() {
  inbox_.on<E>(
      [this](pg::transaction& in, std::vector<events::received<E>> events) { return queue<E>(in, std::move(events)); },
      [this] { sender_.due().ring(); });
}

template <contract::event E>
rt::task<> service::queue(pg::transaction& in, std::vector<events::received<E>> events) {
  auto mails = queue_mails(events, domain_);
  co_await in.run(std::move(mails));
}

rt::task<> service::start() {
  inbox_.start();
  sender_.start();
  co_return;
}

rt::task<> service::stop(rt::deadline until) {
  co_await sender_.stop(until);
  co_await inbox_.stop(until);
}

}  // namespace ticketshow::notification
