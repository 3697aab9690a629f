#include "app/search_index.hpp"

#include <stdexcept>

#include "adapters/search_elastic/search_elastic.hpp"
#include "adapters/search_pg/search_pg.hpp"

namespace ticketshow::app {

bool searches_in_postgresql(const settings& configured) {
  const auto& adapter = configured.text("search.adapter");
  if (adapter == "pg") return true;
  if (adapter == "elastic") return false;
  throw std::runtime_error("The setting search.adapter must be pg or elastic.");
}

std::unique_ptr<ports::search_index> make_search_index(rt::executor io, const settings& configured,
                                                       pg::pool* database) {
  if (database != nullptr) return std::make_unique<search_pg::index>(*database);
  const auto& url = configured.text("search.elastic_url");
  if (url.empty()) {
    throw std::runtime_error(
        "search.adapter is elastic; the setting search.elastic_url must tell where the engine is.");
  }
  return std::make_unique<search_elastic::index>(
      io, search_elastic::options{.engine = {.url = url,
                                             .user = configured.text("search.elastic_user"),
                                             .password = configured.text("search.elastic_password"),
                                             .ca_file = configured.text("search.elastic_ca_file")},
                                  .alias = configured.text("search.elastic_alias")});
}

}  // namespace ticketshow::app
