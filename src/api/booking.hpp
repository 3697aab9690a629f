#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/auth.hpp"
#include "api/booking/administration.hpp"
#include "api/booking/booking_view.hpp"
#include "api/booking/reports.hpp"
#include "api/booking/seat_stream.hpp"
#include "api/booking/tickets.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/event.hpp"
#include "contract/port.hpp"

/// Seat holds and bookings, seat maps, cancellations.
namespace ticketshow::booking {

// ---- errors

inline constexpr contract::error show_not_found{"SHOW_NOT_FOUND", 404, "There is no such show."};
inline constexpr contract::error venue_not_found{"VENUE_NOT_FOUND", 404, "There is no such venue."};
inline constexpr contract::error booking_not_found{"BOOKING_NOT_FOUND", 404, "There is no such booking."};
inline constexpr contract::error seats_taken{"SEATS_TAKEN", 409, "Some of the seats are gone."};
inline constexpr contract::error unknown_seats{"UNKNOWN_SEATS", 422, "Some of the seats are not on this screen."};
inline constexpr contract::error sales_closed{"SALES_CLOSED", 409, "This showing is not on sale."};
inline constexpr contract::error too_many_holds{"TOO_MANY_HOLDS", 409,
                                                "This account holds too many seats of this showing already."};
inline constexpr contract::error idempotency_conflict{"IDEMPOTENCY_CONFLICT", 409,
                                                      "This idempotency key was used for another request."};
inline constexpr contract::error not_cancellable{"NOT_CANCELLABLE", 409, "This booking can no longer be cancelled."};
inline constexpr contract::error already_admitted{"ALREADY_ADMITTED", 409,
                                                  "Somebody was admitted with a ticket of this booking already."};
inline constexpr contract::error no_tickets{"NO_TICKETS", 409, "This booking has no valid tickets."};
inline constexpr contract::error ticket_not_found{"TICKET_NOT_FOUND", 404, "This booking has no such ticket."};
inline constexpr contract::error too_many_papers{"TOO_MANY_PAPERS", 503,
                                                 "Too many tickets are being printed right now; please try again."};

// ---- what is shown

/// The most seats of one booking.
inline constexpr std::int64_t max_seats_per_booking = 10;

struct seat_view {
  std::int64_t id;
  std::string seat_number;
  std::string row_number;
  bool is_available;
  bool is_locked;  ///< held, not paid yet
  bool is_booked;
};
BOOST_DESCRIBE_STRUCT(seat_view, (), (id, seat_number, row_number, is_available, is_locked, is_booked))

// ---- for everybody and for account holders

struct get_seat_map {
  std::int64_t schedule_id;

  using response = contract::cached<std::vector<seat_view>>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/bookings/schedule/{schedule_id}/seats",
                                       .who = contract::access::all,
                                       .summary = "The seats of a showing in seat order, with an ETag",
                                       .affinity = "schedule_id"};
  static constexpr const contract::error* errors[] = {&schedule_not_found};
  static constexpr contract::field fields[] = {{.name = "schedule_id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_seat_map, (), (schedule_id))

struct create_booking {
  std::int64_t schedule_id;
  std::vector<std::int64_t> seat_ids;
  std::string idempotency_key;

  using response = booking_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/bookings",
                                       .who = contract::access::user,
                                       .status = 201,
                                       .summary = "Hold seats; the same idempotency key answers with the same booking",
                                       .idempotent = true,
                                       .affinity = "schedule_id"};
  static constexpr const contract::error* errors[] = {&schedule_not_found, &seats_taken,    &unknown_seats,
                                                      &sales_closed,       &too_many_holds, &idempotency_conflict};
  static constexpr contract::field fields[] = {
      {.name = "schedule_id", .min = 1},
      {.name = "seat_ids", .help = "Each once.", .min = 1, .max = max_seats_per_booking},
      {.name = "idempotency_key", .help = "Chosen by the client, new for each new wish.", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(create_booking, (), (schedule_id, seat_ids, idempotency_key))

struct list_bookings {
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;
  std::optional<booking_status> status;

  using response = std::vector<booking_view>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/bookings",
                                       .who = contract::access::user,
                                       .summary = "One's own bookings, newest first"};
  static constexpr contract::field fields[] = {{.name = "skip", .min = 0, .max = 1'000'000},
                                               {.name = "limit", .help = "20 by default.", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(list_bookings, (), (skip, limit, status))

struct get_booking {
  std::int64_t id;

  using response = booking_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/bookings/{id}",
                                       .who = contract::access::user,
                                       .summary = "One of one's own bookings"};
  static constexpr const contract::error* errors[] = {&booking_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_booking, (), (id))

struct cancel_booking {
  std::int64_t id;

  using response = booking_view;
  static constexpr contract::spec spec{.verb = http::method::DELETE,
                                       .path = "/bookings/{id}",
                                       .who = contract::access::user,
                                       .summary = "Cancel: the seats are free at once, what was paid goes back"};
  static constexpr const contract::error* errors[] = {&booking_not_found, &not_cancellable, &already_admitted};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(cancel_booking, (), (id))

inline constexpr contract::field paper_language_field{.name = "language", .help = "Of the words on it; en by default."};

struct get_tickets_pdf {
  std::int64_t id;
  std::optional<auth::language> language;

  using response = contract::content;
  static constexpr std::string_view media = "application/pdf";
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/bookings/{id}/tickets.pdf",
                                       .who = contract::access::user,
                                       .summary = "The tickets of a confirmed booking to print, one page a seat"};
  static constexpr const contract::error* errors[] = {&booking_not_found, &no_tickets, &too_many_papers};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}, paper_language_field};
};
BOOST_DESCRIBE_STRUCT(get_tickets_pdf, (), (id, language))

struct get_calendar_entry {
  std::int64_t id;
  std::optional<auth::language> language;

  using response = contract::content;
  static constexpr std::string_view media = "text/calendar";
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/bookings/{id}/calendar.ics",
                                       .who = contract::access::user,
                                       .summary = "A confirmed booking as an entry for a calendar (RFC 5545)"};
  static constexpr const contract::error* errors[] = {&booking_not_found, &no_tickets};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}, paper_language_field};
};
BOOST_DESCRIBE_STRUCT(get_calendar_entry, (), (id, language))

/// Where ticket_qr_urls point.
struct get_ticket_code {
  std::int64_t id;
  std::string file;

  using response = contract::content;
  static constexpr std::string_view media = "image/*";
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/bookings/{id}/tickets/{file}",
                                       .who = contract::access::user,
                                       .summary = "The code of one seat's ticket as a QR image, SVG or PNG"};
  static constexpr const contract::error* errors[] = {&booking_not_found, &no_tickets, &ticket_not_found,
                                                      &too_many_papers};
  static constexpr contract::field fields[] = {
      {.name = "id", .min = 1},
      {.name = "file", .help = "The seat's id with .svg or .png: 10007.svg", .min = 1, .max = 30}};
};
BOOST_DESCRIBE_STRUCT(get_ticket_code, (), (id, file))

// ---- for administrators

enum class cancellation_state {
  NONE,     ///< not cancelled: the numbers say what would be
  RUNNING,  ///< closed to sale; bookings are being cancelled or their money is on its way back
  DONE,     ///< no booking is live and every refund has reached its wallet
};
BOOST_DESCRIBE_ENUM(cancellation_state, NONE, RUNNING, DONE)

/// What the cancellation of a show, a showing or a venue does to bookings, or would do. All its showings are counted
/// that have not begun, and those that were cancelled earlier once it is cancelled itself.
struct cancellation_view {
  cancellation_state state;
  std::int64_t showings;
  std::int64_t bookings;            ///< to cancel in all: those cancelled and those still live
  std::int64_t bookings_cancelled;  ///< of them so far
  std::int64_t refunds_pending;     ///< paid bookings whose money is not back yet
  money refunds_pending_amount;
  std::int64_t refunds_done;
  money refunds_done_amount;
  std::optional<std::string> currency;  ///< of the amounts; absent when there is no showing
  std::optional<timestamp>
      started_at;  ///< when the last of its showings was closed; while one is not, when this was asked
  std::optional<timestamp> finished_at;  ///< when DONE
};
BOOST_DESCRIBE_STRUCT(cancellation_view, (),
                      (state, showings, bookings, bookings_cancelled, refunds_pending, refunds_pending_amount,
                       refunds_done, refunds_done_amount, currency, started_at, finished_at))

struct get_show_cancellation {
  std::int64_t id;

  using response = cancellation_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/shows/{id}/cancellation",
                                       .who = contract::access::admin,
                                       .summary = "How far the cancellation of a show is, or what it would affect"};
  static constexpr const contract::error* errors[] = {&show_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_show_cancellation, (), (id))

struct get_schedule_cancellation {
  std::int64_t id;

  using response = cancellation_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/schedules/{id}/cancellation",
                                       .who = contract::access::admin,
                                       .summary = "How far the cancellation of a showing is, or what it would affect"};
  static constexpr const contract::error* errors[] = {&schedule_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_schedule_cancellation, (), (id))

struct get_venue_cancellation {
  std::int64_t id;

  using response = cancellation_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/venues/{id}/cancellation",
                                       .who = contract::access::admin,
                                       .summary = "How far the deactivation of a venue is, or what it would affect"};
  static constexpr const contract::error* errors[] = {&venue_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_venue_cancellation, (), (id))

// ---- events

enum class initiator { USER, ADMIN, SYSTEM };
BOOST_DESCRIBE_ENUM(initiator, USER, ADMIN, SYSTEM)

/// What others tell people about a booking.
struct booking_facts {
  std::int64_t booking_id;
  std::int64_t user_id;
  std::string show_name;
  std::string venue_name;
  std::string screen_name;
  timestamp show_time;
  std::string time_zone;  ///< of the venue
  std::vector<seat_label> seat_labels;
  money total_amount;
  std::string currency;
  /// Of a confirmed booking, in the order of the seats. Absent of others, and in events from before tickets.
  std::optional<std::vector<ticket>> tickets{};
  std::optional<timestamp> end_time{};         ///< of the show; absent when it is not known
  std::optional<std::string> venue_address{};  ///< the same
};
BOOST_DESCRIBE_STRUCT(booking_facts, (),
                      (booking_id, user_id, show_name, venue_name, screen_name, show_time, time_zone, seat_labels,
                       total_amount, currency, tickets, end_time, venue_address))

/// A paid booking was cancelled: payment gives the money back.
struct refund_initiated {
  std::int64_t booking_id;
  std::int64_t user_id;
  money amount;
  std::string currency;
  std::string reason;  ///< a sentence for people
  initiator initiated_by;

  static constexpr contract::event_spec spec{.topic = "payment.refund_initiated",
                                             .summary = "A paid booking was cancelled: the money goes back"};
  [[nodiscard]] std::string key() const { return std::to_string(booking_id); }
};
BOOST_DESCRIBE_STRUCT(refund_initiated, (), (booking_id, user_id, amount, currency, reason, initiated_by))

/// The same, for the customer.
struct refund_notice {
  booking_facts booking;
  std::string reason;
  initiator initiated_by;

  static constexpr contract::event_spec spec{.topic = "notification.refund_initiated",
                                             .summary = "A paid booking was cancelled: its owner hears of it"};
  [[nodiscard]] std::string key() const { return std::to_string(booking.booking_id); }
};
BOOST_DESCRIBE_STRUCT(refund_notice, (), (booking, reason, initiated_by))

using all_events = contract::events<refund_initiated, refund_notice>;

// ---- for other services

/// What payment needs to know of a booking.
struct booking_to_settle {
  std::int64_t id;
  std::int64_t user_id;
  money total_amount;
  std::string currency;
  booking_status status;
  timestamp expires_at;
  timestamp show_time;
  std::string show_name;
};
BOOST_DESCRIBE_STRUCT(booking_to_settle, (),
                      (id, user_id, total_amount, currency, status, expires_at, show_time, show_name))

struct get_booking_to_settle {
  std::int64_t id;

  using response = booking_to_settle;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/internal/bookings/{id}",
                                       .who = contract::access::service,
                                       .summary = "What payment needs of a booking"};
  static constexpr const contract::error* errors[] = {&booking_not_found};
};
BOOST_DESCRIBE_STRUCT(get_booking_to_settle, (), (id))

enum class settlement {
  CONFIRMED,        ///< this capture settles the booking (now or when asked before)
  SURPLUS,          ///< another capture settled it: give this one back
  SEATS_GONE,       ///< the hold had expired and the seats were sold to somebody else: give it back
  CANCELLED,        ///< the booking was cancelled or has failed: give it back
  SALES_CLOSED,     ///< the hold had expired and the showing is cancelled or has begun: give it back
  AMOUNT_MISMATCH,  ///< not the booking's amount: give it back
};
BOOST_DESCRIBE_ENUM(settlement, CONFIRMED, SURPLUS, SEATS_GONE, CANCELLED, SALES_CLOSED, AMOUNT_MISMATCH)

struct settlement_outcome {
  settlement outcome;
  std::optional<booking_facts> booking;  ///< when CONFIRMED
};
BOOST_DESCRIBE_STRUCT(settlement_outcome, (), (outcome, booking))

/// A capture asks to settle a booking. Idempotent by payment. An expired booking takes its seats again if all are free.
struct settle_booking {
  std::int64_t id;
  std::int64_t payment_id;
  money amount;

  using response = settlement_outcome;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/bookings/{id}/settle",
                                       .who = contract::access::service,
                                       .summary = "Confirm a booking by a capture",
                                       .idempotent = true};
  static constexpr const contract::error* errors[] = {&booking_not_found};
};
BOOST_DESCRIBE_STRUCT(settle_booking, (), (id, payment_id, amount))

struct sale_state {
  /// Pending and confirmed, over all named schedules. Of one schedule exact; of many at most as many as a screen has
  /// seats are counted.
  std::int64_t live_bookings;
};
BOOST_DESCRIBE_STRUCT(sale_state, (), (live_bookings))

inline constexpr contract::field ticket_field{.name = "ticket", .help = "Names a suspension.", .min = 0, .max = 100};

/// Closes schedules to sale; when it answers, no hold that was in flight can still succeed. Catalog calls it before it
/// moves a showing, and after it has cancelled one, so that nothing is sold by a copy of what is no longer true. A
/// suspension ends with the catalog::schedule_changed that bears its ticket, or by resume_sale. When neither comes
/// within 30 s, booking asks catalog what is true and ends it by itself: a crash in between loses no sale and sells
/// nothing wrong. A schedule is closed while any suspension of it lasts: who ends one ends that one alone.
struct suspend_sale {
  std::vector<std::int64_t> schedule_ids;
  std::optional<std::string> ticket;

  using response = sale_state;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/schedules/suspend",
                                       .who = contract::access::service,
                                       .summary = "Close schedules to sale for a moment",
                                       .idempotent = true};
  static constexpr contract::field fields[] = {{.name = "schedule_ids", .min = 1, .max = 10'000}, ticket_field};
};
BOOST_DESCRIBE_STRUCT(suspend_sale, (), (schedule_ids, ticket))

/// Ends the suspensions of schedules by a ticket: nothing about them has changed.
struct resume_sale {
  std::vector<std::int64_t> schedule_ids;
  std::optional<std::string> ticket;

  using response = contract::nothing;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/schedules/resume",
                                       .who = contract::access::service,
                                       .summary = "End a suspension of the sale",
                                       .idempotent = true};
  static constexpr contract::field fields[] = {{.name = "schedule_ids", .min = 1, .max = 10'000}, ticket_field};
};
BOOST_DESCRIBE_STRUCT(resume_sale, (), (schedule_ids, ticket))

using all_endpoints =
    contract::endpoints<get_seat_map, watch_seats, create_booking, list_bookings, get_booking, cancel_booking,
                        get_tickets_pdf, get_calendar_entry, get_ticket_code, get_ticket_keys, scan_ticket,
                        upload_scans, get_scan_manifest, list_scan_conflicts, get_show_cancellation,
                        get_schedule_cancellation, get_venue_cancellation, get_booking_to_settle, settle_booking,
                        suspend_sale, resume_sale, list_schedule_bookings, get_sales, get_sales_csv>;
using port = contract::port_of<all_endpoints>;

}  // namespace ticketshow::booking
