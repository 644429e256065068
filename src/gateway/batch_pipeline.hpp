#pragma once

#include <boost/asio/awaitable.hpp>
#include <expected>
#include <vector>

#include "core/event_parser.hpp"
#include "core/http/message.hpp"
#include "core/time.hpp"
#include "gateway/admission.hpp"
#include "gateway/batch_result.hpp"
#include "gateway/counters.hpp"
#include "gateway/rate_limiter.hpp"
#include "gateway/settings.hpp"

namespace liveops::gateway {

/// POST /events/batch: a JSON array, or NDJSON by its media type; each item with its own `idempotency_key`.
///
/// The body as a whole is refused only when it cannot be split into items (400, 413, 415) or when the key's quota does
/// not cover all of them (429). Else the answer is 202 with a result per item, the one that the item would have got by
/// itself. Sending the same batch again is always safe. Threads: any.
class BatchPipeline {
 public:
  BatchPipeline(const Settings& settings, RateLimiter& limiter, Admission& admission, Counters& counters,
                const core::Clock& clock);

  [[nodiscard]] boost::asio::awaitable<core::http::Response> handle(const core::http::Request& request);

 private:
  using Items = std::vector<core::BatchItem>;

  [[nodiscard]] std::expected<Items, core::http::Response> read(const core::http::Request& request,
                                                                core::Timestamp now) const;
  [[nodiscard]] boost::asio::awaitable<core::http::Response> take_in(const core::http::Request& request, Items items,
                                                                     core::Timestamp now, Tally& tally);

  const Settings& settings_;
  RateLimiter& limiter_;
  Admission& admission_;
  Counters& counters_;
  const core::Clock& clock_;
  std::size_t max_events_;
};

}  // namespace liveops::gateway
