#pragma once

#include <map>
#include <string>

#include "ports/blob_store.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::test {

/// The store of blobs as one service alone sees it, in memory. How files are kept is the business of the adapters'
/// tests.
class blob_stand_in final : public ports::blob_store {
 public:
  [[nodiscard]] std::string name() const override { return "blob stand-in"; }
  rt::task<> start() override { co_return; }
  rt::task<> stop(rt::deadline) override { co_return; }
  rt::task<> put(rt::deadline, std::string key, std::string bytes) override {
    if (away) throw rt::unavailable("the store is away");
    kept[key] = std::move(bytes);
    co_return;
  }
  rt::task<std::optional<std::string>> get(rt::deadline, std::string key) override {
    const auto found = kept.find(key);
    co_return found == kept.end() ? std::nullopt : std::optional(found->second);
  }
  rt::task<bool> exists(rt::deadline, std::string key) override { co_return kept.contains(key); }
  rt::task<> remove(rt::deadline, std::string key) override {
    if (away || (!stays.empty() && key.contains(stays))) throw rt::unavailable("the store is away");
    kept.erase(key);
    co_return;
  }
  [[nodiscard]] std::string public_address(std::string_view key) const override { return "/media/" + std::string(key); }
  [[nodiscard]] std::optional<std::string> presigned(permission, std::string_view,
                                                     std::chrono::seconds) const override {
    return std::nullopt;
  }

  bool away = false;
  std::string stays;  ///< keys with this in them cannot be removed
  std::map<std::string, std::string> kept;
};

}  // namespace ticketshow::test
