/** The parts of a target as they are shown while somebody types; the server decides what they mean. */
export function splitTarget(target: string): readonly string[] {
  return target
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
