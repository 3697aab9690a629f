#pragma once

#include "adapters/search_elastic/engine.hpp"
#include "ports/search_index.hpp"

/// The search index on Elasticsearch (7.10 and later) or OpenSearch, over what both of them speak.
namespace ticketshow::search_elastic {

struct options {
  engine_address engine;
  std::string alias = "ticketshow";  ///< what is searched; indices are named <alias>-1, <alias>-2, …
};

class index final : public ports::search_index {
 public:
  /// Throws std::runtime_error with a sentence when the address is wrong; nothing is asked yet.
  index(rt::executor io, options chosen)
      : engine_(io, chosen.engine), searched_(chosen.alias), written_(chosen.alias + "-writing") {}

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
                                    const std::vector<std::string>& typed, bool with_typos);
  /// The names of the indices with an alias; none when there is no such alias.
  rt::task<std::vector<std::string>> indices_of(rt::deadline until, std::string alias);
  rt::task<> write(rt::deadline until, const std::vector<std::string>& indices,
                   const std::vector<ports::search_document>& documents);
  /// Throws std::runtime_error unless `name` is the index that is being built.
  rt::task<> expect_building(rt::deadline until, const std::string& name);

  engine engine_;
  std::string searched_;  // alias
  std::string written_;   // alias of what changes go into: the searched index, and the one being built
};

}  // namespace ticketshow::search_elastic
