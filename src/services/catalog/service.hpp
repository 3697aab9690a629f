#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/booking.hpp"
#include "api/catalog.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "events/outbox.hpp"
#include "pg/migrations.hpp"
#include "pg/pool.hpp"
#include "ports/blob_store.hpp"
#include "rt/gate.hpp"
#include "rt/module.hpp"
#include "services/catalog/documents.hpp"
#include "services/catalog/playing.hpp"
#include "services/catalog/posters.hpp"
#include "services/catalog/schedule_news.hpp"
#include "services/catalog/show_list.hpp"

namespace ticketshow::catalog {

/// The steps of schema `catalog`.
std::span<const pg::migration> migrations();

struct options {
  std::string currency = "INR";
  std::string time_zone = "Asia/Kolkata";  ///< of venues that name none
  poster_options posters;
};

struct dependencies {
  rt::executor io;
  pg::pool& database;
  const clock_source& clock;
  random_source& random;
  options settings;
  booking::port& bookings;
  ports::event_bus& bus;
  ports::blob_store& blobs;
  bool calls_only = false;  ///< it only answers calls; what follows from them is done by another process
};

/// Catalog's endpoints, as api/catalog.hpp promises them, and the news of what they change. The ports among its
/// dependencies are called from start() on. I/O thread only.
class service final : public port, public rt::module {
 public:
  /// Throws std::runtime_error with a sentence when the default time zone is none.
  explicit service(const dependencies& needs);

  [[nodiscard]] std::string name() const override { return "catalog"; }
  rt::task<> start() override;
  rt::task<> stop(rt::deadline until) override;
  /// False while its events do not leave.
  [[nodiscard]] bool ready() const override { return outbox_.ready(); }

  rt::task<contract::result<list_shows::response>> handle(rt::call call, list_shows request) override;
  rt::task<contract::result<show_view>> handle(rt::call call, get_show request) override;
  rt::task<contract::result<show_view>> handle(rt::call call, create_show request) override;
  rt::task<contract::result<show_view>> handle(rt::call call, update_show request) override;
  rt::task<contract::result<show_view>> handle(rt::call call, cancel_show request) override;
  rt::task<contract::result<show_view>> handle(rt::call call, upload_poster request) override;
  rt::task<contract::result<std::vector<venue_view>>> handle(rt::call call, list_show_venues request) override;

  rt::task<contract::result<std::vector<venue_view>>> handle(rt::call call, list_venues request) override;
  rt::task<contract::result<venue_view>> handle(rt::call call, get_venue request) override;
  rt::task<contract::result<venue_view>> handle(rt::call call, create_venue request) override;
  rt::task<contract::result<venue_view>> handle(rt::call call, update_venue request) override;
  rt::task<contract::result<venue_view>> handle(rt::call call, deactivate_venue request) override;

  rt::task<contract::result<std::vector<screen_view>>> handle(rt::call call, list_screens request) override;
  rt::task<contract::result<screen_view>> handle(rt::call call, create_screen request) override;
  rt::task<contract::result<screen_view>> handle(rt::call call, update_screen request) override;

  rt::task<contract::result<schedule_view>> handle(rt::call call, create_schedule request) override;
  rt::task<contract::result<schedule_view>> handle(rt::call call, update_schedule request) override;
  rt::task<contract::result<schedule_view>> handle(rt::call call, cancel_schedule request) override;
  rt::task<contract::result<schedule_view>> handle(rt::call call, get_schedule request) override;
  rt::task<contract::result<std::vector<schedule_view>>> handle(rt::call call, list_venue_schedules request) override;
  rt::task<contract::result<list_playing_shows::response>> handle(rt::call call, list_playing_shows request) override;
  rt::task<contract::result<list_show_schedules::response>> handle(rt::call call, list_show_schedules request) override;
  rt::task<contract::result<schedule_for_sale>> handle(rt::call call, get_schedule_for_sale request) override;
  rt::task<contract::result<std::vector<show_document>>> handle(rt::call call, list_show_documents request) override;
  rt::task<contract::result<std::vector<venue_document>>> handle(rt::call call, list_venue_documents request) override;

 private:
  /// How a change made by this call is recorded for search.
  [[nodiscard]] document_change recorded(const rt::call& call, change action) const {
    return {action, call.correlation_id, around()};
  }
  [[nodiscard]] surroundings around() const { return {settings_.currency, blobs_}; }
  /// After the commit of whatever changes what plays, or is told to others.
  void committed() {
    playing_.drop();
    show_schedules_.drop();
    outbox_.due().ring();
  }
  /// Whether a showing may be on a screen then: venue active and open, not in the past. Keeps the venue as it is, and
  /// other showings from coming to the screen, until the transaction ends.
  rt::task<contract::result<void>> check_place(pg::transaction& transaction, std::int64_t screen_id, timestamp start,
                                               timestamp end);
  /// What stands in the way on a screen, as the problem's detail.
  rt::task<contract::problem> describe_overlap(rt::deadline until, std::int64_t screen_id, timestamp start,
                                               timestamp end, std::int64_t except);
  /// Its news bear the ticket.
  rt::task<contract::result<void>> move(rt::call call, update_schedule request, std::string ticket);

  bool calls_only_;
  options settings_;
  pg::pool& database_;
  const clock_source& clock_;
  random_source& random_;
  booking::port& bookings_;
  events::outbox outbox_;
  schedule_news news_;
  ports::blob_store& blobs_;
  posters posters_;
  show_list show_list_;
  playing_shows playing_;
  show_schedules show_schedules_;
  rt::gate background_;
};

}  // namespace ticketshow::catalog
