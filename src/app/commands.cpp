#include "app/commands.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <termios.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>

#include "app/blob_store.hpp"
#include "app/card_gateway.hpp"
#include "app/check/check.hpp"
#include "app/descriptors.hpp"
#include "app/event_bus.hpp"
#include "app/mail.hpp"
#include "app/process.hpp"
#include "app/public_api.hpp"
#include "app/sample_data.hpp"
#include "app/sample_posters.hpp"
#include "app/schemas.hpp"
#include "app/search_index.hpp"
#include "app/with_services.hpp"
#include "base/assert.hpp"
#include "pg/migrations.hpp"
#include "rt/fault_point.hpp"
#include "rt/log.hpp"
#include "services/auth/administration.hpp"

namespace ticketshow::app {
namespace {

/// Without the gateway, since commands listen on no port, and without notification: they send no mail.
const std::set<target> services_without_gateway{target::auth, target::catalog, target::booking, target::payment,
                                                target::search};

/// Throws with a sentence when production is to run with what only suits a try-out.
void refuse_tryouts(const settings& configured, const std::set<target>& targets) {
  if (!configured.flag("production")) return;
  if (rt::fault_points_armed()) {
    throw std::runtime_error(
        "TICKETSHOW_FAULT_POINT is set: it ends the process on purpose and has no place in production.");
  }
  if (targets.contains(target::gateway) && !configured.flag("http.secure_cookies")) {
    throw std::runtime_error(
        "http.secure_cookies is false: in production the public address is https, and the cookies of sessions travel "
        "over nothing else.");
  }
  // OWASP's least for argon2id.
  const bool cheap =
      configured.number("auth.hash_memory_mib", 8, 1024) < 19 || configured.number("auth.hash_passes", 1, 100) < 2;
  if (targets.contains(target::auth) && cheap) {
    throw std::runtime_error(
        "auth.hash_memory_mib must be at least 19 and auth.hash_passes at least 2 in production: cheaper password "
        "hashes are guessed.");
  }
  if (targets.contains(target::payment)) refuse_card_tryouts(configured);
  if (targets.contains(target::notification) && configured.text("mail.from").ends_with(".example")) {
    throw std::runtime_error(
        "mail.from is an address that does not exist: in production, mail comes from one of yours.");
  }
  if (targets.contains(target::notification) && !configured.text("mail.public_url").starts_with("https://")) {
    throw std::runtime_error(
        "mail.public_url must be the https:// address of the platform in production: it is in the links of every "
        "mail.");
  }
}

rt::task<int> run_until_signalled(rt::executor io, const settings& configured, std::set<target> targets) {
  const auto began = rt::steady_clock::now();
  rt::asio::basic_signal_set<rt::executor> signals(io, SIGTERM, SIGINT);
  co_await refuse_stranded_events(io, configured);
  process here(io, configured, std::move(targets));
  co_await here.start();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(rt::steady_clock::now() - began);
  rt::log::info("ready", {{"target", configured.text("target")}, {"start_ms", took.count()}});

  const int signal = co_await signals.async_wait(rt::use_task);
  rt::log::info("stopping", {{"signal", signal}});
  here.announce_stop();
  co_await rt::sleep_for(std::chrono::seconds(configured.number("drain.notice_s", 0, 600)));
  const auto drain = std::chrono::seconds(configured.number("drain.timeout_s", 0, 600));
  co_await here.stop(rt::deadline::after(drain));
  rt::log::info("stopped");
  co_return 0;
}

/// The accounts that come with the sample data. Their passwords are known to everybody: in production `seed` refuses
/// to make them.
struct sample_account {
  rt::role role;
  const char* email;
  const char* password;
  const char* username;
};
constexpr sample_account sample_accounts[] = {
    {rt::role::ADMIN, "admin@ticketshow.example", "admin-sample-password", "Asha Admin"},
    {rt::role::USER, "user@ticketshow.example", "user-sample-password", "Uma User"},
    {rt::role::STAFF, "staff@ticketshow.example", "staff-sample-password", "Devi Doors"},
};
constexpr money sample_balance{5'000'00};

rt::task<std::int64_t> ensure_account(process& here, const settings& configured, sample_account wanted,
                                      std::optional<std::int64_t> venue_id = {}) {
  auto& database = here.database_of(target::auth);
  const auto until = rt::deadline::after(std::chrono::seconds(20));
  const auto present = co_await auth::find_account(database, until, wanted.email);
  if (present) co_return *present;
  const auto made = co_await auth::create_account(database, until, auth_options_of(configured), wanted.email,
                                                  wanted.password, wanted.username, wanted.role, venue_id);
  if (!made) throw std::runtime_error(contract::sentence_of(made.error()));
  co_return *made;
}

rt::task<int> load_samples(process& here, const settings& configured, bool with_posters) {
  const auto call = call_of_operator(here.random());
  const auto admin_id = co_await ensure_account(here, configured, sample_accounts[0]);
  const auto user_id = co_await ensure_account(here, configured, sample_accounts[1]);
  const auth::credit_wallet opening{user_id, sample_balance, auth::transaction_type::CREDIT, "sample:opening-balance",
                                    "Opening balance"};
  const auto credited = co_await here.accounts().handle(call, opening);
  if (!credited) throw std::runtime_error(contract::sentence_of(credited.error()));

  auto by_admin = call;
  by_admin.caller = {.type = rt::principal::kind::user, .user_id = admin_id, .user_role = rt::role::ADMIN};
  const int added = co_await load_sample_catalogue(here.catalogue(), by_admin, here.clock());
  if (with_posters) co_await load_sample_posters(here.catalogue(), by_admin);
  const auto venue_id = co_await sample_venue_id(here.catalogue(), by_admin);
  if (venue_id) co_await ensure_account(here, configured, sample_accounts[2], venue_id);
  std::printf("sample data\t%d showings added\n", added);
  for (const auto& each : sample_accounts) {
    if (each.role == rt::role::STAFF && !venue_id) continue;
    const std::string role(contract::enum_name(each.role));
    std::printf("account\t%s\t%s\t%s\n", role.c_str(), each.email, each.password);
  }
  co_return 0;
}

/// Ends the start when somebody could sign in with a password of the sample data.
rt::task<int> refuse_sample_passwords(process& here) {
  for (const auto& each : sample_accounts) {
    const auto entered =
        co_await here.accounts().handle(call_of_operator(here.random()), auth::login{each.email, each.password, {}});
    if (entered) {
      throw std::runtime_error(fmt::format(
          "The sample account {} still has its published password, which has no place in production: change "
          "the password, or start with a database without sample data.",
          each.email));
    }
  }
  co_return 0;
}

rt::task<int> make_account(process& here, auth::options settings_of_auth, command_options wanted, std::string password,
                           rt::role role) {
  const auto until = rt::deadline::after(std::chrono::seconds(20));
  const auto venue_id = role == rt::role::STAFF ? std::optional(wanted.venue_id) : std::nullopt;
  const auto made = co_await auth::create_account(here.database_of(target::auth), until, settings_of_auth, wanted.email,
                                                  password, wanted.username, role, venue_id);
  if (!made) throw std::runtime_error(contract::sentence_of(made.error()));
  std::printf("%s %s has account %lld.\n", role == rt::role::ADMIN ? "Administrator" : "Doorkeeper",
              wanted.email.c_str(), static_cast<long long>(*made));
  co_return 0;
}

rt::task<int> make_key(process& here) {
  const auto until = rt::deadline::after(std::chrono::seconds(20));
  const auto kid = co_await auth::rotate_signing_key(here.database_of(target::auth), until, here.random());
  std::printf("The new key is %s; every process uses it within seconds.\n", kid.c_str());
  co_return 0;
}

rt::task<int> rebuild_index(process& here) {
  auto call = call_of_operator(here.random());
  call.until = rt::deadline::after(std::chrono::minutes(30));
  const auto built = co_await here.searches().handle(call, search::rebuild_index{});
  if (!built) throw std::runtime_error(contract::sentence_of(built.error()));
  std::printf("The search index was built anew: %lld shows, %lld venues.\n", static_cast<long long>(built->shows),
              static_cast<long long>(built->venues));
  co_return 0;
}

/// The store of posters, neither made nor prepared by who only looks; none when its directory is not here.
std::unique_ptr<ports::blob_store> store_to_look_at(rt::executor io, const settings& configured,
                                                    const clock_source& clock, random_source& random) {
  if (keeps_on_disk(configured) && !std::filesystem::is_directory(poster_directory_of(configured))) return nullptr;
  return make_blob_store(io, configured, clock, random, false);
}

/// The checks, with the search index and the store of posters that the settings name.
rt::task<std::vector<ticketshow::check::finding>> check_with_ports(rt::executor io, const settings& configured,
                                                                   ticketshow::check::options chosen) {
  std::optional<pg::pool> database;
  if (searches_in_postgresql(configured)) {
    database.emplace(
        io, pg::pool_options{
                .name = "search_index", .conninfo = owner_url_of(configured, "search_index"), .max_connections = 1});
  }
  const auto index = make_search_index(io, configured, database ? &*database : nullptr);
  chosen.index = index.get();
  const system_clock_source clock;
  system_random_source random;
  const auto store = store_to_look_at(io, configured, clock, random);
  chosen.posters = store.get();
  auto findings = co_await ticketshow::check::run_checks(io, chosen);
  if (database) co_await database->stop(rt::deadline::after(std::chrono::seconds(5)));
  if (store) co_await store->stop(rt::deadline::after(std::chrono::seconds(5)));
  co_return findings;
}

/// Keeps a terminal from showing what is typed, while it lives.
class silent_terminal {
 public:
  silent_terminal() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~silent_terminal() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  silent_terminal(const silent_terminal&) = delete;
  silent_terminal& operator=(const silent_terminal&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

/// One line of standard input, without its end.
std::string read_password() {
  std::string line;
  if (::isatty(STDIN_FILENO) == 1) {
    const silent_terminal silent;
    std::fputs("Password: ", stderr);
    std::getline(std::cin, line);
    std::fputc('\n', stderr);
  } else {
    std::getline(std::cin, line);
  }
  if (line.size() < 8) {
    throw std::runtime_error("The password is read from standard input and must have at least 8 characters.");
  }
  return line;
}

int create_account(const settings& configured, const command_options& options, rt::role role) {
  const auto password = read_password();
  const auto make = [&](process& here) -> rt::task<int> {
    return make_account(here, auth_options_of(configured), options, password, role);
  };
  return with_services(configured, {target::auth}, make);
}

}  // namespace

int seed(const settings& configured, const command_options& options) {
  if (configured.flag("production")) {
    throw std::runtime_error("The sample data has known passwords and does not belong in production.");
  }
  return with_services(configured, services_without_gateway,
                       [&](process& here) { return load_samples(here, configured, options.posters); });
}

int create_admin(const settings& configured, const command_options& options) {
  return create_account(configured, options, rt::role::ADMIN);
}

int create_staff(const settings& configured, const command_options& options) {
  return create_account(configured, options, rt::role::STAFF);
}

int check(const settings& configured, const command_options& options) {
  rt::asio::io_context context(1);
  ticketshow::check::options chosen{.auth_url = owner_url_of(configured, "auth"),
                                    .booking_url = owner_url_of(configured, "booking"),
                                    .payment_url = owner_url_of(configured, "payment"),
                                    .catalog_url = owner_url_of(configured, "catalog"),
                                    .notification_url = owner_url_of(configured, "notification"),
                                    .settle_seconds = options.settle_seconds};
  for (const auto& each : all_participants()) {
    chosen.event_schemas.push_back({each.service, owner_url_of(configured, each.service), each.topics});
  }
  rt::log::set_level(rt::log::level::error);  // the report says what there is to say
  std::vector<ticketshow::check::finding> findings;
  try {
    const auto mail = mail_options_of(configured);
    // It is given up at an attempt.
    chosen.mail_given_up_s = mail.oldest_s + 2 * std::chrono::ceil<std::chrono::seconds>(mail.pauses.last).count();
    chosen.mail_kept_s = std::chrono::seconds(mail.kept).count();
    findings = rt::run(context, check_with_ports(context.get_executor(), configured, chosen));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ticketshow: the invariants could not be checked: %s\n", error.what());
    return 2;
  }
  std::fputs((options.json ? ticketshow::check::to_json(findings) : ticketshow::check::to_table(findings)).c_str(),
             stdout);
  return ticketshow::check::all_kept(findings) ? 0 : 1;
}

int rotate_keys(const settings& configured, const command_options&) {
  return with_services(configured, {target::auth}, [](process& here) { return make_key(here); });
}

int reindex_search(const settings& configured, const command_options&) {
  const bool catalog_is_elsewhere = !configured.text("catalog.url").empty();
  return with_services(configured, catalog_is_elsewhere ? std::set{target::search} : services_without_gateway,
                       rebuild_index);
}

int serve(const settings& configured, const command_options&) {
  raise_descriptor_limit();
  auto targets = parse_targets(configured.list("target"));
  refuse_tryouts(configured, targets);
  if (configured.flag("production") && targets.contains(target::auth)) {
    with_services(configured, {target::auth}, refuse_sample_passwords);
  }
  rt::asio::io_context context(1);
  return rt::run(context, run_until_signalled(context.get_executor(), configured, std::move(targets)));
}

int migrate(const settings& configured, const command_options&) {
  rt::asio::io_context context(1);
  for (const auto& each : all_schemas()) {
    const auto until = rt::deadline::after(std::chrono::minutes(10));
    const int steps = rt::run(context, pg::migrate(owner_url_of(configured, each.name), each, until));
    std::printf("%-10s %s\n", std::string(each.name).c_str(),
                steps == 0 ? "is up to date" : fmt::format("{} step(s) run", steps).c_str());
  }
  return 0;
}

int print_openapi(const settings&, const command_options&) {
  std::fputs(openapi_text().c_str(), stdout);
  return 0;
}

int print_settings_reference(const settings&, const command_options&) {
  std::fputs(settings_reference().c_str(), stdout);
  return 0;
}

}  // namespace ticketshow::app
