#include "adapters/mail_smtp/message.hpp"

#include <algorithm>
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

curl_mimepart* add_part(curl_mime* to, const std::string& content, const char* type, const char* encoder) {
  auto* part = curl_mime_addpart(to);
  check(curl_mime_data(part, content.data(), content.size()));
  check(curl_mime_type(part, type));
  check(curl_mime_encoder(part, encoder));
  return part;
}

void add_parts(curl_mime* to, mime_tree parts, const char* type) {
  auto* part = curl_mime_addpart(to);
  check(curl_mime_subparts(part, parts.release()));
  check(curl_mime_type(part, type));
}

bool is_shown(const ports::attachment& what) { return !what.content_id.empty(); }

/// Files beside the texts, or the images that the HTML text shows.
void add_files(curl_mime* to, const ports::mail& what, bool shown) {
  for (const auto& each : what.attachments) {
    if (is_shown(each) != shown) continue;
    auto* part = add_part(to, each.content, header_text(each.content_type).c_str(), "base64");
    const auto name = file_name(each.name);
    if (!shown) {
      check(curl_mime_filename(part, name.c_str()));
      continue;
    }
    line_list lines;
    append(lines, "Content-Disposition: inline; filename=\"" + name + '"');
    append(lines, "Content-ID: <" + header_text(each.content_id) + '>');
    check(curl_mime_headers(part, lines.release(), 1));
  }
}

void add_html(curl_mime* to, const ports::mail& what) {
  add_part(to, mail_lines(what.html), "text/html; charset=utf-8", "quoted-printable");
}

mime_tree alternatives(CURL* handle, const ports::mail& what) {
  mime_tree both(curl_mime_init(handle));
  add_part(both.get(), mail_lines(what.text), "text/plain; charset=utf-8", "quoted-printable");
  if (std::ranges::none_of(what.attachments, is_shown)) {
    add_html(both.get(), what);  // the best comes last
    return both;
  }
  mime_tree html_with_images(curl_mime_init(handle));
  add_html(html_with_images.get(), what);
  add_files(html_with_images.get(), what, true);
  add_parts(both.get(), std::move(html_with_images), "multipart/related; type=\"text/html\"");
  return both;
}

bool has_files(const ports::mail& what) { return !std::ranges::all_of(what.attachments, is_shown); }

}  // namespace

line_list header_lines(const ports::mail& what) {
  line_list lines;
  append(lines, "Date: " + header_date(what.date));
  append(lines, "From: " + header_address(what.from));
  append(lines, "To: " + header_address(what.to));
  append(lines, "Message-ID: <" + header_text(what.message_id) + '>');
  append(lines, "Subject: " + header_text(what.subject));
  append(lines, "Auto-Submitted: auto-generated");  // RFC 3834: no holiday notice shall come back
  if (!has_files(what)) append(lines, "Content-Type: multipart/alternative");
  return lines;
}

mime_tree mime_parts(CURL* handle, const ports::mail& what) {
  auto texts = alternatives(handle, what);
  if (!has_files(what)) return texts;
  mime_tree all(curl_mime_init(handle));
  add_parts(all.get(), std::move(texts), "multipart/alternative");
  add_files(all.get(), what, false);
  return all;
}

}  // namespace ticketshow::mail_smtp
