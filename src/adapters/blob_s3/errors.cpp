#include "adapters/blob_s3/errors.hpp"

#include <algorithm>

namespace ticketshow::blob_s3 {
namespace {

std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  const auto begin = text.find(open);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + open.size());
  const auto end = text.find(close);
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

}  // namespace

service_error read_error(std::string_view body) {
  const auto code = between(body, "<Code>", "</Code>");
  const auto message = between(body, "<Message>", "</Message>");
  return {std::string(code.substr(0, 100)), std::string(message.substr(0, 300))};
}

}  // namespace ticketshow::blob_s3
