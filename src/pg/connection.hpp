#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "pg/result.hpp"
#include "pg/statement.hpp"
#include "rt/call.hpp"
#include "rt/task.hpp"

struct pg_conn;  // libpq's PGconn

namespace ticketshow::pg {

/// How a connection is opened.
struct session {
  std::string application_name;
  std::string settings;   ///< "-c name=value …": given at the start, so that no round trip sets them
  bool pipelined = true;  ///< false: whole scripts of several statements may be sent (migrations)
};

/// One libpq connection, used by one task at a time: queue statements, then exchange(). Internal to pg.
class connection {
 public:
  explicit connection(rt::executor io) : fd_(io) {}
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Throws unavailable. `conninfo` is a URL or key=value words.
  rt::task<> connect(std::string conninfo, session how, rt::deadline until);

  /// Appends to libpq's buffer what exchange() will send. The statement is prepared first when this connection has not
  /// seen it. Throws unavailable (nothing happened) when the connection is lost.
  void queue(const bound_statement& what);
  /// A statement without a name or rows, such as BEGIN.
  void queue_command(const char* sql);
  /// Only when not pipelined, one an exchange: several statements without parameters, or one with.
  void queue_script(const char* sql);
  void queue_once(const char* sql, const std::vector<parameter>& parameters);

  /// Sends what is queued and waits for all answers. Throws sql_error for the first statement refused (the rest then
  /// did not run, the connection is in step again), unavailable when the connection is lost or `until` passes (it is
  /// then broken).
  rt::task<> exchange(rt::deadline until);

  /// Waits, without a limit in time, until the server has sent a notification, and gives the payloads of all there
  /// are. Throws unavailable when the connection is lost.
  rt::task<std::vector<std::string>> wait_notified();

  /// Moves on to the answers of the last exchange, commands and prepares left out.
  [[nodiscard]] result_set take_result();
  [[nodiscard]] std::vector<result_set> take_results();
  /// The command tag of the last answer: "COMMIT", or "ROLLBACK" where COMMIT met a failed transaction.
  [[nodiscard]] std::string_view last_tag() const { return last_tag_; }

  /// Whether it is in step and outside a transaction, so that anyone may use it next.
  [[nodiscard]] bool idle() const;
  /// Whether it is in step inside a transaction, failed or not, so that ROLLBACK can be sent.
  [[nodiscard]] bool in_transaction() const;
  /// Looks without waiting whether the server has closed an idle connection.
  [[nodiscard]] bool alive();

  /// Ends the wait that is under way when its deadline has passed; called now and then by the owner. One timer for all
  /// connections is far cheaper than one set and unset for every statement.
  void check_deadline(rt::steady_clock::time_point now) {
    if (now >= wait_until_) interrupt();
  }
  /// Ends the wait that is under way as if its deadline had passed.
  void interrupt();

 private:
  enum class kind { prepare, command, query };
  struct slot {
    kind what;
    std::string_view name;
    pg_result* answer;
  };
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  [[nodiscard]] std::string message() const;
  [[noreturn]] void lose(const std::string& why, bool may_have_happened);
  void queued(bool accepted, kind what, std::string_view name);
  void prepare_if_new(const statement& what);
  void begin_queue();
  void clear_slots();
  bool flush();
  bool read_answers();
  void take_answer(pg_result* raw);
  void note_error(const pg_result* raw);
  void throw_error();
  rt::task<> wait_readable();
  rt::task<> wait_readable_or_writable();
  void check_wait(boost::system::error_code error);

  rt::asio::posix::basic_stream_descriptor<rt::executor> fd_;  // libpq owns the descriptor: always release()d
  pg_conn* conn_ = nullptr;
  bool pipelined_ = true;
  bool broken_ = false;  // lost, or in a state that nobody knows
  bool busy_ = false;    // something is queued or under way: a task that dies here leaves the connection out of step
  bool interrupted_ = false;
  rt::steady_clock::time_point wait_until_ = rt::steady_clock::time_point::max();
  std::vector<slot> slots_;  // what was sent since the last exchange, in order
  std::size_t answered_ = 0;
  std::string last_tag_;
  std::optional<sql_error> error_;
  std::unordered_map<std::string, std::string, text_hash, std::equal_to<>> prepared_;  // name → text
  std::vector<const char*> values_;                                                    // reused by queue()
};

}  // namespace ticketshow::pg
