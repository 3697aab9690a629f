#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <boost/describe/enum_from_string.hpp>

#include "pg/statement.hpp"
#include "rt/unavailable.hpp"

struct pg_result;  // libpq's PGresult

namespace ticketshow::pg {

/// PostgreSQL refused a statement.
class sql_error : public std::runtime_error {
 public:
  sql_error(const std::string& what, std::string state, std::string violated)
      : std::runtime_error(what), sqlstate(std::move(state)), constraint(std::move(violated)) {}
  std::string sqlstate;    ///< five characters; see the table of error codes in PostgreSQL's manual
  std::string constraint;  ///< the violated constraint or unique index, if any

  [[nodiscard]] bool unique_violation() const { return sqlstate == "23505"; }
  [[nodiscard]] bool exclusion_violation() const { return sqlstate == "23P01"; }
  [[nodiscard]] bool foreign_key_violation() const { return sqlstate == "23503"; }
  /// Serialization failure or deadlock: the transaction had no effect and may be run again.
  [[nodiscard]] bool retryable() const { return sqlstate == "40001" || sqlstate == "40P01"; }
};

/// The database cannot be asked now: it is down, the connection broke, or no connection became free in time. A
/// statement that changes something may have had its effect when `may_have_happened`.
class unavailable : public rt::unavailable {
 public:
  explicit unavailable(const std::string& what, bool happened = false)
      : rt::unavailable(what), may_have_happened(happened) {}
  bool may_have_happened;
};

namespace detail {
std::int64_t parse_int(std::string_view text);
timestamp parse_timestamp(std::string_view text);
std::vector<std::optional<std::string>> parse_array(std::string_view text);
}  // namespace detail

/// The enumerator (Boost.Describe) of this name. Throws std::logic_error when there is none: the database and the
/// program do not know the same names.
template <class Enum>
Enum enum_named(std::string_view name) {
  Enum value{};
  if (boost::describe::enum_from_string(std::string(name).c_str(), value)) return value;
  throw std::logic_error("a query gave a name that is not known: " + std::string(name));
}

/// The rows a statement gave. Rows are views into it.
class result_set {
 public:
  class row {
   public:
    row(const result_set& owner, int index) : owner_(&owner), index_(index) {}

    [[nodiscard]] bool is_null(int column) const;
    /// The column's text as PostgreSQL printed it.
    [[nodiscard]] std::string_view text(int column) const;

    /// Reads a column as T: integers, bool, money, timestamp, year_month_day, std::string, described enums by their
    /// names, std::optional<T> and std::vector<T> of these. Throws std::logic_error when the column is NULL and T is
    /// not optional, or the text is not a T: that is a mistake in the query.
    template <class T>
    [[nodiscard]] T get(int column) const {
      if constexpr (detail::is_optional<T>::value) {
        return is_null(column) ? T{} : T{get<typename T::value_type>(column)};
      } else {
        if (is_null(column)) throw std::logic_error("a column read as not null is null");
        return convert<T>(text(column));
      }
    }

    /// Reads the first columns in order: `auto [id, name] = row.as<std::int64_t, std::string>();`
    template <class... T>
    [[nodiscard]] std::tuple<T...> as() const {
      return as_impl<T...>(std::index_sequence_for<T...>{});
    }

   private:
    template <class... T, std::size_t... I>
    [[nodiscard]] std::tuple<T...> as_impl(std::index_sequence<I...>) const {
      return {get<T>(static_cast<int>(I))...};
    }

    template <class T>
    static T convert(std::string_view value) {
      if constexpr (std::same_as<T, bool>) {
        return value == "t";
      } else if constexpr (std::is_enum_v<T>) {
        return enum_named<T>(value);
      } else if constexpr (std::integral<T>) {
        return static_cast<T>(detail::parse_int(value));
      } else if constexpr (std::same_as<T, money>) {
        return money{detail::parse_int(value)};
      } else if constexpr (std::same_as<T, timestamp>) {
        return detail::parse_timestamp(value);
      } else if constexpr (std::same_as<T, std::chrono::year_month_day>) {
        return parse_date(value).value();
      } else if constexpr (detail::is_vector<T>::value) {
        T elements;
        for (auto& element : detail::parse_array(value)) {
          if constexpr (detail::is_optional<typename T::value_type>::value) {
            if (!element) {
              elements.emplace_back();
              continue;
            }
            elements.emplace_back(convert<typename T::value_type::value_type>(*element));
          } else {
            elements.push_back(convert<typename T::value_type>(element.value()));
          }
        }
        return elements;
      } else {
        return T(value);
      }
    }

    const result_set* owner_;
    int index_;
  };

  class iterator {
   public:
    iterator(const result_set& owner, int index) : owner_(&owner), index_(index) {}
    row operator*() const { return {*owner_, index_}; }
    iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const iterator& other) const { return index_ == other.index_; }

   private:
    const result_set* owner_;
    int index_;
  };

  /// Takes over `raw` (PQclear).
  explicit result_set(pg_result* raw);

  [[nodiscard]] int size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] row operator[](int index) const { return {*this, index}; }
  [[nodiscard]] row front() const { return {*this, 0}; }
  [[nodiscard]] iterator begin() const { return {*this, 0}; }
  [[nodiscard]] iterator end() const { return {*this, size()}; }
  /// How many rows an INSERT, UPDATE or DELETE changed.
  [[nodiscard]] std::int64_t affected() const;

 private:
  std::shared_ptr<pg_result> raw_;
};

}  // namespace ticketshow::pg
