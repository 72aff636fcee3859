/** The scripts of runs. Each is one step in one slot; what spans several is ordered in the catalog. */
import { type Script, script } from './script.ts'

/**
 * KEYS run. ARGV mark of this creation, milliseconds that it lasts unless confirmed, then names and
 * values of fields. Gives 1, and 0 when another run has the id.
 */
export const createScript: Script = script(
  [],
  `
local born = redis.call('HGET', KEYS[1], 'born')
if born then return born == ARGV[1] and 1 or 0 end
redis.call('HSET', KEYS[1], 'born', ARGV[1], unpack(ARGV, 3))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`,
)

/** KEYS run. The run stays, from now on. Gives 0 when it is gone already. */
export const confirmScript: Script = script(
  [],
  `
redis.call('PERSIST', KEYS[1])
return redis.call('EXISTS', KEYS[1])
`,
)

/** KEYS an idempotency key. ARGV new value, value that may be replaced. Gives the value that holds. */
export const claimScript: Script = script(
  [],
  `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[2] then return held end
redis.call('SET', KEYS[1], ARGV[1])
return ARGV[1]
`,
)

/** KEYS an idempotency key. ARGV its value: removed only while it is this one. */
export const unclaimScript: Script = script(
  ['allow-oom'],
  `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`,
)

/** KEYS the list of runs. ARGV id: comes behind all that are there. */
export const listScript: Script = script(
  [],
  `
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
local last = redis.call('ZRANGE', KEYS[1], 0, 0, 'REV', 'WITHSCORES')
return redis.call('ZADD', KEYS[1], (tonumber(last[2]) or 0) + 1, ARGV[1])
`,
)

/**
 * KEYS run. ARGV epoch, number of the change, channel, then names and values of fields; with none
 * it only asks. Gives `{answer, next or epoch}`.
 */
export const saveScript: Script = script(
  [],
  `
local run = redis.call('HMGET', KEYS[1], 'epoch', 'next', 'change')
if not run[1] then return {'missing', 0} end
if run[1] ~= ARGV[1] then return {'fenced', tonumber(run[1])} end
if #ARGV > 3 and tonumber(ARGV[2]) > tonumber(run[3]) then
  redis.call('HSET', KEYS[1], 'change', ARGV[2], unpack(ARGV, 4))
  redis.call('PUBLISH', ARGV[3], 'state')
end
return {'saved', tonumber(run[2])}
`,
)

/**
 * KEYS run, log. ARGV owner, mark of this call, channel, epoch, by how much to raise it, how many of
 * `epochs` to keep. Lines behind the end of the run go: of a change that Redis had cut off, it may
 * bring them back alone, and nothing could be appended before them. Raises the epoch if it is still that one, once for each call, and notes where the
 * new one begins; when too many are noted the two oldest become one. Gives all fields; none for an
 * unknown run, and 0 when it has another epoch.
 */
export const acquireScript: Script = script(
  [],
  `
local run = redis.call('HMGET', KEYS[1], 'epoch', 'taken', 'next', 'epochs')
if not run[1] then return {} end
if run[2] ~= ARGV[2] then
  if run[1] ~= ARGV[4] then return 0 end
  local stale = redis.call('XRANGE', KEYS[2], '(' .. run[3] .. '-0', '+')
  for _, entry in ipairs(stale) do redis.call('XDEL', KEYS[2], entry[1]) end
  if #stale > 0 then redis.call('XSETID', KEYS[2], run[3] .. '-0') end
  redis.call('HINCRBY', KEYS[1], 'epoch', ARGV[5])
  local epochs = {}
  for start in string.gmatch(run[4] or '', '%S+') do epochs[#epochs + 1] = start end
  epochs[#epochs + 1] = redis.call('HGET', KEYS[1], 'epoch') .. ':' .. run[3]
  if #epochs > tonumber(ARGV[6]) then
    local oldest = table.remove(epochs, 1)
    epochs[1] = string.match(epochs[1], '^%d+') .. string.match(oldest, ':%d+$')
  end
  redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'taken', ARGV[2], 'change', '0',
    'epochs', table.concat(epochs, ' '))
  redis.call('PERSIST', KEYS[1])
  redis.call('PUBLISH', ARGV[3], 'state')
end
return redis.call('HGETALL', KEYS[1])
`,
)

/**
 * KEYS run. ARGV "1" or "0" to pin it or not (empty: as it is), what is removed of it (JSON, empty:
 * nothing), channel. By the rules of `keptAfter`. Gives all fields; none for an unknown run.
 */
export const keepScript: Script = script(
  ['allow-oom'],
  `
local run = redis.call('HMGET', KEYS[1], 'state', 'pinned', 'removed')
if not run[1] then return {} end
local pinned = ARGV[1] ~= '' and ARGV[1] or run[2] or '0'
redis.call('HSET', KEYS[1], 'pinned', pinned)
if ARGV[2] ~= '' and run[1] == 'ended' and pinned == '0' and not run[3] then
  redis.call('HSET', KEYS[1], 'removed', ARGV[2])
end
redis.call('PUBLISH', ARGV[3], 'state')
return redis.call('HGETALL', KEYS[1])
`,
)

/**
 * KEYS run, marks. ARGV position, time (empty takes the mark back), most marks. Gives all of them,
 * position and time in turn; 0 for an unknown run, and 1 when there are too many.
 */
export const markScript: Script = script(
  ['allow-oom'],
  `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[2], ARGV[1])
elseif not redis.call('HGET', KEYS[2], ARGV[1]) then
  if #redis.call('HGETALL', KEYS[2]) >= 2 * tonumber(ARGV[3]) then return 1 end
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
end
return redis.call('HGETALL', KEYS[2])
`,
)

/** KEYS run, log, marks. Gives `{'removed', key}`, `{'missing', ''}`, or `{'carried', state}`. */
export const removeScript: Script = script(
  ['allow-oom'],
  `
local run = redis.call('HMGET', KEYS[1], 'state', 'key')
if not run[1] then return {'missing', ''} end
if run[1] ~= 'ended' then return {'carried', run[1]} end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
return {'removed', run[2] or ''}
`,
)

/**
 * KEYS run. ARGV epoch, next, owner, `epochs`, then names and values of all fields as they were at
 * that position. Brings back a run that Redis has lost, or the ownership and the part before that
 * position; what is newer stays. Not when somebody has the run whom this owner does not know, nor
 * when one before it has written past the begin of the next: then Redis holds another history.
 * Gives `{answer, next or epoch}`.
 */
export const restoreScript: Script = script(
  [],
  `
local run = redis.call('HMGET', KEYS[1], 'epoch', 'next')
if run[1] and run[1] ~= ARGV[1] then
  local isKnown, ended = run[1] == '1', nil
  for epoch, from in string.gmatch(ARGV[4], '(%d+):(%d+)') do
    if isKnown and not ended then ended = tonumber(from) end
    isKnown = isKnown or epoch == run[1]
  end
  if not ended or tonumber(run[2]) > ended then return {'fenced', tonumber(run[1])} end
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'owner', ARGV[3], 'epochs', ARGV[4], 'change', '0')
end
if run[1] and tonumber(run[2]) >= tonumber(ARGV[2]) then return {'saved', tonumber(run[2])} end
redis.call('HSET', KEYS[1], unpack(ARGV, 5))
redis.call('PERSIST', KEYS[1])
return {run[1] and 'saved' or 'missing', tonumber(ARGV[2])}
`,
)

/** KEYS sessions, their ends. ARGV digest, session, end. */
export const putSessionScript: Script = script(
  [],
  `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
`,
)

/** KEYS sessions, their ends. ARGV digest: 1 when it was there. */
export const removeSessionScript: Script = script(
  ['allow-oom'],
  `
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('HDEL', KEYS[1], ARGV[1])
`,
)

/** KEYS sessions, their ends. ARGV time, digest: removes those that end before, and this one. */
export const removeSessionsScript: Script = script(
  ['allow-oom'],
  `
local over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1], 'LIMIT', 0, 1000)
over[#over + 1] = ARGV[2]
redis.call('HDEL', KEYS[1], unpack(over))
redis.call('ZREM', KEYS[2], unpack(over))
return #over
`,
)
