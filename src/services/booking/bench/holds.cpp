// Holds a second through booking's port, in process: spread over many schedules, on one hot one, and refusals of a sold
// out one. Not a test: it prints what it measured. Usage: booking_bench [seconds] [clients]
#include <algorithm>
#include <cstdlib>
#include <random>

#include <fmt/format.h>

#include "services/booking/tests/cinema.hpp"

namespace ticketshow::booking::testing {
namespace {

using namespace std::chrono_literals;
using clock = rt::steady_clock;

struct tally {
  const char* phase;
  clock::time_point end;
  std::vector<double> latencies_ms;
  std::int64_t held = 0;
  std::int64_t refused = 0;
  std::map<std::string, std::int64_t> refusals;
};

/// Takes the next free seats of a random schedule, two at a time.
struct house {
  std::vector<std::int64_t> schedules;
  std::vector<std::int64_t> next;  // seat, by schedule
  std::int64_t capacity;
};

rt::task<> client(cinema& odeon, house& rooms, tally& count, std::int64_t user) {
  std::mt19937_64 random(static_cast<std::uint64_t>(user));
  auto& booking = odeon.first().booking;
  for (std::int64_t i = 0; clock::now() < count.end; ++i) {
    const auto room = random() % rooms.schedules.size();
    auto& seat = rooms.next[room];
    if (seat + 1 > rooms.capacity) seat = 1;
    auto wish = odeon.wish(rooms.schedules[room], {seat, seat + 1}, fmt::format("{}-{}-{}", count.phase, user, i));
    seat += 2;
    const auto began = clock::now();
    const auto answer = co_await booking.handle(cinema::call_of(user * 1'000'000 + i), std::move(wish));
    count.latencies_ms.push_back(std::chrono::duration<double, std::milli>(clock::now() - began).count());
    ++(answer ? count.held : count.refused);
    if (!answer) ++count.refusals[code_of(answer)];
  }
}

rt::task<bool> counted(cinema& odeon, house& rooms, tally& count, std::int64_t user) {
  co_await client(odeon, rooms, count, user);
  co_return true;
}

void measure(const char* what, cinema& odeon, house& rooms, int seconds, int clients) {
  for (const auto each : rooms.schedules) odeon.ask(0, get_seat_map{each}).value();
  tally count{.phase = what, .end = clock::now() + std::chrono::seconds(seconds), .latencies_ms = {}};
  std::vector<rt::task<bool>> work;
  for (int i = 1; i <= clients; ++i) work.push_back(counted(odeon, rooms, count, i));
  const auto began = clock::now();
  odeon.run_all(std::move(work));
  const auto took = std::chrono::duration<double>(clock::now() - began).count();
  std::ranges::sort(count.latencies_ms);
  const auto p99 = count.latencies_ms[count.latencies_ms.size() * 99 / 100];
  fmt::print("{:34} {:9.0f} held/s {:9.0f} refused/s  p50 {:6.2f} ms  p99 {:6.2f} ms\n", what,
             static_cast<double>(count.held) / took, static_cast<double>(count.refused) / took,
             count.latencies_ms[count.latencies_ms.size() / 2], p99);
  for (const auto& [code, times] : count.refusals) fmt::print("    {} {}\n", times, code);
}

house rooms_of(cinema& odeon, int count, std::int64_t capacity) {
  house rooms{
      .schedules = {}, .next = std::vector<std::int64_t>(static_cast<std::size_t>(count), 1), .capacity = capacity};
  for (int i = 0; i < count; ++i) rooms.schedules.push_back(odeon.add_schedule(capacity));
  return rooms;
}

}  // namespace
}  // namespace ticketshow::booking::testing

int main(int argc, char** argv) {
  using namespace ticketshow::booking::testing;
  const int seconds = argc > 1 ? std::atoi(argv[1]) : 5;
  const int clients = argc > 2 ? std::atoi(argv[2]) : 64;
  auto settings = cinema::quick();
  settings.max_batch = 128;
  cinema odeon(settings);
  auto spread = rooms_of(odeon, 2'000, 200);
  measure("2,000 schedules", odeon, spread, seconds, clients);
  auto hot = rooms_of(odeon, 1, 2'000);
  measure("one hot schedule, until sold out", odeon, hot, 1, clients);
  measure("one sold out schedule", odeon, hot, seconds, clients);
}
