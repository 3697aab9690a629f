#include "app/settings.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/assert.hpp"

namespace ticketshow::app {
namespace {

constexpr setting declared[] = {
    {"target", "all",
     "Services of this process: all, or names separated by commas "
     "(gateway,auth,catalog,booking,payment,search,notification)"},
    {"production", "false",
     "Refuse what only suits a try-out: sample data, fault points, insecure cookies, cheap password hashes, links that "
     "lead to this machine"},
    {"log.level", "info", "debug, info, warning or error"},
    {"data.dir", "var/data", "Where this process keeps its files (the key between services)"},
    {"drain.notice_s", "0",
     "How long after SIGTERM all goes on while /health/ready says no: until the balancers that ask it have asked"},
    {"drain.timeout_s", "20", "How long requests in work may take to end then"},
    {"drain.idle_ms", "1000",
     "How long a kept-alive connection to the gateway may still bring a request then: longer than the proxy before it "
     "keeps idle ones, and none is lost"},

    {"http.address", "127.0.0.1", "Interface of the public port; 0.0.0.0 for all"},
    {"http.port", "8000", "The public port"},
    {"http.max_connections", "20000", "Further connections are closed at once"},
    {"http.max_streams", "10000", "Live seat maps open at a time, each on one of those connections"},
    {"http.max_streams_per_address", "100", "and of one address, which many people may share"},
    {"http.secure_cookies", "false", "The public address is https: cookies are Secure, HSTS is sent"},
    {"http.cors_origins", "", "Origins that may call from a browser, separated by commas"},
    {"http.trusted_proxies", "", "Addresses whose X-Forwarded-For is believed, separated by commas"},
    {"http.request_timeout_s", "10", "Deadline of a request"},
    {"web.public_url", "", "Where people find the web app, http(s)://…; http://localhost and http.port when empty"},
    {"web.root", "", "Directory of the built web app; empty serves a plain page"},
    {"docs.assets", "", "Directory of npm's swagger-ui-dist for /docs"},
    {"metrics.public", "false", "Answer /metrics to others than this machine"},

    {"rate.account_per_s", "50", "Requests a second of one account"},
    {"rate.account_burst", "100", "and at once"},
    {"rate.address_per_s", "200", "Requests a second of one address"},
    {"rate.address_burst", "400", "and at once"},
    {"rate.sign_in_per_s", "1", "Sign-ins and registrations a second of one address"},
    {"rate.sign_in_burst", "10", "and at once"},

    {"database.url", "postgresql:///ticketshow",
     "PostgreSQL; without a user, each service comes as ticketshow_<service>", true},
    {"database.auth_url", "", "auth's own database; database.url when empty", true},
    {"database.catalog_url", "", "catalog's own database", true},
    {"database.booking_url", "", "booking's own database", true},
    {"database.payment_url", "", "payment's own database", true},
    {"database.notification_url", "", "notification's own database", true},
    {"database.search_url", "", "search's own database", true},
    {"database.search_index_url", "", "the search index's own database, when the index is PostgreSQL", true},
    {"database.bus_url", "", "the event bus's own database, when the bus is PostgreSQL", true},
    {"database.owner", "ticketshow_owner", "The role that owns the schemas and migrates them"},
    {"database.connections", "6", "Most connections of each service"},

    {"internal.address", "127.0.0.1", "Interface for calls from other processes of this system"},
    {"internal.port", "0", "Port for them; 0 when all services are in this process"},
    {"internal.key_file", "", "The key that proves a call comes from a service; <data.dir>/internal.key when empty"},
    {"auth.url", "",
     "http://host:port of the process that runs auth, when it is not this one; of several, separated by commas"},
    {"catalog.url", "", "the same for catalog"},
    {"booking.url", "", "the same for booking"},
    {"payment.url", "", "the same for payment"},
    {"search.url", "", "the same for search"},
    {"notification.url", "", "the same for notification"},

    {"mail.smtp_url", "smtp://localhost:25",
     "The mail server: smtp://host:port, or smtps://host:port for TLS from the first byte"},
    {"mail.tls", "required", "Encryption with smtp://: required, opportunistic (where the server offers it) or none"},
    {"mail.user", "", "Account at the mail server, if it wants one"},
    {"mail.password", "", "and its password", true},
    {"mail.ca_file", "", "File of the certificates to trust; the system's when empty"},
    {"mail.connections", "4", "Mails that go out at once"},
    {"mail.from", "tickets@ticketshow.example", "The address that mail comes from"},
    {"mail.from_name", "Ticket Show", "and its name"},
    {"mail.kept_days", "90", "Days after which a mail that was sent is forgotten"},
    {"mail.public_url", "http://localhost:8000", "Where those who get mail find the platform"},

    {"papers.threads", "1", "Threads that print tickets, of booking and of notification each"},

    {"currency", "INR", "ISO 4217 code of all prices and wallets"},
    {"time_zone", "Asia/Kolkata", "IANA time zone of venues that name none"},
    {"auth.hash_memory_mib", "19", "Memory of one password hash (argon2id)"},
    {"auth.hash_passes", "2", "Passes of one password hash"},
    {"auth.hash_threads", "1", "Threads that hash passwords"},
    {"auth.hash_queue", "64", "Sign-ins that may wait for them"},
    {"booking.hold_ttl_s", "600", "How long seats are held for payment"},
    {"booking.max_live_seats_per_user", "20", "Seats one account may hold and own of one showing"},
    {"booking.writers", "0", "Batched writers, each on a connection of its own; 0: one for two cores of this machine"},
    {"booking.max_batch", "128", "Holds in one statement"},
    {"booking.map_max_age_ms", "0",
     "Age up to which seats in memory are trusted; above 0 where several booking processes share a database, also "
     "behind one name in booking.url, where no process sees the others"},
    {"booking.doors_open_before_min", "120", "Minutes before a showing begins at which its doors open"},
    {"booking.doors_close_after_min", "240", "Minutes after it has begun at which they close"},
    {"bus.adapter", "pg", "What carries events between services: pg (PostgreSQL) or kafka"},
    {"kafka.brokers", "", "host:port of Kafka's brokers, separated by commas"},
    {"kafka.protocol", "plaintext", "plaintext, ssl, sasl_plaintext or sasl_ssl"},
    {"kafka.sasl_mechanism", "PLAIN", "How the user signs in, with sasl_…"},
    {"kafka.user", "", "Who signs in there"},
    {"kafka.password", "", "and with what", true},
    {"kafka.ca_file", "", "File of the certificates to trust, with …ssl; the system's when empty"},
    {"kafka.partitions", "4",
     "Partitions of a topic that is made: the most processes of one service that share its events"},
    {"kafka.replicas", "0", "Copies of a topic that is made; 0: as many as the brokers' default.replication.factor"},
    {"kafka.retention_s", "604800", "How long a topic that is made keeps its events, handled or not"},

    {"cards.adapter", "none", "What takes card payments: none, or dodo (Dodo Payments)"},
    {"dodo.url", "https://test.dodopayments.com", "Where Dodo is; https://live.dodopayments.com moves money"},
    {"dodo.api_key", "", "A key of its API that may write", true},
    {"dodo.webhook_secrets", "", "The secret of its webhooks; while one replaces another both, separated by commas",
     true},
    {"dodo.product_id", "",
     "The product under which everything is sold there: one-time, pay what you want, taxes included"},
    {"dodo.least_amount", "1.00", "What must be payable by card: the product's minimum may not be above it"},
    {"cards.pages_per_hour", "20", "How many payments by card one account may begin within an hour"},
    {"cards.call_time_s", "8", "For one call to the card provider"},
    {"cards.list_s", "300", "Between two readings of the provider's list of payments, for what no message told"},
    {"cards.refund_doubt_s", "60",
     "How long a refund whose answer was lost may still take effect there; not less than a call's time"},
    {"cards.refund_retry_s", "60",
     "After which a refund that failed there is sent anew, then four times as long each time"},

    {"blob.adapter", "disk", "What keeps posters: disk, or s3 (any service that speaks S3)"},
    {"blob.dir", "",
     "Directory of disk; <data.dir>/blobs when empty. To be named when catalog and gateway are in different processes: "
     "both must see it"},
    {"s3.url", "", "http://host:port or https://host of the S3 service"},
    {"s3.ca_file", "", "File of the certificates to trust, with https; the system's when empty"},
    {"s3.region", "us-east-1", "Its region"},
    {"s3.bucket", "ticketshow", "The bucket; made when it is not there"},
    {"s3.access_key", "", "Who signs in there"},
    {"s3.secret_key", "", "and with what", true},
    {"s3.public_url", "", "Where browsers find what is in the bucket; <s3.url>/<s3.bucket> when empty"},
    {"posters.keep_unused_s", "600", "How long a poster's files stay that no show has any more"},

    {"search.adapter", "pg", "What holds the search index: pg (PostgreSQL) or elastic (Elasticsearch, OpenSearch)"},
    {"search.elastic_url", "", "http(s)://host:port of Elasticsearch or OpenSearch"},
    {"search.elastic_user", "", "Who signs in there; empty: nobody"},
    {"search.elastic_password", "", "and with what", true},
    {"search.elastic_ca_file", "", "File of certificates to trust besides the system's, with https"},
    {"search.elastic_alias", "ticketshow", "The alias of the index there"},
};

/// Walks the tables of a configuration file: [http] port = 8000 is "http.port".
void read_table(const toml::table& table, const std::string& prefix, const std::string& file,
                std::map<std::string, std::string, std::less<>>& values) {
  for (const auto& [name, node] : table) {
    const auto key = prefix + std::string(name.str());
    if (const auto* inner = node.as_table()) {
      read_table(*inner, key + '.', file, values);
      continue;
    }
    const auto known = values.find(key);
    if (known == values.end()) {
      throw std::runtime_error(fmt::format("{}: there is no setting \"{}\"; --help lists them.", file, key));
    }
    if (const auto text = node.value<std::string>()) {
      known->second = *text;
    } else if (const auto number = node.value_exact<std::int64_t>()) {
      known->second = std::to_string(*number);
    } else if (const auto truth = node.value_exact<bool>()) {
      known->second = *truth ? "true" : "false";
    } else {
      throw std::runtime_error(fmt::format("{}: \"{}\" must be a text, a whole number, true or false.", file, key));
    }
  }
}

/// The text of a cell: Markdown would read < as a tag and | as the cell's end.
std::string cell_of(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '<' || c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

}  // namespace

std::span<const setting> all_settings() { return declared; }

std::string settings_reference() {
  std::string document = R"(# Configuration

Made by `./run settings` from what the program declares. The key `http.port` is the flag `--http.port`, the variable
`TICKETSHOW_HTTP_PORT` and the entry `port` of the table `[http]` in the TOML file that `--config` or `TICKETSHOW_CONFIG` names;
the first of these that is given wins, in this order. `ticketshow --print-config` prints the values in force. What is secret is
printed as `***` and never logged: give it as a variable or in the file, since flags show in the list of processes.

| setting | default | what it is |
|---|---|---|
)";
  for (const auto& each : declared) {
    const auto fallback = each.fallback.empty() ? std::string() : fmt::format("`{}`", each.fallback);
    document +=
        fmt::format("| `{}` | {} | {}{} |\n", each.key, fallback, cell_of(each.help), each.secret ? " (secret)" : "");
  }
  return document;
}

std::string variable_of(std::string_view key) {
  std::string name = "TICKETSHOW_";
  for (const char c : key) name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::vector<std::string> unknown_variables(const char* const* environment) {
  // Not settings, but for the program: the configuration file, fault points; for scripts and tests: the rest.
  constexpr std::string_view others[] = {"TICKETSHOW_CONFIG", "TICKETSHOW_FAULT_POINT", "TICKETSHOW_BINARY",
                                         "TICKETSHOW_DEBIAN_MIRROR"};
  std::set<std::string, std::less<>> known(std::begin(others), std::end(others));
  for (const auto& each : declared) known.insert(variable_of(each.key));
  std::vector<std::string> unknown;
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const auto name = entry.substr(0, entry.find('='));
    if (!name.starts_with("TICKETSHOW_") || name.starts_with("TICKETSHOW_TEST_") || known.contains(name)) continue;
    unknown.emplace_back(name);
  }
  return unknown;
}

settings settings::load(const std::string& file, const std::map<std::string, std::string>& flags) {
  settings loaded;
  for (const auto& each : declared) loaded.values_.emplace(each.key, each.fallback);
  if (!file.empty()) {
    try {
      read_table(toml::parse_file(file), "", file, loaded.values_);
    } catch (const toml::parse_error& error) {
      const auto line = error.source().begin.line;  // 0: it could not even be opened
      throw std::runtime_error(line == 0 ? fmt::format("{}: {}.", file, error.description())
                                         : fmt::format("{}: line {}: {}.", file, line, error.description()));
    }
  }
  for (auto& [key, value] : loaded.values_) {
    if (const char* given = std::getenv(variable_of(key).c_str())) value = given;  // NOLINT(concurrency-mt-unsafe)
  }
  for (const auto& [key, value] : flags) loaded.values_.at(key) = value;
  return loaded;
}

const std::string& settings::text(std::string_view key) const {
  const auto found = values_.find(key);
  TICKETSHOW_ASSERT(found != values_.end());
  return found->second;
}

std::int64_t settings::number(std::string_view key, std::int64_t min, std::int64_t max) const {
  const auto& value = text(key);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || number < min || number > max) {
    throw std::runtime_error(
        fmt::format("The setting {} must be a whole number from {} to {}, not \"{}\".", key, min, max, value));
  }
  return number;
}

bool settings::flag(std::string_view key) const {
  const auto& value = text(key);
  if (value == "true" || value == "1") return true;
  if (value == "false" || value == "0" || value.empty()) return false;
  throw std::runtime_error(fmt::format("The setting {} must be true or false, not \"{}\".", key, value));
}

std::vector<std::string> settings::list(std::string_view key) const {
  std::vector<std::string> parts;
  std::string_view rest = text(key);
  while (!rest.empty()) {
    auto part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto first = part.find_first_not_of(' ');
    if (first == std::string_view::npos) continue;
    part = part.substr(first, part.find_last_not_of(' ') - first + 1);
    parts.emplace_back(part);
  }
  return parts;
}

std::string settings::print() const {
  std::string lines;
  for (const auto& each : declared) {
    const auto& value = text(each.key);
    lines += fmt::format("{} = {}\n", each.key, each.secret && !value.empty() ? "***" : value);
  }
  return lines;
}

}  // namespace ticketshow::app
