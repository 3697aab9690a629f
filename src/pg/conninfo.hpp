#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ticketshow::pg {

/// The connection string with `role` as its user, unless it names a user already. Takes libpq's URLs and key=value
/// words; throws std::runtime_error with libpq's sentence when it is neither.
std::string with_role(const std::string& conninfo, std::string_view role);

/// The connection string with these words in place of its own of the same names: {{"dbname", "x"}, {"user", "y"}}.
std::string with_words(const std::string& conninfo,
                       const std::vector<std::pair<std::string_view, std::string_view>>& words);

}  // namespace ticketshow::pg
