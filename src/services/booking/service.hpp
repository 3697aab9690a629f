#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "api/booking.hpp"
#include "api/catalog.hpp"
#include "base/random.hpp"
#include "documents/visit.hpp"
#include "events/consumer.hpp"
#include "events/outbox.hpp"
#include "pg/migrations.hpp"
#include "pg/pool.hpp"
#include "rt/gate.hpp"
#include "rt/module.hpp"
#include "rt/worker_pool.hpp"
#include "services/booking/cancellations.hpp"
#include "services/booking/cascade.hpp"
#include "services/booking/door.hpp"
#include "services/booking/schedules.hpp"
#include "services/booking/seat_news.hpp"
#include "services/booking/seat_streams.hpp"
#include "services/booking/store.hpp"
#include "services/booking/writer.hpp"

namespace ticketshow::booking {

/// The steps of schema `booking`.
std::span<const pg::migration> migrations();

struct options {
  std::int64_t hold_ttl_s = 600;
  std::int64_t max_live_seats_per_user = 20;  ///< of one schedule
  std::int64_t suspension_s = 30;             ///< after which time catalog is asked what became of a suspension
  std::size_t writers = 2;                    ///< each uses one connection while it is busy
  std::size_t max_batch = 128;
  std::size_t max_queue = 4'096;  ///< holds waiting for a writer; more are answered 503
  std::size_t max_seats_in_memory = 1'000'000;
  /// Where several booking processes share a database: how old what this one remembers of a schedule's seats may be. 0:
  /// no other process writes, memory follows every change.
  std::int64_t map_max_age_ms = 0;
  std::int64_t expiry_pause_ms = 500;  ///< between two looks for holds whose time has passed
  rules::door_hours doors;
  documents::issuer issuer;             ///< of tickets and calendar entries
  std::size_t paper_threads = 1;        ///< which make them
  std::size_t max_papers_waiting = 50;  ///< for these; more are answered 503
  std::size_t max_streams = 20'000;     ///< readers of live seat maps; more are answered 503
};

struct dependencies {
  rt::executor io;
  pg::pool& database;
  const clock_source& clock;
  random_source& random;
  options settings;
  catalog::port& catalog;
  ports::event_bus& bus;
  bool calls_only = false;  ///< it only answers calls; what follows from them is done by another process
  /// Where several booking processes share a database: with what to connect to hear of each other. Empty: there is one.
  std::string listen_conninfo = {};
};

/// Booking's endpoints, as api/booking.hpp promises them, and the work behind them. Start it before the first call; the
/// ports among its dependencies are called from start() on. I/O thread only.
class service final : public port, public rt::module {
 public:
  explicit service(const dependencies& needs);

  [[nodiscard]] std::string name() const override { return "booking"; }
  rt::task<> start() override;
  /// Finishes the holds that wait, then ends the background work.
  rt::task<> stop(rt::deadline until) override;
  /// False while its events do not leave.
  [[nodiscard]] bool ready() const override { return outbox_.ready(); }

  rt::task<contract::result<get_seat_map::response>> handle(rt::call call, get_seat_map request) override;
  rt::task<contract::result<watch_seats::response>> handle(rt::call call, watch_seats request) override;
  rt::task<contract::result<booking_view>> handle(rt::call call, create_booking request) override;
  rt::task<contract::result<std::vector<booking_view>>> handle(rt::call call, list_bookings request) override;
  rt::task<contract::result<booking_view>> handle(rt::call call, get_booking request) override;
  rt::task<contract::result<booking_view>> handle(rt::call call, cancel_booking request) override;
  rt::task<contract::result<ticket_key_set>> handle(rt::call call, get_ticket_keys request) override;
  rt::task<contract::result<scan_result>> handle(rt::call call, scan_ticket request) override;
  rt::task<contract::result<uploaded_scans>> handle(rt::call call, upload_scans request) override;
  rt::task<contract::result<scan_manifest>> handle(rt::call call, get_scan_manifest request) override;
  rt::task<contract::result<std::vector<scan_conflict>>> handle(rt::call call, list_scan_conflicts request) override;
  rt::task<contract::result<contract::content>> handle(rt::call call, get_tickets_pdf request) override;
  rt::task<contract::result<contract::content>> handle(rt::call call, get_calendar_entry request) override;
  rt::task<contract::result<contract::content>> handle(rt::call call, get_ticket_code request) override;
  rt::task<contract::result<cancellation_view>> handle(rt::call call, get_show_cancellation request) override;
  rt::task<contract::result<cancellation_view>> handle(rt::call call, get_schedule_cancellation request) override;
  rt::task<contract::result<cancellation_view>> handle(rt::call call, get_venue_cancellation request) override;
  rt::task<contract::result<booking_to_settle>> handle(rt::call call, get_booking_to_settle request) override;
  rt::task<contract::result<settlement_outcome>> handle(rt::call call, settle_booking request) override;
  rt::task<contract::result<sale_state>> handle(rt::call call, suspend_sale request) override;
  rt::task<contract::result<contract::nothing>> handle(rt::call call, resume_sale request) override;

 private:
  rt::task<contract::result<booking_view>> hold(rt::call call, create_booking request);
  rt::task<contract::result<booking_view>> booking_of(rt::call call, std::int64_t id);
  /// The booking with its tickets, if it has any, as its owner sees them.
  rt::task<booking_view> with_tickets(rt::deadline until, booking_view shown);
  /// A booking with tickets, as its owner asks for it; no_tickets tells why there are none.
  rt::task<contract::result<booking_view>> ticketed(rt::call call, std::int64_t id);
  /// Makes a paper on a thread of its own.
  rt::task<contract::result<contract::content>> make(std::function<contract::content()> paper);
  writer& writer_of(std::int64_t schedule_id);
  rt::task<> expire_due();
  rt::task<> end_lapsed_suspensions();

  const clock_source& clock_;
  pg::pool& database_;
  random_source& random_;
  catalog::port& catalog_;
  bool calls_only_;
  options options_;
  store store_;
  cancellations cancellations_;
  admissions admissions_;
  ticket_keys ticket_keys_;
  door door_;
  rt::worker_pool paper_makers_;
  rt::gate writing_;
  rt::gate background_;
  schedules schedules_;
  seat_streams streams_;
  seat_news news_;
  std::vector<std::unique_ptr<writer>> writers_;
  events::outbox outbox_;
  cascade cascade_;
  events::consumer inbox_;
};

}  // namespace ticketshow::booking
