/** The web servers of the demo shop: a short access log, and what nginx says on stderr. */
import type { Random } from '../random.ts'
import { colour, err, out, type Said, type Service } from './service.ts'

export const webService: Service = ({ random, isTroubled }) => {
  if (isTroubled && random.chance(0.6))
    return random.chance(0.5) ? badGateway(random) : upstream(random)
  if (random.chance(0.02)) return err(`${warn} conflicting server name "shop.example", ignored`)
  const { method, path, bytes } = random.pick(pages)(random)
  if (random.chance(0.04))
    return request(random, { method: 'GET', path: random.pick(probes), status: 404 })
  const status = method === 'POST' ? 201 : random.chance(0.15) ? 304 : 200
  return request(random, { method, path, status, bytes: status === 304 ? 0 : bytes })
}

interface Answer {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly bytes?: number
  readonly ms?: number
}

function request(random: Random, { method, path, status, bytes = 153, ms }: Answer): Said {
  const took = ms ?? (path.startsWith('/api/') ? random.int(24, 180) : random.int(1, 40))
  const client = `203.0.113.${random.int(2, 99)}`
  const code = colour(statusColour(status), String(status))
  return out(`${client} ${colour('1', method)} ${path} ${code} ${bytes}B ${took}ms`)
}

function statusColour(status: number): string {
  if (status >= 500) return '1;31'
  if (status >= 400) return '33'
  return status >= 300 ? '2' : '32'
}

function badGateway(random: Random): Said {
  const path = random.pick(['/api/checkout', '/api/cart', '/api/orders'])
  return request(random, { method: 'POST', path, status: 502, bytes: 166, ms: 3_001 })
}

function upstream(random: Random): Said {
  const id = random.int(481_000, 489_999)
  return err(
    `${colour('31', '[error]')} *${id} upstream timed out (110), upstream: "http://api-1:8080/checkout"`,
  )
}

const warn = colour('33', '[warn]')

type Page = (random: Random) => { method: string; path: string; bytes: number }

const pages: readonly [Page, ...Page[]] = [
  (random) => ({ method: 'GET', path: '/', bytes: 18_204 + random.int(0, 99) }),
  (random) => ({ method: 'GET', path: `/product/${random.int(1_000, 1_400)}`, bytes: 9_412 }),
  (random) => ({ method: 'GET', path: `/search?q=${random.pick(words)}`, bytes: 4_120 }),
  (random) => ({ method: 'GET', path: `/assets/app-${random.hex(4)}.js`, bytes: 88_211 }),
  (random) => ({ method: 'GET', path: `/api/orders/${random.int(81_000, 82_999)}`, bytes: 5_120 }),
  () => ({ method: 'POST', path: '/api/cart', bytes: 312 }),
  () => ({ method: 'POST', path: '/api/checkout', bytes: 902 }),
  () => ({ method: 'GET', path: '/healthz', bytes: 2 }),
]

/** What strangers look for on every server. */
const probes = ['/wp-login.php', '/.env', '/admin/config.php'] as const

const words = ['lamp', 'oak+desk', 'chair', 'rug', '%E5%8F%B0%E7%81%AF'] as const
