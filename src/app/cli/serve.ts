/** `farglass serve`: the server and its web page. */
import { limits } from '../../shared/limits.ts'
import { type CommandLine, type CommandSpec, noWords, parseCommandLine } from './command-line.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus } from './exit-status.ts'

export const spec: CommandSpec = {
  name: 'serve',
  usage: '',
  summary: 'start the server and its web page',
  flags: {
    host: { value: 'ADDRESS', help: 'address to listen on (default 127.0.0.1)' },
    port: { value: 'N', help: 'port (default 4770; 0 takes a free one)' },
    data: { value: 'DIR', help: 'data directory (default ~/.local/state/farglass)' },
    'ssh-config': { value: 'FILE', help: 'configuration of ssh, its -F' },
    inventory: {
      value: 'FILE',
      help: 'hosts, groups and tags: our YAML, or an inventory of Ansible (default inventory.yaml of the data directory)',
    },
    'secret-key-file': {
      value: 'FILE',
      help: 'key of stored secrets (default ~/.config/farglass/secret.key, made at first use)',
    },
    auth: { value: 'token|none', help: 'token (default); none only on loopback' },
    sync: {
      value: 'full|interval',
      help: 'sync each batch before it is shown (default), or every 50 ms',
    },
    redis: {
      value: 'URL',
      help: 'store that several nodes share (default: the data directory)',
    },
    'redis-ca': {
      value: 'FILE',
      help: 'with rediss://: certificate of the authority that signs those of Redis',
    },
    archive: {
      value: 'DIR',
      help: 'with --redis: directory that all nodes share, for lines that leave Redis',
    },
    'redis-keep': {
      value: 'SIZE',
      help: 'of each run in Redis (default 64M); older lines are archived, or removed without --archive',
    },
    demo: { value: null, help: 'with demo hosts inside this process, and a first run on them' },
    'allow-host': { value: 'NAME', help: 'further host name under which it answers (repeatable)' },
    'behind-tls-proxy': {
      value: null,
      help: 'allow another address than loopback: TLS is in front of it',
    },
    'base-url': {
      value: 'URL',
      help: 'address under which people open the page, for the links in alerts (default: where it listens)',
    },
    'webhook-allow': {
      value: 'NETWORK',
      help: 'let webhooks reach this network of the machine itself, as 127.0.0.0/8 (repeatable)',
    },
    canary: {
      value: 'HOST[,HOST…]',
      help: 'send known lines from these hosts now and then; figures at /metrics',
    },
    'canary-every': { value: 'TIME', help: 'so often (default 5m)' },
    config: { value: 'FILE', help: 'JSON with settings by these names' },
    json: { value: null, help: 'say that it is ready as JSON: {"url", "linkFile", "pid"}' },
  },
  examples: [
    ['farglass serve', 'prints one address to open'],
    ['farglass serve --demo', 'the same with hosts to play with'],
    ['farglass serve --port 0 --data /var/lib/farglass', 'as a service'],
  ],
  notes: [
    'Every setting also comes from a variable (FARGLASS_PORT, FARGLASS_SSH_CONFIG, …) or from the file; flags win over variables, variables over the file.',
    'The printed link signs one browser in, once, within ten minutes. When standard output is no terminal the line names the file (mode 0600) that holds the link: logs must not. That file always has a fresh one.',
    'Secrets that must outlive the process are sealed with a key that is not in the data directory: the one in --secret-key-file, else the credential "farglass-secret-key" of systemd, else a file of the user. Nodes of one Redis need the same.',
    'With --redis any number of servers serve the same runs, each with a data directory of its own: any of them shows any run, and what one carries goes on at another when it ends. A password belongs in FARGLASS_REDIS or the file: flags are seen by every user of the machine.',
    'Ctrl-C or SIGTERM ends it in less than 5 s: viewers are told, commands are stopped on their hosts. A second one ends it at once.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  noWords(spec, line)
  // Fastify and zod are loaded here, so that no other command pays for them.
  const [{ readConfig }, { startServer }, { dataDirectory }] = await Promise.all([
    import('../config.ts'),
    import('../server.ts'),
    import('../data-directory.ts'),
  ])
  const config = readConfig({ flags: flagsOf(line), env: process.env })
  const stopped = new Promise<void>((resolve) => {
    onStopSignal(() => resolve())
  })
  const data = dataDirectory(config.data, config.demo ? 'farglass-demo' : undefined)
  const server = await startServer(config, data, (text) => void context.say(text))
  const isShown = config.demo || config.auth === 'none' || context.output.isTerminal('out')
  const address = isShown ? server.link : `${server.url}/ (link to sign in: ${data.linkFile})`
  const ready = { url: server.url, linkFile: data.linkFile, pid: process.pid }
  const text = line.has('json') ? JSON.stringify(ready) : `Farglass is ready. Open ${address}`
  await context.output.write('out', `${text}\n`)
  await stopped
  // What does not end in time must not keep the process.
  const deadline = setTimeout(() => process.exit(exitStatus.failed), limits.shutdownMs)
  await server.close()
  clearTimeout(deadline)
  return exitStatus.ok
}

const addingUp = ['allow-host', 'webhook-allow', 'canary']

/** By name: a switch is `true`, names that add up are joined, of anything else the last one counts. */
function flagsOf(line: CommandLine): Record<string, string> {
  const flags: Record<string, string> = {}
  for (const [name, flag] of Object.entries(spec.flags)) {
    // How this command prints is no setting of the server.
    if (name === 'json') continue
    const value = addingUp.includes(name) ? line.values(name).join(',') : line.value(name)
    if (line.has(name)) flags[name] = flag.value === null ? 'true' : (value ?? '')
  }
  return flags
}
