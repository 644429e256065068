#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace liveops::apps {

/// What a simulation sent and was answered. Counts add up: sent = accepted + duplicates + refused + unanswered.
///
/// Threads: one.
class Tally {
 public:
  using Duration = std::chrono::steady_clock::duration;

  void sent(std::uint64_t events) { sent_ += events; }
  void accepted(std::uint32_t player, std::int64_t xp);
  void duplicate(std::uint32_t player, std::int64_t xp);
  void refused(const std::string& reason) { ++refused_[reason]; }
  /// The request got no answer; whether it took effect is not known.
  void unanswered(std::uint64_t events) { unanswered_ += events; }
  void answered_in(Duration latency) {
    latencies_.push_back(static_cast<float>(std::chrono::duration<double>(latency).count()));
  }

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
  [[nodiscard]] std::uint64_t duplicates() const { return duplicates_; }
  [[nodiscard]] std::uint64_t unanswered() const { return unanswered_; }
  [[nodiscard]] std::uint64_t refused() const;
  [[nodiscard]] const std::map<std::string, std::uint64_t>& refusals() const { return refused_; }
  /// Per player, the XP of the events that were promised.
  [[nodiscard]] const std::map<std::uint32_t, std::int64_t>& promised_xp() const { return promised_xp_; }
  /// The latency that a share `quantile` (0..1) of requests did not exceed, in seconds; 0 without requests.
  [[nodiscard]] double latency(double quantile);

 private:
  std::uint64_t sent_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t unanswered_ = 0;
  std::map<std::string, std::uint64_t> refused_;
  std::map<std::uint32_t, std::int64_t> promised_xp_;
  std::vector<float> latencies_;
};

}  // namespace liveops::apps
