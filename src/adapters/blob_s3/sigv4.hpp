#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

/// AWS Signature Version 4 for S3, as the Amazon S3 API Reference describes it under "Authenticating Requests". Pure.
namespace ticketshow::blob_s3 {

struct credentials {
  std::string access_key;
  std::string secret_key;
  std::string region;
};

/// A request as it is signed. Names and values are given as they are, not encoded; all headers given are signed.
struct signable {
  std::string_view method;                                   ///< "GET"
  std::string_view path;                                     ///< "/bucket/key"
  std::vector<std::pair<std::string, std::string>> query;    ///< in any order
  std::vector<std::pair<std::string, std::string>> headers;  ///< lower-case names, in any order; "host" among them
  std::string payload_hash;                                  ///< sha256_hex() of the body
};

std::string sha256_hex(std::string_view bytes);

/// Percent-encoding as S3 wants it: everything but A-Z, a-z, 0-9, "-", ".", "_" and "~", and with `keep_slash` "/".
std::string uri_encode(std::string_view text, bool keep_slash);

/// The query "a=1&b=2", encoded and in the canonical order: what is signed is what has to be sent.
std::string canonical_query(std::vector<std::pair<std::string, std::string>> query);

/// The value of the header x-amz-date: "20130524T000000Z".
std::string amz_date(timestamp now);

/// The value of the header Authorization. `request` must have the header x-amz-date with amz_date(now).
std::string authorization(const signable& request, const credentials& by, timestamp now);

/// The query that makes path and host a URL valid for `valid` from `now`; only the header host is signed.
std::string presigned_query(std::string_view method, std::string_view host, std::string_view path,
                            const credentials& by, timestamp now, std::chrono::seconds valid);

}  // namespace ticketshow::blob_s3
