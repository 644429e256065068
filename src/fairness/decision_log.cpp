#include "fairness/decision_log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace liveops::fairness {
namespace {

constexpr std::size_t kPerWrite = 1000;

}  // namespace

DecisionLog::DecisionLog(ports::VerdictStore& store, ReviewDesk& reviews, ports::Metrics& metrics, std::size_t capacity)
    : store_(store),
      reviews_(reviews),
      capacity_(capacity),
      lost_(metrics.counter("liveops_fairness_decisions_lost_total",
                            "Decisions that were not recorded because too many waited for the store.", {})) {}

void DecisionLog::add(ports::DecisionRecord decision) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= capacity_) {
    waiting_.pop_front();
    lost_.add();
  }
  waiting_.push_back(std::move(decision));
}

ports::Task<void> DecisionLog::flush() {
  for (auto batch = take(); !batch.empty(); batch = take()) {
    auto recorded = co_await store_.record(batch);
    if (recorded) recorded = co_await reviews_.open(suspicions_of(batch));
    if (!recorded) {
      give_back(std::move(batch));
      co_return recorded;
    }
  }
  co_return core::Status{};
}

std::vector<ports::DecisionRecord> DecisionLog::take() {
  const std::lock_guard lock(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kPerWrite));
  std::vector<ports::DecisionRecord> batch(std::make_move_iterator(waiting_.begin()),
                                           std::make_move_iterator(waiting_.begin() + count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  return batch;
}

void DecisionLog::give_back(std::vector<ports::DecisionRecord> decisions) {
  const std::lock_guard lock(mutex_);
  const std::size_t room = capacity_ - std::min(capacity_, waiting_.size());
  const std::size_t too_many = decisions.size() - std::min(room, decisions.size());
  lost_.add(static_cast<double>(too_many));
  waiting_.insert(waiting_.begin(), std::make_move_iterator(decisions.begin() + static_cast<std::ptrdiff_t>(too_many)),
                  std::make_move_iterator(decisions.end()));
}

}  // namespace liveops::fairness
