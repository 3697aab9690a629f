#include "services/gateway/tokens.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <boost/asio/redirect_error.hpp>
#include <boost/json.hpp>
#include <sodium/crypto_generichash.h>

#include "rt/log.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::gateway {
namespace {

constexpr std::size_t max_token_bytes = 4096;

std::optional<std::int64_t> positive_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

std::optional<std::string> text_claim(const boost::json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(boost::json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

/// Who the claims of a verified token speak of; nothing when one that we need is missing or odd.
std::optional<rt::principal> principal_of(const boost::json::object& claims) {
  const auto subject = text_claim(claims, "sub");
  const auto user_id = subject ? positive_integer(*subject) : std::nullopt;
  const auto email = text_claim(claims, "email");
  const auto role = text_claim(claims, "role");
  const auto session = text_claim(claims, "sid");
  if (!user_id || !email || !role || !session || session->empty()) return std::nullopt;
  rt::role known{};
  std::string why;
  if (!contract::read_scalar(*role, known, why)) return std::nullopt;
  const auto* venue = claims.if_contains("venue");
  const auto venue_id = venue != nullptr && venue->is_int64() ? venue->get_int64() : 0;
  if ((known == rt::role::STAFF) != (venue_id > 0)) return std::nullopt;
  return rt::principal{.type = rt::principal::kind::user,
                       .user_id = *user_id,
                       .user_role = known,
                       .venue_id = venue_id,
                       .email = *email,
                       .session_id = *session};
}

std::optional<jose::verification_key> read_key(const auth::key_view& shown) {
  return jose::from_jwk({{"kid", shown.kid},
                         {"kty", shown.kty},
                         {"crv", shown.crv},
                         {"x", shown.x},
                         {"use", shown.use},
                         {"alg", shown.alg}});
}

bool contains(const std::vector<jose::verification_key>& keys, const jose::verification_key& wanted) {
  return std::ranges::any_of(
      keys, [&](const auto& each) { return each.id == wanted.id && each.public_key == wanted.public_key; });
}

}  // namespace

token_verifier::token_verifier(rt::executor io, const clock_source& clock, random_source& random, auth::port& accounts,
                               token_options settings, std::function<rt::steady_clock::time_point()> ticks)
    : io_(io),
      clock_(clock),
      random_(random),
      accounts_(accounts),
      settings_(std::move(settings)),
      ticks_(std::move(ticks)),
      fetched_(io),
      work_(io, "gateway keys and revocations") {
  random_.fill(hash_key_.data(), hash_key_.size());
  fetched_.expires_at(rt::steady_clock::time_point::max());
}

token_verifier::checked token_verifier::check(std::string_view token) {
  if (token.empty() || token.size() > max_token_bytes) return {verdict::invalid};
  token_hash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                     hash_key_.data(), hash_key_.size());
  const auto known = by_hash_.find(hash);
  return known != by_hash_.end() ? check_known(known->second) : verify(token, hash);
}

token_verifier::checked token_verifier::check_known(token_list::iterator known) {
  if (clock_.now() >= known->expires) {
    forget(known);
    return {verdict::expired};
  }
  if (known->seen_revocations != revocations_) {
    if (revoked_.contains(known->caller.session_id)) {
      forget(known);
      return {verdict::revoked};
    }
    known->seen_revocations = revocations_;
  }
  tokens_.splice(tokens_.begin(), tokens_, known);
  return {verdict::good, &known->caller};
}

token_verifier::checked token_verifier::verify(std::string_view token, const token_hash& hash) {
  if (keys_.empty()) return {verdict::no_keys};
  const auto now = clock_.now();
  const auto claims = jose::verify(
      token, keys_, {.issuer = settings_.issuer, .audience = settings_.audience, .type = "at+jwt", .now = now});
  if (!claims) {
    switch (claims.error()) {
      case jose::token_error::unknown_key:
        return {verdict::unknown_key};
      case jose::token_error::expired:
        return {verdict::expired};
      case jose::token_error::malformed:
      case jose::token_error::wrong_algorithm:
      case jose::token_error::bad_signature:
      case jose::token_error::not_yet_valid:
      case jose::token_error::wrong_issuer:
      case jose::token_error::wrong_audience:
      case jose::token_error::wrong_type:
      case jose::token_error::forbidden_header:
        return {verdict::invalid};
    }
    return {verdict::invalid};
  }
  auto caller = principal_of(*claims);
  const auto* ends = claims->if_contains("exp");
  if (!caller || ends == nullptr || !ends->is_int64()) return {verdict::invalid};
  // Ended sessions are kept for as long as a token may live, so one that says it lives longer is not taken.
  const auto until_end =
      std::chrono::seconds(ends->get_int64()) - std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  if (until_end > settings_.longest_life) return {verdict::invalid};
  const auto expires = std::chrono::floor<std::chrono::seconds>(now) + until_end;
  if (revoked_.contains(caller->session_id)) return {verdict::revoked};
  remember({.hash = hash, .caller = std::move(*caller), .expires = expires, .seen_revocations = revocations_});
  return {verdict::good, &tokens_.front().caller};
}

void token_verifier::remember(known_token token) {
  while (tokens_.size() >= std::max<std::size_t>(1, settings_.remembered)) forget(std::prev(tokens_.end()));
  tokens_.push_front(std::move(token));
  by_hash_[tokens_.front().hash] = tokens_.begin();
}

void token_verifier::forget(token_list::iterator known) {
  by_hash_.erase(known->hash);
  tokens_.erase(known);
}

rt::call token_verifier::call_to_auth() {
  return rt::call{.until = rt::deadline::after(settings_.call_timeout), .correlation_id = random_hex(random_, 16)}
      .as_service("gateway");
}

rt::task<> token_verifier::fetch_keys() {
  struct flight {
    explicit flight(token_verifier& owner) : verifier(owner) { verifier.fetching_ = true; }
    ~flight() {
      verifier.fetching_ = false;
      verifier.fetched_.cancel();
    }
    token_verifier& verifier;
  };
  const flight under_way(*this);
  last_fetch_ = ticks_();
  auto shown = co_await accounts_.handle(call_to_auth(), auth::get_keys{});
  if (!shown) throw rt::unavailable("auth did not give its keys: " + std::string(shown.error().kind->code));
  std::vector<jose::verification_key> fresh;
  for (const auto& each : shown->keys) {
    if (auto key = read_key(each)) fresh.push_back(std::move(*key));
  }
  if (fresh.empty()) throw rt::unavailable("auth gave no key that can be used");
  // A key that left the set is trusted no more, nor is what it signed.
  if (!std::ranges::all_of(keys_, [&](const auto& each) { return contains(fresh, each); })) {
    tokens_.clear();
    by_hash_.clear();
  }
  keys_ = std::move(fresh);
}

rt::task<> token_verifier::look_after_keys() {
  const bool due = keys_.empty() || ticks_() - last_fetch_ >= settings_.key_refresh;
  if (due && !fetching_) co_await fetch_keys();
}

rt::task<> token_verifier::keep_up(rt::task<> (token_verifier::*step)(), bool token_verifier::* works) {
  std::string why;
  try {
    co_await (this->*step)();
  } catch (const std::exception& failure) {
    why = failure.what();
  }
  // Once when it begins and once when it ends, not every second in between.
  const bool worked = why.empty();
  if (work_.closing() || std::exchange(this->*works, worked) == worked) co_return;
  if (worked) {
    rt::log::info("auth can be reached again");
  } else {
    rt::log::warning("auth cannot be reached; signed-in accounts stay so until their tokens end", {{"error", why}});
  }
}

rt::task<bool> token_verifier::refetch(rt::deadline until) {
  if (!fetching_) {
    if (ticks_() - last_fetch_ < settings_.key_retry) co_return false;
    fetching_ = true;  // at once: the spawned work may begin later
    work_.spawn(fetch_keys());
    if (work_.closing()) {
      fetching_ = false;
      co_return false;
    }
  }
  while (fetching_ && !until.passed()) {
    // Many wait on the one timer, whose end is a cancellation; the deadline is the fetch's own, which is shorter.
    boost::system::error_code ignored;
    co_await fetched_.async_wait(rt::asio::redirect_error(rt::use_task, ignored));
  }
  co_return true;
}

rt::task<> token_verifier::poll_revocations() {
  auto ended = co_await accounts_.handle(call_to_auth(), auth::list_revoked_sessions{});
  if (!ended) throw rt::unavailable("auth did not tell of ended sessions: " + std::string(ended.error().kind->code));
  const auto now = clock_.now();
  const auto known = revoked_.size();
  for (auto& each : ended->session_ids) revoked_.insert_or_assign(std::move(each), now);
  if (revoked_.size() != known) ++revocations_;
  revocations_known_ = true;
  forget_old_revocations();
}

/// The list is as long as the sessions that ended within the life of a token: after that no token of theirs is valid.
void token_verifier::forget_old_revocations() {
  const auto now = clock_.now();
  if (now < next_cleanup_) return;
  next_cleanup_ = now + std::chrono::minutes(1);
  std::erase_if(revoked_, [&](const auto& each) { return each.second + settings_.longest_life < now; });
}

rt::task<> token_verifier::start() {
  co_await keep_up(&token_verifier::look_after_keys, &token_verifier::keys_work_);
  co_await keep_up(&token_verifier::poll_revocations, &token_verifier::poll_works_);
  work_.repeat(settings_.revocation_poll,
               [this] { return keep_up(&token_verifier::look_after_keys, &token_verifier::keys_work_); });
  work_.repeat(settings_.revocation_poll,
               [this] { return keep_up(&token_verifier::poll_revocations, &token_verifier::poll_works_); });
}

rt::task<> token_verifier::stop(rt::deadline until) {
  co_await work_.close(until);
  fetching_ = false;
  fetched_.cancel();
}

}  // namespace ticketshow::gateway
