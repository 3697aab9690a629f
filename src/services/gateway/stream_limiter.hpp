#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "http/message.hpp"

namespace ticketshow::gateway {

/// Bounds the streams that are open at a time: each keeps a connection for as long as somebody looks. I/O thread only.
class stream_limiter {
 public:
  struct limits {
    std::size_t in_all = 10'000;
    std::size_t of_an_address = 100;  ///< as network_of() counts addresses: many may share one
  };

  explicit stream_limiter(limits most);

  /// The answer, whose stream counts until it is destroyed; or, when there are too many, a problem that says when to
  /// try again: 429 of this client's, 503 in all. An answer without a stream comes back as it is.
  http::response admit(http::response answer, std::string_view client, std::string_view correlation_id);

 private:
  struct counts;
  class counted_stream;

  limits limits_;
  std::shared_ptr<counts> counts_;
};

}  // namespace ticketshow::gateway
