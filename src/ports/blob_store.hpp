#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rt/call.hpp"
#include "rt/module.hpp"
#include "rt/task.hpp"

namespace ticketshow::ports {

/// The types of content that are kept. A key's ending says which one it is, so that nothing else has to.
inline constexpr std::pair<std::string_view, std::string_view> blob_types[] = {
    {".webp", "image/webp"},
    {".jpg", "image/jpeg"},
    {".png", "image/png"},
    {".pdf", "application/pdf"},
};

/// The type that a key's ending says; empty for an ending that is not kept.
constexpr std::string_view type_of_blob(std::string_view key) {
  const auto* const found =
      std::ranges::find_if(blob_types, [&](const auto& each) { return key.ends_with(each.first); });
  return found == std::end(blob_types) ? std::string_view{} : found->second;
}

/// Whether something may be kept under this key: 1 to 200 characters of a-z, 0-9, "-", "_", "." and "/", whose parts
/// between the slashes are not empty and do not begin with a dot, with an ending of blob_types. No such key leads out
/// of a directory or needs encoding in a URL.
constexpr bool is_blob_key(std::string_view key) {
  constexpr auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
  };
  return !key.empty() && key.size() <= 200 && std::ranges::all_of(key, allowed) && !key.starts_with('.') &&
         !key.starts_with('/') && !key.contains("//") && !key.contains("/.") && !type_of_blob(key).empty();
}

/// What everybody may read without being asked who he is: keys that begin so.
inline constexpr std::string_view public_blobs = "posters/";

/// What answers that give a public blob say of caches: it never changes under its key.
inline constexpr std::string_view blob_cache_control = "public, max-age=31536000, immutable";

/// Keeps files under keys. A file is there whole or not at all, whenever the process ends, and is there for every
/// reader once put() has returned; the last put() of a key counts.
///
/// Functions that take a key throw std::invalid_argument when is_blob_key() does not hold, rt::unavailable when the
/// store cannot be reached by `until` (it may then have happened, and may be repeated: no function does more when
/// called twice), and std::runtime_error with a sentence when the store refuses. I/O thread only.
class blob_store : public rt::module {
 public:
  virtual rt::task<> put(rt::deadline until, std::string key, std::string bytes) = 0;
  /// The bytes under a key, or nothing.
  virtual rt::task<std::optional<std::string>> get(rt::deadline until, std::string key) = 0;
  virtual rt::task<bool> exists(rt::deadline until, std::string key) = 0;
  /// Nothing is under the key afterwards, whether something was or not.
  virtual rt::task<> remove(rt::deadline until, std::string key) = 0;

  /// Where a browser finds a public blob, for ever and for everybody: an absolute URL, or a path below the gateway's
  /// own address.
  [[nodiscard]] virtual std::string public_address(std::string_view key) const = 0;

  enum class permission { get, put };
  /// A URL with which whoever has it may get or put this one key for `valid` (one second to seven days) from now, past
  /// this system; nothing when the store cannot give such URLs.
  [[nodiscard]] virtual std::optional<std::string> presigned(permission to, std::string_view key,
                                                             std::chrono::seconds valid) const = 0;
};

}  // namespace ticketshow::ports
