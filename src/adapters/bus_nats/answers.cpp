#include "adapters/bus_nats/answers.hpp"

#include <string>
#include <utility>
#include <vector>

namespace liveops::adapters::bus_nats {

std::uint64_t Answers::expect(Done done, Deadline deadline) {
  const std::lock_guard lock(mutex_);
  waits_.emplace(++last_, Wait{std::move(done), deadline});
  return last_;
}

void Answers::complete(std::uint64_t number, core::Result<std::string_view> answer) {
  Done done;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waits_.find(number);
    if (found == waits_.end()) return;
    done = std::move(found->second.done);
    waits_.erase(found);
  }
  done(std::move(answer));
}

void Answers::expire(Deadline now) {
  std::vector<Done> late;
  {
    const std::lock_guard lock(mutex_);
    for (auto wait = waits_.begin(); wait != waits_.end();) {
      if (wait->second.deadline > now) {
        ++wait;
        continue;
      }
      late.push_back(std::move(wait->second.done));
      wait = waits_.erase(wait);
    }
  }
  for (auto& done : late) done(core::fail(core::Errc::unavailable, "NATS did not answer in time"));
}

void Answers::fail_all(std::string_view why) {
  std::unordered_map<std::uint64_t, Wait> all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(waits_);
  }
  for (auto& [number, wait] : all) wait.done(core::fail(core::Errc::unavailable, std::string(why)));
}

std::size_t Answers::waiting() const {
  const std::lock_guard lock(mutex_);
  return waits_.size();
}

}  // namespace liveops::adapters::bus_nats
