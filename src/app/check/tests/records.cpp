#include "app/check/tests/records.hpp"

#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "services/auth/service.hpp"
#include "services/booking/service.hpp"
#include "services/catalog/service.hpp"
#include "services/notification/service.hpp"
#include "services/payment/service.hpp"

namespace ticketshow::check::testing {
namespace steps {
namespace {

std::string move(std::int64_t transaction, std::string_view reference, std::string_view kind, std::string_view from,
                 std::string_view to, const std::string& user_and_amount) {
  // The wallet's entry needs the movement to be there, so these are two statements; the chain is continued by a
  // trigger.
  return fmt::format(R"(DO $$ BEGIN
INSERT INTO auth.ledger_transaction (id, reference, kind, user_id, debit_account, credit_account, amount, description)
OVERRIDING SYSTEM VALUE
SELECT {0}, '{1}', '{2}', user_id, format('{3}', user_id), format('{4}', user_id), amount, 'test' FROM ({5}) s;
INSERT INTO auth.wallet_entry (transaction_id) VALUES ({0});
END $$)",
                     transaction, reference, kind, from, to, user_and_amount);
}

std::string of_payment(std::int64_t payment) {
  return fmt::format("SELECT user_id, amount FROM payment.payment WHERE id = {}", payment);
}

}  // namespace

std::string credit_wallet(std::int64_t user, std::int64_t transaction, std::int64_t minor) {
  return move(transaction, fmt::format("test:{}", transaction), "CREDIT", "external", "wallet:%s",
              fmt::format("SELECT {}::bigint AS user_id, {}::bigint AS amount", user, minor));
}

std::string hold(std::int64_t booking, std::int64_t user, std::int64_t seat) {
  return fmt::format(R"(DO $$ BEGIN
INSERT INTO booking.booking (id, user_id, schedule_id, screen_id, show_time, created_at, expires_at, total_amount, seats,
                             idempotency_key, correlation_id)
SELECT {0}, {1}, id, screen_id, start_time, now() - interval '1 hour', now() - interval '30 minutes', price, '{{{2}}}',
       'key {0}', 'test' FROM booking.schedule WHERE id = 1;
INSERT INTO booking.booking_seat (booking_id, schedule_id, seat_no) VALUES ({0}, 1, {2});
END $$)",
                     booking, user, seat);
}

std::string resolve(std::int64_t booking, std::string_view state) {
  return fmt::format("UPDATE booking.booking SET state = '{}' WHERE id = {}", state, booking);
}

std::string intend(std::int64_t payment, std::int64_t booking, std::int64_t user) {
  return fmt::format(R"(
INSERT INTO payment.payment (id, booking_id, user_id, amount, currency, method, description, correlation_id, lease_until,
                             next_attempt_at, in_doubt_until)
OVERRIDING SYSTEM VALUE VALUES ({}, {}, {}, 35000, 'INR', 'WALLET', 'test', 'test', now(), now(), now()))",
                     payment, booking, user);
}

std::string debit(std::int64_t payment) {
  return move(2 * payment, fmt::format("payment:{}:debit", payment), "DEBIT", "wallet:%s", "clearing",
              of_payment(payment));
}

std::string fill(std::int64_t payment, std::int64_t minor) {
  return move(2 * payment, fmt::format("top-up:{}:credit", payment), "CREDIT", "external", "wallet:%s",
              fmt::format("SELECT {}::bigint AS user_id, {}::bigint AS amount", ann, minor));
}

std::string capture(std::int64_t payment) {
  return fmt::format("UPDATE payment.payment SET step = 'CAPTURED', transaction_id = {} WHERE id = {}", 2 * payment,
                     payment);
}

std::string fail(std::int64_t payment) {
  return fmt::format("UPDATE payment.payment SET step = 'FAILED', failure_code = 'INSUFFICIENT_FUNDS' WHERE id = {}",
                     payment);
}

std::string confirm(std::int64_t booking, std::int64_t payment) {
  return fmt::format(R"(DO $$ BEGIN
UPDATE booking.booking SET state = 'CONFIRMED', payment_id = {} WHERE id = {};
{};
END $$)",
                     payment, booking, mail(booking, "SENT"));
}

std::string mail(std::int64_t booking, std::string_view state) {
  return fmt::format(R"(
INSERT INTO notification.mail (booking_id, kind, user_id, message_id, state, event_id, schema_version, happened_at,
                               correlation_id, facts, sent_at)
VALUES ({0}, 'BOOKING_CONFIRMED', 1, 'booking-{0}.booking-confirmed@test', '{1}', 'event {0}', 1, now(), 'test', '{{}}',
        CASE WHEN '{1}' = 'SENT' THEN now() END))",
                     booking, state);
}

std::string complete(std::int64_t payment) {
  return fmt::format("UPDATE payment.payment SET step = 'COMPLETED' WHERE id = {}", payment);
}

std::string cancel_paid(std::int64_t booking) {
  return fmt::format(R"(
WITH cancelled AS (UPDATE booking.booking SET state = 'CANCELLED' WHERE id = {} RETURNING id)
INSERT INTO booking.refund_request (booking_id, initiated_by, reason) SELECT id, 'USER', 'test' FROM cancelled)",
                     booking);
}

std::string give_back(std::int64_t payment) {
  return fmt::format(R"(
WITH moved AS (
  UPDATE payment.payment SET step = 'GIVING_BACK', failure_code = 'BOOKING_CANCELLED' WHERE id = {} RETURNING id, amount)
INSERT INTO payment.refund (payment_id, amount, initiated_by, reason) SELECT id, amount, 'USER', 'test' FROM moved)",
                     payment);
}

std::string credit(std::int64_t payment) {
  return move(2 * payment + 1, fmt::format("payment:{}:refund", payment), "REFUND", "clearing", "wallet:%s",
              of_payment(payment));
}

std::string refund(std::int64_t payment) {
  return fmt::format(R"(DO $$ BEGIN
UPDATE payment.refund SET transaction_id = {1}, completed_at = now() WHERE payment_id = {0};
UPDATE payment.payment SET step = 'REFUNDED' WHERE id = {0};
END $$)",
                     payment, 2 * payment + 1);
}

std::vector<std::string> sold(std::int64_t booking, std::int64_t user, std::int64_t seat, std::int64_t payment) {
  return {hold(booking, user, seat), intend(payment, booking, user), debit(payment),
          capture(payment),          confirm(booking, payment),      complete(payment)};
}

std::vector<std::string> cancelled(std::int64_t booking, std::int64_t payment) {
  return {cancel_paid(booking), give_back(payment), credit(payment), refund(payment)};
}

}  // namespace steps

records::records()
    : database_{{"auth", auth::migrations()},
                {"booking", booking::migrations()},
                {"payment", payment::migrations()},
                {"notification", notification::migrations()},
                {"catalog", catalog::migrations()}} {
  take({R"(
INSERT INTO auth.account (id, email, username, password_hash) OVERRIDING SYSTEM VALUE
VALUES (1, 'ann@example.com', 'Ann', '-'), (2, 'bob@example.com', 'Bob', '-'))",
        R"(
INSERT INTO booking.schedule (id, version, state, show_name, venue_name, time_zone, screen_id, screen_name, capacity,
                              seats_per_row, start_time, price, currency)
VALUES (1, 1, 'OPEN', 'The Long Wait', 'Gaiety', 'Asia/Kolkata', 7, 'One', 2000, 12, now() + interval '2 hours', 35000,
        'INR'))",
        steps::credit_wallet(steps::ann, 1, 10'000'00), steps::credit_wallet(steps::bob, 2, 10'000'00)});
}

void records::take(const std::vector<std::string>& statements) const { test::execute(database_.owner(), statements); }

void records::force(std::vector<std::string> statements) const {
  statements.insert(statements.begin(), "SET session_replication_role = replica");
  test::execute(database_.superuser(), statements);
}

void records::drop_constraints() const {
  force({R"(DO $$ DECLARE command text; BEGIN
FOR command IN
  SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', conrelid::regclass, conname) FROM pg_constraint
  WHERE connamespace::regnamespace::text IN ('auth', 'booking', 'payment', 'notification') AND conrelid <> 0
LOOP EXECUTE command; END LOOP;
FOR command IN
  SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index JOIN pg_class c ON c.oid = indrelid
  WHERE indisunique AND c.relnamespace::regnamespace::text IN ('auth', 'booking', 'payment', 'notification')
LOOP EXECUTE command; END LOOP;
END $$)"});
}

options records::where(std::int64_t settle_seconds) const {
  return {.auth_url = database_.owner(),
          .booking_url = database_.owner(),
          .payment_url = database_.owner(),
          .catalog_url = database_.owner(),
          .notification_url = database_.owner(),
          .event_schemas = {{"booking", database_.owner(), {}},
                            {"payment", database_.owner(), {"payment.refund_initiated"}}},
          .settle_seconds = settle_seconds};
}

std::vector<finding> records::check(std::int64_t settle_seconds) const {
  force({"UPDATE auth.ledger_transaction SET created_at = created_at - interval '5 seconds'",
         "UPDATE payment.payment SET updated_at = updated_at - interval '5 seconds'"});
  return check(where(settle_seconds));
}

std::vector<finding> records::check(const options& chosen) {
  rt::asio::io_context io(1);
  return rt::run(io, run_checks(io.get_executor(), chosen));
}

const finding& of(const std::vector<finding>& findings, std::string_view invariant) {
  return *std::ranges::find(findings, invariant, &finding::invariant);
}

std::vector<std::string> rows(const std::vector<finding>& findings) {
  std::vector<std::string> lines;
  for (const auto& each : findings) {
    for (const auto& row : each.rows) lines.push_back(fmt::format("{}: {}", each.invariant, row));
  }
  return lines;
}

}  // namespace ticketshow::check::testing
