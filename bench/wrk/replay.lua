-- Replays the records that bench/load/make_requests.cpp wrote. Arguments: the file, a prefix of the idempotency keys and
-- the record to begin with (others each run, so that no request is a retry of an earlier run's). One concatenation a
-- request keeps the generator cheaper than any server.
local before, after, count = {}, {}, 0
local prefix, sent, turn = "", 0, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  prefix, turn = args[2], tonumber(args[3])
  local bodies = 0
  while true do
    local lengths = file:read(16)
    if not lengths then break end
    count = count + 1
    before[count] = file:read(tonumber(lengths:sub(1, 8)))
    local rest = tonumber(lengths:sub(9, 16))
    if rest > 0 then
      bodies = bodies + 1
      after[count] = file:read(rest)
    else
      after[count] = after[(count - 1) % bodies + 1]
    end
  end
  file:close()
end

function request()
  sent = sent + 1
  turn = turn + 1
  if turn > count then turn = 1 end
  return before[turn] .. prefix .. sent .. after[turn]
end
