/** A certificate for this machine that nobody has signed, as files. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

export interface Certificate extends AsyncDisposable {
  readonly certFile: string
  readonly keyFile: string
}

export interface SignedCertificate extends Certificate {
  /** Of the authority that has signed it. */
  readonly caFile: string
}

/** For `localhost` and 127.0.0.1. */
export async function makeCertificate(): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-cert-'))
  const certFile = join(directory, 'cert.pem')
  const keyFile = join(directory, 'key.pem')
  await request(['-subj', '/CN=localhost', ...forHere, '-keyout', keyFile, '-out', certFile])
  const dispose = () => rm(directory, { recursive: true, force: true })
  return { certFile, keyFile, [Symbol.asyncDispose]: dispose }
}

/** The same, signed by an authority that nobody else knows. */
export async function makeSignedCertificate(): Promise<SignedCertificate> {
  const authority = await makeAuthority()
  const directory = dirname(authority.certFile)
  const certFile = join(directory, 'server.pem')
  const keyFile = join(directory, 'server-key.pem')
  const signed = ['-CA', authority.certFile, '-CAkey', authority.keyFile]
  const files = ['-keyout', keyFile, '-out', certFile]
  const plain = ['-addext', 'basicConstraints=critical,CA:FALSE']
  await request(['-subj', '/CN=localhost', ...forHere, ...plain, ...signed, ...files])
  return { ...authority, caFile: authority.certFile, certFile, keyFile }
}

async function makeAuthority(): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-ca-'))
  const certFile = join(directory, 'ca.pem')
  const keyFile = join(directory, 'ca-key.pem')
  await request(['-subj', '/CN=An authority', '-keyout', keyFile, '-out', certFile])
  const dispose = () => rm(directory, { recursive: true, force: true })
  return { certFile, keyFile, [Symbol.asyncDispose]: dispose }
}

const forHere = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']

async function request(words: readonly string[]): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await promisify(execFile)('openssl', ['req', '-x509', '-days', '2', ...key, ...words])
}
