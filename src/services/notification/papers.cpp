#include "services/notification/papers.hpp"

#include <new>

#include <fmt/format.h>

#include "documents/calendar.hpp"
#include "documents/qr.hpp"
#include "documents/tickets_pdf.hpp"

namespace ticketshow::notification {
namespace {

using documents::calendar_news;
using documents::visit_of;

papers calendar(const booking::booking_facts& of, const documents::issuer& by, timestamp written, calendar_news news,
                auth::language language) {
  return {.files = {{.name = "calendar.ics",
                     .content_type = documents::calendar_type(news),
                     .content = documents::calendar_entry(visit_of(of), by, written, news, language)}}};
}

/// Of what has been made when it fails, nothing is kept.
template <class F>
void add(papers& to, F make) {
  try {
    auto made = make();
    to.files.insert(to.files.end(), made.files.begin(), made.files.end());
    to.codes.insert(to.codes.end(), made.codes.begin(), made.codes.end());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    to.fault = error.what();
  }
}

papers tickets(const booking::booking_facts& booking, const documents::issuer& by, std::string_view message_id,
               timestamp written, auth::language language) {
  papers made;
  if (!booking.tickets) return made;  // an event from before there were tickets
  const auto of = visit_of(booking);
  made.files.push_back({.name = fmt::format("tickets-{}.pdf", of.booking_id),
                        .content_type = "application/pdf",
                        .content = documents::tickets_pdf(of, by, written, language)});
  for (const auto& each : of.tickets) {
    shown_code code{.seat = each.row + each.seat,
                    .content_id = fmt::format("ticket-{}.{}", made.codes.size() + 1, message_id)};
    made.files.push_back({.name = fmt::format("ticket-{}.png", code.seat),
                          .content_type = "image/png",
                          .content = documents::qr_png(documents::qr_of(each.code)),
                          .content_id = code.content_id});
    made.codes.push_back(std::move(code));
  }
  return made;
}

}  // namespace

papers papers_of(kind about, std::string_view facts, auth::language language, const documents::issuer& by,
                 std::string_view message_id, timestamp happened_at) {
  papers all;
  if (about == kind::BOOKING_CONFIRMED) {
    const auto of = [&] { return contract::read_event<payment::booking_successful>(facts).booking; };
    add(all, [&] { return tickets(of(), by, message_id, happened_at, language); });
    add(all, [&] { return calendar(of(), by, happened_at, calendar_news::PUBLISH, language); });
  } else if (about == kind::REFUND_INITIATED) {
    const auto of = [&] { return contract::read_event<booking::refund_notice>(facts).booking; };
    add(all, [&] { return calendar(of(), by, happened_at, calendar_news::CANCEL, language); });
  }
  return all;
}

}  // namespace ticketshow::notification
