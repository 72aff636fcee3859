/** The built page: a few files, read once, kept in memory, sent compressed. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

export type Encoding = 'br' | 'gzip' | 'identity'

export interface SiteFile {
  readonly type: string
  readonly etag: string
  /** The name holds a hash of the content: it may be kept for ever. */
  readonly immutable: boolean
  readonly encodings: readonly Encoding[]
  /** The content in one of `encodings`; compressed when first asked for. */
  content(encoding: Encoding): Promise<Buffer>
}

export class Site {
  readonly #root: string | null
  #files: Promise<ReadonlyMap<string, SiteFile>> | undefined

  constructor(root: string | null) {
    this.#root = root
  }

  /** The file at a path (`/assets/x.js`), `/index.html` for the page itself; undefined if not there. */
  async file(path: string): Promise<SiteFile | undefined> {
    this.#files ??= readFiles(this.#root)
    const files = await this.#files
    // Not built yet: look again next time.
    if (!files.has('/index.html')) this.#files = undefined
    return files.get(path)
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** Formats that are compressed in themselves. */
const packed = new Set(['.png', '.ico', '.woff2'])

async function readFiles(root: string | null): Promise<ReadonlyMap<string, SiteFile>> {
  const files = new Map<string, SiteFile>()
  if (root === null) return files
  for (const name of await namesIn(root)) {
    const type = types[extname(name)]
    // Source maps and whatever else lies there is not part of the page.
    if (type === undefined) continue
    files.set(
      `/${name.split(sep).join('/')}`,
      siteFile(name, type, await readFile(join(root, name))),
    )
  }
  return files
}

async function namesIn(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length)
          .replace(/^[\\/]+/, ''),
      )
  } catch {
    return []
  }
}

const gzipAsync = promisify(gzip)
const brotliAsync = promisify(brotliCompress)

function siteFile(name: string, type: string, bytes: Buffer): SiteFile {
  const made = new Map<Encoding, Promise<Buffer>>([['identity', Promise.resolve(bytes)]])
  // The best quality takes half a second, and the first reader of a new server would wait for it.
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9 }
  const make = { br: () => brotliAsync(bytes, { params: quality }), gzip: () => gzipAsync(bytes) }
  return {
    type,
    etag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    immutable: name.startsWith(`assets${sep}`),
    encodings: packed.has(extname(name)) ? ['identity'] : ['br', 'gzip', 'identity'],
    content: (encoding) => {
      let content = made.get(encoding)
      if (content === undefined && encoding !== 'identity') {
        content = make[encoding]()
        made.set(encoding, content)
      }
      return content ?? Promise.resolve(bytes)
    },
  }
}

/** The best of the file's encodings that the reader takes. */
export function chooseEncoding(file: SiteFile, accepted: string): Encoding {
  const takes = (encoding: Encoding) =>
    encoding === 'identity' ||
    new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))`).test(accepted)
  return file.encodings.find(takes) ?? 'identity'
}
