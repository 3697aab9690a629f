#include "services/notification/letters.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include "documents/formats.hpp"

namespace ticketshow::notification {
namespace {

std::string number(std::int64_t id) { return std::to_string(id); }

values values_of_booking(const booking::booking_facts& what, auth::language language) {
  return {.texts = {{"booking_id", number(what.booking_id)},
                    {"show_name", what.show_name},
                    {"venue_name", what.venue_name},
                    {"screen_name", what.screen_name},
                    {"show_time", documents::moment_text(what.show_time, what.time_zone, language)},
                    {"seats", documents::seats_text(what.seat_labels)},
                    {"amount", documents::amount_text(what.total_amount, what.currency)}},
          .holding = {}};
}

std::string_view name_of(payment::payment_method method) {
  switch (method) {
    case payment::payment_method::WALLET:
      return "by_wallet";
    case payment::payment_method::DODO:
      return "by_card";
  }
  std::unreachable();
}

std::string_view name_of(booking::initiator by) {
  switch (by) {
    case booking::initiator::USER:
      return "by_customer";
    case booking::initiator::ADMIN:
      return "by_cinema";
    case booking::initiator::SYSTEM:
      return "by_platform";
  }
  std::unreachable();
}

std::string_view name_of_reason(std::string_view code) {
  const auto* const found = std::ranges::find(worded_failures, code, &worded_failure::code);
  return found == std::end(worded_failures) ? "other_reason" : found->name;
}

std::string_view name_of(kind about) {
  switch (about) {
    case kind::BOOKING_CONFIRMED:
      return "booking_confirmed";
    case kind::PAYMENT_FAILED:
      return "payment_failed";
    case kind::REFUND_INITIATED:
      return "refund_initiated";
    case kind::REFUND_COMPLETED:
      return "refund_completed";
  }
  std::unreachable();
}

/// Line ends and other control characters have no place in a name; a subject would end at them.
void make_one_line(values& filled) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  for (auto& [name, text] : filled.texts) std::ranges::replace_if(text, is_control, ' ');
}

/// A template of text begins with "Subject: …" and an empty line.
std::pair<std::string, std::string> subject_and_text(const std::string& filled) {
  constexpr std::string_view mark = "Subject: ";
  const auto end = filled.find("\n\n");
  if (!filled.starts_with(mark) || end == std::string::npos) throw std::logic_error("a template has no subject");
  return {filled.substr(mark.size(), end - mark.size()), filled.substr(end + 2)};
}

}  // namespace

values values_of(const payment::booking_successful& what, auth::language language) {
  auto filled = values_of_booking(what.booking, language);
  filled.texts["amount"] = documents::amount_text(what.amount, what.currency);
  filled.holding.emplace(name_of(what.payment_method));
  return filled;
}

values values_of(const payment::booking_failed& what, auth::language) {
  return {.texts = {{"booking_id", number(what.booking_id)},
                    {"amount", documents::amount_text(what.amount, what.currency)},
                    {"reason", what.reason}},
          .holding = {std::string(name_of_reason(what.reason_code))}};
}

values values_of(const booking::refund_notice& what, auth::language language) {
  auto filled = values_of_booking(what.booking, language);
  filled.holding.emplace(name_of(what.initiated_by));
  return filled;
}

values values_of(const payment::refund_completed& what, auth::language) {
  return {.texts = {{"booking_id", number(what.booking_id)},
                    {"refund_id", what.refund_id},
                    {"amount", documents::amount_text(what.amount, what.currency)}},
          .holding = {std::string(name_of(what.payment_method))}};
}

letter write_letter(kind about, std::string_view facts, const auth::contact_view& reader, const papers& with,
                    const std::string& public_url) {
  auto filled = with_event_of(about, [&]<class E>(const E&) {
    const auto what = contract::read_event<E>(facts);
    return values_of(what, reader.language);
  });
  filled.texts["name"] = reader.username;
  filled.texts["language"] = contract::enum_name(reader.language);
  filled.texts["public_url"] = public_url;
  filled.holding.emplace(with.codes.empty() ? "without_tickets" : "with_tickets");
  for (const auto& each : with.codes) {
    filled.lists["tickets"].push_back({{"seat", each.seat}, {"content_id", each.content_id}});
  }
  make_one_line(filled);

  const auto name = fmt::format("{}/{}", contract::enum_name(reader.language), name_of(about));
  const auto [subject, text] = subject_and_text(fill(template_text(name + ".txt"), filled, form::text));
  auto framed = filled;
  framed.texts["subject"] = subject;
  framed.texts["content"] = text;
  auto framed_text = fill(template_text("frame.txt"), framed, form::text);
  framed.texts["content"] = fill(template_text(name + ".html"), filled, form::html);
  return {.subject = subject,
          .text = std::move(framed_text),
          .html = fill(template_text("frame.html"), framed, form::html)};
}

}  // namespace ticketshow::notification
