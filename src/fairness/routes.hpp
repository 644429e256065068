#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "core/http/message.hpp"
#include "core/time.hpp"
#include "fairness/async/second_opinion.hpp"
#include "fairness/decision_log.hpp"
#include "fairness/engine.hpp"
#include "fairness/guard.hpp"
#include "fairness/moderation.hpp"
#include "fairness/player_key.hpp"
#include "fairness/player_texts.hpp"
#include "ports/route.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

/// The HTTP face of fairness: checks for gateways and tools, evidence and orders for operators.
///
/// Threads: any. Must outlive the routes it gives.
class Routes {
 public:
  Routes(Guard& guard, Moderation& moderation, Engine& engine, const PlayerHasher& hasher, DecisionLog& decisions,
         ports::VerdictStore& store, const PlayerTexts& texts, const core::Clock& clock);

  [[nodiscard]] std::vector<ports::Route> routes();

  /// From now on the slower tier's view of a player is part of the answer. Before the routes are served.
  void consult(async::SecondOpinion& opinion) { opinion_ = &opinion; }

 private:
  using Request = core::http::Request;
  using Answer = boost::asio::awaitable<core::http::Response>;

  [[nodiscard]] Answer check(const Request& request);
  [[nodiscard]] Answer check_batch(const Request& request);
  [[nodiscard]] Answer player(const Request& request);
  [[nodiscard]] Answer flags(const Request& request);
  [[nodiscard]] Answer decision(const Request& request);
  [[nodiscard]] Answer order(const Request& request, OperatorAction action);

  Guard& guard_;
  Moderation& moderation_;
  Engine& engine_;
  const PlayerHasher& hasher_;
  DecisionLog& decisions_;
  ports::VerdictStore& store_;
  const PlayerTexts& texts_;
  const core::Clock& clock_;
  async::SecondOpinion* opinion_ = nullptr;  // null: there is none
};

}  // namespace liveops::fairness
