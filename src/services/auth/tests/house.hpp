#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "api/wiring.hpp"
#include "services/auth/service.hpp"
#include "tests/support/code_of.hpp"
#include "tests/support/database.hpp"
#include "tests/support/run_all.hpp"

namespace ticketshow::auth::testing {

using test::code_of;

/// One auth process: its own pool, keys and worker threads.
struct replica {
  replica(rt::executor io, const std::string& conninfo, const clock_source& clock, random_source& random,
          const options& settings)
      : pool(io, {.name = "auth", .conninfo = conninfo, .max_connections = 12}),
        auth({io, pool, clock, random, settings}),
        inside(""),
        outside("") {
    api::mount<port>(inside, auth, contract::router::audience::inside);
    api::mount<port>(outside, auth, contract::router::audience::outside);
  }
  pg::pool pool;
  service auth;
  contract::router inside;   ///< as the other services reach it
  contract::router outside;  ///< as the gateway mounts it
  bool running = false;
};

/// Somebody who is signed in.
struct guest {
  std::int64_t id;
  std::string access_token;
  contract::cookie refresh_token;
};

/// A migrated scratch database with auth on it. Access tokens live by `clock`, which stands still; sessions and keys by
/// the database's, which age() moves.
class house {
 public:
  explicit house(const options& settings = quick());
  ~house();
  house(const house&) = delete;
  house& operator=(const house&) = delete;

  /// Hashes that cost next to nothing.
  static options quick() { return {.hash_memory_bytes = 8UZ * 1024, .hash_passes = 1, .hash_threads = 2}; }

  /// A process that has not started, and one that has.
  replica& add_replica(const options& settings);
  replica& start_replica(const options& settings = quick());
  replica& first() { return *replicas_.front(); }
  void stop(replica& which);

  template <class T>
  T run(rt::task<T> work) {
    return rt::run(io, std::move(work));
  }
  template <class T>
  std::vector<T> run_all(std::vector<rt::task<T>> work) {
    return test::run_all(io, std::move(work));
  }

  static rt::call anybody();
  static rt::call service();
  /// The call of a guest, as the gateway makes it of a verified token.
  rt::call call_of(const guest& who);

  template <class E>
  auto ask(rt::call call, E request) {
    return run(first().auth.handle(std::move(call), std::move(request)));
  }
  template <class E>
  auto ask(E request) {
    return ask(anybody(), std::move(request));
  }
  /// The same through a router, with a body of JSON: who may call, and which fields are good, is decided there.
  http::response post(const contract::router& through, rt::call call, std::string_view path, std::string_view body);

  /// Makes an account and signs it in.
  guest welcome(const std::string& email = "ann@example.com", const std::string& password = "correct horse");
  contract::result<session_view> sign_in(const std::string& email, const std::string& password) {
    return ask(login{email, password, {}});
  }
  contract::result<session_view> renew(const contract::cookie& token) { return ask(refresh{token}); }

  /// The claims of an access token when it is good now by the keys that `by` publishes, else nothing.
  std::optional<boost::json::object> verified(const std::string& access_token, replica& by);
  std::optional<boost::json::object> verified(const std::string& access_token) {
    return verified(access_token, first());
  }
  static std::string session_of(const std::string& access_token);
  /// The keys that a replica publishes.
  std::vector<jose::verification_key> keys_of(replica& which);
  bool is_told_ended(const std::string& session_id);

  contract::result<wallet_movement> credit(std::int64_t user_id, money amount, std::string reference,
                                           transaction_type kind = transaction_type::CREDIT) {
    return ask(service(), credit_wallet{user_id, amount, kind, std::move(reference), "A test"});
  }
  contract::result<wallet_movement> debit(std::int64_t user_id, money amount, std::string reference) {
    return ask(service(), debit_wallet{user_id, amount, std::move(reference), "A test"});
  }
  money balance_of(const guest& who) { return ask(call_of(who), get_wallet{}).value().current_amount; }
  /// One sentence for each broken invariant that the ledger's rows show.
  std::vector<std::string> broken_invariants() const;

  /// Moves everything that the database dates into the past, as if this much time went by.
  void age(std::chrono::seconds by);
  std::vector<std::string> rows(const std::vector<std::string>& statements) const {
    return test::execute(database.owner(), statements);
  }
  std::string sql(const std::string& statement) const;
  /// Lets the background work until `done` holds; fails the test after ten seconds.
  void wait_until(const std::function<bool()>& done);

  rt::asio::io_context io{1};
  test::scratch_database database{{"auth", migrations()}};
  manual_clock clock{timestamp(std::chrono::seconds(1'795'000'000))};
  system_random_source random;

 private:
  std::vector<std::unique_ptr<replica>> replicas_;
};

/// The code of a problem as it is on the wire, or "OK"; with a pointer, the code only if that field is named.
std::string wire_code(const http::response& answer, std::string_view pointer = {});

}  // namespace ticketshow::auth::testing
