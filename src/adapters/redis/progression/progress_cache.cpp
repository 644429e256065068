#include "adapters/redis/progression/progress_cache.hpp"

#include <utility>

#include "adapters/redis/progression/progress_record.hpp"

namespace liveops::adapters::redis {

namespace {

// Versions are compared in halves: Lua's numbers are exact to 53 bits only, and its strings compare by locale.
constexpr const char* kPutNewer = R"lua(
local held = redis.call('GETRANGE', KEYS[1], 0, 7)
if #held == 8 then
  local held_high, held_low = struct.unpack('>I4I4', held)
  local high, low = struct.unpack('>I4I4', ARGV[1])
  if held_high > high or (held_high == high and held_low >= low) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
)lua";

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
  inputs.reserve(progress.size());
  for (const auto& one : progress) {
    inputs.push_back({.keys = {options_.key_prefix + one.player_id.str()},
                      .arguments = make_command(ProgressRecord::encode(one), lifetime)});
  }
  const auto replies = co_await put_newer_.run_all(client_, std::move(inputs));
  if (!replies) co_return unavailable(replies.error());
  for (const auto& reply : *replies) {
    if (!reply) co_return unavailable(reply.error());
  }
  co_return core::Status{};
}

}  // namespace liveops::adapters::redis
