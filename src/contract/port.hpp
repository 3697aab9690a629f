#pragma once

#include <utility>

#include "contract/endpoint.hpp"
#include "contract/problem.hpp"
#include "rt/call.hpp"
#include "rt/task.hpp"

namespace ticketshow::contract {

/// One endpoint's function. The call tells who asks and until when; the answer is the response or a declared problem.
/// Infrastructure failure (the database is down, a peer does not answer) is thrown and handled once, at the request
/// boundary.
template <class E>
class handles {
 public:
  virtual rt::task<result<typename E::response>> handle(rt::call call, E request) = 0;

 protected:
  ~handles() = default;
};

template <class List>
class port_of;

/// A service as its callers see it: one virtual function an endpoint, told apart by the request's type. A missing one
/// does not compile. Behind it is the service itself, or a client over HTTP; only app/process knows.
template <class... E>
class port_of<endpoints<E...>> : public handles<E>... {
 public:
  using list = endpoints<E...>;
  using handles<E>::handle...;
  virtual ~port_of() = default;
};

namespace detail {

template <class Derived, class Port, class List>
class forwarding_chain;

template <class Derived, class Port>
class forwarding_chain<Derived, Port, endpoints<>> : public Port {};

template <class Derived, class Port, class E, class... Rest>
class forwarding_chain<Derived, Port, endpoints<E, Rest...>>
    : public forwarding_chain<Derived, Port, endpoints<Rest...>> {
 public:
  using forwarding_chain<Derived, Port, endpoints<Rest...>>::handle;
  rt::task<result<typename E::response>> handle(rt::call call, E request) override {
    return static_cast<Derived*>(this)->template forward<E>(std::move(call), std::move(request));
  }
};

}  // namespace detail

/// Implements every endpoint of a port by one function template of Derived:
/// `template <class E> rt::task<result<typename E::response>> forward(rt::call, E)`.
template <class Derived, class Port>
using forwarding = detail::forwarding_chain<Derived, Port, typename Port::list>;

}  // namespace ticketshow::contract
