#include "contract/multipart.hpp"

#include <gtest/gtest.h>

#include "tests/support/seed.hpp"

namespace ticketshow::contract {
namespace {

using namespace std::string_literals;

const std::string type = "multipart/form-data; boundary=XX";

std::string part(const std::string& name, const std::string& content) {
  return "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n";
}

std::string read(const std::string& content_type, const std::string& body, const std::string& name = "poster") {
  const auto found = form_field(content_type, body, name);
  if (found) return std::string(*found);
  switch (found.error()) {
    case multipart_error::not_multipart:
      return "(not multipart)";
    case multipart_error::malformed:
      return "(malformed)";
    case multipart_error::no_such_field:
      return "(no such field)";
    case multipart_error::several_fields:
      return "(several)";
  }
  return "";
}

TEST(Multipart, GivesTheBytesOfTheField) {
  const auto bytes = "\0\r\n--X\r\n\r\n--XY"s;
  EXPECT_EQ(read(type, part("poster", bytes) + "--XX--\r\n"), bytes);
  EXPECT_EQ(read(type, part("poster", "") + "--XX--"), "");
}

TEST(Multipart, PassesOverOtherFieldsAndWhatThePartSaysOfItself) {
  const auto named =
      "--XX\r\nX-Any: thing\r\ncontent-disposition:form-data; filename=\"a;b\\\"c.exe\"; name=poster\r\n"
      "Content-Type: text/html\r\n\r\nbytes\r\n"s;
  EXPECT_EQ(read(type, part("title", "poster") + named + part("more", "x") + "--XX--\r\n"), "bytes");
}

TEST(Multipart, ReadsBoundariesAsTheyMayBeWritten) {
  for (const auto& header : {"multipart/form-data;boundary=XX"s, "Multipart/Form-Data; Boundary=\"XX\""s,
                             "multipart/form-data; charset=utf-8; boundary=XX"s}) {
    EXPECT_EQ(read(header, part("poster", "bytes") + "--XX--\r\n"), "bytes") << header;
  }
}

TEST(Multipart, RefusesOtherTypesAndBoundariesThatAreNone) {
  for (const auto& header :
       {""s, "image/png"s, "application/json"s, "multipart/form-data"s, "multipart/mixed; boundary=XX"s,
        "multipart/form-data; boundary="s, "multipart/form-data; boundary=\"X"s,
        "multipart/form-data; boundary=X\r\nY"s, "multipart/form-data; boundary=XX; boundary=YY"s,
        "multipart/form-data; boundary=" + std::string(71, 'X')}) {
    EXPECT_EQ(read(header, part("poster", "bytes") + "--XX--\r\n"), "(not multipart)") << header;
  }
}

TEST(Multipart, RefusesWhatIsNotExactlyAForm) {
  const auto whole = part("poster", "bytes") + "--XX--";
  for (std::size_t end = 0; end < whole.size(); ++end) {
    EXPECT_EQ(read(type, whole.substr(0, end)), "(malformed)") << end;
  }
  for (const auto& body : {" "s + whole, whole + "more"s, "--XX\n\nbytes\n--XX--"s, "--XX\r\n\r\nno headers\r\n--XX--"s,
                           "--XX\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--XX--"s,
                           "--XX\r\nContent-Disposition: attachment; name=poster\r\n\r\nno form\r\n--XX--"s,
                           "--XX\r\nno colon\r\n\r\nx\r\n--XX--"s,
                           "--XX\r\nX: " + std::string(2'000, 'x') +
                               "\r\nContent-Disposition: form-data; name=poster\r\n\r\nx\r\n--XX--"}) {
    EXPECT_EQ(read(type, body), "(malformed)") << body.substr(0, 100);
  }
}

TEST(Multipart, TakesTheFieldOnceAndNotTooMany) {
  EXPECT_EQ(read(type, part("poster", "1") + part("poster", "2") + "--XX--"), "(several)");
  EXPECT_EQ(read(type, part("other", "1") + "--XX--"), "(no such field)");
  std::string many;
  for (int i = 0; i < 16; ++i) many += part("other", "x");
  EXPECT_EQ(read(type, many + "--XX--"), "(no such field)");
  EXPECT_EQ(read(type, many + part("poster", "x") + "--XX--"), "(malformed)");
}

TEST(Multipart, AnyBytesAreReadOrRefused) {
  TICKETSHOW_SEEDED(random);
  const std::string alphabet = "\r\n-X:;=\" an";
  for (int round = 0; round < 3'000; ++round) {
    std::string content;
    for (auto left = random.between(0, 40); left > 0; --left) {
      content += alphabet[static_cast<std::size_t>(random.between(0, std::ssize(alphabet) - 1))];
    }
    auto body = part("first", "x") + part("poster", content) + "--XX--\r\n";
    const bool breaks_out = content.contains("\r\n--XX") || ("\r\n" + content).starts_with("\r\n--XX");
    if (!breaks_out) EXPECT_EQ(read(type, body), content);
    for (auto flips = random.between(1, 6); flips > 0; --flips) {
      body[static_cast<std::size_t>(random.between(0, std::ssize(body) - 1))] =
          alphabet[static_cast<std::size_t>(random.between(0, std::ssize(alphabet) - 1))];
    }
    const auto found = form_field(type, body, "poster");
    if (found) EXPECT_LE(found->size(), body.size());
  }
}

}  // namespace
}  // namespace ticketshow::contract
