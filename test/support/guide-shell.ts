/** The examples of docs/guide, and a shell that knows `farglass`. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endWithTests, programWords } from './farglass.ts'

const folder = new URL('../../docs/guide/', import.meta.url)

/** Names of all guides. */
export function guideNames(): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.md'))
}

export function guideText(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8')
}

/** The blocks of a guide in one language, as they stand there. */
export function guideBlocks(name: string, language: string): readonly string[] {
  const blocks = guideText(name).matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))
  return [...blocks].map(([, text = '']) => text)
}

/** The lines of its shell blocks that run our program. */
export function guideCommands(name: string): readonly string[] {
  return guideBlocks(name, 'sh')
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^(?:farglass|node dist\/app\/main\.js) /.test(line))
    .map((line) => line.replace('node dist/app/main.js ', 'farglass '))
}

export interface ShellResult {
  readonly status: number
  /** Both outputs, as they came. */
  readonly text: string
}

export interface GuideShell {
  run(line: string): Promise<ShellResult>
  /** For a line that has no end of its own. */
  follow(line: string): FollowedLine
}

export interface FollowedLine {
  /** What it has printed so far, on both outputs. */
  text(): string
  /** Ctrl-C; resolves with what ended it: an exit status or a signal. */
  leave(): Promise<number | NodeJS.Signals | null>
}

/** Runs lines of a shell in the directory, where `farglass` is the program, with these variables. */
export function createGuideShell(
  directory: string,
  variables: Readonly<Record<string, string>>,
): GuideShell {
  const words = programWords()
    .map((word) => `'${word}'`)
    .join(' ')
  const file = join(directory, 'farglass')
  // Unbuilt sources need a package, which is looked for from the working directory.
  symlinkSync(new URL('../../node_modules', import.meta.url), join(directory, 'node_modules'))
  writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`)
  chmodSync(file, 0o755)
  const env = { ...process.env, ...variables, PATH: `${directory}:${process.env['PATH'] ?? ''}` }
  return {
    run: (line) =>
      new Promise((resolve) => {
        const child = execFile(
          '/bin/sh',
          ['-c', `{ ${line}\n} 2>&1`],
          { env, cwd: directory },
          (_, text) => {
            resolve({ status: child.exitCode ?? -1, text })
          },
        )
        child.stdin?.end()
      }),
    follow: (line) => {
      // Shell and wrapper become the program, which hears the Ctrl-C itself.
      const child = spawn('/bin/sh', ['-c', `exec 2>&1; exec ${line}`], {
        env,
        cwd: directory,
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      endWithTests(child)
      const parts: Buffer[] = []
      child.stdout.on('data', (part: Buffer) => parts.push(part))
      const ended = once(child, 'close')
      return {
        text: () => Buffer.concat(parts).toString(),
        leave: async () => {
          child.kill('SIGINT')
          const [status, signal]: (number | NodeJS.Signals | null)[] = await ended
          return status ?? signal ?? null
        },
      }
    },
  }
}
