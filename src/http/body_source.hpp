#pragma once

#include <memory>
#include <string>

#include "rt/task.hpp"

namespace ticketshow::http {

/// Some bytes of a body, which many answers may share.
using piece = std::shared_ptr<const std::string>;

/// A body that is made while it is sent, and whose end nobody knows when it begins. I/O thread only.
class body_source {
 public:
  virtual ~body_source() = default;

  /// Waits for the next piece and gives it, never an empty one; null at the end. It is called again only after the
  /// piece has left: nothing queues up for a slow reader, and a source that tells what is new may pass over what he
  /// missed. An exception ends the body.
  virtual rt::task<piece> next() = 0;

  /// Nobody wants any more: a next() that waits ends soon, with null, and so does every later one. May be called more
  /// than once.
  virtual void close() = 0;
};

}  // namespace ticketshow::http
