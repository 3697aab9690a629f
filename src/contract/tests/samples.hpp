#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/codec.hpp"
#include "contract/port.hpp"
#include "contract/stream.hpp"

/// Endpoints that use every kind of field, for the tests of this folder.
namespace ticketshow::contract::samples {

enum class colour { RED, GREEN };
BOOST_DESCRIBE_ENUM(colour, RED, GREEN)

inline constexpr error out_of_paint{"OUT_OF_PAINT", 409, "There is no paint left."};

struct part {
  std::int64_t id;
  std::string label;
  std::optional<money> price;
};
BOOST_DESCRIBE_STRUCT(part, (), (id, label, price))

struct everything {
  bool flag;
  std::int32_t small;
  std::int64_t number;
  money amount;
  timestamp at;
  std::chrono::year_month_day day;
  colour shade;
  std::string text;
  std::optional<std::string> maybe;
  std::vector<std::int64_t> ids;
  std::vector<part> parts;
  cookie secret;
};
BOOST_DESCRIBE_STRUCT(everything, (), (flag, small, number, amount, at, day, shade, text, maybe, ids, parts, secret))

/// Answers what it was sent.
struct echo {
  std::string name;  // in the path
  bool flag;
  std::int32_t small;
  std::int64_t number;
  money amount;
  timestamp at;
  std::chrono::year_month_day day;
  colour shade;
  std::string text;
  std::optional<std::string> maybe;
  std::vector<std::int64_t> ids;
  std::vector<part> parts;
  cookie secret;

  using response = everything;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/echo/{name}",
                                       .who = access::all,
                                       .status = 201,
                                       .summary = "Answer what was sent"};
  static constexpr const error* errors[] = {&out_of_paint};
  static constexpr field fields[] = {{.name = "number", .help = "A number.", .min = -10, .max = 1'000'000'000'000},
                                     {.name = "amount", .min = 1, .max = 1'000'000'00},
                                     {.name = "text", .min = 1, .max = 50},
                                     {.name = "ids", .min = 1, .max = 10}};
};
BOOST_DESCRIBE_STRUCT(echo, (), (name, flag, small, number, amount, at, day, shade, text, maybe, ids, parts, secret))

struct found_things {
  std::vector<std::string> seen;
};
BOOST_DESCRIBE_STRUCT(found_things, (), (seen))

/// Answers its query as text.
struct find_things {
  std::string q;
  std::optional<std::int64_t> limit;
  std::optional<colour> shade;
  std::optional<timestamp> since;
  std::optional<bool> all;

  using response = found_things;
  static constexpr contract::spec spec{
      .verb = http::method::GET, .path = "/things", .who = access::all, .summary = "Find things"};
  static constexpr field fields[] = {{.name = "q", .min = 1, .max = 20}, {.name = "limit", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(find_things, (), (q, limit, shade, since, all))

struct get_thing {
  std::int64_t id;

  using response = cached<found_things>;
  static constexpr contract::spec spec{
      .verb = http::method::GET, .path = "/things/{id}", .who = access::all, .summary = "One thing"};
  static constexpr field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_thing, (), (id))

struct get_mine {
  using response = found_things;
  static constexpr contract::spec spec{
      .verb = http::method::GET, .path = "/things/mine", .who = access::user, .summary = "My things"};
};
BOOST_DESCRIBE_STRUCT(get_mine, (), ())

struct remove_thing {
  std::int64_t id;

  using response = nothing;
  static constexpr contract::spec spec{
      .verb = http::method::DELETE, .path = "/things/{id}", .who = access::admin, .summary = "Remove a thing"};
};
BOOST_DESCRIBE_STRUCT(remove_thing, (), (id))

/// Fails as `how` says: "unavailable", "broken", "paint", "slow".
struct misbehave {
  std::string how;

  using response = nothing;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/misbehave",
                                       .who = access::service,
                                       .summary = "Fail in a chosen way"};
  static constexpr const error* errors[] = {&out_of_paint};
};
BOOST_DESCRIBE_STRUCT(misbehave, (), (how))

/// Answers the bytes that it was sent, under the name of the query, with the header in their type.
struct upload {
  std::int64_t id;
  std::string name;
  header x_mark;
  content picture;

  using response = content;
  static constexpr std::string_view media = "image/png";
  static constexpr contract::spec spec{
      .verb = http::method::PUT, .path = "/things/{id}/picture", .who = access::all, .summary = "Keep a picture"};
  static constexpr field fields[] = {{.name = "picture", .min = 1, .max = 100, .format = "image/*"}};
};
BOOST_DESCRIBE_STRUCT(upload, (), (id, name, x_mark, picture))

struct tick {
  std::int64_t number;
  std::string word;
  static constexpr std::string_view message = "tick";
};
BOOST_DESCRIBE_STRUCT(tick, (), (number, word))

struct alarm {
  std::string why;
  static constexpr std::string_view message = "alarm";
};
BOOST_DESCRIBE_STRUCT(alarm, (), (why))

/// Goes on after the message that the header names, up to the third.
struct watch_clock {
  std::int64_t id;
  header last_event_id;

  using response = stream<tick, alarm>;
  static constexpr contract::spec spec{
      .verb = http::method::GET, .path = "/clocks/{id}/stream", .who = access::all, .summary = "A clock that ticks"};
  static constexpr const error* errors[] = {&out_of_paint};
};
BOOST_DESCRIBE_STRUCT(watch_clock, (), (id, last_event_id))

using all_endpoints = endpoints<echo, find_things, get_thing, get_mine, remove_thing, misbehave, upload, watch_clock>;
using port = port_of<all_endpoints>;

/// The service behind them. It notes the last call.
class service final : public port {
 public:
  using port::handle;
  rt::task<result<everything>> handle(rt::call call, echo request) override;
  rt::task<result<found_things>> handle(rt::call call, find_things request) override;
  rt::task<result<cached<found_things>>> handle(rt::call call, get_thing request) override;
  rt::task<result<found_things>> handle(rt::call call, get_mine request) override;
  rt::task<result<nothing>> handle(rt::call call, remove_thing request) override;
  rt::task<result<nothing>> handle(rt::call call, misbehave request) override;
  rt::task<result<content>> handle(rt::call call, upload request) override;
  /// There is paint for no clock 7.
  rt::task<result<watch_clock::response>> handle(rt::call call, watch_clock request) override;

  int calls = 0;
  rt::call last;
};

}  // namespace ticketshow::contract::samples
