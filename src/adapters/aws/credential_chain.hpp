#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/aws/credential_source.hpp"
#include "core/time.hpp"
#include "ports/log.hpp"
#include "runtime/signal.hpp"

namespace liveops::adapters::aws {

/// The credentials of the first source that has some, fetched again before they end.
///
/// From 15 minutes before their end on they are renewed; while that fails the old ones serve on. One fetch at a time;
/// who has credentials that still serve does not wait for it. The source that gave the first ones is kept.
/// Threads: any.
class CredentialChain {
 public:
  CredentialChain(std::vector<std::unique_ptr<CredentialSource>> sources, const core::Clock& clock, ports::Log& log);

  /// Errors: `unauthenticated`: no source has any; `unavailable`: the source does not answer.
  [[nodiscard]] ports::Task<Credentials> get();
  /// The service refused those: fetch anew at the next `get`. At most once in 5 seconds.
  void doubt(const std::string& access_key_id);

 private:
  enum class Turn : std::uint8_t { use, fetch, wait };
  [[nodiscard]] Turn take_turn();
  [[nodiscard]] ports::Task<Credentials> fetch();
  [[nodiscard]] ports::Task<Credentials> ask_sources();
  void keep(const core::Result<Credentials>& found);

  std::vector<std::unique_ptr<CredentialSource>> sources_;
  const core::Clock& clock_;
  ports::Log& log_;
  runtime::Signal fetched_;
  std::mutex mutex_;
  std::optional<Credentials> current_;
  CredentialSource* source_ = nullptr;
  bool fetching_ = false;
  bool doubtful_ = false;
  core::Timestamp not_before_{};        // of the next fetch while the current ones serve
  core::Timestamp doubt_not_before_{};  // of the next doubt
};

}  // namespace liveops::adapters::aws
