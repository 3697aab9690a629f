#pragma once

#include "api/catalog/documents.hpp"
#include "api/search.hpp"
#include "ports/search_index.hpp"

/// Catalog's documents as the index holds them, and what a hit becomes again. Pure.
namespace ticketshow::search {

ports::search_document document_of(const catalog::show_document& show);
ports::search_document document_of(const catalog::venue_document& venue);

/// What is searched of a venue besides its name.
std::string text_of(const found_venue& venue);

/// What the index gave back, without a highlight. Throws std::runtime_error when it is none of ours.
found_show show_of(const std::string& payload);
found_venue venue_of(const std::string& payload);

}  // namespace ticketshow::search
