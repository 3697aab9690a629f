#pragma once

#include <curl/curl.h>
#include <memory>

#include "ports/mailer.hpp"

/// A mail in libcurl's terms.
namespace ticketshow::mail_smtp {

struct free_mime {
  void operator()(curl_mime* what) const { curl_mime_free(what); }
};
struct free_list {
  void operator()(curl_slist* what) const { curl_slist_free_all(what); }
};
using mime_tree = std::unique_ptr<curl_mime, free_mime>;
using line_list = std::unique_ptr<curl_slist, free_list>;

/// The header lines that libcurl does not write itself.
line_list header_lines(const ports::mail& what);

/// text and html as alternatives of each other, html together with the images that it shows; with files, these and the
/// files.
mime_tree mime_parts(CURL* handle, const ports::mail& what);

}  // namespace ticketshow::mail_smtp
