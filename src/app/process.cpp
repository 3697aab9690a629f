#include "app/process.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "api/wiring.hpp"
#include "app/blob_store.hpp"
#include "app/card_gateway.hpp"
#include "app/event_bus.hpp"
#include "app/mail.hpp"
#include "app/public_api.hpp"
#include "app/reach.hpp"
#include "app/search_index.hpp"
#include "app/service_token.hpp"
#include "pg/conninfo.hpp"
#include "pg/migrations.hpp"
#include "services/auth/service.hpp"
#include "services/booking/service.hpp"
#include "services/catalog/service.hpp"
#include "services/gateway/service.hpp"
#include "services/payment/service.hpp"
#include "services/search/service.hpp"

namespace ticketshow::app {
namespace {

using audience = contract::router::audience;

std::string raw_database_url_of(const settings& configured, std::string_view service) {
  const auto& own = configured.text(fmt::format("database.{}_url", service));
  return own.empty() ? configured.text("database.url") : own;
}

std::string internal_key_file_of(const settings& configured) {
  const auto& file = configured.text("internal.key_file");
  return file.empty() ? configured.text("data.dir") + "/internal.key" : file;
}

/// A batch in work keeps one core of PostgreSQL busy, and smaller batches cost more a hold: see docs/performance.md.
std::size_t writers_of(const settings& configured) {
  const auto named = static_cast<unsigned>(configured.number("booking.writers", 0, 32));
  return named != 0 ? named : std::clamp(std::thread::hardware_concurrency() / 2, 1U, 8U);
}

std::string public_url_of(const settings& configured) {
  auto url = configured.text("web.public_url");
  if (url.empty()) return fmt::format("http://localhost:{}", configured.text("http.port"));
  while (url.ends_with('/')) url.pop_back();
  return url;
}

payment::options payment_options_of(const settings& configured) {
  const auto call_time_s = configured.number("cards.call_time_s", 1, 60);
  return {.card_call_time_s = call_time_s,
          .card_list_ms = 1'000 * configured.number("cards.list_s", 1, 86'400),
          .card_doubt_s = configured.number("cards.refund_doubt_s", call_time_s, 3'600),
          .card_retry_s = configured.number("cards.refund_retry_s", 0, 86'400),
          .pages = {.in_an_hour = configured.number("cards.pages_per_hour", 1, 1'000'000)},
          .public_url = public_url_of(configured),
          .currency = configured.text("currency")};
}

gateway::rate rate_of(const settings& configured, const std::string& name) {
  return {.per_second = static_cast<double>(configured.number("rate." + name + "_per_s", 1, 10'000'000)),
          .burst = static_cast<double>(configured.number("rate." + name + "_burst", 1, 10'000'000))};
}

gateway::options gateway_options_of(const settings& configured) {
  gateway::options chosen;
  chosen.server.address = configured.text("http.address");
  chosen.server.port = static_cast<std::uint16_t>(configured.number("http.port", 0, 65'535));
  chosen.server.max_connections = static_cast<std::size_t>(configured.number("http.max_connections", 1, 1'000'000));
  chosen.server.drain_idle = std::chrono::milliseconds(configured.number("drain.idle_ms", 0, 60'000));
  chosen.streams.in_all = static_cast<std::size_t>(configured.number("http.max_streams", 0, 1'000'000));
  chosen.streams.of_an_address =
      static_cast<std::size_t>(configured.number("http.max_streams_per_address", 1, 1'000'000));
  chosen.request_timeout = std::chrono::seconds(configured.number("http.request_timeout_s", 1, 300));
  chosen.secure_cookies = configured.flag("http.secure_cookies");
  chosen.cors_origins = configured.list("http.cors_origins");
  chosen.trusted_proxies = configured.list("http.trusted_proxies");
  chosen.metrics_public = configured.flag("metrics.public");
  chosen.per_account = rate_of(configured, "account");
  chosen.per_address = rate_of(configured, "address");
  chosen.sign_in = rate_of(configured, "sign_in");
  chosen.site.web_root = configured.text("web.root");
  chosen.site.docs_assets = configured.text("docs.assets");
  return chosen;
}

}  // namespace

auth::options auth_options_of(const settings& configured) {
  auth::options chosen;
  chosen.currency = configured.text("currency");
  chosen.hash_memory_bytes = static_cast<std::size_t>(configured.number("auth.hash_memory_mib", 8, 1024)) * 1024 * 1024;
  chosen.hash_passes = static_cast<unsigned>(configured.number("auth.hash_passes", 1, 100));
  chosen.hash_threads = static_cast<std::size_t>(configured.number("auth.hash_threads", 1, 64));
  chosen.hash_queue = static_cast<std::size_t>(configured.number("auth.hash_queue", 1, 10'000));
  return chosen;
}

std::string database_url_of(const settings& configured, std::string_view service) {
  return pg::with_role(raw_database_url_of(configured, service), pg::role_of(service));
}

std::string owner_url_of(const settings& configured, std::string_view service) {
  return pg::with_role(raw_database_url_of(configured, service), configured.text("database.owner"));
}

process::process(rt::executor io, const settings& configured, std::set<target> targets, bool calls_only)
    : io_(io), settings_(configured), targets_(std::move(targets)), calls_only_(calls_only) {
  refuse_short_reach(settings_, targets_);
  if (needs_bus()) make_bus();
  if (runs(target::catalog) || runs(target::gateway)) add_blobs();
  // Added in the order of start; each may call the others through their bindings once all are bound.
  runs(target::auth) ? add_auth() : bind_remote(target::auth, auth_);
  runs(target::catalog) ? add_catalog() : bind_remote(target::catalog, catalog_);
  runs(target::booking) ? add_booking() : bind_remote(target::booking, booking_);
  runs(target::payment) ? add_payment() : bind_remote(target::payment, payment_);
  runs(target::search) ? add_search() : bind_remote(target::search, search_);
  if (runs(target::notification)) add_notification();
  if (unstarted_bus_ && !calls_only_) modules_.add(std::move(unstarted_bus_));  // events come when everybody is there
  add_operations();
  if (!calls_only_ && settings_.number("internal.port", 0, 65'535) != 0) add_internal_server();
  if (runs(target::gateway)) add_gateway();
}

process::~process() = default;

rt::task<> process::start() { co_await modules_.start(); }

std::vector<std::string> process::not_ready() const {
  auto names = modules_.not_ready();
  if (stopping_) names.emplace_back("stopping");
  return names;
}

rt::task<> process::stop(rt::deadline until) { co_await modules_.stop(until); }

bool process::needs_bus() const {
  return std::ranges::any_of(with_events, [this](target each) { return runs(each); });
}

void process::make_bus() {
  auto* const pool = bus_is_postgresql(settings_) ? &add_pool("bus") : nullptr;
  unstarted_bus_ = make_event_bus(io_, settings_, pool, random_);
  bus_ = unstarted_bus_.get();
}

void process::add_blobs() {
  // A command of an operator runs catalog alone, beside the processes that serve.
  const bool serves = runs(target::gateway) || settings_.number("internal.port", 0, 65'535) != 0;
  const bool split = serves && runs(target::gateway) != runs(target::catalog);
  blobs_ = &modules_.add(make_blob_store(io_, settings_, clock_, random_, split));
}

pg::pool& process::add_pool(target service) {
  auto& pool = add_pool(std::string(name_of(service)));
  pools_[service] = &pool;
  return pool;
}

pg::pool& process::add_pool(const std::string& name) {
  auto made = std::make_unique<pg::pool>(
      io_,
      pg::pool_options{.name = name,
                       .conninfo = database_url_of(settings_, name),
                       .max_connections = static_cast<std::size_t>(settings_.number("database.connections", 2, 200))});
  return modules_.add(std::move(made));
}

template <class Port, class Service>
void process::host(target service, contract::binding<Port>& binding, std::unique_ptr<Service> made) {
  binding.bind(modules_.add(std::move(made)), "local");
  api::mount<Port>(inside_of(service), binding, audience::inside);
}

contract::router& process::inside_of(target service) {
  auto& routes = inside_[service];
  if (!routes) routes = std::make_unique<contract::router>(internal_prefix(std::string(name_of(service))));
  return *routes;
}

template <class Port>
void process::bind_remote(target service, contract::binding<Port>& binding) {
  const std::string name(name_of(service));
  const auto addresses = settings_.list(name + ".url");
  if (addresses.empty()) return;  // nobody here calls it: see refuse_short_reach()
  auto& carrier =
      *transports_.emplace_back(std::make_unique<remote_transport>(io_, addresses, name, internal_key(), clock_));
  const std::shared_ptr<Port> client = api::make_client<Port>(carrier, internal_prefix(name));
  binding.bind(*client, "remote");
  clients_.push_back(client);
}

void process::add_auth() {
  auto& pool = add_pool(target::auth);
  host(target::auth, auth_,
       std::make_unique<auth::service>(auth::dependencies{
           .io = io_, .database = pool, .clock = clock_, .random = random_, .settings = auth_options_of(settings_)}));
}

void process::add_catalog() {
  auto& pool = add_pool(target::catalog);
  catalog::options chosen;
  chosen.currency = settings_.text("currency");
  chosen.time_zone = settings_.text("time_zone");
  chosen.posters = poster_options_of(settings_);
  host(target::catalog, catalog_,
       std::make_unique<catalog::service>(catalog::dependencies{.io = io_,
                                                                .database = pool,
                                                                .clock = clock_,
                                                                .random = random_,
                                                                .settings = std::move(chosen),
                                                                .bookings = booking_,
                                                                .bus = *bus_,
                                                                .blobs = *blobs_,
                                                                .calls_only = calls_only_}));
}

void process::add_booking() {
  auto& pool = add_pool(target::booking);
  booking::options chosen;
  chosen.hold_ttl_s = settings_.number("booking.hold_ttl_s", 1, 86'400);
  chosen.max_live_seats_per_user = settings_.number("booking.max_live_seats_per_user", 1, 2'000);
  chosen.writers = writers_of(settings_);
  chosen.max_batch = static_cast<std::size_t>(settings_.number("booking.max_batch", 1, 1'000));
  chosen.issuer = issuer_of(settings_);
  chosen.paper_threads = paper_threads_of(settings_);
  chosen.map_max_age_ms = settings_.number("booking.map_max_age_ms", 0, 60'000);
  chosen.doors.open_before = std::chrono::minutes(settings_.number("booking.doors_open_before_min", 0, 100'000));
  chosen.doors.close_after = std::chrono::minutes(settings_.number("booking.doors_close_after_min", 1, 100'000));
  const auto listened = chosen.map_max_age_ms > 0 ? database_url_of(settings_, "booking") : "";
  host(target::booking, booking_,
       std::make_unique<booking::service>(booking::dependencies{.io = io_,
                                                                .database = pool,
                                                                .clock = clock_,
                                                                .random = random_,
                                                                .settings = chosen,
                                                                .catalog = catalog_,
                                                                .accounts = auth_,
                                                                .bus = *bus_,
                                                                .calls_only = calls_only_,
                                                                .listen_conninfo = listened}));
}

void process::add_payment() {
  auto& pool = add_pool(target::payment);
  auto made_gateway = make_card_gateway(io_, settings_);
  auto* const gateway = made_gateway ? &modules_.add(std::move(made_gateway)) : nullptr;
  host(target::payment, payment_,
       std::make_unique<payment::service>(payment::dependencies{.io = io_,
                                                                .database = pool,
                                                                .clock = clock_,
                                                                .random = random_,
                                                                .settings = payment_options_of(settings_),
                                                                .bookings = booking_,
                                                                .accounts = auth_,
                                                                .bus = *bus_,
                                                                .gateway = gateway,
                                                                .calls_only = calls_only_}));
}

/// It has no endpoints of its own: nobody calls it but for its dead letters.
void process::add_notification() {
  auto& pool = add_pool(target::notification);
  auto& mailer = modules_.add(make_mailer(settings_));
  modules_.add(
      std::make_unique<notification::service>(notification::dependencies{.io = io_,
                                                                         .database = pool,
                                                                         .clock = clock_,
                                                                         .random = random_,
                                                                         .bus = *bus_,
                                                                         .mailer = mailer,
                                                                         .accounts = auth_,
                                                                         .settings = mail_options_of(settings_)}));
}

void process::add_search() {
  auto& pool = add_pool(target::search);
  auto* const index_pool = searches_in_postgresql(settings_) ? &add_pool("search_index") : nullptr;
  search_index_ = make_search_index(io_, settings_, index_pool);
  host(target::search, search_,
       std::make_unique<search::service>(search::dependencies{.io = io_,
                                                              .database = pool,
                                                              .clock = clock_,
                                                              .random = random_,
                                                              .settings = {},
                                                              .catalogue = catalog_,
                                                              .bus = *bus_,
                                                              .index = *search_index_,
                                                              .calls_only = calls_only_}));
}

void process::add_operations() {
  operations::letter_boxes reached;
  for (const auto service : with_events) {
    auto& letters = letters_[service];
    if (runs(service)) {
      letters.bind(*letter_boxes_.emplace_back(std::make_unique<operations::letter_box>(*pools_.at(service))), "local");
      api::mount<operations::letters_port>(inside_of(service), letters, audience::inside);
    } else if (runs(target::gateway)) {
      bind_remote(service, letters);
    }
    if (letters.bound()) reached.emplace(name_of(service), letters);
  }
  desk_ = std::make_unique<operations::desk>(std::move(reached));
  operations_.bind(*desk_, "local");
}

void process::add_gateway() {
  const bool secure = settings_.flag("http.secure_cookies");
  outside_ = std::make_unique<contract::router>(
      make_public_router(auth_, catalog_, booking_, payment_, search_, operations_, {.secure_cookies = secure}));
  auto chosen = gateway_options_of(settings_);
  chosen.site.picture_origin = picture_origin_of(*blobs_);
  modules_.add(
      std::make_unique<gateway::service>(gateway::dependencies{.io = io_,
                                                               .clock = clock_,
                                                               .random = random_,
                                                               .settings = std::move(chosen),
                                                               .accounts = auth_,
                                                               .routes = *outside_,
                                                               .not_ready = [this] { return not_ready(); },
                                                               .openapi = openapi_text(),
                                                               .blobs = keeps_on_disk(settings_) ? blobs_ : nullptr}));
}

void process::add_internal_server() {
  std::vector<internal_service> services;
  for (const auto& [service, routes] : inside_) services.push_back({std::string(name_of(service)), routes.get()});
  modules_.add(std::make_unique<internal_server>(
      io_, settings_.text("internal.address"), static_cast<std::uint16_t>(settings_.number("internal.port", 1, 65'535)),
      std::move(services), internal_key(), clock_, [this] { return not_ready(); }));
}

const std::string& process::internal_key() {
  if (internal_key_.empty()) internal_key_ = load_or_make_internal_key(internal_key_file_of(settings_));
  return internal_key_;
}

}  // namespace ticketshow::app
