#pragma once

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "contract/codec.hpp"
#include "contract/port.hpp"
#include "contract/stream.hpp"

namespace ticketshow {

/// Passes every call on, writes down which endpoints were called, and sends each call that may be repeated a second
/// time: the answers must be the same, else the endpoint is not idempotent.
template <class Port>
class repeating final : public contract::forwarding<repeating<Port>, Port> {
 public:
  repeating(Port& target, std::set<std::string>& seen) : target_(target), seen_(seen) {}

  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E request) {
    seen_.insert(label_of<E>());
    auto first = co_await target_.handle(call, request);
    if (may_be_repeated<E>()) {
      auto second = co_await target_.handle(call, request);
      EXPECT_EQ(print(first), print(second)) << label_of<E>() << " answered a repeated call differently";
    }
    co_return first;
  }

  template <class E>
  static std::string label_of() {
    return std::string(to_string(E::spec.verb)) + ' ' + std::string(E::spec.path);
  }

 private:
  template <class E>
  static constexpr bool may_be_repeated() {
    return contract::may_be_repeated(E::spec);
  }

  template <class T>
  static std::string print(const contract::result<T>& answer) {
    if (!answer) return std::string(answer.error().kind->code);
    std::string text;
    if constexpr (std::same_as<T, contract::content>) {
      text = answer->type + '\n' + answer->name + '\n' + answer->bytes;
    } else if constexpr (!std::same_as<T, contract::nothing> && !contract::is_stream<T>::value) {
      contract::write_json(text, *answer);
    }
    return text;
  }

  Port& target_;
  std::set<std::string>& seen_;
};

template <class Port>
std::set<std::string> labels_of_all() {
  std::set<std::string> labels;
  [&]<class... E>(contract::endpoints<E...>) {
    (labels.insert(repeating<Port>::template label_of<E>()), ...);
  }(typename Port::list{});
  return labels;
}

}  // namespace ticketshow
