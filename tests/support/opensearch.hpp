#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "adapters/search_elastic/search_elastic.hpp"
#include "base/random.hpp"

namespace ticketshow::test {

/// The address of the tests' OpenSearch. A test that needs it fails without one, it is not skipped.
inline std::string opensearch_url() {
  const char* url = std::getenv("TICKETSHOW_TEST_OPENSEARCH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (url == nullptr || *url == '\0') {
    throw std::runtime_error(
        "This test needs OpenSearch: run it through ./test, or set TICKETSHOW_TEST_OPENSEARCH to its address.");
  }
  return url;
}

/// An alias of its own on the tests' OpenSearch; its indices are taken away at the end.
class scratch_alias {
 public:
  explicit scratch_alias(rt::asio::io_context& context)
      : context_(context), engine_(context.get_executor(), {.url = opensearch_url()}) {
    system_random_source random;
    name_ = "test-" + random_hex(random, 8);
  }
  ~scratch_alias() {
    try {
      drop_all();
    } catch (const std::exception& error) {
      fmt::print(stderr, "indices of {} were not dropped: {}\n", name_, error.what());
    }
  }
  scratch_alias(const scratch_alias&) = delete;
  scratch_alias& operator=(const scratch_alias&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] search_elastic::options options() const {
    return {.engine = {.url = opensearch_url()}, .alias = name_};
  }

  std::vector<std::string> indices() {
    search_elastic::engine::question asked{.path = fmt::format("/{}-*/_alias", name_), .may_be_missing = true};
    const auto got = rt::run(context_, engine_.ask(soon(), std::move(asked)));
    std::vector<std::string> names;
    for (const auto& each : got.body.as_object()) names.emplace_back(each.key());
    return names;
  }
  /// As if the engine had lost its disk.
  void drop_all() {
    for (const auto& each : indices()) {
      search_elastic::engine::question dropping{.verb = http::method::DELETE, .path = '/' + each};
      rt::run(context_, engine_.ask(soon(), std::move(dropping)));
    }
  }

 private:
  static rt::deadline soon() { return rt::deadline::after(std::chrono::seconds(20)); }

  rt::asio::io_context& context_;
  search_elastic::engine engine_;
  std::string name_;
};

}  // namespace ticketshow::test
