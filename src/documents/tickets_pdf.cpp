#include "documents/tickets_pdf.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "documents/formats.hpp"
#include "documents/page.hpp"
#include "documents/text.hpp"
#include "documents/words.hpp"

namespace ticketshow::documents {
namespace {

// A6 in points. The upper half is for people, the lower half, which may be torn off, for the scanner.
constexpr double page_width = millimetres(105);
constexpr double page_height = millimetres(148);
constexpr double margin = 20;
constexpr double inner = page_width - 2 * margin;
constexpr double code_side = millimetres(37);

constexpr colour night{0.06, 0.09, 0.16};
constexpr colour gold{0.98, 0.75, 0.14};
constexpr colour white{1, 1, 1};
constexpr colour ink{0.06, 0.09, 0.16};
constexpr colour quiet{0.39, 0.45, 0.55};
constexpr colour mist{0.95, 0.96, 0.98};

constexpr lettering label{.size = 7, .least_size = 5, .ink = quiet};
constexpr lettering strong{.size = 12, .least_size = 6, .ink = ink, .bold = true};
constexpr lettering fine{.size = 8.5, .least_size = 5.5, .ink = quiet};

/// A small label with what it labels under it.
void entry(pages& on, std::string_view name, std::string_view value, box where, lettering how = strong) {
  constexpr double label_height = 11;
  auto name_how = label;
  name_how.along = how.along;
  on.write(name, {where.x, where.y, where.width, label_height}, name_how);
  on.write(value, {where.x, where.y + label_height, where.width, where.height - label_height}, how);
}

void head(pages& on, const visit& of, const issuer& by, const words& say) {
  constexpr double height = 116;
  constexpr double line_y = 16;
  on.fill({0, 0, page_width, height}, night);
  on.fill({0, height, page_width, 3}, gold);
  on.write(by.name, {margin, line_y, inner * 0.55, 14}, {.size = 9, .least_size = 6, .ink = gold, .bold = true});
  on.write(say.admits_one, {margin + inner * 0.55, line_y, inner * 0.45, 14},
           {.size = 9, .least_size = 6, .ink = white, .bold = true, .along = placing::end});
  on.write(of.show_name, {margin, 36, inner, height - 36 - 8},
           {.size = 28, .least_size = 9, .ink = white, .bold = true, .half_way_down = true});
}

void when_and_where(pages& on, const visit& of, const words& say, auth::language language) {
  constexpr double date_width = inner * 0.62;
  entry(on, say.date, day_text(of.starts, of.time_zone, language), {margin, 129, date_width - 8, 30});
  entry(on, say.time, hour_text(of.starts, of.time_zone, language), {margin + date_width, 129, inner - date_width, 30});
  constexpr double place_y = 163;
  constexpr double place_height = 50;
  on.write(say.place, {margin, place_y, inner, 11}, label);
  const auto rest = place_height - 11;
  const auto name_height = of.venue_address.empty() ? rest : rest * 0.5;
  const auto taken = on.write(of.venue_name, {margin, place_y + 11, inner, name_height}, strong);
  if (of.venue_address.empty()) return;
  on.write(of.venue_address, {margin, place_y + 11 + taken, inner, rest - taken}, fine);
}

void seat(pages& on, const visit& of, const ticket& one, const words& say) {
  constexpr double y = 217;
  constexpr double height = 52;
  constexpr double gap = 6;
  constexpr double narrow = 62;
  constexpr double wide = inner - 2 * (narrow + gap);
  const auto panel = [&](double x, double width, std::string_view name, std::string_view value, double size) {
    on.fill({x, y, width, height}, mist);
    entry(on, name, value, {x + 5, y + 5, width - 10, height - 8},
          {.size = size, .least_size = 6, .ink = ink, .bold = true, .along = placing::middle, .half_way_down = true});
  };
  constexpr double large = 24;
  panel(margin, wide, say.screen, of.screen_name, 14);
  panel(margin + wide + gap, narrow, say.row, one.row, large);
  panel(margin + wide + 2 * gap + narrow, narrow, say.seat, one.seat, large);
}

void stub(pages& on, const visit& of, std::size_t number, const words& say) {
  constexpr double tear_y = 283;
  constexpr double y = page_height - margin - code_side;
  on.dashed_line(0, tear_y, page_width, quiet);
  on.draw(qr_of(of.tickets[number].code), {margin, y, code_side, code_side});
  constexpr double x = margin + code_side + 16;  // more than the quiet zone of any code
  constexpr double width = page_width - margin - x;
  entry(on, say.booking, std::to_string(of.booking_id), {x, y, width, 28});
  const money price{of.total.minor / std::ssize(of.tickets)};
  entry(on, say.price, amount_text(price, of.currency), {x, y + 29, width * 0.6, 28});
  entry(on, say.ticket, fmt::format(fmt::runtime(say.count), number + 1, of.tickets.size()),
        {x + width * 0.6, y + 29, width * 0.4, 28});
  on.write(say.advice, {x, y + 62, width, code_side - 62}, {.size = 7, .least_size = 5, .ink = quiet});
}

}  // namespace

std::string tickets_pdf(const visit& of, const issuer& by, timestamp written, auth::language language) {
  if (of.tickets.empty()) throw std::invalid_argument("there is no ticket to print");
  const auto& say = words_of(language);
  pages file(page_width, page_height, one_line(of.show_name), to_rfc3339(written), say.language);
  for (std::size_t number = 0; number < of.tickets.size(); ++number) {
    head(file, of, by, say);
    when_and_where(file, of, say, language);
    seat(file, of, of.tickets[number], say);
    stub(file, of, number, say);
    file.next();
  }
  return file.finish();
}

}  // namespace ticketshow::documents
