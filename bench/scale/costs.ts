/** What a plan costs a month, by prices that are given. */
import type { Machines, Plan } from './plan.ts'

/** Dollars a month: assumptions, not offers of anybody. Traffic to viewers is not in them. */
export interface Prices {
  readonly cpu: number
  readonly gigabyte: number
  readonly diskGigabyte: number
}

export const defaultPrices: Prices = { cpu: 25, gigabyte: 3.5, diskGigabyte: 0.1 }

export interface Cost {
  readonly cpus: number
  readonly memoryGb: number
  readonly diskGb: number
  readonly dollars: number
}

/** Each shard has a replica of the same size. */
export function costOf(plan: Plan, machines: Machines, prices: Prices): Cost {
  const redises = plan.shards * 2
  const cpus = plan.nodes * machines.nodeCpus + redises
  const memoryGb = (plan.nodes * machines.nodeBytes + redises * machines.redisBytes) / 1e9
  const diskGb = plan.archiveBytes / 1e9
  const dollars = cpus * prices.cpu + memoryGb * prices.gigabyte + diskGb * prices.diskGigabyte
  return { cpus, memoryGb, diskGb, dollars }
}
