/**
 * Which lines of output are frames of a stack trace. What says what went wrong is none: the first line,
 * `Caused by:`, the exception below a traceback of Python, the head of a goroutine. Decided by the text
 * alone and line after line. Lines that are merely indented are none either, or the answers of `systemctl
 * status` and `ip addr`, and every YAML file, would be taken for traces.
 */

/** What the lines before have opened: frames that begin with `at`, a traceback, the block of a goroutine. */
export type Trace = 'at' | 'python' | 'go'

export interface TraceStep {
  /** What is open after the line. */
  readonly trace: Trace | null
  /** What the line is: the place of a call, more about the frame above it, or none of both. */
  readonly part: 'frame' | 'detail' | null
}

const noTrace: TraceStep = { trace: null, part: null }

/** `    at com.acme.Pool.acquire(Pool.java:214)`, of Java, JavaScript, Kotlin and .NET. */
const atFrame = /^\s+at \S/
/** `	... 12 more`, `	... 12 common frames omitted`, and the locks of a thread dump. */
const atDetail =
  /^\s+(?:\.\.\. \d+ (?:more|common frames omitted)$|- (?:locked|waiting|parking|eliminated) )/
const pythonHead = /^\s*Traceback \(most recent call last\):/
const pythonFrame = /^\s+File "/
const goHead = /^goroutine \d+ .*\[[^\]]*\]:$/
const goCall = /^(?:created by \S|[\w.*()/~·{}[\]-]+\(.*\)$)/
const goElided = /^\.\.\.(?:additional|\d+) frames elided\.\.\.$/

/** One line further, where `trace` is open before it. */
export function nextInTrace(trace: Trace | null, line: string): TraceStep {
  const text = line.slice(colourEnd(line))
  if (pythonHead.test(text)) return { trace: 'python', part: null }
  if (goHead.test(text)) return { trace: 'go', part: null }
  if (trace === 'python') return inTraceback(text)
  if (trace === 'go') return inGoroutine(text)
  if (atFrame.test(text)) return { trace: 'at', part: 'frame' }
  return trace === 'at' && atDetail.test(text) ? { trace, part: 'detail' } : noTrace
}

/** False for what is no frame whatever stands above it: nearly every line, and told at once. */
export function canBeFrame(line: string): boolean {
  const start = colourEnd(line)
  const first = line.charCodeAt(start)
  if (first === space || first === tab) return true
  const text = start === 0 ? line : line.slice(start)
  return text.endsWith(')') ? goCall.test(text) : /^(?:created by |\.\.\.)/.test(text)
}

const space = 0x20
const tab = 0x09

function inTraceback(text: string): TraceStep {
  if (!/^\s+\S/.test(text)) return noTrace
  return { trace: 'python', part: pythonFrame.test(text) ? 'frame' : 'detail' }
}

function inGoroutine(text: string): TraceStep {
  if (goCall.test(text)) return { trace: 'go', part: 'frame' }
  const isDetail = /^\t\S/.test(text) || goElided.test(text)
  return isDetail ? { trace: 'go', part: 'detail' } : noTrace
}

/** Where the text begins after the colours that stand before it. */
function colourEnd(text: string): number {
  let at = 0
  while (text.charCodeAt(at) === 0x1b) {
    const end = text.indexOf('m', at)
    if (end < 0) return at
    at = end + 1
  }
  return at
}
