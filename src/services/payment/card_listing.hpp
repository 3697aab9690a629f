#pragma once

#include <optional>
#include <vector>

#include "rt/gate.hpp"
#include "services/payment/card_intake.hpp"
#include "services/payment/charge_store.hpp"

namespace ticketshow::payment {

/// What was taken in of the provider's list, or could not be.
struct listed_news {
  std::string provider_payment_id;
  taken_in what;
  std::string trouble;  ///< why it could not be: its page is looked at until it can
};

/// Reads the provider's list of payments and asks about those of ours that are new or have moved, so that an attempt
/// that no message told and no page shows any more is not missed. A call for a hundred payments, and one for each that
/// is news. I/O thread only.
class card_listing {
 public:
  card_listing(charge_store& charges, card_intake& intake, ports::card_gateway& gateway)
      : charges_(charges), intake_(intake), gateway_(gateway) {}

  /// What was news in one part of a window, counted from 0; nothing behind the last. Throws rt::unavailable when the
  /// provider cannot be asked.
  rt::task<std::optional<std::vector<listed_news>>> read(list_window window, std::int64_t part);

 private:
  charge_store& charges_;
  card_intake& intake_;
  ports::card_gateway& gateway_;
};

/// Reads the list from where it was read to last, now and then, in one process at a time. I/O thread only.
class card_sweep {
 public:
  card_sweep(rt::executor io, charge_store& charges, card_intake& intake, ports::card_gateway& gateway)
      : charges_(charges), intake_(intake), listing_(charges, intake, gateway), working_(io, "card sweep") {}

  void start(std::chrono::milliseconds pause);
  rt::task<> stop(rt::deadline until) { co_await working_.close(until); }

 private:
  rt::task<> sweep(std::chrono::milliseconds pause);
  rt::task<> read(list_window window);

  charge_store& charges_;
  card_intake& intake_;
  card_listing listing_;
  rt::gate working_;
};

}  // namespace ticketshow::payment
