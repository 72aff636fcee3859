/** Answers of the fake server about hosts. */

import { groupsOf } from '../../src/core/inventory/group-list.ts'
import { previewTarget } from '../../src/core/inventory/preview-target.ts'
import type {
  HostCheck,
  HostDetails,
  HostEntry,
  HostGroups,
  HostList,
  KeptCheck,
  TargetPreview,
} from '../../src/shared/protocol/hosts.ts'
import type { Run } from '../../src/shared/run.ts'
import { fakeNow, hosts } from './fake-data.ts'

export function hostAnswer(url: URL, runs: Iterable<Run>): HostList | HostDetails | HostCheck {
  const [, encoded, isCheck] = /^\/api\/v1\/hosts\/([^/]+)(\/check)?$/.exec(url.pathname) ?? []
  const all = [...runs]
  if (encoded === undefined) {
    return {
      hosts: names.map((name, at) => entry(name, at, all)),
      runs: all.length,
      complaints: [],
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

/** Answers of `/api/v1/groups` and `/api/v1/targets`. */
export function targetAnswer(url: URL): HostGroups | TargetPreview {
  const known = {
    hosts: names.map((name, at) => entry(name, at, [])),
    groups: [{ name: 'prod', confirm: true }],
    complaints: [],
  }
  if (url.pathname === '/api/v1/groups') return { groups: groupsOf(known) }
  return previewTarget(url.searchParams.get('expression') ?? '', known)
}

/** The hosts of the pictures, and more of `web` for targets that name many. */
const names = [
  ...hosts,
  ...Array.from({ length: 32 }, (_, at) => `web-${String(at + 10).padStart(2, '0')}`),
  'staging-01',
]

function entry(name: string, at: number, runs: readonly Run[]): HostEntry {
  const place = { file: '/home/lin/.ssh/config', line: 4 + at * 6 }
  const isAdded = name === 'staging-01'
  const run = runs.find(({ tasks }) => tasks.some(({ host }) => host === name))
  return {
    name,
    ...labelsOf(name),
    config: isAdded ? null : place,
    sources: isAdded ? [{ kind: 'added' }] : [{ kind: 'ssh-config', ...place }],
    destination: isAdded ? 'deploy@10.0.9.7' : null,
    note: name === 'db-01' ? 'primary; ask before a restart' : null,
    check: at % 3 === 2 ? null : keptOf(name !== 'db-02'),
    lastRun: run === undefined ? null : { id: run.id, createdAt: run.createdAt },
  }
}

function labelsOf(name: string): Pick<HostEntry, 'groups' | 'tags'> {
  const [group = 'web'] = name.split('-')
  const env = group === 'staging' ? 'staging' : 'prod'
  return { groups: [group, env], tags: [`env:${env}`, `zone:${name.endsWith('1') ? 'eu' : 'us'}`] }
}

function keptOf(ok: boolean): KeptCheck {
  return {
    checkedAt: new Date(fakeNow - 540_000).toISOString(),
    ok,
    reachable: true,
    keyKnown: true,
    signsIn: ok,
    durable: ok ? true : null,
    shell: ok ? '/bin/bash' : null,
    clockOffsetMs: ok ? 12 : null,
    message: ok ? null : refusedText,
    code: ok ? null : 'key-refused',
  }
}

const refusedText = 'Host "db-02" did not accept any key for deploy.'

/** One that works, but for db-02. */
function checkOf(name: string): HostCheck {
  const ok = name !== 'db-02'
  const steps = [
    {
      step: 'resolve',
      ok: true,
      ms: 2,
      text: `${name}.example is 10.0.2.21`,
      hint: null,
      code: null,
    },
    {
      step: 'connect',
      ok: true,
      ms: 11,
      text: 'port 22 answers: SSH-2.0-OpenSSH_9.6',
      hint: null,
      code: null,
    },
  ] as const
  if (!ok) {
    const text = refusedText
    const hint = "Add your public key to that user's authorized_keys, or give a password."
    return {
      name,
      ...keptOf(ok),
      steps: [...steps, { step: 'sign-in', ok, ms: 214, text, hint, code: 'key-refused' }],
    }
  }
  return {
    name,
    ...keptOf(ok),
    steps: [
      ...steps,
      {
        step: 'sign-in',
        ok,
        ms: 182,
        text: 'the host key is known, and the login was accepted',
        hint: null,
        code: null,
      },
      { step: 'probe', ok, ms: 31, text: 'durable runs: yes', hint: null, code: null },
    ],
  }
}
