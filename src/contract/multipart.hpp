#pragma once

#include <expected>
#include <string_view>

namespace ticketshow::contract {

enum class multipart_error {
  not_multipart,  ///< the Content-Type is not multipart/form-data with a boundary of RFC 2046
  malformed,      ///< the body is not what its boundary says: it ends too early, say
  no_such_field,
  several_fields,  ///< more than one of that name
};

/// The content of the one field `name` of a form (RFC 7578), as a view into `body`; other fields are passed over. What
/// the part says of its type and of a file's name is not looked at: a stranger wrote it. Strict: lines end with CRLF,
/// at most 16 parts, at most 1 KiB of headers in each. Pure.
std::expected<std::string_view, multipart_error> form_field(std::string_view content_type, std::string_view body,
                                                            std::string_view name);

}  // namespace ticketshow::contract
