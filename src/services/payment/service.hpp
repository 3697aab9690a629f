#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/auth.hpp"
#include "api/booking.hpp"
#include "api/payment.hpp"
#include "base/random.hpp"
#include "events/consumer.hpp"
#include "events/outbox.hpp"
#include "pg/migrations.hpp"
#include "pg/pool.hpp"
#include "ports/card_gateway.hpp"
#include "rt/module.hpp"
#include "rt/seldom.hpp"
#include "services/payment/card_refund_store.hpp"
#include "services/payment/cards.hpp"
#include "services/payment/open_gauges.hpp"
#include "services/payment/saga.hpp"
#include "services/payment/store.hpp"

namespace ticketshow::payment {

/// The steps of schema `payment`.
std::span<const pg::migration> migrations();

struct options {
  std::int64_t call_time_s = 5;  ///< for one call to another service
  /// How long a run has a payment to itself: longer than its calls together. One by card for as long as its calls may
  /// take by card_call_time_s, if that is longer.
  std::int64_t lease_s = 20;
  /// How long after it was sent a debit may still take effect: longer than the call's time and the bounded commit
  /// behind it.
  std::int64_t doubt_s = 15;
  std::int64_t patience_ms = 8'000;  ///< how long a request waits for the end of a payment, within its own deadline
  std::int64_t sweep_pause_ms = 500;
  std::int64_t gauge_pause_ms = 5'000;  ///< between two counts of what is not finished
  std::size_t runs_at_once = 256;       ///< that the sweeper keeps going
  std::int64_t card_call_time_s = 8;    ///< for one call to the card provider
  std::int64_t card_watch_ms = 2'000;   ///< between two looks at card pages: half of what the provider allows in calls
  std::int64_t card_list_ms = 300'000;  ///< between two readings of the provider's list of payments
  std::int64_t card_doubt_s = 15;       ///< how long a refund whose answer was lost may still take effect there
  std::int64_t card_retry_s = 60;       ///< after which a refund that failed there is sent anew, then ever later
  page_limits pages = {};               ///< of one account
  std::string public_url = "http://localhost:8000";  ///< of the web app: where the card provider sends people back to
  std::string currency = "INR";                      ///< of the wallets
  events::retry_policy retries = {};
  /// Called with the name of each step reached: tests throw from it. See saga.cpp and rt/fault_point.hpp for the names.
  std::function<void(std::string_view)> at_step = {};
};

struct dependencies {
  rt::executor io;
  pg::pool& database;
  const clock_source& clock;
  random_source& random;
  options settings;
  booking::port& bookings;
  auth::port& accounts;
  ports::event_bus& bus;
  ports::card_gateway* gateway = nullptr;  ///< without it cards are not taken
  bool calls_only = false;                 ///< it only answers calls; what follows from them is done by another process
};

/// Of randomness in the reference of a page.
inline constexpr std::size_t page_secret_bytes = 8;

/// Payment's endpoints, as api/payment.hpp promises them, and the work behind them. The ports among its dependencies
/// are called from start() on. I/O thread only.
class service final : public port, public rt::module {
 public:
  explicit service(const dependencies& needs);

  [[nodiscard]] std::string name() const override { return "payment"; }
  rt::task<> start() override;
  /// Lets the runs of payments that are under way come to an end, then cuts them off.
  rt::task<> stop(rt::deadline until) override;
  /// False while its events do not leave.
  [[nodiscard]] bool ready() const override { return outbox_.ready(); }

  rt::task<contract::result<payment_view>> handle(rt::call call, create_payment request) override;
  rt::task<contract::result<top_up_view>> handle(rt::call call, top_up request) override;
  rt::task<contract::result<std::vector<payment_view>>> handle(rt::call call, list_payments request) override;
  rt::task<contract::result<payment_view>> handle(rt::call call, get_payment request) override;
  rt::task<contract::result<payment_view>> handle(rt::call call, get_booking_payment request) override;
  rt::task<contract::result<top_up_view>> handle(rt::call call, get_top_up request) override;
  rt::task<contract::result<contract::nothing>> handle(rt::call call, payment_webhook request) override;
  rt::task<contract::result<std::vector<failed_refund>>> handle(rt::call call, list_failed_refunds request) override;
  rt::task<contract::result<contract::nothing>> handle(rt::call call, retry_failed_refund request) override;

 private:
  /// Of an earlier life of the process, so that nobody waits for those of the dead.
  rt::task<> end_leases();
  std::unique_ptr<cards> make_cards(const dependencies& needs);
  saga::options saga_options();
  rt::task<contract::result<booking::booking_to_settle>> booking_of(rt::call call, std::int64_t id);
  /// Waits for the end of a payment that is recorded; as far as it is known when the database is away.
  rt::task<record> end_of(record begun, rt::deadline until);
  /// The booking's live payment: a new one, or the one that is under way, whatever pays it. A page that may not be
  /// shown now is no answer.
  rt::task<contract::result<record>> begin_by_card(rt::call call, booking::booking_to_settle what);
  /// The same from the wallet, which takes the place of an unpaid page if it can pay.
  rt::task<contract::result<record>> begin_from_wallet(rt::call call, booking::booking_to_settle what);
  [[nodiscard]] intent intent_of(const rt::call& call, const booking::booking_to_settle& what, payment_method method);
  /// Goes on with a payment that was recorded, if one was.
  void set_out(const std::optional<record>& made);
  /// The caller's own.
  rt::task<std::optional<record>> live_payment_of(rt::call call, std::int64_t booking_id);
  /// Whether the caller's wallet could pay that much now.
  rt::task<bool> wallet_holds(rt::call call, money amount);
  /// What their owners see, with what is known of the pages of those by card.
  rt::task<std::vector<payment_view>> views_of(rt::deadline until, std::vector<record> payments);
  rt::task<payment_view> view_of(rt::deadline until, record payment);
  rt::task<top_up_view> view_of_top_up(rt::deadline until, record payment);
  [[nodiscard]] rt::deadline patience_of(const rt::call& call) const;

  const clock_source& clock_;
  booking::port& bookings_;
  auth::port& accounts_;
  bool calls_only_;
  options options_;
  store store_;
  std::unique_ptr<cards> cards_;  // none: cards are not taken
  page_store card_pages_;
  card_refund_store card_refunds_;
  random_source& random_;
  rt::seldom forgeries_{std::chrono::minutes(1)};  // anybody may send them, as often as he likes
  saga saga_;
  open_gauges open_;
  events::outbox outbox_;
  events::consumer inbox_;
};

}  // namespace ticketshow::payment
