#include "adapters/redis/gateway/idempotency_store.hpp"

#include <utility>

#include "adapters/redis/gateway/key_value.hpp"
#include "core/crypto/digest.hpp"

namespace liveops::adapters::redis {

namespace {

using ports::IdempotencyState;

// Deletes a reservation; what is done stays.
constexpr const char* kReleaseReserved = R"lua(
local value = redis.call('GET', KEYS[1])
if value and string.sub(value, 1, 1) == 'r' then return redis.call('DEL', KEYS[1]) end
return 0
)lua";

std::string milliseconds(std::chrono::seconds time) {
  return std::to_string(std::chrono::milliseconds(time).count());
}

std::unexpected<core::Error> unavailable(const core::Error& why) {
  return core::fail(core::Errc::unavailable, "idempotency keys cannot be kept now: try again",
                    why.message + " (" + why.detail + ")");
}

/// What the answer to SET NX GET says: nil where the key was free, else what stands there.
core::Result<IdempotencyState> state_of(const core::Result<Reply>& reply,
                                        const ports::IdempotencyStore::Fingerprint& fingerprint) {
  if (!reply) return std::unexpected(reply.error());
  if (reply->is_nil()) return IdempotencyState::fresh;
  if (const auto state = KeyValue::state(reply->text, fingerprint)) return *state;
  return core::fail(core::Errc::corrupt, "an idempotency key holds something else",
                    "is the key prefix or the database shared with another system?");
}

}  // namespace

IdempotencyStore::IdempotencyStore(Client& client, Options options)
    : client_(client), options_(std::move(options)), release_reserved_(kReleaseReserved) {}

ports::Task<std::vector<IdempotencyState>> IdempotencyStore::begin(std::vector<Entry> entries, core::Timestamp) {
  const std::string lifetime = milliseconds(options_.reservation);
  std::vector<Command> commands;
  commands.reserve(entries.size());
  for (const Entry& entry : entries) {
    commands.push_back(make_command("SET", key(entry.id), KeyValue::encode(KeyValue::kReserved, entry.fingerprint),
                                    "NX", "PX", lifetime, "GET"));
  }
  const auto replies = co_await client_.run_all(std::move(commands));
  if (!replies) co_return unavailable(replies.error());

  std::vector<IdempotencyState> states;
  states.reserve(entries.size());
  std::vector<std::string> reserved;
  std::optional<core::Error> failed;
  for (std::size_t n = 0; n < entries.size(); ++n) {
    auto state = state_of((*replies)[n], entries[n].fingerprint);
    if (!state && !failed) failed = std::move(state.error());
    if (state) states.push_back(*state);
    if (state == IdempotencyState::fresh) reserved.push_back(key(entries[n].id));
  }
  if (!failed) co_return states;
  // What cannot be released now ends by itself.
  if (!reserved.empty()) static_cast<void>(co_await release(std::move(reserved)));
  co_return unavailable(*failed);
}

ports::Task<void> IdempotencyStore::complete(std::vector<Entry> entries, core::Timestamp) {
  const std::string lifetime = milliseconds(options_.retention);
  std::vector<Command> commands;
  commands.reserve(entries.size());
  for (const Entry& entry : entries) {
    commands.push_back(
        make_command("SET", key(entry.id), KeyValue::encode(KeyValue::kDone, entry.fingerprint), "PX", lifetime));
  }
  const auto replies = co_await client_.run_all(std::move(commands));
  if (!replies) co_return unavailable(replies.error());
  std::vector<std::string> given_up;
  std::optional<core::Error> failed;
  for (std::size_t n = 0; n < entries.size(); ++n) {
    if ((*replies)[n]) continue;
    failed = (*replies)[n].error();
    given_up.push_back(key(entries[n].id));
  }
  if (!failed) co_return core::Status{};
  static_cast<void>(co_await release(std::move(given_up)));
  co_return unavailable(*failed);
}

ports::Task<void> IdempotencyStore::abandon(std::vector<core::EventId> ids) {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const auto& id : ids) keys.push_back(key(id));
  return release(std::move(keys));
}

std::string IdempotencyStore::key(const core::EventId& id) const {
  std::string out;
  out.reserve(options_.key_prefix.size() + core::EventId::kBytes);
  out += options_.key_prefix;
  out += core::crypto::as_bytes(id.bytes());
  return out;
}

ports::Task<void> IdempotencyStore::release(std::vector<std::string> keys) {
  std::vector<Script::Input> inputs;
  inputs.reserve(keys.size());
  for (std::string& key : keys) inputs.push_back({.keys = {std::move(key)}, .arguments = {}});
  const auto replies = co_await release_reserved_.run_all(client_, std::move(inputs));
  if (!replies) co_return unavailable(replies.error());
  for (const auto& reply : *replies) {
    if (!reply) co_return unavailable(reply.error());
  }
  co_return core::Status{};
}

}  // namespace liveops::adapters::redis
