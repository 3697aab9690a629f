#include "documents/words.hpp"

#include <utility>

namespace ticketshow::documents {
namespace {

constexpr words english{
    .language = "en",
    .admits_one = "Admits one",
    .date = "Date",
    .time = "Time",
    .place = "Cinema",
    .screen = "Screen",
    .row = "Row",
    .seat = "Seat",
    .seats = "Seats",
    .booking = "Booking number",
    .price = "Price",
    .ticket = "Ticket",
    .count = "{} of {}",
    .advice = "Show this code at the door, on paper or on your phone. It lets one person in, once."};

constexpr words hindi{.language = "hi",
                      .admits_one = "एक व्यक्ति के लिए",
                      .date = "तारीख",
                      .time = "समय",
                      .place = "सिनेमाघर",
                      .screen = "स्क्रीन",
                      .row = "पंक्ति",
                      .seat = "सीट",
                      .seats = "सीटें",
                      .booking = "बुकिंग संख्या",
                      .price = "मूल्य",
                      .ticket = "टिकट",
                      .count = "{}/{}",
                      .advice = "प्रवेश द्वार पर यह कोड काग़ज़ या फ़ोन पर दिखाएँ। इससे एक व्यक्ति एक बार प्रवेश कर सकता है।"};

}  // namespace

const words& words_of(auth::language language) {
  switch (language) {
    case auth::language::en:
      return english;
    case auth::language::hi:
      return hindi;
  }
  std::unreachable();
}

}  // namespace ticketshow::documents
