#include "services/search/documents.hpp"

#include <stdexcept>

#include "contract/document.hpp"

namespace ticketshow::search {
namespace {

template <class T>
std::string print(const T& what) {
  std::string json;
  contract::write_json(json, what);
  return json;
}

template <class T>
T read(const std::string& payload) {
  const auto document = contract::parse_document(payload);
  T what{};
  contract::problems found;
  if (document.ok) contract::read_json(document.root, what, "", found);
  if (!document.ok || !found.empty()) {
    throw std::runtime_error(
        "The search index holds something that this version does not know; run ticketshow search reindex.");
  }
  return what;
}

}  // namespace

ports::search_document document_of(const catalog::show_document& show) {
  const found_show shown{.id = show.id,
                         .title = show.title,
                         .duration_minutes = show.duration_minutes,
                         .price = show.price,
                         .currency = show.currency,
                         .description = show.description,
                         .language = show.language,
                         .rating = show.rating,
                         .poster_url = show.poster_url,
                         .highlight = {}};
  std::vector<ports::search_place> places;
  for (const auto& each : show.plays_in) places.push_back({each.city, each.until});
  return {.kind = ports::searched::show,
          .id = show.id,
          .version = show.version,
          .listed = show.status == catalog::show_status::ACTIVE,
          .title = show.title,
          .text = show.description,
          .places = std::move(places),
          .payload = print(shown)};
}

ports::search_document document_of(const catalog::venue_document& venue) {
  const found_venue shown{
      .id = venue.id, .name = venue.name, .location = venue.location, .city = venue.city, .highlight = {}};
  return {.kind = ports::searched::venue,
          .id = venue.id,
          .version = venue.version,
          .listed = venue.status == catalog::venue_status::ACTIVE,
          .title = venue.name,
          .text = text_of(shown),
          .places = {{venue.city}},
          .payload = print(shown)};
}

std::string text_of(const found_venue& venue) { return venue.location + ", " + venue.city; }

found_show show_of(const std::string& payload) { return read<found_show>(payload); }

found_venue venue_of(const std::string& payload) { return read<found_venue>(payload); }

}  // namespace ticketshow::search
