/** Reads the list of what is kept under names, from an answer of the server. */
import type { Listing, Unreadable } from '../shared/listing.ts'
import { array, asFields, text } from './event-parser.ts'

/** Its items stand under `key`. A server of before said nothing of those that it could not read. */
export function asListing<Item>(
  value: unknown,
  key: string,
  parse: (item: unknown) => Item,
): Listing<Item> {
  const fields = asFields(value)
  const unreadable = 'unreadable' in fields ? array(fields, 'unreadable').map(asUnreadable) : []
  return { items: array(fields, key).map(parse), unreadable }
}

function asUnreadable(value: unknown): Unreadable {
  const fields = asFields(value)
  return {
    name: text(fields, 'name'),
    message: text(fields, 'message'),
    hint: text(fields, 'hint'),
  }
}
