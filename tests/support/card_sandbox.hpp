#pragma once

#include <map>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>

#include "http/client.hpp"

namespace ticketshow::test {

/// A card sandbox of a test's own (sandbox/README.md), begun in the one that ./test starts: with an address, secrets,
/// switches, limits and books that no other test shares. It ends with this object. Calls run the io_context while they
/// wait, so that who receives its webhooks may be on the same one.
class card_sandbox {
 public:
  /// `webhook_url` empty: webhooks go nowhere. Throws with a sentence when there is no sandbox.
  explicit card_sandbox(boost::asio::io_context& context, const std::string& webhook_url = {});
  ~card_sandbox();
  card_sandbox(const card_sandbox&) = delete;
  card_sandbox& operator=(const card_sandbox&) = delete;

  /// Of what the platform is told: "DODO_URL", "DODO_API_KEY", "DODO_WEBHOOK_SECRETS", "DODO_PRODUCT_ID".
  [[nodiscard]] const std::string& setting(const std::string& name) const { return settings_.at("TICKETSHOW_" + name); }

  /// A call below /sandbox/, for example POST "sessions/cks_…/pay"; throws when it is refused.
  boost::json::value control(http::method verb, const std::string& path, const std::string& body = {});
  /// What was answered to a form that a browser sends to a page of the sandbox.
  http::response submit(const std::string& url, const std::string& form);

 private:
  http::response send(http::client& to, const http::request& what);

  boost::asio::io_context& context_;
  http::client parent_;
  std::map<std::string, std::string> settings_;
  std::unique_ptr<http::client> own_;
};

}  // namespace ticketshow::test
