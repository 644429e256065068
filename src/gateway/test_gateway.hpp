#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/idempotency_table.hpp"
#include "gateway/gateway.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"

/// The gateway among scripted neighbours, for its tests.
namespace liveops::gateway::test {

inline constexpr core::Timestamp kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};

/// Keeps what is published; fails as told.
class FakeBus final : public ports::EventBus {
 public:
  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic topic,
                                                          std::vector<core::Envelope> envelopes) override;
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic topic, std::string group) override;
  ports::Task<void> check() override { co_return core::Status{}; }
  [[nodiscard]] std::size_t max_body_bytes() const override { return 64 * 1024; }

  std::vector<core::Envelope> published;
  int calls = 0;
  std::optional<core::Errc> error;
  bool throws = false;
  std::function<ports::PublishOutcome(const core::Envelope&)> outcome;  // empty: stored
};

/// Gives the verdicts of a function; fails or keeps one waiting as told.
class FakeFairness final : public ports::FairnessCheck {
 public:
  ports::Task<std::vector<core::Verdict>> check(std::vector<core::Event> events) override;

  int calls = 0;
  std::size_t asked = 0;
  std::optional<core::Errc> error;
  bool throws = false;
  std::unique_ptr<boost::asio::steady_timer> hold;           // when set, waits until it is cancelled
  std::function<core::Verdict(const core::Event&)> verdict;  // empty: allow
};

/// An idempotency store over the real table; fails as told.
class FakeKeys final : public ports::IdempotencyStore {
 public:
  ports::Task<std::vector<ports::IdempotencyState>> begin(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> complete(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> abandon(std::vector<core::EventId> ids) override;

  core::IdempotencyTable table{{}};
  int begins = 0;
  int completes = 0;
  bool begin_fails = false;
  bool complete_fails = false;
};

/// A request that owns its parts.
class TestRequest {
 public:
  TestRequest(std::string path, std::string body);
  TestRequest& with(std::string name, std::string value);
  TestRequest& from(std::string key_id);
  [[nodiscard]] core::http::Request view();

 private:
  std::string path_;
  std::string body_;
  std::string key_id_ = "k1";
  std::vector<std::pair<std::string, std::string>> headers_;
  std::vector<core::http::HeaderView> views_;
};

/// One gateway with all its fakes.
struct Harness {
  explicit Harness(const Settings& settings = {});

  core::http::Response send(TestRequest request);
  /// POST /events with an idempotency key.
  core::http::Response send_event(const std::string& body, const std::string& key);
  /// POST /events/batch.
  core::http::Response send_batch(const std::string& body, const std::string& content_type = "application/json");

  [[nodiscard]] double counted(const std::string& result) const;
  /// True when received events equal the sum over all results.
  [[nodiscard]] bool books_balance() const;

  liveops::test::ManualClock clock{kNow};
  liveops::test::RecordingMetrics metrics;
  liveops::test::SilentLog log;
  FakeBus bus;
  FakeFairness fairness;
  FakeKeys keys;
  Gateway gateway;
};

/// {"type":"progression","player_id":<player>,"payload":{"xp":<xp>}}
[[nodiscard]] std::string progression(const std::string& player, int xp);
/// The same as a batch item.
[[nodiscard]] std::string progression_item(const std::string& key, const std::string& player, int xp);

/// The header's value; empty when there is none.
[[nodiscard]] std::string header(const core::http::Response& response, const std::string& name);

[[nodiscard]] std::string gzip(const std::string& plain);

}  // namespace liveops::gateway::test
