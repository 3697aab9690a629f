#include "services/search/rules.hpp"

#include <algorithm>

#include "text/spelling.hpp"
#include "text/words.hpp"

namespace ticketshow::search::rules {
namespace {

/// How much of a long text is shown, in words: so many from its start, or around the first that is marked.
constexpr std::size_t shown_words = 36;
constexpr std::size_t shown_before_mark = 6;

using words = std::vector<text::word>;

bool fits_as_typed(const std::string& typed, const words& among) {
  return std::ranges::any_of(among, [&](const auto& each) { return each.folded.starts_with(typed); });
}

void append_escaped(std::string& out, std::string_view raw) {
  for (const char c : raw) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

/// A word of the query, and whether it fits only with typos.
struct wanted {
  const std::string* typed;
  bool with_typos;
};

bool is_marked(const std::vector<wanted>& query, const text::word& word) {
  return std::ranges::any_of(query, [&](const wanted& each) {
    return each.with_typos ? text::fit_of(*each.typed, word.folded) != text::fit::none
                           : word.folded.starts_with(*each.typed);
  });
}

/// Words first … last - 1 of a text with what stands between them, marked. What stands before the first word of a text
/// and behind its last belongs to them.
std::string marked_part(std::string_view text, const words& all, const std::vector<bool>& marked, std::size_t first,
                        std::size_t last) {
  std::string html = first == 0 ? "" : "… ";
  std::size_t written = first == 0 ? 0 : all[first].begin;
  for (auto i = first; i < last; ++i) {
    append_escaped(html, text.substr(written, all[i].begin - written));
    if (marked[i]) html += "<mark>";
    append_escaped(html, text.substr(all[i].begin, all[i].end - all[i].begin));
    if (marked[i]) html += "</mark>";
    written = all[i].end;
  }
  if (last == all.size()) {
    append_escaped(html, text.substr(written));
  } else {
    html += " …";
  }
  return html;
}

std::string marked_text(std::string_view text, const words& all, const std::vector<wanted>& query, bool whole) {
  std::vector<bool> marked;
  marked.reserve(all.size());
  for (const auto& each : all) marked.push_back(is_marked(query, each));
  if (whole || all.size() <= shown_words) return marked_part(text, all, marked, 0, all.size());
  const auto mark = static_cast<std::size_t>(std::ranges::find(marked, true) - marked.begin());
  const bool from_start = mark == all.size() || mark + shown_before_mark < shown_words;
  const auto first = from_start ? 0 : mark - shown_before_mark;
  return marked_part(text, all, marked, first, std::min(first + shown_words, all.size()));
}

/// The word that `typed` fits with the fewest typos, the first of equals; nothing when it fits one as it is typed.
std::optional<std::string> mended(const std::string& typed, const std::vector<words>& found) {
  for (const auto& each : found) {
    if (fits_as_typed(typed, each)) return {};
  }
  std::optional<std::string> best;
  auto fewest = text::typos_forgiven(text::code_points_of(typed).size()) + 1;
  for (const auto& each : found) {
    for (const auto& word : each) {
      const auto typos = text::typos_in(typed, word.folded);
      if (typos >= fewest) continue;
      fewest = typos;
      best = word.folded;
    }
  }
  return best;
}

}  // namespace

highlight mark(const std::vector<std::string>& typed, searched_text what) {
  const auto title = text::words_of(what.title);
  const auto rest = text::words_of(what.text);
  std::vector<wanted> query;
  for (const auto& each : typed) query.push_back({&each, !fits_as_typed(each, title) && !fits_as_typed(each, rest)});
  return {.title = marked_text(what.title, title, query, true), .text = marked_text(what.text, rest, query, false)};
}

std::optional<std::string> mend(std::string_view query, const std::vector<searched_text>& found) {
  std::vector<words> all;
  for (const auto& each : found) all.push_back(text::words_of(each.title));
  for (const auto& each : found) all.push_back(text::words_of(each.text));
  std::string mended_query;
  std::size_t written = 0;
  for (const auto& each : text::words_of(query)) {
    const auto better = mended(each.folded, all);
    if (!better) continue;
    mended_query += query.substr(written, each.begin - written);
    mended_query += *better;
    written = each.end;
  }
  if (written == 0) return {};
  mended_query += query.substr(written);
  return mended_query;
}

}  // namespace ticketshow::search::rules
