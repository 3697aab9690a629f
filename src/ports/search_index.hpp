#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "rt/call.hpp"
#include "rt/task.hpp"

namespace ticketshow::ports {

enum class searched { show, venue };

/// A city where a document can be found, until when.
struct search_place {
  std::string city;
  timestamp until = std::chrono::sys_days{std::chrono::year(9999) / 12 / 31};
};

/// A show or a venue as the index holds it.
struct search_document {
  searched kind;
  std::int64_t id;
  std::int64_t version;  ///< of two documents of one kind and id the one with the higher version is true
  bool listed;           ///< false: it is not found any more. It is kept, so that no older version comes back.
  std::string title;     ///< what is searched first: a show's title, a venue's name
  std::string text;      ///< and second: a show's description, where a venue is
  std::vector<search_place> places;
  std::string payload;  ///< what a hit gives back; the index does not look into it
};

struct search_query {
  std::string text;
  std::string city;    ///< only documents of this city; empty: everywhere. Case and accents do not matter.
  timestamp now;       ///< places whose time has come are passed over
  std::int64_t limit;  ///< the most hits of each kind
};

struct search_hit {
  std::int64_t id;
  std::string payload;
};

struct search_hits {
  std::vector<search_hit> shows;
  std::vector<search_hit> venues;
};

/// Which version of a document the index holds.
struct held_document {
  std::int64_t id;
  std::int64_t version;
  bool listed;

  bool operator==(const held_document&) const = default;
};

/// A full-text index over shows and venues.
///
/// A document is found when it has every word of the query, of four words or more three quarters of them; a word may
/// be the beginning of one in the document, and may have typos (text/spelling.hpp) when nothing is found without. Case
/// and accents do not matter. The best come first: words of the title count ten times those of the text, a word as
/// typed more than one that begins so, and that more than one with typos; then titles that begin with the query, then
/// short titles, then the older document.
///
/// Every function throws rt::unavailable while the engine cannot be reached. I/O thread only.
class search_index {
 public:
  virtual ~search_index() = default;

  /// Throws rt::unavailable too while the index was never filled.
  virtual rt::task<search_hits> search(rt::deadline until, search_query what) = 0;

  /// The cities of the listed venues in alphabetical order, each once.
  virtual rt::task<std::vector<std::string>> cities(rt::deadline until, std::int64_t most) = 0;

  /// The documents of one kind with ids behind `after`, ascending, at most `most` (up to 10 000) of them, listed or
  /// not: page by page, all that the index holds. Throws rt::unavailable too while the index was never filled.
  virtual rt::task<std::vector<held_document>> list(rt::deadline until, searched kind, std::int64_t after,
                                                    std::int64_t most) = 0;

  /// Takes documents in, or passes over those of which it has a newer version. They are found within a second.
  /// While the index was never filled this does nothing: the rebuild that fills it reads a state at least as new.
  virtual rt::task<> put(rt::deadline until, std::vector<search_document> documents) = 0;

  // A rebuild fills a new index beside the one in use: begin, then read the source from its start and fill with all of
  // it, then finish. From begin on, put() writes into both, so nothing that changes meanwhile is missed.

  /// Whether a rebuild was ever finished.
  virtual rt::task<bool> is_filled(rt::deadline until) = 0;
  /// Begins a new index and gives its name. Another rebuild that is under way will fail.
  virtual rt::task<std::string> begin_rebuild(rt::deadline until) = 0;
  /// As put(), into the new index alone. Throws std::runtime_error when another rebuild has begun since.
  virtual rt::task<> fill(rt::deadline until, std::string name, std::vector<search_document> documents) = 0;
  /// From now on the new index is the one that is searched; the old one goes. Throws as fill() does.
  virtual rt::task<> finish_rebuild(rt::deadline until, std::string name) = 0;
};

/// The longest query that is looked at; further words are passed over.
inline constexpr std::size_t most_query_words = 8;

/// How many of a query's words a document must have.
constexpr std::size_t words_needed(std::size_t words) { return words - words / 4; }

}  // namespace ticketshow::ports
