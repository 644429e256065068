#pragma once

#include <functional>
#include <utility>

#include "ports/revision_store.hpp"
#include "ports/snapshot_store.hpp"
#include "ports/standing_store.hpp"

namespace liveops::test {

/// Makes one call of many fail, before or after it took effect: what a crash between two steps looks like.
class Trouble {
 public:
  /// The `call`-th call from now (from 0) fails.
  void plan(int call, bool after_effect) {
    calls_ = 0;
    fails_at_ = call;
    after_effect_ = after_effect;
  }
  void none() { fails_at_ = -1; }
  /// Before the `call`-th call from now takes effect, something else happens.
  void interrupt(int call, std::function<void()> what) {
    calls_ = 0;
    interrupted_at_ = call;
    interruption_ = std::move(what);
  }
  [[nodiscard]] int calls() const { return calls_; }
  /// Did a planned failure happen?
  [[nodiscard]] bool happened() const { return fails_at_ >= 0 && calls_ > fails_at_; }

  template <class T>
  ports::Task<T> guard(ports::Task<T> call) {
    const int number = calls_++;
    if (number == interrupted_at_) interruption_();
    const bool fails = number == fails_at_;
    const auto failure = core::fail(core::Errc::unavailable, "planned failure");
    if (fails && !after_effect_) co_return failure;
    auto result = co_await std::move(call);
    if (fails) co_return failure;
    co_return result;
  }

 private:
  int calls_ = 0;
  int fails_at_ = -1;
  bool after_effect_ = false;
  int interrupted_at_ = -1;
  std::function<void()> interruption_;
};

class FailingStandings final : public ports::StandingStore {
 public:
  FailingStandings(ports::StandingStore& inner, Trouble& trouble) : inner_(inner), trouble_(trouble) {}

  ports::Task<ports::AppliedBatch> apply(ports::StandingBatch batch) override {
    return trouble_.guard(inner_.apply(std::move(batch)));
  }
  ports::Task<std::vector<ports::StandingsInfo>> tables(bool unsealed_only) override {
    return trouble_.guard(inner_.tables(unsealed_only));
  }
  ports::Task<std::vector<TableRow>> scan(std::string after, std::size_t limit) override {
    return trouble_.guard(inner_.scan(std::move(after), limit));
  }
  ports::Task<std::vector<PlayerRow>> standings_of(std::vector<core::PlayerId> players) override {
    return trouble_.guard(inner_.standings_of(std::move(players)));
  }
  ports::Task<void> begin_seal(core::StandingsId table, core::Timestamp now) override {
    return trouble_.guard(inner_.begin_seal(std::move(table), now));
  }
  ports::Task<std::unique_ptr<ports::RankedRows>> ranked(core::StandingsId table, ports::RankOrder order) override {
    return trouble_.guard(inner_.ranked(std::move(table), order));
  }
  ports::Task<void> finish_seal(core::StandingsId table) override {
    return trouble_.guard(inner_.finish_seal(std::move(table)));
  }
  ports::Task<std::uint64_t> purge_sealed(std::size_t limit) override {
    return trouble_.guard(inner_.purge_sealed(limit));
  }
  ports::Task<std::uint64_t> forget_events(core::Timestamp before, std::size_t limit) override {
    return trouble_.guard(inner_.forget_events(before, limit));
  }

 private:
  ports::StandingStore& inner_;
  Trouble& trouble_;
};

class FailingSnapshots final : public ports::SnapshotStore {
 public:
  FailingSnapshots(ports::SnapshotStore& inner, Trouble& trouble) : inner_(inner), trouble_(trouble) {}

  ports::Task<void> begin(std::string id) override { return trouble_.guard(inner_.begin(std::move(id))); }
  ports::Task<void> append(std::string id, std::vector<ports::SnapshotRow> rows) override {
    return trouble_.guard(inner_.append(std::move(id), std::move(rows)));
  }
  ports::Task<void> complete(ports::Snapshot snapshot) override {
    return trouble_.guard(inner_.complete(std::move(snapshot)));
  }
  ports::Task<std::vector<ports::Snapshot>> list(ports::SnapshotFilter filter, std::uint64_t offset,
                                                 std::size_t limit) override {
    return trouble_.guard(inner_.list(std::move(filter), offset, limit));
  }
  ports::Task<ports::Snapshot> find(std::string id) override { return trouble_.guard(inner_.find(std::move(id))); }
  ports::Task<std::vector<ports::SnapshotRow>> rows(std::string id, std::uint64_t offset, std::size_t limit) override {
    return trouble_.guard(inner_.rows(std::move(id), offset, limit));
  }
  ports::Task<std::vector<ports::SnapshotRow>> promoted(std::string id, std::uint64_t after,
                                                        std::size_t limit) override {
    return trouble_.guard(inner_.promoted(std::move(id), after, limit));
  }
  ports::Task<std::uint64_t> keep_newest(core::StandingsId table, std::size_t keep) override {
    return trouble_.guard(inner_.keep_newest(std::move(table), keep));
  }

 private:
  ports::SnapshotStore& inner_;
  Trouble& trouble_;
};

class FailingRevisions final : public ports::RevisionStore {
 public:
  FailingRevisions(ports::RevisionStore& inner, Trouble& trouble) : inner_(inner), trouble_(trouble) {}

  ports::Task<bool> look_on() override { return trouble_.guard(inner_.look_on()); }
  ports::Task<std::optional<ports::RevisionPlan>> begin() override { return trouble_.guard(inner_.begin()); }
  ports::Task<void> note(core::StandingsId table, int revision, ports::RevisionNote note) override {
    return trouble_.guard(inner_.note(std::move(table), revision, std::move(note)));
  }
  ports::Task<void> finish(core::StandingsId table, int revision) override {
    return trouble_.guard(inner_.finish(std::move(table), revision));
  }
  ports::Task<ports::RevisionNote> note_of(core::StandingsId table, int revision) override {
    return trouble_.guard(inner_.note_of(std::move(table), revision));
  }

 private:
  ports::RevisionStore& inner_;
  Trouble& trouble_;
};

}  // namespace liveops::test
