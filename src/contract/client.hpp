#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "contract/port.hpp"
#include "contract/wire.hpp"
#include "http/message.hpp"

namespace ticketshow::contract {

/// Carries a written request to a service and brings the answer: over HTTP, or straight into a router of this process
/// (the through-JSON binding of the tests). Throws rt::unavailable when no answer came. The deadline of the call is for
/// the beginning of a stream, not for its length.
class transport {
 public:
  virtual ~transport() = default;
  virtual rt::task<http::response> send(rt::call call, written_request outgoing) = 0;
};

/// A port whose service is reached through a transport.
template <class Port>
class client final : public forwarding<client<Port>, Port> {
 public:
  /// `prefix` is the one of the service's router; `carrier` must outlive the client.
  client(transport& carrier, std::string prefix) : carrier_(carrier), prefix_(std::move(prefix)) {}

  template <class E>
  rt::task<result<typename E::response>> forward(rt::call call, E request) {
    auto outgoing = write_request(request, prefix_);
    const auto answer = co_await carrier_.send(std::move(call), std::move(outgoing));
    co_return read_response<E>(answer);
  }

 private:
  transport& carrier_;
  std::string prefix_;
};

}  // namespace ticketshow::contract
