#pragma once

#include <functional>
#include <map>
#include <string>

#include "api/operations.hpp"

namespace ticketshow::operations {

/// Who has events, by the services' names. The ports must outlive whoever is given them.
using letter_boxes = std::map<std::string, std::reference_wrapper<letters_port>, std::less<>>;

/// Operations' endpoints, as api/operations.hpp promises them, over the services' own letters, wherever they run.
/// Administrators decide what becomes of an event; the call reaches its service in this system's name. I/O thread only.
class desk final : public port {
 public:
  explicit desk(letter_boxes boxes) : boxes_(std::move(boxes)) {}

  /// Service_unavailable names the service that does not answer: a list without its letters would look complete.
  rt::task<contract::result<std::vector<dead_letter_view>>> handle(rt::call call, list_dead_letters request) override;
  rt::task<contract::result<contract::nothing>> handle(rt::call call, replay_dead_letter request) override;
  rt::task<contract::result<contract::nothing>> handle(rt::call call, drop_dead_letter request) override;

 private:
  letter_boxes boxes_;
};

}  // namespace ticketshow::operations
