#pragma once

#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include "adapters/card_dodo/pace.hpp"
#include "http/client.hpp"

namespace ticketshow::card_dodo {

/// Dodo does not accept our key, or not for this: nothing was done, and nothing will be until somebody changes that.
class key_refused : public rt::unavailable {
 public:
  using rt::unavailable::unavailable;
};

/// Speaks JSON with Dodo's API, no faster than it allows. A call that was refused for haste (429) was not done, and is
/// made again when there is room, within its deadline; nothing else is ever repeated. I/O thread only.
class api {
 public:
  /// `server` is where Dodo is; throws std::runtime_error when its file of authorities cannot be read.
  api(rt::executor io, http::client_options server, const std::string& key, limits rate);

  struct question {
    http::method verb = http::method::GET;
    std::string path;
    std::string body = {};
    haste how = haste::work;
  };
  /// The answer to a call that was done. Throws ports::card_refused when Dodo says with a code of its own that it was
  /// not, and why; key_refused; rt::unavailable when nobody knows.
  rt::task<boost::json::value> ask(rt::deadline until, question what);
  /// The same for something that may not exist: nothing then.
  rt::task<std::optional<boost::json::value>> find(rt::deadline until, question what);

 private:
  rt::task<http::response> send(rt::deadline until, const question& what);
  void note_limits(const http::response& got);

  http::client client_;
  std::string authorization_;  // the header's value
  pace pace_;
};

}  // namespace ticketshow::card_dodo
