#include "contract/codec.hpp"

#include <gtest/gtest.h>

#include "contract/tests/samples.hpp"
#include "contract/wire.hpp"

namespace ticketshow::contract {
namespace {

using samples::everything;

constexpr std::string_view whole =
    R"({"flag":true,"small":-7,"number":9007199254740993,"amount":0.10,"at":"2026-11-23T18:30:00+05:30","day":"2028-02-29",)"
    R"("shade":"GREEN","text":"Grüße \"\\\n","maybe":null,"ids":[1,2],"parts":[{"id":1,"label":"a","price":19.99},{"id":2,"label":"b"}]})";

everything read(std::string_view text, problems& found) {
  everything value{};
  const auto document = parse_document(text);
  EXPECT_TRUE(document.ok) << document.why;
  read_json(document.root, value, "", found);
  return value;
}

/// `whole` with one member's value replaced.
problems problems_with(std::string_view member, std::string_view value) {
  std::string text(whole);
  const auto at = text.find('"' + std::string(member) + "\":") + member.size() + 3;
  const auto following = text.find(",\"", at);
  text.replace(at, (following == std::string::npos ? text.size() - 1 : following) - at, value);
  problems found;
  read(text, found);
  return found;
}

TEST(Codec, ReadsEveryKindOfField) {
  problems found;
  const auto value = read(whole, found);
  ASSERT_TRUE(found.empty()) << found.front().pointer << found.front().message;
  EXPECT_TRUE(value.flag);
  EXPECT_EQ(value.small, -7);
  EXPECT_EQ(value.number, 9007199254740993);  // no binary float holds it
  EXPECT_EQ(value.amount, money{10});
  EXPECT_EQ(to_rfc3339(value.at), "2026-11-23T13:00:00Z");
  EXPECT_EQ(to_string(value.day), "2028-02-29");
  EXPECT_EQ(value.shade, samples::colour::GREEN);
  EXPECT_EQ(value.text, "Grüße \"\\\n");
  EXPECT_FALSE(value.maybe);
  EXPECT_EQ(value.ids, (std::vector<std::int64_t>{1, 2}));
  ASSERT_EQ(value.parts.size(), 2U);
  EXPECT_EQ(value.parts[0].price, money{1999});
  EXPECT_FALSE(value.parts[1].price);
}

TEST(Codec, WritesWhatItReads) {
  problems found;
  const auto value = read(whole, found);
  std::string text;
  write_json(text, value);
  EXPECT_FALSE(text.contains("secret"));  // cookies never stand in a body
  const auto again = read(text, found);
  EXPECT_TRUE(found.empty());
  std::string same;
  write_json(same, again);
  EXPECT_EQ(same, text);
}

struct longer : samples::part {
  std::int64_t more;
};
BOOST_DESCRIBE_STRUCT(longer, (samples::part), (more))

TEST(Codec, ATypeHasTheMembersOfItsBaseAndThenItsOwn) {
  std::string text;
  write_json(text, longer{{1, "a", money{50}}, 7});
  EXPECT_EQ(text, R"({"id":1,"label":"a","price":0.50,"more":7})");
  longer read{};
  problems found;
  read_json(parse_document(text).root, read, "", found);
  EXPECT_TRUE(found.empty());
  EXPECT_EQ(read.label, "a");
  EXPECT_EQ(read.more, 7);
}

TEST(Codec, AmountsAreExactOverTheWire) {
  for (const std::int64_t minor :
       {1L, 10L, 20L, 30L, 29L, 57L, 58L, 70L, 115L, 1001L, 1999L, 435L, 9'999'999'999'999L}) {
    std::string text;
    write_json(text, money{minor});
    money back;
    problems found;
    read_json(parse_document(text).root, back, "", found);
    EXPECT_TRUE(found.empty());
    EXPECT_EQ(back, money{minor}) << text;
  }
  for (const auto* text : {"0.1", "0.10", "0.100"}) {
    money back;
    problems found;
    read_json(parse_document(text).root, back, "", found);
    EXPECT_EQ(back, money{10});
  }
}

TEST(Codec, AmountsThatAreNotExactAreRefused) {
  for (const auto* text : {"0.001", "1e2", "10000000000000000000000", "100000000000000.00", "\"1.00\"",
                           "-100000000000000.01", "0.30000000000000004"}) {
    const auto found = problems_with("amount", text);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_EQ(found[0].pointer, "/amount");
  }
}

TEST(Codec, WrongTypesAreNamedWithTheirPointer) {
  const std::pair<const char*, const char*> cases[] = {{"flag", "1"},
                                                       {"flag", "\"true\""},
                                                       {"small", "2147483648"},
                                                       {"small", "1.0"},
                                                       {"small", "true"},
                                                       {"number", "1e2"},
                                                       {"number", "\"1\""},
                                                       {"number", "[]"},
                                                       {"number", "9223372036854775808"},
                                                       {"number", "null"},
                                                       {"at", "5"},
                                                       {"at", "\"2026-11-23T18:30:00\""},
                                                       {"day", "\"2026-02-29\""},
                                                       {"shade", "\"BLUE\""},
                                                       {"shade", "\"red\""},
                                                       {"shade", "\"RED\\u0000x\""},
                                                       {"shade", "0"},
                                                       {"text", "5"},
                                                       {"text", "\"a\\u0000b\""},
                                                       {"maybe", "5"},
                                                       {"ids", "{}"},
                                                       {"ids", "null"}};
  for (const auto& [member, value] : cases) {
    const auto found = problems_with(member, value);
    ASSERT_EQ(found.size(), 1U) << member << ' ' << value;
    EXPECT_EQ(found[0].pointer, '/' + std::string(member)) << value;
    EXPECT_FALSE(found[0].message.empty());
  }
}

TEST(Codec, PointersLeadIntoArraysAndObjects) {
  problems found;
  std::string text(whole);
  text.replace(text.find("[1,2]"), 5, "[1,\"x\"]");
  text.replace(text.find("\"label\":\"a\""), 11, "\"label\":7");
  text.replace(text.find("{\"id\":2,"), 8, "{");
  read(text, found);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].pointer, "/ids/1");
  EXPECT_EQ(found[1].pointer, "/parts/0/label");
  EXPECT_EQ(found[2].pointer, "/parts/1/id");
  EXPECT_EQ(found[2].message, "is missing");
}

TEST(Codec, UnknownFieldsArePassedOver) {
  std::string text(whole);
  text.insert(1, R"("user_id":1,"role":"ADMIN","deep":{"x":[{}]},)");
  problems found;
  read(text, found);
  EXPECT_TRUE(found.empty());
}

TEST(Codec, LimitsCountCharactersNotBytes) {
  problems found;
  check_limits(field{.name = "t", .min = 1, .max = 3}, std::string("äöü"), "/t", found);
  EXPECT_TRUE(found.empty());
  check_limits(field{.name = "t", .min = 1, .max = 3}, std::string("äöüß"), "/t", found);
  check_limits(field{.name = "t", .min = 1}, std::string(), "/t", found);
  check_limits(field{.name = "n", .min = 1, .max = 2}, std::int64_t{3}, "/n", found);
  check_limits(field{.name = "m", .min = 1}, money{0}, "/m", found);
  check_limits(field{.name = "v", .max = 1}, std::vector<int>{1, 2}, "/v", found);
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[3].message, "must be at least 0.01");
}

TEST(Codec, WhatIsWantedIsNotBlank) {
  const auto told = [](const field& limits, std::string_view text) {
    problems found;
    check_string(limits, text, "/x", found);
    return found.empty() ? std::string() : found.front().message;
  };
  const field title{.name = "x", .min = 1, .max = 255};
  for (const auto* blank : {"", " ", " \t\r\n"}) EXPECT_EQ(told(title, blank), "must not be empty") << blank;
  EXPECT_EQ(told(title, " a "), "");
  EXPECT_EQ(told(field{.name = "x", .max = 255}, "  "), "");
  EXPECT_EQ(told(field{.name = "x", .min = 8, .format = "password"}, "        "), "");
  EXPECT_EQ(told(field{.name = "x", .min = 5, .max = 8, .format = "clock"}, "2am"),
            "must be a time of day such as 09:30");

  problems found;
  check_count(field{.name = "v", .min = 1}, 0, "/v", found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].message, "must not be empty");
}

TEST(Codec, AddressesAndClocksAreChecked) {
  const auto fits = [](std::string_view format, std::string_view text) {
    problems found;
    check_string(field{.name = "x", .format = format}, text, "/x", found);
    return found.empty();
  };
  for (const auto* good : {"a@b.de", "first.last+tag@sub.example.org", "ü@example.org"})
    EXPECT_TRUE(fits("email", good)) << good;
  for (const auto* bad : {"", "a", "@b.de", "a@", "a@b", "a@.de", "a@b..de", "a@b.de.", "a b@c.de",
                          "a@b.de\r\nBcc: x@y.z", "a@@b.de", "a@b.de,c@d.de", "<a@b.de>"}) {
    EXPECT_FALSE(fits("email", bad)) << bad;
  }
  for (const auto* good : {"00:00", "23:59", "09:30:59"}) EXPECT_TRUE(fits("clock", good)) << good;
  for (const auto* bad : {"", "24:00", "9:30", "09:60", "09-30", "09:30:60", "09:30:5", "0a:00"})
    EXPECT_FALSE(fits("clock", bad)) << bad;
}

}  // namespace
}  // namespace ticketshow::contract
