#include "app/service_token.hpp"

#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "api/auth.hpp"
#include "base/random.hpp"

namespace ticketshow::app {
namespace {

constexpr std::string_view issuer = "ticketshow-internal";
constexpr std::string_view type = "ticketshow-call+jwt";

std::string text_of(const boost::json::object& claims, const char* name) {
  const auto* value = claims.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::string read_key(const std::string& file) {
  std::ifstream in(file);
  std::string key;
  in >> key;
  return key;
}

/// Writes all of it to the disk into a file that nobody else writes: whether it did.
bool write_new_file(const std::string& file, const std::string& content) {
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (out < 0) return false;
  const bool written =
      ::write(out, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && ::fsync(out) == 0;
  const int why = errno;
  ::close(out);
  errno = why;
  return written;
}

/// Makes the file with a new key, unless another process is faster: then its key is the one.
void make_internal_key(const std::string& file) {
  system_random_source random;
  // Under another name first, so that nobody reads half. No process id is in it: in containers that share the directory
  // every process is number 1.
  const auto draft = fmt::format("{}.{}", file, random_hex(random, 8));
  const bool written = write_new_file(draft, random_hex(random, 32) + '\n');
  const int why_not_written = errno;
  const bool linked = written && ::link(draft.c_str(), file.c_str()) == 0;
  const int why_not_linked = errno;
  ::unlink(draft.c_str());
  if (!written)
    throw std::runtime_error(fmt::format("{} cannot be written: {}.", draft, std::strerror(why_not_written)));
  if (!linked && why_not_linked != EEXIST) {
    throw std::runtime_error(fmt::format("{} cannot be made: {}.", file, std::strerror(why_not_linked)));
  }
}

}  // namespace

std::string load_or_make_internal_key(const std::string& file) {
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  if (!std::filesystem::exists(file)) make_internal_key(file);
  auto key = read_key(file);
  if (key.size() < 64) throw std::runtime_error(fmt::format("{} does not hold a key of 32 bytes in hex.", file));
  return key;
}

std::string make_service_token(const rt::principal& caller, const std::string& audience, const std::string& key,
                               timestamp now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  boost::json::object claims{
      {"iss", issuer}, {"aud", audience}, {"iat", second}, {"exp", second + service_token_life.count()}};
  if (!caller.service.empty()) claims["svc"] = caller.service;
  if (caller.user_id != 0) claims["uid"] = caller.user_id;
  if (caller.is_user()) {
    claims["role"] = contract::enum_name(caller.user_role);
    if (caller.venue_id != 0) claims["venue"] = caller.venue_id;
    claims["email"] = caller.email;
    claims["sid"] = caller.session_id;
  }
  return jose::sign_hs256(claims, key, type);
}

std::expected<rt::principal, jose::token_error> read_service_token(const std::string& token,
                                                                   const std::string& audience, const std::string& key,
                                                                   timestamp now) {
  const auto claims =
      jose::verify_hs256(token, key, {.issuer = issuer, .audience = audience, .type = type, .now = now});
  if (!claims) return std::unexpected(claims.error());
  rt::principal caller;
  caller.service = text_of(*claims, "svc");
  caller.email = text_of(*claims, "email");
  caller.session_id = text_of(*claims, "sid");
  const auto* user = claims->if_contains("uid");
  if (user != nullptr && user->is_int64()) caller.user_id = user->get_int64();
  const auto role = text_of(*claims, "role");
  if (!role.empty()) {
    std::string why;
    if (!contract::read_scalar(role, caller.user_role, why)) return std::unexpected(jose::token_error::malformed);
    caller.type = rt::principal::kind::user;
    const auto* venue = claims->if_contains("venue");
    if (venue != nullptr && venue->is_int64()) caller.venue_id = venue->get_int64();
  } else if (!caller.service.empty()) {
    caller.type = rt::principal::kind::service;
  }
  return caller;
}

}  // namespace ticketshow::app
