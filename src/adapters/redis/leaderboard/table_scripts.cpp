#include <string>

#include "adapters/redis/leaderboard/scripts.hpp"

namespace liveops::adapters::redis::leaderboard::scripts {

namespace {

constexpr const char* kPrelude = R"lua(
local ranks, entries, meta, next_ranks, next_entries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local function server()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
end

-- condition, born, total
local function look()
  local known = redis.call('HMGET', meta, 'born', 'server')
  local total = redis.call('ZCARD', ranks)
  local held = redis.call('HLEN', entries)
  if not known[1] then
    if total + held == 0 then return 'none', '', 0 end
    return 'damaged', '', 0
  end
  if known[2] ~= server() or total ~= held then return 'damaged', known[1], 0 end
  return 'whole', known[1], total
end

local function be_born(id)
  redis.call('HSET', meta, 'born', id, 'server', server())
end

-- Takes the entries from ARGV[2] on that are newer than what is held.
local function fill(to_ranks, to_entries)
  local players = {}
  for i = 2, #ARGV, 3 do players[#players + 1] = ARGV[i] end
  if #players == 0 then return end
  local held = redis.call('HMGET', to_entries, unpack(players))
  local taken, scores, values = {}, {}, {}
  for i = 1, #players do
    local player, score, value = players[i], ARGV[3 * i], ARGV[3 * i + 1]
    local old = taken[player] or held[i]
    if not old or struct.unpack('>I4', old) < struct.unpack('>I4', value) then
      taken[player] = value
      scores[#scores + 1] = score
      scores[#scores + 1] = player
      values[#values + 1] = player
      values[#values + 1] = value
    end
  end
  if #scores == 0 then return end
  redis.call('ZADD', to_ranks, unpack(scores))
  redis.call('HSET', to_entries, unpack(values))
end

-- Values of these players, some at a time: `unpack` has a limit.
local function values_of(players)
  local values = {}
  for from = 1, #players, 1000 do
    local some = redis.call('HMGET', entries, unpack(players, from, math.min(from + 999, #players)))
    for i = 1, #some do values[#values + 1] = some[i] end
  end
  return values
end

local function page(condition, born, total, first, count)
  if count <= 0 or first >= total then return {condition, born, total, first, {}, {}} end
  local players = redis.call('ZRANGE', ranks, first, first + count - 1)
  return {condition, born, total, first, players, values_of(players)}
end
)lua";

Script make(const char* body) {
  return Script(std::string(kPrelude) + body);
}

}  // namespace

const Script& put() {
  static const Script script = make(R"lua(
local condition, born = look()
if condition == 'damaged' then return {condition, born} end
if condition == 'none' then
  born = ARGV[1]
  be_born(born)
end
fill(ranks, entries)
if redis.call('HEXISTS', meta, 'rebuild') == 1 then fill(next_ranks, next_entries) end
return {'whole', born}
)lua");
  return script;
}

const Script& remove() {
  static const Script script = make(R"lua(
local condition, born = look()
if condition ~= 'whole' or #ARGV == 0 then return {condition, born} end
redis.call('ZREM', ranks, unpack(ARGV))
redis.call('HDEL', entries, unpack(ARGV))
redis.call('ZREM', next_ranks, unpack(ARGV))
redis.call('HDEL', next_entries, unpack(ARGV))
return {condition, born}
)lua");
  return script;
}

const Script& page() {
  static const Script script = make(R"lua(
local condition, born, total = look()
return page(condition, born, total, tonumber(ARGV[1]), tonumber(ARGV[2]))
)lua");
  return script;
}

const Script& around() {
  static const Script script = make(R"lua(
local condition, born, total = look()
local rank = redis.call('ZRANK', ranks, ARGV[1])
if not rank then return {condition, born, -1, 0, {}, {}} end
local first = math.max(0, rank - tonumber(ARGV[2]))
return page(condition, born, total, first, rank - first + 1 + tonumber(ARGV[2]))
)lua");
  return script;
}

const Script& lookup() {
  static const Script script = make(R"lua(
local condition, born, total = look()
local places = {}
for i = 1, #ARGV do places[i] = redis.call('ZRANK', ranks, ARGV[i]) end
return {condition, born, total, places, values_of(ARGV)}
)lua");
  return script;
}

const Script& begin_rebuild() {
  static const Script script = make(R"lua(
local condition, born = look()
local old = ARGV[3] == '1'
if condition == 'damaged' and not old then return {condition, born} end
if old then redis.call('UNLINK', ranks, entries) end
if old or condition == 'none' then
  born = ARGV[1]
  be_born(born)
end
redis.call('UNLINK', next_ranks, next_entries)
redis.call('HSET', meta, 'rebuild', ARGV[2])
return {'whole', born}
)lua");
  return script;
}

const Script& put_rebuild() {
  static const Script script = make(R"lua(
if redis.call('HGET', meta, 'rebuild') ~= ARGV[1] then return 0 end
fill(next_ranks, next_entries)
return 1
)lua");
  return script;
}

const Script& finish_rebuild() {
  static const Script script = make(R"lua(
if redis.call('HGET', meta, 'rebuild') ~= ARGV[1] then return 0 end
redis.call('HDEL', meta, 'rebuild')
redis.call('UNLINK', ranks, entries)
if redis.call('EXISTS', next_ranks) == 1 then redis.call('RENAME', next_ranks, ranks) end
if redis.call('EXISTS', next_entries) == 1 then redis.call('RENAME', next_entries, entries) end
return 1
)lua");
  return script;
}

}  // namespace liveops::adapters::redis::leaderboard::scripts
