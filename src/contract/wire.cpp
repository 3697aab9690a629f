#include "contract/wire.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace ticketshow::contract {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : (lead >> 5) == 6 ? 2 : (lead >> 4) == 14 ? 3 : (lead >> 3) == 30 ? 4 : 0;
    if (size == 0 || i + size > text.size()) return false;
    std::uint32_t point = size == 1 ? lead : lead & (0xFFU >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0U) != 0x80U) return false;
      point = (point << 6) | (next & 0x3FU);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    i += size;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool form) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      plain += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      plain += form && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (!is_utf8(plain)) return std::nullopt;
  return plain;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name, bool& broken) {
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.substr(0, part.find('=')) != name) continue;
    const auto raw = part.size() > name.size() ? part.substr(name.size() + 1) : std::string_view{};
    auto value = percent_decode(raw, true);
    broken = !value.has_value();
    return value;
  }
  return std::nullopt;
}

std::string_view cookie_value(const http::request& incoming, std::string_view name) {
  auto rest = incoming.header("Cookie");
  while (!rest.empty()) {
    const auto part = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto pair = trim(part);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
  }
  return {};
}

bool in_path(std::string_view path, std::string_view name) {
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    if (path.substr(open + 1, path.find('}', open) - open - 1) == name) return true;
  }
  return false;
}

bool etag_matches(std::string_view sent, std::string_view etag) {
  while (!sent.empty()) {
    const auto part = sent.substr(0, sent.find(','));
    sent.remove_prefix(std::min(sent.size(), part.size() + 1));
    auto tag = trim(part);
    if (tag == "*") return true;
    if (tag.starts_with("W/")) tag.remove_prefix(2);  // RFC 9110 13.1.2: weak comparison
    if (tag == etag) return true;
  }
  return false;
}

bool is_json(std::string_view content_type) {
  return http::same_name(trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

std::string set_cookie(std::string_view name, const cookie& value, bool secure) {
  return fmt::format("{}={}; Max-Age={}; Path=/api/v1/auth; HttpOnly; SameSite=Strict{}", name, value.value,
                     value.value.empty() ? 0 : value.max_age_s, secure ? "; Secure" : "");
}

std::string header_name(std::string_view member) {
  std::string name(member);
  std::ranges::replace(name, '_', '-');
  return name;
}

// RFC 6266: the quoted form for old readers, in ASCII, and the whole name in RFC 8187's encoding.
std::string disposition_of(std::string_view name) {
  std::string plain(name);
  std::ranges::replace_if(plain, [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\' || c == '/'; }, '_');
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, percent_encode(name));
}

std::string name_in_disposition(std::string_view disposition) {
  constexpr std::string_view before = "filename*=UTF-8''";
  const auto start = disposition.find(before);
  if (start == std::string_view::npos) return {};
  return percent_decode(disposition.substr(start + before.size()), false).value_or("");
}

std::vector<http::header_view> written_request::header_views() const {
  std::vector<http::header_view> views;
  views.reserve(headers.size());
  for (const auto& [name, value] : headers) views.push_back({name, value});
  return views;
}

std::string sentence_of(const problem& what) {
  if (!what.detail.empty()) return what.detail;
  if (*what.kind != validation_failed || what.errors.empty()) return std::string(what.kind->title);
  std::string_view name = what.errors.front().pointer;
  name.remove_prefix(std::min(name.find_first_not_of("/?"), name.size()));
  const auto more = what.errors.size() - 1;
  if (name.empty()) return std::string(what.kind->title);
  if (more == 0) return fmt::format("{} {}.", name, what.errors.front().message);
  return fmt::format("{} {} (and {} more).", name, what.errors.front().message, more);
}

http::response to_response(const problem& what, std::string_view correlation_id) {
  boost::json::object body;
  body["type"] = "about:blank";
  body["title"] = what.kind->title;
  body["status"] = what.kind->status;
  body["code"] = what.kind->code;
  body["detail"] = sentence_of(what);
  if (!correlation_id.empty()) body["correlation_id"] = correlation_id;
  if (!what.errors.empty()) {
    auto& errors = body["errors"].emplace_array();
    for (const auto& [pointer, message] : what.errors) errors.push_back({{"pointer", pointer}, {"message", message}});
  }
  if (!what.seat_ids.empty()) body["seat_ids"] = boost::json::array(what.seat_ids.begin(), what.seat_ids.end());

  http::response answer{.status = what.kind->status,
                        .headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}},
                        .body = boost::json::serialize(body)};
  if (what.retry_after_s > 0) answer.headers.push_back({"Retry-After", std::to_string(what.retry_after_s)});
  if (what.kind->status == 401) answer.headers.push_back({"WWW-Authenticate", "Bearer"});
  return answer;
}

problem from_response(const http::response& answer, std::span<const error* const> declared) {
  const auto document = parse_document(answer.bytes());
  const auto text_of = [&](std::string_view name) {
    const auto* node = document.root.find(name);
    return node != nullptr && node->type == json_node::kind::string ? node->text : std::string{};
  };
  const auto code = text_of("code");
  const auto named = [&](const error* each) { return each->code == code; };
  problem what{.kind = &internal_error, .detail = text_of("detail")};
  if (const auto found = std::ranges::find_if(declared, named); found != declared.end()) {
    what.kind = *found;
  } else if (const auto* const common = std::ranges::find_if(common_errors, named); common != std::end(common_errors)) {
    what.kind = *common;
  } else {
    what.detail = fmt::format("An undeclared answer came: {} {}.", answer.status, code);
  }
  if (const auto* errors = document.root.find("errors")) {
    for (const auto& each : errors->children) {
      const auto* pointer = each.find("pointer");
      const auto* message = each.find("message");
      if (pointer != nullptr && message != nullptr) what.errors.push_back({pointer->text, message->text});
    }
  }
  if (const auto* seats = document.root.find("seat_ids")) {
    std::string why;
    for (const auto& each : seats->children) {
      std::int64_t id = 0;
      if (read_integer(each.text, id, why)) what.seat_ids.push_back(id);
    }
  }
  std::int64_t wait = 0;
  std::string why;
  if (read_integer(answer.header("Retry-After"), wait, why)) what.retry_after_s = static_cast<int>(wait);
  return what;
}

}  // namespace ticketshow::contract
