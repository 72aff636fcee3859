/** Saved commands as a team would have them, for pictures. */
import type { StoredCommand } from '../../src/shared/saved-command.ts'

export const fakeSaved: readonly StoredCommand[] = [
  {
    name: 'deploy-check',
    description: 'Follows the log of the application while it is deployed.',
    tags: ['deploy'],
    target: '@web',
    source: { kind: 'journal', unit: '{{unit}}' },
    parameters: [
      { name: 'unit', kind: 'per-host', values: { '@web': 'app', '@db': 'postgresql' } },
    ],
    version: 3,
  },
  {
    name: 'disk',
    description: 'How full the disks are.',
    source: { kind: 'command', command: 'df -h --output=target,pcent' },
    version: 1,
  },
  {
    name: 'nginx-errors',
    target: 'edge-[01-02]',
    source: { kind: 'files', paths: ['/var/log/nginx/error.log'] },
    version: 4,
  },
  {
    name: 'restart-app',
    description: 'Restarts a service in batches, and waits until each answers again.',
    tags: ['ops', 'careful'],
    target: '@web',
    source: {
      kind: 'command',
      command:
        'systemctl restart "$service"\nuntil curl -fsS -H "Authorization: $token" "localhost:8080/health"\ndo sleep 1\ndone\n',
    },
    parameters: [
      {
        name: 'service',
        kind: 'choice',
        choices: ['api', 'worker', 'web'],
        default: 'api',
        label: 'Service',
      },
      { name: 'version', kind: 'text', pattern: 'v[0-9.]+', label: 'Version' },
      {
        name: 'wait',
        kind: 'number',
        min: 1,
        max: 60,
        integer: true,
        default: 10,
        label: 'Seconds to wait',
      },
      { name: 'token', kind: 'secret', label: 'Token of the health check' },
    ],
    confirm: 'Restart {{service}} and take it out of the balancer meanwhile?',
    sudo: true,
    plan: { batch: '20%', maxFailures: 0, taskTimeoutMs: 120_000 },
    keepDays: 30,
    version: 12,
  },
]
