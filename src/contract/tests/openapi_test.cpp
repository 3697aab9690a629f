#include "contract/openapi.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "contract/tests/samples.hpp"

namespace ticketshow::contract {
namespace {

namespace json = boost::json;

std::string print() {
  openapi_document document("Samples", "1.2.3", "/api/v1");
  document.add<samples::port>("samples");
  return document.print();
}

/// Calls `visit` with every $ref of a document.
template <class F>
void for_each_reference(const json::value& value, F& visit) {
  if (const auto* object = value.if_object()) {
    for (const auto& [name, member] : *object) {
      if (name == "$ref") visit(std::string(member.as_string()));
      for_each_reference(member, visit);
    }
  } else if (const auto* array = value.if_array()) {
    for (const auto& element : *array) for_each_reference(element, visit);
  }
}

TEST(OpenApi, IsAWholeDocumentWhoseReferencesLeadSomewhere) {
  const auto document = json::parse(print());
  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
  EXPECT_EQ(document.at("info").at("version").as_string(), "1.2.3");
  EXPECT_EQ(document.at("servers").at(0).at("url").as_string(), "/api/v1");
  EXPECT_EQ(document.at_pointer("/components/securitySchemes/bearer/scheme").as_string(), "bearer");
  int references = 0;
  auto resolve = [&](const std::string& reference) {
    ++references;
    ASSERT_TRUE(reference.starts_with("#/"));
    json::error_code failure;
    EXPECT_NE(document.find_pointer(reference.substr(1), failure), nullptr) << reference;
  };
  for_each_reference(document, resolve);
  EXPECT_GT(references, 10);
  for (const auto& [path, operations] : document.at("paths").as_object()) {
    for (const auto& [verb, operation] : operations.as_object()) {
      EXPECT_TRUE(operation.as_object().contains("operationId")) << path;
      EXPECT_FALSE(operation.at("responses").as_object().empty()) << path;
    }
  }
}

TEST(OpenApi, LeavesOutWhatServicesOfferEachOther) { EXPECT_FALSE(print().contains("misbehave")); }

TEST(OpenApi, IsTheSameEveryTime) { EXPECT_EQ(print(), print()); }

TEST(OpenApi, ReadsAsDeclared) {
  const auto document = json::parse(print());
  EXPECT_EQ(
      json::serialize(document.at_pointer("/paths/~1things~1{id}/delete")),
      R"({"operationId":"remove_thing","summary":"Remove a thing","tags":["samples"],"security":[{"bearer":[]}],)"
      R"("parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"integer","format":"int64"}}],)"
      R"("responses":{"204":{"description":"Done."},)"
      R"("401":{"description":"`NOT_AUTHENTICATED`: Please sign in.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/problem"}}}},)"
      R"("403":{"description":"`NOT_ALLOWED`: This account may not do that.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/problem"}}}},)"
      R"("422":{"description":"`VALIDATION_FAILED`: Some fields of the request are not valid.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/problem"}}}},)"
      R"("429":{"description":"`TOO_MANY_REQUESTS`: Too many requests; please wait a moment.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/problem"}}}}}})");
  const auto& echo = document.at_pointer("/paths/~1echo~1{name}/post");
  EXPECT_FALSE(echo.as_object().contains("security"));
  EXPECT_EQ(json::serialize(echo.at("parameters").at(1)),
            R"({"name":"secret","in":"cookie","required":false,"schema":{"type":"string"}})");
  const auto& body = echo.at_pointer("/requestBody/content/application~1json/schema");
  EXPECT_EQ(json::serialize(body.at("required")),
            R"(["flag","small","number","amount","at","day","shade","text","ids","parts"])");
  EXPECT_EQ(json::serialize(body.at_pointer("/properties/number")),
            R"({"type":"integer","format":"int64","minimum":-10,"maximum":1000000000000,"description":"A number."})");
  EXPECT_TRUE(print().contains(R"("maximum": 1000000)"));
  EXPECT_TRUE(echo.at("responses").as_object().contains("201"));
  EXPECT_TRUE(echo.at("responses").as_object().contains("409"));
  EXPECT_EQ(json::serialize(document.at_pointer("/components/schemas/colour")),
            R"({"type":"string","enum":["RED","GREEN"]})");
  EXPECT_EQ(json::serialize(document.at_pointer("/components/schemas/part/required")), R"(["id","label"])");
  EXPECT_FALSE(document.at_pointer("/components/schemas/everything/properties").as_object().contains("secret"));
}

TEST(OpenApi, TellsOfBodiesThatAreNoJsonAndOfHeaders) {
  const auto document = json::parse(print());
  const auto& put = document.at("paths").at("/things/{id}/picture").at("put");
  EXPECT_EQ(put.at_pointer("/requestBody/content").as_object().begin()->key(), "image/*");
  EXPECT_EQ(put.at("responses").at("200").at("content").as_object().begin()->key(), "image/png");
  std::map<std::string, std::string> places;
  for (const auto& each : put.at("parameters").as_array()) {
    places[std::string(each.at("name").as_string())] = std::string(each.at("in").as_string());
  }
  EXPECT_EQ(places, (std::map<std::string, std::string>{{"id", "path"}, {"name", "query"}, {"x-mark", "header"}}));
}

TEST(OpenApi, TellsOfTheMessagesOfAStream) {
  const auto document = json::parse(print());
  const auto& get = document.at("paths").at("/clocks/{id}/stream").at("get");
  EXPECT_EQ(json::serialize(get.at("responses").at("200").at("content")),
            R"({"text/event-stream":{"schema":{"anyOf":[)"
            R"({"$ref":"#/components/schemas/tick","description":"The data of an event \"tick\"."},)"
            R"({"$ref":"#/components/schemas/alarm","description":"The data of an event \"alarm\"."}]}}})");
  EXPECT_TRUE(get.at("responses").as_object().contains("409"));
}

}  // namespace
}  // namespace ticketshow::contract
