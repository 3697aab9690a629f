#include <cstdio>

#include "app/commands.hpp"
#include "app/process.hpp"
#include "services/booking/administration.hpp"

namespace ticketshow::app {
namespace {

using namespace std::chrono_literals;

rt::task<std::string> rotate(rt::executor io, const settings& configured) {
  pg::pool pool(io, {.name = "booking", .conninfo = database_url_of(configured, "booking"), .max_connections = 1});
  co_await pool.start();
  system_random_source random;
  auto kid = co_await booking::rotate_ticket_key(pool, rt::deadline::after(10s), random);
  co_await pool.stop(rt::deadline::after(5s));
  co_return kid;
}

}  // namespace

int rotate_ticket_key(const settings& configured, const command_options&) {
  rt::asio::io_context context(1);
  const auto kid = rt::run(context, rotate(context.get_executor(), configured));
  std::printf("The new key is %s; it signs the tickets of bookings that are made from a minute on.\n", kid.c_str());
  return 0;
}

}  // namespace ticketshow::app
