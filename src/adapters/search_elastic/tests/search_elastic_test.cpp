#include "adapters/search_elastic/search_elastic.hpp"

#include "tests/support/opensearch.hpp"
#include "tests/support/search_conformance.hpp"

namespace ticketshow::search_elastic {
namespace {

class search_elastic_test : public test::search_conformance {
 protected:
  ports::search_index& tested() override { return made; }

  test::scratch_alias alias{context_};
  index made{io(), alias.options()};
};

TICKETSHOW_SEARCH_CONFORMANCE(search_elastic_test)

TEST_F(search_elastic_test, at_most_one_replaced_index_is_kept) {
  for (int round = 1; round <= 4; ++round) rebuild({show(round, "Alone")});
  EXPECT_THAT(alias.indices(), testing::UnorderedElementsAre(alias.name() + "-3", alias.name() + "-4"));
}

TEST_F(search_elastic_test, an_engine_that_is_not_there_is_unavailable) {
  index nowhere(io(), {.engine = {.url = "http://127.0.0.1:1"}});
  EXPECT_THROW(run(nowhere.is_filled(soon())), rt::unavailable);
  EXPECT_THROW(run(nowhere.put(soon(), {show(1, "Lost")})), rt::unavailable);
}

TEST_F(search_elastic_test, an_engine_that_lost_its_index_is_not_filled) {
  rebuild({show(1, "Lost")});
  alias.drop_all();
  EXPECT_FALSE(run(tested().is_filled(soon())));
  put({show(2, "Later")});
  EXPECT_THAT(alias.indices(), testing::IsEmpty()) << "a put makes no index with another mapping";
}

TEST(search_elastic_address, must_be_http_or_https) {
  rt::asio::io_context context;
  const auto made = [&](const char* url) { index(context.get_executor(), {.engine = {.url = url}}); };
  for (const auto* url : {"", "localhost", "ftp://localhost:9200", "http://localhost:9200/?x=1"}) {
    EXPECT_THROW(made(url), std::runtime_error) << url;
  }
  for (const auto* url : {"http://localhost:9200", "https://search.example"}) EXPECT_NO_THROW(made(url)) << url;
}

}  // namespace
}  // namespace ticketshow::search_elastic
