#include <fmt/format.h>

#include "documents/calendar.hpp"
#include "documents/qr.hpp"
#include "documents/tickets_pdf.hpp"
#include "services/booking/paper_rules.hpp"
#include "services/booking/service.hpp"

// Tickets to take away. Their owner alone gets them: booking_of() knows no other booking. They bear the booking's time,
// so that the same tickets are the same bytes whenever they are fetched.
namespace ticketshow::booking {

rt::task<contract::result<booking_view>> service::ticketed(rt::call call, std::int64_t id) {
  auto found = co_await booking_of(std::move(call), id);
  if (!found) co_return found;
  if (auto any = rules::check_tickets(*found); !any) co_return std::unexpected(std::move(any.error()));
  co_return found;
}

rt::task<contract::result<contract::content>> service::make(std::function<contract::content()> paper) {
  auto made = co_await paper_makers_.run(std::move(paper));
  if (!made) co_return std::unexpected(contract::problem{.kind = &too_many_papers, .detail = {}, .retry_after_s = 1});
  co_return std::move(*made);
}

rt::task<contract::result<contract::content>> service::handle(rt::call call, get_tickets_pdf request) {
  const auto found = co_await ticketed(std::move(call), request.id);
  if (!found) co_return std::unexpected(found.error());
  auto paper = [of = rules::visit_of(*found), by = options_.issuer, written = found->created_at,
                language = request.language.value_or(auth::language::en)] {
    return contract::content{.type = "application/pdf",
                             .bytes = documents::tickets_pdf(of, by, written, language),
                             .name = fmt::format("tickets-{}.pdf", of.booking_id)};
  };
  co_return co_await make(std::move(paper));
}

/// Made at once: it takes some microseconds.
rt::task<contract::result<contract::content>> service::handle(rt::call call, get_calendar_entry request) {
  constexpr auto news = documents::calendar_news::PUBLISH;
  const auto found = co_await ticketed(std::move(call), request.id);
  if (!found) co_return std::unexpected(found.error());
  const auto language = request.language.value_or(auth::language::en);
  co_return contract::content{
      .type = documents::calendar_type(news),
      .bytes = documents::calendar_entry(rules::visit_of(*found), options_.issuer, found->created_at, news, language),
      .name = fmt::format("booking-{}.ics", found->id)};
}

rt::task<contract::result<contract::content>> service::handle(rt::call call, get_ticket_code request) {
  const auto found = co_await ticketed(std::move(call), request.id);
  if (!found) co_return std::unexpected(found.error());
  auto wanted = rules::code_named(*found, request.file);
  if (!wanted) co_return std::unexpected(wanted.error());
  auto paper = [wanted = std::move(*wanted)] {
    const auto code = documents::qr_of(wanted.code);
    return wanted.form == rules::image_form::SVG
               ? contract::content{.type = "image/svg+xml", .bytes = documents::qr_svg(code)}
               : contract::content{.type = "image/png", .bytes = documents::qr_png(code)};
  };
  co_return co_await make(std::move(paper));
}

}  // namespace ticketshow::booking
