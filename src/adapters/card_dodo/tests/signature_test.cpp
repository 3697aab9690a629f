#include "adapters/card_dodo/signature.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include "adapters/card_dodo/messages.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::card_dodo {
namespace {

using namespace std::chrono_literals;
using ports::card_forgery;
using delivery = ports::card_gateway::delivery;

/// The vector of the Standard Webhooks libraries: docs/contracts, section 1.
constexpr const char* secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* other_secret = "whsec_dGhlIG90aGVyIHNlY3JldCBvZiB0aGlzIHRlc3Q=";
constexpr timestamp then{1614265330s};
constexpr delivery vector{.id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                          .timestamp = "1614265330",
                          .signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                          .body = R"({"test": 2432232314})"};

bool accepted(const delivery& what, const std::vector<std::string>& secrets = {secret}, timestamp now = then) {
  try {
    verify(what, keys_of(secrets), now);
    return true;
  } catch (const card_forgery&) {
    return false;
  }
}

delivery with_signature(std::string_view header) {
  auto changed = vector;
  changed.signature = header;
  return changed;
}

TEST(Signature, the_published_vector_is_accepted) {
  EXPECT_TRUE(accepted(vector));
  EXPECT_TRUE(accepted(vector, {std::string("whsec_") + secret}));
}

TEST(Signature, every_altered_byte_is_refused) {
  const auto refuses_changes = [](std::string_view delivery::* part) {
    const std::string original(vector.*part);
    for (std::size_t i = 0; i < original.size(); ++i) {
      auto text = original;
      text[i] = static_cast<char>(text[i] ^ 1);
      auto changed = vector;
      changed.*part = text;
      EXPECT_FALSE(accepted(changed)) << text;
    }
  };
  refuses_changes(&delivery::id);
  refuses_changes(&delivery::timestamp);
  refuses_changes(&delivery::body);
  refuses_changes(&delivery::signature);
}

TEST(Signature, any_of_several_secrets_will_do) {
  EXPECT_TRUE(accepted(vector, {other_secret, secret}));
  EXPECT_TRUE(accepted(vector, {secret, other_secret}));
  EXPECT_FALSE(accepted(vector, {other_secret}));
}

TEST(Signature, any_v1_of_a_list_will_do) {
  const std::string right(vector.signature);
  EXPECT_TRUE(accepted(with_signature("v1,AAAA v2,xyz " + right)));
  EXPECT_TRUE(accepted(with_signature(right + " v1,%%%")));
  EXPECT_TRUE(accepted(with_signature(fmt::format("  {} ", right))));
  for (const auto& wrong :
       {std::string{}, std::string("v1,"), right.substr(3), "v2" + right.substr(2), "v1a" + right.substr(2),
        "v1, " + right.substr(3), right + "=", right.substr(0, right.size() - 1), right.substr(0, right.size() - 4),
        "V1" + right.substr(2), fmt::format("{0},{0}", right), std::string(100'000, ' '),
        "v1," + std::string(100'000, 'A')}) {
    EXPECT_FALSE(accepted(with_signature(wrong))) << wrong.substr(0, 100);
  }
}

TEST(Signature, five_minutes_to_either_side_are_allowed_and_no_second_more) {
  EXPECT_TRUE(accepted(vector, {secret}, then + 300s));
  EXPECT_TRUE(accepted(vector, {secret}, then + 300s + 999ms));
  EXPECT_TRUE(accepted(vector, {secret}, then - 300s));
  EXPECT_FALSE(accepted(vector, {secret}, then + 301s));
  EXPECT_FALSE(accepted(vector, {secret}, then - 301s));
}

/// A header as we would sign it ourselves, so that nothing but the form is wrong.
std::string signed_with_our_key(const delivery& what) {
  const auto key = keys_of({secret}).front();
  const auto text = std::string(what.id) + '.' + std::string(what.timestamp) + '.' + std::string(what.body);
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  unsigned char made[crypto_auth_hmacsha256_BYTES];
  crypto_auth_hmacsha256_final(&state, made);
  char base64[sodium_base64_ENCODED_LEN(sizeof made, sodium_base64_VARIANT_ORIGINAL)];
  sodium_bin2base64(base64, sizeof base64, made, sizeof made, sodium_base64_VARIANT_ORIGINAL);
  return std::string("v1,") + base64;
}

TEST(Signature, odd_headers_are_refused_even_when_they_are_signed) {
  const auto accepts = [](std::string_view id, std::string_view time) {
    delivery what{.id = id, .timestamp = time, .signature = {}, .body = "{}"};
    const auto header = signed_with_our_key(what);
    what.signature = header;
    return accepted(what);
  };
  EXPECT_TRUE(accepts("msg_1", "1614265330"));
  const std::string long_id(257, 'a');
  for (const std::string_view id :
       {std::string_view(""), std::string_view("a b"), std::string_view("a.b"), std::string_view("a\0b", 3),
        std::string_view("\xc3\xa9"), std::string_view(long_id)}) {
    EXPECT_FALSE(accepts(id, "1614265330")) << id;
  }
  for (const auto* time : {"", "+1614265330", "-1614265330", " 1614265330", "1614265330.0", "1614265330000",
                           "16142653e2", "0x60380000", "2021-02-25T15:02:10Z"}) {
    EXPECT_FALSE(accepts("msg_1", time)) << time;
  }
}

TEST(Signature, a_secret_that_is_none_is_told_without_repeating_it) {
  for (const auto* wrong : {"", "whsec_", "whsec_%%%%", "c2hvcnQ=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"}) {
    try {
      keys_of({wrong});
      FAIL() << wrong;
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("whsec_ and base64"));
      EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("MfKQ")));
    }
  }
}

/// Bytes of every kind, among them those that mean something.
std::string random_text(test::seeded& random, std::int64_t most) {
  constexpr std::string_view meaningful = R"({}[]",:.v1=+/ \u0000dataypmnr_id)";
  std::string text;
  for (auto left = random.between(0, most); left > 0; --left) {
    const auto any = static_cast<char>(random.between(0, 255));
    text += random.one_in(2) ? any : meaningful[static_cast<std::size_t>(random.between(0, meaningful.size() - 1))];
  }
  return text;
}

TEST(Signature, random_bytes_are_refused_and_break_nothing) {
  TICKETSHOW_SEEDED(random);
  const auto keys = keys_of({secret, other_secret});
  for (int i = 0; i < 20'000; ++i) {
    const auto id = random_text(random, 40);
    const auto time = random.one_in(2) ? std::string(vector.timestamp) : random_text(random, 12);
    const auto header = random_text(random, 120);
    const auto body = random_text(random, 80);
    EXPECT_THROW(verify({id, time, header, body}, keys, then), card_forgery);
  }
}

TEST(Signature, authentic_bytes_that_are_no_message_of_dodos_are_refused) {
  TICKETSHOW_SEEDED(random);
  const std::string sound = R"({"business_id":"bus_1","type":"refund.failed","timestamp":"2026-01-01T00:00:00Z",)"
                            R"("data":{"payload_type":"Refund","refund_id":"ref_1","payment_id":"pay_1"}})";
  for (int i = 0; i < 20'000; ++i) {
    auto body = random.one_in(3) ? random_text(random, 120) : sound;
    for (auto changes = random.between(0, 4); changes > 0 && !body.empty(); --changes) {
      const auto at = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(body.size()) - 1));
      if (random.one_in(2))
        body[at] = static_cast<char>(random.between(0, 255));
      else
        body.erase(at, static_cast<std::size_t>(random.between(1, 30)));
    }
    try {
      const auto notice = read_notice("msg_1", body);
      EXPECT_FALSE(notice.type.empty());
      EXPECT_EQ(notice.what != ports::card_notice::about::other, is_id(notice.payment_id));
      EXPECT_EQ(notice.what == ports::card_notice::about::refund, is_id(notice.refund_id));
    } catch (const card_forgery& refused) {
      EXPECT_STRNE(refused.what(), "");
    }
  }
}

}  // namespace
}  // namespace ticketshow::card_dodo
