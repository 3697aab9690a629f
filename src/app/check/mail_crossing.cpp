#include <fmt/format.h>

#include "app/check/crossing.hpp"

namespace ticketshow::check {
namespace {

/// A mail that is to be sent: on its way as long as notification keeps the times that it set itself.
void compare_queued(const mail_row& mail, const options& chosen, tally& mailed, mail_counts& waiting) {
  const auto row = fmt::format("the ticket mail of booking {}, queued {} s ago, is not sent: {}", mail.booking_id,
                               mail.queued_s, mail.words.empty() ? "no attempt has ended" : mail.words);
  if (mail.queued_s > chosen.mail_given_up_s) {
    mailed.broken(row);
    return;
  }
  mailed.unfinished(mail.overdue_s * 1000, row);
  if (mail.words.empty()) return;
  ++waiting.tried;
  waiting.words = mail.words;
}

}  // namespace

void compare_mails(const booking_row& booking, const payment_row* payment, std::span<const mail_row> mails,
                   const options& chosen, tally& mailed, mail_counts& waiting) {
  mailed.looked_at(1);
  if (mails.empty()) {
    // A mail may have gone a day before its payment's last step, not more.
    const bool forgotten = payment != nullptr && payment->age_ms / 1000 > chosen.mail_kept_s - 86'400;
    if (forgotten) return;
    const auto row = fmt::format("booking {} is confirmed and has no ticket mail", booking.id);
    payment != nullptr ? mailed.unfinished(payment->age_ms, row) : mailed.broken(row);
    return;
  }
  if (mails.size() > 1) {
    mailed.broken(fmt::format("booking {} has {} ticket mails", booking.id, mails.size()));
    return;
  }
  const auto& mail = mails.front();
  if (mail.message_id && !mail.message_id->starts_with(fmt::format("booking-{}.booking-confirmed@", booking.id))) {
    mailed.broken(fmt::format("the ticket mail of booking {} has the Message-ID {}", booking.id, *mail.message_id));
  }
  if (mail.state == "SENT") return;
  if (mail.state == "QUEUED") {
    compare_queued(mail, chosen, mailed, waiting);
  } else if (mail.set_aside) {
    ++waiting.set_aside;
  } else {
    ++waiting.given_up;  // a mail is refused and its letter written in one transaction: somebody dropped it
  }
}

}  // namespace ticketshow::check
