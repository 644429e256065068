#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace liveops::fairness {

/// The version of the policy in force, which every decision names.
///
/// Threads: any.
class PolicyName {
 public:
  explicit PolicyName(std::string version) : version_(std::move(version)) {}
  [[nodiscard]] std::string get() const {
    const std::lock_guard lock(mutex_);
    return version_;
  }
  void set(std::string version) {
    const std::lock_guard lock(mutex_);
    version_ = std::move(version);
  }

 private:
  mutable std::mutex mutex_;
  std::string version_;
};

}  // namespace liveops::fairness
