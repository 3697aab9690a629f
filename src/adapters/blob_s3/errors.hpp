#pragma once

#include <string>
#include <string_view>

namespace ticketshow::blob_s3 {

/// What an S3 service says of a refusal: <Error><Code>NoSuchBucket</Code><Message>…</Message>…</Error>.
struct service_error {
  std::string code;     ///< empty when the body says none
  std::string message;  ///< the first 300 bytes
};

/// Reads what stands between the tags, wherever they are, and nothing else of the document.
service_error read_error(std::string_view body);

}  // namespace ticketshow::blob_s3
