#include "adapters/aws/credential_chain.hpp"

#include <algorithm>
#include <utility>

namespace liveops::adapters::aws {

using core::Errc;
using core::Result;

namespace {

constexpr std::chrono::minutes kAdvisory{15};     // before the end
constexpr std::chrono::seconds kLast{10};         // before the end they do not serve any more
constexpr std::chrono::seconds kRetryFetch{30};   // after a fetch that failed, while the old ones serve
constexpr std::chrono::minutes kLongestPause{5};  // between two fetches that bring what ends soon
constexpr std::chrono::seconds kDoubtPause{5};
constexpr std::chrono::seconds kLongestFetch{30};  // that another waits for

}  // namespace

CredentialChain::CredentialChain(std::vector<std::unique_ptr<CredentialSource>> sources, const core::Clock& clock,
                                 ports::Log& log)
    : sources_(std::move(sources)), clock_(clock), log_(log) {}

CredentialChain::Turn CredentialChain::take_turn() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  const bool serves = current_ && (!current_->expires_at || *current_->expires_at - kLast > now);
  const bool ends_soon = current_ && current_->expires_at && *current_->expires_at - kAdvisory <= now;
  const bool wanted = !serves || doubtful_ || (ends_soon && now >= not_before_);
  if (!wanted) return Turn::use;
  if (fetching_) return serves && !doubtful_ ? Turn::use : Turn::wait;
  fetching_ = true;
  return Turn::fetch;
}

ports::Task<Credentials> CredentialChain::get() {
  while (true) {
    const auto seen = fetched_.version();
    switch (take_turn()) {
      case Turn::use: {
        const std::lock_guard lock(mutex_);
        co_return *current_;
      }
      case Turn::fetch:
        co_return co_await fetch();
      case Turn::wait:
        break;
    }
    co_await fetched_.wait(seen, kLongestFetch);
    const std::lock_guard lock(mutex_);
    if (fetching_ || !current_) co_return core::fail(Errc::unavailable, "there are no AWS credentials now");
    co_return *current_;
  }
}

ports::Task<Credentials> CredentialChain::fetch() {
  auto found = co_await ask_sources();
  keep(found);
  fetched_.notify();
  const std::lock_guard lock(mutex_);
  const bool old_serves = current_ && (!current_->expires_at || *current_->expires_at > clock_.now());
  if (!found && old_serves) co_return *current_;
  co_return found;
}

ports::Task<Credentials> CredentialChain::ask_sources() {
  for (const auto& source : sources_) {
    if (source_ != nullptr && source_ != source.get()) continue;
    auto found = co_await source->fetch();
    if (found && !*found) continue;
    if (!found && source == sources_.back()) {  // asked whether it is there or not
      co_return core::fail(Errc::unauthenticated,
                           "no AWS credentials in the environment, web identity, profile, container or instance",
                           found.error().message);
    }
    if (!found) co_return std::unexpected(found.error());
    source_ = source.get();
    co_return **std::move(found);
  }
  co_return core::fail(
      Errc::unauthenticated,
      "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the process a role");
}

void CredentialChain::keep(const Result<Credentials>& found) {
  const auto now = clock_.now();
  const std::lock_guard lock(mutex_);
  fetching_ = false;
  doubtful_ = false;
  if (!found) {
    log_.warn("no new AWS credentials", {{"error", found.error().message}});
    not_before_ = now + kRetryFetch;
    return;
  }
  if (current_ != *found) {
    log_.info("AWS credentials", {{"source", source_->name()}, {"access_key_id", found->access_key_id}});
  }
  current_ = *found;
  not_before_ = now;
  if (found->expires_at) {
    const auto half = (*found->expires_at - now) / 2;
    not_before_ += std::clamp<core::Timestamp::duration>(half, std::chrono::seconds(1), kLongestPause);
  }
}

void CredentialChain::doubt(const std::string& access_key_id) {
  const std::lock_guard lock(mutex_);
  if (!current_ || current_->access_key_id != access_key_id || clock_.now() < doubt_not_before_) return;
  doubtful_ = true;
  doubt_not_before_ = clock_.now() + kDoubtPause;
}

}  // namespace liveops::adapters::aws
