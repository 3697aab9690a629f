#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/booking/tests/cinema.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::booking::testing {
namespace {

using ::testing::IsEmpty;
using namespace std::chrono_literals;

/// What should be true, kept beside the system and compared with its answers: one operation at a time.
struct model_booking {
  booking_view view;
  booking_status state = booking_status::PENDING;
  bool lapsed = false;
  std::optional<std::int64_t> payment;

  [[nodiscard]] bool live() const {
    return state == booking_status::CONFIRMED || (state == booking_status::PENDING && !lapsed);
  }
  [[nodiscard]] booking_status shown() const {
    return state == booking_status::PENDING && lapsed ? booking_status::EXPIRED : state;
  }
};

class RandomOperations : public ::testing::Test {
 protected:
  RandomOperations() : random(__FILE__, __LINE__), odeon(settings()) {
    odeon.start_process(settings());
    for (int i = 0; i < 6; ++i) schedules.push_back(odeon.add_schedule(capacity));
  }

  /// Two processes take turns: neither may refuse what the other has set free long ago.
  static options settings() {
    auto chosen = cinema::quick();
    chosen.map_max_age_ms = 1;
    chosen.max_live_seats_per_user = 12;
    chosen.max_seats_in_memory = 4 * capacity;
    return chosen;
  }

  port& any_process() { return odeon.processes().at(static_cast<std::size_t>(random.between(0, 1)))->booking; }

  template <class E>
  auto ask(rt::call call, E request) {
    const auto last = rt::steady_clock::now();  // memory may be behind by as long as map_max_age_ms
    odeon.wait_until([&] { return rt::steady_clock::now() - last > 1ms; });
    return odeon.run(any_process().handle(std::move(call), std::move(request)));
  }

  std::size_t any_booking() { return static_cast<std::size_t>(random.between(0, std::ssize(bookings) - 1)); }

  [[nodiscard]] const model_booking* holder(std::int64_t schedule, std::int64_t seat_id) const {
    for (const auto& each : bookings) {
      const auto& seats = each.view.seat_ids;
      if (each.live() && each.view.schedule_id == schedule && std::ranges::find(seats, seat_id) != seats.end()) {
        return &each;
      }
    }
    return nullptr;
  }

  [[nodiscard]] std::string expected_outcome(std::int64_t user, const create_booking& wish) const {
    for (const auto& each : bookings) {
      if (each.view.user_id != user || keys.at(each.view.id) != wish.idempotency_key) continue;
      auto seats = wish.seat_ids;
      std::ranges::sort(seats);
      return each.view.schedule_id == wish.schedule_id && each.view.seat_ids == seats ? "OK" : "IDEMPOTENCY_CONFLICT";
    }
    if (closed.contains(wish.schedule_id)) return "SALES_CLOSED";
    std::int64_t own = std::ssize(wish.seat_ids);
    for (const auto& each : bookings) {
      if (each.live() && each.view.user_id == user && each.view.schedule_id == wish.schedule_id) {
        own += std::ssize(each.view.seat_ids);
      }
    }
    for (const auto seat : wish.seat_ids) {
      if (holder(wish.schedule_id, seat) != nullptr) return "SEATS_TAKEN";
    }
    return own > settings().max_live_seats_per_user ? "TOO_MANY_HOLDS" : "OK";
  }

  void hold() {
    const auto schedule = schedules.at(static_cast<std::size_t>(random.between(0, std::ssize(schedules) - 1)));
    const auto user = random.between(1, 5);
    std::set<std::int64_t> seats;
    const auto count = random.between(1, 4);
    while (std::ssize(seats) < count) seats.insert(random.between(1, capacity));
    auto wish = odeon.wish(schedule, {seats.begin(), seats.end()});
    if (!bookings.empty() && random.one_in(6)) {
      const auto& earlier = bookings[any_booking()].view;
      wish.idempotency_key = keys.at(earlier.id);
      if (random.one_in(2)) {
        wish.schedule_id = earlier.schedule_id;
        wish.seat_ids = earlier.seat_ids;
      }
    }
    const auto expected = expected_outcome(user, wish);
    const auto answer = ask(cinema::call_of(user), wish);
    // What is known to be taken may be refused before the key or the sale is looked at.
    const bool plausible = code_of(answer) == "SEATS_TAKEN" && expected != "OK" &&
                           std::ranges::any_of(wish.seat_ids, [&](std::int64_t seat) {
                             return holder(wish.schedule_id, seat) != nullptr;
                           });
    const bool late_replay = code_of(answer) == "SEATS_TAKEN" && expected == "OK" && known_key(user, wish) &&
                             std::ranges::any_of(wish.seat_ids, [&](std::int64_t seat) {
                               const auto* by = holder(wish.schedule_id, seat);
                               return by != nullptr && by->view.user_id != user;
                             });
    ASSERT_TRUE(code_of(answer) == expected || plausible || late_replay) << code_of(answer) << " for " << expected;
    if (!answer) return;
    const auto known = std::ranges::find(bookings, answer->id, [](const auto& each) { return each.view.id; });
    if (known != bookings.end()) {
      ASSERT_EQ(answer->status, known->shown());
    } else {
      for (auto& each : bookings) {  // the database has expired what stood in the way
        if (each.lapsed && each.state == booking_status::PENDING && overlap(each.view, *answer)) {
          each.state = booking_status::EXPIRED;
        }
      }
      keys[answer->id] = wish.idempotency_key;
      bookings.push_back({.view = *answer, .payment = {}});
    }
  }

  [[nodiscard]] bool known_key(std::int64_t user, const create_booking& wish) const {
    return std::ranges::any_of(bookings, [&](const auto& each) {
      return each.view.user_id == user && keys.at(each.view.id) == wish.idempotency_key;
    });
  }

  static bool overlap(const booking_view& one, const booking_view& other) {
    return one.schedule_id == other.schedule_id && std::ranges::any_of(one.seat_ids, [&](std::int64_t seat) {
             return std::ranges::find(other.seat_ids, seat) != other.seat_ids.end();
           });
  }

  void cancel() {
    if (bookings.empty()) return;
    auto& chosen = bookings[any_booking()];
    const bool possible = chosen.live() || chosen.state == booking_status::CANCELLED;
    const auto answer = ask(cinema::call_of(chosen.view.user_id), cancel_booking{chosen.view.id});
    ASSERT_EQ(code_of(answer), possible ? "OK" : "NOT_CANCELLABLE");
    if (possible) chosen.state = booking_status::CANCELLED;
  }

  [[nodiscard]] settlement expected_settlement(const model_booking& of, std::int64_t payment, money amount) const {
    if (of.payment == payment) return settlement::CONFIRMED;
    if (of.state == booking_status::CONFIRMED) return settlement::SURPLUS;
    if (of.state == booking_status::CANCELLED) return settlement::CANCELLED;
    if (amount != of.view.total_amount) return settlement::AMOUNT_MISMATCH;
    if (of.live()) return settlement::CONFIRMED;
    if (closed.contains(of.view.schedule_id)) return settlement::SALES_CLOSED;
    for (const auto seat : of.view.seat_ids) {
      const auto* by = holder(of.view.schedule_id, seat);
      if (by != nullptr && by != &of) return settlement::SEATS_GONE;
    }
    return settlement::CONFIRMED;
  }

  void settle() {
    if (bookings.empty()) return;
    auto& chosen = bookings[any_booking()];
    const auto payment = chosen.view.id * 10 + random.between(0, 1);
    auto amount = chosen.view.total_amount;
    if (random.one_in(8)) amount.minor -= 1;
    const auto expected = expected_settlement(chosen, payment, amount);
    const auto answer = ask(cinema::service_call("payment"), settle_booking{chosen.view.id, payment, amount});
    ASSERT_EQ(answer.value().outcome, expected);
    if (expected != settlement::CONFIRMED || chosen.payment == payment) return;
    for (auto& each : bookings) {
      if (&each != &chosen && each.lapsed && each.state == booking_status::PENDING && overlap(each.view, chosen.view)) {
        each.state = booking_status::EXPIRED;
      }
    }
    chosen.state = booking_status::CONFIRMED;
    chosen.payment = payment;
  }

  void lapse() {
    if (bookings.empty()) return;
    auto& chosen = bookings[any_booking()];
    if (chosen.state != booking_status::PENDING || chosen.lapsed) return;
    odeon.lapse(chosen.view.id);
    chosen.lapsed = true;
  }

  void cancel_showing() {
    if (closed.size() + 2 > schedules.size()) return;
    const auto schedule = schedules.at(static_cast<std::size_t>(random.between(0, std::ssize(schedules) - 1)));
    odeon.in_catalog(schedule).status = catalog::schedule_status::CANCELLED;
    ++odeon.in_catalog(schedule).version;
    odeon.tell(schedule);
    closed.insert(schedule);
    odeon.wait_until([&] {
      const auto state = odeon.sql(fmt::format("SELECT state FROM booking.schedule WHERE id = {}", schedule));
      return state.empty() || state == "CANCELLED";
    });
    for (auto& each : bookings) {
      const bool claims = each.state == booking_status::PENDING || each.state == booking_status::CONFIRMED;
      if (each.view.schedule_id == schedule && claims) each.state = booking_status::CANCELLED;
    }
  }

  void compare() {
    for (const auto& each : bookings) {
      const auto shown = ask(cinema::call_of(each.view.user_id), get_booking{each.view.id}).value();
      ASSERT_EQ(shown.status, each.shown()) << "booking " << each.view.id;
    }
    ASSERT_THAT(odeon.broken_invariants(), IsEmpty());
  }

  static constexpr std::int64_t capacity = 30;
  test::seeded random;
  cinema odeon;
  std::vector<std::int64_t> schedules;
  std::set<std::int64_t> closed;
  std::vector<model_booking> bookings;
  std::map<std::int64_t, std::string> keys;  // by booking
};

TEST_F(RandomOperations, AgreeWithTheModelOverTwoProcesses) {
  constexpr int operations = 1'500;
  for (int i = 0; i < operations && !HasFatalFailure(); ++i) {
    const auto dice = random.between(1, 100);
    if (dice <= 50) {
      hold();
    } else if (dice <= 65) {
      cancel();
    } else if (dice <= 85) {
      settle();
    } else if (dice <= 99) {
      lapse();
    } else if (random.one_in(4)) {
      cancel_showing();
    }
    if (i % 250 == 249 && !HasFatalFailure()) compare();
    if (HasFatalFailure()) ADD_FAILURE() << "at operation " << i;
  }
}

}  // namespace
}  // namespace ticketshow::booking::testing
