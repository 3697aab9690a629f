#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "api/auth.hpp"
#include "api/booking.hpp"
#include "api/catalog.hpp"
#include "api/payment.hpp"
#include "api/search.hpp"
#include "app/internal_calls.hpp"
#include "app/settings.hpp"
#include "app/targets.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "contract/binding.hpp"
#include "contract/router.hpp"
#include "pg/pool.hpp"
#include "ports/blob_store.hpp"
#include "ports/event_bus.hpp"
#include "ports/search_index.hpp"
#include "rt/module.hpp"
#include "services/auth/service.hpp"
#include "services/operations/desk.hpp"
#include "services/operations/letter_box.hpp"

namespace ticketshow::app {

/// One process: the chosen services, wired to each other and to those in other processes. This is the only place that
/// knows which service is where.
class process {
 public:
  /// Wires everything; nothing runs yet. With `calls_only` the services do only what calls ask of them: no events are
  /// carried or handled and nothing is swept, which is the business of the processes that serve. Throws
  /// std::runtime_error with a sentence when the settings do not fit together.
  process(rt::executor io, const settings& configured, std::set<target> targets, bool calls_only = false);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  rt::task<> start();
  /// From now on /health/ready says that the process is stopping. All else goes on.
  void announce_stop() { stopping_ = true; }
  rt::task<> stop(rt::deadline until);

  [[nodiscard]] auth::port& accounts() { return auth_; }
  [[nodiscard]] catalog::port& catalogue() { return catalog_; }
  [[nodiscard]] booking::port& bookings() { return booking_; }
  [[nodiscard]] payment::port& payments() { return payment_; }
  [[nodiscard]] search::port& searches() { return search_; }
  /// Over the letters of the services with events that run here or have an address.
  [[nodiscard]] operations::port& operators() { return operations_; }
  /// The pool of a service that runs here.
  [[nodiscard]] pg::pool& database_of(target service) { return *pools_.at(service); }
  [[nodiscard]] const clock_source& clock() const { return clock_; }
  [[nodiscard]] random_source& random() { return random_; }

 private:
  /// For /health/ready.
  [[nodiscard]] std::vector<std::string> not_ready() const;
  pg::pool& add_pool(const std::string& name);
  pg::pool& add_pool(target service);
  /// Made before the services, which subscribe at it; started after them.
  void make_bus();
  [[nodiscard]] bool needs_bus() const;
  void add_blobs();
  void add_auth();
  void add_catalog();
  void add_booking();
  void add_payment();
  void add_notification();
  void add_search();
  void add_internal_server();
  void add_gateway();
  /// The dead letters of each service with events: of those here for the others, of all for the gateway.
  void add_operations();

  /// Runs a service here: its port is bound to it, and other processes reach it through the internal server.
  template <class Port, class Service>
  void host(target service, contract::binding<Port>& binding, std::unique_ptr<Service> made);
  /// What other processes reach of a service here.
  contract::router& inside_of(target service);
  /// Binds a port to the process that its setting names; leaves it unbound when there is none.
  template <class Port>
  void bind_remote(target service, contract::binding<Port>& binding);

  [[nodiscard]] bool runs(target service) const { return targets_.contains(service); }
  /// The key between services, read or made when the first call for it comes.
  const std::string& internal_key();

  rt::executor io_;
  const settings& settings_;
  std::set<target> targets_;
  bool calls_only_;
  bool stopping_ = false;
  system_clock_source clock_;
  system_random_source random_;
  std::string internal_key_;

  contract::binding<auth::port> auth_;
  contract::binding<catalog::port> catalog_;
  contract::binding<booking::port> booking_;
  contract::binding<payment::port> payment_;
  contract::binding<search::port> search_;
  contract::binding<operations::port> operations_;

  std::vector<std::unique_ptr<remote_transport>> transports_;
  std::vector<std::shared_ptr<void>> clients_;
  std::map<target, pg::pool*> pools_;
  std::map<target, std::unique_ptr<contract::router>> inside_;
  std::map<target, contract::binding<operations::letters_port>> letters_;
  std::vector<std::unique_ptr<operations::letter_box>> letter_boxes_;
  std::unique_ptr<operations::desk> desk_;
  std::unique_ptr<contract::router> outside_;
  std::unique_ptr<ports::event_bus> unstarted_bus_;  // until it becomes a module
  ports::event_bus* bus_ = nullptr;
  ports::blob_store* blobs_ = nullptr;  // where catalog or the gateway runs
  std::unique_ptr<ports::search_index> search_index_;
  rt::module_graph modules_;
};

/// Auth's part of the settings, for commands that act beside the service.
auth::options auth_options_of(const settings& configured);

/// The connection string with which a service reaches its schema, with its own role.
std::string database_url_of(const settings& configured, std::string_view service);
/// The connection string of the owner of a service's schema.
std::string owner_url_of(const settings& configured, std::string_view service);

}  // namespace ticketshow::app
