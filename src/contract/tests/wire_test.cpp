#include "contract/wire.hpp"

#include <gtest/gtest.h>

#include "contract/tests/samples.hpp"

namespace ticketshow::contract {
namespace {

using samples::echo;
using samples::find_things;

TEST(Wire, PercentDecodingRefusesWhatIsBroken) {
  EXPECT_EQ(percent_decode("a%20b+c", false), "a b+c");
  EXPECT_EQ(percent_decode("a%20b+c", true), "a b c");
  EXPECT_EQ(percent_decode("%C3%A9%2f%2F", false), "\xC3\xA9//");
  EXPECT_EQ(percent_decode("%00", false), std::string(1, '\0'));
  for (const auto* text :
       {"%", "%1", "a%", "%zz", "%-1", "% 1", "%C3", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%FF", "\xFF"}) {
    EXPECT_FALSE(percent_decode(text, false)) << text;
  }
}

TEST(Wire, PercentEncodingIsUndoneByDecoding) {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  all += "Grüße/…";
  const auto encoded = percent_encode(all);
  EXPECT_EQ(encoded.find_first_of(" /?&=#+;\"<>\r\n"), std::string::npos);
  EXPECT_EQ(percent_decode(encoded, false), all);
  EXPECT_EQ(percent_decode(encoded, true), all);
}

TEST(Wire, QueryValuesAreFoundByTheirWholeName) {
  bool broken = false;
  EXPECT_EQ(query_value("xq=1&q=2&q=3", "q", broken), "2");
  EXPECT_EQ(query_value("q", "q", broken), "");
  EXPECT_EQ(query_value("q=", "q", broken), "");
  EXPECT_EQ(query_value("q=a=b", "q", broken), "a=b");
  EXPECT_EQ(query_value("&&q=1&", "q", broken), "1");
  EXPECT_EQ(query_value("qq=1", "q", broken), std::nullopt);
  EXPECT_EQ(query_value("", "q", broken), std::nullopt);
  EXPECT_FALSE(broken);
  EXPECT_EQ(query_value("q=%FF", "q", broken), std::nullopt);
  EXPECT_TRUE(broken);
}

TEST(Wire, CookiesAreFoundByTheirWholeName) {
  const http::header_view headers[] = {{"cookie", "xrefresh_token=no; refresh_token=a.b=c ;other=1"}};
  const http::request incoming{.headers = headers};
  EXPECT_EQ(cookie_value(incoming, "refresh_token"), "a.b=c");
  EXPECT_EQ(cookie_value(incoming, "other"), "1");
  EXPECT_EQ(cookie_value(incoming, "token"), "");
  EXPECT_EQ(cookie_value(http::request{}, "refresh_token"), "");
}

TEST(Wire, CookiesAreHiddenFromScriptsAndOtherSites) {
  EXPECT_EQ(set_cookie("t", {"v", 60}, true), "t=v; Max-Age=60; Path=/api/v1/auth; HttpOnly; SameSite=Strict; Secure");
  EXPECT_EQ(set_cookie("t", {"", 60}, false), "t=; Max-Age=0; Path=/api/v1/auth; HttpOnly; SameSite=Strict");
}

TEST(Wire, AFileIsSavedUnderItsNameByOldAndNewBrowsers) {
  EXPECT_EQ(disposition_of("a b.pdf"), "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf");
  const auto tricky = disposition_of("../\"ü\"\r\n.pdf");
  EXPECT_EQ(tricky.find_first_of("\r\n/\\"), std::string::npos);
  EXPECT_EQ(name_in_disposition(tricky), "../\"ü\"\r\n.pdf");
  EXPECT_EQ(name_in_disposition("attachment; filename=x"), "");
}

TEST(Wire, EtagsMatchWeakly) {
  EXPECT_TRUE(etag_matches(R"("a")", R"("a")"));
  EXPECT_TRUE(etag_matches(R"("x", W/"a")", R"("a")"));
  EXPECT_TRUE(etag_matches("*", R"("a")"));
  EXPECT_FALSE(etag_matches("", R"("a")"));
  EXPECT_FALSE(etag_matches("a", R"("a")"));
  EXPECT_FALSE(etag_matches(R"("aa")", R"("a")"));
}

TEST(Wire, JsonIsToldByItsMediaType) {
  for (const auto* yes :
       {"application/json", "Application/JSON", "application/json; charset=utf-8", "application/json ;x=y"}) {
    EXPECT_TRUE(is_json(yes)) << yes;
  }
  for (const auto* no :
       {"", "text/plain", "application/jsonp", "application/problem+json", "application/x-www-form-urlencoded"}) {
    EXPECT_FALSE(is_json(no)) << no;
  }
}

result<echo> read_echo(std::string_view body, std::string_view name = "n", std::string_view type = "application/json") {
  const http::header_view headers[] = {{"Content-Type", type}};
  return read_request<echo>(http::request{.verb = http::method::POST, .headers = headers, .body = body},
                            {{"name", name}});
}

TEST(Wire, ABodyThatCannotBeReadIsMalformed) {
  for (const auto* body : {"{", "[]", "1", "null", "{\"a\":1,\"a\":2}", "\xFF"}) {
    const auto request = read_echo(body);
    ASSERT_FALSE(request) << body;
    EXPECT_EQ(*request.error().kind, malformed_request) << body;
  }
  const auto form = read_echo("text=1", "n", "application/x-www-form-urlencoded");
  ASSERT_FALSE(form);
  EXPECT_EQ(*form.error().kind, malformed_request);
}

TEST(Wire, EveryMissingFieldIsNamedButOptionalOnes) {
  for (const auto* body : {"", "{}"}) {
    const auto request = read_echo(body);
    ASSERT_FALSE(request);
    EXPECT_EQ(*request.error().kind, validation_failed);
    std::string pointers;
    for (const auto& each : request.error().errors) pointers += each.pointer + ' ';
    EXPECT_EQ(pointers, "/flag /small /number /amount /at /day /shade /text /ids /parts ");
  }
}

TEST(Wire, AThousandWrongFieldsGiveTwentySentences) {
  std::string body = R"({"ids":[0)";
  for (int i = 0; i < 1000; ++i) body += R"(,"x")";
  const auto request = read_echo(body + "]}");
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().errors.size(), 20U);
}

TEST(Wire, ValuesOfThePathAreDecodedAndChecked) {
  const std::string body =
      R"({"flag":true,"small":1,"number":1,"amount":1,"at":"2026-01-01T00:00:00Z","day":"2026-01-01","shade":"RED","text":"t","ids":[1],"parts":[]})";
  const auto request = read_echo(body, "a%2Fb%20c");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->name, "a/b c");
  for (const auto* name : {"%", "%FF", "%00"}) {
    const auto refused = read_echo(body, name);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().errors.at(0).pointer, "name");
  }
  for (const auto* id : {"0", "-1", "x", "1.5", "9223372036854775808", "%31x", "1%00"}) {
    const auto refused = read_request<samples::get_thing>(http::request{}, {{"id", id}});
    ASSERT_FALSE(refused) << id;
    EXPECT_EQ(refused.error().errors.at(0).pointer, "id");
  }
}

result<find_things> read_find(std::string_view target) {
  return read_request<find_things>(http::request{.target = target}, {});
}

TEST(Wire, AQueryIsReadAndItsFaultsAreNamed) {
  const auto request =
      read_find("/things?q=a+b%26&limit=5&shade=GREEN&since=2026-11-23T18:30:00%2B05:30&all=true&unknown=%FF");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->q, "a b&");
  EXPECT_EQ(request->limit, 5);
  EXPECT_EQ(request->shade, samples::colour::GREEN);
  EXPECT_EQ(request->all, true);
  const std::pair<const char*, const char*> cases[] = {{"", "?q"},
                                                       {"q=", "?q"},
                                                       {"q=%zz", "?q"},
                                                       {"q=%00", "?q"},
                                                       {"q=123456789012345678901", "?q"},
                                                       {"q=1&limit=0", "?limit"},
                                                       {"q=1&limit=101", "?limit"},
                                                       {"q=1&limit=", "?limit"},
                                                       {"q=1&limit=5x", "?limit"},
                                                       {"q=1&shade=BLUE", "?shade"},
                                                       {"q=1&since=now", "?since"},
                                                       {"q=1&all=1", "?all"}};
  for (const auto& [query, pointer] : cases) {
    const auto refused = read_find(std::string("/things?") + query);
    ASSERT_FALSE(refused) << query;
    ASSERT_EQ(refused.error().errors.size(), 1U) << query;
    EXPECT_EQ(refused.error().errors[0].pointer, pointer) << query;
  }
}

TEST(Wire, AProblemSurvivesTheWire) {
  const problem what{.kind = &samples::out_of_paint,
                     .detail = "Come \"back\".",
                     .errors = {{"/a~1b/0", "is wrong"}},
                     .seat_ids = {1, 9007199254740993},
                     .retry_after_s = 3};
  const auto answer = to_response(what, "0123456789abcdef");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.header("Retry-After"), "3");
  EXPECT_TRUE(answer.body.contains("\"correlation_id\":\"0123456789abcdef\""));
  const auto back = from_response(answer, errors_of<echo>());
  EXPECT_EQ(back.kind, &samples::out_of_paint);
  EXPECT_EQ(back.detail, what.detail);
  ASSERT_EQ(back.errors.size(), 1U);
  EXPECT_EQ(back.errors[0].pointer, "/a~1b/0");
  EXPECT_EQ(back.seat_ids, what.seat_ids);
  EXPECT_EQ(back.retry_after_s, 3);
}

TEST(Wire, AnUndeclaredProblemIsAnInternalError) {
  const auto answer = to_response({.kind = &samples::out_of_paint}, "");
  const auto back = from_response(answer, {});
  EXPECT_EQ(back.kind, &internal_error);
  EXPECT_TRUE(back.detail.contains("OUT_OF_PAINT"));
  EXPECT_EQ(from_response({.status = 502, .body = "<html>"}, {}).kind, &internal_error);
  EXPECT_EQ(from_response(to_response({.kind = &not_found}, ""), {}).kind, &not_found);
}

TEST(Wire, AnAnswerThatIsNotWhatWasDeclaredThrows) {
  for (const auto* body : {"", "{", "[]", "{}", R"({"seen":[1]})"}) {
    EXPECT_THROW(std::ignore = read_response<find_things>({.status = 200, .body = body}), std::runtime_error) << body;
  }
}

}  // namespace
}  // namespace ticketshow::contract
