#include "contract/document.hpp"

#include <gtest/gtest.h>

namespace ticketshow::contract {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string object_of(std::size_t members) {
  std::string text = "{";
  for (std::size_t i = 0; i < members; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  return text + '}';
}

TEST(Document, KeepsTheTextOfNumbers) {
  for (const auto* text :
       {"0.1", "350.00", "-0", "0", "12345678901234567890123456789", "1e3", "1E-7", "0.30000000000000004",
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "-1.5"}) {
    const auto document = parse_document(text);
    ASSERT_TRUE(document.ok) << text << ": " << document.why;
    EXPECT_EQ(document.root.type, json_node::kind::number);
    EXPECT_EQ(document.root.text, text);
    const auto inside = parse_document("{\"a\":[" + std::string(text) + "," + text + "]}");
    ASSERT_TRUE(inside.ok) << text;
    EXPECT_EQ(inside.root.find("a")->children[1].text, text);
  }
}

TEST(Document, KeepsTheTextOfNumbersThatNoBinaryFloatCanHold) {
  const auto many_digits = std::string(400, '9') + '.' + std::string(400, '1');
  const auto document = parse_document("[" + many_digits + "]");
  ASSERT_TRUE(document.ok) << document.why;
  EXPECT_EQ(document.root.children[0].text, many_digits);
}

TEST(Document, ReadsEveryKindOfValue) {
  const auto document =
      parse_document(R"( {"n":null,"t":true,"f":false,"s":"a\n\u00e9\ud83d\ude00","a":[1,[]],"o":{"":2}} )");
  ASSERT_TRUE(document.ok) << document.why;
  EXPECT_EQ(document.root.find("n")->type, json_node::kind::null);
  EXPECT_TRUE(document.root.find("t")->boolean);
  EXPECT_FALSE(document.root.find("f")->boolean);
  EXPECT_EQ(document.root.find("s")->text, "a\n\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(document.root.find("a")->children.size(), 2U);
  EXPECT_EQ(document.root.find("o")->find("")->text, "2");
  EXPECT_EQ(document.root.find("x"), nullptr);
}

TEST(Document, RefusesWhatIsNotOneJsonValue) {
  for (const auto* text :
       {"",        " ",         "{",   "[1,]",   "{\"a\":1,}", "{a:1}",       "'a'",        "01",
        "+1",      ".5",        "1.",  "NaN",    "Infinity",   "nul",         "true false", "{}{}",
        "// c\n1", "/* c */ 1", "\"a", "\"\t\"", "\"\\x\"",    "\"\\ud800\"", "1 x",        "\xEF\xBB\xBF{}"}) {
    const auto document = parse_document(text);
    EXPECT_FALSE(document.ok) << text;
    EXPECT_FALSE(document.why.empty()) << text;
    EXPECT_EQ(document.root.type, json_node::kind::null) << text;
  }
}

TEST(Document, RefusesBytesThatAreNotUtf8) {
  for (const auto* text :
       {"\"\xFF\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"", "\"\xC3\"", "{\"\xC3\x28\":1}"}) {
    EXPECT_FALSE(parse_document(text).ok);
  }
}

TEST(Document, RefusesWhatIsTooDeepTooWideOrNamedTwice) {
  EXPECT_TRUE(parse_document(nested(max_json_depth)).ok);
  EXPECT_FALSE(parse_document(nested(max_json_depth + 1)).ok);
  EXPECT_FALSE(parse_document(std::string(100'000, '[')).ok);
  EXPECT_FALSE(parse_document(std::string(100'000, '{')).ok);
  EXPECT_TRUE(parse_document(object_of(200)).ok);
  EXPECT_FALSE(parse_document(object_of(1'000)).ok);
  std::string many = "[0";
  for (int i = 0; i < 1'000'000; ++i) many += ",0";
  EXPECT_FALSE(parse_document(many + ']').ok);
  const auto twice = parse_document(R"({"price":1,"x":{"a":1,"\u0061":2}})");
  EXPECT_FALSE(twice.ok);
  EXPECT_EQ(twice.why, "An object in the body names a member twice.");
}

TEST(Document, EveryTruncationOfAValueIsRefusedOrAWholeValue) {
  const std::string whole = R"({"a":[1,2.5,{"b":"x\u00e9"},null,true],"c":-1e5})";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_document(whole.substr(0, size)).ok) << size;
  EXPECT_TRUE(parse_document(whole).ok);
}

}  // namespace
}  // namespace ticketshow::contract
