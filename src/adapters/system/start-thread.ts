/** Starts a worker thread of this program, from what was built or from its source. */
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** `entry` is the address of the thread's file without its ending. */
export function startThread(entry: URL, options: WorkerOptions = {}): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(`${entry.href}.js`), options)
  // From source (tests, development) a thread needs tsx, which Node 20 does not inherit.
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const file = JSON.stringify(`${entry.href}.ts`)
  const start = `import(${tsx}).then((tsx) => { tsx.register(); return import(${file}) })`
  return new Worker(start, { ...options, eval: true })
}
