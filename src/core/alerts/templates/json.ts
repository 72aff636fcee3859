/** The generic message: every field, documented in docs/protocol.md. */
import { type Firing, linePath, pathOf, remarksOf, titleOf } from '../firing.ts'
import type { RenderedMessage } from './template.ts'

export function jsonMessage(firing: Firing, base: string): RenderedMessage {
  const { id, alert, kind, time, run, lines, count, held, skipped } = firing
  const body = {
    version: 1,
    idempotencyKey: id,
    alert,
    kind,
    time,
    title: titleOf(firing),
    url: `${base}${pathOf(firing)}`,
    count,
    held,
    skipped,
    remarks: remarksOf(firing),
    run: { ...run, url: `${base}/runs/${run.id}` },
    lines: lines.map((line) => ({ ...line, url: `${base}${linePath(run.id, line.pos)}` })),
  }
  return {
    headers: { 'content-type': 'application/json', 'idempotency-key': headerSafe(id) },
    body: JSON.stringify(body),
  }
}

/** Ids are made of names and numbers; this only keeps it so. */
function headerSafe(id: string): string {
  return id.replaceAll(/[^\x21-\x7e]/g, '?')
}
