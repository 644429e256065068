#include "tests/integration/audit/services.hpp"

#include <gtest/gtest.h>

#include "core/envelope.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {

namespace {

constexpr const char* kSecret = "a secret of thirty-two bytes or more";

std::vector<ports::Delivery> deliveries(const std::vector<core::Event>& events) {
  std::vector<ports::Delivery> out;
  for (const auto& event : events) out.push_back({.envelope = core::encode_event(event), .tag = event.id.str()});
  return out;
}

}  // namespace

/// The leaderboard's own answers, without HTTP.
class Services::Ranks final : public audit::RankSource {
 public:
  Ranks(leaderboard::Leaderboard& service, const core::Clock& clock) : service_(service), clock_(clock) {}

  ports::Task<core::Timestamp> time() override { co_return clock_.now(); }
  ports::Task<audit::RankedPage> page(core::StandingsId table, std::uint64_t offset, std::size_t limit) override {
    auto chosen = service_.query().choose(
        {.board = table.board.str(), .window = std::string(core::to_string(table.window)), .period = table.period});
    if (!chosen) co_return std::unexpected(chosen.error());
    auto view = co_await service_.query().top(std::move(*chosen), offset, limit);
    if (!view) co_return std::unexpected(view.error());
    audit::RankedPage page{.total = view->total, .entries = {}};
    for (const auto& row : view->rows) page.entries.push_back({row.rank, row.player, row.score, row.achieved_at});
    co_return page;
  }

 private:
  leaderboard::Leaderboard& service_;
  const core::Clock& clock_;
};

Services::Services(const BookStoresCase& made_by, core::GameRules rules, core::Timestamp now)
    : stores(made_by.make()),
      clock(now),
      game_(progression::GameBook::create(rules).value()),
      boards_(leaderboard::BoardBook::create(rules).value()),
      jws_(core::crypto::JwsSigner::hs256("r", kSecret).value()),
      signer_("test", jws_, kSecret),
      progression_(game_, {stores->progress(), stores->rewards(), cache_, signer_, clock, metrics_, log_}),
      leaderboard_(boards_, kSecret,
                   {stores->standings(), stores->snapshots(), stores->visibility(), stores->revisions(), index, leases_,
                    clock, metrics_, log_}) {
  EXPECT_TRUE(run(leaderboard_.load()));
}

void Services::take_in(const std::vector<core::Event>& events) {
  take_in_progression(events);
  take_in_leaderboard(events);
}

void Services::take_in_progression(const std::vector<core::Event>& events) {
  const auto poison = run(progression_.ingest().handle(deliveries(events)));
  ASSERT_TRUE(poison) << poison.error().message;
  ASSERT_TRUE(poison->empty()) << poison->front().reason;
}

void Services::take_in_leaderboard(const std::vector<core::Event>& events) {
  const auto poison = run(leaderboard_.ingest().handle(deliveries(events)));
  ASSERT_TRUE(poison) << poison.error().message;
  ASSERT_TRUE(poison->empty()) << poison->front().reason;
}

void Services::upkeep() {
  run(leaderboard_.upkeep([](core::Timestamp) -> boost::asio::awaitable<bool> { co_return true; }));
}

void Services::block(const std::string& player) {
  const core::StandingChange change{.player_id = core::PlayerId::trusted(player),
                                    .blocked = true,
                                    .until = std::nullopt,
                                    .version = 1,
                                    .at = clock.now(),
                                    .reason = "cheats"};
  ASSERT_TRUE(run(leaderboard_.visibility().handle({{.envelope = core::encode_standing_change(change), .tag = "t"}})));
}

void Services::disqualify(const std::string& player) {
  core::StandingChange change{
      .player_id = core::PlayerId::trusted(player), .version = 1, .at = clock.now(), .reason = "a bot"};
  change.disqualified = {.since = clock.now(), .reason = "bot"};
  ASSERT_TRUE(run(leaderboard_.visibility().handle({{.envelope = core::encode_standing_change(change), .tag = "t"}})));
}

void Services::claim(const std::string& player, const std::string& reward) {
  const auto receipt =
      run(progression_.rewards().claim(core::PlayerId::trusted(player), core::RewardId::trusted(reward), std::nullopt));
  ASSERT_TRUE(receipt) << receipt.error().message;
}

audit::Report Services::audit(bool offline) {
  Ranks ranks(leaderboard_, clock);
  audit::Audit audit({.progress = stores->progress_books(),
                      .standings = stores->standing_books(),
                      .ranks = offline ? nullptr : &ranks,
                      .rules = {*game_, *boards_},
                      .clock = clock},
                     100);
  auto report = run(audit.run());
  EXPECT_TRUE(report) << report.error().message << " " << report.error().detail;
  return report ? std::move(*report) : audit::Report();
}

}  // namespace liveops::test
