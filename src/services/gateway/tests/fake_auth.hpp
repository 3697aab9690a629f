#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include "api/auth.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "jose/jwt.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::gateway {

inline jose::signing_key key_from(unsigned char seed) {
  std::array<unsigned char, 32> bytes{};
  bytes.fill(seed);
  return jose::make_signing_key(bytes);
}

/// Auth as the gateway sees it, with keys that the test holds: it signs with src/jose and keeps lists in memory.
class fake_auth final : public contract::forwarding<fake_auth, auth::port> {
 public:
  explicit fake_auth(const clock_source& clock) : clock_(clock), keys{key_from(1)} {}

  /// The claims of a good token.
  [[nodiscard]] boost::json::object claims(std::int64_t user, std::string_view session = "session-1",
                                           std::string_view role = "USER",
                                           std::chrono::seconds life = std::chrono::minutes(15)) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    return {{"iss", "ticketshow"},
            {"aud", "ticketshow"},
            {"sub", std::to_string(user)},
            {"sid", session},
            {"email", "someone@example.org"},
            {"role", role},
            {"iat", now},
            {"exp", now + life.count()}};
  }
  [[nodiscard]] std::string token(std::int64_t user, std::string_view session = "session-1",
                                  std::string_view role = "USER",
                                  std::chrono::seconds life = std::chrono::minutes(15)) const {
    return jose::sign(claims(user, session, role, life), keys.front(), "at+jwt");
  }

  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E) {
    (void)call;
    co_await boost::asio::post(rt::use_task);  // as over a network, the answer does not come within the call
    if (!reachable) throw rt::unavailable("auth is not there");
    if constexpr (std::same_as<E, auth::get_keys>) {
      ++key_fetches;
      auth::key_set set;
      for (const auto& each : keys) {
        const auto jwk = jose::to_jwk({each.id, each.public_key});
        const auto text = [&](const char* name) { return std::string(jwk.at(name).as_string()); };
        set.keys.push_back({text("kid"), text("kty"), text("crv"), text("x"), text("use"), text("alg")});
      }
      co_return set;
    } else if constexpr (std::same_as<E, auth::list_revoked_sessions>) {
      co_return auth::revoked_sessions{.session_ids = revoked};
    } else if constexpr (std::same_as<E, auth::get_me>) {
      co_return auth::account_view{.id = call.caller.user_id,
                                   .email = call.caller.email,
                                   .username = call.caller.session_id,
                                   .city = call.correlation_id,
                                   .role = call.caller.user_role,
                                   .currency = "INR"};
    } else if constexpr (std::same_as<E, auth::login>) {
      if (call.caller.is_user()) co_return contract::fail(contract::internal_error);
      co_return auth::session_view{.access_token = "t", .token_type = "bearer", .refresh_token = {"r", 60}};
    } else if constexpr (std::same_as<E, auth::logout>) {
      co_return auth::logged_out{};
    } else {
      co_return contract::fail(contract::not_allowed);
    }
  }

 private:
  const clock_source& clock_;

 public:
  std::vector<jose::signing_key> keys;  ///< the first signs
  std::vector<std::string> revoked;
  bool reachable = true;
  int key_fetches = 0;
};

}  // namespace ticketshow::gateway
