/** For tests that want no fault of Farglass itself, wherever it happens. */

/** What a run service tells as a fault fails the test run as an uncaught error, with its stack. */
export function failOnFault(fault: string): void {
  setImmediate(() => {
    throw new Error(fault)
  })
}
