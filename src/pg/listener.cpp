#include "pg/listener.hpp"

#include "pg/connection.hpp"

namespace ticketshow::pg {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_time = 5s;
constexpr auto pause = 1s;  // between two attempts

}  // namespace

listener::listener(rt::executor io, std::string conninfo, std::string channel, std::string application_name,
                   listening_function heard)
    : io_(io),
      conninfo_(std::move(conninfo)),
      channel_(std::move(channel)),
      application_name_(std::move(application_name)),
      heard_(std::move(heard)) {}

void listener::start(rt::gate& background) {
  background.repeat(pause, [this] { return listen(); });
}

rt::task<> listener::listen() {
  connection line(io_);
  const auto until = rt::deadline::after(connect_time);
  co_await line.connect(conninfo_, {.application_name = application_name_, .settings = "", .pipelined = false}, until);
  const auto command = "LISTEN " + channel_;
  line.queue_script(command.c_str());
  co_await line.exchange(until);
  struct silence {
    bool& listening;
    ~silence() { listening = false; }
  };
  const silence at_end{listening_};
  listening_ = true;
  heard_({});
  while (true) {
    const auto said = co_await line.wait_notified();
    heard_(said);
  }
}

}  // namespace ticketshow::pg
