#include "services/catalog/show_list.hpp"

#include <functional>

#include "services/catalog/queries.hpp"

namespace ticketshow::catalog {
namespace {

constexpr auto trusted_for = std::chrono::seconds(1);
constexpr std::size_t bytes_an_entry = 256;  // roughly, beside the text

}  // namespace

void show_list::drop() {
  ready_.clear();
  bytes_ = 0;
  ++generation_;
}

rt::task<> show_list::revalidate(rt::deadline until) {
  const auto now = rt::steady_clock::now();
  if (now - checked_ < trusted_for) co_return;
  checked_ = now;  // at once: others go on with what is there while this one asks
  const auto found = co_await database_.run(until, queries::sum_of_versions);
  const auto versions = found.front().get<std::int64_t>(0);
  if (versions != versions_) drop();
  versions_ = versions;
}

rt::task<list_shows::response> show_list::get(rt::deadline until, list_shows request) {
  co_await revalidate(until);
  const key wanted{request.skip.value_or(0), request.limit.value_or(20), request.include_cancelled.value_or(false)};
  if (const auto found = ready_.find(wanted); found != ready_.end()) co_return found->second;

  const auto generation = generation_;
  const auto [skip, limit, all] = wanted;
  const auto rows = co_await database_.run(until, queries::list_shows, skip, limit, all);
  const auto shows = all_of(rows, [&](auto row) { return show_of(row, in_); });
  std::string text;
  contract::write_json(text, shows);
  auto etag = fmt::format("\"{:016x}\"", std::hash<std::string>{}(text));
  list_shows::response answer{std::make_shared<const std::string>(std::move(text)), std::move(etag)};
  const auto bytes = answer.json->size() + bytes_an_entry;
  if (generation == generation_) {
    if (bytes_ + bytes > most_bytes) {
      ready_.clear();
      bytes_ = 0;
    }
    if (ready_.try_emplace(wanted, answer).second) bytes_ += bytes;
  }
  co_return answer;
}

}  // namespace ticketshow::catalog
