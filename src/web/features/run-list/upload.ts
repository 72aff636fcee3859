/** `fetch` for a file that tells how much of it has gone: only XMLHttpRequest says that. */

/** What it is given as body is not read: it sends `file`. */
export function uploadOf(file: Blob, onSent: (bytes: number) => void): typeof fetch {
  return (url, { method = 'POST', headers, signal } = {}) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open(method, url instanceof Request ? url.url : url)
      new Headers(headers).forEach((value, name) => request.setRequestHeader(name, value))
      request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded))
      request.addEventListener('load', () => resolve(answerOf(request)))
      request.addEventListener('error', () => reject(new TypeError('The connection is lost.')))
      request.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
      if (signal?.aborted === true) return reject(new DOMException('', 'AbortError'))
      signal?.addEventListener('abort', () => request.abort(), { once: true })
      request.send(file)
    })
}

function answerOf({ status, responseText }: XMLHttpRequest): Response {
  return new Response(responseText, { status })
}
