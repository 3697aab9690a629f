#include "app/check/check.hpp"

#include <algorithm>
#include <deque>
#include <memory>

#include <fmt/format.h>

#include "app/check/crossing.hpp"
#include "app/check/event_checks.hpp"
#include "app/check/poster_checks.hpp"
#include "app/check/queries.hpp"
#include "app/check/search_checks.hpp"
#include "app/check/snapshot.hpp"

namespace ticketshow::check {
namespace {

booking_row read(const pg::result_set::row& row, const booking_row*) {
  return {.id = row.get<std::int64_t>(0),
          .user_id = row.get<std::int64_t>(1),
          .amount = row.get<money>(2),
          .state = row.get<std::string>(3),
          .payment_id = row.get<std::optional<std::int64_t>>(4),
          .refund_asked_ms = row.get<std::optional<std::int64_t>>(5)};
}

payment_row read(const pg::result_set::row& row, const payment_row*) {
  return {.id = row.get<std::int64_t>(0),
          .booking_id = row.get<std::int64_t>(1),
          .user_id = row.get<std::int64_t>(2),
          .amount = row.get<money>(3),
          .step = row.get<std::string>(4),
          .debit_id = row.get<std::optional<std::int64_t>>(5),
          .age_ms = row.get<std::int64_t>(6),
          .credit_id = row.get<std::optional<std::int64_t>>(7),
          .refund_amount = row.get<std::optional<money>>(8),
          .course = row.get<std::string>(9)};
}

movement_row read(const pg::result_set::row& row, const movement_row*) {
  return {.payment_id = row.get<std::int64_t>(0),
          .what = row.get<std::string>(1),
          .id = row.get<std::int64_t>(2),
          .kind = row.get<std::string>(3),
          .user_id = row.get<std::int64_t>(4),
          .amount = row.get<money>(5),
          .age_ms = row.get<std::int64_t>(6)};
}

mail_row read(const pg::result_set::row& row, const mail_row*) {
  return {.booking_id = row.get<std::int64_t>(0),
          .message_id = row.get<std::optional<std::string>>(1),
          .state = row.get<std::string>(2),
          .queued_s = row.get<std::int64_t>(3),
          .overdue_s = row.get<std::int64_t>(4),
          .words = row.get<std::string>(5),
          .set_aside = row.get<bool>(6)};
}

/// The rows of a cursor in order, a chunk in memory at a time.
template <class Row>
class stream {
 public:
  stream(snapshot& from, const pg::statement& fetch) : from_(from), fetch_(fetch) {}

  static rt::task<stream> open(snapshot& from, const pg::statement& declare, const pg::statement& fetch) {
    co_await from.run(declare);
    stream made(from, fetch);
    co_await made.fill();
    co_return made;
  }

  /// The next row, or null behind the last.
  [[nodiscard]] const Row* next() const { return rows_.empty() ? nullptr : &rows_.front(); }
  rt::task<Row> take() {
    Row taken = std::move(rows_.front());
    rows_.pop_front();
    if (rows_.empty()) co_await fill();
    co_return taken;
  }

 private:
  rt::task<> fill() {
    const auto chunk = co_await from_.run(fetch_);
    for (const auto& row : chunk) rows_.push_back(read(row, static_cast<const Row*>(nullptr)));
  }

  snapshot& from_;
  const pg::statement& fetch_;
  std::deque<Row> rows_;
};

struct databases {
  snapshot& auth;
  snapshot& booking;
  snapshot& payment;
  snapshot& notification;
};

/// I1 no seat twice.
rt::task<> check_seats(databases in, const options& chosen, tally into) {
  into.looked_at(co_await in.booking.count(queries::count_claims));
  co_await in.booking.look_for(queries::seats_twice, chosen, into);
  co_await in.booking.look_for(queries::claims_astray, chosen, into);
  co_await in.booking.look_for(queries::seats_unclaimed, chosen, into);
}

/// I2 the ledger in itself, and with the payments that moved it; of I4, what the ledger says of it.
rt::task<> check_money(databases in, const options& chosen, tally into, tally refunded) {
  into.looked_at(co_await in.auth.count(queries::count_movements));
  co_await in.auth.look_for(queries::wallets_astray, chosen, into);
  co_await in.auth.look_for(queries::movements_astray, chosen, into);
  co_await in.auth.look_for(queries::movements_unnamed, chosen, into);

  auto payments = co_await stream<payment_row>::open(in.payment, queries::declare_payments, queries::fetch_payments);
  auto movements = co_await stream<movement_row>::open(in.auth, queries::declare_movements, queries::fetch_movements);
  while (payments.next() != nullptr || movements.next() != nullptr) {
    const bool of_payment = payments.next() != nullptr &&
                            (movements.next() == nullptr || payments.next()->id <= movements.next()->payment_id);
    const auto id = of_payment ? payments.next()->id : movements.next()->payment_id;
    std::optional<payment_row> payment;
    if (of_payment) payment.emplace(co_await payments.take());
    std::vector<movement_row> moved;
    while (movements.next() != nullptr && movements.next()->payment_id == id) {
      auto each = co_await movements.take();
      moved.push_back(std::move(each));
    }
    compare_movements(id, payment ? &*payment : nullptr, moved, into, refunded);
  }
}

/// Of I3 and I4, what payment alone knows of cards.
rt::task<> check_cards(databases in, const options& chosen, tally settled, tally refunded) {
  settled.looked_at(co_await in.payment.count(queries::count_captures));
  co_await in.payment.look_for(queries::cards_astray, chosen, settled);
  co_await in.payment.look_for(queries::captures_astray, chosen, settled);
  co_await in.payment.look_for(queries::charges_astray, chosen, settled);
  co_await in.payment.look_for(queries::card_refunds_astray, chosen, refunded);
  const auto owed = co_await in.payment.run(queries::captures_owed);
  for (const auto& row : owed) {
    if (chosen.settle_seconds > 0 && row.get<bool>(2)) {
      refunded.in_flight(1);
    } else {
      refunded.unfinished(row.get<std::int64_t>(1), row.get<std::string>(0));
    }
  }
}

/// What an operator should hear of mails.
void tell(const mail_counts& waiting, tally& mailed) {
  if (waiting.tried > 0) {
    mailed.note(fmt::format("not delivered yet, though it was tried: {} ({})", waiting.tried, waiting.words));
  }
  if (waiting.set_aside > 0) {
    mailed.note(
        fmt::format("dead letters, which wait for an operator (ticketshow events dead list): {}", waiting.set_aside));
  }
  if (waiting.given_up > 0) mailed.note(fmt::format("refused and given up by an operator: {}", waiting.given_up));
}

/// I3, I4 and I5.
rt::task<> check_settlements(databases in, const options& chosen, tally settled, tally refunded, tally mailed) {
  auto bookings = co_await stream<booking_row>::open(in.booking, queries::declare_bookings, queries::fetch_bookings);
  auto payments = co_await stream<payment_row>::open(in.payment, queries::declare_payments_by_booking,
                                                     queries::fetch_payments_by_booking);
  auto mails = co_await stream<mail_row>::open(in.notification, queries::declare_mails, queries::fetch_mails);
  mail_counts waiting;
  while (bookings.next() != nullptr || payments.next() != nullptr) {
    const bool of_booking = bookings.next() != nullptr &&
                            (payments.next() == nullptr || bookings.next()->id <= payments.next()->booking_id);
    const auto id = of_booking ? bookings.next()->id : payments.next()->booking_id;
    std::optional<booking_row> booking;
    if (of_booking) booking.emplace(co_await bookings.take());
    std::vector<payment_row> its_payments;
    while (payments.next() != nullptr && payments.next()->booking_id == id) {
      auto each = co_await payments.take();
      its_payments.push_back(std::move(each));
    }
    compare_booking(booking ? &*booking : nullptr, its_payments, settled, refunded);
    while (mails.next() != nullptr && mails.next()->booking_id < id) co_await mails.take();  // of no booking with money
    std::vector<mail_row> its_mails;
    while (mails.next() != nullptr && mails.next()->booking_id == id) {
      auto each = co_await mails.take();
      its_mails.push_back(std::move(each));
    }
    if (!booking || booking->state != "CONFIRMED") continue;
    const auto settling = std::ranges::find(its_payments, booking->payment_id, &payment_row::id);
    compare_mails(*booking, settling == its_payments.end() ? nullptr : &*settling, its_mails, chosen, mailed, waiting);
  }
  tell(waiting, mailed);
}

/// I9 nothing that a repetition could have made twice is there twice.
rt::task<> check_repetitions(databases in, const options& chosen, tally into) {
  into.looked_at(co_await in.booking.count(queries::count_bookings));
  into.looked_at(co_await in.auth.count(queries::count_movements));
  co_await in.booking.look_for(queries::wishes_twice, chosen, into);
  co_await in.booking.look_for(queries::refunds_asked_twice, chosen, into);
  co_await in.payment.look_for(queries::payments_twice, chosen, into);
  co_await in.payment.look_for(queries::captures_twice, chosen, into);
  co_await in.payment.look_for(queries::refunds_twice, chosen, into);
  co_await in.payment.look_for(queries::credits_twice, chosen, into);
  co_await in.payment.look_for(queries::provider_ids_twice, chosen, into);
  co_await in.payment.look_for(queries::top_ups_twice, chosen, into);
  co_await in.auth.look_for(queries::references_twice, chosen, into);
}

/// I10 in booking's states and at its doors, and in payment's history.
rt::task<> check_resolutions(databases in, const options& chosen, tally into) {
  into.looked_at(co_await in.booking.count(queries::count_bookings));
  into.looked_at(co_await in.booking.count(queries::count_admissions));
  co_await in.booking.look_for(queries::bookings_astray, chosen, into);
  co_await in.booking.look_for(queries::admissions_astray, chosen, into);
  co_await in.payment.look_for(queries::histories_astray, chosen, into);
}

}  // namespace

rt::task<std::vector<finding>> run_checks(rt::executor io, options chosen) {
  std::vector<finding> findings{
      {.invariant = "I1", .promise = "No seat of a showing is held or sold twice at one time."},
      {.invariant = "I2", .promise = "Money is conserved: the ledger adds up, no wallet is negative."},
      {.invariant = "I3", .promise = "A booking is confirmed if and only if one capture of its amount settles it."},
      {.invariant = "I4",
       .promise = "A cancelled paid booking is refunded exactly once, to where the money came from."},
      {.invariant = "I5",
       .promise = "The ticket mail of a confirmed booking is accepted by a mail server, under one Message-ID."},
      {.invariant = "I6", .promise = "The search index equals the catalogue within 30 seconds."},
      {.invariant = "I7", .promise = "Every recorded event is handled by all who consume it, or set aside."},
      {.invariant = "I9", .promise = "A repeated request has one effect."},
      {.invariant = "I10",
       .promise = "A hold resolves once, and so does a payment; a ticket admits once, of a confirmed booking."},
      {.invariant = "I11", .promise = "The store has every file of every show's poster."}};
  const auto until = rt::deadline::after(std::chrono::hours(1));
  snapshot auth(io, chosen.auth_url);
  snapshot booking(io, chosen.booking_url);
  snapshot payment(io, chosen.payment_url);
  snapshot notification(io, chosen.notification_url);
  // Money moves first in auth, then payment records it, then booking: in this order of reading every later record finds
  // its earlier ones. What happens in between shows steps that have no cause yet; they are no older than the reading.
  const auto began = std::chrono::steady_clock::now();
  co_await booking.open(until);
  co_await payment.open(until);
  co_await auth.open(until);
  co_await notification.open(until);  // last: it writes about what the others have finished
  const auto reading = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  const auto tally_of = [&](std::string_view invariant) {
    return tally(*std::ranges::find(findings, invariant, &finding::invariant), chosen, reading.count());
  };

  const databases all{auth, booking, payment, notification};
  co_await check_seats(all, chosen, tally_of("I1"));
  co_await check_money(all, chosen, tally_of("I2"), tally_of("I4"));
  co_await check_settlements(all, chosen, tally_of("I3"), tally_of("I4"), tally_of("I5"));
  co_await check_cards(all, chosen, tally_of("I3"), tally_of("I4"));
  co_await check_repetitions(all, chosen, tally_of("I9"));
  co_await check_resolutions(all, chosen, tally_of("I10"));

  co_await notification.close();
  co_await auth.close();
  co_await payment.close();
  co_await booking.close();
  if (chosen.index != nullptr) {
    co_await check_search(io, chosen, tally_of("I6"));
  } else {
    std::erase_if(findings, [](const finding& each) { return each.invariant == "I6"; });
  }
  co_await check_events(io, chosen, tally_of("I7"));
  if (chosen.posters != nullptr) {
    co_await check_posters(io, chosen, tally_of("I11"));
  } else {
    std::erase_if(findings, [](const finding& each) { return each.invariant == "I11"; });
  }
  co_return findings;
}

}  // namespace ticketshow::check
