#include <array>
#include <atomic>
#include <cstring>
#include <malloc.h>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/queries.hpp"
#include "app/check/tests/records.hpp"
#include "pg/conninfo.hpp"
#include "pg/pool.hpp"

namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace steps;

/// Every way a booking can legally end, each with its own seat but for 2 and 5.
void live_soundly(const records& r) {
  const auto run = [&](std::vector<std::string> statements) { r.take(statements); };
  run({hold(1, ann, 1)});                                                          // still held
  run({hold(2, ann, 2), resolve(2, "EXPIRED")});                                   // expired, its seat sold anew
  run({hold(3, bob, 3), resolve(3, "CANCELLED")});                                 // cancelled before it was paid
  run({hold(4, bob, 4), resolve(4, "FAILED")});                                    // failed
  run(sold(5, bob, 2, 5));                                                         // sold
  run(sold(6, ann, 6, 6));                                                         // sold, cancelled, given back
  run(cancelled(6, 6));                                                            //
  run({hold(7, ann, 7), intend(7, 7, ann), fail(7)});                              // sold at the second attempt
  run({intend(8, 7, ann), debit(8), capture(8), confirm(7, 8), complete(8)});      //
  run({hold(8, bob, 8), intend(9, 8, bob), resolve(8, "EXPIRED")});                // paid late, seat still free
  run({debit(9), capture(9), confirm(8, 9), complete(9)});                         //
  run({hold(9, bob, 9), intend(10, 9, bob), debit(10), resolve(9, "CANCELLED")});  // paid after it was cancelled
  run({capture(10), give_back(10), credit(10), refund(10)});                       //
  run(
      {"INSERT INTO booking.outbox (event_id, topic, key, schema_version, correlation_id, payload, published_at) "
       "VALUES "
       "('told', 'payment.refund_initiated', '6', 1, 'c', '{}', now())",
       "INSERT INTO payment.inbox (event_id) VALUES ('told')"});
}

TEST(check, every_statement_holds_against_the_migrated_schemas) {
  const records r;
  // Those of I7 go to any schema with events.
  const auto where = pg::with_words(r.where().auth_url, {{"options", "-c search_path=booking"}});
  EXPECT_THAT(test::prepare_all(where, queries::all_statements), IsEmpty());
  for (const auto* each : queries::all_cursors) {
    const std::string_view sql = each->sql;
    const std::string query(sql.substr(sql.find("CURSOR FOR") + std::strlen("CURSOR FOR")));
    const pg::statement alone{each->name, query.c_str()};
    EXPECT_THAT(test::prepare_all(where, std::array{&alone}), IsEmpty());
  }
}

TEST(check, everything_is_kept_in_a_sound_state) {
  const records r;
  live_soundly(r);
  const auto findings = r.check();
  EXPECT_THAT(rows(findings), IsEmpty());
  EXPECT_TRUE(all_kept(findings));
  std::vector<std::string> names;
  for (const auto& each : findings) {
    names.push_back(each.invariant);
    EXPECT_GT(each.looked_at, 0) << each.invariant;
    EXPECT_EQ(each.in_flight, 0) << each.invariant;
  }
  EXPECT_THAT(names, ElementsAre("I1", "I2", "I3", "I4", "I5", "I7", "I9", "I10"));
}

TEST(check, nothing_at_all_keeps_everything) {
  const auto findings = records().check();
  EXPECT_TRUE(all_kept(findings));
  EXPECT_EQ(of(findings, "I3").looked_at, 0);
}

/// That many accounts, each with money in its wallet and one booking that is sold.
std::vector<std::string> crowd(std::int64_t size) {
  std::vector<std::string> statements{
      R"(INSERT INTO booking.booking (id, user_id, schedule_id, screen_id, show_time, created_at, expires_at, total_amount,
                                      seats, idempotency_key, correlation_id, state, payment_id)
         SELECT n, n, n, 1, now(), now(), now() + interval '1 hour', 1, '{1}', 'key', 'test', 'CONFIRMED', n)",
      "INSERT INTO booking.booking_seat (booking_id, schedule_id, seat_no) SELECT n, n, 1",
      R"(INSERT INTO payment.payment (id, booking_id, user_id, amount, currency, method, description, correlation_id, step,
                                      transaction_id, lease_until, next_attempt_at, in_doubt_until)
         OVERRIDING SYSTEM VALUE
         SELECT n, n, n, 1, 'INR', 'WALLET', 'test', 'test', 'COMPLETED', 2 * n, now(), now(), now())",
      R"(INSERT INTO auth.ledger_transaction (id, reference, kind, user_id, debit_account, credit_account, amount,
                                              description)
         OVERRIDING SYSTEM VALUE
         SELECT 2 * n, format('payment:%s:debit', n), 'DEBIT', n, 'wallet:' || n, 'clearing', 1, 'test')",
      R"(INSERT INTO auth.ledger_transaction (id, reference, kind, user_id, debit_account, credit_account, amount,
                                              description)
         OVERRIDING SYSTEM VALUE
         SELECT 2 * n + 1, 'test:' || n, 'CREDIT', n, 'external', 'wallet:' || n, 1, 'test')",
      "INSERT INTO auth.wallet_entry SELECT n, 1, 2 * n + 1, 1, 1",
      "INSERT INTO auth.wallet_entry SELECT n, 2, 2 * n, -1, 0",
      R"(INSERT INTO notification.mail (booking_id, kind, user_id, message_id, state, event_id, schema_version, happened_at,
                                        correlation_id, facts, sent_at)
         SELECT n, 'BOOKING_CONFIRMED', n, format('booking-%s.booking-confirmed@test', n), 'SENT', n, 1, now(), 'test',
                '{}', now())"};
  for (const auto* steps : {"NULL, 'INTENT'", "'INTENT', 'CAPTURED'", "'CAPTURED', 'COMPLETED'"}) {
    statements.push_back(fmt::format(
        "INSERT INTO payment.transition (payment_id, from_step, to_step, reason, run) SELECT n, {}, 'test', 1", steps));
  }
  for (auto& each : statements) each += fmt::format(" FROM generate_series(100, {}) n", 99 + size);
  return statements;
}

/// Bookings are sold, cancelled and given back, one after another.
rt::task<> keep_living(pg::pool& on, std::function<bool()> enough) {
  std::int64_t statements = 0;
  for (std::int64_t id = 1'000'000; !enough(); ++id) {
    auto life = sold(id, id % 2 == 0 ? ann : bob, id % 1000 + 1, id);
    const auto end = cancelled(id, id);
    life.insert(life.end(), end.begin(), end.end());
    for (const auto& sql : life) {
      const auto name = fmt::format("life_{}", ++statements);
      const pg::statement what{name.c_str(), sql.c_str()};
      const auto until = rt::deadline::after(std::chrono::seconds(10));
      co_await on.run(until, what);
    }
  }
}

TEST(check, what_moves_while_it_is_read_is_never_broken) {
  const records r;
  r.force(crowd(2'000));  // so that the checks take their time
  rt::asio::io_context io(1);
  pg::pool services(io.get_executor(), {.name = "services", .conninfo = r.where().auth_url, .max_connections = 1});
  bool enough = false;
  std::optional<std::exception_ptr> ended;
  rt::asio::co_spawn(io, keep_living(services, [&] { return enough; }),
                     [&](std::exception_ptr thrown) { ended = std::move(thrown); });
  std::int64_t in_flight = 0;
  std::vector<finding> last;
  for (int i = 0; i < 15 && !HasFailure(); ++i) {
    last = rt::run(io, run_checks(io.get_executor(), r.where(60)));
    EXPECT_THAT(rows(last), IsEmpty());
    for (const auto& each : last) in_flight += each.in_flight;
  }
  enough = true;
  while (!ended && io.run_one() != 0) {
  }
  if (*ended) std::rethrow_exception(*ended);
  rt::run(io, services.stop(rt::deadline::after(std::chrono::seconds(10))));
  EXPECT_GT(of(last, "I4").looked_at, 10);  // bookings came and went
  EXPECT_GT(in_flight, 0);                  // and were seen in between
}

TEST(check, memory_and_report_stay_small_however_much_there_is) {
  constexpr std::int64_t many = 25'000;
  const records r;
  r.force(crowd(many));
  rt::asio::io_context io(1);
  std::optional<std::vector<finding>> findings;
  const auto in_use = [] {
    const auto now = ::mallinfo2();  // zeros under a sanitizer, whose allocator is another
    return now.uordblks + now.hblkhd;
  };
  const auto check = [&](const options& chosen) {
    findings.reset();
    rt::asio::co_spawn(io, run_checks(io.get_executor(), chosen),
                       [&](const std::exception_ptr& thrown, std::vector<finding> found) {
                         if (!thrown) findings = std::move(found);
                       });
    const auto before = in_use();
    std::size_t most = before;
    io.restart();
    while (!findings && io.run_one() != 0) most = std::max(most, in_use());
    EXPECT_LT(most - before, 4'000'000U);
  };
  auto chosen = r.where();
  check(chosen);
  ASSERT_TRUE(findings);
  EXPECT_THAT(rows(*findings), IsEmpty());
  EXPECT_EQ(of(*findings, "I3").looked_at, 2 * many);

  r.force({"UPDATE booking.booking_seat SET live = false", "UPDATE booking.booking SET total_amount = 2",
           "UPDATE auth.wallet_entry SET seq = seq + 5", "UPDATE payment.payment SET step = 'CAPTURED'"});
  chosen.examples = 7;
  check(chosen);
  ASSERT_TRUE(findings);
  for (const auto* broken : {"I1", "I2", "I3", "I10"}) {
    EXPECT_GE(of(*findings, broken).broken, many) << broken;
    EXPECT_EQ(of(*findings, broken).rows.size(), 7U) << broken;
  }
}

TEST(check, what_is_broken_is_broken_without_examples) {
  const records r;
  r.take({hold(1, ann, 1)});
  r.force({"UPDATE booking.booking_seat SET live = false"});
  auto chosen = r.where();
  chosen.examples = 0;
  const auto findings = records::check(chosen);
  EXPECT_EQ(of(findings, "I1").broken, 1);
  EXPECT_THAT(rows(findings), IsEmpty());
}

TEST(check, it_works_where_the_schemas_live_apart_and_writes_nothing) {
  const records auth;
  const records booking;
  const records payment;
  auth.take(sold(1, ann, 1, 11));
  booking.take(sold(1, ann, 1, 11));
  payment.take(sold(1, ann, 1, 11));  // with the mail
  booking.take({hold(2, bob, 2)});
  auth.force({"UPDATE booking.booking_seat SET live = false", "TRUNCATE payment.payment CASCADE"});
  payment.force({"UPDATE auth.wallet_entry SET balance = balance + 1"});
  options chosen{.auth_url = auth.where().auth_url,
                 .booking_url = booking.where().booking_url,
                 .payment_url = payment.where().payment_url,
                 .notification_url = payment.where().notification_url};
  EXPECT_THAT(rows(records::check(chosen)), IsEmpty());
  // A role that may only read is enough.
  for (auto* url : {&chosen.auth_url, &chosen.booking_url, &chosen.payment_url, &chosen.notification_url}) {
    *url = pg::with_words(*url, {{"options", "-c default_transaction_read_only=on"}});
  }
  EXPECT_THAT(rows(records::check(chosen)), IsEmpty());
}

TEST(check, a_database_that_cannot_be_read_is_an_error_and_not_a_finding) {
  const records r;
  auto chosen = r.where();
  chosen.payment_url = pg::with_words(chosen.payment_url, {{"dbname", "there_is_no_such_database"}});
  try {
    records::check(chosen);
    ADD_FAILURE() << "read what is not there";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("there_is_no_such_database"));
  }
  r.take({"ALTER TABLE auth.wallet_entry DROP COLUMN balance"});
  EXPECT_THROW(records::check(r.where()), pg::sql_error);
}

}  // namespace
}  // namespace ticketshow::check::testing
