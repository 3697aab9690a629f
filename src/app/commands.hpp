#pragma once

#include <cstdint>
#include <string>

#include "app/settings.hpp"

/// What the program can be told to do. Each returns the exit code and throws std::exception with a sentence for the
/// operator.
namespace ticketshow::app {

/// The options of single commands.
struct command_options {
  bool json = false;
  std::int64_t settle_seconds = 60;  ///< how long what is in flight may take before check calls it broken
  std::string email;
  std::string username;
  std::int64_t venue_id = 0;
  std::int64_t user_id = 0;
  std::string amount;
  std::string reference;
  std::string service;  ///< whose dead letters; all services' when empty
  std::string event_id;
  bool all = false;
  bool posters = true;         ///< the sample shows get theirs
  std::int64_t days = 7;       ///< how far back payments are compared with the card provider's
  std::int64_t refund_id = 0;  ///< a refund to a card, as failed-refunds names it
};

using command = int (*)(const settings&, const command_options&);

int serve(const settings& configured, const command_options& options);
int migrate(const settings& configured, const command_options& options);
int seed(const settings& configured, const command_options& options);
int print_openapi(const settings& configured, const command_options& options);
int print_settings_reference(const settings& configured, const command_options& options);
int check(const settings& configured, const command_options& options);
int create_admin(const settings& configured, const command_options& options);
int create_staff(const settings& configured, const command_options& options);
int list_disputes(const settings& configured, const command_options& options);
int rotate_keys(const settings& configured, const command_options& options);
int list_dead_letters(const settings& configured, const command_options& options);
int show_dead_letter(const settings& configured, const command_options& options);
int replay_dead_letters(const settings& configured, const command_options& options);
int drop_dead_letter(const settings& configured, const command_options& options);
int reindex_search(const settings& configured, const command_options& options);
int credit_wallet(const settings& configured, const command_options& options);
int reconcile_payments(const settings& configured, const command_options& options);
int list_failed_refunds(const settings& configured, const command_options& options);
int retry_failed_refund(const settings& configured, const command_options& options);
int rotate_ticket_key(const settings& configured, const command_options& options);

}  // namespace ticketshow::app
