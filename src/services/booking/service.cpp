#include "services/booking/service.hpp"

#include <fmt/format.h>

#include "rt/fault_point.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::booking {
namespace {

using namespace std::chrono_literals;

constexpr int most_rereads = 3;  // of a schedule that changes while seats of it are held
constexpr std::int64_t default_limit = 20;
constexpr auto sweep_time = 15s;
constexpr auto look_for_lapsed = 1s;
constexpr std::int64_t expiry_chunk = 2'000;

/// Counts what became of each wish for seats.
void count_hold(std::string_view outcome) {
  static const auto counter_of = [](std::string_view label) -> prometheus::Counter& {
    return rt::metrics::counter("ticketshow_booking_holds_total", "Wishes to hold seats, by what became of them.",
                                {{"outcome", std::string(label)}});
  };
  static std::unordered_map<std::string_view, prometheus::Counter*> counters;  // labels are constants
  auto& counter = counters[outcome];
  if (counter == nullptr) counter = &counter_of(outcome);
  counter->Increment();
}

std::unexpected<contract::problem> seats_gone(const schedule& showing, const std::vector<seat_no>& taken) {
  std::string names;
  for (const auto& label : rules::labels_of(showing.seats_per_row, taken)) {
    if (!names.empty()) names += ", ";
    names += label.row_number + label.seat_number;
  }
  contract::problem gone{&seats_taken, fmt::format("{} {} gone.", names, taken.size() == 1 ? "is" : "are")};
  gone.seat_ids = rules::seat_ids_of(showing.screen_id, taken);
  return std::unexpected(std::move(gone));
}

/// Why `taken` cannot be had: that a showing is over says more than that its seats are gone.
std::unexpected<contract::problem> refused(const seat_book& book, const std::vector<seat_no>& taken, timestamp now) {
  return book.on_sale(now) ? seats_gone(book.showing(), taken) : contract::fail(sales_closed);
}

std::unexpected<contract::problem> busy() {
  contract::problem later{&contract::service_unavailable, "Too many bookings are being made right now."};
  later.retry_after_s = 1;
  return std::unexpected(std::move(later));
}

booking_view held(const schedule& showing, const std::vector<seat_no>& seats, const hold_decision& decision,
                  const rt::call& call) {
  return {.id = decision.booking_id,
          .user_id = call.caller.user_id,
          .schedule_id = showing.id,
          .seat_ids = rules::seat_ids_of(showing.screen_id, seats),
          .total_amount = decision.total_amount,
          .currency = showing.currency,
          .status = booking_status::PENDING,
          .correlation_id = call.correlation_id,
          .created_at = decision.created_at,
          .expires_at = decision.expires_at,
          .seat_labels = rules::labels_of(showing.seats_per_row, seats),
          .show_name = showing.show_name,
          .show_time = showing.start_time,
          .venue_name = showing.venue_name,
          .venue_address = showing.venue_address,
          .screen_name = showing.screen_name,
          .time_zone = showing.time_zone,
          .end_time = showing.end_time,
          .ticket_qr_urls = {},
          .tickets = {}};
}

}  // namespace

service::service(const dependencies& needs)
    : clock_(needs.clock),
      database_(needs.database),
      random_(needs.random),
      catalog_(needs.catalog),
      accounts_(needs.accounts),
      calls_only_(needs.calls_only),
      options_(needs.settings),
      store_(needs.database),
      cancellations_(needs.database),
      admissions_(needs.database),
      ticket_keys_(needs.database),
      door_(admissions_, ticket_keys_, needs.random, options_.doors),
      paper_makers_(options_.paper_threads, options_.max_papers_waiting),
      writing_(needs.io, "booking writers"),
      background_(needs.io, "booking background"),
      schedules_(needs.io, store_, needs.catalog, needs.clock, needs.random, background_,
                 {.max_seats_in_memory = options_.max_seats_in_memory,
                  .max_age = std::chrono::milliseconds(options_.map_max_age_ms)}),
      streams_(needs.io, schedules_, needs.clock, needs.random, background_, options_.max_streams),
      news_(
          needs.io, needs.database, needs.listen_conninfo, needs.random,
          {.heard =
               [this](std::int64_t id) {
                 if (!streams_.watched(id)) return schedules_.outdate(id);
                 schedules_.changed_elsewhere(id);
                 streams_.changed(id);
               },
           .missed =
               [this] { streams_.changed_elsewhere([this](std::int64_t id) { schedules_.changed_elsewhere(id); }); }}),
      outbox_(needs.io, needs.database, needs.bus, "booking"),
      cascade_(needs.io, cancellations_, schedules_, outbox_, needs.random),
      inbox_({needs.io, needs.database, needs.bus, needs.random}, "booking") {
  schedules_.on_change([this](std::int64_t id) {
    streams_.changed(id);
    news_.tell(id);
  });
  inbox_.on<catalog::schedule_changed>(
      [this](pg::transaction& in, auto news) { return schedules_.take_news(in, std::move(news)); },
      [this] {
        schedules_.news_taken();
        cascade_.wake();
      });
  inbox_.on<payment::refund_completed>(&cancellations::count_refunds);
  const writer_options how{
      .max_batch = options_.max_batch,
      .max_queue = options_.max_queue,
      .limits = {.ttl_s = options_.hold_ttl_s, .max_live_seats_per_user = options_.max_live_seats_per_user}};
  for (std::size_t i = 0; i < options_.writers; ++i) {
    writers_.push_back(std::make_unique<writer>(needs.io, store_, schedules_, clock_, how));
  }
}

rt::task<> service::start() {
  co_await ensure_ticket_key(database_, rt::deadline::after(sweep_time), random_, false);
  for (auto& each : writers_) writing_.spawn(each->run());
  news_.start(background_);
  if (calls_only_) co_return;
  background_.repeat(std::chrono::milliseconds(options_.expiry_pause_ms), [this] { return expire_due(); });
  cascade_.start(background_);
  background_.repeat(look_for_lapsed, [this] { return end_lapsed_suspensions(); });
  outbox_.start();
  inbox_.start();
}

rt::task<> service::stop(rt::deadline until) {
  streams_.close();
  co_await inbox_.stop(until);
  for (auto& each : writers_) each->finish();
  const bool finished = co_await writing_.drain(until);
  if (!finished) co_await writing_.close(rt::deadline::after(1s));
  co_await background_.close(until);
  co_await outbox_.stop(until);
}

writer& service::writer_of(std::int64_t schedule_id) {
  return *writers_[static_cast<std::uint64_t>(schedule_id) % writers_.size()];
}

rt::task<> service::expire_due() {
  while (true) {
    const auto expired = co_await store_.expire_due(rt::deadline::after(sweep_time), expiry_chunk);
    if (!expired.empty()) rt::fault_point("booking.expired");
    for (const auto& each : expired) schedules_.release(each);
    if (std::ssize(expired) < expiry_chunk) break;
  }
}

rt::task<> service::end_lapsed_suspensions() {
  const bool any = co_await schedules_.end_lapsed_suspensions(rt::deadline::after(sweep_time));
  if (any) cascade_.wake();
}

// ---- for account holders

rt::task<contract::result<booking_view>> service::handle(rt::call call, create_booking request) {
  auto answer = co_await hold(std::move(call), std::move(request));
  count_hold(answer ? "HELD" : answer.error().kind->code);
  co_return answer;
}

rt::task<contract::result<booking_view>> service::hold(rt::call call, create_booking request) {
  for (int i = 0; i < most_rereads; ++i) {
    const auto book = co_await schedules_.get(request.schedule_id);
    if (!book) co_return contract::fail(schedule_not_found);
    auto seats = rules::seats_of_request(book->showing(), request.seat_ids);
    if (!seats) co_return std::unexpected(std::move(seats.error()));
    const auto taken = book->taken_by_others(call.caller.user_id, *seats, clock_.now());
    if (!taken.empty()) co_return refused(*book, taken, clock_.now());

    hold_request wish{.user_id = call.caller.user_id,
                      .schedule_id = request.schedule_id,
                      .schedule_version = book->showing().version,
                      .seats = *seats,
                      .idempotency_key = request.idempotency_key,
                      .correlation_id = call.correlation_id};
    const auto decision = co_await writer_of(request.schedule_id).hold(std::move(wish), call.until);
    if (!decision) co_return busy();
    switch (decision->what) {
      case verdict::HELD:
        co_return held(book->showing(), *seats, *decision, call);
      case verdict::REPLAY:
        co_return co_await booking_of(std::move(call), decision->booking_id);
      case verdict::CONFLICT:
        co_return contract::fail(idempotency_conflict);
      case verdict::CLOSED:
        co_return contract::fail(sales_closed);
      case verdict::TAKEN:
        co_return refused(*book, decision->taken, clock_.now());
      case verdict::TOO_MANY:
        co_return contract::fail(too_many_holds, fmt::format("One account may have at most {} seats of a showing.",
                                                             options_.max_live_seats_per_user));
      case verdict::STALE:
      case verdict::LAPSED:
        continue;
    }
  }
  co_return busy();
}

rt::task<contract::result<std::vector<booking_view>>> service::handle(rt::call call, list_bookings request) {
  co_return co_await store_.list_bookings(call.until, call.caller.user_id, request.status, request.skip.value_or(0),
                                          request.limit.value_or(default_limit));
}

rt::task<contract::result<booking_view>> service::handle(rt::call call, get_booking request) {
  return booking_of(std::move(call), request.id);
}

rt::task<contract::result<booking_view>> service::booking_of(rt::call call, std::int64_t id) {
  auto found = co_await store_.get_booking(call.until, id);
  // Somebody else's booking is answered like one that does not exist: ids tell nothing.
  if (!found || found->user_id != call.caller.user_id) co_return contract::fail(booking_not_found);
  co_return co_await with_tickets(call.until, std::move(*found));
}

rt::task<contract::result<booking_view>> service::handle(rt::call call, cancel_booking request) {
  auto done = co_await store_.cancel(call.until, request.id, call.caller.user_id, call.correlation_id);
  if (!done) co_return contract::fail(booking_not_found);
  switch (done->decision) {
    case rules::cancellation::RELEASE_AND_REFUND:
      outbox_.due().ring();
      [[fallthrough]];
    case rules::cancellation::RELEASE:
      rt::fault_point("booking.cancelled");
      schedules_.release({done->booking.schedule_id, done->booking.id});
      [[fallthrough]];
    case rules::cancellation::DONE_BEFORE:
      co_return std::move(done->booking);
    case rules::cancellation::TOO_LATE:
      co_return contract::fail(not_cancellable, "The show has begun.");
    case rules::cancellation::ADMITTED:
      co_return contract::fail(already_admitted);
    case rules::cancellation::OVER:
      co_return contract::fail(not_cancellable, "The hold of these seats has ended already.");
  }
  std::unreachable();
}

// ---- for other services

rt::task<contract::result<booking_to_settle>> service::handle(rt::call call, get_booking_to_settle request) {
  auto found = co_await store_.get_booking(call.until, request.id);
  if (!found) co_return contract::fail(booking_not_found);
  co_return booking_to_settle{.id = found->id,
                              .user_id = found->user_id,
                              .total_amount = found->total_amount,
                              .currency = std::move(found->currency),
                              .status = found->status,
                              .expires_at = found->expires_at,
                              .show_time = found->show_time,
                              .show_name = std::move(found->show_name)};
}

rt::task<contract::result<settlement_outcome>> service::handle(rt::call call, settle_booking request) {
  co_await ticket_keys_.refresh(call.until);  // before anything is done: what was settled is told with its tickets
  const auto done = co_await store_.settle(call.until, request.id, request.payment_id, request.amount);
  if (!done) co_return contract::fail(booking_not_found);
  switch (done->done) {
    case rules::settlement_step::ANSWER:
      break;
    case rules::settlement_step::CONFIRM:
      schedules_.confirm(done->booking);
      break;
    case rules::settlement_step::RETAKE:
      schedules_.forget(done->booking.schedule_id);
      break;
  }
  settlement_outcome answer{done->outcome, {}};
  if (done->shown) {
    answer.booking = rules::facts_of(*done->shown);
    answer.booking->tickets = rules::tickets_of(*done->shown, ticket_keys_.of_booking(done->shown->created_at));
  }
  co_return answer;
}

rt::task<contract::result<sale_state>> service::handle(rt::call call, suspend_sale request) {
  const auto live = co_await store_.suspend_sale(call.until, std::move(request.schedule_ids),
                                                 request.ticket.value_or(""), options_.suspension_s);
  co_return sale_state{live};
}

rt::task<contract::result<contract::nothing>> service::handle(rt::call call, resume_sale request) {
  const auto ticket = request.ticket.value_or("");
  std::vector<suspension> ended;
  for (const auto id : request.schedule_ids) ended.push_back({id, ticket});
  co_await store_.end_suspensions(call.until, std::move(ended));
  co_return contract::nothing{};
}

}  // namespace ticketshow::booking
