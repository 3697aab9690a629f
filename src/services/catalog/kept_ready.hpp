#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include "contract/codec.hpp"
#include "rt/task.hpp"

namespace ticketshow::catalog {

/// Answers of an endpoint as bytes with their ETag, by what was asked, up to 16 MB of them. What many ask for at once
/// is made once. Who keeps them says when they are no longer true. I/O thread only.
template <class Key, class T>
class kept_ready {
  struct making;

 public:
  using answer = contract::cached<T>;

  /// Nothing is kept for longer than `at_most`, counted from when it was asked for.
  explicit kept_ready(rt::steady_clock::duration at_most = rt::steady_clock::duration::max()) : at_most_(at_most) {}

  /// What was asked for, or the right to make it: others who ask for the same wait as long as this lives.
  struct turn {
    std::optional<answer> kept;  ///< if not, the holder makes it and calls keep()
    std::unique_ptr<making> mine;
  };

  rt::task<turn> ask(Key asked);
  /// The value as an answer, which is kept unless there was a drop() since it was asked for.
  answer keep(turn asked, const T& value);

  void drop() {
    forget();
    ++generation_;
  }

 private:
  static constexpr std::size_t most_bytes = 16 << 20;
  static constexpr std::size_t bytes_an_entry = 256;  // roughly, beside the text

  /// An answer on its way. When it ends, the timer's end wakes who waits for it.
  struct making {
    making(kept_ready& in, Key what, rt::executor io)
        : owner(in), asked(std::move(what)), generation(in.generation_), end(io, rt::steady_clock::time_point::max()) {
      owner.under_way_.emplace(asked, this);
    }
    ~making() { owner.under_way_.erase(asked); }
    making(const making&) = delete;
    making& operator=(const making&) = delete;

    kept_ready& owner;
    Key asked;
    std::uint64_t generation;
    rt::steady_clock::time_point began = rt::steady_clock::now();
    rt::timer end;
  };

  void forget() {
    ready_.clear();
    bytes_ = 0;
    oldest_ = rt::steady_clock::time_point::max();
  }

  rt::steady_clock::duration at_most_;
  std::map<Key, answer> ready_;
  std::map<Key, making*> under_way_;
  std::size_t bytes_ = 0;                                                      // of what is ready
  rt::steady_clock::time_point oldest_ = rt::steady_clock::time_point::max();  // of what is ready
  std::uint64_t generation_ = 0;                                               // grows with every drop()
};

template <class Key, class T>
rt::task<typename kept_ready<Key, T>::turn> kept_ready<Key, T>::ask(Key asked) {
  while (true) {
    if (!ready_.empty() && rt::steady_clock::now() - oldest_ >= at_most_) forget();
    const auto found = ready_.find(asked);
    if (found != ready_.end()) co_return turn{found->second, nullptr};
    const auto before = under_way_.find(asked);
    if (before == under_way_.end()) break;
    // It may fail, or be no longer true when it is there: then one of those who wait makes another.
    boost::system::error_code ignored;
    co_await before->second->end.async_wait(rt::asio::redirect_error(rt::use_task, ignored));
  }
  const auto io = co_await rt::asio::this_coro::executor;
  co_return turn{std::nullopt, std::make_unique<making>(*this, std::move(asked), io)};
}

template <class Key, class T>
typename kept_ready<Key, T>::answer kept_ready<Key, T>::keep(turn asked, const T& value) {
  std::string text;
  contract::write_json(text, value);
  auto etag = fmt::format("\"{:016x}\"", std::hash<std::string>{}(text));
  answer made{std::make_shared<const std::string>(std::move(text)), std::move(etag)};
  if (asked.mine->generation != generation_) return made;
  const auto bytes = made.json->size() + bytes_an_entry;
  if (bytes_ + bytes > most_bytes) forget();
  if (ready_.try_emplace(asked.mine->asked, made).second) bytes_ += bytes;
  oldest_ = std::min(oldest_, asked.mine->began);
  return made;
}

}  // namespace ticketshow::catalog
