/** Every error as `{ error: { code, message, hint } }`, Fastify's own and unknown routes included. */
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, toAppError } from '../shared/errors.ts'
import { printable } from '../shared/issue-text.ts'
import { securityHeaders } from './headers.ts'
import type { App } from './parts.ts'

export function addErrors(app: App): void {
  const table = new RouteTable()
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) table.add(method, route.url)
  })
  app.decorate('unknownRoute', (request: FastifyRequest) => table.refusal(request))
  app.setErrorHandler((error: FastifyError | AppError, request, reply) =>
    sendError(request, reply, error),
  )
  app.setNotFoundHandler((request) => {
    throw table.refusal(request)
  })
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The error for an address that no route serves: 404, or 405 when another method does. */
    unknownRoute(request: FastifyRequest): AppError
  }
}

/** Also for what Fastify refuses before any hook runs (an address that cannot be decoded). */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: FastifyError | AppError,
): FastifyReply {
  const error = knownError(thrown)
  if (error.code === 'internal') request.log.error({ err: error.cause }, 'a request failed')
  reply.headers(securityHeaders)
  if (error.status === 503) reply.header('retry-after', '5')
  if (error.status === 429) reply.header('retry-after', '60')
  if (error.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(error.status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(error.toBody()))
}

/** What is not HTTP gets a sentence too, and the end of its connection. */
export function answerGarbage(error: Error, socket: Socket): void {
  // Perhaps it was us who stood still: without an answer it is asked again, with 400 it would not be.
  const isTooLate = 'code' in error && error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  if (isTooLate || !socket.writable) {
    socket.destroy()
    return
  }
  const refusal = new AppError('bad-request', 'The request cannot be read as HTTP.', {
    hint: 'Send HTTP/1.1 with a head of at most 16 KiB.',
  })
  const body = JSON.stringify(refusal.toBody())
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function knownError(thrown: FastifyError | AppError): AppError {
  if (thrown instanceof AppError) return thrown
  switch (thrown.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('body-too-large', 'The body of this request is too large.')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('unsupported-media-type', 'The body of this request is not JSON.')
    case 'FST_ERR_BAD_URL':
      return new AppError('bad-request', 'The address of this request cannot be decoded.')
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new AppError('not-found', 'There is nothing at this address.')
    default:
      return isClientError(thrown)
        ? new AppError('bad-request', 'The request cannot be read.')
        : toAppError(thrown)
  }
}

function isClientError(error: FastifyError): boolean {
  const status = error.statusCode ?? 500
  return status >= 400 && status < 500
}

/** Which methods an address has, so that a wrong one is told from a wrong address. */
class RouteTable {
  readonly #routes: { readonly method: string; readonly pattern: RegExp }[] = []

  add(method: string, url: string): void {
    if (url.includes('*')) return
    const pattern = new RegExp(`^${url.replace(/[.]/g, '\\.').replace(/:[a-z]+/g, '[^/]+')}$`)
    this.#routes.push({ method, pattern })
  }

  refusal(request: FastifyRequest): AppError {
    const path = request.url.split('?', 1)[0] ?? ''
    const methods = this.#routes.filter(({ pattern }) => pattern.test(path))
    const { method: asked } = request
    if (methods.length === 0 || methods.some(({ method }) => method === asked)) {
      return new AppError('not-found', `There is nothing at ${printable(path)}.`)
    }
    const known = methods.map(({ method }) => method).join(', ')
    const message = `${printable(path)} takes ${known}, not ${asked}.`
    return new AppError('method-not-allowed', message)
  }
}
