#include "pg/conninfo.hpp"

#include <map>
#include <memory>
#include <stdexcept>

#include <libpq-fe.h>

namespace ticketshow::pg {
namespace {

using words_by_name = std::map<std::string, std::string, std::less<>>;

/// libpq's quoting of a value among key=value words.
std::string quoted(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + '\'';
}

words_by_name parse(const std::string& conninfo) {
  char* why = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(conninfo.c_str(), &why),
                                                                             &PQconninfoFree);
  if (!options) {
    const std::string sentence = why == nullptr ? "out of memory" : why;
    PQfreemem(why);
    throw std::runtime_error("The database's address cannot be read: " + sentence);
  }
  words_by_name words;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) words.emplace(option->keyword, option->val);
  }
  return words;
}

std::string join(const words_by_name& words) {
  std::string text;
  for (const auto& [name, value] : words) text += name + '=' + quoted(value) + ' ';
  return text;
}

}  // namespace

std::string with_role(const std::string& conninfo, std::string_view role) {
  auto words = parse(conninfo);
  words.try_emplace("user", role);
  return join(words);
}

std::string with_words(const std::string& conninfo,
                       const std::vector<std::pair<std::string_view, std::string_view>>& words) {
  auto all = parse(conninfo);
  for (const auto& [name, value] : words) all.insert_or_assign(std::string(name), std::string(value));
  return join(all);
}

}  // namespace ticketshow::pg
