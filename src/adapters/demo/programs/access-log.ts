/** `access-log`: what a web server writes, in the combined log format. */
import { humanPauseMs, type Program, paced } from './program.ts'
import type { Random } from './random.ts'

export const accessLog: Program = {
  summary: 'web access log, endless or COUNT lines',
  run: (stage) =>
    paced(stage, async () => {
      await stage.out(`${accessLine(stage.random, stage.now())}\n`)
      return humanPauseMs(stage.random)
    }),
}

export function accessLine(random: Random, time: Date): string {
  const page = random.pick(pages)
  const address = `203.0.113.${random.int(2, 60)}`
  const { status, bytes } = answer(random, page.bytes)
  const stamp = `${two(time.getUTCDate())}/${months[time.getUTCMonth()] ?? 'Jan'}/${time.getUTCFullYear()}:${time.toISOString().slice(11, 19)} +0000`
  const request = `"${page.method} ${page.path(random)} HTTP/1.1"`
  const from = random.chance(0.4) ? '"https://shop.example/"' : '"-"'
  return `${address} - - [${stamp}] ${request} ${status} ${bytes} ${from} "${random.pick(agents)}"`
}

function answer(random: Random, bytes: number): { status: number; bytes: number } {
  if (random.chance(0.012)) return { status: random.pick([500, 502, 503]), bytes: 166 }
  if (random.chance(0.03)) return { status: 404, bytes: 153 }
  if (random.chance(0.15)) return { status: 304, bytes: 0 }
  return { status: 200, bytes: bytes + random.int(0, Math.ceil(bytes / 8)) }
}

interface Page {
  readonly method: string
  readonly bytes: number
  path(random: Random): string
}

const pages: readonly [Page, ...Page[]] = [
  { method: 'GET', bytes: 18_204, path: () => '/' },
  { method: 'GET', bytes: 9_412, path: (random) => `/product/${random.int(1_000, 1_400)}` },
  { method: 'GET', bytes: 4_120, path: (random) => `/search?q=${random.pick(words)}&page=1` },
  { method: 'GET', bytes: 88_211, path: (random) => `/assets/app-${random.pick(builds)}.js` },
  { method: 'GET', bytes: 12_030, path: (random) => `/img/p/${random.int(1_000, 1_400)}.webp` },
  { method: 'POST', bytes: 312, path: () => '/api/cart' },
  { method: 'POST', bytes: 540, path: () => '/api/checkout' },
  { method: 'GET', bytes: 2, path: () => '/healthz' },
]
const words = ['lamp', 'oak+desk', 'chair', 'rug', 'caf%C3%A9+table'] as const
const builds = ['b81f03c2', '5d20aa17'] as const
const agents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36',
  'kube-probe/1.29',
  'curl/8.5.0',
] as const
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

function two(value: number): string {
  return String(value).padStart(2, '0')
}
