#pragma once

#include <span>
#include <string_view>

#include "rt/call.hpp"
#include "rt/task.hpp"

namespace ticketshow::pg {

/// One step forward of a schema: a file services/<name>/migrations/NNNN_what.sql, embedded into the binary.
struct migration {
  int version;            ///< 1, 2, 3, … without gaps
  std::string_view name;  ///< the file's name
  std::string_view sql;   ///< one or more statements, run in one transaction
};

/// The schema of one service and the steps that make it.
struct schema {
  std::string_view name;  ///< "booking"; its role is ticketshow_<name>
  std::span<const migration> migrations;
};

/// The name of the role with which a service reaches its schema.
std::string role_of(std::string_view schema_name);

/// Brings one schema up to date as the database's owner: makes the schema and the service's LOGIN role when they are
/// missing, makes the schema the role's search path in this database, takes an advisory lock so that many processes may
/// try at once, runs what is not in <schema>.schema_migration yet, each in its own transaction with its row (version,
/// name, sha256 of the text, time). Throws std::runtime_error with a sentence when a step that already ran has been
/// changed since, or the database has steps that this binary does not know (it is newer). `conninfo` names the owner's
/// role. Returns how many steps were run.
rt::task<int> migrate(std::string conninfo, schema what, rt::deadline until);

}  // namespace ticketshow::pg
