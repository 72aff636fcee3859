/** The shell around the hub's state machine: one connection to the server, and the ports of the tabs. */
import { parseRunsEvent } from '../../../client/event-parser.ts'
import { readEventStream, type StreamNews } from '../../../client/event-stream.ts'
import type { HttpApi } from '../../../client/http-api.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { Run, RunId } from '../../../shared/run.ts'
import type { HubMessage } from './hub-messages.ts'
import {
  emptyHub,
  type HubAction,
  type HubInput,
  hub,
  hubAddress,
  type TabId,
} from './hub-state.ts'

export class StreamHub {
  readonly #api: HttpApi
  readonly #send: (tab: TabId, message: HubMessage) => void
  #state = emptyHub
  #connection: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(api: HttpApi, send: (tab: TabId, message: HubMessage) => void) {
    this.#api = api
    this.#send = send
  }

  take(input: HubInput): void {
    const step = hub(this.#state, input)
    this.#state = step.state
    for (const { tab, message } of step.send) this.#send(tab, message)
    this.#act(step.next)
  }

  #act(action: HubAction): void {
    switch (action.kind) {
      case 'keep':
        return
      case 'close':
        this.#drop()
        return
      case 'open': {
        this.#drop()
        const run = (): void => void this.#read()
        this.#timer = setTimeout(run, action.ms)
        return
      }
      case 'look':
        this.#drop()
        void this.#look()
    }
  }

  #drop(): void {
    clearTimeout(this.#timer)
    this.#connection?.abort()
    this.#connection = null
  }

  /** One connection, until it ends or another one takes its place. */
  async #read(): Promise<void> {
    if (this.#state.lanes.size === 0) return
    const connection = new AbortController()
    this.#connection = connection
    const address = hubAddress(this.#state)
    const headers = { accept: 'text/event-stream' }
    const news = readEventStream({
      open: (signal) => this.#api.request(address, { headers, signal }),
      parse: parseRunsEvent,
      signal: connection.signal,
      answers: async (signal) => (await this.#api.request('/api/v1/session', { signal })).ok,
    })
    for await (const each of news) {
      if (connection.signal.aborted) return
      if (each.kind === 'nothing-more') await this.#look()
      else this.take(inputOf(each))
    }
  }

  /** Asks for each run by itself: which of them is gone, which has ended? */
  async #look(): Promise<void> {
    const runs = new Map<RunId, Run | null>()
    try {
      for (const id of this.#state.lanes.keys()) runs.set(id, await this.#find(id))
      this.take({ kind: 'looked', runs })
    } catch (thrown) {
      const error = toAppError(thrown)
      this.take({ kind: 'refused', status: error.status, error, random: Math.random() })
    }
  }

  async #find(id: RunId): Promise<Run | null> {
    try {
      return await this.#api.get(id)
    } catch (thrown) {
      if (toAppError(thrown).code === 'not-found') return null
      throw thrown
    }
  }
}

type News = Exclude<StreamNews<{ run: RunId | null } & Pick<HubEventInput, 'event'>>, NothingMore>
type HubEventInput = Extract<HubInput, { kind: 'event' }>
type NothingMore = { readonly kind: 'nothing-more' }

function inputOf(news: News): HubInput {
  return news.kind === 'event' ? { ...news, ...news.event } : news
}
