/** Which lines of a container's output are new, when the engine gives lines again that are stored. */
import type { SourceChannel } from '../../shared/channel.ts'
import { limits } from '../../shared/limits.ts'
import type { ChannelPlace, ContainerProgress } from './container-progress.ts'
import type { LogStamp } from './log-stamp.ts'

/** `known`: stored before. `after-gap`: new, but the line that was read last is not there any more. */
export type LineNews = 'new' | 'known' | 'after-gap'

/**
 * An engine can only be asked for what came since a time, and gives all lines with that stamp again;
 * time is all that there is, since its lines have no numbers. So lines are counted per stamp. The two
 * channels come over two pipes: of a channel in which nothing comes it is known that nothing is
 * missing up to a line of the other one only after so many bytes that no pipe holds them.
 */
export class ContainerPlace {
  readonly #container: number
  readonly #channels: Readonly<Record<SourceChannel, ChannelState>>

  private constructor(container: number, out: ChannelState, err: ChannelState) {
    this.#container = container
    this.#channels = { out, err }
  }

  /** Nothing is stored of it. What is to be read later on reaches back to `since` at least. */
  static begin(container: number, since: LogStamp): ContainerPlace {
    const state = () => new ChannelState({ stamp: since, count: 0 }, null)
    return new ContainerPlace(container, state(), state())
  }

  /** The lines up to there are stored, and the last ones of them come again. */
  static resume({ container, out, err }: ContainerProgress): ContainerPlace {
    const state = (place: ChannelPlace) =>
      new ChannelState(place, { stamp: place.stamp, left: place.count })
    return new ContainerPlace(container, state(out), state(err))
  }

  /**
   * The stamp from which on lines are asked for. It is that before the last one: a line that the
   * engine has read in parts may have begun there, and asked from its last part on, the engine gives
   * this part alone, as one more line of the last stamp.
   */
  get since(): LogStamp {
    const { out, err } = this.progress
    return earlier(earlier(out.stamp, out.before), earlier(err.stamp, err.before))
  }

  get progress(): ContainerProgress {
    const { out, err } = this.#channels
    return { container: this.#container, out: out.place, err: err.place }
  }

  /** Lines come in the order of their channel. */
  take(channel: SourceChannel, stamp: LogStamp, bytes: number): LineNews {
    const own = this.#channels[channel]
    const news = own.take(stamp, bytes)
    if (news !== 'known') this.#channels[channel === 'out' ? 'err' : 'out'].passBy(own.passed)
    return news
  }
}

interface ComesAgain {
  readonly stamp: LogStamp
  /** So many lines with this stamp. */
  left: number
}

class ChannelState {
  #place: ChannelPlace
  /** What will come again after a new start of the engine's logs; null once it has. */
  #again: ComesAgain | null
  #bytes = 0
  /** Stamps with the number of bytes that had come before them, oldest first. */
  readonly #passed: { readonly stamp: LogStamp; readonly bytes: number }[] = []

  constructor(place: ChannelPlace, again: ComesAgain | null) {
    this.#place = place
    this.#again = again
  }

  get place(): ChannelPlace {
    return this.#place
  }

  /** The newest stamp that lies so far back that no pipe holds what was printed before it. */
  get passed(): LogStamp | undefined {
    const before = this.#bytes - limits.containerSkewBytes
    while ((this.#passed[1]?.bytes ?? Number.POSITIVE_INFINITY) <= before) this.#passed.shift()
    const [oldest] = this.#passed
    return oldest !== undefined && oldest.bytes <= before ? oldest.stamp : undefined
  }

  take(stamp: LogStamp, bytes: number): LineNews {
    const before = this.#comesAgain(stamp)
    if (before === 'known') return 'known'
    const place = this.#place
    this.#place =
      stamp === place.stamp
        ? { ...place, count: place.count + 1 }
        : { stamp, count: 1, before: place.stamp }
    const last = this.#passed.at(-1)
    if (last === undefined || this.#bytes - last.bytes >= limits.containerSkewBytes / 4) {
      this.#passed.push({ stamp, bytes: this.#bytes })
    }
    this.#bytes += bytes
    return before
  }

  /** Nothing of this channel was printed before a line of the other one. */
  passBy(stamp: LogStamp | undefined): void {
    if (stamp === undefined || stamp <= this.#place.stamp) return
    this.#place = { stamp, count: 0 }
  }

  #comesAgain(stamp: LogStamp): LineNews {
    const again = this.#again
    if (again === null) return 'new'
    if (stamp < again.stamp) return 'known'
    if (stamp === again.stamp && again.left > 0) {
      again.left -= 1
      return 'known'
    }
    if (stamp > again.stamp) this.#again = null
    return again.left > 0 ? 'after-gap' : 'new'
  }
}

function earlier(stamp: LogStamp, other: LogStamp = stamp): LogStamp {
  return stamp < other ? stamp : other
}
