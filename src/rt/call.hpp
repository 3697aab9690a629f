#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "rt/task.hpp"

namespace ticketshow::rt {

/// The point after which nobody waits for an answer any more. Every call and every statement carries one.
class deadline {
 public:
  static deadline after(steady_clock::duration duration) { return deadline{steady_clock::now() + duration}; }
  static deadline never() { return deadline{steady_clock::time_point::max()}; }

  [[nodiscard]] bool passed() const { return steady_clock::now() >= at_; }
  [[nodiscard]] steady_clock::time_point at() const { return at_; }
  /// What is left, never negative.
  [[nodiscard]] steady_clock::duration left() const {
    return std::max(steady_clock::duration::zero(), at_ - steady_clock::now());
  }
  /// The earlier of this deadline and `duration` from now.
  [[nodiscard]] deadline no_later_than(steady_clock::duration duration) const {
    return deadline{std::min(at_, steady_clock::now() + duration)};
  }

 private:
  explicit deadline(steady_clock::time_point at) : at_(at) {}
  steady_clock::time_point at_;
};

enum class role {
  USER,
  ADMIN,
  STAFF,  ///< keeps the doors of one venue
};

/// Who calls, as proved by a verified token, never by the body of a request.
struct principal {
  enum class kind { anonymous, user, service };

  kind type = kind::anonymous;
  std::int64_t user_id = 0;     ///< set for a user; for a service that acts for a user, that user
  role user_role = role::USER;  ///< meaningful for a user
  std::int64_t venue_id = 0;    ///< set for STAFF: whose doors it keeps
  std::string email;            ///< set for a user
  std::string session_id;       ///< the family of refresh tokens this access token came from
  std::string service;          ///< set for a service: the target's name

  [[nodiscard]] bool is_user() const { return type == kind::user; }
  [[nodiscard]] bool is_admin() const { return type == kind::user && user_role == role::ADMIN; }
  [[nodiscard]] bool is_staff() const { return type == kind::user && user_role == role::STAFF; }
  [[nodiscard]] bool is_service() const { return type == kind::service; }
};

/// What travels with every call between services, local or remote. Passed by value: cheap beside the call itself.
struct call {
  deadline until = deadline::never();
  std::string correlation_id;  ///< 32 hex digits, or what the client sent as X-Request-ID; it is the trace id of logs
  principal caller;

  /// The same call made by a service of this system on its own behalf.
  [[nodiscard]] call as_service(std::string name) const {
    call copy = *this;
    copy.caller = principal{.type = principal::kind::service, .service = std::move(name)};
    return copy;
  }
};

}  // namespace ticketshow::rt
