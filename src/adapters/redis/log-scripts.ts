/** The scripts of the log. Each is one step that other clients see whole or not at all. */
import { type Script, script } from './script.ts'

/**
 * Appends a batch where it fits, as `answerAppend` says, with all that changes with it.
 *
 * KEYS run, log. ARGV epoch, pos, count, lines, gaps, number of the change, channel, bytes of the
 * lines, checksum, batch, index of the last field that belongs to the lines, then names and values of
 * fields: those first, which say how far tasks are. The others are left out when what is there is
 * newer: the change was overtaken on its way. Most do not change, and are then not written. The bell
 * says "state" when one did, else the new end. Gives `{answer, next or epoch}`.
 */
export const appendScript: Script = script(
  [],
  `
local run = redis.call('HMGET', KEYS[1], 'epoch', 'next', 'change', 'lines', 'gaps')
if not run[1] then return {'missing', 0} end
if run[1] ~= ARGV[1] then return {'fenced', tonumber(run[1])} end
local next, pos = tonumber(run[2]), tonumber(ARGV[2])
local after = pos + tonumber(ARGV[3])
if after <= next then return {'duplicate', next} end
if pos ~= next then return {'gap', next} end
local text = function(number) return string.format('%.0f', number) end
redis.call('XADD', KEYS[2], text(after) .. '-0',
  'p', ARGV[2], 'b', ARGV[8], 'c', ARGV[9], 'd', ARGV[10])
redis.call('HSET', KEYS[1], 'next', text(after),
  'lines', text(run[4] + ARGV[4]), 'gaps', text(run[5] + ARGV[5]), unpack(ARGV, 12, tonumber(ARGV[11])))
local news = text(after)
if tonumber(ARGV[6]) > tonumber(run[3]) then
  redis.call('HSET', KEYS[1], 'change', ARGV[6])
  for index = ARGV[11] + 1, #ARGV, 2 do
    if redis.call('HGET', KEYS[1], ARGV[index]) ~= ARGV[index + 1] then
      redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1])
      news = 'state'
    end
  end
end
redis.call('PUBLISH', ARGV[7], news)
return {'stored', after}
`,
)

/**
 * Batches from a position on, until they hold more bytes of lines than asked for.
 *
 * KEYS run, log. ARGV position, bytes. An entry is named after the position behind it, so the batch
 * that holds a position is the first one named higher. Gives `{from, next, ended, entries}`; `ended`
 * is 1 when no entry follows. A few entries at a time, so that little is copied in vain.
 */
export const readScript: Script = script(
  ['no-writes'],
  `
local run = redis.call('HMGET', KEYS[1], 'hot', 'next')
if not run[1] then return {0, 0, 1, {}} end
local from = math.max(tonumber(ARGV[1]), tonumber(run[1]))
local at, bytes, found = string.format('%.0f-0', from + 1), 0, {}
while true do
  local entries = redis.call('XRANGE', KEYS[2], at, '+', 'COUNT', 8)
  for _, entry in ipairs(entries) do
    found[#found + 1] = entry
    local pos, length = from, 0
    for index = 1, #entry[2], 2 do
      if entry[2][index] == 'p' then pos = tonumber(entry[2][index + 1]) or from end
      if entry[2][index] == 'b' then length = tonumber(entry[2][index + 1]) or 0 end
    end
    if pos >= from then bytes = bytes + length end
    if bytes > tonumber(ARGV[2]) then return {from, tonumber(run[2]), 0, found} end
    at = '(' .. entry[1]
  end
  if #entries < 8 then return {from, tonumber(run[2]), 1, found} end
end
`,
)

/**
 * KEYS run, log. ARGV position, 1 when the lines before it are kept elsewhere, channel. Lets go of
 * them; entries are named after the position behind them, so exactly those that end before it go.
 * Never goes back. Frees memory, so it needs none.
 */
export const trimScript: Script = script(
  ['allow-oom'],
  `
local run = redis.call('HMGET', KEYS[1], 'hot', 'next', 'first')
if not run[1] then return 0 end
local hot = math.max(tonumber(run[1]), math.min(tonumber(ARGV[1]), tonumber(run[2])))
redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f-0', hot + 1))
redis.call('HSET', KEYS[1], 'hot', string.format('%.0f', hot))
if ARGV[2] ~= '1' and hot > tonumber(run[3]) then
  redis.call('HSET', KEYS[1], 'first', string.format('%.0f', hot))
  redis.call('PUBLISH', ARGV[3], 'state')
end
return 1
`,
)

/** KEYS run, log. Removes the lines; no position is given again. Frees memory, so it needs none. */
export const dropScript: Script = script(
  ['allow-oom'],
  `
local next = redis.call('HGET', KEYS[1], 'next')
if not next then return 0 end
redis.call('HSET', KEYS[1], 'first', next, 'hot', next)
redis.call('DEL', KEYS[2])
return 1
`,
)
