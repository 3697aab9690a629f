#include "services/gateway/stream_limiter.hpp"

#include <map>

#include "api/booking/seat_stream.hpp"
#include "contract/problem.hpp"
#include "http/body_source.hpp"
#include "rt/metrics.hpp"
#include "services/gateway/client_address.hpp"

namespace ticketshow::gateway {
namespace {

using network = decltype(network_of({}));

constexpr int retry_of_an_address_s = 10;
constexpr int retry_in_all_s = 5;

}  // namespace

struct stream_limiter::counts {
  std::size_t in_all = 0;
  std::map<network, std::size_t> of_address;
  prometheus::Gauge& gauge = rt::metrics::gauge("ticketshow_http_streams", "Answers that go on, open now.");
};

/// Passes on everything, and is counted while it is there.
class stream_limiter::counted_stream final : public http::body_source {
 public:
  counted_stream(std::shared_ptr<http::body_source> inner, std::shared_ptr<counts> all, const network& client)
      : inner_(std::move(inner)), counts_(std::move(all)), client_(client) {
    ++counts_->in_all;
    ++counts_->of_address[client_];
    counts_->gauge.Increment();
  }
  ~counted_stream() override {
    --counts_->in_all;
    const auto mine = counts_->of_address.find(client_);
    if (--mine->second == 0) counts_->of_address.erase(mine);
    counts_->gauge.Decrement();
  }
  counted_stream(const counted_stream&) = delete;
  counted_stream& operator=(const counted_stream&) = delete;

  rt::task<http::piece> next() override { return inner_->next(); }
  void close() override { inner_->close(); }

 private:
  std::shared_ptr<http::body_source> inner_;
  std::shared_ptr<counts> counts_;
  network client_;
};

stream_limiter::stream_limiter(limits most) : limits_(most), counts_(std::make_shared<counts>()) {}

http::response stream_limiter::admit(http::response answer, std::string_view client, std::string_view correlation_id) {
  if (!answer.stream) return answer;
  const auto from = network_of(client);
  const auto mine = counts_->of_address.find(from);
  if (mine != counts_->of_address.end() && mine->second >= limits_.of_an_address) {
    return contract::to_response({.kind = &booking::too_many_streams, .retry_after_s = retry_of_an_address_s},
                                 correlation_id);
  }
  if (counts_->in_all >= limits_.in_all) {
    return contract::to_response({.kind = &contract::service_unavailable,
                                  .detail = "Too many seat maps are being watched right now.",
                                  .retry_after_s = retry_in_all_s},
                                 correlation_id);
  }
  answer.stream = std::make_shared<counted_stream>(std::move(answer.stream), counts_, from);
  return answer;
}

}  // namespace ticketshow::gateway
