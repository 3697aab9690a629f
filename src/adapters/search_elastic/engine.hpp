#pragma once

#include <string>

#include <boost/json/value.hpp>

#include "http/client.hpp"

namespace ticketshow::search_elastic {

/// Where the engine is.
struct engine_address {
  std::string url;       ///< http://host:port or https://host:port, and a path if it stands behind one
  std::string user;      ///< empty: nobody signs in
  std::string password;  ///< of the user (HTTP basic authentication)
  std::string ca_file;   ///< authorities to trust besides the system's, with https
};

/// Speaks JSON over HTTP with Elasticsearch or OpenSearch. I/O thread only.
class engine {
 public:
  /// Throws std::runtime_error with a sentence when the URL is none of the promised form, or its authorities cannot be
  /// read.
  engine(rt::executor io, const engine_address& where);

  struct answer {
    int status;
    boost::json::value body;
  };

  /// Asks and gives what was answered with a status of 2xx, or 404 when `may_be_missing`. A request that may be
  /// repeated is, once, when no answer came. Throws std::runtime_error when the request itself was refused (400),
  /// rt::unavailable for everything else.
  struct question {
    http::method verb = http::method::GET;
    std::string path;
    std::string body = {};
    bool repeatable = true;
    bool may_be_missing = false;
  };
  rt::task<answer> ask(rt::deadline until, question what);

 private:
  rt::task<http::response> send(rt::deadline until, const question& what);

  http::client client_;
  std::string authorization_;  // the header's value, or empty
};

}  // namespace ticketshow::search_elastic
