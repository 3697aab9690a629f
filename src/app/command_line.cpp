#include "app/command_line.hpp"

#include <cstdio>
#include <exception>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "app/commands.hpp"
#include "app/settings.hpp"
#include "rt/log.hpp"

namespace ticketshow::app {
namespace {

rt::log::level log_level_of(const std::string& name) {
  if (name == "debug") return rt::log::level::debug;
  if (name == "info") return rt::log::level::info;
  if (name == "warning") return rt::log::level::warning;
  if (name == "error") return rt::log::level::error;
  throw std::runtime_error("The setting log.level must be debug, info, warning or error.");
}

/// Declares every setting as a flag of the program; those given end up in `flags`.
void add_settings(CLI::App& program, std::map<std::string, std::string>& flags) {
  for (const auto& each : all_settings()) {
    const std::string key(each.key);
    auto help = std::string(each.help);
    if (!each.fallback.empty()) help += " [" + std::string(each.fallback) + "]";
    program
        .add_option_function<std::string>(
            "--" + key, [&flags, key](const std::string& value) { flags[key] = value; }, help)
        ->group("Settings (also in the environment as TICKETSHOW_…, or in the configuration file)");
  }
}

}  // namespace

int run(int argument_count, char** arguments) {
  CLI::App program("Ticket Show: a movie-ticket platform in one binary.", "ticketshow");
  program.require_subcommand(0, 1);
  program.fallthrough();
  program.set_version_flag("--version", TICKETSHOW_VERSION);

  std::string file;
  bool print_config = false;
  std::map<std::string, std::string> flags;
  program.add_option("--config", file, "Configuration file (TOML)")->envname("TICKETSHOW_CONFIG");
  program.add_flag("--print-config", print_config, "Print the settings in force, secrets hidden, and end");
  add_settings(program, flags);

  int exit_code = 0;
  // A command is chosen while the line is parsed and run after the settings are known.
  command chosen = serve;
  const auto offer = [&](CLI::App& parent, const char* name, const char* help, command what) {
    auto* added = parent.add_subcommand(name, help);
    added->callback([&chosen, what] { chosen = what; });
    return added;
  };
  command_options options;
  offer(program, "serve", "Run services until SIGTERM or SIGINT (the default)", serve);
  offer(program, "migrate", "Bring the schemas of all services up to date", migrate);
  auto* seeding =
      offer(program, "seed",
            "Load the sample data, or add showings for the next seven days; prints the sample accounts", seed);
  seeding->add_flag("!--no-posters", options.posters, "Leave out the posters, which take some seconds to draw");
  offer(program, "openapi", "Print the OpenAPI document", print_openapi);
  offer(program, "settings", "Print every setting as a document in Markdown", print_settings_reference);
  auto* checking = offer(program, "check", "Read the databases and report each invariant as kept or broken", check);
  checking->footer("Ends with 0 when all are kept, 1 when one is broken, 2 when they could not be checked.");
  checking->add_flag("--json", options.json, "Print the report as JSON");
  checking->add_option("--settle-seconds", options.settle_seconds, "How long a payment in flight may take [60]");

  auto* admin = program.add_subcommand("admin", "Administrators")->require_subcommand(1);
  auto* create =
      offer(*admin, "create", "Make an administrator; the password is read from standard input", create_admin);
  create->add_option("--email", options.email, "E-mail address")->required();
  create->add_option("--username", options.username, "Name")->default_val("Administrator");

  auto* staff = program.add_subcommand("staff", "Who keeps the doors of venues")->require_subcommand(1);
  auto* employ = offer(*staff, "create", "Make an account that scans tickets; the password is read from standard input",
                       create_staff);
  employ->add_option("--email", options.email, "E-mail address")->required();
  employ->add_option("--venue", options.venue_id, "The id of the venue whose doors it keeps")
      ->required()
      ->check(CLI::PositiveNumber);
  employ->add_option("--username", options.username, "Name")->default_val("Doors");

  auto* keys = program.add_subcommand("keys", "Signing keys of access tokens")->require_subcommand(1);
  offer(*keys, "rotate", "Sign with a new key; the old one stays valid until its last token has ended", rotate_keys);

  auto* events = program.add_subcommand("events", "Events between services")->require_subcommand(1);
  auto* dead = events->add_subcommand("dead", "Events that could not be handled")->require_subcommand(1);
  const auto offer_of_service = [&](const char* name, const char* help, command what) {
    auto* added = offer(*dead, name, help, what);
    added->add_option("--service", options.service, "Only those of this service");
    return added;
  };
  offer_of_service("list", "One line for each dead letter, the oldest first", list_dead_letters);
  auto* show = offer_of_service("show", "Everything about one", show_dead_letter);
  show->add_option("event", options.event_id, "The event's id")->required();
  auto* replay = offer_of_service("replay", "Give one, or all, to its consumer again", replay_dead_letters);
  replay->add_option("event", options.event_id, "The event's id");
  replay->add_flag("--all", options.all, "Every dead letter");
  auto* drop = offer_of_service("drop", "Give one up for good", drop_dead_letter);
  drop->add_option("event", options.event_id, "The event's id")->required();

  auto* searching = program.add_subcommand("search", "The search index")->require_subcommand(1);
  offer(*searching, "reindex", "Build the index anew from the catalogue; the old one serves until then",
        reindex_search);

  auto* tickets = program.add_subcommand("tickets", "Tickets")->require_subcommand(1);
  offer(*tickets, "rotate-key", "Sign tickets of bookings from a minute on with a new key; the others stay valid",
        rotate_ticket_key);

  auto* wallet = program.add_subcommand("wallet", "Wallets")->require_subcommand(1);
  auto* credit =
      offer(*wallet, "credit", "Put money into a wallet; the same reference never counts twice", credit_wallet);
  auto* whose = credit->add_option_group("Account")->require_option(1);
  whose->add_option("--user", options.user_id, "The account's id");
  whose->add_option("--email", options.email, "Its e-mail address");
  credit->add_option("--amount", options.amount, "Major units, such as 500.00")->required();
  credit->add_option("--reference", options.reference, "A name for this movement, at most 91 characters")->required();

  auto* payments = program.add_subcommand("payments", "Payments by card")->require_subcommand(1);
  auto* comparing = offer(*payments, "reconcile", "Compare with the card provider's view, record what was missed",
                          reconcile_payments);
  comparing->footer("Ends with 0 when nothing is left, 1 when somebody has to look.");
  comparing->add_option("--days", options.days, "How far back [7]")->check(CLI::Range(1, 3650));
  auto* failed = offer(*payments, "failed-refunds", "Refunds to cards that need an operator", list_failed_refunds);
  failed->add_flag("--all", options.all, "Those under way too");
  offer(*payments, "disputes", "What the card provider told of disputes, the newest first", list_disputes);
  auto* again = offer(*payments, "retry-refund", "Try one of them again", retry_failed_refund);
  again->add_option("refund", options.refund_id, "As failed-refunds names it")->required();

  try {
    program.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    const int code = program.exit(error);
    return code == 0 ? 0 : 2;
  }
  try {
    const auto configured = settings::load(file, flags);
    if (print_config) {
      std::fputs(configured.print().c_str(), stdout);
      return 0;
    }
    rt::log::set_level(log_level_of(configured.text("log.level")));
    for (const auto& each : unknown_variables(environ)) {
      rt::log::warning("a variable of the environment is no setting", {{"variable", each}});
    }
    exit_code = chosen(configured, options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ticketshow: %s\n", error.what());
    return 1;
  }
  return exit_code;
}

}  // namespace ticketshow::app
