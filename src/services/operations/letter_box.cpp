#include "services/operations/letter_box.hpp"

namespace ticketshow::operations {

rt::task<contract::result<std::vector<dead_letter>>> letter_box::handle(rt::call call, read_dead_letters request) {
  auto found = co_await letters_.list(call.until, {}, request.most);
  std::vector<dead_letter> read;
  read.reserve(found.size());
  for (auto& each : found) {
    read.push_back({.id = std::move(each.what.id),
                    .topic = std::move(each.what.topic),
                    .key = std::move(each.what.key),
                    .attempts = each.attempts,
                    .reason = std::move(each.error),
                    .failed_at = each.set_aside_at});
  }
  co_return read;
}

rt::task<contract::result<contract::nothing>> letter_box::handle(rt::call call, replay_own_letter request) {
  const auto replayed = co_await letters_.replay(call.until, std::optional(std::move(request.id)));
  if (replayed == 0) co_return contract::fail(dead_letter_not_found);
  co_return contract::nothing{};
}

rt::task<contract::result<contract::nothing>> letter_box::handle(rt::call call, drop_own_letter request) {
  const bool dropped = co_await letters_.drop(call.until, std::move(request.id));
  if (!dropped) co_return contract::fail(dead_letter_not_found);
  co_return contract::nothing{};
}

}  // namespace ticketshow::operations
