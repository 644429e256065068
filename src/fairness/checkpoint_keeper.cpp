#include "fairness/checkpoint_keeper.hpp"

#include <string_view>
#include <utility>

namespace liveops::fairness {

CheckpointKeeper::CheckpointKeeper(Service& service, ports::CheckpointStore& store, const core::Clock& clock,
                                   ports::Metrics& metrics, ports::Log& log, std::chrono::milliseconds interval)
    : service_(service),
      store_(store),
      clock_(clock),
      log_(log),
      interval_(interval),
      duration_(metrics.histogram("liveops_fairness_checkpoint_duration_seconds", "Time to save what was learnt.", {},
                                  {0.001, 0.01, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30})),
      bytes_(metrics.gauge("liveops_fairness_checkpoint_bytes", "Size of the latest checkpoint.", {})),
      saved_at_(metrics.gauge("liveops_fairness_checkpoint_last_success_timestamp_seconds",
                              "When the latest checkpoint was saved.", {})) {}

boost::asio::awaitable<void> CheckpointKeeper::run() {
  while (!stopping_.load()) {
    co_await stopped_.wait(0, interval_);  // notified once, by stop: version 0 until then
    co_await save();
  }
}

void CheckpointKeeper::stop() {
  stopping_.store(true);
  stopped_.notify();
}

boost::asio::awaitable<void> CheckpointKeeper::save() {
  const core::Timestamp begun = clock_.now();
  std::size_t bytes = 0;
  const auto saved = co_await store_.save([this, &bytes](const ports::CheckpointStore::Sink& sink) {
    return service_.write_checkpoint([&](std::string_view piece) {
      bytes += piece.size();
      return sink(piece);
    });
  });
  if (!saved) {
    if (!std::exchange(failed_, true)) {
      log_.warn("what fairness has learnt cannot be saved; a restart would forget it: " + saved.error().message);
    }
    co_return;
  }
  if (std::exchange(failed_, false)) log_.info("what fairness has learnt is saved again");
  const core::Timestamp now = clock_.now();
  duration_.observe(std::chrono::duration<double>(now - begun).count());
  bytes_.set(static_cast<double>(bytes));
  saved_at_.set(std::chrono::duration<double>(now.time_since_epoch()).count());
}

std::optional<Checkpoint> load_checkpoint(ports::CheckpointStore& store, std::string_view policy_version,
                                          ports::Log& log) {
  auto bytes = store.load();
  if (!bytes && bytes.error().code == core::Errc::not_found) return std::nullopt;
  auto checkpoint = bytes ? Checkpoint::read(std::move(*bytes), policy_version) : std::unexpected(bytes.error());
  if (checkpoint) {
    log.info("baselines of players are taken over from the checkpoint",
             {{"players", static_cast<std::int64_t>(checkpoint->players())},
              {"taken_at", std::string_view(core::format_rfc3339(checkpoint->info().taken_at))}});
    return std::move(*checkpoint);
  }
  log.warn("baselines of players begin anew: " + checkpoint.error().message);
  return std::nullopt;
}

}  // namespace liveops::fairness
