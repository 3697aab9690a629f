#include "services/catalog/posters.hpp"

#include <algorithm>
#include <expected>

#include "api/catalog.hpp"
#include "contract/multipart.hpp"
#include "images/images.hpp"
#include "rt/fault_point.hpp"
#include "rt/log.hpp"
#include "rt/unavailable.hpp"
#include "services/catalog/queries.hpp"
#include "services/catalog/rows.hpp"
#include "services/catalog/service.hpp"

namespace ticketshow::catalog {
namespace {

/// Each picture in the making may take a few hundred megabytes: images::most_pixels.
constexpr std::size_t threads = 1;
constexpr std::size_t most_waiting = 4;

/// Less than the minute for which a sweeper has what it removes.
constexpr auto removal_timeout = std::chrono::seconds(30);
constexpr auto sweep_timeout = std::chrono::seconds(10);

constexpr const contract::error& error_of(images::refusal why) {
  switch (why) {
    case images::refusal::unknown_format:
      return poster_unsupported;
    case images::refusal::too_large:
      return poster_too_many_pixels;
    case images::refusal::broken:
      break;
  }
  return poster_broken;
}

contract::result<std::string> content_of(const contract::content& form) {
  const auto found = contract::form_field(form.type, form.bytes, "poster");
  if (!found) {
    switch (found.error()) {
      case contract::multipart_error::no_such_field:
        return contract::fail(poster_missing);
      case contract::multipart_error::several_fields:
        return contract::fail(poster_missing, "The form must have one field poster, not several.");
      case contract::multipart_error::not_multipart:
        return contract::fail(contract::malformed_request, "The body must be sent as multipart/form-data.");
      case contract::multipart_error::malformed:
        break;
    }
    return contract::fail(contract::malformed_request, "The form could not be read.");
  }
  if (found->empty()) return contract::fail(poster_missing);
  if (std::cmp_greater(found->size(), max_poster_bytes)) {
    return contract::fail(poster_too_large, fmt::format("A poster may have at most {} bytes; this one has {}.",
                                                        max_poster_bytes, found->size()));
  }
  return std::string(*found);
}

std::vector<std::int64_t> widths_of(const std::vector<images::rendition>& made) {
  std::vector<std::int64_t> widths;
  for (const auto& each : made) widths.push_back(each.width);
  return widths;
}

}  // namespace

posters::posters(rt::executor io, pg::pool& database, ports::blob_store& blobs, poster_options settings)
    : database_(database),
      blobs_(blobs),
      settings_(settings),
      workers_(threads, most_waiting),
      background_(io, "posters") {}

void posters::start() {
  background_.repeat(settings_.sweep_every, [this] { return sweep(); });
}

rt::task<> posters::stop(rt::deadline until) { co_await background_.close(until); }

rt::task<contract::result<poster>> posters::keep(rt::deadline until, std::string content) {
  const auto name = poster_name_of(content);
  auto work = [bytes = std::move(content)] { return images::render(bytes, poster_widths); };
  auto made = co_await workers_.run(std::move(work));
  if (!made) throw rt::unavailable("too many posters are being made");
  if (!*made) co_return contract::fail(error_of(made->error()));
  auto& renditions = **made;

  const poster noted{name, widths_of(renditions), renditions.back().height};
  const auto rows = co_await database_.run(until, queries::note_poster, noted.name, noted.widths, noted.height);
  if (rows.empty()) throw rt::unavailable("an earlier poster of the same content is being removed");
  for (auto& each : renditions) {
    co_await blobs_.put(until, poster_key(name, each.width, ".webp"), std::move(each.webp));
    co_await blobs_.put(until, poster_key(name, each.width, ".jpg"), std::move(each.jpeg));
  }
  co_return noted;
}

rt::task<> posters::sweep() {
  const auto until = rt::deadline::after(sweep_timeout);
  {
    auto transaction = co_await database_.begin(until);
    const auto unused = co_await transaction.run(queries::lock_unused_posters, settings_.keep_unused_s);
    const auto names = all_of(unused, [](auto row) { return row.template get<std::string>(0); });
    if (!names.empty()) co_await transaction.run(queries::doom_posters, names);
    co_await transaction.commit();
    if (!names.empty()) rt::fault_point("catalog.poster_doomed");
  }
  const auto doomed = co_await database_.run(until, queries::lease_doomed_posters);
  const auto removal = rt::deadline::after(removal_timeout);
  for (const auto row : doomed) {
    const poster gone{row.get<std::string>(0), row.get<std::vector<std::int64_t>>(1), row.get<std::int64_t>(2)};
    try {
      co_await remove(removal, gone);
    } catch (const std::exception& error) {  // it is tried again; the others need not wait for it
      rt::log::warning("a poster could not be removed", {{"name", gone.name}, {"reason", error.what()}});
    }
  }
}

rt::task<> posters::remove(rt::deadline until, poster gone) {
  for (const auto& key : poster_keys(gone)) co_await blobs_.remove(until, key);
  rt::fault_point("catalog.poster_removed");
  co_await database_.run(until, queries::forget_poster, gone.name);
  rt::log::info("poster removed", {{"name", gone.name}});
}

// The old poster, if no other show has it, is swept some time after the commit.
rt::task<contract::result<show_view>> service::handle(rt::call call, upload_poster request) {
  auto content = content_of(request.poster);
  if (!content) co_return std::unexpected(std::move(content.error()));
  const auto known = co_await database_.run(call.until, queries::get_show, request.id);
  if (known.empty()) co_return contract::fail(show_not_found);
  if (show_status_of(known.front()) == show_status::CANCELLED) co_return contract::fail(show_cancelled);
  const auto kept = co_await posters_.keep(call.until, std::move(*content));
  if (!kept) co_return std::unexpected(kept.error());
  rt::fault_point("catalog.poster_kept");

  auto transaction = co_await database_.begin(call.until);
  const auto found = co_await transaction.run(queries::lock_show, request.id);
  if (found.empty()) co_return contract::fail(show_not_found);
  if (show_status_of(found.front()) == show_status::CANCELLED) co_return contract::fail(show_cancelled);
  std::vector names{kept->name};
  if (const auto old = poster_of(found.front())) names.push_back(old->name);
  const auto touched = co_await transaction.run(queries::touch_posters, names);
  const auto still_there = all_of(touched, [](auto row) { return row.template get<std::string>(0); });
  if (std::ranges::find(still_there, kept->name) == still_there.end()) {
    throw rt::unavailable("the poster was removed before the show had it");
  }
  const auto updated = co_await transaction.run(queries::set_poster, request.id, kept->name);
  const std::vector id{request.id};
  co_await record_shows(transaction, id, recorded(call, change::updated));
  co_await transaction.commit();
  rt::fault_point("catalog.poster_changed");
  committed();
  show_list_.drop();
  co_return show_of(updated.front(), around());
}

}  // namespace ticketshow::catalog
