/** The API of the demo shop: an application log with coloured levels, exceptions on stderr. */
import type { Random } from '../random.ts'
import { colour, err, grouped, out, type Service } from './service.ts'

export const apiService: Service = ({ random, isTroubled }) => {
  if (isTroubled && random.chance(0.55))
    return random.chance(0.4) ? exhausted(random) : retry(random)
  if (random.chance(0.02)) return err(typeError(random).join('\n'))
  if (random.chance(0.14)) {
    return out(
      `${debug} ${part('cache')} ${random.chance(0.8) ? 'hit' : 'miss'} product:${random.int(1_000, 1_400)} ttl=${random.int(2, 300)}s`,
    )
  }
  const [name, message] = random.pick(messages)
  return out(`${info} ${part(name)} ${message(random)}`)
}

const info = colour('32', 'INFO ')
const debug = colour('34', 'DEBUG')
const warn = colour('33', 'WARN ')
const error = colour('1;31', 'ERROR')

function part(name: string): string {
  return colour('36', name)
}

type Message = readonly [string, (random: Random) => string]

const messages: readonly [Message, ...Message[]] = [
  [
    'orders',
    (random) =>
      `order ${order(random)} created total=${colour('1', `€${random.int(9, 480)}.${random.int(10, 99)}`)} customer=${random.int(50_000, 59_999)}`,
  ],
  ['orders', (random) => `order ${order(random)} loaded in ${ms(random, 60)}`],
  [
    'orders',
    (random) =>
      `订单 ${order(random)} 已付款 total=${colour('1', `¥${grouped(random.int(99, 3_999))}.00`)}`,
  ],
  [
    'cart',
    (random) =>
      `reserved sku=KX-${random.int(1_000, 2_999)} qty=${random.int(1, 6)} in ${ms(random, 40)}`,
  ],
  [
    'search',
    (random) =>
      `query "${random.pick(['lamp', 'oak desk', '台灯', '椅子', 'café table'])}" matched ${random.int(3, 420)} in ${ms(random, 90)}`,
  ],
  [
    'billing',
    (random) =>
      `payment authorised order=${order(random)} provider=${random.pick(['adyen', 'stripe', 'paypal'])} in ${ms(random, 320)}`,
  ],
]

function order(random: Random): number {
  return random.int(81_000, 82_999)
}

function ms(random: Random, most: number): string {
  return colour('1', `${random.int(4, most)}ms`)
}

function retry(random: Random) {
  const tries = random.int(2, 4)
  return out(
    `${warn} ${part('pool')} 20 of 20 connections busy, ${random.int(3, 31)} waiting, try ${tries} of 4`,
  )
}

function exhausted(random: Random) {
  const lines = [
    `${error} ${part('orders')} checkout failed order=${order(random)}: no connection to db-1 after 3000 ms`,
    `    at Pool.borrow (/srv/api/src/pool.js:${random.int(80, 120)}:13)`,
    '    at async checkout (/srv/api/src/checkout.js:42:5)',
  ]
  return err(lines.join('\n'))
}

function typeError(random: Random): readonly string[] {
  const name = random.pick(['id', 'total', 'sku'])
  return [
    `${error} ${part('cart')} TypeError: Cannot read properties of undefined (reading '${name}')`,
    `    at totals (/srv/api/src/cart.js:${random.int(10, 120)}:17)`,
    '    at async update (/srv/api/src/cart.js:31:9)',
  ]
}
