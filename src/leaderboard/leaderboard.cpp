#include "leaderboard/leaderboard.hpp"

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::leaderboard {

namespace {

constexpr std::size_t kPageCacheBytes = 8 * 1024 * 1024;
constexpr std::size_t kHolderBytes = 12;

/// A name that no other process has.
std::string new_holder() {
  return core::crypto::to_hex(core::crypto::random_bytes(kHolderBytes));
}

}  // namespace

Leaderboard::Leaderboard(std::shared_ptr<const BoardBook> book, std::string_view snapshot_secret, Dependencies with)
    : with_(with),
      boards_(std::move(book)),
      counters_(with.metrics),
      signer_(snapshot_secret),
      feed_(with.index, hidden_),
      ingest_(boards_, with.standings, feed_, with.clock, counters_),
      visibility_({boards_, with.visibility, with.standings, with.index, feed_, hidden_, with.clock, counters_}),
      rebuild_(boards_, with.standings, with.index, feed_, hidden_),
      duty_(with.leases, new_holder(), with.clock),
      sealer_({boards_, with.standings, with.snapshots, with.index, signer_, duty_, with.clock, with.log, counters_}),
      reviser_({boards_, with.revisions, with.snapshots, signer_, duty_, with.clock, with.log, counters_}),
      snapshotter_({boards_, with.standings, with.snapshots, with.index, signer_, with.clock, counters_}),
      sweep_(with.standings, with.visibility, with.clock, counters_, with.inbox_retention),
      query_(boards_, with.index, with.snapshots, with.standings, with.clock),
      pages_(kPageCacheBytes) {}

ports::Task<IndexRebuild::Report> Leaderboard::load() {
  if (auto done = co_await visibility_.load(); !done) co_return std::unexpected(done.error());
  auto report = co_await rebuild_.run();
  // Another replica loads the index: upkeep does it again after that, until then this one is not ready.
  if (!report && report.error().code == core::Errc::conflict) co_return IndexRebuild::Report{};
  co_return report;
}

boost::asio::awaitable<void> Leaderboard::upkeep(CaughtUp caught_up) {
  if (auto done = co_await visibility_.follow(); !done) log_failure("follow other replicas", done.error());
  co_await watch_index();
  if (auto done = co_await visibility_.show_expired(); !done) log_failure("bring back players", done.error());
  if (!co_await take_duty()) co_return;
  if (auto done = co_await sealer_.run(std::move(caught_up)); !done) log_failure("seal periods", done.error());
  if (auto done = co_await reviser_.run(); !done) log_failure("revise sealed periods", done.error());
  if (auto done = co_await snapshotter_.run(); !done) log_failure("take snapshots", done.error());
  if (auto done = co_await sweep_.run(); !done) log_failure("clear up", done.error());
}

boost::asio::awaitable<void> Leaderboard::resign() {
  counters_.on_duty.set(0);
  if (auto done = co_await duty_.resign(); !done) log_failure("hand over the duty", done.error());
}

boost::asio::awaitable<bool> Leaderboard::take_duty() {
  const auto held = co_await duty_.take();
  if (!held) log_failure("hold the lease", held.error());
  const bool is_held = held && *held;
  counters_.on_duty.set(is_held ? 1 : 0);
  co_return is_held;
}

boost::asio::awaitable<void> Leaderboard::watch_index() {
  const auto report = co_await rebuild_.watch();
  if (!report) {
    log_failure("keep the rank index whole", report.error());
  } else if (*report) {
    counters_.reloads.add();
    with_.log.warn("rank index was incomplete: loaded again from the store",
                   {{"tables", static_cast<std::int64_t>((*report)->tables)},
                    {"standings", static_cast<std::int64_t>((*report)->standings)}});
  }
}

void Leaderboard::log_failure(const std::string& what, const core::Error& error) {
  const auto now = with_.clock.now();
  auto& told = told_[what];
  if (told.message == error.message && now - told.at < kRepeat) return;
  told = {error.message, now};
  with_.log.warn("upkeep failed: will try again",
                 {{"task", std::string_view(what)}, {"error", error.message}, {"detail", error.detail}});
}

}  // namespace liveops::leaderboard
