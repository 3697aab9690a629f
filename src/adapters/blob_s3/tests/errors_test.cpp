#include "adapters/blob_s3/errors.hpp"

#include <gtest/gtest.h>

namespace ticketshow::blob_s3 {
namespace {

TEST(s3_errors, code_and_message_are_read) {
  const auto read = read_error(
      "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>The key is not there.</Message></Error>");
  EXPECT_EQ(read.code, "NoSuchKey");
  EXPECT_EQ(read.message, "The key is not there.");
}

TEST(s3_errors, anything_may_come) {
  for (const auto* body : {"", "<html>", "<Code>", "</Code><Code>", "<Code>half"}) {
    EXPECT_EQ(read_error(body).code, "") << body;
  }
  EXPECT_EQ(read_error("<Message>" + std::string(10'000, 'x') + "</Message>").message.size(), 300U);
}

}  // namespace
}  // namespace ticketshow::blob_s3
