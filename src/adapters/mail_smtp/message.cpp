#include "adapters/mail_smtp/message.hpp"

#include <new>

#include <fmt/format.h>

#include "adapters/mail_smtp/headers.hpp"

namespace ticketshow::mail_smtp {
namespace {

void append(line_list& list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  if (!list) list.reset(longer);  // a list that there was stays what it is
}

/// Of all that libcurl does here, only want of memory makes it fail.
void check(CURLcode done) {
  if (done != CURLE_OK) throw std::bad_alloc();
}

void add_part(curl_mime* to, const std::string& content, const char* type, const char* encoder,
              const char* name = nullptr) {
  auto* part = curl_mime_addpart(to);
  check(curl_mime_data(part, content.data(), content.size()));
  check(curl_mime_type(part, type));
  check(curl_mime_encoder(part, encoder));
  if (name != nullptr) check(curl_mime_filename(part, name));
}

mime_tree alternatives(CURL* handle, const ports::mail& what) {
  mime_tree both(curl_mime_init(handle));
  add_part(both.get(), mail_lines(what.text), "text/plain; charset=utf-8", "quoted-printable");
  add_part(both.get(), mail_lines(what.html), "text/html; charset=utf-8", "quoted-printable");  // the best comes last
  return both;
}

}  // namespace

line_list header_lines(const ports::mail& what) {
  line_list lines;
  append(lines, "Date: " + header_date(what.date));
  append(lines, "From: " + header_address(what.from));
  append(lines, "To: " + header_address(what.to));
  append(lines, "Message-ID: <" + header_text(what.message_id) + '>');
  append(lines, "Subject: " + header_text(what.subject));
  append(lines, "Auto-Submitted: auto-generated");  // RFC 3834: no holiday notice shall come back
  if (what.attachments.empty()) append(lines, "Content-Type: multipart/alternative");
  return lines;
}

mime_tree mime_parts(CURL* handle, const ports::mail& what) {
  auto texts = alternatives(handle, what);
  if (what.attachments.empty()) return texts;
  mime_tree all(curl_mime_init(handle));
  auto* first = curl_mime_addpart(all.get());
  auto* owned_by_all = texts.release();
  check(curl_mime_subparts(first, owned_by_all));
  check(curl_mime_type(first, "multipart/alternative"));
  for (const auto& each : what.attachments) {
    add_part(all.get(), each.content, header_text(each.content_type).c_str(), "base64", file_name(each.name).c_str());
  }
  return all;
}

}  // namespace ticketshow::mail_smtp
