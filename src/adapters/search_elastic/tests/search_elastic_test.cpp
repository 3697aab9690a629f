#include "adapters/search_elastic/search_elastic.hpp"

#include <cstdlib>

#include <boost/json/object.hpp>

#include "base/random.hpp"
#include "tests/support/search_conformance.hpp"

namespace ticketshow::search_elastic {
namespace {

std::string engine_url() {
  const char* url = std::getenv("TICKETSHOW_TEST_OPENSEARCH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (url == nullptr || *url == '\0') {
    throw std::runtime_error(
        "This test needs OpenSearch: run it through ./test, or set TICKETSHOW_TEST_OPENSEARCH to its address.");
  }
  return url;
}

/// Each test has an alias of its own, and takes its indices away at the end.
class search_elastic_test : public test::search_conformance {
 protected:
  ~search_elastic_test() override {
    try {
      for (const auto& each : indices()) drop(each);
    } catch (const std::exception& error) {
      fmt::print(stderr, "indices of {} were not dropped: {}\n", alias, error.what());
    }
  }

  ports::search_index& tested() override { return made; }

  std::vector<std::string> indices() {
    engine::question asked{.path = fmt::format("/{}-*/_alias", alias), .may_be_missing = true};
    const auto got = run(beside.ask(soon(), std::move(asked)));
    std::vector<std::string> names;
    for (const auto& each : got.body.as_object()) names.emplace_back(each.key());
    return names;
  }
  void drop(const std::string& name) {
    engine::question dropping{.verb = http::method::DELETE, .path = '/' + name};
    run(beside.ask(soon(), std::move(dropping)));
  }

  static std::string random_alias() {
    system_random_source random;
    return "test-" + random_hex(random, 8);
  }

  std::string alias = random_alias();
  engine beside{io(), {.url = engine_url()}};
  index made{io(), {.engine = {.url = engine_url()}, .alias = alias}};
};

TICKETSHOW_SEARCH_CONFORMANCE(search_elastic_test)

TEST_F(search_elastic_test, at_most_one_replaced_index_is_kept) {
  for (int round = 1; round <= 4; ++round) rebuild({show(round, "Alone")});
  EXPECT_THAT(indices(), testing::UnorderedElementsAre(alias + "-3", alias + "-4"));
}

TEST_F(search_elastic_test, an_engine_that_is_not_there_is_unavailable) {
  index nowhere(io(), {.engine = {.url = "http://127.0.0.1:1"}});
  EXPECT_THROW(run(nowhere.is_filled(soon())), rt::unavailable);
  EXPECT_THROW(run(nowhere.put(soon(), {show(1, "Lost")})), rt::unavailable);
}

TEST_F(search_elastic_test, an_engine_that_lost_its_index_is_not_filled) {
  rebuild({show(1, "Lost")});
  for (const auto& each : indices()) drop(each);
  EXPECT_FALSE(run(tested().is_filled(soon())));
  put({show(2, "Later")});
  EXPECT_THAT(indices(), testing::IsEmpty()) << "a put makes no index with another mapping";
}

TEST(search_elastic_address, must_be_http) {
  rt::asio::io_context context;
  for (const auto* url :
       {"", "localhost", "https://localhost:9200", "http://localhost", "http://localhost:9200/?x=1"}) {
    EXPECT_THROW(index(context.get_executor(), {.engine = {.url = url}}), std::runtime_error) << url;
  }
}

}  // namespace
}  // namespace ticketshow::search_elastic
