#include "services/gateway/site.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "contract/wire.hpp"
#include "jose/jwt.hpp"
#include "rt/log.hpp"
#include "services/gateway/pages.hpp"

namespace ticketshow::gateway {
namespace {

namespace fs = std::filesystem;

/// Scripts from here alone, none inline, and none made of text; WebAssembly, because what reads codes at the door is
/// made of it. Styles may be inline, because libraries set them so; pictures may come from where posters are kept.
std::string web_policy_of(const std::string& picture_origin) {
  return fmt::format(
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
      "img-src 'self' data: blob:{}{}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      picture_origin.empty() ? "" : " ", picture_origin);
}
constexpr std::string_view docs_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src "
    "'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::pair<std::string_view, std::string_view> content_types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".webp", "image/webp"},
    {".avif", "image/avif"},
    {".gif", "image/gif"},
    {".ico", "image/x-icon"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".ttf", "font/ttf"},
    {".wasm", "application/wasm"},
    {".pdf", "application/pdf"},
};

std::string_view content_type_of(std::string_view path) {
  for (const auto& [ending, type] : content_types) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

std::string hash_of(std::string_view bytes) { return jose::base64url_encode(jose::sha256(bytes).substr(0, 12)); }

/// Files below /assets/ carry a hash of their content in their name and never change; all else is asked for again.
std::string_view cache_control_of(std::string_view path) {
  return path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

bool has_hidden_part(const fs::path& relative) {
  return std::ranges::any_of(relative, [](const fs::path& part) { return part.native().starts_with('.'); });
}

/// Whether `file`, with its links followed, lies within `root`, which is canonical.
bool is_within(const fs::path& root, const fs::path& file) {
  std::error_code failure;
  const auto real = fs::canonical(file, failure);
  if (failure) return false;
  return std::ranges::mismatch(root, real).in1 == root.end();
}

bool last_part_has_dot(std::string_view path) { return path.substr(path.rfind('/') + 1).contains('.'); }

}  // namespace

site::site(site_options settings, std::string openapi)
    : settings_(std::move(settings)), web_policy_(web_policy_of(settings_.picture_origin)) {
  add_page("/openapi.json", std::move(openapi), "application/json", api_policy);
  add_page("/docs/init.js", std::string(pages::docs_script), "text/javascript; charset=utf-8", docs_policy);
  add_page("/docs", std::string(pages::docs_missing), "text/html; charset=utf-8", docs_policy);
  add_page("/", std::string(pages::landing), "text/html; charset=utf-8", docs_policy);
}

void site::add_page(std::string path, std::string text, std::string_view content_type, std::string_view policy) {
  auto hash = hash_of(text);
  assets_.insert_or_assign(std::move(path), asset{.plain = std::make_shared<const std::string>(std::move(text)),
                                                  .hash = std::move(hash),
                                                  .content_type = std::string(content_type),
                                                  .cache_control = "no-cache",
                                                  .policy = std::string(policy)});
}

void site::load() {
  load_docs();
  load_web();
}

std::shared_ptr<const std::string> site::read(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw std::runtime_error(fmt::format("The file {} cannot be read.", file));
  bytes_ += content.size();
  if (bytes_ > settings_.max_bytes) {
    throw std::runtime_error(
        fmt::format("The web app's files are larger than {} MiB together: is {} the right directory?",
                    settings_.max_bytes / 1024 / 1024, settings_.web_root));
  }
  return std::make_shared<const std::string>(std::move(content));
}

void site::load_docs() {
  if (settings_.docs_assets.empty()) return;
  const fs::path directory(settings_.docs_assets);
  constexpr std::string_view wanted[] = {"swagger-ui.css", "swagger-ui-bundle.js"};
  for (const auto name : wanted) {
    if (!fs::is_regular_file(directory / name)) {
      rt::log::warning("Swagger UI is not there; /docs tells how to get it", {{"directory", settings_.docs_assets}});
      return;
    }
  }
  for (const auto name : wanted) {
    auto content = read((directory / name).string());
    auto hash = hash_of(*content);
    assets_.insert_or_assign(fmt::format("/docs/{}", name), asset{.plain = std::move(content),
                                                                  .hash = std::move(hash),
                                                                  .content_type = std::string(content_type_of(name)),
                                                                  .cache_control = "no-cache",
                                                                  .policy = std::string(docs_policy)});
  }
  add_page("/docs", std::string(pages::docs), "text/html; charset=utf-8", docs_policy);
}

void site::load_web() {
  if (settings_.web_root.empty()) return;
  std::error_code failure;
  const auto root = fs::canonical(settings_.web_root, failure);
  if (failure || !fs::is_directory(root)) {
    throw std::runtime_error(fmt::format("The web app's directory {} cannot be read.", settings_.web_root));
  }
  std::vector<std::pair<std::string, std::string>> packed;  // path and file of .gz and .br
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (has_hidden_part(entry.path().lexically_relative(root)) || !entry.is_regular_file()) continue;
    if (!is_within(root, entry.path())) {
      rt::log::warning("a link leads out of the web app's directory and is not served",
                       {{"file", entry.path().string()}});
      continue;
    }
    const auto path = '/' + entry.path().lexically_relative(root).generic_string();
    if (path.ends_with(".gz") || path.ends_with(".br")) {
      packed.emplace_back(path, entry.path().string());
      continue;
    }
    auto content = read(entry.path().string());
    auto hash = hash_of(*content);
    // Pages of our own keep their place.
    assets_.try_emplace(path, asset{.plain = std::move(content),
                                    .hash = std::move(hash),
                                    .content_type = std::string(content_type_of(path)),
                                    .cache_control = std::string(cache_control_of(path)),
                                    .policy = web_policy_});
  }
  for (const auto& [path, file] : packed) {
    const auto base = assets_.find(std::string_view(path).substr(0, path.size() - 3));
    if (base == assets_.end()) continue;
    (path.ends_with(".gz") ? base->second.gzip : base->second.brotli) = read(file);
  }
  const auto index = assets_.find("/index.html");
  has_web_ = index != assets_.end();
  if (has_web_) assets_.insert_or_assign("/", index->second);
}

const asset* site::find(std::string_view path) const {
  std::optional<std::string> decoded;
  if (path.contains('%')) {
    decoded = contract::percent_decode(path, false);
    if (!decoded) return nullptr;
    path = *decoded;
  }
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const auto found = assets_.find(path);
  if (found != assets_.end()) return &found->second;
  const bool hidden = path.contains("/.");
  if (!has_web_ || hidden || path.starts_with("/docs/") || last_part_has_dot(path)) return nullptr;
  return &assets_.find(std::string_view("/"))->second;
}

bool accepts(std::string_view accept_encoding, std::string_view coding) {
  while (!accept_encoding.empty()) {
    const auto part = accept_encoding.substr(0, accept_encoding.find(','));
    accept_encoding.remove_prefix(std::min(accept_encoding.size(), part.size() + 1));
    const auto semicolon = part.find(';');
    auto name = part.substr(0, semicolon);
    name.remove_prefix(std::min(name.size(), name.find_first_not_of(' ')));
    name = name.substr(0, name.find(' '));
    if (!http::same_name(name, coding)) continue;
    if (semicolon == std::string_view::npos) return true;
    const auto weight = part.find("q=", semicolon);
    // Anything but zeros and the point after q= is more than nothing.
    return weight == std::string_view::npos || part.find_first_of("123456789", weight) != std::string_view::npos;
  }
  return false;
}

http::response send(const asset& found, const http::request& incoming) {
  const auto accepted = incoming.header("Accept-Encoding");
  const bool brotli = found.brotli && accepts(accepted, "br");
  const bool gzip = !brotli && found.gzip && accepts(accepted, "gzip");
  const auto etag = fmt::format("\"{}{}\"", found.hash, brotli ? "-br" : gzip ? "-gz" : "");

  http::response outgoing;
  outgoing.headers.reserve(12);
  outgoing.headers.push_back({"Content-Type", found.content_type});
  outgoing.headers.push_back({"Cache-Control", found.cache_control});
  outgoing.headers.push_back({"ETag", etag});
  outgoing.headers.push_back({"Content-Security-Policy", found.policy});
  if (found.gzip || found.brotli) outgoing.headers.push_back({"Vary", "Accept-Encoding"});
  if (contract::etag_matches(incoming.header("If-None-Match"), etag)) {
    outgoing.status = 304;
    return outgoing;
  }
  if (brotli) outgoing.headers.push_back({"Content-Encoding", "br"});
  if (gzip) outgoing.headers.push_back({"Content-Encoding", "gzip"});
  outgoing.shared_body = brotli ? found.brotli : gzip ? found.gzip : found.plain;
  return outgoing;
}

}  // namespace ticketshow::gateway
