#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// Tickets and the door: part of booking, which makes the codes and admits. What a code says, and how to verify it
/// without asking, is told in src/tickets/README.md. Included by api/booking.hpp.
namespace ticketshow::booking {

inline constexpr contract::error schedule_not_found{"SCHEDULE_NOT_FOUND", 404, "There is no such showing."};

// ---- tickets

/// The ticket of one seat, as events tell of it.
struct ticket {
  std::int64_t seat_id;
  std::string label;  ///< of the seat: row and number, "B7"
  std::string code;   ///< what its QR says: 148 characters of QR's alphanumeric mode
};
BOOST_DESCRIBE_STRUCT(ticket, (), (seat_id, label, code))

enum class ticket_state {
  VALID,
  USED,  ///< somebody was admitted with it
};
BOOST_DESCRIBE_ENUM(ticket_state, VALID, USED)

/// The same, as its owner sees it.
struct ticket_view {
  std::int64_t seat_id;
  std::string label;
  std::string code;
  ticket_state state;
  std::optional<timestamp> used_at;
};
BOOST_DESCRIBE_STRUCT(ticket_view, (), (seat_id, label, code, state, used_at))

/// A public key with which tickets are verified, as RFC 8037 writes it.
struct ticket_key {
  std::string kid;  ///< the 8 hex digits with which a code names its key
  std::string kty;  ///< "OKP"
  std::string crv;  ///< "Ed25519"
  std::string x;    ///< the public key, base64url
  std::string use;  ///< "sig"
  std::string alg;  ///< "EdDSA"
};
BOOST_DESCRIBE_STRUCT(ticket_key, (), (kid, kty, crv, x, use, alg))

struct ticket_key_set {
  std::vector<ticket_key> keys;  ///< the newest first; the one that will sign next among them
};
BOOST_DESCRIBE_STRUCT(ticket_key_set, (), (keys))

struct get_ticket_keys {
  using response = ticket_key_set;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/tickets/keys",
                                       .who = contract::access::all,
                                       .summary = "The public keys with which tickets are verified",
                                       .tag = "tickets"};
};
BOOST_DESCRIBE_STRUCT(get_ticket_keys, (), ())

// ---- the door

/// What became of a ticket that was shown at a door. Whatever applies first in the order of reading it: a code that is
/// none is not asked for its venue.
enum class scan_outcome {
  ADMITTED,       ///< let them in: this scan used the ticket
  ALREADY_USED,   ///< another scan did
  WRONG_SHOWING,  ///< good for another showing of this venue
  WRONG_VENUE,    ///< good at another venue
  TOO_EARLY,      ///< the doors are not open yet
  OVER,           ///< they have closed
  CANCELLED,      ///< the booking was cancelled and its money goes back
  FORGED,         ///< its signature, or what it says, is not ours
  UNREADABLE,     ///< no code of a ticket
  UNKNOWN_KEY,    ///< a code by a key that was never ours, or one so new that a list does not know it yet
};
BOOST_DESCRIBE_ENUM(scan_outcome, ADMITTED, ALREADY_USED, WRONG_SHOWING, WRONG_VENUE, TOO_EARLY, OVER, CANCELLED,
                    FORGED, UNREADABLE, UNKNOWN_KEY)

/// All but outcome and message are there as far as the code was truly ours.
struct scan_result {
  scan_outcome outcome;
  std::string message;  ///< one sentence for the doorkeeper
  std::optional<std::int64_t> booking_id;
  std::optional<std::int64_t> schedule_id;  ///< which showing it is for
  std::optional<std::string> seat;          ///< "B7"
  std::optional<std::string> show_name;
  std::optional<timestamp> show_time;
  std::optional<std::string> venue_name;
  std::optional<std::string> screen_name;
  std::optional<std::string> time_zone;
  std::optional<timestamp> used_at;        ///< when somebody was admitted with it
  std::optional<std::string> used_device;  ///< and where
};
BOOST_DESCRIBE_STRUCT(scan_result, (),
                      (outcome, message, booking_id, schedule_id, seat, show_name, show_time, venue_name, screen_name,
                       time_zone, used_at, used_device))

inline constexpr contract::field code_field{.name = "code", .help = "What the QR says.", .min = 1, .max = 1'000};
inline constexpr contract::field device_field{
    .name = "device",
    .help = "What the scanner is called, so that another door can say where a ticket was used.",
    .min = 1,
    .max = 100};
inline constexpr contract::field scan_id_field{
    .name = "scan_id",
    .help =
        "Chosen by the scanner, new for each of its scans: the same one from the same device (where it names none, "
        "by the same staff) again gets the same answer.",
    .min = 1,
    .max = 64};

inline constexpr contract::field entered_field{
    .name = "schedule_id", .help = "The showing that is entered at this door; any of the venue when absent.", .min = 1};

struct scan_ticket {
  std::string code;
  std::optional<std::int64_t> schedule_id;
  std::optional<std::string> device;
  std::optional<std::string> scan_id;

  using response = scan_result;
  static constexpr contract::spec spec{
      .verb = http::method::POST,
      .path = "/tickets/scan",
      .who = contract::access::staff,
      .summary = "Admit with a ticket, once; always 200, the outcome says what became of it",
      .tag = "tickets"};
  static constexpr contract::field fields[] = {code_field, entered_field, device_field, scan_id_field};
};
BOOST_DESCRIBE_STRUCT(scan_ticket, (), (code, schedule_id, device, scan_id))

// ---- doors without a network

/// What a scanner knows of a sold seat. One that is on no list was sold after the list was made.
enum class listed_state { VALID, CANCELLED };
BOOST_DESCRIBE_ENUM(listed_state, VALID, CANCELLED)

struct listed_ticket {
  std::int64_t booking_id;
  std::int64_t seat_no;  ///< the seat as a code names it
  std::string seat;      ///< "B7"
  listed_state state;
  std::optional<timestamp> admitted_at;
};
BOOST_DESCRIBE_STRUCT(listed_ticket, (), (booking_id, seat_no, seat, state, admitted_at))

struct scan_manifest {
  std::int64_t schedule_id;
  std::string show_name;
  timestamp show_time;
  std::string venue_name;
  std::string screen_name;
  std::string time_zone;
  timestamp doors_open_at;
  timestamp doors_close_at;
  std::int64_t seats_per_row;  ///< the label of a seat that is not listed follows from it
  std::vector<ticket_key> keys;
  /// The kids of those that can have signed a ticket which is not listed: others sign older bookings alone.
  std::vector<std::string> keys_in_force;
  std::vector<listed_ticket> tickets;  ///< in the order of bookings and seats
};
BOOST_DESCRIBE_STRUCT(scan_manifest, (),
                      (schedule_id, show_name, show_time, venue_name, screen_name, time_zone, doors_open_at,
                       doors_close_at, seats_per_row, keys, keys_in_force, tickets))

struct get_scan_manifest {
  std::int64_t id;

  using response = scan_manifest;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/tickets/schedules/{id}/manifest",
                                       .who = contract::access::staff,
                                       .summary = "What a scanner needs to work without a network",
                                       .tag = "tickets"};
  static constexpr const contract::error* errors[] = {&schedule_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_scan_manifest, (), (id))

/// A scan by which a scanner without a network let somebody in.
struct offline_scan {
  std::string scan_id;
  std::string code;
  timestamp scanned_at;
  std::optional<std::int64_t> schedule_id{};  ///< the showing that was entered; any of the venue when absent

  static constexpr contract::field fields[] = {scan_id_field, code_field, entered_field};
};
BOOST_DESCRIBE_STRUCT(offline_scan, (), (scan_id, code, scanned_at, schedule_id))

struct upload_result {
  std::string scan_id;
  bool conflict;  ///< somebody was let in who should not have been; kept for an administrator
  scan_result result;
};
BOOST_DESCRIBE_STRUCT(upload_result, (), (scan_id, conflict, result))

struct uploaded_scans {
  std::vector<upload_result> results;  ///< in the order of the request
};
BOOST_DESCRIBE_STRUCT(uploaded_scans, (), (results))

/// The outcome of each is ADMITTED when it used its ticket (now or when it was uploaded before), or says why it did
/// not: the same reasons as at a door, by the time of the scan. Each of them but a code that is no ticket of this venue
/// is a conflict: somebody is inside whose ticket is used already, cancelled, for another showing, or was shown when
/// the doors were not open. A ticket that was shown at the wrong time or showing stays good for its own.
struct upload_scans {
  std::string device;
  std::vector<offline_scan> scans;

  using response = uploaded_scans;
  static constexpr contract::spec spec{
      .verb = http::method::POST,
      .path = "/tickets/scans",
      .who = contract::access::staff,
      .summary = "Tell of admissions made without a network; each is counted once by its device and scan_id",
      .tag = "tickets",
      .idempotent = true};
  static constexpr contract::field fields[] = {device_field, {.name = "scans", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(upload_scans, (), (device, scans))

enum class conflict_kind {
  ADMITTED_TWICE,               ///< two scanners let somebody in with the same ticket
  ADMITTED_AFTER_CANCELLATION,  ///< the booking had been cancelled when the scan was told of
  ADMITTED_TO_ANOTHER_SHOWING,  ///< not the one that the ticket is for
  ADMITTED_OUTSIDE_HOURS,       ///< while the doors of the ticket's showing were not open, by the scanner's clock
};
BOOST_DESCRIBE_ENUM(conflict_kind, ADMITTED_TWICE, ADMITTED_AFTER_CANCELLATION, ADMITTED_TO_ANOTHER_SHOWING,
                    ADMITTED_OUTSIDE_HOURS)

struct scan_conflict {
  conflict_kind kind;
  std::int64_t booking_id;
  std::string seat;
  std::string scan_id;
  timestamp scanned_at;
  timestamp uploaded_at;
  std::string device;
  std::int64_t staff_id;
  std::optional<timestamp> first_admitted_at;  ///< of ADMITTED_TWICE: the scan that counted
  std::optional<std::string> first_device;
  std::optional<std::int64_t> entered_schedule_id;  ///< where somebody was let in, when the scanner said so
};
BOOST_DESCRIBE_STRUCT(scan_conflict, (),
                      (kind, booking_id, seat, scan_id, scanned_at, uploaded_at, device, staff_id, first_admitted_at,
                       first_device, entered_schedule_id))

struct list_scan_conflicts {
  std::int64_t id;
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;

  using response = std::vector<scan_conflict>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/tickets/schedules/{id}/conflicts",
                                       .who = contract::access::admin,
                                       .summary = "Admissions of a showing that should not have been, newest first",
                                       .tag = "tickets"};
  static constexpr const contract::error* errors[] = {&schedule_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1},
                                               {.name = "skip", .min = 0, .max = 1'000'000},
                                               {.name = "limit", .help = "20 by default.", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(list_scan_conflicts, (), (id, skip, limit))

}  // namespace ticketshow::booking
