/** What the server and the process of the demo fleet tell each other, once each. */

export interface FleetOrder {
  readonly directory: string
  /** Public key of the only client that may log in, in OpenSSH's form. */
  readonly clientKey: string
  readonly hosts: readonly { readonly name: string; readonly hostKey: string }[]
}

export interface FleetReport {
  readonly hosts: readonly { readonly name: string; readonly port: number }[]
}
