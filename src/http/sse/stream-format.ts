/** How a stream of feed items looks on the wire: the page's and CLI's way, or the article's. */
import type { FeedItem } from '../../core/runs/run-service.ts'
import { WireBlock } from './wire-block.ts'

export interface StreamFormat<Item = FeedItem> {
  /** The events of an item, or null when this format leaves it out. Shared: do not change. */
  encode(item: Item): WireBlock | null
  /** Says that this node is going and when to come back. */
  bye(retryMs: number): WireBlock
}

/** A comment keeps proxies from closing a silent stream. */
export const heartbeat: WireBlock = new WireBlock(':\n\n')

/** First bytes of every stream: the head and this go out at once, so that the reader knows it stands. */
export const hello: WireBlock = new WireBlock('retry: 1000\n\n')

/** Encodes each item once, however many viewers ask for it, and forgets it with the item. */
export function sharedEncoder<Context = void, Item extends object = FeedItem>(
  encode: (item: Item, context: Context) => WireBlock | null,
): (item: Item, context: Context) => WireBlock | null {
  const known = new WeakMap<Item, WireBlock | null>()
  return (item, context) => {
    let block = known.get(item)
    if (block === undefined) {
      block = encode(item, context)
      known.set(item, block)
    }
    return block
  }
}
