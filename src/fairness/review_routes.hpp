#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "core/http/message.hpp"
#include "core/time.hpp"
#include "fairness/review_desk.hpp"
#include "ports/route.hpp"

namespace liveops::fairness {

/// The review queue over HTTP (admin): GET /reviews, /reviews/summary, /reviews/{id}; POST /reviews/{id}/claim and
/// /reviews/{id}/decide.
///
/// Threads: any. Must outlive the routes it gives.
class ReviewRoutes {
 public:
  ReviewRoutes(ReviewDesk& desk, const core::Clock& clock) : desk_(desk), clock_(clock) {}

  [[nodiscard]] std::vector<ports::Route> routes();

 private:
  using Request = core::http::Request;
  using Answer = boost::asio::awaitable<core::http::Response>;

  [[nodiscard]] Answer list(const Request& request);
  [[nodiscard]] Answer summary();
  [[nodiscard]] Answer one(const Request& request);
  [[nodiscard]] Answer claim(const Request& request);
  [[nodiscard]] Answer decide(const Request& request);

  ReviewDesk& desk_;
  const core::Clock& clock_;
};

}  // namespace liveops::fairness
