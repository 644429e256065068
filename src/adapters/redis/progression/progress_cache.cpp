#include "adapters/redis/progression/progress_cache.hpp"

#include <utility>

#include "adapters/redis/progression/progress_record.hpp"

namespace liveops::adapters::redis {

namespace {

// Versions are compared in halves: Lua's numbers are exact to 53 bits only, and its strings compare by locale.
constexpr const char* kPutNewer = R"lua(
local lifetime = ARGV[1]
for i = 1, #KEYS do
  local key, value = KEYS[i], ARGV[i + 1]
  local held, keep = redis.call('GETRANGE', key, 0, 7), false
  if #held == 8 then
    local held_high, held_low = struct.unpack('>I4I4', held)
    local high, low = struct.unpack('>I4I4', value)
    keep = held_high > high or (held_high == high and held_low >= low)
  end
  if not keep then redis.call('SET', key, value, 'PX', lifetime) end
end
return #KEYS
)lua";

/// Players of one run of the script: a run costs more than a player of it does, and nobody is served meanwhile.
constexpr std::size_t kAtOnce = 128;

std::unexpected<core::Error> unavailable(const core::Error& why) {
  return core::fail(core::Errc::unavailable, "the cache of progress is away", why.message + " (" + why.detail + ")");
}

}  // namespace

ProgressCache::ProgressCache(Client& client, Options options)
    : client_(client), options_(std::move(options)), put_newer_(kPutNewer) {}

ports::Task<std::optional<ports::Progress>> ProgressCache::get(core::PlayerId player) {
  const auto reply = co_await client_.run(make_command("GET", options_.key_prefix + player.str()));
  if (!reply) co_return unavailable(reply.error());
  if (reply->is_nil()) co_return std::nullopt;
  co_return ProgressRecord::decode(reply->text, std::move(player));
}

ports::Task<void> ProgressCache::put(std::vector<ports::Progress> progress) {
  const auto lifetime = std::to_string(std::chrono::milliseconds(options_.lifetime).count());
  std::vector<Script::Input> inputs;
  inputs.reserve(progress.size() / kAtOnce + 1);
  for (std::size_t n = 0; n < progress.size(); ++n) {
    if (n % kAtOnce == 0) inputs.push_back({.keys = {}, .arguments = {lifetime}});
    inputs.back().keys.push_back(options_.key_prefix + progress[n].player_id.str());
    inputs.back().arguments.push_back(ProgressRecord::encode(progress[n]));
  }
  const auto replies = co_await put_newer_.run_all(client_, std::move(inputs));
  if (!replies) co_return unavailable(replies.error());
  for (const auto& reply : *replies) {
    if (!reply) co_return unavailable(reply.error());
  }
  co_return core::Status{};
}

}  // namespace liveops::adapters::redis
