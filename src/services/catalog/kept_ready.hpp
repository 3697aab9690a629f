#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "contract/codec.hpp"

namespace ticketshow::catalog {

/// Answers of an endpoint as bytes with their ETag, by what was asked, up to 16 MB of them. Who keeps them says when
/// they are no longer true. I/O thread only.
template <class Key, class T>
class kept_ready {
 public:
  using answer = contract::cached<T>;

  /// Valid until the next call of any other function; nullptr when it is not kept.
  [[nodiscard]] const answer* find(const Key& asked) const {
    const auto found = ready_.find(asked);
    return found == ready_.end() ? nullptr : &found->second;
  }

  /// Grows with every drop(): taken before the database is asked, it tells keep() whether that was before a drop.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

  /// The value as an answer, which is kept unless there was a drop() since `asked_in`.
  answer keep(const Key& asked, const T& value, std::uint64_t asked_in) {
    std::string text;
    contract::write_json(text, value);
    auto etag = fmt::format("\"{:016x}\"", std::hash<std::string>{}(text));
    answer made{std::make_shared<const std::string>(std::move(text)), std::move(etag)};
    if (asked_in != generation_) return made;
    const auto bytes = made.json->size() + bytes_an_entry;
    if (bytes_ + bytes > most_bytes) forget();
    if (ready_.try_emplace(asked, made).second) bytes_ += bytes;
    return made;
  }

  void drop() {
    forget();
    ++generation_;
  }

 private:
  static constexpr std::size_t most_bytes = 16 << 20;
  static constexpr std::size_t bytes_an_entry = 256;  // roughly, beside the text

  void forget() {
    ready_.clear();
    bytes_ = 0;
  }

  std::map<Key, answer> ready_;
  std::size_t bytes_ = 0;  // of what is ready
  std::uint64_t generation_ = 0;
};

}  // namespace ticketshow::catalog
