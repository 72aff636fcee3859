import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canBeFrame, nextInTrace, type Trace } from './stack-trace.ts'

/** Each line with what it is. */
function partsOf(text: string): readonly (readonly [string, 'frame' | 'detail' | null])[] {
  let trace: Trace | null = null
  return text
    .split('\n')
    .slice(1)
    .map((line) => {
      const step = nextInTrace(trace, line)
      trace = step.trace
      return [line, step.part] as const
    })
}

const framesOf = (text: string): readonly string[] =>
  partsOf(text)
    .filter(([, part]) => part !== null)
    .map(([line]) => line.trim())

const seed = Number(process.env['FARGLASS_TEST_SEED'] ?? Date.now() % 1_000_000_000)

describe('frames of a stack trace', () => {
  test('of Java: calls and how many more there are, and every message stays', () => {
    const trace = `
java.lang.IllegalStateException: pool exhausted
	at com.acme.db.Pool.acquire(Pool.java:214)
	at java.base/java.lang.Thread.run(Thread.java:1583)
	Suppressed: java.io.IOException: closed
		at com.acme.db.Pool.close(Pool.java:99)
Caused by: java.net.SocketTimeoutException: timed out
	at com.acme.net.Socket.read(Socket.java:31)
	... 12 more
INFO next request`
    expect(framesOf(trace)).toEqual([
      'at com.acme.db.Pool.acquire(Pool.java:214)',
      'at java.base/java.lang.Thread.run(Thread.java:1583)',
      'at com.acme.db.Pool.close(Pool.java:99)',
      'at com.acme.net.Socket.read(Socket.java:31)',
      '... 12 more',
    ])
  })

  test('of JavaScript, in colours too; what the error holds stays', () => {
    const trace = `
Error: ENOENT: no such file
    at Object.openSync (node:fs:573:18)
\u001b[90m    at node:internal/main/run_main_module:36:49\u001b[39m
  errno: -2,
}`
    expect(partsOf(trace).map(([, part]) => part)).toEqual([null, 'frame', 'frame', null, null])
  })

  test('of Python: files and their code, up to the exception, which stays', () => {
    const trace = `
Traceback (most recent call last):
  File "/srv/app.py", line 3, in <module>
    main()
    ~~~~^^
  File "/srv/app.py", line 2, in main
    raise ValueError("no")
ValueError: no

During handling of the above exception, another exception occurred:`
    expect(partsOf(trace).map(([, part]) => part)).toEqual([
      null,
      'frame',
      'detail',
      'detail',
      'frame',
      'detail',
      null,
      null,
      null,
    ])
  })

  test('of Go: each goroutine keeps its head', () => {
    const trace = `
panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.(*Pool).take(0xc000012345, 0x5)
	/srv/main.go:12 +0x1d
created by net/http.(*Server).Serve in goroutine 7
	/usr/lib/go/src/net/http/server.go:3285 +0x4b4

goroutine 18 gp=0xc000 m=nil [select, 2 minutes]:
main.wait(...)
exit status 2`
    expect(framesOf(trace)).toEqual([
      'main.(*Pool).take(0xc000012345, 0x5)',
      '/srv/main.go:12 +0x1d',
      'created by net/http.(*Server).Serve in goroutine 7',
      '/usr/lib/go/src/net/http/server.go:3285 +0x4b4',
      'main.wait(...)',
    ])
  })

  test('is nothing that is only indented, or a call in brackets', () => {
    const answer = `
● nginx.service - A web server
     Loaded: loaded (/lib/systemd/system/nginx.service)
     Active: active (running) since Sun
goroutine()
  key:
    at: 3
    at
started worker(3)`
    expect(framesOf(answer)).toEqual([])
  })

  test(`is never a line that the quick look has ruled out, whatever it holds (seed ${seed})`, () => {
    const piece = fc.constantFrom(
      ' ',
      '\t',
      'at ',
      'a.b(c)',
      'created by x',
      '...',
      ' 3 more',
      'File "',
      '\u001b[31m',
      '\u001b',
      ')',
      'additional frames elided...',
    )
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    const trace = fc.constantFrom<Trace | null>(null, 'at', 'python', 'go')
    fc.assert(
      fc.property(trace, text, (open, line) => {
        if (!canBeFrame(line)) expect(nextInTrace(open, line).part).toBeNull()
      }),
      { seed, numRuns: 2_000, examples: [['go', '\u001b[31ma.b(c)']] },
    )
  })
})
