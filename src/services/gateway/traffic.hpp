#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "contract/router.hpp"
#include "http/message.hpp"
#include "rt/metrics.hpp"
#include "rt/task.hpp"

namespace ticketshow::gateway {

/// Counts and times what was answered, and logs what went wrong. The instruments of an endpoint are looked up when it
/// is first asked for; from then on a request costs two additions.
class traffic {
 public:
  /// What answers that is no endpoint of the API.
  enum class kind { unknown, site, docs, openapi, health, metrics, preflight, media };

  /// One answered request.
  struct visit {
    const http::request& incoming;
    const http::response& outgoing;
    std::string_view client;
    std::string_view correlation_id;
    rt::steady_clock::duration took;
  };

  void observe(const contract::router::match& endpoint, const visit& done);
  void observe(kind what, const visit& done);

 private:
  struct instruments {
    std::string label;
    prometheus::Histogram* seconds = nullptr;
    std::array<prometheus::Counter*, 6> by_status{};
  };

  static void observe(instruments& place, const visit& done);
  static instruments make(std::string label);

  std::vector<std::unique_ptr<instruments>> endpoints_;  // by their number
  std::array<std::unique_ptr<instruments>, 8> others_;   // by kind
};

}  // namespace ticketshow::gateway
