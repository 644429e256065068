#include "adapters/bus_servicebus/letter_remover.hpp"

#include <proton/error_condition.hpp>
#include <proton/receiver_options.hpp>
#include <utility>

#include "adapters/bus_servicebus/message.hpp"

namespace liveops::adapters::bus_servicebus {

namespace {

constexpr std::uint32_t kCredit = 100;
constexpr std::size_t kMaxLetters = 10'000;  // locked at once on the way

core::Status not_had(std::string detail) {
  return core::fail(core::Errc::unavailable, "Service Bus does not hand out the dead letter: try again later",
                    std::move(detail));
}

}  // namespace

LetterRemover::LetterRemover(std::int64_t sequence, Instant deadline, Told told)
    : sequence_(sequence), deadline_(deadline), told_(std::move(told)) {}

void LetterRemover::start(proton::connection& connection, const std::string& address) {
  receiver_ =
      connection.open_receiver(address, proton::receiver_options().handler(*this).credit_window(0).auto_accept(false));
}

void LetterRemover::on_receiver_open(proton::receiver& receiver) {
  if (over_) return;
  receiver.add_credit(kCredit);
  receiver.drain();
}

void LetterRemover::on_message(proton::delivery& delivery, proton::message& message) {
  ++came_;
  if (over_) {
    delivery.release();
  } else if (decode_message(message).sequence == sequence_) {
    delivery.accept();
    found_ = true;  // what comes behind it until the drain ends must be let go of, too
  } else {
    others_.push_back(delivery);
  }
}

void LetterRemover::on_receiver_drain_finish(proton::receiver& receiver) {
  if (over_) return;
  if (found_) {
    finish({});
    return;
  }
  if (std::exchange(came_, 0) == 0 || others_.size() >= kMaxLetters) {
    finish(not_had("it is not among the " + std::to_string(others_.size()) + " that are"));
    return;
  }
  receiver.add_credit(kCredit);
  receiver.drain();
}

void LetterRemover::on_receiver_close(proton::receiver& receiver) {
  finish(not_had(receiver.error().what()));
}

void LetterRemover::finish(core::Status status) {
  if (std::exchange(over_, true)) return;
  for (auto& other : others_) other.release();
  others_.clear();
  if (receiver_) receiver_.close();
  receiver_ = {};
  told_(std::move(status));
}

bool LetterRemover::expire(Instant now) {
  if (!over_ && deadline_ <= now) finish(found_ ? core::Status() : not_had("no answer in time"));
  return over_;
}

void LetterRemover::drop() {
  others_.clear();
  receiver_ = {};
  finish(not_had("the connection is gone"));
}

}  // namespace liveops::adapters::bus_servicebus
