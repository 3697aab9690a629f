#pragma once

#include <stdexcept>

namespace ticketshow::rt {

/// Something that this process depends on (a database, another service) cannot be asked now. The request boundary
/// answers it with 503, so that the caller tries again.
class unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace ticketshow::rt
