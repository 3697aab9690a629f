#pragma once

#include <functional>
#include <string>

#include <fmt/format.h>

#include "http/server.hpp"
#include "rt/task.hpp"

namespace ticketshow::test {

/// A server of HTTP of the test's own on any free port.
class listener {
 public:
  using answerer = std::function<http::response(const http::request&)>;
  listener(rt::asio::io_context& context, answerer answer)
      : context_(context),
        answer_(std::move(answer)),
        server_(context.get_executor(), {.port = 0}, [this](const http::request& got) { return give(answer_(got)); }) {
    rt::run(context_, server_.start());
  }
  ~listener() { rt::run(context_, server_.stop(rt::deadline::after(std::chrono::seconds(5)))); }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}", server_.port()); }

 private:
  static rt::task<http::response> give(http::response what) { co_return what; }
  rt::asio::io_context& context_;
  answerer answer_;
  http::server server_;
};

}  // namespace ticketshow::test
