// The client before a server that speaks TLS: Asio's, with certificates of an authority of the test's own.
#include "http/tls.hpp"

#include <fstream>

#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include "http/tests/certificates.hpp"
#include "http/tests/client_fixture.hpp"

namespace ticketshow::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

constexpr std::string_view fine = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine";

/// Answers every request on every connection with `fine`.
class tls_server {
 public:
  tls_server(asio::io_context& io, const identity& shown)
      : io_(io.get_executor()), acceptor_(io.get_executor(), {asio::ip::address_v4::loopback(), 0}) {
    context.use_certificate_chain(asio::buffer(shown.certificate));
    context.use_private_key(asio::buffer(shown.key), asio::ssl::context::pem);
    work_.spawn(accept());
  }
  ~tls_server() = default;
  tls_server(const tls_server&) = delete;
  tls_server& operator=(const tls_server&) = delete;

  void stop(asio::io_context& io) { rt::run(io, work_.close(rt::deadline::after(5s))); }
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  asio::ssl::context context{asio::ssl::context::tls_server};
  bool answers = true;
  bool ends_after_an_answer = false;
  int connections = 0;
  int requests = 0;
  int good_byes = 0;
  std::string name_asked_for;  ///< by SNI, of the last connection

 private:
  rt::task<> accept() {
    while (true) {
      auto socket = co_await acceptor_.async_accept(rt::use_task);
      ++connections;
      work_.spawn(talk(std::move(socket)));
    }
  }

  rt::task<> talk(tcp_socket socket) {
    boost::system::error_code failure;
    tls_stream stream(socket, context);
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(rt::use_task, failure));
    const char* const name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
    name_asked_for = name == nullptr ? "" : name;
    std::string received;
    while (!failure) {
      const auto size = co_await asio::async_read_until(stream, asio::dynamic_buffer(received), "\r\n\r\n",
                                                        asio::redirect_error(rt::use_task, failure));
      if (failure) co_return;
      received.erase(0, size);
      ++requests;
      if (!answers) continue;
      co_await asio::async_write(stream, asio::buffer(fine), asio::redirect_error(rt::use_task, failure));
      if (ends_after_an_answer) {
        socket.shutdown(tcp_socket::shutdown_receive);  // the client's good-bye is not waited for
        co_await stream.async_shutdown(asio::redirect_error(rt::use_task, failure));
        ++good_byes;
        co_return;
      }
    }
  }

  rt::executor io_;
  asio::basic_socket_acceptor<asio::ip::tcp, rt::executor> acceptor_;
  rt::gate work_{io_, "tls server"};
};

class Tls : public client_test {
 public:
  ~Tls() override {
    if (server_tls_) server_tls_->stop(context_);
    std::remove(trusted_.c_str());
  }

 protected:
  Tls() : trusted_(testing::TempDir() + fmt::format("tls_test_{}.pem", ::getpid())) {
    std::ofstream(trusted_) << authority_.certificate();
    options_.host = "localhost";
    options_.tls = true;
    options_.ca_file = trusted_;
  }

  tls_server& showing(const identity& shown) {
    if (server_tls_) server_tls_->stop(context_);
    server_tls_ = std::make_unique<tls_server>(context_, shown);
    options_.port = server_tls_->port();
    client_.reset();
    return *server_tls_;
  }
  tls_server& sound() { return showing(authority_.issue("DNS:localhost,IP:127.0.0.1")); }

  std::string error_of(const identity& shown) {
    showing(shown);
    const auto result = send(method::POST);
    EXPECT_FALSE(result.request_sent);
    EXPECT_EQ(server_tls_->requests, 0);
    return result.error;
  }

  authority authority_;
  std::string trusted_;
  std::unique_ptr<tls_server> server_tls_;
};

TEST_F(Tls, AServerThatATrustedAuthorityVouchesForIsTalkedTo) {
  auto& server = sound();
  EXPECT_EQ(send(method::GET).answer->body, "fine");
  EXPECT_EQ(server.name_asked_for, "localhost");
  options_.host = "127.0.0.1";
  client_.reset();
  EXPECT_EQ(send(method::GET).answer->body, "fine");
  EXPECT_EQ(server.name_asked_for, "");
}

TEST_F(Tls, ConnectionsAreUsedAgain) {
  auto& server = sound();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(i % 2 == 0 ? method::GET : method::POST).error, "");
  EXPECT_EQ(server.connections, 1);
  EXPECT_EQ(server.requests, 5);
}

TEST_F(Tls, AnotherHostsCertificateIsRefused) {
  EXPECT_THAT(error_of(authority_.issue("DNS:other.example")),
              AllOf(HasSubstr("localhost:"), HasSubstr("is not trusted: hostname mismatch")));
  options_.host = "127.0.0.1";
  EXPECT_THAT(error_of(authority_.issue("DNS:localhost,IP:127.0.0.2")),
              HasSubstr("is not trusted: IP address mismatch"));
}

TEST_F(Tls, AnUnknownAuthoritysCertificateIsRefused) {
  const authority stranger;
  EXPECT_THAT(error_of(stranger.issue("DNS:localhost")), HasSubstr("is not trusted: "));
  options_.ca_file.clear();  // the system does not know the test's authority either
  EXPECT_THAT(error_of(authority_.issue("DNS:localhost")),
              HasSubstr("is not trusted: unable to get local issuer certificate"));
}

TEST_F(Tls, AnExpiredCertificateIsRefused) {
  EXPECT_THAT(error_of(authority_.issue("DNS:localhost", -1h)), HasSubstr("is not trusted: certificate has expired"));
}

TEST_F(Tls, VersionsBefore12AreRefused) {
  auto& server = sound();
  SSL_CTX_set_max_proto_version(server.context.native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(server.context.native_handle(), 0);
  EXPECT_THAT(send(method::GET).error, HasSubstr("is not trusted: "));
  SSL_CTX_set_max_proto_version(server.context.native_handle(), TLS1_2_VERSION);
  EXPECT_EQ(send(method::GET).error, "");
}

TEST_F(Tls, AServerThatSpeaksNoTlsIsRefused) {
  peer();
  const auto begun = begin(method::POST);
  auto line = peer().accept();
  line.send(fine);
  const auto result = finish(begun);
  EXPECT_FALSE(result.request_sent);
  EXPECT_THAT(result.error, HasSubstr("is not trusted: "));
}

TEST_F(Tls, AHandshakeThatNeverEndsHasTheTimeOfConnecting) {
  peer();
  options_.connect_timeout = 50ms;
  const auto result = send(method::POST);
  EXPECT_FALSE(result.request_sent);
  EXPECT_THAT(result.error, HasSubstr("cannot be reached: Connection timed out"));
}

TEST_F(Tls, TheDeadlineEndsACallThatIsNotAnswered) {
  auto& server = sound();
  EXPECT_EQ(send(method::GET).error, "");  // the handshake has its own time
  server.answers = false;
  const auto result = send(method::POST, "/", 100ms);
  EXPECT_TRUE(result.request_sent);
  EXPECT_THAT(result.error, HasSubstr("the deadline passed"));
}

TEST_F(Tls, AConnectionThatTheServerEndedIsReplacedBeforeAMutation) {
  auto& server = sound();
  server.ends_after_an_answer = true;
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(send(method::POST).error, "");
    EXPECT_EQ(server.connections, i);
    wait_until([&] { return server.good_byes == i; });
  }
}

TEST_F(Tls, ACancelledCallEnds) {
  auto& server = sound();
  server.answers = false;
  rt::gate hurried(context_.get_executor(), "hurried");
  const auto call = [](http::client& by) -> rt::task<> {
    const request outgoing{.verb = method::GET, .target = "/cancelled"};
    co_await by.send(outgoing, rt::deadline::after(10s));
  };
  hurried.spawn(call(client()));
  wait_until([&] { return server.requests == 1; });
  testing::internal::CaptureStderr();
  EXPECT_TRUE(rt::run(context_, hurried.close(rt::deadline::after(5s))));
  testing::internal::GetCapturedStderr();
  server.answers = true;
  EXPECT_EQ(send(method::GET).error, "");
  EXPECT_EQ(server.connections, 2);
}

TEST_F(Tls, AFileOfAuthoritiesThatCannotBeReadIsToldSo) {
  options_.ca_file = "/nowhere/authorities.pem";
  EXPECT_THAT([&] { client(); }, testing::ThrowsMessage<std::runtime_error>(HasSubstr("/nowhere/authorities.pem: ")));
}

}  // namespace
}  // namespace ticketshow::http
