/** `app-log`: a service's own log with coloured levels. */
import { humanPauseMs, type Program, paced } from './program.ts'
import type { Random } from './random.ts'

export const appLog: Program = {
  summary: 'application log with ANSI colours, endless or COUNT lines; errors go to stderr',
  run: (stage) =>
    paced(stage, async () => {
      const line = appLine(stage.random, stage.now())
      await (line.includes('ERROR') ? stage.err(`${line}\n`) : stage.out(`${line}\n`))
      return humanPauseMs(stage.random)
    }),
}

function appLine(random: Random, time: Date): string {
  const { level, colour, messages } = levels[levelIndex(random)] ?? levels[0]
  const stamp = `${escape}[2m${time.toISOString()}${escape}[0m`
  const [part, message] = random.pick(messages)
  return `${stamp} ${escape}[${colour}m${level}${escape}[0m ${escape}[36m${part}${escape}[0m ${message(random)}`
}

function levelIndex(random: Random): number {
  const roll = random.int(1, 100)
  if (roll <= 72) return 0
  if (roll <= 88) return 1
  return roll <= 97 ? 2 : 3
}

/** The part of the service that says it, and what it says. */
type Message = readonly [string, (random: Random) => string]

interface Level {
  readonly level: string
  readonly colour: string
  readonly messages: readonly [Message, ...Message[]]
}

const order = (random: Random) => `order=${random.int(48_000, 49_999)}`

const levels: readonly [Level, ...Level[]] = [
  {
    level: 'INFO ',
    colour: '32',
    messages: [
      [
        'checkout',
        (random) =>
          `checkout finished ${order(random)} items=${random.int(1, 7)} total=€${random.int(9, 480)}.${random.int(10, 99)} in ${random.int(38, 210)}ms`,
      ],
      ['session', (random) => `cart updated session=${random.hex(8)} items=${random.int(1, 9)}`],
      [
        'billing',
        (random) =>
          `payment authorised ${order(random)} provider=${random.pick(['adyen', 'stripe', 'paypal'])}`,
      ],
      [
        'catalog',
        (random) => `served GET /product/${random.int(1_000, 1_400)} in ${random.int(4, 60)}ms`,
      ],
      [
        'mailer',
        (random) =>
          `mail queued template=order-confirmation to=customer-${random.int(100, 999)}@shop.example`,
      ],
    ],
  },
  {
    level: 'DEBUG',
    colour: '34',
    messages: [
      [
        'catalog',
        (random) =>
          `cache ${random.chance(0.8) ? 'hit' : 'miss'} key=product:${random.int(1_000, 1_400)} ttl=${random.int(2, 300)}s`,
      ],
      [
        'stock',
        (random) =>
          `sql select … from stock where sku=$1 rows=1 ${random.int(1, 9)}.${random.int(0, 9)}ms`,
      ],
    ],
  },
  {
    level: 'WARN ',
    colour: '33',
    messages: [
      [
        'stock',
        (random) =>
          `slow query ${random.int(620, 2_400)}ms table=orders rows=${random.int(1_000, 90_000)}`,
      ],
      [
        'billing',
        (random) =>
          `retrying payment ${order(random)} attempt=${random.int(2, 4)} after 502 from provider`,
      ],
      [
        'stock',
        (random) => `connection pool at ${random.int(82, 98)}%, ${random.int(1, 12)} waiting`,
      ],
    ],
  },
  {
    level: 'ERROR',
    colour: '1;31',
    messages: [
      ['billing', (random) => `payment declined ${order(random)} code=do_not_honor`],
      [
        'catalog',
        (random) =>
          `upstream timeout inventory-service after ${random.int(3_000, 5_000)}ms trace=${random.hex(16)}`,
      ],
    ],
  },
]
const escape = '\u001b'
