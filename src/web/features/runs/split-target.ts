/** The parts of a target as they are shown while somebody types; the server decides what they mean. */
export function splitTarget(target: string): readonly string[] {
  // A comma in brackets joins no parts: `web-[1,3]`.
  return target
    .split(/,(?![^[]*\])/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
