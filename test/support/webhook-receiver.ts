/** A receiver of webhooks on a free port of this machine, which answers as the test says. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { until } from './until.ts'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
  /** Status of the next answers, in turn; 204 when there is none left. */
  readonly answers: { status: number; headers?: Record<string, string>; body?: string }[]
  /** The first messages, once so many have come. */
  messages(count: number): Promise<readonly Received[]>
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = []
  const answers: WebhookReceiver['answers'] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body })
      const answer = answers.shift() ?? { status: 204 }
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answers,
    messages: (count) =>
      until(
        `${count} messages have come`,
        () => received.length >= count && received.slice(0, count),
        patienceMs,
      ),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A message may wait for the next look of a server, and for that of the next server after a crash. */
const patienceMs = 30_000
