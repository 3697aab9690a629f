#include "contract/router.hpp"

#include <array>
#include <exception>

#include "base/assert.hpp"
#include "rt/log.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::contract {
namespace {

constexpr std::size_t max_segments = 16;  // no endpoint has nearly as many; a path that has finds nothing

struct segment_list {
  std::array<std::string_view, max_segments> items;
  std::size_t count = 0;
  bool too_many = false;
};

/// The parts between the slashes, without empty ones: every request passes here, so nothing is allocated.
segment_list split(std::string_view path) {
  segment_list segments;
  while (!path.empty()) {
    path.remove_prefix(path.starts_with('/') ? 1 : 0);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (segment.empty()) continue;
    segments.too_many = segments.count == max_segments;
    if (segments.too_many) break;
    segments.items[segments.count++] = segment;
  }
  return segments;
}

bool is_hole(std::string_view segment) { return segment.starts_with('{'); }

}  // namespace

result<void> authorize(const spec& what, const rt::principal& caller) {
  switch (what.who) {
    case access::all:
      return {};
    case access::user:
      return caller.is_user() ? result<void>{} : fail(not_authenticated);
    case access::admin:
      if (caller.is_admin()) return {};
      return caller.is_user() ? fail(not_allowed, "Only an administrator may do that.") : fail(not_authenticated);
    case access::staff:
      if (caller.is_staff() || caller.is_admin()) return {};
      return caller.is_user() ? fail(not_allowed, "Only the staff of a venue may do that.") : fail(not_authenticated);
    case access::service:
      return caller.is_service() ? result<void>{} : fail(not_allowed);
  }
  return fail(not_allowed);
}

void router::add_route(const spec& what, std::size_t max_body, answer_function answer) {
  const auto full = prefix_ + std::string(what.path);
  route added{&what, fmt::format("{} {}", to_string(what.verb), what.path), count_++, {}, max_body, std::move(answer)};
  const auto parts = split(full);
  TICKETSHOW_ASSERT(!parts.too_many);
  for (std::size_t i = 0; i < parts.count; ++i) added.segments.emplace_back(parts.items[i]);
  auto& same_length = routes_[added.segments.size()];
  // A fixed segment wins over a hole ("/shows/mine" before "/shows/{id}"), whichever was declared first.
  const auto later = [&](const route& each) {
    for (std::size_t i = 0; i < added.segments.size(); ++i) {
      if (is_hole(each.segments[i]) != is_hole(added.segments[i])) return is_hole(each.segments[i]);
    }
    return false;
  };
  same_length.insert(std::ranges::find_if(same_length, later), std::move(added));
}

router::match router::find(http::method verb, std::string_view path) const {
  match outcome;
  const auto segments = split(path);
  const auto same_length = routes_.find(segments.count);
  if (segments.too_many || same_length == routes_.end()) return outcome;
  for (const auto& each : same_length->second) {
    bool fits = true;
    for (std::size_t i = 0; fits && i < segments.count; ++i) {
      fits = is_hole(each.segments[i]) || each.segments[i] == segments.items[i];
    }
    if (!fits) continue;
    outcome.path_known_ = true;
    if (each.what->verb != verb && !(verb == http::method::HEAD && each.what->verb == http::method::GET)) continue;
    for (std::size_t i = 0; i < segments.count; ++i) {
      const std::string_view name = each.segments[i];
      if (is_hole(name)) outcome.values_.emplace_back(name.substr(1, name.size() - 2), segments.items[i]);
    }
    outcome.found_ = &each;
    return outcome;
  }
  return outcome;
}

std::string router::methods_of(std::string_view path) const {
  using enum http::method;
  std::string known;
  for (const auto verb : {GET, HEAD, POST, PUT, PATCH, DELETE}) {
    if (find(verb, path).found_ != nullptr) known += fmt::format("{}{}", known.empty() ? "" : ", ", to_string(verb));
  }
  return known;
}

rt::task<http::response> router::dispatch(rt::call call, const http::request& incoming, match matched) const {
  if (matched.found_ == nullptr) {
    const problem what{matched.path_known_ ? &method_not_allowed : &not_found, {}};
    auto refusal = to_response(what, call.correlation_id);
    if (matched.path_known_) refusal.headers.push_back({"Allow", methods_of(incoming.path())});
    co_return refusal;
  }
  if (const auto allowed = authorize(*matched.found_->what, call.caller); !allowed) {
    co_return to_response(allowed.error(), call.correlation_id);
  }
  const auto correlation_id = call.correlation_id;
  const error* kind = &internal_error;
  std::string why;
  try {
    co_return co_await matched.found_->answer(std::move(call), incoming, std::move(matched.values_));
  } catch (const rt::unavailable& failure) {
    kind = &service_unavailable;
    why = failure.what();
  } catch (const std::exception& failure) {
    why = failure.what();
  } catch (...) {
    why = "an exception that is no std::exception";
  }
  rt::log::error(
      "request failed",
      {{"endpoint", matched.found_->label}, {"correlation_id", correlation_id}, {"code", kind->code}, {"error", why}});
  problem what{kind, {}};
  if (kind == &service_unavailable) what.retry_after_s = 1;
  co_return to_response(what, correlation_id);
}

}  // namespace ticketshow::contract
