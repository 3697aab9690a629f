#include "adapters/bus_kafka/consumer.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "adapters/bus_kafka/message.hpp"
#include "base/assert.hpp"
#include "rt/log.hpp"

namespace ticketshow::bus_kafka {
namespace {

using namespace std::chrono_literals;

constexpr auto look_anyway = 1s;  // for what no ring told of; and librdkafka wants a sign of life
constexpr auto commit_time = 5s;
constexpr std::size_t batch_bytes = 1 << 20;  // of one partition

settings consuming(const options& chosen, const std::string& group) {
  return {
      {"group.id", group},
      {"session.timeout.ms", std::to_string(chosen.session_ms)},
      {"heartbeat.interval.ms", std::to_string(chosen.session_ms / 4)},
      // How long a change of members waits for one that still handles events.
      {"max.poll.interval.ms", std::to_string(chosen.session_ms * 3)},
      {"partition.assignment.strategy", "roundrobin"},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "earliest"},  // a new consumer gets what was there before it
      {"fetch.wait.max.ms", "250"},
      {"fetch.error.backoff.ms", "100"},
      // What is fetched ahead of a partition.
      {"queued.min.messages", std::to_string(chosen.batch * 4)},
      {"queued.max.messages.kbytes", "4096"},
  };
}

}  // namespace

consumer::consumer(rt::executor io, random_source& random, const options& chosen, ports::event_bus::subscription wanted)
    : options_(chosen),
      what_(std::move(wanted)),
      record_(what_.consumer, random, std::chrono::milliseconds(chosen.stuck_ms)),
      bell_(io),
      due_(io),
      hurry_(io),
      committed_(io) {}

void consumer::start(rt::gate& reading, rt::gate& background) {
  client_ = make_client(
      RD_KAFKA_CONSUMER, options_, consuming(options_, what_.consumer),
      RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT | RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_ERROR);
  rd_kafka_poll_set_consumer(client_.get());
  events_.reset(rd_kafka_queue_get_consumer(client_.get()));
  bell_.watch(events_);
  const offset_list topics(rd_kafka_topic_partition_list_new(static_cast<int>(what_.topics.size())));
  for (const auto& each : what_.topics) {
    rd_kafka_topic_partition_list_add(topics.get(), each.c_str(), RD_KAFKA_PARTITION_UA);
  }
  if (const auto outcome = rd_kafka_subscribe(client_.get(), topics.get()); outcome != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error(
        fmt::format("{} cannot subscribe to its topics: {}", what_.consumer, rd_kafka_err2str(outcome)));
  }

  background.spawn(listen());
  background.repeat(look_anyway, [this] { return look(); });
  reading.spawn(read());
}

void consumer::finish() {
  finishing_ = true;
  due_.ring();
  hurry_.ring();
}

// ---- what librdkafka says, at any time: also while events are being handled

rt::task<> consumer::listen() {
  while (true) {
    co_await bell_.rung();
    serve();
  }
}

rt::task<> consumer::look() {
  serve();
  measure_lag();
  co_return;
}

void consumer::serve() {
  while (auto event = poll(events_)) {
    switch (rd_kafka_event_type(event.get())) {
      case RD_KAFKA_EVENT_REBALANCE:
        changes_.push_back(std::move(event));
        hurry_.ring();
        break;
      case RD_KAFKA_EVENT_OFFSET_COMMIT:
        note_commit(*event);
        break;
      case RD_KAFKA_EVENT_ERROR:
        note_trouble(rd_kafka_event_error(event.get()), rd_kafka_event_error_string(event.get()));
        break;
      default:
        // A message here would be lost: accept() has kept them in their partitions' queues.
        TICKETSHOW_ASSERT(rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_FETCH);
        break;
    }
  }
  due_.ring();
}

void consumer::note_trouble(rd_kafka_resp_err_t kind, const char* text) {
  if (kind == RD_KAFKA_RESP_ERR__FATAL) return break_down(text);
  // What a connection suffers is in the log already.
  if (kind == RD_KAFKA_RESP_ERR__TRANSPORT || kind == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) return;
  rt::log::warning("consuming has trouble", {{"consumer", what_.consumer}, {"error", text}});
}

void consumer::note_commit(const rd_kafka_event_t& outcome) {
  committing_ = false;
  committed_.ring();
  auto* event = const_cast<rd_kafka_event_t*>(&outcome);  // librdkafka's interface knows no const
  if (const auto error = rd_kafka_event_error(event); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    // Tried again soon; when the partition is another's by then, that one gets some events a second time.
    rt::log::warning("progress was not noted", {{"consumer", what_.consumer}, {"error", rd_kafka_err2str(error)}});
    return;
  }
  const auto* list = rd_kafka_event_topic_partition_list(event);
  for (int i = 0; i < list->cnt; ++i) {
    const auto& each = list->elems[i];
    const auto found = partitions_.find({each.topic, each.partition});
    if (found != partitions_.end() && each.err == RD_KAFKA_RESP_ERR_NO_ERROR) found->second.committed = each.offset;
  }
}

// ---- reading

rt::task<> consumer::read() {
  while (!finishing_) {
    co_await change_partitions();
    take();
    if (!batch_.empty()) {
      co_await handle();
    } else {
      co_await commit();  // should it have failed before
      co_await due_.wait(look_anyway);
    }
  }
  co_await leave();
}

rt::task<> consumer::leave() {
  batch_.clear();
  const error_handle failure(rd_kafka_consumer_close_queue(client_.get(), events_.get()));
  if (failure) {
    rt::log::warning("a consumer does not leave its group",
                     {{"consumer", what_.consumer}, {"error", rd_kafka_error_string(failure.get())}});
    co_return;
  }
  while (rd_kafka_consumer_closed(client_.get()) == 0) {
    co_await change_partitions();
    co_await due_.wait(50ms);
  }
}

/// Follows the group's changes of who reads what. Nothing is with the handler meanwhile.
rt::task<> consumer::change_partitions() {
  while (!changes_.empty()) {
    const auto change = std::move(changes_.front());
    changes_.erase(changes_.begin());
    if (rd_kafka_event_error(change.get()) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      accept(*rd_kafka_event_topic_partition_list(change.get()));
    } else {
      co_await commit();
      give_back();
    }
  }
}

void consumer::accept(const rd_kafka_topic_partition_list_t& partitions) {
  for (int i = 0; i < partitions.cnt; ++i) {
    const auto& each = partitions.elems[i];
    queue_handle waiting(rd_kafka_queue_get_partition(client_.get(), each.topic, each.partition));
    // Messages stay in a queue of their partition, where librdkafka holds back more than a few, until we take them.
    rd_kafka_queue_forward(waiting.get(), nullptr);
    bell_.watch(waiting);
    partitions_[{each.topic, each.partition}].waiting = std::move(waiting);
  }
  assign(&partitions);
}

void consumer::give_back() {
  batch_.clear();
  for (const auto& [from, each] : partitions_) doorbell::ignore(each.waiting);
  partitions_.clear();
  record_.given_up();
  assign(nullptr);
}

void consumer::assign(const rd_kafka_topic_partition_list_t* partitions) {
  const auto outcome = rd_kafka_assign(client_.get(), partitions);
  if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR) break_down(rd_kafka_err2str(outcome));
}

/// Kafka's client has come to an end. Nothing succeeds from now on, so readiness turns red, and a new process mends it.
void consumer::break_down(const char* why) {
  broken_ = true;
  rt::log::error("Kafka's client broke; this process has to be started anew",
                 {{"consumer", what_.consumer}, {"error", why}});
}

void consumer::take() {
  for (auto& [from, source] : partitions_) take_from(from, source);
}

void consumer::take_from(const place& from, partition& source) {
  std::size_t bytes = 0;
  for (std::size_t count = 0; count < options_.batch && bytes < batch_bytes;) {
    const auto event = poll(source.waiting);
    if (!event) return;
    while (const auto* message = rd_kafka_event_message_next(event.get())) {
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        note_trouble(message->err, rd_kafka_message_errstr(message));
        continue;
      }
      if (source.handled == RD_KAFKA_OFFSET_INVALID) source.handled = source.committed = message->offset;
      batch_.push_back({.from = from, .position = message->offset, .what = bus_kafka::read(*message)});
      bytes += message->len;
      ++count;
    }
  }
}

/// Hands the batch over until it is handled, given back to the group, or dropped because this process ends.
rt::task<> consumer::handle() {
  while (!batch_.empty() && !finishing_) {
    const auto pause = co_await hand_over();
    if (!pause) {
      record_.succeeded(batch_.size());
      for (const auto& each : batch_) partitions_.at(each.from).handled = each.position + 1;
      batch_.clear();
      co_await commit();
      co_return;
    }
    const auto again = rt::deadline::after(*pause);
    while (!again.passed() && changes_.empty() && !finishing_) co_await hurry_.wait(again.left());
    co_await change_partitions();
  }
}

/// Hands the batch over once. Nothing when it is handled, otherwise how long to wait before the next attempt.
rt::task<std::optional<rt::steady_clock::duration>> consumer::hand_over() {
  std::vector<ports::event> events;
  events.reserve(batch_.size());
  for (const auto& each : batch_) events.push_back(each.what);
  try {
    co_await what_.handle(std::move(events));
  } catch (const std::exception& error) {
    co_return record_.failed(error);
  }
  co_return std::nullopt;
}

/// Notes with the group what has been handled.
rt::task<> consumer::commit() {
  const offset_list positions(rd_kafka_topic_partition_list_new(static_cast<int>(partitions_.size())));
  for (const auto& [from, each] : partitions_) {
    if (each.handled == RD_KAFKA_OFFSET_INVALID || each.handled == each.committed) continue;
    rd_kafka_topic_partition_list_add(positions.get(), from.first.c_str(), from.second)->offset = each.handled;
  }
  if (positions->cnt == 0) co_return;
  // When the last one has no answer yet, Kafka is away: what has been handled since is noted later.
  if (!committing_) {
    const auto outcome = rd_kafka_commit_queue(client_.get(), positions.get(), events_.get(), nullptr, nullptr);
    committing_ = outcome == RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  const auto until = rt::deadline::after(commit_time);
  while (committing_ && !until.passed()) co_await committed_.wait(until.left());
}

void consumer::measure_lag() {
  std::int64_t lag = 0;
  for (const auto& [from, each] : partitions_) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    // From what the last fetch told; where nothing has been fetched, nothing waited.
    rd_kafka_get_watermark_offsets(client_.get(), from.first.c_str(), from.second, &low, &high);
    if (each.handled != RD_KAFKA_OFFSET_INVALID) lag += std::max<std::int64_t>(0, high - each.handled);
  }
  record_.lag(static_cast<double>(lag));
}

}  // namespace ticketshow::bus_kafka
