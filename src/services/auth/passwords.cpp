#include "services/auth/passwords.hpp"

#include <stdexcept>

#include <sodium.h>

#include "api/auth.hpp"
#include "base/assert.hpp"

namespace ticketshow::auth {
namespace {

contract::problem busy() { return {.kind = &too_busy, .detail = {}, .retry_after_s = 1}; }

}  // namespace

std::string hash_password(const std::string& password, hash_cost cost) {
  TICKETSHOW_ASSERT(sodium_init() >= 0);
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), cost.passes, cost.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::runtime_error("There is not enough memory to hash a password.");
  }
  hash.resize(hash.find('\0'));
  return hash;
}

passwords::passwords(hash_cost cost, std::size_t threads, std::size_t queue)
    : cost_(cost), workers_(threads, queue), nobody_(hash_password("nobody's password", cost)) {}

rt::task<contract::result<std::string>> passwords::hash(std::string password) {
  const auto cost = cost_;
  auto made = co_await workers_.run([password = std::move(password), cost] { return hash_password(password, cost); });
  if (!made) co_return std::unexpected(busy());
  ++runs_;
  co_return std::move(*made);
}

rt::task<contract::result<bool>> passwords::verify(std::string password, std::optional<std::string> hash) {
  const bool known = hash.has_value();
  auto matches = co_await workers_.run([password = std::move(password), against = hash.value_or(nobody_)] {
    return crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  });
  if (!matches) co_return std::unexpected(busy());
  ++runs_;
  co_return *matches&& known;
}

}  // namespace ticketshow::auth
