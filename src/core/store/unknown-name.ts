/** The answer to a name under which nothing is kept. */
import { AppError } from '../../shared/errors.ts'
import type { Listing } from '../../shared/listing.ts'
import { nearest } from '../../shared/nearest.ts'

export interface KeptThing {
  /** What people call one. */
  readonly noun: string
  /** Of the terminal, whose `list` names all. */
  readonly command: string
}

/** It is not there, and which of those that are there may have been meant. */
export function unknownName(
  { noun, command }: KeptThing,
  name: string,
  { items, unreadable }: Listing<{ readonly name: string }>,
): AppError {
  const known = [...items, ...unreadable].map((each) => each.name)
  const guess = nearest(name, known)
  const all = `"farglass ${command} list"`
  const hint =
    guess === undefined
      ? `See ${all} for those that there are.`
      : `Did you mean "${guess}"? ${all} has all.`
  return new AppError('not-found', `There is no ${noun} "${name}".`, { hint })
}
