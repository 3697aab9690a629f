#pragma once

#include <optional>
#include <string>

#include "contract/problem.hpp"
#include "rt/worker_pool.hpp"

namespace ticketshow::auth {

/// What one password hash costs: RFC 9106 argon2id, by OWASP's advice at least 19 MiB and two passes.
struct hash_cost {
  std::size_t memory_bytes = 19UZ * 1024 * 1024;
  unsigned passes = 2;
};

/// Hashes and verifies passwords on worker threads. When too many wait already, everything answers too_busy, so that a
/// flood of sign-ins keeps neither the processor nor the memory from the rest.
class passwords {
 public:
  passwords(hash_cost cost, std::size_t threads, std::size_t queue);

  rt::task<contract::result<std::string>> hash(std::string password);

  /// Whether `password` is the one behind `hash`. Without a hash (there is no such account) the same work is done over
  /// a hash of nothing, so that time tells nobody which addresses have accounts.
  rt::task<contract::result<bool>> verify(std::string password, std::optional<std::string> hash);

  /// How often the hash function ran, for the metrics and the tests.
  [[nodiscard]] std::size_t runs() const { return runs_; }

 private:
  hash_cost cost_;
  rt::worker_pool workers_;
  std::string nobody_;  // a hash that no password matches
  std::size_t runs_ = 0;
};

/// One hash, made here and now: for commands. Throws std::runtime_error when there is not enough memory.
std::string hash_password(const std::string& password, hash_cost cost);

}  // namespace ticketshow::auth
