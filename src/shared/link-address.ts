/** Addresses that a host may make a link of (OSC 8): http and https, with nothing in them that deceives. */

export interface LinkAddress {
  readonly address: string
  /** Where it leads, to stand beside whatever text the host chose. */
  readonly host: string
}

/** No user name before the host, and ASCII only: what looks like one address is no other. */
const allowed =
  /^https?:\/\/((?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?(?:[/?#][!-~]*)?$/i
/** Longer ones are no links that anybody reads. */
const addressCharsMax = 2_048

/** The link in the parameters of an OSC 8; null when there is none, or it is not to be followed. */
export function linkAddress(address: string): LinkAddress | null {
  if (address.length > addressCharsMax) return null
  const match = allowed.exec(address)
  return match === null ? null : { address, host: `${match[1]}${match[2] ?? ''}` }
}
