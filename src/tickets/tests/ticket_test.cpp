#include "tickets/ticket.hpp"

#include <gtest/gtest.h>

#include "tests/support/seed.hpp"
#include "tickets/base32.hpp"

namespace ticketshow::tickets {
namespace {

constexpr ticket example{.booking_id = 123'456, .schedule_id = 789, .seat_no = 17, .show_time_s = 1'795'459'800};
// The example of README.md, for whoever writes a scanner: its key is the first of RFC 8032, 7.1.
constexpr std::string_view example_seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr std::string_view example_code =
    "TS1:SD5MV7QAAAAAAAAB4JAAAAAAAAAAAAYVAAIWWBEK3DEWFRDLIOKFBF5DMVOR2KTM23MYPKMD"
    "YJD5CFJS6BZ5XZABCBERBK6GGAN7RQXRDX7SKNIEGKGXXCGPTM7U6UODZRIJYDXT7LH2YBAD";

jose::signing_key example_key() { return jose::make_signing_key(jose::seed_of_hex(example_seed)); }
jose::signing_key other_key() { return jose::make_signing_key({1, 2, 3}); }

/// What a door does: read, the key by its name, verify.
bool opens(std::string_view code, const jose::signing_key& ours = example_key()) {
  const auto found = read(code);
  return found && found->key == short_key_id(ours.id) && verify(*found, ours.public_key);
}

TEST(tickets, a_code_says_what_was_issued) {
  const auto code = issue(example, example_key());
  const auto found = read(code);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->what, example);
  EXPECT_EQ(found->key, short_key_id(example_key().id));
  EXPECT_TRUE(verify(*found, example_key().public_key));
}

TEST(tickets, the_example_of_the_readme_is_true) {
  EXPECT_EQ(issue(example, example_key()), example_code);
  EXPECT_EQ(short_key_id(example_key().id), "90facafe");
}

TEST(tickets, the_same_ticket_has_the_same_code_whenever_it_is_asked_for) {
  EXPECT_EQ(issue(example, example_key()), issue(example, example_key()));
}

TEST(tickets, a_code_fits_a_qr_of_version_6_with_error_correction_m) {
  const auto code = issue(example, example_key());
  EXPECT_EQ(code.size(), code_size);
  EXPECT_LE(code.size(), 154U);  // ISO/IEC 18004, table 7: alphanumeric characters of 6-M
  EXPECT_EQ(code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:"), std::string::npos);
}

TEST(tickets, the_greatest_numbers_fit) {
  const ticket greatest{.booking_id = std::numeric_limits<std::int64_t>::max(),
                        .schedule_id = std::numeric_limits<std::int64_t>::max(),
                        .seat_no = std::numeric_limits<std::int16_t>::max(),
                        .show_time_s = std::numeric_limits<std::uint32_t>::max()};
  EXPECT_EQ(read(issue(greatest, example_key()))->what, greatest);
}

TEST(tickets, numbers_that_no_ticket_has_are_unreadable) {
  for (const auto& wrong : {ticket{0, 1, 1, 1}, ticket{-1, 1, 1, 1}, ticket{1, 0, 1, 1}, ticket{1, -1, 1, 1},
                            ticket{1, 1, 0, 1}, ticket{1, 1, -1, 1}}) {
    EXPECT_FALSE(read(issue(wrong, example_key())));
  }
}

TEST(tickets, every_bit_flip_of_a_code_is_refused) {
  const auto code = issue(example, example_key());
  ASSERT_TRUE(opens(code));
  for (std::size_t bit = 0; bit < code.size() * 8; ++bit) {
    auto flipped = code;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(opens(flipped)) << bit;
  }
}

TEST(tickets, every_bit_flip_of_what_a_code_stands_for_is_refused) {
  const auto code = issue(example, example_key());
  const auto bytes = base32_decode(std::string_view(code).substr(4)).value();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(opens("TS1:" + base32_encode(flipped))) << bit;
  }
}

TEST(tickets, nothing_but_the_code_itself_is_that_ticket) {
  const auto code = issue(example, example_key());
  auto lower = code;
  lower.back() = static_cast<char>(std::tolower(lower.back()));
  auto digit = code;
  digit[10] = '1';
  for (const auto& other :
       {std::string{}, code.substr(0, code.size() - 1), code.substr(1), code + "A", " " + code, code + "\n",
        code + "========", "ts1:" + code.substr(4), "TS2:" + code.substr(4), lower, digit}) {
    EXPECT_FALSE(read(other)) << other;
  }
}

TEST(tickets, a_signature_has_one_form) {
  // Ed25519 is malleable where S is not reduced: S + L verifies by a careless verifier. L is the group's order.
  constexpr unsigned char order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                       0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                       0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  auto bytes = base32_decode(std::string_view(issue(example, example_key())).substr(4)).value();
  auto* s = bytes.data() + bytes.size() - 32;
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned char>(s[i]) + order[i];
    s[i] = static_cast<char>(carry & 255);
    carry >>= 8;
  }
  EXPECT_FALSE(opens("TS1:" + base32_encode(bytes)));
}

TEST(tickets, another_key_signs_no_ticket_of_ours) {
  EXPECT_FALSE(opens(issue(example, other_key())));
  auto renamed = base32_decode(std::string_view(issue(example, other_key())).substr(4)).value();
  const auto ours = base32_decode(std::string_view(issue(example, example_key())).substr(4)).value();
  renamed.replace(0, 4, ours, 0, 4);  // by the other key, in the name of ours
  EXPECT_FALSE(opens("TS1:" + base32_encode(renamed)));
}

TEST(tickets, ten_thousand_forged_codes_are_refused) {
  TICKETSHOW_SEEDED(random);
  const auto ours = example_key();
  const auto good = issue(example, ours);
  const auto good_bytes = base32_decode(std::string_view(good).substr(4)).value();
  const auto any = [&](std::size_t below) {
    return static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(below) - 1));
  };
  for (int i = 0; i < 10'000; ++i) {
    auto forged = good;
    switch (i % 5) {
      case 0:  // some characters of the alphabet
        for (std::size_t n = 1 + any(4); n > 0; --n) forged[4 + any(144)] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[any(32)];
        break;
      case 1:  // cut off, or with something after it
        forged = any(2) == 0 ? good.substr(0, any(good.size())) : good + good.substr(0, 1 + any(148));
        break;
      case 2: {  // signed by somebody else
        jose::key_seed seed{};
        for (auto& each : seed) each = static_cast<unsigned char>(any(256));
        auto bytes = base32_decode(std::string_view(issue(example, jose::make_signing_key(seed))).substr(4)).value();
        if (any(2) == 0) bytes.replace(0, 4, good_bytes, 0, 4);
        forged = "TS1:" + base32_encode(bytes);
        break;
      }
      case 3: {  // another seat, booking, showing or time under the signature of this one
        auto bytes = good_bytes;
        auto& byte = bytes[4 + any(22)];
        byte = static_cast<char>(byte ^ static_cast<char>(1 + any(255)));
        forged = "TS1:" + base32_encode(bytes);
        break;
      }
      default: {  // the signature of another ticket of ours: of another seat, or of the same seat of another showing
        auto another = example;
        if (any(2) == 0) {
          another.seat_no = static_cast<std::int16_t>(18 + any(1'000));
        } else {
          another.schedule_id += 1 + static_cast<std::int64_t>(any(1'000));
        }
        const auto of_another = base32_decode(std::string_view(issue(another, ours)).substr(4)).value();
        forged = "TS1:" + base32_encode(good_bytes.substr(0, 26) + of_another.substr(26));
      }
    }
    if (forged != good) {
      ASSERT_FALSE(opens(forged)) << i << ' ' << forged;
    }
  }
}

TEST(tickets, base32_is_that_of_rfc_4648) {
  EXPECT_EQ(base32_encode("fooba"), "MZXW6YTB");
  EXPECT_EQ(base32_decode("MZXW6YTB"), "fooba");
  EXPECT_EQ(base32_decode("MZXW6YTb"), std::nullopt);
  EXPECT_EQ(base32_decode("MZXW6YT="), std::nullopt);
  EXPECT_EQ(base32_decode("MZXW6Y"), std::nullopt);
}

}  // namespace
}  // namespace ticketshow::tickets
