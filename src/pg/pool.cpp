#include "pg/pool.hpp"

#include <list>

#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include "base/assert.hpp"
#include "pg/connection.hpp"
#include "rt/log.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::pg {
namespace {

namespace asio = rt::asio;
using namespace std::chrono_literals;

constexpr auto connect_time = 5s;
constexpr auto rollback_time = 5s;
constexpr auto commit_time = 10s;
constexpr auto retry_pause = 500ms;
constexpr auto tick = 10ms;  // how exactly deadlines are kept

/// statement_timeout is a last resort: a statement whose asker has gone is ended by client_connection_check_interval.
constexpr auto* settings =
    "-c statement_timeout=60s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s "
    "-c client_connection_check_interval=1s -c plan_cache_mode=force_generic_plan -c jit=off -c TimeZone=UTC "
    "-c DateStyle=ISO -c IntervalStyle=postgres";

/// PostgreSQL's text cannot hold it, and a C string would end there without a word.
void refuse_zero_bytes(const bound_statement& what) {
  for (const auto& each : what.parameters) {
    if (each && each->find('\0') != std::string::npos) {
      throw sql_error(fmt::format("{}: a parameter holds a zero byte (22021)", what.what->name), "22021", "");
    }
  }
}

unavailable no_time() { return unavailable("no time was left to ask the database"); }

rt::deadline deadline_of(const std::vector<bound_statement>& statements, rt::deadline until) {
  std::chrono::milliseconds sum{0};
  for (const auto& each : statements) sum += each.what->timeout;
  return until.no_later_than(sum);
}

}  // namespace

/// What the handle `pool` and its transactions share. It outlives the handle while tasks still use it.
class pool::impl : public std::enable_shared_from_this<impl> {
 public:
  /// The right to use one connection, and that connection once there is one. Left by destruction.
  class place {
   public:
    place(std::shared_ptr<impl> owner, connection* held) : owner_(std::move(owner)), held_(held) {}
    place(place&& other) noexcept : owner_(std::move(other.owner_)), held_(std::exchange(other.held_, nullptr)) {}
    place& operator=(place&&) = delete;
    ~place() {
      if (owner_) owner_->leave(held_);
    }
    connection& operator*() const { return *held_; }
    connection* operator->() const { return held_; }
    explicit operator bool() const { return held_ != nullptr; }
    [[nodiscard]] impl& owner() const { return *owner_; }

   private:
    friend class impl;
    std::shared_ptr<impl> owner_;
    connection* held_;
  };

  impl(rt::executor executor, pool_options chosen);

  /// A place with a connection at once, without a coroutine, when one is idle: nearly always.
  static std::optional<place> try_enter(const std::shared_ptr<impl>& self);
  static rt::task<place> enter(std::shared_ptr<impl> self, rt::deadline until);
  static rt::task<result_set> run(std::shared_ptr<impl> self, rt::deadline until, bound_statement what);
  static rt::task<std::vector<result_set>> run_all(std::shared_ptr<impl> self, rt::deadline until,
                                                   std::vector<bound_statement> statements);
  static rt::task<> rollback(place at);
  static rt::task<> start(std::shared_ptr<impl> self);
  static rt::task<> stop(std::shared_ptr<impl> self, rt::deadline until);
  void shut_down();

  void observe(rt::steady_clock::time_point since) {
    latency.Observe(std::chrono::duration<double>(rt::steady_clock::now() - since).count());
  }

  rt::executor io;
  pool_options options;
  bool healthy = true;

 private:
  struct waiter {
    explicit waiter(impl& to) : owner(to), alarm(to.io), position(to.waiters_.insert(to.waiters_.end(), this)) {
      owner.waiting_gauge_.Increment();
    }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    ~waiter() {
      owner.waiting_gauge_.Decrement();
      if (!granted) owner.waiters_.erase(position);
      if (granted && !taken) owner.leave(nullptr);
    }
    impl& owner;
    rt::timer alarm;
    std::list<waiter*>::iterator position;
    bool granted = false;
    bool taken = false;
  };

  static rt::task<> wait_for_place(std::shared_ptr<impl> self, rt::deadline until);
  static rt::task<> open(std::shared_ptr<impl> self, place& at, rt::deadline until);
  static rt::task<> probe(std::shared_ptr<impl> self);
  connection* take_idle();
  void leave(connection* held);
  void discard(const connection* gone);
  void set_health(bool now_healthy, const std::string& why);
  void watch_deadlines();

  // At most max_connections places are taken; a connection is opened only when none is idle, so that together there
  // are never more connections than that.
  std::vector<std::unique_ptr<connection>> connections_;
  std::vector<connection*> idle_;
  std::size_t taken_ = 0;
  std::list<waiter*> waiters_;  // first come, first served; each lives in the frame of its task
  bool stopped_ = false;
  bool watching_ = false;
  bool probing_ = false;
  rt::timer watch_;
  rt::timer probe_pause_;
  rt::timer emptied_;

  prometheus::Gauge& taken_gauge_;
  prometheus::Gauge& waiting_gauge_;
  prometheus::Counter& failures_;

 public:
  prometheus::Histogram& latency;
};

pool::impl::impl(rt::executor executor, pool_options chosen)
    : io(executor),
      options(std::move(chosen)),
      watch_(executor),
      probe_pause_(executor),
      emptied_(executor),
      taken_gauge_(rt::metrics::gauge("ticketshow_pg_connections_in_use", "Connections that a task is using",
                                      {{"pool", options.name}})),
      waiting_gauge_(
          rt::metrics::gauge("ticketshow_pg_waiting", "Tasks that wait for a connection", {{"pool", options.name}})),
      failures_(rt::metrics::counter("ticketshow_pg_connect_failures_total", "Attempts to connect that failed",
                                     {{"pool", options.name}})),
      latency(rt::metrics::latency("ticketshow_pg_round_trip_seconds",
                                   "From sending statements to having all their results, without waiting for a "
                                   "connection",
                                   {{"pool", options.name}})) {
  TICKETSHOW_ASSERT(options.max_connections > 0);
}

rt::task<> pool::impl::wait_for_place(std::shared_ptr<impl> self, rt::deadline until) {
  if (self->stopped_) throw unavailable(fmt::format("the pool {} has been stopped", self->options.name));
  if (until.passed()) throw no_time();
  if (self->taken_ < self->options.max_connections) {
    ++self->taken_;
    self->taken_gauge_.Increment();
    co_return;
  }
  if (self->waiters_.size() >= self->options.max_waiting) {
    throw unavailable(fmt::format("too many tasks wait for a connection of {}", self->options.name));
  }
  waiter me(*self);
  me.alarm.expires_at(until.at());
  boost::system::error_code error;
  co_await me.alarm.async_wait(asio::redirect_error(rt::use_task, error));
  if (!me.granted) {
    if (self->stopped_) throw unavailable(fmt::format("the pool {} has been stopped", self->options.name));
    if (error) throw boost::system::system_error(error);  // the task was cancelled
    throw unavailable(fmt::format("no connection of {} became free in time", self->options.name));
  }
  me.taken = true;
}

std::optional<pool::impl::place> pool::impl::try_enter(const std::shared_ptr<impl>& self) {
  if (self->stopped_ || self->taken_ >= self->options.max_connections) return std::nullopt;
  auto* idle = self->take_idle();
  if (idle == nullptr) return std::nullopt;
  ++self->taken_;
  self->taken_gauge_.Increment();
  self->watch_deadlines();
  return place(self, idle);
}

rt::task<pool::impl::place> pool::impl::enter(std::shared_ptr<impl> self, rt::deadline until) {
  co_await wait_for_place(self, until);
  place at(self, nullptr);
  at.held_ = self->take_idle();
  if (!at) co_await open(self, at, until);
  self->watch_deadlines();
  co_return std::move(at);
}

rt::task<> pool::impl::open(std::shared_ptr<impl> self, place& at, rt::deadline until) {
  self->connections_.push_back(std::make_unique<connection>(self->io));
  at.held_ = self->connections_.back().get();
  self->watch_deadlines();
  const session how{.application_name = "ticketshow_" + self->options.name, .settings = settings};
  const auto limit = until.no_later_than(connect_time);
  std::string why;
  bool outage = false;
  try {
    co_await at->connect(self->options.conninfo, how, limit);
    self->set_health(true, "");
    co_return;
  } catch (const unavailable& error) {
    why = error.what();
    outage = true;
  }
  // A caller with no time left says nothing about the database.
  if (outage && !until.passed()) {
    self->failures_.Increment();
    self->set_health(false, why);
  }
  throw unavailable(why);
}

void pool::impl::set_health(bool now_healthy, const std::string& why) {
  if (healthy != now_healthy) {
    if (now_healthy) {
      rt::log::info("database reached again", {{"pool", options.name}});
    } else {
      rt::log::warning("database not reached", {{"pool", options.name}, {"error", why}});
    }
  }
  healthy = now_healthy;
  if (healthy || probing_ || stopped_) return;
  // Without traffic nobody else would find out that the database is back, and ready() would stay false.
  probing_ = true;
  asio::co_spawn(io, probe(shared_from_this()), asio::detached);
}

rt::task<> pool::impl::probe(std::shared_ptr<impl> self) {
  while (!self->stopped_ && !self->healthy) {
    boost::system::error_code ignored;
    self->probe_pause_.expires_after(retry_pause);
    co_await self->probe_pause_.async_wait(asio::redirect_error(rt::use_task, ignored));
    if (self->stopped_ || self->healthy) break;
    try {
      const auto limit = rt::deadline::after(connect_time);
      const auto at = co_await enter(self, limit);
    } catch (const std::exception&) {
      continue;  // open() has counted it
    }
  }
  self->probing_ = false;
}

connection* pool::impl::take_idle() {
  while (!idle_.empty()) {
    auto* candidate = idle_.back();
    idle_.pop_back();
    if (candidate->alive()) return candidate;
    discard(candidate);
  }
  return nullptr;
}

void pool::impl::discard(const connection* gone) {
  std::erase_if(connections_, [&](const auto& each) { return each.get() == gone; });
}

void pool::impl::leave(connection* held) {
  if (held != nullptr) {
    if (held->idle() && !stopped_) {
      idle_.push_back(held);
    } else {
      discard(held);
    }
  }
  if (!waiters_.empty()) {
    auto* next = waiters_.front();
    waiters_.pop_front();
    next->granted = true;
    next->alarm.cancel();
    return;
  }
  --taken_;
  taken_gauge_.Decrement();
  if (taken_ == 0) emptied_.cancel();
}

/// Looks at all deadlines every tick, as long as a connection is in use.
void pool::impl::watch_deadlines() {
  if (watching_) return;
  watching_ = true;
  watch_.expires_after(tick);
  watch_.async_wait([weak = weak_from_this()](boost::system::error_code) {
    const auto self = weak.lock();
    if (!self) return;
    self->watching_ = false;
    const auto now = rt::steady_clock::now();
    for (const auto& each : self->connections_) each->check_deadline(now);
    if (self->taken_ > 0) self->watch_deadlines();
  });
}

rt::task<result_set> pool::impl::run(std::shared_ptr<impl> self, rt::deadline until, bound_statement what) {
  refuse_zero_bytes(what);
  auto at = try_enter(self);
  if (!at) at.emplace(co_await enter(self, until));
  const auto began = rt::steady_clock::now();
  const auto limit = until.no_later_than(what.what->timeout);
  if (limit.at() <= began) throw no_time();
  auto& held = **at;
  held.queue(what);
  co_await held.exchange(limit);
  self->observe(began);
  co_return held.take_result();
}

rt::task<std::vector<result_set>> pool::impl::run_all(std::shared_ptr<impl> self, rt::deadline until,
                                                      std::vector<bound_statement> statements) {
  if (statements.empty()) co_return std::vector<result_set>{};
  for (const auto& each : statements) refuse_zero_bytes(each);
  auto at = try_enter(self);
  if (!at) at.emplace(co_await enter(self, until));
  const auto began = rt::steady_clock::now();
  const auto limit = deadline_of(statements, until);
  if (limit.at() <= began) throw no_time();
  auto& held = **at;
  for (const auto& each : statements) held.queue(each);
  co_await held.exchange(limit);
  self->observe(began);
  co_return held.take_results();
}

rt::task<> pool::impl::rollback(place at) {
  try {
    at->queue_command("ROLLBACK");
    const auto limit = rt::deadline::after(rollback_time);
    co_await at->exchange(limit);
  } catch (const std::exception& error) {
    rt::log::warning("rollback failed, the connection is closed", {{"error", error.what()}});
  }
}

rt::task<> pool::impl::start(std::shared_ptr<impl> self) {
  std::string why;
  try {
    const auto limit = rt::deadline::after(connect_time);
    const auto at = co_await enter(self, limit);
    co_return;
  } catch (const std::exception& error) {
    why = error.what();
  }
  throw std::runtime_error(fmt::format("the database of {} cannot be used: {}", self->options.name, why));
}

rt::task<> pool::impl::stop(std::shared_ptr<impl> self, rt::deadline until) {
  while (self->taken_ > 0 && !until.passed()) {
    boost::system::error_code ignored;
    self->emptied_.expires_at(until.at());
    co_await self->emptied_.async_wait(asio::redirect_error(rt::use_task, ignored));
  }
  if (self->taken_ > 0) {
    rt::log::warning("connections still in use are closed", {{"pool", self->options.name}, {"count", self->taken_}});
  }
  self->shut_down();
}

void pool::impl::shut_down() {
  stopped_ = true;
  for (const auto* each : idle_) discard(each);
  idle_.clear();
  for (const auto& each : connections_) each->interrupt();
  for (auto* each : waiters_) each->alarm.cancel();
  probe_pause_.cancel();
}

struct transaction::state {
  pool::impl::place at;
  rt::deadline until;
  bool begun = false;
};

pool::pool(rt::executor io, pool_options options) : impl_(std::make_shared<impl>(io, std::move(options))) {}

pool::~pool() { impl_->shut_down(); }

std::string pool::name() const { return impl_->options.name + ".database"; }

rt::task<> pool::start() { return impl::start(impl_); }

rt::task<> pool::stop(rt::deadline until) { return impl::stop(impl_, until); }

bool pool::ready() const { return impl_->healthy; }

rt::task<result_set> pool::run(rt::deadline until, bound_statement what) {
  return impl::run(impl_, until, std::move(what));
}

rt::task<std::vector<result_set>> pool::run_all(rt::deadline until, std::vector<bound_statement> statements) {
  return impl::run_all(impl_, until, std::move(statements));
}

rt::task<transaction> pool::begin(rt::deadline until) {
  auto at = co_await impl::enter(impl_, until);
  co_return transaction(std::make_unique<transaction::state>(std::move(at), until));
}

transaction::transaction(std::unique_ptr<state> s) : state_(std::move(s)) {}
transaction::transaction(transaction&&) noexcept = default;

transaction::~transaction() {
  if (!state_ || !state_->at || !state_->at->in_transaction())
    return;  // a connection out of step is closed by its place
  const auto io = state_->at.owner().io;
  asio::co_spawn(io, pool::impl::rollback(std::move(state_->at)), asio::detached);
}

rt::task<result_set> transaction::run(bound_statement what) {
  refuse_zero_bytes(what);
  const auto limit = state_->until.no_later_than(what.what->timeout);
  if (limit.passed()) throw no_time();
  auto& at = *state_->at;
  const auto began = rt::steady_clock::now();
  if (!state_->begun) at.queue_command("BEGIN");
  state_->begun = true;
  at.queue(what);
  co_await at.exchange(limit);
  state_->at.owner().observe(began);
  co_return at.take_result();
}

rt::task<std::vector<result_set>> transaction::run_all(std::vector<bound_statement> statements) {
  if (statements.empty()) co_return std::vector<result_set>{};
  for (const auto& each : statements) refuse_zero_bytes(each);
  const auto limit = deadline_of(statements, state_->until);
  if (limit.passed()) throw no_time();
  auto& at = *state_->at;
  const auto began = rt::steady_clock::now();
  if (!state_->begun) at.queue_command("BEGIN");
  state_->begun = true;
  for (const auto& each : statements) at.queue(each);
  co_await at.exchange(limit);
  state_->at.owner().observe(began);
  co_return at.take_results();
}

rt::task<> transaction::commit() {
  if (!state_->begun) {
    state_.reset();
    co_return;
  }
  auto& at = *state_->at;
  if (state_->until.passed()) throw no_time();
  const auto limit = state_->until.no_later_than(commit_time);
  at.queue_command("COMMIT");
  co_await at.exchange(limit);
  // PostgreSQL answers COMMIT of a failed transaction with a rollback, not with an error.
  if (at.last_tag() != "COMMIT") throw sql_error("COMMIT: the transaction had failed (25P02)", "25P02", "");
  state_.reset();  // the connection is free at once, not when the transaction goes out of scope
}

}  // namespace ticketshow::pg
