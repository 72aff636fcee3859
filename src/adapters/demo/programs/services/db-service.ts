/** The database of the demo shop: checkpoints, slow queries, and the state of its pool as JSON. */
import type { Random } from '../random.ts'
import { colour, err, grouped, out, type Service } from './service.ts'

export const dbService: Service = ({ random, isTroubled }) => {
  if (isTroubled && random.chance(0.75)) return random.chance(0.35) ? refused(random) : slow(random)
  if (random.chance(0.4)) return pool(random, isTroubled)
  if (random.chance(0.12)) return slow(random)
  return out(`${colour('34', 'LOG')} ${random.pick(messages)(random)}`)
}

function slow(random: Random) {
  const took = colour('1', `${grouped(random.int(812, 2_960))}ms`)
  return out(`${colour('33', 'WARN')} slow query (${took}) ${random.pick(queries)}`)
}

function refused(random: Random) {
  const from = `10.0.4.${random.int(11, 42)}`
  return err(`${colour('1;31', 'FATAL')} sorry, too many clients already (client ${from})`)
}

function pool(random: Random, isTroubled: boolean) {
  const active = isTroubled ? 100 : random.int(8, 46)
  const state = {
    level: isTroubled ? 'warn' : 'info',
    msg: 'pool',
    active,
    idle: 100 - active,
    waiting: isTroubled ? random.int(4, 31) : 0,
    tps: random.int(310, 980),
  }
  return out(JSON.stringify(state))
}

const messages: readonly [(random: Random) => string, ...((random: Random) => string)[]] = [
  () => 'checkpoint starting: time',
  (random) =>
    `checkpoint complete: wrote ${random.int(40, 900)} buffers, ${random.int(1, 9)} WAL files`,
  (random) =>
    `automatic vacuum of table "shop.cart": ${grouped(random.int(200, 9_000))} rows removed`,
  (random) => `connection authorized: user=shop database=shop host=10.0.4.${random.int(11, 42)}`,
]

const queries = [
  'SELECT id, total FROM orders WHERE customer_id = 55102 ORDER BY created_at',
  'UPDATE stock SET reserved = reserved + 1 WHERE sku = $1',
  'SELECT count(*) FROM cart JOIN product USING (sku)',
] as const
