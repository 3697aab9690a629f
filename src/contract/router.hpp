#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "contract/port.hpp"
#include "contract/wire.hpp"
#include "http/message.hpp"
#include "rt/call.hpp"

namespace ticketshow::contract {

/// The front door of a set of endpoints: finds the one that a request is for, refuses who may not call it, reads and
/// checks the request, calls the port, writes the answer. Who calls is decided before, by whoever verified the token.
class router {
  using answer_function = std::function<rt::task<http::response>(rt::call, const http::request&, path_values)>;

  struct route {
    const spec* what;
    std::string label;
    std::size_t number;
    std::vector<std::string> segments;  // "{id}" stands for any one
    std::size_t max_body;               // bytes; 0 when the endpoint says nothing
    answer_function answer;
  };

 public:
  /// `prefix` stands before every endpoint's path: "/api/v1".
  explicit router(std::string prefix, wire_options options = {}) : prefix_(std::move(prefix)), options_(options) {}

  enum class audience {
    outside,  ///< mounts what people may call, not the endpoints for services
    inside,   ///< mounts everything
  };

  /// Adds all endpoints of a port, which must outlive the router.
  template <class Port>
  void mount(Port& port, audience to) {
    mount_list(port, to, typename Port::list{});
  }

  /// Which endpoint a request is for. Views into its path; valid until something more is mounted.
  class match {
   public:
    /// The endpoint that answers; nullptr when there is none.
    [[nodiscard]] const spec* endpoint() const { return found_ == nullptr ? nullptr : found_->what; }
    /// The endpoint's template, for metrics: "GET /shows/{id}"; empty when there is none.
    [[nodiscard]] std::string_view label() const { return found_ == nullptr ? std::string_view{} : found_->label; }
    /// The endpoint's place in the order of mounting, from 0; only when there is one.
    [[nodiscard]] std::size_t number() const { return found_->number; }

    /// The most bytes that the endpoint takes as its `content`; 0 when it names none, or has none.
    [[nodiscard]] std::size_t max_body() const { return found_ == nullptr ? 0 : found_->max_body; }

   private:
    friend class router;
    const route* found_ = nullptr;
    bool path_known_ = false;  // by some endpoint, whatever the method
    path_values values_;
  };

  /// A trailing slash is passed over.
  [[nodiscard]] match find(http::method verb, std::string_view path) const;

  /// Answers `incoming`, problems included. Exceptions of the service are logged and answered: a database or peer that
  /// cannot be reached as 503, anything else as 500, both without their text.
  rt::task<http::response> dispatch(rt::call call, const http::request& incoming) const {
    return dispatch(std::move(call), incoming, find(incoming.verb, incoming.path()));
  }
  /// The same for a caller that has looked already.
  rt::task<http::response> dispatch(rt::call call, const http::request& incoming, match matched) const;

 private:
  template <class Port, class... E>
  void mount_list(Port& port, audience to, endpoints<E...>) {
    ((E::spec.who == access::service && to == audience::outside ? void() : add<Port, E>(port)), ...);
  }

  template <class Port, class E>
  void add(Port& port) {
    const auto options = options_;
    add_route(E::spec, max_content<E>().value_or(0),
              [&port, options](rt::call call, const http::request& incoming, path_values path) {
                return answer_one<Port, E>(port, options, std::move(call), incoming, std::move(path));
              });
  }

  template <class Port, class E>
  static rt::task<http::response> answer_one(Port& port, wire_options options, rt::call call,
                                             const http::request& incoming, path_values path) {
    auto request = read_request<E>(incoming, path);
    if (!request) co_return to_response(request.error(), call.correlation_id);
    auto correlation_id = call.correlation_id;
    auto answer = co_await port.handle(std::move(call), std::move(*request));
    if (!answer) co_return to_response(answer.error(), correlation_id);
    co_return write_response<E>(std::move(*answer), incoming, options);
  }

  void add_route(const spec& what, std::size_t max_body, answer_function answer);
  [[nodiscard]] std::string methods_of(std::string_view path) const;

  std::string prefix_;
  wire_options options_;
  std::size_t count_ = 0;
  std::map<std::size_t, std::vector<route>> routes_;  // by number of segments
};

/// Whether a caller may call an endpoint; the problem says what is missing.
result<void> authorize(const spec& what, const rt::principal& caller);

}  // namespace ticketshow::contract
