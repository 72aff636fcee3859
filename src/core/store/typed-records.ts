/** Documents of one kind as exact values: each is checked when it is read, and a damaged one hides none of the others. */
import { AppError, errorTable, toAppError } from '../../shared/errors.ts'
import { issueText, type SchemaIssue } from '../../shared/issue-text.ts'
import type { Listing, Unreadable } from '../../shared/listing.ts'
import type { RecordKind, RecordStore, StoredRecord } from './record-store.ts'

/** What the documents of a kind are. */
export interface RecordType<Value> {
  readonly kind: RecordKind
  /** What people call one. */
  readonly noun: string
  /** What people do about one that cannot be read, without its end; none for what they never see. */
  readonly remedy?: (name: string) => string
  /** How many there may be; without it as many as of any kind. */
  readonly countMax?: number
  /** Asked for at the first document that is read: most commands of the terminal need no schemas. */
  readonly schema: () => Promise<RecordSchema<Value>>
}

/** The remedy for what a command of the terminal removes by its name. */
export function removedBy(command: string): (name: string) => string {
  return (name) => `Remove it with "farglass ${command} remove ${name}"`
}

/** What is used of a schema. */
export interface RecordSchema<Value> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Value }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } }
}

type ParsedValue<Value> =
  | { readonly success: true; readonly data: Value }
  /** `why` is the end of a sentence. */
  | { readonly success: false; readonly error: unknown; readonly why: string }

export interface TypedRecord<Value> {
  readonly name: string
  readonly version: number
  readonly value: Value
}

/** A document as one value with its name and version. */
export function namedValue<Value extends object>({
  name,
  version,
  value,
}: TypedRecord<Value>): Value & Omit<TypedRecord<Value>, 'value'> {
  return { ...value, name, version }
}

export class TypedRecords<Value> {
  readonly #records: RecordStore
  readonly #type: RecordType<Value>

  constructor(records: RecordStore, type: RecordType<Value>) {
    this.#records = records
    this.#type = type
  }

  /** All by name. */
  async list(): Promise<Listing<TypedRecord<Value>>> {
    const items: TypedRecord<Value>[] = []
    const unreadable: Unreadable[] = []
    for (const stored of await this.#records.list(this.#type.kind)) {
      const found = await this.#parse(stored)
      if (found.success) items.push(typed(stored, found.data))
      else unreadable.push(this.#unreadable(stored.name, found.why))
    }
    return { items, unreadable }
  }

  /** Undefined without one. Rejects with `store-failed` and a sentence that names it when it cannot be read. */
  async get(name: string): Promise<TypedRecord<Value> | undefined> {
    const stored = await this.#records.get(this.#type.kind, name)
    if (stored === undefined) return undefined
    const found = await this.#parse(stored)
    if (found.success) return typed(stored, found.data)
    const { message, hint } = this.#unreadable(name, found.why)
    throw new AppError('store-failed', message, { hint, cause: found.error })
  }

  /**
   * As `get`, for what Farglass keeps for itself and can begin anew: one that cannot be read has no
   * value, but the version over which the next one is put. 0 without one.
   */
  async state(name: string): Promise<{ readonly version: number; readonly value?: Value }> {
    const stored = await this.#records.get(this.#type.kind, name)
    if (stored === undefined) return { version: 0 }
    const { version } = stored
    const found = await this.#parse(stored)
    return found.success ? { version, value: found.data } : { version }
  }

  /** Stores it, as `RecordStore.put` does; rejects with `conflict` for one more than there may be. */
  async put(name: string, value: Value, version?: number): Promise<TypedRecord<Value>> {
    await this.#checkRoom(name)
    const body = JSON.stringify(value)
    const stored = await this.#records.put({ kind: this.#type.kind, name, body, version })
    return typed(stored, value)
  }

  /**
   * Changes what `state` gives, `begin` without one, although others may do so at the same time; gives
   * what `change` has made of it. The same value again is not written.
   */
  async change(name: string, begin: Value, change: (value: Value) => Value): Promise<Value> {
    for (;;) {
      const { version, value: before = begin } = await this.state(name)
      const after = change(before)
      if (after === before) return before
      try {
        return (await this.put(name, after, version)).value
      } catch (thrown) {
        if (toAppError(thrown).code !== 'conflict') throw thrown
      }
    }
  }

  /** Removes it, as `RecordStore.remove` does, also one that cannot be read. */
  remove(name: string, version?: number): Promise<boolean> {
    return this.#records.remove(this.#type.kind, name, version)
  }

  async #checkRoom(name: string): Promise<void> {
    const { kind, noun, countMax = Infinity } = this.#type
    if (countMax === Infinity) return
    const stored = await this.#records.list(kind)
    if (stored.length < countMax || stored.some((each) => each.name === name)) return
    throw new AppError('conflict', `There are ${countMax} ${noun}s already.`, {
      hint: 'Remove one that is not needed any more.',
    })
  }

  #parse(stored: StoredRecord): Promise<ParsedValue<Value>> {
    return parseRecord(this.#type, stored)
  }

  #unreadable(name: string, why: string): Unreadable {
    const { noun, remedy } = this.#type
    return {
      name,
      message: `The stored text of the ${noun} "${name}" is damaged, or a newer Farglass wrote it: ${why}.`,
      hint:
        remedy === undefined
          ? errorTable['store-failed'].hint
          : `${remedy(name)}, or run the version of Farglass that wrote it.`,
    }
  }
}

export async function parseRecord<Value>(
  { schema }: RecordType<Value>,
  { body }: StoredRecord,
): Promise<ParsedValue<Value>> {
  const parser = await schema()
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (error) {
    return { success: false, error, why: 'it is no JSON' }
  }
  const found = parser.safeParse(value)
  return found.success ? found : { ...found, why: complaintOf(found.error.issues) }
}

function complaintOf([first]: readonly SchemaIssue[]): string {
  if (first === undefined) return 'it is of another form'
  return issueText(first).replace(/^T/, 't')
}

function typed<Value>({ name, version }: StoredRecord, value: Value): TypedRecord<Value> {
  return { name, version, value }
}
