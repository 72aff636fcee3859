/** Answers of the fake server about hosts. */
import type {
  HostCheck,
  HostDetails,
  HostEntry,
  HostList,
} from '../../src/shared/protocol/hosts.ts'
import type { Run } from '../../src/shared/run.ts'
import { hosts } from './fake-data.ts'

export function hostAnswer(url: URL, runs: Iterable<Run>): HostList | HostDetails | HostCheck {
  const [, encoded, isCheck] = /^\/api\/v1\/hosts\/([^/]+)(\/check)?$/.exec(url.pathname) ?? []
  const all = [...runs]
  if (encoded === undefined) {
    return {
      hosts: [...hosts, 'staging-01'].map((name, at) => entry(name, at, all)),
      runs: all.length,
    }
  }
  const name = decodeURIComponent(encoded)
  if (isCheck !== undefined) return checkOf(name)
  return {
    ...entry(name, 3, all),
    ssh: {
      hostName: '10.0.2.21',
      port: 22,
      user: 'deploy',
      proxyJump: 'bastion-1',
      proxyCommand: null,
      identityFiles: ['~/.ssh/id_ed25519', '~/.ssh/id_rsa'],
      certificateFiles: [],
    },
  }
}

function entry(name: string, at: number, runs: readonly Run[]): HostEntry {
  const run = runs.find(({ tasks }) => tasks.some(({ host }) => host === name))
  return {
    name,
    config: { file: '/home/lin/.ssh/config', line: 4 + at * 6 },
    lastRun: run === undefined ? null : { id: run.id, createdAt: run.createdAt },
  }
}

/** One that works, but for db-02. */
function checkOf(name: string): HostCheck {
  const ok = name !== 'db-02'
  const steps = [
    { step: 'resolve', ok: true, ms: 2, text: `${name}.example is 10.0.2.21`, hint: null },
    { step: 'connect', ok: true, ms: 11, text: 'port 22 answers: SSH-2.0-OpenSSH_9.6', hint: null },
  ] as const
  if (!ok) {
    const text = 'Host "db-02" did not accept any key for deploy.'
    const hint = "Add your public key to that user's authorized_keys, or give a password."
    return {
      name,
      ok,
      durable: null,
      steps: [...steps, { step: 'sign-in', ok, ms: 214, text, hint }],
    }
  }
  return {
    name,
    ok,
    durable: true,
    steps: [
      ...steps,
      {
        step: 'sign-in',
        ok,
        ms: 182,
        text: 'the host key is known, and the login was accepted',
        hint: null,
      },
      { step: 'probe', ok, ms: 31, text: 'durable runs: yes', hint: null },
    ],
  }
}
