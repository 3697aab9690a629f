#include "pg/statement.hpp"

namespace ticketshow::pg::detail {

void append_array_element(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace ticketshow::pg::detail
