/** `npm test`: every check and every test, one kind after the other, and at the end how many passed and failed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePackages } from '../test/support/system-packages.ts'
import { ensureBuilt } from './build.ts'
import { runSteps, staticSteps } from './steps.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** One after the other: on two cores, real browsers and servers side by side disturb each other. */
const projects = ['unit', 'conformance', 'simulation', 'integration', 'e2e']

interface Count {
  readonly passed: number
  readonly failed: number
}

/** The part of vitest's JSON report that is counted. */
interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !projects.includes(name))
if (unknown.length > 0) {
  console.error(`No such kind of tests: ${unknown.join(', ')}. There are: ${projects.join(', ')}.`)
  process.exitCode = 2
} else {
  await main(chosen.length > 0 ? chosen : projects)
}

async function main(kinds: readonly string[]): Promise<void> {
  const counts = [prepare('Debian packages', ensurePackages), prepare('build', ensureBuilt)]
  if (chosen.length === 0) counts.push(await checkSources())
  for (const kind of kinds) counts.push(await runKind(kind))
  const passed = counts.reduce((sum, count) => sum + count.passed, 0)
  const failed = counts.reduce((sum, count) => sum + count.failed, 0)
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}

/** What must work before any test can; it counts only when it fails. */
function prepare(name: string, work: () => void): Count {
  try {
    work()
    return { passed: 0, failed: 0 }
  } catch (thrown) {
    console.error(`FAILED ${name}\n${thrown instanceof Error ? thrown.message : String(thrown)}`)
    return { passed: 0, failed: 1 }
  }
}

async function checkSources(): Promise<Count> {
  const failed = await runSteps(staticSteps)
  return { passed: staticSteps.length - failed.length, failed: failed.length }
}

async function runKind(kind: string): Promise<Count> {
  console.log(`\n== ${kind} ==`)
  const folder = mkdtempSync(join(tmpdir(), 'farglass-test-'))
  try {
    const report = join(folder, 'report.json')
    const status = await runVitest(kind, report)
    return countOf(kind, status, readReport(report))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runVitest(kind: string, report: string): Promise<number | null> {
  const args = ['run', '--project', kind, '--reporter=default', '--reporter=json']
  const child = spawn(join(root, 'node_modules/.bin/vitest'), [...args, `--outputFile=${report}`], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
}

function readReport(path: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as VitestReport
  } catch {
    return null
  }
}

/** A skipped test has proved nothing, so it counts as failed; so does a run that failed outside its tests. */
function countOf(kind: string, status: number | null, report: VitestReport | null): Count {
  if (!report) {
    console.error(`The ${kind} tests gave no report (exit status ${status}).`)
    return { passed: 0, failed: 1 }
  }
  const failed = report.numFailedTests + countSkipped(report)
  const failedOutside = status !== 0 && failed === 0
  if (failedOutside) console.error(`The ${kind} tests failed outside a test (status ${status}).`)
  return { passed: report.numPassedTests, failed: failed + (failedOutside ? 1 : 0) }
}

/** Names each. Only root can make users and networks, so for others those tests are named and not counted. */
function countSkipped(report: VitestReport): number {
  const skipped = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
  const isRoot = process.getuid?.() === 0
  const why = isRoot ? 'counted as failed' : 'needs root, so it was NOT run'
  for (const { fullName } of skipped) console.error(`skipped (${why}): ${fullName}`)
  return isRoot ? skipped.length : 0
}
