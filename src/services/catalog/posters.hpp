#pragma once

#include <cstdint>
#include <string>

#include "contract/problem.hpp"
#include "pg/pool.hpp"
#include "ports/blob_store.hpp"
#include "rt/gate.hpp"
#include "rt/worker_pool.hpp"
#include "services/catalog/poster_files.hpp"

namespace ticketshow::catalog {

struct poster_options {
  std::int64_t keep_unused_s = 600;  ///< how long files stay that no show refers to any more; pages may still show them
  rt::steady_clock::duration sweep_every = std::chrono::seconds(60);
};

/// Makes posters of uploaded files and keeps them in the store; removes those that no show has. Of every file in the
/// store there is a row, written before it: whenever a process ends, what is left over is known and swept. I/O thread
/// only.
class posters {
 public:
  posters(rt::executor io, pg::pool& database, ports::blob_store& blobs, poster_options settings);

  void start();
  rt::task<> stop(rt::deadline until);

  /// Makes the poster of a file and puts it into the store, where it stays for keep_unused_s, or as long as a show has
  /// it. Throws rt::unavailable when too many are being made.
  rt::task<contract::result<poster>> keep(rt::deadline until, std::string content);

  /// Dooms what nobody has, and removes the files of what is doomed.
  rt::task<> sweep();

 private:
  rt::task<> remove(rt::deadline until, poster gone);

  pg::pool& database_;
  ports::blob_store& blobs_;
  poster_options settings_;
  rt::worker_pool workers_;
  rt::gate background_;
};

}  // namespace ticketshow::catalog
