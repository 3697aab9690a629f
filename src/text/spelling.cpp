#include "text/spelling.hpp"

#include <algorithm>

#include "text/words.hpp"

namespace ticketshow::text {
namespace {

/// From this length on, what somebody is still typing is recognised with typos too. Shorter, it would mean anything.
constexpr std::size_t least_beginning = 5;
/// Keys are made of so many first letters.
constexpr std::size_t key_letters = 7;

using row = std::vector<std::size_t>;

/// Fills one row of the table of distances: what of `a` up to letter i costs against each beginning of `b`.
void next_row(std::u32string_view a, std::u32string_view b, std::size_t i, const row& two_before, const row& before,
              row& now) {
  now[0] = i;
  for (std::size_t j = 1; j <= b.size(); ++j) {
    const bool same = a[i - 1] == b[j - 1];
    now[j] = std::min({before[j] + 1, now[j - 1] + 1, before[j - 1] + (same ? 0 : 1)});
    const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
    if (exchanged) now[j] = std::min(now[j], two_before[j - 2] + 1);
  }
}

/// The costs of all of `a` against each beginning of `b`.
row last_row(std::u32string_view a, std::u32string_view b) {
  row two_before(b.size() + 1);
  row before(b.size() + 1);
  row now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) now[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(two_before, before);
    std::swap(before, now);
    next_row(a, b, i, two_before, before, now);
  }
  return now;
}

struct typos {
  std::size_t of_word;       // or too many
  std::size_t of_beginning;  // or too many
};

typos count_typos(std::u32string_view typed, std::u32string_view word) {
  const auto most = typos_forgiven(typed.size());
  const auto too_many = most + 1;
  typos found{too_many, too_many};
  if (word.size() + most < typed.size()) return found;
  const auto compared = word.substr(0, typed.size() + most);
  const auto costs = last_row(typed, compared);
  if (compared.size() == word.size()) found.of_word = std::min(costs.back(), too_many);
  if (typed.size() >= least_beginning) {
    const auto from = costs.begin() + static_cast<std::ptrdiff_t>(typed.size() - most);
    found.of_beginning = std::min(*std::min_element(from, costs.end()), too_many);
  }
  return found;
}

/// The letters of a word as UTF-8.
using letters = std::vector<std::string>;

letters letters_of(std::string_view text, std::size_t most) {
  letters split;
  for (const char32_t each : code_points_of(text)) {
    if (split.size() == most) break;
    split.push_back(utf8_of({&each, 1}));
  }
  return split;
}

/// The first `length` letters without those at `a` and `b`; a place behind them leaves nothing out.
std::string without(const letters& word, std::size_t length, std::size_t a, std::size_t b) {
  std::string key;
  for (std::size_t i = 0; i < length; ++i) {
    if (i != a && i != b) key += word[i];
  }
  return key;
}

/// What is left of the first `length` letters when up to `typos` (at most two) are left out.
void add_keys(const letters& word, std::size_t length, std::size_t typos, std::vector<std::string>& keys) {
  keys.push_back(without(word, length, length, length));
  for (std::size_t a = 0; typos > 0 && a < length; ++a) {
    keys.push_back(without(word, length, a, length));
    for (std::size_t b = a + 1; typos > 1 && b < length; ++b) keys.push_back(without(word, length, a, b));
  }
}

std::vector<std::string> each_once(std::vector<std::string> keys) {
  std::ranges::sort(keys);
  const auto repeated = std::ranges::unique(keys);
  keys.erase(repeated.begin(), repeated.end());
  std::erase(keys, "");
  return keys;
}

}  // namespace

std::size_t typos_forgiven(std::size_t letters) { return letters < 3 ? 0 : letters < 6 ? 1 : 2; }

std::size_t typos_between(std::u32string_view a, std::u32string_view b, std::size_t most) {
  const auto difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > most) return most + 1;
  return std::min(last_row(a, b).back(), most + 1);
}

std::size_t typos_in(std::string_view typed, std::string_view word) {
  const auto found = count_typos(code_points_of(typed), code_points_of(word));
  return std::min(found.of_word, found.of_beginning);
}

fit fit_of(std::string_view typed, std::string_view word) {
  if (typed.empty()) return fit::none;
  if (word.starts_with(typed)) return word.size() == typed.size() ? fit::exact : fit::beginning;
  const auto letters = code_points_of(typed);
  const auto most = typos_forgiven(letters.size());
  if (most == 0) return fit::none;
  const auto found = count_typos(letters, code_points_of(word));
  if (found.of_word <= most) return fit::typo;
  return found.of_beginning <= most ? fit::typo_in_beginning : fit::none;
}

std::vector<std::string> index_keys_of(std::string_view word) {
  const auto beginning = letters_of(word, key_letters);
  std::vector<std::string> keys;
  const auto shortest = std::min(least_beginning, beginning.size());
  for (auto length = shortest; length <= beginning.size(); ++length) {
    add_keys(beginning, length, typos_forgiven(length), keys);
  }
  return each_once(std::move(keys));
}

std::vector<std::string> typed_keys_of(std::string_view typed) {
  const auto beginning = letters_of(typed, key_letters);
  std::vector<std::string> keys;
  add_keys(beginning, beginning.size(), typos_forgiven(beginning.size()), keys);
  return each_once(std::move(keys));
}

}  // namespace ticketshow::text
