#include "runtime/delivery_ledger.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

namespace liveops::runtime {

std::string to_tag(Handout handout) {
  std::array<char, 32> text;
  auto* const end = text.data() + text.size();
  auto* at = std::to_chars(text.data(), end, handout.offset, 16).ptr;
  *at++ = '.';
  at = std::to_chars(at, end, handout.attempt, 16).ptr;
  return {text.data(), at};
}

std::optional<Handout> parse_tag(std::string_view tag) {
  Handout handout;
  const auto* const end = std::to_address(tag.end());
  const auto offset = std::from_chars(tag.data(), end, handout.offset, 16);
  if (offset.ec != std::errc() || offset.ptr == end || *offset.ptr != '.') return std::nullopt;
  const auto attempt = std::from_chars(offset.ptr + 1, end, handout.attempt, 16);
  if (attempt.ec != std::errc() || attempt.ptr != end) return std::nullopt;
  return handout;
}

DeliveryLedger::DeliveryLedger(std::uint64_t position, std::uint64_t head, Limits limits)
    : limits_(limits), position_(position), head_(std::max(position, head)) {}

void DeliveryLedger::skip(std::uint64_t offset) {
  if (offset >= position_ + slots_.size()) skipped_.insert(offset);
}

std::vector<Handout> DeliveryLedger::take(std::size_t max, core::Timestamp now, std::chrono::microseconds visibility,
                                          std::uint32_t holder) {
  std::vector<Handout> out;
  out.reserve(std::min<std::size_t>(max, backlog()));
  const auto until = now + visibility;
  take_due(max, now, until, holder, out);
  while (out.size() < max && position_ + slots_.size() < head_ && in_flight_ < limits_.max_in_flight &&
         slots_.size() < limits_.max_span) {
    const std::uint64_t offset = position_ + slots_.size();
    auto& slot = slots_.emplace_back();
    if (skipped_.erase(offset) > 0) {
      ++acked_above_;
    } else {
      hand_out(offset, slot, until, holder, out);
    }
  }
  advance();
  return out;
}

void DeliveryLedger::take_due(std::size_t max, core::Timestamp now, core::Timestamp until, std::uint32_t holder,
                              std::vector<Handout>& out) {
  while (out.size() < max && !due_.empty() && (is_stale(due_.front()) || due_.front().at <= now)) {
    const Due due = due_.front();
    const bool stale = is_stale(due);
    std::pop_heap(due_.begin(), due_.end());
    due_.pop_back();
    if (stale) continue;
    auto& slot = slots_[due.offset - position_];
    (slot.state == State::in_flight ? in_flight_ : delayed_) -= 1;
    hand_out(due.offset, slot, until, holder, out);
  }
}

void DeliveryLedger::hand_out(std::uint64_t offset, Slot& slot, core::Timestamp until, std::uint32_t holder,
                              std::vector<Handout>& out) {
  slot = Slot{.due = until, .attempt = slot.attempt + 1, .holder = holder & 0xffffffU, .state = State::in_flight};
  ++in_flight_;
  schedule(offset, until);
  out.push_back({offset, slot.attempt});
}

void DeliveryLedger::put_back(Handout handout, core::Timestamp now) {
  if (auto* slot = current(handout)) {
    slot->attempt -= 1;
    set_due(handout.offset, *slot, State::delayed, now);
  }
}

bool DeliveryLedger::ack(Handout handout) {
  auto* slot = current(handout);
  if (slot == nullptr) return false;
  slot->state = State::acked;
  --in_flight_;
  ++acked_above_;
  advance();
  return true;
}

bool DeliveryLedger::nack(Handout handout, core::Timestamp due) {
  auto* slot = current(handout);
  if (slot != nullptr) set_due(handout.offset, *slot, State::delayed, due);
  return slot != nullptr;
}

bool DeliveryLedger::extend(Handout handout, core::Timestamp until) {
  auto* slot = current(handout);
  if (slot != nullptr) set_due(handout.offset, *slot, State::in_flight, until);
  return slot != nullptr;
}

void DeliveryLedger::release(std::uint32_t holder, core::Timestamp now) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto& slot = slots_[i];
    if (slot.state == State::in_flight && slot.holder == (holder & 0xffffffU)) {
      set_due(position_ + i, slot, State::delayed, now);
    }
  }
}

std::optional<core::Timestamp> DeliveryLedger::next_due() {
  while (!due_.empty() && is_stale(due_.front())) {
    std::pop_heap(due_.begin(), due_.end());
    due_.pop_back();
  }
  if (due_.empty()) return std::nullopt;
  return due_.front().at;
}

DeliveryLedger::Slot* DeliveryLedger::current(Handout handout) {
  if (handout.offset < position_ || handout.offset - position_ >= slots_.size()) return nullptr;
  auto& slot = slots_[handout.offset - position_];
  return slot.state == State::in_flight && slot.attempt == handout.attempt ? &slot : nullptr;
}

bool DeliveryLedger::is_stale(const Due& due) const {
  if (due.offset < position_) return true;
  const auto& slot = slots_[due.offset - position_];
  return slot.state == State::acked || slot.due != due.at;
}

void DeliveryLedger::set_due(std::uint64_t offset, Slot& slot, State state, core::Timestamp at) {
  (slot.state == State::in_flight ? in_flight_ : delayed_) -= 1;
  (state == State::in_flight ? in_flight_ : delayed_) += 1;
  slot.state = state;
  slot.due = at;
  schedule(offset, at);
}

void DeliveryLedger::schedule(std::uint64_t offset, core::Timestamp at) {
  // Acked messages leave their entry behind; without this the heap would grow for a whole visibility timeout.
  if (due_.size() > 2 * (in_flight_ + delayed_) + 1024) {
    std::erase_if(due_, [this](const Due& due) { return is_stale(due); });
    std::make_heap(due_.begin(), due_.end());
  }
  due_.push_back({at, offset});
  std::push_heap(due_.begin(), due_.end());
}

void DeliveryLedger::advance() {
  while (!slots_.empty() && slots_.front().state == State::acked) {
    slots_.pop_front();
    ++position_;
    --acked_above_;
  }
}

}  // namespace liveops::runtime
