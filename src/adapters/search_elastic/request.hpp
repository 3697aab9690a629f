#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ports/search_index.hpp"

/// The bodies of requests, as Elasticsearch and OpenSearch both understand them. Pure.
namespace ticketshow::search_elastic {

/// Settings and mappings of an index.
std::string_view index_definition();

/// The two lines of _bulk that put a document into an index unless it has a newer version there.
std::string bulk_lines(const std::string& index, const ports::search_document& document);

/// The lines of _msearch for the shows and the venues that fit `typed` (folded words), with typos if these are wanted.
std::string search_lines(const ports::search_query& what, const std::vector<std::string>& typed, bool with_typos);

std::string cities_body(std::int64_t most);

/// For the documents of one kind behind an id, with their versions.
std::string list_body(ports::searched kind, std::int64_t after, std::int64_t most);

}  // namespace ticketshow::search_elastic
