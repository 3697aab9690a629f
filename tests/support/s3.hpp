#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

#include <boost/url/parse.hpp>
#include <fmt/format.h>

#include "adapters/blob_s3/blob_s3.hpp"
#include "base/random.hpp"

namespace ticketshow::test {

/// A bucket of its own on one of the tests' S3 servers, whose address http://ACCESS:SECRET@host:port stands in
/// `variable`. A test that needs it fails without one, it is not skipped.
inline blob_s3::options scratch_bucket(const char* variable) {
  const char* told = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  const auto url = boost::urls::parse_uri(told == nullptr ? "" : told);
  if (!url || !url->has_userinfo()) {
    throw std::runtime_error(fmt::format(
        "This test needs an S3 server: run it through ./test, or set {} to http://ACCESS:SECRET@host:port.", variable));
  }
  system_random_source random;
  return {.url = fmt::format("http://{}", std::string(url->encoded_host_and_port())),
          .bucket = "test-" + random_hex(random, 8),
          .keys = {.access_key = url->user(), .secret_key = url->password(), .region = "us-east-1"}};
}

}  // namespace ticketshow::test
