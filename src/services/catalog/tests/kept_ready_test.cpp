#include "services/catalog/kept_ready.hpp"

#include <gtest/gtest.h>

#include "tests/support/run_all.hpp"

namespace ticketshow::catalog::testing {
namespace {

using namespace std::chrono_literals;

/// Answers that take a moment to be made, each another number.
struct kitchen {
  rt::task<std::string> get(int asked) {
    auto mine = co_await ready.ask(asked);
    if (mine.kept) co_return *mine.kept->json;
    ++made;
    const std::vector value{made};
    co_await rt::sleep_for(5ms);
    if (drops) ready.drop();
    if (std::exchange(fails, false)) throw std::runtime_error("it burnt");
    const auto answer = ready.keep(std::move(mine), value);
    co_return *answer.json;
  }
  std::vector<std::string> get_all(const std::vector<int>& asked) {
    std::vector<rt::task<std::string>> work;
    for (const auto each : asked) work.push_back(get(each));
    return test::run_all(io, std::move(work));
  }

  rt::asio::io_context io{1};
  kept_ready<int, std::vector<int>> ready{100ms};
  int made = 0;
  bool drops = false;
  bool fails = false;
};

using answers = std::vector<std::string>;

TEST(KeptReady, what_many_ask_for_at_once_is_made_once) {
  kitchen k;
  EXPECT_EQ(k.get_all({1, 1, 2, 1}), (answers{"[1]", "[1]", "[2]", "[1]"}));
  EXPECT_EQ(k.get_all({2, 1}), (answers{"[2]", "[1]"}));
  EXPECT_EQ(k.made, 2);
}

TEST(KeptReady, who_waits_makes_it_when_who_was_to_make_it_failed) {
  kitchen k;
  k.fails = true;
  const auto failing = [](kitchen& of) -> rt::task<std::string> {
    try {
      co_return co_await of.get(1);
    } catch (const std::runtime_error& error) {
      co_return error.what();
    }
  };
  std::vector<rt::task<std::string>> work;
  for (int i = 0; i < 3; ++i) work.push_back(failing(k));
  EXPECT_EQ(test::run_all(k.io, std::move(work)), (answers{"it burnt", "[2]", "[2]"}));
}

TEST(KeptReady, what_was_dropped_while_it_was_made_is_neither_kept_nor_given_to_others) {
  kitchen k;
  k.drops = true;
  EXPECT_EQ(k.get_all({1, 1}), (answers{"[1]", "[2]"}));
  k.drops = false;
  EXPECT_EQ(k.get_all({1}), answers{"[3]"});
}

TEST(KeptReady, nothing_is_kept_for_longer_than_was_said) {
  kitchen k;
  EXPECT_EQ(k.get_all({1}), answers{"[1]"});
  EXPECT_EQ(k.get_all({1}), answers{"[1]"});
  rt::run(k.io, rt::sleep_for(100ms));
  EXPECT_EQ(k.get_all({1}), answers{"[2]"});
}

}  // namespace
}  // namespace ticketshow::catalog::testing
