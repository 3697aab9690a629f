#include "adapters/bus_kafka/producer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "adapters/bus_kafka/message.hpp"
#include "rt/log.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::bus_kafka {
namespace {

using namespace std::chrono_literals;

constexpr auto look_anyway = 1s;  // for what no ring told of
constexpr int answer_time_ms = 5'000;
constexpr const char* largest_message = "2097152";  // a payload of 1 MiB fits with all that goes with it

using new_topic = owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using question = owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using resource = owned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;

settings publishing() {
  return {
      {"enable.idempotence", "true"},  // no event twice or out of order when a request is sent again; implies acks=all
      // One request at a time. A broker takes any sequence from a producer that it does not know: when the first
      // request to a partition came too early (its leader was not ready) and the second did not, the first, sent again,
      // would count as a duplicate of what was never taken.
      {"max.in.flight", "1"},
      // And none of a key before an earlier one that failed: an error that would leave a gap is fatal, and time alone
      // gives no event up. Its publisher does, and comes again when this client has settled it.
      {"enable.gapless.guarantee", "true"},
      {"message.timeout.ms", "0"},
      {"compression.codec", "zstd"},
      // The place of a key must be the same in every process and for ever, and is the same as Java's clients choose. No
      // event goes to a partition by chance: those without a key have an order too.
      {"partitioner", "murmur2"},
      {"linger.ms", "1"},
      {"message.max.bytes", largest_message},
      {"queue.buffering.max.kbytes", "65536"},
  };
}

/// Whether an event fails whenever it is sent.
bool is_of_the_event(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || error == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE ||
         error == RD_KAFKA_RESP_ERR_INVALID_MSG || error == RD_KAFKA_RESP_ERR_INVALID_RECORD;
}

question ask_within(rd_kafka_t* client, rd_kafka_admin_op_t what) {
  question asked(rd_kafka_AdminOptions_new(client, what));
  std::array<char, 256> why{};
  rd_kafka_AdminOptions_set_request_timeout(asked.get(), answer_time_ms, why.data(), why.size());
  return asked;
}

new_topic described(const ports::topic& wanted, const options& chosen) {
  std::array<char, 256> why{};
  new_topic made(
      rd_kafka_NewTopic_new(wanted.name.c_str(), wanted.partitions, chosen.replicas, why.data(), why.size()));
  if (!made) throw std::runtime_error(fmt::format("the topic {} cannot be: {}", wanted.name, why.data()));
  const auto retention_ms = std::to_string(chosen.retention_s * 1000);
  rd_kafka_NewTopic_set_config(made.get(), "retention.ms", retention_ms.c_str());
  rd_kafka_NewTopic_set_config(made.get(), "max.message.bytes", largest_message);
  return made;
}

}  // namespace

/// While a publish() waits for its events to be answered for; remembers them when it gives up.
class producer::awaiting {
 public:
  explicit awaiting(producer& owner) : owner_(owner) {
    owner.publications_.emplace_back(owner.io_);
    place_ = std::prev(owner.publications_.end());
  }
  awaiting(const awaiting&) = delete;
  awaiting& operator=(const awaiting&) = delete;
  ~awaiting() {
    place_->awaited = false;
    if (place_->left == 0) owner_.publications_.erase(place_);
  }
  publication* operator->() { return &*place_; }
  publication* get() { return &*place_; }

 private:
  producer& owner_;
  std::list<publication>::iterator place_;
};

producer::producer(rt::executor io, const options& chosen)
    : io_(io), options_(chosen), bell_(io), answered_(io), last_answer_(rt::steady_clock::now()) {
  open();
}

void producer::open() {
  client_ = make_client(RD_KAFKA_PRODUCER, options_, publishing(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
  reports_.reset(rd_kafka_queue_get_main(client_.get()));
  answers_.reset(rd_kafka_queue_new(client_.get()));
  bell_.watch(reports_);
  bell_.watch(answers_);
}

rt::task<> producer::start(rt::gate& background) {
  background.spawn(listen());
  background.repeat(look_anyway, [this] { return look(); });
  co_await make_topics();
  learn_topics();
  background.repeat(std::chrono::milliseconds(options_.away_ms) / 6, [this] { return look_for_brokers(); });
}

/// Asks for the topics' partitions now: otherwise the first event of each would wait until librdkafka's next look
/// around, which may be a second.
void producer::learn_topics() {
  for (const auto& each : options_.topics) {
    topics_.emplace_back(rd_kafka_topic_new(client_.get(), each.name.c_str(), nullptr));
  }
}

rt::task<> producer::listen() {
  while (true) {
    co_await bell_.rung();
    serve();
  }
}

rt::task<> producer::look() {
  serve();
  co_return;
}

void producer::serve() {
  while (const auto event = poll(reports_)) {
    switch (rd_kafka_event_type(event.get())) {
      case RD_KAFKA_EVENT_DR:
        while (const auto* report = rd_kafka_event_message_next(event.get())) settle(*report);
        break;
      case RD_KAFKA_EVENT_ERROR:
        // That all brokers are down says less than what was said of each before; it is in the log already.
        if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
          trouble_ = rd_kafka_event_error_string(event.get());
        }
        break;
      default:
        break;
    }
  }
  answered_.ring();
  replace_when_broken();
}

// ---- publishing

rt::task<> producer::publish(rt::deadline until, std::vector<ports::event> events) {
  // Those who were given up are still on their way. More of the same behind them would fill the memory in an outage.
  if (std::ranges::any_of(publications_, [](const auto& each) { return !each.awaited; })) {
    throw rt::unavailable(fmt::format("Kafka at {} has not answered for earlier events", options_.brokers));
  }
  awaiting mine(*this);
  for (const auto& event : events) {
    const auto outcome = send(client_.get(), event, mine.get());
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR) {
      note_error(*mine.get(), outcome);  // those before it are on their way
      break;
    }
    ++mine->left;
  }
  while (mine->left > 0) {
    if (until.passed()) throw rt::unavailable(fmt::format("Kafka at {} did not answer in time", options_.brokers));
    co_await mine->settled.wait(until.left());
  }
  if (mine->error == RD_KAFKA_RESP_ERR_NO_ERROR) co_return;
  const auto sentence =
      fmt::format("Kafka at {} did not take events: {}", options_.brokers, rd_kafka_err2str(mine->error));
  if (is_of_the_event(mine->error)) throw ports::event_refused(sentence);
  throw rt::unavailable(sentence);
}

/// Of several errors the one that no repetition mends.
void producer::note_error(publication& whose, rd_kafka_resp_err_t error) {
  if (!is_of_the_event(whose.error)) whose.error = error;
}

void producer::settle(const rd_kafka_message_t& report) {
  auto& whose = *static_cast<publication*>(report._private);
  if (report.err != RD_KAFKA_RESP_ERR_NO_ERROR) note_error(whose, report.err);
  if (--whose.left > 0) return;
  if (whose.awaited) {
    whose.settled.ring();
  } else {
    publications_.remove_if([&](const auto& each) { return &each == &whose; });
  }
}

/// After a fatal error (the brokers lost what they knew of this producer) librdkafka sends nothing more: a new client
/// is needed. Events on their way fail, and their publishers come again.
void producer::replace_when_broken() {
  std::array<char, 256> why{};
  if (rd_kafka_fatal_error(client_.get(), why.data(), why.size()) == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  const bool all_settled = std::ranges::all_of(publications_, [](const auto& each) { return each.left == 0; });
  if (!all_settled || rd_kafka_outq_len(client_.get()) > 0) return;
  rt::log::error("Kafka's producer broke and is made anew", {{"error", why.data()}});
  topics_.clear();
  reports_.reset();
  answers_.reset();
  client_.reset();
  open();
  learn_topics();
}

// ---- administration

rt::task<event_handle> producer::next_answer() {
  // librdkafka answers when its time is over, unless the client was replaced meanwhile.
  const auto until = rt::deadline::after(std::chrono::milliseconds(answer_time_ms) + 1s);
  auto answer = poll(answers_);
  while (!answer && !until.passed()) {
    co_await answered_.wait(until.left());
    answer = poll(answers_);
  }
  co_return answer;
}

rt::task<> producer::make_topics() {
  std::vector<new_topic> topics;
  for (const auto& each : options_.topics) topics.push_back(described(each, options_));
  if (topics.empty()) co_return;
  std::vector<rd_kafka_NewTopic_t*> wanted;
  for (const auto& each : topics) wanted.push_back(each.get());
  const auto asked = ask_within(client_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS);
  rd_kafka_CreateTopics(client_.get(), wanted.data(), wanted.size(), asked.get(), answers_.get());

  const auto answer = co_await next_answer();
  if (!answer || rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error(fmt::format("no Kafka broker answers at {} ({}): is Kafka running there?",
                                         options_.brokers, trouble_.empty() ? "no answer in time" : trouble_));
  }
  std::size_t count = 0;
  const auto* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto error = rd_kafka_topic_result_error(results[i]);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      const char* detail = rd_kafka_topic_result_error_string(results[i]);
      throw std::runtime_error(fmt::format("Kafka at {} does not make the topic {}: {}", options_.brokers,
                                           rd_kafka_topic_result_name(results[i]),
                                           detail != nullptr ? detail : rd_kafka_err2str(error)));
    }
  }
  last_answer_ = rt::steady_clock::now();
}

rt::task<> producer::look_for_brokers() {
  if (options_.topics.empty()) co_return;
  const resource topic(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, options_.topics.front().name.c_str()));
  auto* about = topic.get();
  const auto asked = ask_within(client_.get(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  rd_kafka_DescribeConfigs(client_.get(), &about, 1, asked.get(), answers_.get());
  const auto answer = co_await next_answer();
  if (answer && rd_kafka_event_error(answer.get()) == RD_KAFKA_RESP_ERR_NO_ERROR)
    last_answer_ = rt::steady_clock::now();
}

bool producer::reachable() const {
  return rt::steady_clock::now() - last_answer_ < std::chrono::milliseconds(options_.away_ms);
}

}  // namespace ticketshow::bus_kafka
