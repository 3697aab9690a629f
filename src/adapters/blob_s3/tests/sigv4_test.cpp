#include "adapters/blob_s3/sigv4.hpp"

#include <gtest/gtest.h>

// The examples of the Amazon S3 API Reference: "Signature Calculations for the Authorization Header: Transferring
// Payload in a Single Chunk (AWS Signature Version 4)" and "Authenticating Requests: Using Query Parameters". The keys
// are the documentation's own.
namespace ticketshow::blob_s3 {
namespace {

using namespace std::chrono_literals;

const timestamp then = std::chrono::sys_days{2013y / 5 / 24};
const credentials example{.access_key = "AKIAIOSFODNN7EXAMPLE",
                          .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                          .region = "us-east-1"};
constexpr auto host = "examplebucket.s3.amazonaws.com";
const auto empty_hash = sha256_hex("");

std::string signature_of(const std::string& signed_text) {
  return signed_text.substr(signed_text.find("Signature=") + std::string("Signature=").size());
}

TEST(sigv4, signs_the_documented_get_object) {
  const signable request{.method = "GET",
                         .path = "/test.txt",
                         .headers = {{"host", host},
                                     {"x-amz-date", amz_date(then)},
                                     {"x-amz-content-sha256", empty_hash},
                                     {"range", "bytes=0-9"}},
                         .payload_hash = empty_hash};
  EXPECT_EQ(authorization(request, example, then),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(sigv4, signs_the_documented_put_object) {
  const auto hash = sha256_hex("Welcome to Amazon S3.");
  EXPECT_EQ(hash, "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
  const signable request{.method = "PUT",
                         .path = "/test$file.text",
                         .headers = {{"host", host},
                                     {"date", "Fri, 24 May 2013 00:00:00 GMT"},
                                     {"x-amz-date", amz_date(then)},
                                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                                     {"x-amz-content-sha256", hash}},
                         .payload_hash = hash};
  EXPECT_EQ(signature_of(authorization(request, example, then)),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(sigv4, signs_the_documented_get_bucket_lifecycle) {
  const signable request{
      .method = "GET",
      .path = "/",
      .query = {{"lifecycle", ""}},
      .headers = {{"host", host}, {"x-amz-date", amz_date(then)}, {"x-amz-content-sha256", empty_hash}},
      .payload_hash = empty_hash};
  EXPECT_EQ(signature_of(authorization(request, example, then)),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(sigv4, signs_the_documented_list_of_objects) {
  const signable request{
      .method = "GET",
      .path = "/",
      .query = {{"prefix", "J"}, {"max-keys", "2"}},
      .headers = {{"host", host}, {"x-amz-date", amz_date(then)}, {"x-amz-content-sha256", empty_hash}},
      .payload_hash = empty_hash};
  EXPECT_EQ(signature_of(authorization(request, example, then)),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(sigv4, presigns_the_documented_get_object) {
  EXPECT_EQ(presigned_query("GET", host, "/test.txt", example, then, 86400s),
            "X-Amz-Algorithm=AWS4-HMAC-SHA256"
            "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(sigv4, encodes_what_is_not_plain) {
  EXPECT_EQ(uri_encode("a/b c+~é", true), "a/b%20c%2B~%C3%A9");
  EXPECT_EQ(uri_encode("a/b", false), "a%2Fb");
}

}  // namespace
}  // namespace ticketshow::blob_s3
