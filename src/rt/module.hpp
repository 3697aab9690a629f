#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rt/call.hpp"
#include "rt/task.hpp"

namespace ticketshow::rt {

/// A part of the process that starts and stops: a service, a pool, a listener.
class module {
 public:
  virtual ~module() = default;

  [[nodiscard]] virtual std::string name() const = 0;

  /// Gets ready to serve; throws std::exception with a sentence for the operator when it cannot.
  virtual task<> start() = 0;

  /// Stops taking new work, finishes what has begun, at latest by `until`. Called once, after start(), also
  /// when that failed halfway.
  virtual task<> stop(deadline until) = 0;

  /// Whether this module can serve now; part of /health/ready. Answers quickly and from memory.
  [[nodiscard]] virtual bool ready() const { return true; }
};

/// Starts modules in the order in which they were added (a module is added after those it needs), stops them in
/// reverse.
class module_graph {
 public:
  module_graph() = default;
  module_graph(const module_graph&) = delete;
  module_graph& operator=(const module_graph&) = delete;
  /// Destroys in reverse too: a module may use those before it until its own end.
  ~module_graph() {
    while (!modules_.empty()) modules_.pop_back();
  }

  /// Takes over `added`, which may use every module added before it.
  template <class M>
  M& add(std::unique_ptr<M> added) {
    M& reference = *added;
    modules_.push_back(std::move(added));
    return reference;
  }

  /// Starts all; when one fails, it and those already started are stopped and its exception is thrown on.
  task<> start();

  /// Stops what was started, in reverse. A module that throws is logged and does not keep the others from stopping.
  task<> stop(deadline until);

  /// The names of modules that are not ready, for /health/ready.
  [[nodiscard]] std::vector<std::string> not_ready() const;

 private:
  std::vector<std::unique_ptr<module>> modules_;
  std::size_t started_ = 0;
};

}  // namespace ticketshow::rt
