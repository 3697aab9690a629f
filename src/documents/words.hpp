#pragma once

#include <string_view>

#include "api/auth.hpp"

namespace ticketshow::documents {

/// The words of one language on tickets and in calendars.
struct words {
  std::string_view language;  ///< its name in BCP 47
  std::string_view admits_one;
  std::string_view date;
  std::string_view time;
  std::string_view place;
  std::string_view screen;
  std::string_view row;
  std::string_view seat;
  std::string_view seats;
  std::string_view booking;
  std::string_view price;
  std::string_view ticket;
  std::string_view count;  ///< a format of "1 of 3"
  std::string_view advice;
};

const words& words_of(auth::language language);

}  // namespace ticketshow::documents
