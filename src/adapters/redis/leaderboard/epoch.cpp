#include "adapters/redis/leaderboard/epoch.hpp"

#include "adapters/redis/leaderboard/answers.hpp"
#include "adapters/redis/leaderboard/scripts.hpp"
#include "adapters/redis/leaderboard/table_keys.hpp"

namespace liveops::adapters::redis::leaderboard {

using core::Errc;
using core::fail;
using ports::IndexState;

namespace {

/// How long a loader may say nothing before another one may take over. One that comes back goes on if nobody did.
constexpr const char* kLeaseMs = "5000";

core::Result<IndexState> parse_state(const std::string& text) {
  if (text == "complete") return IndexState::complete;
  if (text == "loading") return IndexState::loading;
  if (text == "lost") return IndexState::lost;
  return fail(Errc::corrupt, "the rank index's epoch cannot be read: delete its key", text);
}

}  // namespace

Epoch::Epoch(Client& client, const std::string& prefix)
    : client_(client), key_(epoch_key(prefix)), loader_(random_id()) {}

EpochView Epoch::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

std::optional<Epoch::Load> Epoch::load() const {
  const std::lock_guard lock(mutex_);
  return load_;
}

void Epoch::note(EpochView view, std::optional<Load> load) {
  const std::lock_guard lock(mutex_);
  last_ = std::move(view);
  load_ = std::move(load);
}

ports::Task<EpochView> Epoch::ask() {
  const auto reply = co_await scripts::epoch_state().run(client_, {key_}, {});
  if (!reply) co_return index_error(reply.error());
  const auto words = read_words(*reply);
  if (!words) co_return std::unexpected(words.error());
  const auto state = parse_state(words->at(1));
  if (!state) co_return std::unexpected(state.error());
  const std::lock_guard lock(mutex_);
  last_ = {words->at(0), *state};
  co_return last_;
}

ports::Task<void> Epoch::begin_load() {
  const auto reply = co_await scripts::begin_load().run(client_, {key_}, {loader_, random_id(), kLeaseMs});
  if (!reply) co_return index_error(reply.error());
  const auto words = read_words(*reply);
  if (!words) co_return std::unexpected(words.error());
  const std::string& mode = words->at(0);
  if (mode == "busy") co_return fail(Errc::conflict, "another replica loads the rank index: wait until it is done");
  const bool fresh = mode == "fresh";
  const std::string& id = words->at(1);
  note({id, fresh ? IndexState::loading : IndexState::complete}, Load{id, fresh});
  co_return core::Status();
}

ports::Task<void> Epoch::renew_load() {
  const auto load = this->load();
  if (!load) co_return core::Status();
  const auto reply = co_await scripts::renew_load().run(client_, {key_}, {loader_, load->id, kLeaseMs});
  if (!reply) co_return index_error(reply.error());
  if (reply->integer == 1) co_return core::Status();
  co_return fail(Errc::unavailable, "the load of the rank index was interrupted: begin again");
}

ports::Task<void> Epoch::finish_load() {
  const auto load = this->load();
  if (!load) co_return fail(Errc::conflict, "no load was begun");
  const auto reply = co_await scripts::finish_load().run(client_, {key_}, {loader_, load->id});
  if (!reply) co_return index_error(reply.error());
  if (reply->integer == 1) {
    note({load->id, IndexState::complete}, std::nullopt);
    co_return core::Status();
  }
  note({}, std::nullopt);
  co_return fail(Errc::conflict, "what was loaded into the rank index is lost, or another replica took over");
}

ports::Task<void> Epoch::end(std::string id) {
  note({}, std::nullopt);
  const auto reply = co_await scripts::end_epoch().run(client_, {key_}, {std::move(id)});
  if (!reply) co_return index_error(reply.error());
  co_return core::Status();
}

}  // namespace liveops::adapters::redis::leaderboard
