#pragma once

#include "rt/bell.hpp"
#include "rt/gate.hpp"
#include "services/payment/card_intake.hpp"
#include "services/payment/notice_store.hpp"

namespace ticketshow::payment {

/// What the provider tells by itself. A message is recorded once before it is answered and looked after apart from the
/// answer; it is only a hint to ask. What cannot be looked after is tried again, and after a crash taken up again. I/O
/// thread only.
class notices {
 public:
  notices(rt::executor io, notice_store& rows, card_intake& intake, ports::card_gateway& gateway);

  void start(std::chrono::milliseconds pause);
  rt::task<> stop(rt::deadline until) { co_await working_.close(until); }

  /// Throws when it could not be recorded: the provider says it again. What was said before is passed over.
  rt::task<> take(rt::deadline until, ports::card_notice told);

 private:
  rt::task<> work_after(std::chrono::milliseconds pause);
  rt::task<> look_after(notice_due what);
  /// What came of it, a word for the record.
  rt::task<std::string> outcome_of(notice_due what);
  rt::task<> forget();

  notice_store& rows_;
  card_intake& intake_;
  ports::card_gateway& gateway_;
  rt::bell due_;
  rt::gate working_;
};

}  // namespace ticketshow::payment
