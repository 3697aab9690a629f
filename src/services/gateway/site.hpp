#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace ticketshow::gateway {

struct site_options {
  std::string web_root;        ///< directory of the built web app; empty: a plain page stands for it
  std::string picture_origin;  ///< from which the web app may show pictures besides its own; empty: from none
  std::string docs_assets;     ///< directory of npm's swagger-ui-dist; empty: a page tells how to get it
  std::size_t max_bytes = 64UZ * 1024 * 1024;  ///< of all the files together
};

/// A file as it is sent, with what its siblings .gz and .br hold.
struct asset {
  std::shared_ptr<const std::string> plain;
  std::shared_ptr<const std::string> gzip;
  std::shared_ptr<const std::string> brotli;
  std::string hash;  ///< what the ETag is made of
  std::string content_type;
  std::string cache_control;
  std::string policy;  ///< Content-Security-Policy
};

/// Everything that is not the API: the web app's files, the API's documentation and its text. All of it is read into
/// memory by load(), so serving never waits for a disk, and a path can only name what was found then: there is no way
/// out of the directories. Files that begin with a dot, and links that lead out of the directory, are not read.
class site {
 public:
  site(site_options settings, std::string openapi);

  /// Reads the files. Throws std::runtime_error with a sentence when a directory cannot be read or holds too much.
  void load();

  /// The file at a path, percent-decoded here; nullptr when there is none. Unknown paths whose last part has no dot are
  /// the web app's own, and give its index.html.
  [[nodiscard]] const asset* find(std::string_view path) const;

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  void load_web();
  void load_docs();
  void add_page(std::string path, std::string text, std::string_view content_type, std::string_view policy);
  std::shared_ptr<const std::string> read(const std::string& file);

  site_options settings_;
  std::string web_policy_;
  std::map<std::string, asset, std::less<>> assets_;
  std::size_t bytes_ = 0;
  bool has_web_ = false;
};

/// Sends an asset: the smallest form that the client accepts, 304 when it has it already.
http::response send(const asset& found, const http::request& incoming);

/// Whether an Accept-Encoding header allows a coding; "q=0" forbids it.
bool accepts(std::string_view accept_encoding, std::string_view coding);

/// What an answer of the API may do in a browser: nothing.
inline constexpr std::string_view api_policy = "default-src 'none'; frame-ancestors 'none'";

}  // namespace ticketshow::gateway
