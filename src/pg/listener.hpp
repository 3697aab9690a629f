#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rt/bell.hpp"
#include "rt/call.hpp"
#include "rt/gate.hpp"

namespace ticketshow::pg {

/// Hears NOTIFY on one channel, over a connection of its own that is made again when it breaks. I/O thread only.
class listener {
 public:
  /// Gets what was said, in its order.
  using listening_function = std::function<void(const std::vector<std::string>& payloads)>;

  /// `channel` is an SQL name. `heard` is called after each notification (several may become one call) and, with
  /// nothing, after each connection, since something may have been said before. Others see the connection by
  /// `application_name` in pg_stat_activity for as long as this process lives.
  listener(rt::executor io, std::string conninfo, std::string channel, std::string application_name,
           listening_function heard);

  /// Listens in `background`, which must be closed before this is destroyed. Fails never: who listens must look by
  /// himself now and then, for what was said while the connection was away.
  void start(rt::gate& background);
  [[nodiscard]] bool listening() const { return listening_; }

 private:
  rt::task<> listen();

  rt::executor io_;
  std::string conninfo_;
  std::string channel_;
  std::string application_name_;
  listening_function heard_;
  bool listening_ = false;
};

}  // namespace ticketshow::pg
