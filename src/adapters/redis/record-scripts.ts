/** The scripts of documents. All of a kind are one hash, so each script is one step in one slot. */
import { type Script, script } from './script.ts'

/**
 * A field is "=" and the name; its value is the version, the mark of the call that wrote it, and the
 * body, after a space each. The field "last" has the last version that was given, "count" how many
 * documents there are.
 */
const held = `
local held = redis.call('HGET', KEYS[1], ARGV[1])
local version, mark = '0', ''
if held then version, mark = string.match(held, '^(%d+) (%S+) ') end
`

/**
 * KEYS documents. ARGV field, version (empty: whatever is there), mark of this call, body, most
 * documents. Gives `{answer, version}`: stored once for each call, also when it is made again.
 */
export const putRecordScript: Script = script(
  [],
  `${held}
if mark == ARGV[3] then return {'stored', version} end
if ARGV[2] ~= '' and ARGV[2] ~= version then return {'changed', version} end
if not held then
  local count = tonumber(redis.call('HGET', KEYS[1], 'count')) or 0
  if count >= tonumber(ARGV[5]) then return {'full', version} end
  redis.call('HSET', KEYS[1], 'count', count + 1)
end
local given = redis.call('HINCRBY', KEYS[1], 'last', 1)
redis.call('HSET', KEYS[1], ARGV[1], given .. ' ' .. ARGV[3] .. ' ' .. ARGV[4])
return {'stored', given}
`,
)

/** KEYS documents. ARGV field, version (empty: whatever is there). Gives `{answer, version}`. */
export const removeRecordScript: Script = script(
  ['allow-oom'],
  `${held}
if not held then return {'missing', version} end
if ARGV[2] ~= '' and ARGV[2] ~= version then return {'changed', version} end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HINCRBY', KEYS[1], 'count', -1)
return {'removed', version}
`,
)
