#include "app/replicas.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>

namespace ticketshow::app {
namespace {

std::size_t weight_of(std::string_view address, std::string_view affinity) {
  std::string both(address);
  both.append(1, ' ').append(affinity);
  return std::hash<std::string>{}(both);
}

}  // namespace

replicas::replicas(std::vector<std::string> addresses) {
  for (auto& each : addresses) known_.push_back({.address = std::move(each)});
}

std::vector<std::size_t> replicas::order(std::string_view affinity, rt::steady_clock::time_point now) {
  std::vector<std::size_t> numbers(known_.size());
  std::iota(numbers.begin(), numbers.end(), 0UZ);
  if (known_.size() < 2) return numbers;
  if (affinity.empty()) {
    std::ranges::rotate(numbers, numbers.begin() + static_cast<std::ptrdiff_t>(turn_++ % known_.size()));
  } else {
    std::ranges::sort(numbers, std::greater{}, [&](auto each) { return weight_of(known_[each].address, affinity); });
  }
  std::vector<std::size_t> ordered;
  for (const bool alone : {false, true}) {
    std::ranges::copy_if(numbers, std::back_inserter(ordered),
                         [&](auto each) { return (known_[each].alone_until > now) == alone; });
  }
  return ordered;
}

bool replicas::one_is_there(std::span<const std::size_t> of, rt::steady_clock::time_point now) const {
  return std::ranges::any_of(of, [&](auto each) { return known_[each].alone_until <= now; });
}

void replicas::leave_alone(std::size_t which, rt::steady_clock::time_point now) {
  known_[which].alone_until = now + left_alone;
}

}  // namespace ticketshow::app
