#include "text/words.hpp"

#include <algorithm>
#include <memory>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "base/assert.hpp"

namespace ticketshow::text {
namespace {

/// The code point at `place`, which moves behind it; negative where the text is no UTF-8.
UChar32 code_point_at(std::string_view text, std::int32_t& place) {
  const auto length = static_cast<std::int32_t>(text.size());
  UChar32 c = 0;
  U8_NEXT(text.data(), place, length, c);  // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro
  return c;
}

/// What a code point is to the border between words.
enum class part { between, inside, apostrophe, alone };

part part_of(UChar32 c) {
  if (c < 0) return part::between;
  if (c < 0x80) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return part::inside;
    return c == '\'' ? part::apostrophe : part::between;
  }
  if (c == 0x2019 || c == 0x02BC) return part::apostrophe;
  if (c == 0x200C || c == 0x200D) return part::inside;  // joiners inside Indic words; folding leaves them out
  if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0) return part::alone;
  constexpr auto letters_marks_digits = U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK;
  return (U_GET_GC_MASK(c) & letters_marks_digits) != 0 ? part::inside : part::between;
}

/// The accents of Latin, Greek and Cyrillic go; marks of other scripts, where they are vowels, stay.
const icu::Transliterator& accent_remover() {
  static const std::unique_ptr<icu::Transliterator> made = [] {
    UErrorCode status = U_ZERO_ERROR;
    UParseError where;
    std::unique_ptr<icu::Transliterator> rules(icu::Transliterator::createInstance(
        "NFD; [\\u0300-\\u036F] Remove; NFC; Latin-ASCII; Lower", UTRANS_FORWARD, where, status));
    TICKETSHOW_ASSERT(U_SUCCESS(status));
    return rules;
  }();
  return *made;
}

const icu::Normalizer2& case_folder() {
  static const icu::Normalizer2* made = [] {
    UErrorCode status = U_ZERO_ERROR;
    const auto* found = icu::Normalizer2::getNFKCCasefoldInstance(status);
    TICKETSHOW_ASSERT(U_SUCCESS(status));
    return found;
  }();
  return *made;
}

void cut_to(std::string& text, std::size_t most_bytes) {
  if (text.size() <= most_bytes) return;
  while (most_bytes > 0 && U8_IS_TRAIL(text[most_bytes])) --most_bytes;
  text.resize(most_bytes);
}

std::string fold_word(std::string_view word) {
  std::string folded;
  const bool plain = std::ranges::all_of(word, [](char c) { return U8_IS_SINGLE(c); });
  if (plain) {
    folded.reserve(word.size());
    for (const char c : word) {
      if (c != '\'') folded += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
  } else {
    UErrorCode status = U_ZERO_ERROR;
    auto text = case_folder().normalize(
        icu::UnicodeString::fromUTF8(icu::StringPiece(word.data(), static_cast<std::int32_t>(word.size()))), status);
    TICKETSHOW_ASSERT(U_SUCCESS(status));
    accent_remover().transliterate(text);
    for (const char16_t apostrophe : {u'\'', u'\u2019', u'\u02BC'}) {
      text.findAndReplace(icu::UnicodeString(apostrophe), icu::UnicodeString());
    }
    text.toUTF8String(folded);
  }
  cut_to(folded, longest_word);
  return folded;
}

}  // namespace

std::vector<word> words_of(std::string_view text) {
  std::vector<word> words;
  const auto length = static_cast<std::int32_t>(text.size());
  std::int32_t begin = -1;
  std::int32_t end = 0;  // behind the last code point that belongs to the word for sure
  const auto finish = [&] {
    if (begin < 0) return;
    const auto from = static_cast<std::size_t>(begin);
    const auto to = static_cast<std::size_t>(end);
    auto folded = fold_word(text.substr(from, to - from));
    if (!folded.empty()) words.push_back({std::move(folded), from, to});
    begin = -1;
  };
  for (std::int32_t next = 0; next < length;) {
    const auto here = next;
    const auto c = code_point_at(text, next);
    const auto what = part_of(c);
    if (what == part::apostrophe) continue;  // inside a word if the word goes on directly behind it
    const bool after_apostrophe_or_word = begin >= 0 && here - end <= 3;
    if (what != part::inside || !after_apostrophe_or_word) finish();
    if (what == part::between) continue;
    if (begin < 0) begin = here;
    end = next;
    if (what == part::alone) finish();
  }
  finish();
  return words;
}

std::vector<std::string> folded_words_of(std::string_view text) {
  std::vector<std::string> folded;
  for (auto& each : words_of(text)) folded.push_back(std::move(each.folded));
  return folded;
}

std::string fold(std::string_view text) {
  std::string joined;
  for (const auto& each : words_of(text)) {
    if (!joined.empty()) joined += ' ';
    joined += each.folded;
  }
  return joined;
}

std::u32string code_points_of(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t next = 0; next < length;) {
    const auto c = code_point_at(text, next);
    points += c < 0 ? U'\uFFFD' : static_cast<char32_t>(c);
  }
  return points;
}

std::string utf8_of(std::u32string_view code_points) {
  std::string text;
  for (const char32_t each : code_points) {
    char bytes[4];
    std::size_t count = 0;
    U8_APPEND_UNSAFE(bytes, count, each);
    text.append(bytes, count);
  }
  return text;
}

}  // namespace ticketshow::text
