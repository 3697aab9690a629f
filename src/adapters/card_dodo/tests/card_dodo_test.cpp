// The adapter before the card sandbox, which speaks Dodo's API (sandbox/README.md).
#include "adapters/card_dodo/card_dodo.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/server.hpp"
#include "tests/support/card_sandbox.hpp"
#include "tests/support/listener.hpp"
#include "tests/support/run_all.hpp"

namespace ticketshow::card_dodo {
namespace {

using namespace std::chrono_literals;
using http::method;
using ports::card_forgery;
using ports::card_refused;
using ports::card_status;
using testing::HasSubstr;
using refund_state = ports::card_refund::status;
using why = card_refused::why;

constexpr const char* good_card = "4242424242424242";
constexpr const char* bad_card = "4000000000000002";
constexpr const char* fixed_price_product = "pdt_FixedPrice0InTheSandbox";

class CardDodo : public testing::Test {
 public:
  ~CardDodo() override { run(cards().stop(rt::deadline::after(5s))); }

 protected:
  CardDodo()
      : options_{.url = sandbox_.setting("DODO_URL"),
                 .api_key = sandbox_.setting("DODO_API_KEY"),
                 .webhook_secrets = {sandbox_.setting("DODO_WEBHOOK_SECRETS")},
                 .product_id = sandbox_.setting("DODO_PRODUCT_ID"),
                 .currency = "INR",
                 .rate = {.second = {1000, {}}, .minute = {1000, {}}}} {
    sandbox_.control(method::PATCH, "switches", R"({"rate_limit":false})");
  }

  template <class T>
  T run(rt::task<T> work) {
    return rt::run(context_, std::move(work));
  }
  static rt::deadline soon() { return rt::deadline::after(10s); }

  /// Made of the options as they are at its first use.
  gateway& cards() {
    if (!cards_) cards_ = std::make_unique<gateway>(context_.get_executor(), options_);
    return *cards_;
  }
  gateway& started() {
    run(cards().start());
    return cards();
  }
  std::string why_it_does_not_start() {
    try {
      run(cards().start());
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

  ports::checkout open(money amount = {35'000}) {
    const ports::checkout_order order{.reference = "p-17",
                                      .amount = amount,
                                      .currency = "INR",
                                      .description = "Lighthouse",
                                      .email = "ann@example.com",
                                      .name = "Ann",
                                      .success_url = "https://t.example/done",
                                      .cancel_url = "https://t.example/left"};
    return run(cards().open_checkout(soon(), order));
  }
  int pay(const ports::checkout& page, const char* card) {
    return sandbox_.submit(page.url, fmt::format("number={}&expiry=12%2F34&cvc=123&name=Ann", card)).status;
  }
  ports::card_payment payment_of(const ports::checkout& page) {
    const auto state = run(cards().find_checkout(soon(), page.id)).value();
    return run(cards().find_payment(soon(), state.payment_id.value(), haste::work)).value();
  }
  /// A payment that succeeded.
  std::string paid() {
    started();
    const auto page = open();
    EXPECT_EQ(pay(page, good_card), 303);
    return payment_of(page).id;
  }
  ports::card_refund refund(const std::string& payment, const std::string& reference = "r-1",
                            rt::deadline until = soon()) {
    return run(cards().refund(until, payment, reference, "the show was cancelled"));
  }
  std::vector<ports::card_refund> refunds_of(const std::string& payment) {
    return run(cards().find_payment(soon(), payment, haste::work)).value().refunds;
  }
  void fault(const std::string& what) { sandbox_.control(method::POST, "faults", what); }
  std::size_t refunds_in_the_books() { return sandbox_.control(method::GET, "books").at("refunds").as_array().size(); }

  template <class Call>
  std::optional<why> refusal_of(Call call) {
    try {
      call();
    } catch (const card_refused& refused) {
      return refused.kind();
    }
    return {};
  }

  rt::asio::io_context context_;
  test::card_sandbox sandbox_{context_};
  options options_;
  std::unique_ptr<gateway> cards_;
};

// ---- paying

TEST_F(CardDodo, the_list_shows_every_payment_of_a_time_part_by_part) {
  started();
  sandbox_.control(method::PATCH, "switches", R"({"attempts":"new_payment"})");
  const auto before = system_clock_source().now() - 1s;
  const auto page = open();
  EXPECT_EQ(pay(page, bad_card), 402);
  EXPECT_EQ(pay(page, good_card), 303);
  const auto after = system_clock_source().now() + 1s;
  const auto list = run(cards().list_payments(soon(), before, after, 0));
  ASSERT_EQ(list.payments.size(), 2U);
  std::map<std::string, card_status> seen;
  for (const auto& each : list.payments) {
    EXPECT_EQ(each.reference, "p-17");
    seen[each.id] = each.status;
  }
  const auto paid = payment_of(page).id;
  EXPECT_EQ(seen.at(paid), card_status::succeeded);
  seen.erase(paid);
  EXPECT_EQ(seen.begin()->second, card_status::failed);
  EXPECT_THAT(run(cards().list_payments(soon(), before - 1h, before, 0)).payments, testing::IsEmpty());
  EXPECT_THAT(run(cards().list_payments(soon(), after, after + 1h, 0)).payments, testing::IsEmpty());

  for (int i = 0; i < 99; ++i) sandbox_.control(method::POST, "sessions/" + page.id + "/capture", "{}");
  const auto end = system_clock_source().now() + 1s;
  const auto first = run(cards().list_payments(soon(), before, end, 0));
  const auto second = run(cards().list_payments(soon(), before, end, 1));
  EXPECT_TRUE(first.more);
  EXPECT_FALSE(run(cards().list_payments(soon(), before, end, 2)).more);
  for (const auto& part : {first, second}) {
    for (const auto& each : part.payments) seen[each.id] = each.status;
  }
  EXPECT_EQ(seen.size(), 101U);
}

TEST_F(CardDodo, a_card_pays_exactly_what_was_ordered) {
  started();
  const auto page = open({12'345});
  const auto fresh = run(cards().find_checkout(soon(), page.id)).value();
  EXPECT_EQ(fresh.status, card_status::open);
  EXPECT_FALSE(fresh.payment_id);

  EXPECT_EQ(pay(page, good_card), 303);
  const auto state = run(cards().find_checkout(soon(), page.id)).value();
  EXPECT_EQ(state.status, card_status::succeeded);
  const auto payment = run(cards().find_payment(soon(), state.payment_id.value(), haste::work)).value();
  EXPECT_EQ(payment.status, card_status::succeeded);
  EXPECT_EQ(payment.amount, money{12'345});
  EXPECT_EQ(payment.currency, "INR");
  EXPECT_EQ(payment.reference, "p-17");
  EXPECT_EQ(payment.checkout_id, page.id);
  EXPECT_THAT(payment.refunds, testing::IsEmpty());
}

TEST_F(CardDodo, a_declined_card_leaves_the_page_to_another_one) {
  started();
  const auto page = open();
  EXPECT_EQ(pay(page, bad_card), 402);
  const auto declined = payment_of(page);
  EXPECT_EQ(declined.status, card_status::failed);
  EXPECT_THAT(declined.failure, HasSubstr("declined"));
  EXPECT_EQ(pay(page, good_card), 303);
  EXPECT_EQ(payment_of(page).status, card_status::succeeded);
}

TEST_F(CardDodo, what_was_taken_is_told_even_when_it_is_not_what_was_ordered) {
  started();
  sandbox_.control(method::PATCH, "switches", R"({"capture_amount":1})");
  const auto page = open();
  pay(page, good_card);
  EXPECT_EQ(payment_of(page).amount, money{1});
}

TEST_F(CardDodo, what_dodo_does_not_know_is_nothing) {
  started();
  for (const auto* id : {"cks_unknown", "", "../products/pdt_PayWhatYouWant0Sandbox", "a b", "x?y=1", "x#", "%2e%2e"}) {
    EXPECT_FALSE(run(cards().find_checkout(soon(), id))) << id;
    EXPECT_FALSE(run(cards().find_payment(soon(), id, haste::work))) << id;
    EXPECT_FALSE(run(cards().find_refund(soon(), id))) << id;
    EXPECT_EQ(refusal_of([&] { refund(id); }), why::unknown) << id;
  }
}

TEST_F(CardDodo, an_amount_below_the_products_minimum_is_refused) {
  started();
  EXPECT_EQ(refusal_of([&] { open({99}); }), why::amount);
}

// ---- refunds

TEST_F(CardDodo, a_payment_is_refunded_once_and_in_full) {
  const auto payment = paid();
  const auto made = refund(payment);
  EXPECT_EQ(made.state, refund_state::succeeded);
  EXPECT_EQ(made.payment_id, payment);
  EXPECT_EQ(made.reference, "r-1");
  EXPECT_EQ(made.amount, money{35'000});
  EXPECT_EQ(run(cards().find_refund(soon(), made.id)).value().reference, "r-1");
  EXPECT_EQ(refusal_of([&] { refund(payment, "r-2"); }), why::already_refunded);
  EXPECT_EQ(refunds_in_the_books(), 1);
}

TEST_F(CardDodo, a_refund_may_be_pending_and_then_succeed_or_fail) {
  for (const auto* first : {"pending", "review"}) {
    const auto payment = paid();
    sandbox_.control(method::PATCH, "switches", fmt::format(R"({{"refunds":"{}"}})", first));
    const auto made = refund(payment);
    EXPECT_EQ(made.state, refund_state::pending);
    sandbox_.control(method::POST, fmt::format("refunds/{}/settle", made.id), R"({"status":"failed"})");
    EXPECT_EQ(run(cards().find_refund(soon(), made.id)).value().state, refund_state::failed);

    const auto again = refund(payment, "r-2");
    sandbox_.control(method::POST, fmt::format("refunds/{}/settle", again.id), R"({"status":"succeeded"})");
    EXPECT_EQ(run(cards().find_refund(soon(), again.id)).value().state, refund_state::succeeded);
    EXPECT_EQ(refunds_of(payment).size(), 2);
  }
}

TEST_F(CardDodo, a_refund_whose_answer_was_lost_is_found_by_its_reference) {
  const auto payment = paid();
  for (const auto* list : {"true", "false"}) {  // Dodo's types promise no metadata in the list of a payment
    sandbox_.control(method::PATCH, "switches",
                     fmt::format(R"({{"refunds":"failed","metadata_in_refund_list":{}}})", list));
    fault(R"({"path":"/refunds","cut":"after"})");
    const auto reference = fmt::format("r-{}", list);
    EXPECT_THROW(refund(payment, reference), rt::unavailable);
    EXPECT_THAT(refunds_of(payment), testing::Contains(testing::Field(&ports::card_refund::reference, reference)));
  }
  EXPECT_EQ(refunds_in_the_books(), 2);
}

TEST_F(CardDodo, a_refund_is_never_repeated_by_itself) {
  const auto payment = paid();
  for (const auto* what :
       {R"({"path":"/refunds","cut":"before"})", R"({"path":"/refunds","status":500})",
        R"({"path":"/refunds","status":503,"body":"<html>"})", R"({"path":"/refunds","status":404,"body":"<html>"})"}) {
    fault(what);
    EXPECT_THROW(refund(payment), rt::unavailable) << what;
    EXPECT_THAT(refunds_of(payment), testing::IsEmpty()) << what;
  }
  EXPECT_EQ(refund(payment).state, refund_state::succeeded);
}

TEST_F(CardDodo, a_refund_that_is_answered_too_late_is_doubtful) {
  const auto payment = paid();
  fault(R"({"path":"/refunds","answer_delay_ms":2000})");
  const auto began = rt::steady_clock::now();
  EXPECT_THROW(refund(payment, "r-1", rt::deadline::after(200ms)), rt::unavailable);
  EXPECT_LT(rt::steady_clock::now() - began, 1500ms);
  EXPECT_EQ(refunds_of(payment).at(0).reference, "r-1");
}

TEST_F(CardDodo, the_code_of_an_error_says_why) {
  const auto payment = paid();
  const std::pair<const char*, why> codes[] = {{"REFUND_WINDOW_EXPIRED", why::too_late},
                                               {"REFUND_AMOUNT_EXCEEDS_PAID_AMOUNT", why::amount},
                                               {"INVALID_REQUEST_BODY", why::other}};
  for (const auto& [code, kind] : codes) {
    fault(fmt::format(R"({{"path":"/refunds","status":400,"code":"{}"}})", code));
    EXPECT_EQ(refusal_of([&] { refund(payment); }), kind) << code;
  }
}

TEST_F(CardDodo, a_lookup_that_is_not_answered_by_dodo_itself_says_nothing) {
  const auto payment = paid();
  for (const auto* what :
       {R"({"path":"/payments/*","status":404,"body":"<html>"})", R"({"path":"/payments/*","status":500})",
        R"({"path":"/payments/*","status":429,"times":null})"}) {
    fault(what);
    EXPECT_THROW(run(cards().find_payment(rt::deadline::after(500ms), payment, haste::work)), rt::unavailable) << what;
  }
}

// ---- limits

rt::task<int> look_up(gateway& cards, std::string id) {
  const auto until = rt::deadline::after(10s);
  const auto found = co_await cards.find_checkout(until, std::move(id));
  co_return found ? 1 : 0;
}

TEST_F(CardDodo, looks_at_pages_leave_the_calls_that_are_kept_for_pages_and_payments) {
  options_.rate = {.second = {1000, {}}, .minute = {6, {2, 2, 0}}};
  started();  // the product's check is work
  const auto page = open();
  const auto payment = "pay_unknown";
  const auto soon_over = [] { return rt::deadline::after(200ms); };
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(run(cards().find_checkout(soon_over(), page.id)));
  EXPECT_THROW(run(cards().find_checkout(soon_over(), page.id)), ports::card_not_sent);
  EXPECT_THROW(run(cards().find_payment(soon_over(), payment, haste::watch)), ports::card_not_sent);
  EXPECT_THROW(run(cards().list_payments(soon_over(), {}, {}, 0)), ports::card_not_sent);
  EXPECT_FALSE(run(cards().find_payment(soon_over(), payment, haste::work)));
  EXPECT_NO_THROW(open());
  EXPECT_THROW(run(cards().find_payment(soon_over(), payment, haste::work)), ports::card_not_sent)
      << "now all are used";
}

TEST_F(CardDodo, its_own_pace_keeps_within_the_limits) {
  sandbox_.control(method::PATCH, "switches", R"({"rate_limit":true})");
  options_.rate = {};
  started();
  const auto page = open();
  std::vector<rt::task<int>> lookups;
  for (int i = 0; i < 20; ++i) lookups.push_back(look_up(cards(), page.id));
  testing::internal::CaptureStderr();
  EXPECT_THAT(test::run_all(context_, std::move(lookups)), testing::Each(1));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");  // no refusal
}

TEST_F(CardDodo, calls_refused_for_haste_are_made_again_when_there_is_room) {
  sandbox_.control(method::PATCH, "switches", R"({"rate_limit":true})");
  started();  // faster than the sandbox allows
  const auto page = open();
  std::vector<rt::task<int>> lookups;
  for (int i = 0; i < 15; ++i) lookups.push_back(look_up(cards(), page.id));
  EXPECT_THAT(test::run_all(context_, std::move(lookups)), testing::Each(1));
}

// ---- start

TEST_F(CardDodo, a_wrong_key_is_told_at_the_start) {
  options_.api_key = "sk_wrong";
  EXPECT_THAT(why_it_does_not_start(), HasSubstr("does not accept the API key"));
}

TEST_F(CardDodo, a_key_that_is_revoked_later_is_no_verdict_on_a_payment) {
  const auto payment = paid();
  fault(R"({"path":"/refunds","status":401,"code":"UNAUTHORIZED"})");
  EXPECT_THROW(refund(payment), rt::unavailable);
}

TEST_F(CardDodo, a_product_that_is_not_fit_is_told_at_the_start) {
  options_.product_id = fixed_price_product;
  EXPECT_THAT(why_it_does_not_start(), HasSubstr("switch on \"pay what you want\""));
  options_.product_id = "pdt_unknown";
  cards_.reset();
  EXPECT_THAT(why_it_does_not_start(), HasSubstr("has no product pdt_unknown"));
  options_.product_id = sandbox_.setting("DODO_PRODUCT_ID");
  options_.currency = "EUR";
  cards_.reset();
  EXPECT_THAT(why_it_does_not_start(), HasSubstr("in INR, but this platform in EUR"));
  options_.currency = "INR";
  options_.least_amount = {99};
  cards_.reset();
  EXPECT_THAT(why_it_does_not_start(), HasSubstr("lower its minimum price"));
}

TEST_F(CardDodo, without_dodo_the_platform_starts_and_cards_follow_when_it_is_back) {
  options_.check_pause = 20ms;
  fault(R"({"path":"/products/*","status":503,"times":3})");
  testing::internal::CaptureStderr();
  started();
  EXPECT_THROW(open(), rt::unavailable);
  const auto until = soon();
  std::string url;
  while (url.empty() && !until.passed()) {
    try {
      url = open().url;
    } catch (const rt::unavailable&) {
      run(rt::sleep_for(5ms));
    }
  }
  EXPECT_NE(url, "");
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("no card payments yet: Dodo cannot be asked"));
  EXPECT_THAT(log, HasSubstr("card payments are possible now"));
}

TEST_F(CardDodo, options_that_make_no_sense_are_refused) {
  const auto refused = [&](auto change) {
    auto wrong = options_;
    change(wrong);
    try {
      const gateway made(context_.get_executor(), wrong);
      return made.name();
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
  };
  EXPECT_THAT(refused([](options& all) { all.url = "dodo"; }), HasSubstr("address must be like"));
  EXPECT_THAT(refused([](options& all) { all.api_key.clear(); }), HasSubstr("API key is missing"));
  EXPECT_THAT(refused([](options& all) { all.webhook_secrets.clear(); }), HasSubstr("secret"));
  EXPECT_THAT(refused([](options& all) { all.webhook_secrets = {"whsec_x"}; }), HasSubstr("whsec_ and base64"));
  EXPECT_THAT(refused([](options& all) { all.product_id = "a/b"; }), HasSubstr("product"));
  EXPECT_THAT(refused([](options& all) { all.currency = "JPY"; }), HasSubstr("two decimals"));
}

// ---- webhooks

TEST_F(CardDodo, webhooks_are_read_when_dodo_sent_them_and_refused_when_anything_is_altered) {
  std::vector<ports::card_notice> notices;
  int forgeries = 0;
  const test::listener receiver(context_, [&](const http::request& got) {
    try {
      notices.push_back(cards().read_notice({.id = got.header("webhook-id"),
                                             .timestamp = got.header("webhook-timestamp"),
                                             .signature = got.header("webhook-signature"),
                                             .body = got.body},
                                            system_clock_source().now()));
      return http::response{.status = 200};
    } catch (const card_forgery&) {
      ++forgeries;
      return http::response{.status = 401};
    }
  });
  sandbox_.control(method::PATCH, "switches",
                   fmt::format(R"({{"webhooks":{{"url":"{}/","hold":true}}}})", receiver.url()));
  const auto payment = paid();
  const auto back = refund(payment);
  sandbox_.control(method::POST, "webhooks/release");
  ASSERT_EQ(notices.size(), 2);
  EXPECT_EQ(notices[0].what, ports::card_notice::about::payment);
  EXPECT_EQ(notices[0].type, "payment.succeeded");
  EXPECT_EQ(notices[0].payment_id, payment);
  EXPECT_EQ(notices[1].what, ports::card_notice::about::refund);
  EXPECT_EQ(notices[1].refund_id, back.id);
  EXPECT_NE(notices[0].id, notices[1].id);

  for (const auto* part : {"signature", "timestamp", "body"}) {
    sandbox_.control(
        method::POST, "webhooks",
        fmt::format(R"({{"type":"payment.failed","data":{{"payment_id":"pay_1"}},"corrupt":"{}"}})", part));
  }
  EXPECT_GE(forgeries, 3);  // each is tried again
  EXPECT_EQ(notices.size(), 2);
  sandbox_.control(method::POST, "webhooks", R"({"type":"dispute.cancelled","data":{"payment_id":"pay_1"}})");
  ASSERT_EQ(notices.size(), 3);
  EXPECT_EQ(notices[2].what, ports::card_notice::about::dispute);
}

// The sandbox says not for how long it refuses, as Dodo may.
TEST_F(CardDodo, a_refusal_for_haste_is_waited_out_as_long_as_it_says_and_the_call_made_once_more) {
  std::vector<rt::steady_clock::time_point> calls;
  const test::listener busy(context_, [&](const http::request&) {
    calls.push_back(rt::steady_clock::now());
    if (calls.size() == 1) return http::response{.status = 429, .headers = {{"Retry-After", "1"}}};
    return http::response{.body = R"({"refund_id":"ref_1","payment_id":"pay_1","status":"pending"})"};
  });
  options_.url = busy.url();
  EXPECT_EQ(refund("pay_1").state, refund_state::pending);
  ASSERT_EQ(calls.size(), 2);
  EXPECT_GE(calls[1] - calls[0], 1s);
  calls.clear();
  EXPECT_THROW(refund("pay_1", "r-2", rt::deadline::after(500ms)), rt::unavailable);
  EXPECT_EQ(calls.size(), 1);
}

}  // namespace
}  // namespace ticketshow::card_dodo
