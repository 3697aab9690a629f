#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rt/task.hpp"

namespace ticketshow::app {

/// The processes that run one service, and which of them is asked first. Pure: it is told the time.
class replicas {
 public:
  /// For so long one that did not answer is asked only when no other one does.
  static constexpr std::chrono::milliseconds left_alone{1'000};

  explicit replicas(std::vector<std::string> addresses);

  [[nodiscard]] std::size_t size() const { return known_.size(); }

  /// All of them by number, the first to ask first. With an `affinity` the order is always the same for it, whoever
  /// asks and in whatever order the addresses were told, and when one goes only what it had goes to others (rendezvous
  /// hashing); without one they take turns. Who is left alone comes last.
  [[nodiscard]] std::vector<std::size_t> order(std::string_view affinity, rt::steady_clock::time_point now);

  /// Whether one of these is not left alone.
  [[nodiscard]] bool one_is_there(std::span<const std::size_t> of, rt::steady_clock::time_point now) const;

  /// This one did not answer, or says that it is about to end.
  void leave_alone(std::size_t which, rt::steady_clock::time_point now);

 private:
  struct replica {
    std::string address;
    rt::steady_clock::time_point alone_until{};
  };

  std::vector<replica> known_;
  std::size_t turn_ = 0;
};

}  // namespace ticketshow::app
