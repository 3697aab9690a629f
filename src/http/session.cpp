#include "http/session.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>

#include "http/response_head.hpp"
#include "rt/log.hpp"

namespace ticketshow::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

std::optional<method> method_of(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
      return method::GET;
    case beast::http::verb::head:
      return method::HEAD;
    case beast::http::verb::post:
      return method::POST;
    case beast::http::verb::put:
      return method::PUT;
    case beast::http::verb::patch:
      return method::PATCH;
    case beast::http::verb::delete_:
      return method::DELETE;
    case beast::http::verb::options:
      return method::OPTIONS;
    default:
      return std::nullopt;
  }
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// Whether a header goes on in the next line (obs-fold). Beast joins the lines; who stands before us may not have.
bool has_fold(std::string_view head) {
  for (auto end = head.find('\n'); end < head.size() - 1; end = head.find('\n', end + 1)) {
    if (head[end + 1] == ' ' || head[end + 1] == '\t') return true;
  }
  return false;
}

/// Of a body that is larger than others', beyond what those have.
constexpr std::size_t slowest_bytes_per_s = 64 * 1024UZ;

response internal_error() {
  return make_problem(500, "INTERNAL_ERROR", "Something went wrong on our side.", "Something went wrong on our side.");
}

response not_http() {
  return make_problem(400, "BAD_REQUEST", "This is not a valid HTTP request.", "This is not a valid HTTP request.");
}

}  // namespace

session::session(tcp_socket socket, const server_options& options, const handler& answer, const bool& draining,
                 std::size_t& large_bodies)
    : socket_(std::move(socket)),
      options_(options),
      answer_(answer),
      draining_(draining),
      buffer_(options.max_header_bytes + options.max_body_bytes + 4096),
      large_bodies_(large_bodies) {
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto peer = socket_.remote_endpoint(ignored);
  remote_address_ = peer.address().to_string();
}

void session::enter(stage next, rt::steady_clock::duration at_most) {
  stage_ = next;
  until_ = rt::steady_clock::now() + at_most;
  late_ = false;
}

void session::cut_off_if_late(rt::steady_clock::time_point now) {
  // An answer in the making has its own deadline; a stream waits for what happens.
  if (stage_ == stage::answering || stage_ == stage::streaming || now < until_) return;
  late_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void session::last_call() {
  if (!idle()) return;
  if (options_.drain_idle == options_.drain_idle.zero()) return close();
  until_ = std::min(until_, rt::steady_clock::now() + options_.drain_idle);
}

void session::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

rt::task<> session::run() {
  bool more = true;
  while (more) more = co_await exchange();
  if (stream_) co_await send_stream();
  boost::system::error_code ignored;
  const bool unread = refusal_ || buffer_.size() > 0 || socket_.available(ignored) > 0;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (unread) co_await read_away();
}

rt::task<> session::read_away() {
  enter(stage::writing, std::chrono::seconds(1));
  std::array<char, 4096> waste;
  boost::system::error_code failure;
  while (!failure && !late_) {
    co_await socket_.async_read_some(asio::buffer(waste), asio::redirect_error(rt::use_task, failure));
  }
}

rt::task<bool> session::exchange() {
  large_body_.reset();
  parser incoming;
  incoming.header_limit(static_cast<std::uint32_t>(options_.max_header_bytes));
  incoming.body_limit(boost::none);  // limit_body() knows it once the head is there
  const bool whole = co_await read(incoming);
  if (!whole) {
    if (refusal_) co_await write(*refusal_, false, true);
    co_return false;
  }
  const auto verb = method_of(incoming.get().method());
  response outgoing;
  if (verb) {
    stage_ = stage::answering;
    const request seen{.verb = *verb,
                       .target = view(incoming.get().target()),
                       .headers = headers_,
                       .body = incoming.get().body(),
                       .remote_address = remote_address_};
    outgoing = co_await answer(seen);
  } else {
    outgoing =
        make_problem(501, "METHOD_NOT_IMPLEMENTED", "This method is not known here.", "This method is not known here.");
  }
  const bool keep_alive = incoming.get().keep_alive() && !draining_ && !outgoing.stream;
  const bool with_body = verb != method::HEAD && status_has_body(outgoing.status);
  const bool written = co_await write(outgoing, keep_alive, with_body);
  if (written && with_body) stream_ = std::move(outgoing.stream);
  co_return written&& keep_alive;
}

rt::task<bool> session::read(parser& incoming) {
  boost::system::error_code failure;
  const bool pipelined = buffer_.size() > 0;
  if (!pipelined) {
    if (draining_ && options_.drain_idle == options_.drain_idle.zero()) co_return false;
    enter(stage::waiting, draining_ ? options_.drain_idle : options_.idle_timeout);
    const auto space = buffer_.prepare(4096);
    const auto size = co_await socket_.async_read_some(space, asio::redirect_error(rt::use_task, failure));
    if (failure) co_return false;
    buffer_.commit(size);
  }

  // A whole head is usually there already: parse it without another trip through the reactor.
  head_size_ = 0;
  parse_head(incoming, failure);
  if (failure == beast::http::error::need_more) co_await read_rest_of_head(incoming, failure);
  if (!failure) take_headers(incoming);
  if (!failure && !refusal_) co_await limit_body(incoming, failure);
  if (!failure && !refusal_ && !incoming.is_done()) co_await read_body(incoming, failure);
  if (failure) refusal_ = refusal_of(failure);
  co_return !failure && !refusal_;
}

void session::parse_head(parser& incoming, boost::system::error_code& failure) {
  const auto bytes = buffer_.data();
  const auto used = incoming.put(bytes, failure);
  const std::string_view head(static_cast<const char*>(bytes.data()), used);
  const bool more = failure == beast::http::error::need_more;
  head_size_ += used;
  buffer_.consume(used);
  if (!more && failure) return;
  // Beast's own limit counts from the last header that it took.
  if (head_size_ + (more ? buffer_.size() : 0) > options_.max_header_bytes) failure = beast::http::error::header_limit;
  if (has_fold(head)) failure = beast::http::error::bad_obs_fold;
}

rt::task<> session::read_rest_of_head(parser& incoming, boost::system::error_code& failure) {
  enter(stage::reading_head, options_.header_timeout);
  while (failure == beast::http::error::need_more) {
    const auto space = buffer_.prepare(4096);
    const auto size = co_await socket_.async_read_some(space, asio::redirect_error(rt::use_task, failure));
    buffer_.commit(size);
    if (!failure) parse_head(incoming, failure);
  }
}

void session::take_headers(const parser& incoming) {
  headers_.clear();
  int hosts = 0;
  bool coded = false;
  for (const auto& field : incoming.get()) {
    const auto& added = headers_.emplace_back(view(field.name_string()), view(field.value()));
    if (field.name() == beast::http::field::host) ++hosts;
    if (field.name() == beast::http::field::transfer_encoding) coded |= !same_name(added.value, "chunked");
  }
  const bool http_1_0 = incoming.get().version() == 10;
  if (coded) {
    refusal_ = make_problem(501, "TRANSFER_CODING_NOT_IMPLEMENTED", "This transfer coding is not known here.",
                            "This transfer coding is not known here.");
  } else if (hosts > 1 || (http_1_0 ? incoming.chunked() : hosts == 0)) {
    refusal_ = not_http();
  }
}

rt::task<> session::limit_body(parser& incoming, boost::system::error_code& failure) {
  body_limit_ = options_.max_body_bytes;
  const auto announced = incoming.content_length();
  const bool may_be_large = incoming.chunked() || (announced && *announced > body_limit_);
  if (may_be_large && options_.admit) body_limit_ = co_await large_limit_of(incoming);
  incoming.body_limit(body_limit_);
  if (!refusal_ && announced && *announced > body_limit_) failure = beast::http::error::body_limit;
}

rt::task<std::size_t> session::large_limit_of(const parser& incoming) {
  const auto verb = method_of(incoming.get().method());
  if (!verb) co_return options_.max_body_bytes;
  stage_ = stage::answering;
  const request head{
      .verb = *verb, .target = view(incoming.get().target()), .headers = headers_, .remote_address = remote_address_};
  admission judged;
  try {
    judged = co_await options_.admit(head);
  } catch (const std::exception& failure) {
    rt::log::error("admission failed", {{"path", head.path()}, {"error", failure.what()}});
    judged.refusal = internal_error();
  }
  refusal_ = std::move(judged.refusal);
  if (refusal_ || judged.max_body_bytes <= options_.max_body_bytes) co_return options_.max_body_bytes;
  if (large_bodies_ >= options_.max_large_bodies) {
    refusal_ =
        make_problem(503, "BUSY", "Too much is sent at the moment.", "Too much is sent at the moment; try again.");
    refusal_->headers.push_back({"Retry-After", "5"});
    co_return options_.max_body_bytes;
  }
  large_body_.emplace(large_bodies_);
  co_return judged.max_body_bytes;
}

rt::task<> session::read_body(parser& incoming, boost::system::error_code& failure) {
  const auto more = body_limit_ - std::min(body_limit_, options_.max_body_bytes);
  enter(stage::reading_body, options_.body_timeout + std::chrono::seconds(more / slowest_bytes_per_s));
  const auto& message = incoming.get();
  if (message.version() == 11 && same_name(view(message[beast::http::field::expect]), "100-continue")) {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(socket_, asio::buffer(go_on), asio::redirect_error(rt::use_task, failure));
  }
  if (!failure) {
    co_await beast::http::async_read(socket_, buffer_, incoming, asio::redirect_error(rt::use_task, failure));
  }
}

std::optional<response> session::refusal_of(const boost::system::error_code& failure) const {
  if (failure == beast::http::error::header_limit) {
    return make_problem(431, "HEADERS_TOO_LARGE", "The headers are too large.",
                        fmt::format("The headers may have at most {} bytes.", options_.max_header_bytes));
  }
  if (failure == beast::http::error::body_limit || failure == beast::http::error::buffer_overflow) {
    return make_problem(413, "REQUEST_TOO_LARGE", "The body is too large.",
                        fmt::format("The body may have at most {} bytes.", body_limit_));
  }
  if (late_) {
    return make_problem(408, "REQUEST_TIMEOUT", "The request came too slowly.", "The request came too slowly.");
  }
  const bool broken =
      failure.category() == beast::http::make_error_code(beast::http::error::bad_line_ending).category() &&
      failure != beast::http::error::end_of_stream && failure != beast::http::error::partial_message;
  if (broken) return not_http();
  return std::nullopt;  // the client has gone
}

rt::task<response> session::answer(const request& incoming) {
  std::string why;
  try {
    co_return co_await answer_(incoming);
  } catch (const std::exception& failure) {
    why = failure.what();
  } catch (...) {
    why = "an exception of unknown type";
  }
  rt::log::error("handler failed", {{"method", to_string(incoming.verb)}, {"path", incoming.path()}, {"error", why}});
  co_return internal_error();
}

rt::task<bool> session::write(const response& outgoing, bool keep_alive, bool with_body) {
  enter(stage::writing, options_.write_timeout);
  write_head(head_, outgoing, keep_alive, current_date());
  const auto body = with_body ? outgoing.bytes() : std::string_view{};
  const std::array<asio::const_buffer, 2> pieces{asio::buffer(head_), asio::buffer(body)};
  boost::system::error_code failure;
  co_await asio::async_write(socket_, pieces, asio::redirect_error(rt::use_task, failure));
  co_return !failure;
}

}  // namespace ticketshow::http
