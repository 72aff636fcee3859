/** `GET /*`: the page and its files. Addresses of the page's own router all give its HTML. */
import { AppError } from '../../shared/errors.ts'
import type { App, FastifyReply, FastifyRequest, Parts } from '../parts.ts'
import { chooseEncoding, type SiteFile } from '../static/site.ts'

export function page(app: App, { site }: Parts): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: { access: 'page' },
    schema: { hide: true },
    handler: async (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '/'
      const isPage = pagePattern.test(path)
      const file = await site.file(isPage ? '/index.html' : path)
      if (file !== undefined) return send(request, reply, file)
      if (isPage) throw new AppError('page-not-built', 'The web page is not built.')
      throw app.unknownRoute(request)
    },
  })
}

const pagePattern = /^\/(?:(?:runs|search|hosts|saved|alerts|settings|sign-in)(?:\/.*)?)?$/

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
