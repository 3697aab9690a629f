#pragma once

#include <span>

#include "adapters/search_pg/expression.hpp"
#include "pg/migrations.hpp"
#include "pg/pool.hpp"
#include "ports/search_index.hpp"

/// The search index of a system without Elasticsearch: PostgreSQL's full text search in the schema `search_index`, and
/// a list of all words by which typos are found.
namespace ticketshow::search_pg {

inline constexpr std::string_view schema_name = "search_index";
std::span<const pg::migration> migrations();

class index final : public ports::search_index {
 public:
  /// `database` reaches the schema with the role ticketshow_search_index.
  explicit index(pg::pool& database) : database_(database) {}

  rt::task<ports::search_hits> search(rt::deadline until, ports::search_query what) override;
  rt::task<std::vector<std::string>> cities(rt::deadline until, std::int64_t most) override;
  rt::task<std::vector<ports::held_document>> list(rt::deadline until, ports::searched kind, std::int64_t after,
                                                   std::int64_t most) override;
  rt::task<> put(rt::deadline until, std::vector<ports::search_document> documents) override;
  rt::task<bool> is_filled(rt::deadline until) override;
  rt::task<std::string> begin_rebuild(rt::deadline until) override;
  rt::task<> fill(rt::deadline until, std::string name, std::vector<ports::search_document> documents) override;
  rt::task<> finish_rebuild(rt::deadline until, std::string name) override;

 private:
  rt::task<ports::search_hits> find(rt::deadline until, const ports::search_query& what,
                                    const std::vector<wanted_word>& words);
  /// Gives each word those of the index that it may mean; false when there are none at all.
  rt::task<bool> find_meant(rt::deadline until, std::vector<wanted_word>& words);

  pg::pool& database_;
};

}  // namespace ticketshow::search_pg
