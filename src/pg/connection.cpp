#include "pg/connection.hpp"

#include <sys/socket.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>
#include <libpq-fe.h>

#include "base/assert.hpp"
#include "rt/log.hpp"

namespace ticketshow::pg {
namespace {

namespace asio = rt::asio;

using conninfo_options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

/// libpq's text on one line: operators read it in a sentence or in a log.
std::string on_one_line(const char* text) {
  std::string line;
  for (const char c : std::string_view(text == nullptr ? "" : text)) {
    const bool blank = c == '\n' || c == '\t' || c == ' ';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

void log_notice(void* /*unused*/, const char* text) {
  rt::log::debug("postgres notice", {{"message", on_one_line(text)}});
}

/// The operator's words first, then what every connection of ours needs; words that set our options again win.
PGconn* start_connecting(const std::string& conninfo, const session& how) {
  char* raw_reason = nullptr;
  const conninfo_options given(PQconninfoParse(conninfo.c_str(), &raw_reason), &PQconninfoFree);
  if (!given) {
    const std::string reason = on_one_line(raw_reason);
    PQfreemem(raw_reason);
    throw std::runtime_error("the database's connection string is not valid: " + reason);
  }
  std::string settings = how.settings;
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  bool named = false;
  for (const auto* option = given.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword = option->keyword;
    if (keyword == "options") {
      settings += fmt::format(" {}", option->val);
      continue;
    }
    if (keyword == "client_encoding") continue;
    if (keyword == "application_name") named = true;
    keywords.push_back(option->keyword);
    values.push_back(option->val);
  }
  const auto add = [&](const char* keyword, const char* value) {
    keywords.push_back(keyword);
    values.push_back(value);
  };
  if (!named) add("application_name", how.application_name.c_str());
  add("client_encoding", "UTF8");
  add("options", settings.c_str());
  add(nullptr, nullptr);
  return PQconnectStartParams(keywords.data(), values.data(), 0);
}

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

/// Errors that say something about the server or the connection, not about the statement.
bool is_outage(std::string_view sqlstate) {
  return sqlstate.starts_with("08") || sqlstate.starts_with("57P") || sqlstate.starts_with("53") ||
         sqlstate.starts_with("58") || sqlstate == "25P03" || sqlstate == "57014";
}

}  // namespace

connection::~connection() {
  clear_slots();
  if (fd_.is_open()) fd_.release();
  if (conn_ != nullptr) PQfinish(conn_);
}

std::string connection::message() const { return on_one_line(PQerrorMessage(conn_)); }

void connection::lose(const std::string& why, bool may_have_happened) {
  broken_ = true;
  throw unavailable(why, may_have_happened);
}

// Host names are resolved in place by libpq: give numeric addresses or a resolver that is near.
rt::task<> connection::connect(std::string conninfo, session how, rt::deadline until) {
  TICKETSHOW_ASSERT(conn_ == nullptr);
  busy_ = true;
  pipelined_ = how.pipelined;
  conn_ = start_connecting(conninfo, how);
  if (conn_ == nullptr) throw std::bad_alloc();
  if (PQstatus(conn_) == CONNECTION_BAD) lose("cannot connect to PostgreSQL: " + message(), false);
  PQsetNoticeProcessor(conn_, &log_notice, nullptr);
  wait_until_ = until.at();
  auto next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED) lose("cannot connect to PostgreSQL: " + message(), false);
    fd_.assign(PQsocket(conn_));  // another socket may come with each step: the next host, or without TLS
    boost::system::error_code error;
    const auto event = next == PGRES_POLLING_READING ? asio::posix::descriptor_base::wait_read
                                                     : asio::posix::descriptor_base::wait_write;
    co_await fd_.async_wait(event, asio::redirect_error(rt::use_task, error));
    fd_.release();
    if (interrupted_) lose("cannot connect to PostgreSQL in time", false);
    if (error) {
      broken_ = true;
      throw boost::system::system_error(error);
    }
    next = PQconnectPoll(conn_);
  }
  wait_until_ = rt::steady_clock::time_point::max();
  if (PQsetnonblocking(conn_, 1) != 0 || (pipelined_ && PQenterPipelineMode(conn_) == 0)) lose(message(), false);
  fd_.assign(PQsocket(conn_));
  busy_ = false;
}

void connection::clear_slots() {
  for (auto& each : slots_) PQclear(each.answer);
  slots_.clear();
}

void connection::begin_queue() {
  if (broken_) throw unavailable("the connection to PostgreSQL was lost before");
  if (busy_) return;
  busy_ = true;
  clear_slots();
}

void connection::queued(bool accepted, kind what, std::string_view name) {
  if (!accepted) lose("the connection to PostgreSQL is lost: " + message(), false);
  slots_.push_back({what, name, nullptr});
}

void connection::prepare_if_new(const statement& what) {
  const auto known = prepared_.find(std::string_view(what.name));
  if (known != prepared_.end()) {
    if (known->second == what.sql) return;
    broken_ = true;
    throw std::logic_error(fmt::format("two different statements are named '{}'", what.name));
  }
  queued(PQsendPrepare(conn_, what.name, what.sql, 0, nullptr) != 0, kind::prepare, what.name);
  prepared_.emplace(what.name, what.sql);  // taken back when its answer is an error
}

void connection::queue(const bound_statement& what) {
  begin_queue();
  prepare_if_new(*what.what);
  values_.clear();
  for (const auto& each : what.parameters) values_.push_back(each ? each->c_str() : nullptr);
  const int accepted = PQsendQueryPrepared(conn_, what.what->name, static_cast<int>(values_.size()), values_.data(),
                                           nullptr, nullptr, 0);
  queued(accepted != 0, kind::query, what.what->name);
}

void connection::queue_command(const char* sql) {
  begin_queue();
  queued(PQsendQueryParams(conn_, sql, 0, nullptr, nullptr, nullptr, nullptr, 0) != 0, kind::command, sql);
}

void connection::queue_script(const char* sql) {
  TICKETSHOW_ASSERT(!pipelined_ && !busy_);
  begin_queue();
  queued(PQsendQuery(conn_, sql) != 0, kind::query, "script");
}

void connection::queue_once(const char* sql, const std::vector<parameter>& parameters) {
  TICKETSHOW_ASSERT(!pipelined_ && !busy_);
  begin_queue();
  values_.clear();
  for (const auto& each : parameters) values_.push_back(each ? each->c_str() : nullptr);
  const int accepted =
      PQsendQueryParams(conn_, sql, static_cast<int>(values_.size()), nullptr, values_.data(), nullptr, nullptr, 0);
  queued(accepted != 0, kind::query, "once");
}

rt::task<> connection::exchange(rt::deadline until) {
  TICKETSHOW_ASSERT(busy_ && !broken_);
  if (pipelined_ && PQpipelineSync(conn_) == 0) lose("the connection to PostgreSQL is lost: " + message(), false);
  answered_ = 0;
  error_.reset();
  wait_until_ = until.at();
  bool sent = flush();
  while (!read_answers()) {
    if (sent) {
      co_await wait_readable();
    } else {
      co_await wait_readable_or_writable();
    }
    if (PQconsumeInput(conn_) == 0) lose("the connection to PostgreSQL is lost: " + message(), true);
    if (!sent) sent = flush();
  }
  wait_until_ = rt::steady_clock::time_point::max();
  busy_ = false;
  if (error_) throw_error();
}

bool connection::flush() {
  const int left = PQflush(conn_);
  if (left < 0) lose("the connection to PostgreSQL is lost: " + message(), true);
  return left == 0;
}

/// Takes what has arrived; true when that was the last of it.
bool connection::read_answers() {
  while (PQisBusy(conn_) == 0) {
    PGresult* raw = PQgetResult(conn_);
    if (PQstatus(conn_) == CONNECTION_BAD) {
      const std::string why = raw == nullptr ? message() : on_one_line(PQresultErrorMessage(raw));
      PQclear(raw);
      lose("the connection to PostgreSQL is lost: " + why, true);
    }
    if (raw == nullptr) {
      if (!pipelined_) return true;
      // One more than asked for: an error at the end of the transaction belongs to the sync, not to a statement.
      if (++answered_ > slots_.size() + 1) lose("PostgreSQL's answers are out of step", true);
    } else if (PQresultStatus(raw) == PGRES_PIPELINE_SYNC) {
      PQclear(raw);
      return true;
    } else {
      take_answer(raw);
    }
  }
  return false;
}

void connection::take_answer(PGresult* raw) {
  const auto status = PQresultStatus(raw);
  const bool fine = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
  if (status == PGRES_FATAL_ERROR) note_error(raw);
  // COPY has no place in a named statement, and nobody would answer it.
  if (!fine && status != PGRES_FATAL_ERROR && status != PGRES_PIPELINE_ABORTED) {
    PQclear(raw);
    lose("PostgreSQL gave an answer of a kind that is not used here", true);
  }
  if (answered_ >= slots_.size()) {  // an error at the end of the pipeline, such as a deferred constraint's
    PQclear(raw);
    return;
  }
  auto& at = slots_[answered_];
  if (!fine && at.what == kind::prepare) {
    if (const auto known = prepared_.find(at.name); known != prepared_.end()) prepared_.erase(known);
  }
  if (fine) last_tag_ = PQcmdStatus(raw);
  PQclear(at.answer);  // a script gives several answers: the last one is kept
  at.answer = raw;
}

void connection::note_error(const PGresult* raw) {
  if (error_) return;
  const auto state = field(raw, PG_DIAG_SQLSTATE);
  const auto constraint = field(raw, PG_DIAG_CONSTRAINT_NAME);
  const auto name = answered_ < slots_.size() ? slots_[answered_].name : std::string_view("end of the transaction");
  // PG_DIAG_MESSAGE_DETAIL often quotes the row, which may be somebody's address: it stays out of logs.
  error_.emplace(fmt::format("{}: {} ({})", name, field(raw, PG_DIAG_MESSAGE_PRIMARY), state), state, constraint);
}

void connection::throw_error() {
  const sql_error error = *error_;
  // Plans made before a migration, or a server behind a proxy that lost our statements: begin afresh.
  if (error.sqlstate == "0A000" || error.sqlstate == "26000") broken_ = true;
  if (is_outage(error.sqlstate)) lose(error.what(), false);
  throw error;
}

rt::task<> connection::wait_readable() {
  boost::system::error_code error;
  co_await fd_.async_wait(asio::posix::descriptor_base::wait_read, asio::redirect_error(rt::use_task, error));
  check_wait(error);
}

rt::task<std::vector<std::string>> connection::wait_notified() {
  std::vector<std::string> payloads;
  while (payloads.empty()) {
    co_await wait_readable();
    if (PQconsumeInput(conn_) == 0) lose("the connection to PostgreSQL is lost: " + message(), false);
    while (PGnotify* heard = PQnotifies(conn_)) {
      payloads.emplace_back(heard->extra);
      PQfreemem(heard);
    }
  }
  co_return payloads;
}

/// The server may refuse to read on until we have read what it has to say.
rt::task<> connection::wait_readable_or_writable() {
  using namespace asio::experimental::awaitable_operators;
  boost::system::error_code error;
  boost::system::error_code write_error;
  co_await (fd_.async_wait(asio::posix::descriptor_base::wait_read, asio::redirect_error(rt::use_task, error)) ||
            fd_.async_wait(asio::posix::descriptor_base::wait_write, asio::redirect_error(rt::use_task, write_error)));
  if (error && write_error) check_wait(error);
  if (interrupted_) check_wait(asio::error::operation_aborted);
}

void connection::check_wait(boost::system::error_code error) {
  if (interrupted_) lose("PostgreSQL did not answer in time", true);
  if (!error) return;
  broken_ = true;  // the task was cancelled: the answers to come have no reader
  throw boost::system::system_error(error);
}

void connection::interrupt() {
  interrupted_ = true;
  wait_until_ = rt::steady_clock::time_point::max();
  boost::system::error_code ignored;
  if (fd_.is_open()) fd_.cancel(ignored);
}

result_set connection::take_result() {
  for (auto& each : slots_) {
    if (each.what == kind::query) return result_set(std::exchange(each.answer, nullptr));
  }
  throw std::logic_error("no statement was run");
}

std::vector<result_set> connection::take_results() {
  std::vector<result_set> results;
  results.reserve(slots_.size());
  for (auto& each : slots_) {
    if (each.what == kind::query) results.emplace_back(std::exchange(each.answer, nullptr));
  }
  return results;
}

bool connection::idle() const {
  return conn_ != nullptr && !broken_ && !busy_ && PQtransactionStatus(conn_) == PQTRANS_IDLE;
}

bool connection::in_transaction() const {
  if (conn_ == nullptr || broken_ || busy_) return false;
  const auto state = PQtransactionStatus(conn_);
  return state == PQTRANS_INTRANS || state == PQTRANS_INERROR;
}

bool connection::alive() {
  char byte = 0;
  const auto size = ::recv(PQsocket(conn_), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  // Something was said while nothing was asked: a notice, a changed setting, or the server's farewell.
  if (size == 0 || PQconsumeInput(conn_) == 0) return false;
  return PQstatus(conn_) == CONNECTION_OK && ::recv(PQsocket(conn_), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
}

}  // namespace ticketshow::pg
