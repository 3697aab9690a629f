#include "http/client.hpp"

#include <algorithm>
#include <list>
#include <stdexcept>
#include <vector>

#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include "http/body_source.hpp"
#include "http/connection.hpp"
#include "http/url.hpp"
#include "rt/log.hpp"

namespace ticketshow::http {
namespace {

namespace asio = boost::asio;

/// How far a try came before it failed.
enum class progress { nothing_sent, sent, answer_begun };

std::string write_request(const request& outgoing, const client_options& options) {
  const auto in_a_target = [](char each) { return static_cast<unsigned char>(each) > ' ' && each != '\x7f'; };
  const bool writable = std::ranges::all_of(outgoing.target, in_a_target);
  if (outgoing.target.empty() || !writable) {
    throw std::invalid_argument(fmt::format("\"{}\" cannot be asked for.", outgoing.target));
  }
  auto text = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\n", to_string(outgoing.verb), options.prefix, outgoing.target,
                          host_header(options));
  for (const auto& [name, value] : outgoing.headers) {
    if (!is_safe({name, value})) {
      rt::log::error("header with a line break left out", {{"method", to_string(outgoing.verb)}});
      continue;
    }
    text.append(name).append(": ").append(value).append("\r\n");
  }
  fmt::format_to(std::back_inserter(text), "Content-Length: {}\r\n\r\n", outgoing.body.size());
  return text.append(outgoing.body);
}

/// The headers of an answer.
response head_of(const connection::parser& incoming) {
  response answer{.status = static_cast<int>(incoming.get().result_int())};
  for (const auto& field : incoming.get()) {
    answer.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  return answer;
}

/// The rest of a connection as the body that it is.
class received_stream final : public body_source {
 public:
  received_stream(rt::executor io, std::shared_ptr<connection> line, rt::steady_clock::duration silence)
      : io_(io), line_(std::move(line)), silence_(silence) {}

  rt::task<piece> next() override {
    rt::timer alarm(io_, silence_);
    line_->close_at(alarm);
    auto bytes = co_await line_->read_some();
    if (bytes.empty()) co_return nullptr;
    co_return std::make_shared<const std::string>(std::move(bytes));
  }
  void close() override { line_->close(); }

 private:
  rt::executor io_;
  std::shared_ptr<connection> line_;
  rt::steady_clock::duration silence_;
};

}  // namespace

class client::impl {
 public:
  impl(rt::executor io, client_options options) : io_(io), options_(std::move(options)) {
    if (options_.tls) tls_ = trusting_context(options_.ca_file);
  }

  rt::task<response> send(request outgoing, rt::deadline until) {
    const auto text = write_request(outgoing, options_);
    const bool repeatable = outgoing.verb == method::GET || outgoing.verb == method::HEAD;
    for (bool again = false;; again = true) {
      const auto mine = co_await take_place(until);
      if (until.passed()) throw no_answer("the deadline had passed before the request was sent", false);
      if (again) idle_.clear();  // what was closed on one side was it for all, most likely
      auto line = take_idle(repeatable);
      if (!line) line = co_await connect(until);
      const bool reused = line->begin_use();
      progress came = progress::nothing_sent;
      boost::system::error_code failure;
      auto answer = co_await exchange(line, text, outgoing.verb == method::HEAD, until, came, failure);
      if (!failure) co_return answer;
      const bool stale = reused && came != progress::answer_begun && !until.passed();
      if (stale && !again && (repeatable || came == progress::nothing_sent)) continue;
      throw no_answer_of(until, failure, came != progress::nothing_sent);
    }
  }

  rt::task<response> open(request outgoing, rt::deadline until, rt::steady_clock::duration silence) {
    const auto text = write_request(outgoing, options_);
    auto line = co_await connect(until);
    rt::timer alarm(io_, until.at());
    line->close_at(alarm);
    connection::parser incoming;
    incoming.body_limit(options_.max_response_bytes);
    boost::system::error_code failure;
    const auto sent = co_await line->write(text, failure);
    if (!failure) co_await line->read_head(incoming, failure);
    const bool endless = !failure && !incoming.chunked() && !incoming.content_length();
    if (!failure && !endless) co_await line->read(incoming, failure);
    alarm.cancel();
    if (failure) throw no_answer_of(until, failure, sent > 0);
    auto answer = head_of(incoming);
    if (endless) {
      answer.stream = std::make_shared<received_stream>(io_, std::move(line), silence);
    } else {
      answer.body = std::move(incoming.get().body());
    }
    co_return answer;
  }

 private:
  [[nodiscard]] no_answer no_answer_of(rt::deadline until, const boost::system::error_code& failure, bool sent) const {
    return {fmt::format("{}:{} did not answer: {}", options_.host, options_.port,
                        until.passed() ? "the deadline passed" : failure.message()),
            sent};
  }

  /// The right to use one connection. It goes to the call that has waited longest when it is given up.
  class place {
   public:
    explicit place(impl& owner) : owner_(&owner) {}
    place(place&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    ~place() {
      if (owner_ != nullptr) owner_->pass_on();
    }
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    place& operator=(place&&) = delete;

   private:
    impl* owner_;
  };

  /// A call in the queue; however it ends, it leaves the queue, or hands on what it was given and did not take.
  struct waiter {
    waiter(impl& o, rt::deadline until)
        : owner(o), turn(o.io_, until.at()), position(o.waiting_.insert(o.waiting_.end(), this)) {}
    ~waiter() {
      if (!given) owner.waiting_.erase(position);
    }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;

    impl& owner;
    rt::timer turn;
    std::list<waiter*>::iterator position;
    std::optional<place> given;
  };

  rt::task<place> take_place(rt::deadline until) {
    if (in_use_ < options_.max_connections) {
      ++in_use_;
      co_return place(*this);
    }
    waiter self(*this, until);
    boost::system::error_code woken;
    co_await self.turn.async_wait(asio::redirect_error(rt::use_task, woken));
    if (!self.given) {
      throw no_answer(woken ? "cancelled before a connection became free" : "no connection became free in time", false);
    }
    co_return std::move(*self.given);
  }

  void pass_on() {
    if (waiting_.empty()) {
      --in_use_;
      return;
    }
    auto& next = *waiting_.front();
    waiting_.pop_front();
    next.given.emplace(*this);
    next.turn.cancel();
  }

  /// A mutation cannot be repeated when its connection turns out to be closed: that is looked up first.
  std::shared_ptr<connection> take_idle(bool repeatable) {
    while (!idle_.empty()) {
      auto line = std::move(idle_.back());
      idle_.pop_back();
      const bool young = rt::steady_clock::now() - line->idle_since() < options_.max_idle;
      if (young && (repeatable || line->quiet())) return line;
    }
    return nullptr;
  }

  rt::task<std::shared_ptr<connection>> connect(rt::deadline until) {
    auto line = std::make_shared<connection>(io_, options_, tls_.get());
    const auto limit = until.no_later_than(options_.connect_timeout);
    co_await line->open(limit);
    co_return line;
  }

  rt::task<response> exchange(std::shared_ptr<connection> line, const std::string& text, bool head_only,
                              rt::deadline until, progress& came, boost::system::error_code& failure) {
    rt::timer alarm(io_, until.at());
    line->close_at(alarm);
    const auto sent = co_await line->write(text, failure);
    if (sent > 0) came = progress::sent;
    std::optional<connection::parser> incoming;
    bool provisional = true;  // 1xx answers come before the real one
    while (!failure && provisional) {
      incoming.emplace();
      incoming->body_limit(options_.max_response_bytes);
      incoming->skip(head_only);
      co_await line->read(*incoming, failure);
      if (incoming->got_some()) came = progress::answer_begun;
      provisional = incoming->get().result_int() < 200;
    }
    alarm.cancel();
    if (failure) co_return response{};

    auto& message = incoming->get();
    auto answer = head_of(*incoming);
    answer.body = std::move(message.body());
    // Bytes behind the answer would be taken for the next one's.
    if (message.keep_alive() && !line->has_leftovers()) {
      line->end_use();
      idle_.push_back(std::move(line));
    }
    co_return answer;
  }

  rt::executor io_;
  client_options options_;
  std::unique_ptr<asio::ssl::context> tls_;
  std::size_t in_use_ = 0;
  std::vector<std::shared_ptr<connection>> idle_;
  std::list<waiter*> waiting_;
};

client::client(rt::executor io, client_options options) : impl_(std::make_unique<impl>(io, std::move(options))) {}

client::~client() = default;

rt::task<response> client::send(request outgoing, rt::deadline until) {
  co_return co_await impl_->send(outgoing, until);
}

rt::task<response> client::open(request outgoing, rt::deadline until, rt::steady_clock::duration silence) {
  co_return co_await impl_->open(outgoing, until, silence);
}

}  // namespace ticketshow::http
