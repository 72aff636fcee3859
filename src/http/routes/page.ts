/** `GET /*`: the page and its files. Addresses of the page's own router all give its HTML. */
import { AppError } from '../../shared/errors.ts'
import type { Opening } from '../../shared/protocol/opening.ts'
import type { App, FastifyReply, FastifyRequest, Parts } from '../parts.ts'
import { htmlWithOpening } from '../static/opening.ts'
import { chooseEncoding, type SiteFile } from '../static/site.ts'
import { askOpening } from './run-opening.ts'

export function page(app: App, parts: Parts): void {
  const { site } = parts
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: { access: 'page' },
    schema: { hide: true },
    handler: async (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '/'
      const isPage = pagePattern.test(path)
      const file = await site.file(isPage ? '/index.html' : path)
      const opening = isPage && file !== undefined ? askOpening(request, parts) : null
      if (file !== undefined && opening !== null) return sendOpened(reply, file, opening)
      if (file !== undefined) return send(request, reply, file)
      if (isPage) throw new AppError('page-not-built', 'The web page is not built.')
      throw app.unknownRoute(request)
    },
  })
}

const pagePattern = /^\/(?:(?:runs|search|hosts|saved|alerts|settings|sign-in)(?:\/.*)?)?$/

/** It holds lines of a run: never kept, and not compressed together with the key of the session. */
async function sendOpened(reply: FastifyReply, file: SiteFile, opening: Promise<Opening | null>) {
  const html = await file.content('identity')
  return reply.type(file.type).send(htmlWithOpening(html.toString(), opening))
}

async function send(request: FastifyRequest, reply: FastifyReply, file: SiteFile) {
  const encoding = chooseEncoding(file, String(request.headers['accept-encoding'] ?? ''))
  const etag = `"${file.etag}-${encoding}"`
  reply.headers({
    etag,
    vary: 'accept-encoding',
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  const content = await file.content(encoding)
  reply.type(file.type)
  if (request.method !== 'HEAD') return reply.send(content)
  return reply.header('content-length', content.length).send()
}
