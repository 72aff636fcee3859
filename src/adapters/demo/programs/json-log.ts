/** `json-log`: one JSON object per line, as structured loggers write it. */
import { humanPauseMs, type Program, paced } from './program.ts'

export const jsonLog: Program = {
  summary: 'JSON lines, endless or COUNT lines',
  run: (stage) => {
    const { random } = stage
    return paced(stage, async () => {
      const failed = random.chance(0.05)
      const entry = {
        time: stage.now().toISOString(),
        level: failed ? 'error' : random.pick(['info', 'info', 'info', 'debug', 'warn']),
        service: random.pick(['api', 'auth', 'search']),
        msg: failed ? 'request failed' : 'request completed',
        trace_id: random.hex(16),
        http: {
          method: random.pick(['GET', 'GET', 'POST', 'DELETE']),
          path: random.pick(['/v1/users', '/v1/search', '/v1/tokens', '/v1/orders/€']),
          status: failed ? random.pick([500, 503, 504]) : random.pick([200, 200, 201, 204]),
        },
        duration_ms: random.int(1, failed ? 5_000 : 180),
        ...(failed ? { error: { type: 'Timeout', message: 'deadline exceeded\n  at pool' } } : {}),
      }
      await stage.out(`${JSON.stringify(entry)}\n`)
      return humanPauseMs(random)
    })
  },
}
