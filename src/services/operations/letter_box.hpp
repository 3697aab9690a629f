#pragma once

#include "api/operations.hpp"
#include "events/dead_letters.hpp"

namespace ticketshow::operations {

/// A service's dead letters as the others reach them: stands beside the service, on its pool. I/O thread only.
class letter_box final : public letters_port {
 public:
  explicit letter_box(pg::pool& database) : letters_(database) {}

  rt::task<contract::result<std::vector<dead_letter>>> handle(rt::call call, read_dead_letters request) override;
  rt::task<contract::result<contract::nothing>> handle(rt::call call, replay_own_letter request) override;
  rt::task<contract::result<contract::nothing>> handle(rt::call call, drop_own_letter request) override;

 private:
  events::dead_letters letters_;
};

}  // namespace ticketshow::operations
