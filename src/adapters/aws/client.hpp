#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "adapters/aws/credential_chain.hpp"
#include "adapters/aws/endpoints.hpp"
#include "adapters/aws/environment.hpp"
#include "adapters/aws/fault.hpp"
#include "adapters/aws/http.hpp"
#include "adapters/aws/retry.hpp"

namespace liveops::adapters::aws {

/// One call of a service: a POST to "/" of its endpoint.
struct Call {
  std::string service;  // "sqs"
  HttpHeaders headers;
  std::string body;
  std::chrono::milliseconds timeout{5000};  // of one attempt
  unsigned attempts = 3;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();  // of all attempts
  std::stop_token stop;
};

/// Makes calls: signs them with the credentials of the moment, tries again what may succeed later.
///
/// A clock that is wrong is put right from the service's Date. Refused credentials are fetched anew, once a call.
/// Threads: any; coroutines go on on their own executors. Goes away after the coroutines that wait for it were told.
class Client {
 public:
  /// Errors: `invalid_argument`: as `Endpoints::resolve`. Blocks for the profile's files.
  [[nodiscard]] static core::Result<std::unique_ptr<Client>> open(const Environment& environment,
                                                                  const core::Clock& clock, ports::Log& log);

  /// The body of a 2xx answer. Errors: as `to_error`; `timeout` (it may have happened), `unavailable`.
  [[nodiscard]] ports::Task<std::string> make(Call call);

  [[nodiscard]] const Endpoints& endpoints() const { return endpoints_; }
  [[nodiscard]] Backoff& backoff() { return backoff_; }
  /// The time as the service has it, as far as its answers showed that ours is wrong.
  [[nodiscard]] core::Timestamp now() const;
  /// Ends all calls with `unavailable`.
  void give_up();

 private:
  struct Attempt;
  Client(const Environment& environment, Endpoints endpoints, const core::Clock& clock, ports::Log& log);
  [[nodiscard]] const std::string& endpoint_of(const std::string& service) const;
  /// One attempt. Errors in `Attempt`.
  [[nodiscard]] boost::asio::awaitable<Attempt> attempt(const Call& call);
  /// Whether the next attempt may succeed, and after which pause.
  [[nodiscard]] std::optional<std::chrono::milliseconds> plan_retry(const Attempt& failed, unsigned failures);
  void correct_clock(const HttpAnswer& answer);

  Endpoints endpoints_;
  const core::Clock& clock_;
  Http http_;
  CredentialChain credentials_;
  RetryBudget budget_;
  Backoff backoff_;
  std::stop_source given_up_;
  std::atomic<std::int64_t> clock_offset_s_{0};
};

}  // namespace liveops::adapters::aws
