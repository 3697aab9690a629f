#pragma once

#include <string_view>

#include "api/booking.hpp"
#include "documents/visit.hpp"

/// What people may take away of a booking. Pure.
namespace ticketshow::booking::rules {

/// Nothing when the booking has tickets; otherwise why not.
contract::result<void> check_tickets(const booking_view& shown);

/// The facts of its papers.
documents::visit visit_of(const booking_view& shown);

enum class image_form { SVG, PNG };

/// The code that a file's name asks for, "10007.svg" or "10007.png", and in which form; ticket_not_found otherwise.
struct wanted_code {
  std::string code;
  image_form form;
};
contract::result<wanted_code> code_named(const booking_view& shown, std::string_view file);

}  // namespace ticketshow::booking::rules
