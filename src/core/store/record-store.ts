/** Port: small documents of Farglass itself (hosts, saved commands, alerts, settings), by kind and name. */

export interface RecordStore {
  /** All of a kind, by name. */
  list(kind: RecordKind): Promise<readonly StoredRecord[]>

  /** The document, or undefined. */
  get(kind: RecordKind, name: string): Promise<StoredRecord | undefined>

  /**
   * Stores the document when its version is still `version` (0: when there is none; undefined:
   * whatever is there) and gives it with its new version. Rejects with `conflict` otherwise, and over
   * `limits.recordsPerKindMax`. Resolves when committed and synced.
   */
  put(record: NewRecord): Promise<StoredRecord>

  /**
   * Resolves with whether it was there. With a version: rejects with `conflict` when another one is
   * there.
   */
  remove(kind: RecordKind, name: string, version?: number): Promise<boolean>
}

/** What is kept so. The list is closed: a new kind is a new word here. */
export type RecordKind =
  | 'host'
  | 'host-check'
  | 'saved-command'
  | 'alert'
  | 'alert-trace'
  | 'alert-run'
  | 'alert-firing'
  | 'alert-firings'
  | 'schedule'
  | 'schedule-trace'
  | 'trigger'
  | 'setting'
  | 'run-secrets'

export interface StoredRecord {
  readonly kind: RecordKind
  /** Any text of 1 to `limits.recordNameBytesMax` bytes. */
  readonly name: string
  /** From 1. Of a kind no version comes twice, not even after a document was removed. */
  readonly version: number
  /** JSON as its owner wrote it, at most `limits.recordBytesMax`; given back byte by byte. */
  readonly body: string
}

export interface NewRecord extends Pick<StoredRecord, 'kind' | 'name' | 'body'> {
  readonly version?: number | undefined
}
