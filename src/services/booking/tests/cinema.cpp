#include "services/booking/tests/cinema.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/wait_until.hpp"

namespace ticketshow::booking::testing {

using namespace std::chrono_literals;

cinema::cinema(options settings) { start_process(settings); }

cinema::~cinema() {
  for (auto& each : processes_) {
    if (each->running) stop(*each);
  }
}

std::int64_t cinema::add_schedule(std::int64_t capacity) {
  const auto id = next_schedule_++;
  const auto start = std::chrono::time_point_cast<std::chrono::seconds>(clock.now()) + 2h;
  catalog.schedules[id] = {.id = id,
                           .version = 1,
                           .status = catalog::schedule_status::ACTIVE,
                           .show_id = 1,
                           .show_title = "The Long Wait",
                           .venue_id = 1,
                           .venue_name = "Odeon",
                           .venue_address = "1 Station Road, Pune",
                           .city = "Pune",
                           .time_zone = "Asia/Kolkata",
                           .screen_id = 1 + id % 7,
                           .screen_name = "Screen",
                           .capacity = capacity,
                           .seats_per_row = 10,
                           .start_time = start,
                           .end_time = start + 2h,
                           .price = {350'00},
                           .currency = "INR"};
  return id;
}

process& cinema::start_process(options settings) {
  processes_.push_back(std::make_unique<process>(io.get_executor(), database.service("booking"), clock, random,
                                                 settings, catalog, accounts, bus));
  auto& made = *processes_.back();
  run(made.pool.start());
  run(made.booking.start());
  return made;
}

void cinema::stop(process& which) {
  run(which.booking.stop(rt::deadline::after(10s)));
  run(which.pool.stop(rt::deadline::after(10s)));
  which.running = false;
}

rt::call cinema::call_of(std::int64_t user_id) {
  return {.until = rt::deadline::after(20s),
          .correlation_id = fmt::format("test-{}", user_id),
          .caller = {.type = rt::principal::kind::user, .user_id = user_id}};
}

rt::call cinema::service_call(std::string name) { return call_of(0).as_service(std::move(name)); }

create_booking cinema::wish(std::int64_t schedule_id, std::vector<std::int64_t> positions, std::string key) {
  if (key.empty()) key = fmt::format("key-{}", next_key_++);
  const auto screen_id = in_catalog(schedule_id).screen_id;
  for (auto& each : positions) each = catalog::seat_id_of(screen_id, each);
  return {.schedule_id = schedule_id, .seat_ids = std::move(positions), .idempotency_key = std::move(key)};
}

booking_view cinema::hold(std::int64_t user_id, std::int64_t schedule_id, std::vector<std::int64_t> positions,
                          std::string key) {
  auto answer = ask(user_id, wish(schedule_id, std::move(positions), std::move(key)));
  EXPECT_EQ(code_of(answer), "OK");
  return answer.value();
}

settlement cinema::settle(const booking_view& booking, std::int64_t payment_id) {
  return ask_as_service(settle_booking{booking.id, payment_id, booking.total_amount}).value().outcome;
}

std::string cinema::seat_map(std::int64_t schedule_id) {
  const auto answer = ask(0, get_seat_map{schedule_id}).value();
  const auto document = contract::parse_document(*answer.json);
  std::vector<seat_view> seats;
  contract::problems found;
  contract::read_json(document.root, seats, "", found);
  EXPECT_TRUE(document.ok && found.empty()) << *answer.json;
  std::string states;
  for (const auto& each : seats) {
    states += each.is_booked ? "sold" : each.is_locked ? "held" : each.is_available ? "free" : "-";
    states += ' ';
  }
  if (!states.empty()) states.pop_back();
  return states;
}

void cinema::tell(std::int64_t schedule_id, std::optional<std::string> ticket) {
  run(bus.deliver(catalog::schedule_changed{in_catalog(schedule_id), std::move(ticket)}));
}

void cinema::lapse(std::int64_t booking_id) {
  sql(fmt::format(
      "UPDATE booking.booking SET created_at = now() - interval '11 minutes', expires_at = now() - interval "
      "'1 millisecond' WHERE id = {}",
      booking_id));
}

void cinema::begin_show(std::int64_t schedule_id) {
  in_catalog(schedule_id).start_time -= 3h;
  ++in_catalog(schedule_id).version;
  tell(schedule_id);
  sql(fmt::format("UPDATE booking.booking SET show_time = show_time - interval '3 hours' WHERE schedule_id = {}",
                  schedule_id));
}

std::vector<std::string> cinema::sql(const std::vector<std::string>& statements) const {
  return test::execute(database.owner(), statements);
}

std::string cinema::sql(const std::string& statement) const {
  const auto rows = sql(std::vector<std::string>{statement});
  return rows.empty() ? std::string() : rows.front();
}

std::vector<std::string> cinema::broken_invariants() const {
  return sql(std::vector<std::string>{R"(
    SELECT 'I1: seat ' || schedule_id || '/' || seat_no || ' is claimed ' || count(*) || ' times'
    FROM booking.booking_seat JOIN booking.booking b USING (schedule_id)
    WHERE b.id = booking_id AND b.state IN ('PENDING', 'CONFIRMED')
    GROUP BY schedule_id, seat_no HAVING count(*) > 1
    UNION ALL
    SELECT 'I1: the claims of booking ' || b.id || ' are not its seats' FROM booking.booking b
    WHERE b.seats <> (SELECT array_agg(s.seat_no ORDER BY s.seat_no) FROM booking.booking_seat s
                      WHERE s.booking_id = b.id AND s.live = b.live AND s.schedule_id = b.schedule_id)
       OR NOT EXISTS (SELECT FROM booking.booking_seat s WHERE s.booking_id = b.id)
    UNION ALL
    SELECT 'I9: user ' || user_id || ' has ' || count(*) || ' bookings by the key ' || idempotency_key
    FROM booking.booking GROUP BY user_id, idempotency_key HAVING count(*) > 1
    UNION ALL
    SELECT 'I10: booking ' || id || ' is ' || state || ' with payment ' || coalesce(payment_id::text, 'none')
    FROM booking.booking WHERE (state = 'CONFIRMED') <> (payment_id IS NOT NULL) AND state <> 'CANCELLED'
    UNION ALL
    SELECT 'I4: booking ' || b.id || ' is ' || state || CASE WHEN r.booking_id IS NULL THEN ' without' ELSE ' with' END
           || ' a refund'
    FROM booking.booking b LEFT JOIN booking.refund_request r ON r.booking_id = b.id
    WHERE (b.state = 'CANCELLED' AND b.payment_id IS NOT NULL) <> (r.booking_id IS NOT NULL))"});
}

void cinema::wait_until(const std::function<bool()>& done) { test::wait_until(io, done); }

}  // namespace ticketshow::booking::testing
