#pragma once

#include <expected>
#include <string>

#include "base/time.hpp"
#include "jose/jwt.hpp"
#include "rt/call.hpp"

/// Proof that a call comes from a process of this system, and on whose behalf. The key is shared by the deployment's
/// processes and never leaves them; a token lives a minute and a half and names the service it is meant for.
namespace ticketshow::app {

/// Half a minute, and another minute by which the callee's clock may be ahead: as much as it may be behind (jose).
inline constexpr std::chrono::seconds service_token_life{30 + 60};

/// Reads the key from `file`; when there is none makes one (32 random bytes as hex, readable by this user alone).
/// Throws std::runtime_error with a sentence when the file cannot be used.
std::string load_or_make_internal_key(const std::string& file);

/// A token with which `caller` can be shown to the service `audience`.
std::string make_service_token(const rt::principal& caller, const std::string& audience, const std::string& key,
                               timestamp now);

/// Whose call it is, when the token is ours, fresh and meant for `audience`.
std::expected<rt::principal, jose::token_error> read_service_token(const std::string& token,
                                                                   const std::string& audience, const std::string& key,
                                                                   timestamp now);

}  // namespace ticketshow::app
