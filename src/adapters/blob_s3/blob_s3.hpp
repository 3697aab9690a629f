#pragma once

#include <memory>
#include <string>

#include "adapters/blob_s3/sigv4.hpp"
#include "base/time.hpp"
#include "http/client.hpp"
#include "ports/blob_store.hpp"
#include "rt/gate.hpp"

namespace ticketshow::blob_s3 {

struct options {
  std::string url;  ///< http(s)://host:port of the service; buckets are in the path
  std::string bucket;
  credentials keys;
  std::string ca_file = {};     ///< authorities to trust besides the system's, with https (PEM)
  std::string public_url = {};  ///< where browsers find what is in the bucket; url/bucket when empty
};

/// Keeps files in a bucket of a service that speaks S3 (docs/adr/0014): path style, every request signed with its
/// body's hash. A bucket that is not there is made at start; where it has no policy, its posters are made public. A
/// policy that is there is its owner's, and stays.
class store final : public ports::blob_store {
 public:
  /// Throws std::runtime_error with a sentence when an option cannot be right.
  store(rt::executor io, const clock_source& clock, options settings);

  [[nodiscard]] std::string name() const override { return "blobs"; }
  /// Makes the bucket and its policy where there are none; throws std::runtime_error with a sentence when the service
  /// refuses the bucket. That we may not make the policy is a warning. A service that cannot be reached is no failure,
  /// and is asked again every few seconds.
  rt::task<> start() override;
  rt::task<> stop(rt::deadline until) override;

  rt::task<> put(rt::deadline until, std::string key, std::string bytes) override;
  rt::task<std::optional<std::string>> get(rt::deadline until, std::string key) override;
  rt::task<bool> exists(rt::deadline until, std::string key) override;
  rt::task<> remove(rt::deadline until, std::string key) override;
  [[nodiscard]] std::string public_address(std::string_view key) const override;
  [[nodiscard]] std::optional<std::string> presigned(permission to, std::string_view key,
                                                     std::chrono::seconds valid) const override;

 private:
  struct question {
    http::method verb;
    std::string path;
    std::vector<std::pair<std::string, std::string>> query = {};
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
  };

  /// Asks, twice when no answer came; gives every answer but those of a service in trouble.
  rt::task<http::response> ask(rt::deadline until, question what);
  rt::task<http::response> send(rt::deadline until, const question& what);
  rt::task<> prepare(rt::deadline until);
  rt::task<> make_bucket(rt::deadline until);
  /// Whether the bucket's policy is to stay as it is: it has one, or we may not ask.
  rt::task<bool> keeps_policy(rt::deadline until);
  rt::task<> make_posters_public(rt::deadline until);
  rt::task<> prepare_later();
  [[nodiscard]] std::string path_of(std::string_view key) const;

  rt::executor io_;
  const clock_source& clock_;
  options settings_;
  std::string host_;  // as the header Host says it, of the client's requests and of a browser's
  http::client client_;
  rt::gate background_;
};

}  // namespace ticketshow::blob_s3
