#pragma once

#include <boost/asio/awaitable.hpp>
#include <expected>
#include <string>

#include "core/event.hpp"
#include "core/http/message.hpp"
#include "core/time.hpp"
#include "gateway/admission.hpp"
#include "gateway/counters.hpp"
#include "gateway/rate_limiter.hpp"
#include "gateway/settings.hpp"

namespace liveops::gateway {

/// POST /events: one event a request.
///
/// Order: rate limit -> unpack -> parse and validate -> idempotency key -> admission. Each answer carries the RateLimit
/// headers. Threads: any.
class EventPipeline {
 public:
  EventPipeline(const Settings& settings, RateLimiter& limiter, Admission& admission, Counters& counters,
                const core::Clock& clock);

  [[nodiscard]] boost::asio::awaitable<core::http::Response> handle(const core::http::Request& request);

 private:
  [[nodiscard]] boost::asio::awaitable<core::http::Response> take_in(const core::http::Request& request,
                                                                     core::Timestamp now, Tally& tally);
  [[nodiscard]] std::expected<core::Event, core::http::Response> read(const core::http::Request& request,
                                                                      core::Timestamp now) const;

  const Settings& settings_;
  RateLimiter& limiter_;
  Admission& admission_;
  Counters& counters_;
  const core::Clock& clock_;
};

/// The idempotency key of a single event. It must be one that the signature covers: `webhook-id` in the Standard
/// Webhooks form, `Idempotency-Key` (bare or quoted) in the other. Errors: `invalid_argument`.
[[nodiscard]] core::Result<std::string> idempotency_key_of(const core::http::Request& request);

}  // namespace liveops::gateway
