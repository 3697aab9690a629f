#include "services/search/service.hpp"

#include <algorithm>

#include "rt/log.hpp"
#include "services/search/documents.hpp"
#include "services/search/queries.hpp"
#include "services/search/rules.hpp"
#include "text/words.hpp"

namespace ticketshow::search {
namespace {

using namespace std::chrono_literals;

constexpr auto search_time = 3s;   // an answer that takes longer helps nobody who types
constexpr auto write_time = 10s;   // one batch
constexpr auto finish_time = 90s;  // the index that was replaced is taken away
constexpr auto rebuild_time = 10min;
constexpr auto claim_pause = 300ms;  // until another rebuild is looked for
constexpr std::int64_t page = 200;
constexpr std::int64_t usual_hits = 8;
constexpr std::int64_t usual_cities = 100;

template <class T>
std::vector<ports::search_document> documents_of(const std::vector<T>& from) {
  std::vector<ports::search_document> documents;
  documents.reserve(from.size());
  for (const auto& each : from) documents.push_back(document_of(each));
  return documents;
}

/// The hits as they are shown, with what is said about them.
search_result result_of(const find& request, const ports::search_hits& hits) {
  search_result result{.query = request.q, .city = request.city, .shows = {}, .venues = {}, .did_you_mean = {}};
  for (const auto& each : hits.shows) result.shows.push_back(show_of(each.payload));
  for (const auto& each : hits.venues) result.venues.push_back(venue_of(each.payload));
  std::vector<std::string> texts;  // of venues
  for (const auto& each : result.venues) texts.push_back(text_of(each));

  std::vector<rules::searched_text> searched;
  for (const auto& each : result.shows) searched.push_back({each.title, each.description});
  for (std::size_t i = 0; i < texts.size(); ++i) searched.push_back({result.venues[i].name, texts[i]});
  result.did_you_mean = rules::mend(request.q, searched);

  const auto typed = text::folded_words_of(request.q);
  auto next = searched.begin();
  for (auto& each : result.shows) each.highlight = rules::mark(typed, *next++);
  for (auto& each : result.venues) each.highlight = rules::mark(typed, *next++);
  return result;
}

}  // namespace

service::service(const dependencies& needs)
    : calls_only_(needs.calls_only),
      settings_(needs.settings),
      database_(needs.database),
      clock_(needs.clock),
      random_(needs.random),
      catalogue_(needs.catalogue),
      index_(needs.index),
      inbox_({needs.io, needs.database, needs.bus, needs.random}, "search"),
      background_(needs.io, "search") {
  inbox_.on<catalog::show_changed>(
      [this](pg::transaction& in, auto changes) { return take_shows(in, std::move(changes)); });
  inbox_.on<catalog::venue_changed>(
      [this](pg::transaction& in, auto changes) { return take_venues(in, std::move(changes)); });
}

rt::task<> service::start() {
  if (calls_only_) co_return;
  inbox_.start(false);  // while the engine is away, all but search goes on
  background_.repeat(std::chrono::milliseconds(settings_.look_pause_ms), [this] { return look(); });
  co_return;
}

rt::task<> service::stop(rt::deadline until) {
  co_await inbox_.stop(until);
  co_await background_.close(until);
}

// ---- searching

std::unexpected<contract::problem> service::unavailable(const rt::call& call, const std::string& why) {
  if (!std::exchange(away_, true)) {
    rt::log::warning("search is not available", {{"correlation_id", call.correlation_id}, {"error", why}});
  }
  contract::problem what{.kind = &search_unavailable, .detail = {}};
  what.retry_after_s = 2;
  return std::unexpected(std::move(what));
}

rt::task<contract::result<search_result>> service::handle(rt::call call, find request) {
  ports::search_query wanted{.text = request.q,
                             .city = request.city.value_or(""),
                             .now = clock_.now(),
                             .limit = request.limit.value_or(usual_hits)};
  std::string failure;
  try {
    const auto hits = co_await index_.search(call.until.no_later_than(search_time), std::move(wanted));
    if (std::exchange(away_, false)) rt::log::info("search is available again");
    co_return result_of(request, hits);
  } catch (const rt::unavailable& error) {
    failure = error.what();
  }
  co_return unavailable(call, failure);
}

rt::task<contract::result<std::vector<std::string>>> service::handle(rt::call call, list_cities request) {
  std::string failure;
  try {
    const auto most = request.limit.value_or(usual_cities);
    co_return co_await index_.cities(call.until.no_later_than(search_time), most);
  } catch (const rt::unavailable& error) {
    failure = error.what();
  }
  co_return unavailable(call, failure);
}

// ---- keeping the index. An event's effect may be repeated: the index knows the versions.

rt::task<> service::take_shows(pg::transaction&, std::vector<events::received<catalog::show_changed>> changes) {
  std::vector<ports::search_document> documents;
  for (const auto& each : changes) documents.push_back(document_of(each.what.show));
  co_await index_.put(rt::deadline::after(write_time), std::move(documents));
}

rt::task<> service::take_venues(pg::transaction&, std::vector<events::received<catalog::venue_changed>> changes) {
  std::vector<ports::search_document> documents;
  for (const auto& each : changes) documents.push_back(document_of(each.what.venue));
  co_await index_.put(rt::deadline::after(write_time), std::move(documents));
}

// ---- rebuilding

rt::task<contract::result<rebuild_outcome>> service::handle(rt::call call, rebuild_index) {
  std::string failure;
  try {
    const auto mine = co_await await_rebuild(call.until);
    co_return co_await rebuild(call);
  } catch (const rt::unavailable& error) {
    failure = error.what();
  }
  // Who asks for this runs the platform: the cause helps.
  contract::problem what{.kind = &search_unavailable, .detail = "The search index could not be rebuilt: " + failure};
  co_return std::unexpected(std::move(what));
}

rt::task<> service::look() {
  const auto is_filled = [this] { return index_.is_filled(rt::deadline::after(write_time)); };
  if (co_await is_filled()) co_return;
  const rt::call call{.until = rt::deadline::after(rebuild_time), .correlation_id = random_hex(random_, 16)};
  const auto mine = co_await claim_rebuild(call.until);
  if (!mine) co_return;
  if (co_await is_filled()) co_return;  // by whom had the claim before
  co_await rebuild(call);
}

/// The transaction stays open across calls to catalog. That is what the pool warns of, and harmless here: nothing that
/// catalog does waits for search, and the claim ends with this process however that ends.
rt::task<std::optional<pg::transaction>> service::claim_rebuild(rt::deadline until) {
  auto claim = co_await database_.begin(until);
  const auto answer = co_await claim.run(queries::claim_rebuild);
  const bool mine = answer.front().get<bool>(0);
  if (!mine) co_return std::nullopt;
  co_return std::move(claim);
}

rt::task<pg::transaction> service::await_rebuild(rt::deadline until) {
  while (!until.passed()) {
    auto mine = co_await claim_rebuild(until);
    if (mine) co_return std::move(*mine);
    co_await rt::sleep_for(claim_pause);
  }
  throw rt::unavailable("another rebuild is under way");
}

rt::task<rebuild_outcome> service::rebuild(rt::call call) {
  const auto began = rt::steady_clock::now();
  const auto name = co_await index_.begin_rebuild(rt::deadline::after(finish_time));
  rebuild_outcome done{};
  done.shows = co_await fill_from<catalog::list_show_documents>(call, name);
  done.venues = co_await fill_from<catalog::list_venue_documents>(call, name);
  co_await index_.finish_rebuild(rt::deadline::after(finish_time), name);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(rt::steady_clock::now() - began);
  rt::log::info("search index built anew", {{"shows", done.shows}, {"venues", done.venues}, {"ms", took.count()}});
  co_return done;
}

/// Reads all documents of one kind from the catalogue into an index that is being built.
template <class List>
rt::task<std::int64_t> service::fill_from(rt::call call, std::string index) {
  std::int64_t count = 0;
  for (std::int64_t after = 0;;) {
    auto asking = call.as_service("search");
    asking.until = call.until.no_later_than(write_time);
    List wanted{after, page};
    const auto listed = co_await catalogue_.handle(asking, wanted);
    if (!listed)
      throw rt::unavailable("the catalogue did not list its documents: " + contract::sentence_of(listed.error()));
    if (listed->empty()) co_return count;
    after = listed->back().id;
    count += std::ssize(*listed);
    co_await index_.fill(rt::deadline::after(write_time), index, documents_of(*listed));
  }
}

}  // namespace ticketshow::search
