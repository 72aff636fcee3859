/** A certificate for this machine that nobody has signed, as files. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Certificate extends AsyncDisposable {
  readonly certFile: string
  readonly keyFile: string
}

/** For `localhost` and 127.0.0.1. */
export async function makeCertificate(): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-cert-'))
  const certFile = join(directory, 'cert.pem')
  const keyFile = join(directory, 'key.pem')
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const options =
    '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'
  const files = ['-keyout', keyFile, '-out', certFile]
  await promisify(execFile)('openssl', ['req', ...options.split(' '), '-addext', names, ...files])
  const dispose = () => rm(directory, { recursive: true, force: true })
  return { certFile, keyFile, [Symbol.asyncDispose]: dispose }
}
