// Measures what documents cost and leaves samples to look at: documents_bench DIRECTORY
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "documents/calendar.hpp"
#include "documents/qr.hpp"
#include "documents/tests/sample.hpp"
#include "documents/tickets_pdf.hpp"

namespace {

using namespace ticketshow;
using namespace ticketshow::documents;

template <class F>
void measure(std::string_view name, F make) {
  constexpr int times = 200;
  const auto size = make().size();  // the first opens fonts
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) make();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  std::cout << fmt::format("{:<28} {:>8.3f} ms {:>8} bytes\n", name, took.count() / times, size);
}

}  // namespace

int main(int count, char** arguments) {
  const std::filesystem::path into = count > 1 ? arguments[1] : ".";
  auto one = documents::testing::sample_visit();
  one.tickets.resize(1);
  one.tickets.front().code = "TS1:" + std::string(144, '7');
  one.total = {350'00};
  auto ten = one;
  ten.tickets.assign(10, one.tickets.front());
  ten.total = {3'500'00};
  const auto by = documents::testing::sample_issuer();
  const auto day = documents::testing::sample_day();
  const auto began = std::chrono::steady_clock::now();
  for (const auto language : {auth::language::en, auth::language::hi}) {
    const auto name = fmt::format("tickets.{}.pdf", language == auth::language::en ? "en" : "hi");
    std::ofstream(into / name, std::ios::binary) << tickets_pdf(ten, by, day, language);
  }
  const std::chrono::duration<double, std::milli> first = std::chrono::steady_clock::now() - began;
  std::cout << fmt::format("{:<28} {:>8.3f} ms\n", "the first two, with fonts", first.count());
  measure("PDF of one ticket", [&] { return tickets_pdf(one, by, day, auth::language::en); });
  measure("PDF of ten tickets", [&] { return tickets_pdf(ten, by, day, auth::language::en); });
  measure("PDF of ten tickets, Hindi", [&] { return tickets_pdf(ten, by, day, auth::language::hi); });
  measure("QR as SVG", [&] { return qr_svg(qr_of(one.tickets.front().code)); });
  measure("QR as PNG", [&] { return qr_png(qr_of(one.tickets.front().code)); });
  measure("calendar entry", [&] { return calendar_entry(one, by, day, calendar_news::PUBLISH, auth::language::en); });
}
