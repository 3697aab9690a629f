// Every endpoint of every service, called locally, through JSON, and over HTTP to another listener: the same story
// gives the same answers, and calls that may be repeated are.
#include <filesystem>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/wiring.hpp"
#include "app/internal_calls.hpp"
#include "app/process.hpp"
#include "app/schemas.hpp"
#include "app/service_token.hpp"
#include "images/tests/samples.hpp"
#include "tests/contract/repeating.hpp"
#include "tests/support/database.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/support/wait_until.hpp"

namespace ticketshow {
namespace {

using namespace std::chrono_literals;

struct ports {
  auth::port& accounts;
  catalog::port& catalogue;
  booking::port& bookings;
  payment::port& payments;
  search::port& searches;
  operations::port& operators;
};

/// Carries written requests straight into a router: everything but the sockets.
class in_process_transport final : public contract::transport {
 public:
  explicit in_process_transport(const contract::router& routes) : routes_(routes) {}

  rt::task<http::response> send(rt::call call, contract::written_request outgoing) override {
    const auto headers = outgoing.header_views();
    const http::request request{
        .verb = outgoing.verb, .target = outgoing.target, .headers = headers, .body = outgoing.body};
    co_return co_await routes_.dispatch(std::move(call), request);
  }

 private:
  const contract::router& routes_;
};

/// Clients of all services over one transport a service.
struct clients {
  std::unique_ptr<auth::port> accounts;
  std::unique_ptr<catalog::port> catalogue;
  std::unique_ptr<booking::port> bookings;
  std::unique_ptr<payment::port> payments;
  std::unique_ptr<search::port> searches;

  ports with(operations::port& operators) const {
    return {*accounts, *catalogue, *bookings, *payments, *searches, operators};
  }
};

rt::call call_by(rt::principal caller) {
  return {.until = rt::deadline::after(20s),
          .correlation_id = "0123456789abcdef0123456789abcdef",
          .caller = std::move(caller)};
}

rt::principal user_of(const auth::account_view& account, rt::role role) {
  return {.type = rt::principal::kind::user,
          .user_id = account.id,
          .user_role = role,
          .email = account.email,
          .session_id = "none"};
}

template <class T>
T expect_value(contract::result<T> answer) {
  if (!answer) throw std::runtime_error(std::string(answer.error().kind->code) + ": " + answer.error().detail);
  return std::move(*answer);
}

/// The refund comes by an event: a payment's status once it is there, or what it is after some time.
rt::task<payment::payment_status> status_when_refunded(ports to, rt::call user, std::int64_t payment_id) {
  const auto give_up = rt::steady_clock::now() + test::patience;
  while (true) {
    const auto seen = expect_value(co_await to.payments.handle(user, payment::get_payment{payment_id}));
    if (seen.status == payment::payment_status::REFUNDED || rt::steady_clock::now() > give_up) co_return seen.status;
    co_await rt::sleep_for(20ms);
  }
}

/// Makes a hold; a showing that has just moved is on sale again with the news of it, or not after some time.
rt::task<> hold_when_on_sale(ports to, rt::call user, booking::create_booking wish) {
  const auto give_up = rt::steady_clock::now() + test::patience;
  while (rt::steady_clock::now() < give_up) {
    const auto answer = co_await to.bookings.handle(user, wish);
    if (answer) co_return;
    co_await rt::sleep_for(20ms);
  }
}

/// The cancellation of a show when it is done, or as it is after some time.
rt::task<booking::cancellation_view> cancellation_when_done(ports to, rt::call admin, std::int64_t show_id) {
  const auto give_up = rt::steady_clock::now() + test::patience;
  while (true) {
    auto seen = expect_value(co_await to.bookings.handle(admin, booking::get_show_cancellation{show_id}));
    const bool done = seen.state == booking::cancellation_state::DONE;
    if (done || rt::steady_clock::now() > give_up) co_return seen;
    co_await rt::sleep_for(20ms);
  }
}

/// Staff comes, admits with the tickets of a booking, and goes.
rt::task<> keep_doors(ports to, rt::call admin, std::int64_t venue_id, std::int64_t schedule_id,
                      std::int64_t booking_id) {
  const auto member = expect_value(co_await to.accounts.handle(
      admin, auth::create_staff{"door@example.com", "correct horse", "Doors", venue_id + 1}));
  EXPECT_EQ(expect_value(co_await to.accounts.handle(admin, auth::list_staff{venue_id + 1, {}, {}})).size(), 1U);
  expect_value(co_await to.accounts.handle(admin, auth::move_staff{member.id, venue_id}));
  auto staff = admin;
  staff.caller.user_role = rt::role::STAFF;
  staff.caller.venue_id = venue_id;
  EXPECT_EQ(expect_value(co_await to.bookings.handle(staff, booking::get_ticket_keys{})).keys.size(), 1U);
  const auto list = expect_value(co_await to.bookings.handle(staff, booking::get_scan_manifest{schedule_id}));
  EXPECT_EQ(list.tickets.back().booking_id, booking_id);
  const auto shown = expect_value(co_await to.bookings.handle(admin, booking::get_booking{booking_id}));
  const auto scanned = expect_value(
      co_await to.bookings.handle(staff, booking::scan_ticket{shown.tickets.at(0).code, schedule_id, "north", {}}));
  EXPECT_EQ(scanned.outcome, booking::scan_outcome::TOO_EARLY);
  const booking::upload_scans told{"south", {{"scan 1", shown.tickets.at(0).code, shown.created_at, schedule_id}}};
  EXPECT_EQ(expect_value(co_await to.bookings.handle(staff, told)).results.at(0).result.outcome,
            booking::scan_outcome::TOO_EARLY);
  const auto conflicts =
      expect_value(co_await to.bookings.handle(admin, booking::list_scan_conflicts{schedule_id, {}, {}}));
  EXPECT_EQ(conflicts.at(0).kind, booking::conflict_kind::ADMITTED_OUTSIDE_HOURS);
  expect_value(co_await to.accounts.handle(admin, auth::end_staff{member.id}));
}

/// The first message of a live seat map tells which seats are held.
rt::task<> look_at_live_seats(ports to, std::int64_t schedule_id, std::vector<std::int64_t> held) {
  const auto live = expect_value(co_await to.bookings.handle(call_by({}), booking::watch_seats{schedule_id, {}}));
  const auto first = co_await live.source->next();
  EXPECT_TRUE(first && first->contains("event: snapshot\n"));
  EXPECT_TRUE(first && first->contains(fmt::format("\"held\":[{}]", fmt::join(held, ",")))) << *first;
  live.source->close();
  EXPECT_EQ(co_await live.source->next(), nullptr);
}

/// What a customer takes away of a confirmed booking.
rt::task<> take_papers(ports to, rt::call user, std::int64_t booking_id, std::int64_t seat_id) {
  const auto pdf = expect_value(co_await to.bookings.handle(user, booking::get_tickets_pdf{booking_id, {}}));
  EXPECT_TRUE(pdf.bytes.starts_with("%PDF-"));
  EXPECT_EQ(pdf.name, fmt::format("tickets-{}.pdf", booking_id));
  const auto entry = expect_value(co_await to.bookings.handle(user, booking::get_calendar_entry{booking_id, {}}));
  EXPECT_TRUE(entry.bytes.starts_with("BEGIN:VCALENDAR\r\n"));
  const booking::get_ticket_code wish{booking_id, fmt::format("{}.svg", seat_id)};
  EXPECT_EQ(expect_value(co_await to.bookings.handle(user, wish)).type, "image/svg+xml");
}

/// What an administrator reads about a confirmed booking, the only one.
rt::task<> read_reports(ports to, rt::call admin, booking::booking_view booked) {
  const booking::list_schedule_bookings who{.schedule_id = booked.schedule_id};
  const auto customers = expect_value(co_await to.bookings.handle(admin, who));
  EXPECT_EQ(customers.at(0).id, booked.id);
  EXPECT_EQ(customers.at(0).user_email, "ann@example.com");
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const booking::get_sales wish{today, today + std::chrono::days(7), booking::sales_group::show};
  const auto sales = expect_value(co_await to.bookings.handle(admin, wish));
  EXPECT_EQ(sales.at(0).label, booked.show_name);
  EXPECT_EQ(sales.at(0).revenue, booked.total_amount);
  const booking::get_sales_csv file{wish.from_date, wish.to_date, wish.group_by};
  EXPECT_TRUE(expect_value(co_await to.bookings.handle(admin, file)).bytes.contains("701.00,\"INR\"\r\n"));
}

/// What operators look after; here nothing has failed, and that comes through.
rt::task<> operate(ports to, rt::call admin) {
  EXPECT_TRUE(expect_value(co_await to.operators.handle(admin, operations::list_dead_letters{})).empty());
  const operations::replay_dead_letter replay{"booking", "none"};
  EXPECT_EQ((co_await to.operators.handle(admin, replay)).error().kind->code, operations::dead_letter_not_found.code);
  const operations::drop_dead_letter drop{"catalog", "none"};
  EXPECT_EQ((co_await to.operators.handle(admin, drop)).error().kind->code, operations::dead_letter_not_found.code);
  EXPECT_TRUE(expect_value(co_await to.payments.handle(admin, payment::list_failed_refunds{})).empty());
  const auto unknown = co_await to.payments.handle(admin, payment::retry_failed_refund{1});
  EXPECT_EQ(unknown.error().kind->code, payment::failed_refund_not_found.code);
}

/// What has to do with cards, which this platform does not take: the refusals come through like everything else.
rt::task<> ask_for_cards(ports to, rt::call user) {
  const payment::top_up wish{.amount = money{100'00}, .idempotency_key = "once"};
  const auto refused = co_await to.payments.handle(user, wish);
  EXPECT_EQ(refused.error().kind, &payment::method_unavailable);
  const auto unknown = co_await to.payments.handle(user, payment::get_top_up{1});
  EXPECT_EQ(unknown.error().kind, &payment::payment_not_found);
  const payment::payment_webhook forged{.message = {.type = "application/json", .bytes = "{}"},
                                        .webhook_id = {"msg_1"},
                                        .webhook_timestamp = {"1"},
                                        .webhook_signature = {"v1,AAAA"}};
  const auto told = co_await to.payments.handle(call_by({}), forged);
  EXPECT_EQ(told.error().kind, &contract::not_found);
}

/// From an empty platform to a refund, touching every endpoint. Who waits for what happens in the background asks
/// `plain`, where no call is repeated.
rt::task<> tell_the_story(ports to, ports plain) {
  const rt::call anybody = call_by({});
  const rt::call service = call_by({.type = rt::principal::kind::service, .service = "payment"});

  // auth
  const auto account = expect_value(
      co_await to.accounts.handle(anybody, auth::register_account{"Ann@Example.com", "correct horse", "Ann", "Pune"}));
  EXPECT_EQ(account.wallet_balance, money{0});
  const auto session =
      expect_value(co_await to.accounts.handle(anybody, auth::login{"ann@example.com", "correct horse", {}}));
  EXPECT_FALSE(session.refresh_token.value.empty());
  const auto refreshed = expect_value(co_await to.accounts.handle(anybody, auth::refresh{session.refresh_token}));
  const rt::call user = call_by(user_of(account, rt::role::USER));
  const rt::call admin = call_by(user_of(account, rt::role::ADMIN));
  EXPECT_EQ(expect_value(co_await to.accounts.handle(user, auth::get_me{})).email, account.email);
  EXPECT_EQ(expect_value(co_await to.accounts.handle(user, auth::update_me{"Ann B", {}})).username, "Ann B");
  const auto changed =
      expect_value(co_await to.accounts.handle(user, auth::change_password{"correct horse", "battery staple"}));
  expect_value(co_await to.accounts.handle(anybody, auth::logout{changed.refresh_token}));
  EXPECT_FALSE(expect_value(co_await to.accounts.handle(anybody, auth::get_keys{})).keys.empty());
  expect_value(co_await to.accounts.handle(service, auth::list_revoked_sessions{}));
  EXPECT_EQ(expect_value(co_await to.accounts.handle(service, auth::get_contact{account.id})).email, account.email);
  EXPECT_EQ(expect_value(co_await to.accounts.handle(service, auth::get_contacts{{account.id}})).size(), 1U);
  expect_value(co_await to.accounts.handle(
      service,
      auth::credit_wallet{account.id, money{100'000}, auth::transaction_type::CREDIT, "test:top-up", "Top-up"}));
  expect_value(co_await to.accounts.handle(
      service, auth::debit_wallet{account.id, money{1'000}, "payment:4711:debit", "A test"}));
  const auto refunds = expect_value(co_await to.accounts.handle(
      service, auth::refund_wallets{{{account.id, money{500}, "payment:4711:refund", "A test"}}}));
  EXPECT_TRUE(refunds.outcomes.at(0).transaction_id.has_value());
  expect_value(
      co_await to.accounts.handle(service, auth::debit_wallet{account.id, money{500}, "payment:4712:debit", "A test"}));
  EXPECT_EQ(expect_value(co_await to.accounts.handle(user, auth::get_wallet{})).current_amount, money{99'000});

  // catalog
  const auto show = expect_value(co_await to.catalogue.handle(
      admin, catalog::create_show{"The \"Long\" Night – रात", 120, money{35'050}, "Quiet.", "Hindi", "UA"}));
  const auto venue = expect_value(co_await to.catalogue.handle(
      admin, catalog::create_venue{"Regal", "1 High Street", "Pune", "00:00", "00:00", "Asia/Kolkata"}));
  const auto screen =
      expect_value(co_await to.catalogue.handle(admin, catalog::create_screen{venue.id, "Screen 1", 30, 10}));
  const auto tomorrow = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) + 24h;
  const auto schedule =
      expect_value(co_await to.catalogue.handle(admin, catalog::create_schedule{show.id, screen.id, tomorrow}));
  EXPECT_EQ(schedule.end_time, tomorrow + 120min);
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(anybody, catalog::get_show{show.id})).title, show.title);
  EXPECT_EQ(
      expect_value(co_await to.catalogue.handle(admin, catalog::update_show{.id = show.id, .description = "Loud."}))
          .description,
      "Loud.");
  // As large a form as may come: what hangs on behind a picture does no harm.
  auto picture = images::samples::png(40, 60);
  picture.resize(catalog::max_poster_bytes, 'x');
  const auto form =
      fmt::format("--XX\r\nContent-Disposition: form-data; name=\"poster\"\r\n\r\n{}\r\n--XX--\r\n", picture);
  const catalog::upload_poster upload{show.id, {.type = "multipart/form-data; boundary=XX", .bytes = form}};
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(admin, upload)).poster->width, 40);
  expect_value(co_await to.catalogue.handle(anybody, catalog::list_shows{}));
  EXPECT_TRUE(expect_value(co_await to.catalogue.handle(anybody, catalog::list_playing_shows{.city = "pune"}))
                  .json->contains("\"showings\":1,\"venues\":1"));
  EXPECT_TRUE(expect_value(co_await to.catalogue.handle(anybody, catalog::list_show_schedules{.id = show.id}))
                  .json->contains("\"venue_location\":\"1 High Street\""));
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(anybody, catalog::list_show_venues{show.id, "PUNE"})).size(), 1U);
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(anybody, catalog::list_venues{.city = "pune"})).size(), 1U);
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(anybody, catalog::get_venue{venue.id})).name, "Regal");
  expect_value(co_await to.catalogue.handle(admin, catalog::update_venue{.id = venue.id, .location = "2 High Street"}));
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(anybody, catalog::list_screens{venue.id})).size(), 1U);
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(admin, catalog::update_screen{.id = screen.id, .capacity = 40}))
                .capacity,
            40);
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(anybody, catalog::get_schedule{schedule.id})).screen_name,
            "Screen 1");
  EXPECT_EQ(
      expect_value(co_await to.catalogue.handle(anybody, catalog::list_venue_schedules{.venue_id = venue.id})).size(),
      1U);
  expect_value(co_await to.catalogue.handle(service, catalog::get_schedule_for_sale{schedule.id}));
  expect_value(
      co_await to.catalogue.handle(admin, catalog::update_schedule{.id = schedule.id, .start_time = tomorrow + 1h}));

  // search
  EXPECT_EQ(expect_value(co_await to.searches.handle(service, search::rebuild_index{})).shows, 1);
  const auto found = expect_value(co_await to.searches.handle(anybody, search::find{"lnog nihgt", "Pune", 5}));
  EXPECT_EQ(found.shows.size(), 1U);
  EXPECT_EQ(found.did_you_mean, "long night");
  EXPECT_EQ(expect_value(co_await to.searches.handle(anybody, search::list_cities{})),
            std::vector<std::string>{"Pune"});
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(service, catalog::list_show_documents{0, 10})).size(), 1U);
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(service, catalog::list_venue_documents{0, 10})).size(), 1U);

  // booking and payment
  expect_value(co_await to.bookings.handle(anybody, booking::get_seat_map{schedule.id}));
  const std::vector<std::int64_t> seats{catalog::seat_id_of(screen.id, 1), catalog::seat_id_of(screen.id, 31)};
  const booking::create_booking wish{schedule.id, seats, "wish 1"};
  co_await hold_when_on_sale(plain, user, wish);
  const auto booked = expect_value(co_await to.bookings.handle(user, wish));
  co_await look_at_live_seats(to, schedule.id, seats);
  EXPECT_EQ(booked.total_amount, money{70'100});
  EXPECT_EQ(booked.seat_labels[1].row_number, "D");
  EXPECT_EQ(expect_value(co_await to.bookings.handle(service, booking::suspend_sale{{schedule.id}})).live_bookings, 1);
  expect_value(co_await to.bookings.handle(service, booking::resume_sale{{schedule.id}}));
  expect_value(co_await to.bookings.handle(service, booking::get_booking_to_settle{booked.id}));
  const auto paid = expect_value(co_await to.payments.handle(
      user, payment::create_payment{booked.id, payment::payment_method::WALLET, booked.total_amount}));
  EXPECT_EQ(paid.status, payment::payment_status::COMPLETED);
  const auto settled =
      expect_value(co_await to.bookings.handle(service, booking::settle_booking{booked.id, paid.id, paid.amount}));
  EXPECT_EQ(settled.outcome, booking::settlement::CONFIRMED);
  EXPECT_EQ(expect_value(co_await to.bookings.handle(user, booking::get_booking{booked.id})).status,
            booking::booking_status::CONFIRMED);
  co_await take_papers(to, user, booked.id, seats.front());
  co_await read_reports(to, admin, booked);
  co_await operate(to, admin);
  co_await ask_for_cards(to, user);
  EXPECT_EQ(expect_value(co_await to.bookings.handle(user, booking::list_bookings{})).size(), 1U);
  EXPECT_EQ(expect_value(co_await to.payments.handle(user, payment::list_payments{})).size(), 1U);
  EXPECT_EQ(expect_value(co_await to.payments.handle(user, payment::get_booking_payment{booked.id})).id, paid.id);
  EXPECT_EQ(expect_value(co_await to.bookings.handle(user, booking::cancel_booking{booked.id})).status,
            booking::booking_status::CANCELLED);
  EXPECT_EQ(co_await status_when_refunded(plain, user, paid.id), payment::payment_status::REFUNDED);
  expect_value(co_await to.payments.handle(user, payment::get_payment{paid.id}));
  EXPECT_EQ(expect_value(co_await to.accounts.handle(user, auth::get_wallet{})).current_amount, money{99'000});

  // the end of the season
  const booking::create_booking last_wish{schedule.id, seats, "wish 2"};
  const auto last = expect_value(co_await to.bookings.handle(user, last_wish));
  expect_value(
      co_await to.payments.handle(user, payment::create_payment{last.id, payment::payment_method::WALLET, {}}));
  EXPECT_EQ(expect_value(co_await to.bookings.handle(user, booking::get_booking{last.id})).tickets.size(), 2U);
  co_await keep_doors(to, admin, venue.id, schedule.id, last.id);
  const auto preview = expect_value(co_await to.bookings.handle(admin, booking::get_venue_cancellation{venue.id}));
  EXPECT_EQ(preview.state, booking::cancellation_state::NONE);
  EXPECT_EQ(preview.refunds_pending_amount, last.total_amount);
  EXPECT_EQ(expect_value(co_await to.bookings.handle(admin, booking::get_schedule_cancellation{schedule.id})).bookings,
            1);
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(admin, catalog::cancel_schedule{schedule.id})).status,
            catalog::schedule_status::CANCELLED);
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(admin, catalog::cancel_show{show.id})).status,
            catalog::show_status::CANCELLED);
  const auto refunded = co_await cancellation_when_done(plain, admin, show.id);
  EXPECT_EQ(refunded.state, booking::cancellation_state::DONE);
  EXPECT_EQ(refunded.refunds_done_amount, last.total_amount);
  EXPECT_EQ(expect_value(co_await to.bookings.handle(admin, booking::get_show_cancellation{show.id})).showings, 1);
  EXPECT_EQ(expect_value(co_await to.catalogue.handle(admin, catalog::deactivate_venue{venue.id})).status,
            catalog::venue_status::INACTIVE);
}

/// A port that was free a moment ago.
std::uint16_t free_port() {
  rt::asio::io_context context;
  rt::asio::ip::tcp::acceptor probe(context, {rt::asio::ip::make_address("127.0.0.1"), 0});
  return probe.local_endpoint().port();
}

/// The services of one process on a scratch database.
class Bindings : public testing::Test {
 public:
  ~Bindings() override {
    rt::run(context_, process_->stop(rt::deadline::after(10s)));
    process_.reset();
    context_.restart();
    context_.poll();
    std::filesystem::remove(settings_.text("internal.key_file"));
  }

 protected:
  Bindings()
      : settings_(app::settings::load(
            "", {{"database.auth_url", database_.service("auth")},
                 {"database.catalog_url", database_.service("catalog")},
                 {"database.booking_url", database_.service("booking")},
                 {"database.payment_url", database_.service("payment")},
                 {"database.search_url", database_.service("search")},
                 {"database.search_index_url", database_.service("search_index")},
                 {"database.bus_url", database_.service("bus")},
                 {"auth.hash_memory_mib", "8"},
                 {"auth.hash_passes", "1"},
                 {"internal.port", std::to_string(free_port())},
                 {"blob.dir", blobs_.path().string()},
                 {"internal.key_file", testing::TempDir() + "internal." + std::to_string(getpid()) + ".key"}})) {
    process_ = std::make_unique<app::process>(context_.get_executor(), settings_,
                                              std::set{app::target::auth, app::target::catalog, app::target::booking,
                                                       app::target::payment, app::target::search});
    rt::run(context_, process_->start());
  }

  /// Tells the story through `to` and expects that no endpoint was left out.
  void run_story(ports to) {
    std::set<std::string> seen;
    repeating accounts(to.accounts, seen);
    repeating catalogue(to.catalogue, seen);
    repeating bookings(to.bookings, seen);
    repeating payments(to.payments, seen);
    repeating searches(to.searches, seen);
    repeating operators(to.operators, seen);
    rt::run(context_, tell_the_story({accounts, catalogue, bookings, payments, searches, operators}, to));

    std::set<std::string> declared;
    declared.merge(labels_of_all<auth::port>());
    declared.merge(labels_of_all<catalog::port>());
    declared.merge(labels_of_all<booking::port>());
    declared.merge(labels_of_all<payment::port>());
    declared.merge(labels_of_all<search::port>());
    declared.merge(labels_of_all<operations::port>());
    EXPECT_EQ(seen, declared) << "an endpoint was not exercised";
  }

  rt::asio::io_context context_{1};
  test::scratch_database database_{app::all_schemas()};
  test::scratch_directory blobs_;
  app::settings settings_;
  std::unique_ptr<app::process> process_;
};

TEST_F(Bindings, EveryEndpointAnswersLocally) {
  run_story({process_->accounts(), process_->catalogue(), process_->bookings(), process_->payments(),
             process_->searches(), process_->operators()});
}

TEST_F(Bindings, EveryEndpointAnswersThroughJson) {
  contract::router routes("/x");
  const auto mount = [&](auto& port) { api::mount(routes, port, contract::router::audience::inside); };
  mount(process_->accounts());
  mount(process_->catalogue());
  mount(process_->bookings());
  mount(process_->payments());
  mount(process_->searches());
  mount(process_->operators());
  in_process_transport carrier(routes);
  const clients through{api::make_client<auth::port>(carrier, "/x"), api::make_client<catalog::port>(carrier, "/x"),
                        api::make_client<booking::port>(carrier, "/x"), api::make_client<payment::port>(carrier, "/x"),
                        api::make_client<search::port>(carrier, "/x")};
  const auto operators = api::make_client<operations::port>(carrier, "/x");
  run_story(through.with(*operators));
}

TEST_F(Bindings, EveryEndpointAnswersOverHttp) {
  const system_clock_source clock;
  const auto key = app::load_or_make_internal_key(settings_.text("internal.key_file"));
  const auto url = "http://127.0.0.1:" + settings_.text("internal.port");
  const auto io = context_.get_executor();
  app::remote_transport to_auth(io, {url}, "auth", key, clock);
  app::remote_transport to_catalog(io, {url}, "catalog", key, clock);
  app::remote_transport to_booking(io, {url}, "booking", key, clock);
  app::remote_transport to_payment(io, {url}, "payment", key, clock);
  app::remote_transport to_search(io, {url}, "search", key, clock);
  const clients through{api::make_client<auth::port>(to_auth, app::internal_prefix("auth")),
                        api::make_client<catalog::port>(to_catalog, app::internal_prefix("catalog")),
                        api::make_client<booking::port>(to_booking, app::internal_prefix("booking")),
                        api::make_client<payment::port>(to_payment, app::internal_prefix("payment")),
                        api::make_client<search::port>(to_search, app::internal_prefix("search"))};
  const auto letters_of = [](contract::transport& carrier, const std::string& name) {
    return api::make_client<operations::letters_port>(carrier, app::internal_prefix(name));
  };
  const auto catalog_letters = letters_of(to_catalog, "catalog");
  const auto booking_letters = letters_of(to_booking, "booking");
  operations::desk operators({{"catalog", *catalog_letters}, {"booking", *booking_letters}});
  run_story(through.with(operators));
}

TEST_F(Bindings, Defect17_InternalCallsNeedAServiceToken) {
  const system_clock_source clock;
  const auto url = "http://127.0.0.1:" + settings_.text("internal.port");
  const std::string foreign_key(64, 'f');
  app::remote_transport stranger(context_.get_executor(), {url}, "auth", foreign_key, clock);
  const auto accounts = api::make_client<auth::port>(stranger, app::internal_prefix("auth"));
  const auto as_service = call_by({.type = rt::principal::kind::service, .service = "payment"});
  const auth::credit_wallet gift{1, money{100}, auth::transaction_type::CREDIT, "free money", "x"};
  EXPECT_THROW(std::ignore = rt::run(context_, accounts->handle(as_service, gift)), rt::unavailable);
}

TEST_F(Bindings, Defect17_APersonCannotCallWhatIsForServices) {
  const system_clock_source clock;
  const auto key = app::load_or_make_internal_key(settings_.text("internal.key_file"));
  const auto url = "http://127.0.0.1:" + settings_.text("internal.port");
  app::remote_transport carrier(context_.get_executor(), {url}, "auth", key, clock);
  const auto accounts = api::make_client<auth::port>(carrier, app::internal_prefix("auth"));
  const auto as_admin = call_by(
      {.type = rt::principal::kind::user, .user_id = 1, .user_role = rt::role::ADMIN, .email = "a@example.com"});
  const auto answer = rt::run(
      context_, accounts->handle(
                    as_admin, auth::credit_wallet{1, money{100}, auth::transaction_type::CREDIT, "free money", "x"}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind->code, contract::not_allowed.code);
}

}  // namespace
}  // namespace ticketshow
