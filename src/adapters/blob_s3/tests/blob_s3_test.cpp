#include "adapters/blob_s3/blob_s3.hpp"

#include <boost/url/parse.hpp>

#include "http/client.hpp"
#include "http/url.hpp"
#include "tests/support/blob_conformance.hpp"
#include "tests/support/listener.hpp"
#include "tests/support/s3.hpp"

namespace ticketshow::blob_s3 {
namespace {

using namespace std::chrono_literals;
using permission = ports::blob_store::permission;

constexpr auto first_server = "TICKETSHOW_TEST_S3";
constexpr auto second_server = "TICKETSHOW_TEST_S3_SECOND";

class blob_s3_test : public test::blob_conformance {
 protected:
  explicit blob_s3_test(const char* variable = first_server) : settings_(test::scratch_bucket(variable)) {}
  void SetUp() override {
    run(made_.start());
    run(other_.start());
  }
  ports::blob_store& tested() override { return made_; }
  ports::blob_store& another() override { return other_; }

  /// As a browser asks, which has no keys.
  http::response ask(http::method verb, const std::string& url, std::string_view body = {}) {
    const auto parsed = boost::urls::parse_uri(url).value();
    http::client client(context_.get_executor(), {.host = std::string(parsed.host()), .port = parsed.port_number()});
    const std::string target(parsed.encoded_target());
    return run(client.send({.verb = verb, .target = target, .body = body}, soon()));
  }
  std::string url_of(std::string_view key) const {
    return fmt::format("{}/{}/{}", settings_.url, settings_.bucket, key);
  }

  void everybody_reads_posters_and_nothing_else() {
    const auto key = fresh();
    run(made_.put(soon(), key, "for all"));
    run(made_.put(soon(), "tickets/secret.pdf", "for one"));
    const auto seen = ask(http::method::GET, made_.public_address(key));
    EXPECT_EQ(seen.status, 200);
    EXPECT_EQ(seen.body, "for all");
    EXPECT_EQ(seen.header("Content-Type"), "image/webp");
    EXPECT_EQ(seen.header("Cache-Control"), ports::blob_cache_control);
    EXPECT_EQ(ask(http::method::GET, url_of("tickets/secret.pdf")).status, 403);
    EXPECT_EQ(ask(http::method::PUT, url_of(key), "forged").status, 403);
    EXPECT_EQ(ask(http::method::DELETE, url_of(key)).status, 403);
    EXPECT_EQ(ask(http::method::GET, fmt::format("{}/{}", settings_.url, settings_.bucket)).status, 403);
    EXPECT_EQ(run(made_.get(soon(), key)), "for all");
  }
  void a_presigned_url_is_good_for_one_key_and_one_verb_and_a_time() {
    const std::string key = "tickets/mine.pdf";
    run(made_.put(soon(), key, "mine"));
    const auto reading = made_.presigned(permission::get, key, 60s).value();
    EXPECT_EQ(ask(http::method::GET, reading).body, "mine");
    EXPECT_EQ(ask(http::method::PUT, reading, "forged").status, 403);
    auto other_key = reading;
    other_key.replace(other_key.find("mine.pdf"), 4, "your");
    EXPECT_EQ(ask(http::method::GET, other_key).status, 403);
    const auto writing = made_.presigned(permission::put, "tickets/new.pdf", 60s).value();
    EXPECT_EQ(ask(http::method::PUT, writing, "sent past us").status, 200);
    EXPECT_EQ(run(made_.get(soon(), "tickets/new.pdf")), "sent past us");
    manual_clock yesterday(system_clock_source{}.now() - 24h);
    const store then(context_.get_executor(), yesterday, settings_);
    EXPECT_EQ(ask(http::method::GET, then.presigned(permission::get, key, 60s).value()).status, 403);
  }
  void wrong_keys_are_refused_with_a_sentence() {
    auto forged = settings_;
    forged.keys.secret_key = "nobody's";
    store wrong(context_.get_executor(), clock_, forged);
    EXPECT_THROW(run(wrong.start()), std::runtime_error);
    EXPECT_THROW(run(wrong.put(soon(), "posters/a.webp", "x")), std::runtime_error);
  }

  /// What the owner of the bucket does with its policy.
  http::response of_policy(http::method verb, const std::string& body = {}) {
    const auto server = http::options_for(settings_.url).value();
    const auto now = clock_.now();
    const auto path = '/' + settings_.bucket;
    const auto hash = sha256_hex(body);
    const auto date = amz_date(now);
    const auto method = to_string(verb);
    const signable request{
        .method = method,
        .path = path,
        .query = {{"policy", ""}},
        .headers = {{"host", http::host_header(server)}, {"x-amz-content-sha256", hash}, {"x-amz-date", date}},
        .payload_hash = hash};
    const auto proof = authorization(request, settings_.keys, now);
    const std::vector<http::header_view> headers{
        {"Authorization", proof}, {"x-amz-content-sha256", hash}, {"x-amz-date", date}};
    http::client client(context_.get_executor(), server);
    const auto target = path + "?policy=";
    return run(client.send({.verb = verb, .target = target, .headers = headers, .body = body}, soon()));
  }
  void the_policy_of_a_bucket_that_has_one_stays() {
    const auto own =
        fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Sid":"Covers","Effect":"Allow","Principal":"*",)"
                    R"("Action":["s3:GetObject"],"Resource":["arn:aws:s3:::{}/covers/*"]}}]}})",
                    settings_.bucket);
    EXPECT_EQ(of_policy(http::method::PUT, own).status / 100, 2);
    store later(context_.get_executor(), clock_, settings_);
    run(later.start());
    EXPECT_THAT(std::string(of_policy(http::method::GET).bytes()), testing::HasSubstr("covers"));
    EXPECT_EQ(of_policy(http::method::DELETE).status / 100, 2);
    store last(context_.get_executor(), clock_, settings_);
    run(last.start());
    EXPECT_THAT(std::string(of_policy(http::method::GET).bytes()), testing::HasSubstr("posters")) << "it had none";
  }

  options settings_;
  system_clock_source clock_;
  store made_{context_.get_executor(), clock_, settings_};
  store other_{context_.get_executor(), clock_, settings_};
};

class blob_s3_second_test : public blob_s3_test {
 protected:
  blob_s3_second_test() : blob_s3_test(second_server) {}
};

TICKETSHOW_BLOB_CONFORMANCE(blob_s3_test)
TEST_F(blob_s3_test, everybody_reads_posters_and_nothing_else) {
  blob_s3_test::everybody_reads_posters_and_nothing_else();
}
TEST_F(blob_s3_test, a_presigned_url_is_good_for_one_key_and_one_verb_and_a_time) {
  blob_s3_test::a_presigned_url_is_good_for_one_key_and_one_verb_and_a_time();
}
TEST_F(blob_s3_test, wrong_keys_are_refused_with_a_sentence) { blob_s3_test::wrong_keys_are_refused_with_a_sentence(); }
TEST_F(blob_s3_test, the_policy_of_a_bucket_that_has_one_stays) {
  blob_s3_test::the_policy_of_a_bucket_that_has_one_stays();
}

TICKETSHOW_BLOB_CONFORMANCE(blob_s3_second_test)
TEST_F(blob_s3_second_test, everybody_reads_posters_and_nothing_else) {
  blob_s3_test::everybody_reads_posters_and_nothing_else();
}
TEST_F(blob_s3_second_test, a_presigned_url_is_good_for_one_key_and_one_verb_and_a_time) {
  blob_s3_test::a_presigned_url_is_good_for_one_key_and_one_verb_and_a_time();
}
TEST_F(blob_s3_second_test, wrong_keys_are_refused_with_a_sentence) {
  blob_s3_test::wrong_keys_are_refused_with_a_sentence();
}

TEST_F(blob_s3_second_test, the_policy_of_a_bucket_that_has_one_stays) {
  blob_s3_test::the_policy_of_a_bucket_that_has_one_stays();
}

TEST_F(blob_s3_second_test, who_may_make_no_policy_keeps_files_all_the_same) {
  EXPECT_EQ(of_policy(http::method::DELETE).status / 100, 2);
  auto lesser = settings_;
  lesser.keys.access_key += "FILES";
  store files(context_.get_executor(), clock_, lesser);
  run(files.start());
  EXPECT_EQ(of_policy(http::method::GET).status, 404);
  const auto key = fresh();
  run(files.put(soon(), key, "kept"));
  EXPECT_EQ(run(other_.get(soon(), key)), "kept");
}

TEST(blob_s3_outage, a_service_that_is_away_is_waited_for) {
  rt::asio::io_context context;
  const system_clock_source clock;
  store nowhere(context.get_executor(), clock,
                {.url = "http://127.0.0.1:1", .bucket = "b", .keys = {"access", "secret", "us-east-1"}});
  rt::run(context, nowhere.start());
  const auto soon = rt::deadline::after(5s);
  EXPECT_THROW(rt::run(context, nowhere.put(soon, "posters/a.webp", "x")), rt::unavailable);
  rt::run(context, nowhere.stop(soon));
}

TEST(blob_s3_options, what_cannot_be_right_is_refused) {
  rt::asio::io_context context;
  const system_clock_source clock;
  const credentials keys{"access", "secret", "us-east-1"};
  for (const auto* url : {"", "localhost", "ftp://localhost", "http://user@localhost:1", "http://localhost/path"}) {
    EXPECT_THROW(store(context.get_executor(), clock, {.url = url, .bucket = "b", .keys = keys}), std::runtime_error)
        << url;
  }
  EXPECT_THROW(store(context.get_executor(), clock, {.url = "http://localhost:1", .bucket = "", .keys = keys}),
               std::runtime_error);
}

TEST(blob_s3_options, a_public_url_stands_before_the_keys) {
  rt::asio::io_context context;
  const system_clock_source clock;
  const store made(context.get_executor(), clock,
                   {.url = "http://s3.internal:9000/",
                    .bucket = "b",
                    .keys = {"access", "secret", "us-east-1"},
                    .public_url = "https://cdn.example/"});
  EXPECT_EQ(made.public_address("posters/a.webp"), "https://cdn.example/posters/a.webp");
}

TEST_F(blob_s3_test, a_service_without_policies_keeps_files_all_the_same) {
  std::vector<std::string> asked;
  const test::listener without(context_, [&](const http::request& got) {
    asked.emplace_back(got.target);
    return http::response{.status = got.target.contains("policy") ? 501 : 200};
  });
  auto settings = settings_;
  settings.url = without.url();
  settings.public_url.clear();
  store here(context_.get_executor(), clock_, settings);
  run(here.start());
  EXPECT_EQ(asked.size(), 2U) << "the bucket, and its policy";
  EXPECT_NO_THROW(run(here.put(soon(), "posters/a.webp", "x")));
  run(here.stop(soon()));
}

}  // namespace
}  // namespace ticketshow::blob_s3
