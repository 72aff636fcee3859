/** Cuts what comes of followed files into lines, and knows what may be stored with each of them. */
import { type LineSlab, LineSplitter } from '../lines/line-splitter.ts'
import type { FileEvent } from './file-event.ts'
import { emptyTail, type FilePosition, inodeOf, joinTail, tailSum } from './file-position.ts'
import { encodeProgress, type FilesProgress } from './files-progress.ts'

export interface FileSlab {
  readonly file: string
  readonly slab: LineSlab
}

/**
 * A position moves only with whole lines that are given out, so what is stored with them is always
 * where the next unstored line begins. A new generation is kept back until its first line: before
 * that only the end of the older one can prove where we are.
 */
export class FileLines {
  readonly #files = new Map<string, OpenGeneration[]>()
  readonly #begun: Set<string>
  #encoded: string | null = null

  constructor(progress: FilesProgress) {
    this.#begun = new Set(progress.begun)
    for (const [file, positions] of progress.files) {
      this.#files.set(
        file,
        positions.map((position) => new OpenGeneration(position, true)),
      )
    }
  }

  /** The lines that it completes, one slab after the other: `progress` is that of the last one. */
  *take(event: FileEvent): Generator<FileSlab> {
    switch (event.kind) {
      case 'position':
        this.#position(event)
        return
      case 'bytes':
        yield* this.#bytes(event)
        return
      case 'closed':
        yield* this.#close(event.file, event.generation)
        return
      case 'begun':
        this.#begun.add(event.pattern)
        this.#encoded = null
        return
      case 'gap':
      case 'note':
    }
  }

  /** The unfinished lines, when nothing more will come. */
  *finish(): Generator<FileSlab> {
    for (const [file, generations] of this.#files) {
      for (const generation of generations) yield* this.#flush(file, generation)
    }
  }

  /** To be stored with the lines that were given out, and with a first position. */
  get progress(): string {
    this.#encoded ??= encodeProgress(this.#counted())
    return this.#encoded
  }

  /** Bytes of the unfinished line of the generation that was read last. */
  pending(file: string, bytesMax: number): Uint8Array {
    return this.#files.get(file)?.at(-1)?.splitter.pending(bytesMax) ?? emptyTail
  }

  #counted(): FilesProgress {
    const files = new Map<string, readonly FilePosition[]>()
    for (const [file, generations] of this.#files) {
      files.set(
        file,
        generations.filter(({ counts }) => counts).map(({ position }) => position),
      )
    }
    return { files, begun: this.#begun }
  }

  #position({ file, position, tail }: Extract<FileEvent, { kind: 'position' }>): void {
    const generations = this.#files.get(file)
    const known = generations?.find(
      ({ position: { generation } }) => generation === position.generation,
    )
    if (known !== undefined) {
      known.tail = tail
      return
    }
    const isFirst = generations === undefined
    const opened = new OpenGeneration(position, isFirst)
    opened.tail = tail
    this.#files.set(file, [...(generations ?? []), opened])
    this.#encoded = null
  }

  *#bytes({ file, generation, modified, bytes }: Extract<FileEvent, { kind: 'bytes' }>) {
    const open = this.#find(file, generation)
    if (open === undefined) throw new Error('Bytes came of a file that has no position.')
    for (const slab of open.splitter.push(bytes)) {
      open.advance(slab.bytes, modified)
      this.#count(file, open)
      yield { file, slab }
    }
  }

  *#close(file: string, generation: string): Generator<FileSlab> {
    const open = this.#find(file, generation)
    if (open === undefined) return
    yield* this.#flush(file, open)
    open.isClosed = true
    this.#dropClosed(file)
  }

  *#flush(file: string, open: OpenGeneration): Generator<FileSlab> {
    for (const slab of open.splitter.finish()) {
      open.advance(slab.bytes, open.position.modified)
      this.#count(file, open)
      yield { file, slab }
    }
  }

  #count(file: string, open: OpenGeneration): void {
    this.#encoded = null
    if (open.counts) return
    open.counts = true
    this.#dropClosed(file)
  }

  /** A closed one is still what proves the place until a later one has its first line. */
  #dropClosed(file: string): void {
    this.#encoded = null
    const generations = this.#files.get(file) ?? []
    const last = generations.findLastIndex(({ counts }) => counts)
    const kept = generations.filter((open, at) => at >= last || !open.isOver)
    this.#files.set(file, kept)
  }

  #find(file: string, generation: string): OpenGeneration | undefined {
    return this.#files.get(file)?.find(({ position }) => position.generation === generation)
  }
}

class OpenGeneration {
  readonly splitter = new LineSplitter()
  position: FilePosition
  tail: Uint8Array = emptyTail
  /** Whether its position is worth storing. */
  counts: boolean
  isClosed = false

  constructor(position: FilePosition, counts: boolean) {
    this.position = position
    this.counts = counts
  }

  /** Whether nothing can come of it any more: closed, or never there. */
  get isOver(): boolean {
    return this.isClosed || inodeOf(this.position.generation) === '0'
  }

  advance(bytes: Uint8Array, modified: number): void {
    const { generation, offset } = this.position
    this.tail = joinTail(this.tail, bytes)
    this.position = {
      generation,
      offset: offset + bytes.length,
      modified: Math.max(modified, this.position.modified),
      before: tailSum(this.tail),
    }
  }
}
