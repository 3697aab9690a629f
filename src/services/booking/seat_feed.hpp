#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "api/booking/seat_stream.hpp"
#include "base/time.hpp"

namespace ticketshow::booking {

enum class seat_state : std::uint8_t { FREE, HELD, SOLD };

/// The seats of a showing at one moment, as everybody may see them.
struct seats_shown {
  std::int64_t screen_id = 0;
  bool on_sale = false;            ///< neither cancelled nor begun
  std::vector<seat_state> states;  ///< in the order of the seats
  timestamp good_until;            ///< when time alone changes something: a hold ends, the show begins
};

/// What the readers of one showing's stream are told: versions of its seats, and messages that lead from each to the
/// next. The newest messages are kept, so that a reader who was away for a moment goes on where he was; who has missed
/// more gets a snapshot. Messages are written once and shared by all readers. Pure: knows no clock, and no reader.
class seat_feed {
 public:
  struct limits {
    std::size_t max_messages = 64;
    std::size_t max_bytes = 64 * 1024UZ;  ///< of the messages kept
  };

  /// `stem` names this feed among all that there ever were of the showing, in this process and others: versions of
  /// different feeds must not be taken for each other.
  explicit seat_feed(std::string stem) : seat_feed(std::move(stem), limits{}) {}
  seat_feed(std::string stem, limits keep) : stem_(std::move(stem)), limits_(keep) {}

  /// Takes how the seats are now; whether that makes a new version.
  bool publish(seats_shown now);

  /// The number of the version that the id of a message names; 0, which no version has, when this feed does not know
  /// it.
  [[nodiscard]] std::uint64_t number_of(std::string_view id) const;

  /// What a reader gets who knows the version `at`, which becomes the one that he knows then; null when he knows the
  /// newest.
  contract::piece next(std::uint64_t& at);

 private:
  [[nodiscard]] std::string id() const;
  void keep(std::string message);
  [[nodiscard]] contract::piece snapshot();

  std::string stem_;
  limits limits_;
  seats_shown shown_;
  std::uint64_t newest_ = 0;
  std::deque<contract::piece> messages_;  // the last leads to the newest version
  std::size_t bytes_ = 0;                 // of those
  contract::piece snapshot_;              // of the newest version, once somebody wanted it
};

}  // namespace ticketshow::booking
