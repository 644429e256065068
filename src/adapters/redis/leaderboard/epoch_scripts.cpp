#include <string>

#include "adapters/redis/leaderboard/scripts.hpp"

namespace liveops::adapters::redis::leaderboard::scripts {

namespace {

constexpr const char* kPrelude = R"lua(
local epoch = KEYS[1]

local function server()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- state, id, loader, and whether the loader's lease runs
local function look()
  local held = redis.call('HMGET', epoch, 'id', 'server', 'state', 'loader', 'until')
  local leased = held[4] and tonumber(held[5]) > now_ms()
  if not held[1] or held[2] ~= server() then return 'lost', '', held[4], leased end
  return held[3], held[1], held[4], leased
end

local function lease(loader, ms)
  redis.call('HSET', epoch, 'loader', loader, 'until', string.format('%.0f', now_ms() + ms))
end
)lua";

Script make(const char* body) {
  return Script(std::string(kPrelude) + body);
}

}  // namespace

const Script& epoch_state() {
  static const Script script = make(R"lua(
local state, id, loader, leased = look()
if state == 'loading' and not leased then return {'', 'lost'} end
return {id, state}
)lua");
  return script;
}

const Script& begin_load() {
  static const Script script = make(R"lua(
local state, id, loader, leased = look()
if state ~= 'lost' and leased and loader ~= ARGV[1] then return {'busy', ''} end
if state == 'complete' then
  lease(ARGV[1], tonumber(ARGV[3]))
  return {'beside', id}
end
redis.call('DEL', epoch)
redis.call('HSET', epoch, 'id', ARGV[2], 'server', server(), 'state', 'loading')
lease(ARGV[1], tonumber(ARGV[3]))
return {'fresh', ARGV[2]}
)lua");
  return script;
}

const Script& renew_load() {
  static const Script script = make(R"lua(
local state, id, loader = look()
if state == 'lost' or id ~= ARGV[2] or loader ~= ARGV[1] then return 0 end
lease(ARGV[1], tonumber(ARGV[3]))
return 1
)lua");
  return script;
}

const Script& finish_load() {
  static const Script script = make(R"lua(
local state, id, loader = look()
if state == 'lost' or id ~= ARGV[2] or loader ~= ARGV[1] then return 0 end
redis.call('HSET', epoch, 'state', 'complete')
redis.call('HDEL', epoch, 'loader', 'until')
return 1
)lua");
  return script;
}

const Script& end_epoch() {
  static const Script script = make(R"lua(
if redis.call('HGET', epoch, 'id') == ARGV[1] then redis.call('DEL', epoch) end
return 1
)lua");
  return script;
}

}  // namespace liveops::adapters::redis::leaderboard::scripts
