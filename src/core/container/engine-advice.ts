/** What to do about words with which an engine refuses a container: one sentence, or none. */
export function engineAdvice(words: string): string {
  return advice.find(([pattern]) => pattern.test(words))?.[1] ?? ''
}

/** The most telling first: on a host with both engines, both have said something. */
const advice: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [
    /permission denied[^"]*docker|docker[^"]*permission denied/i,
    'Its user may not use Docker: add it to the group "docker", which is as good as root, or sign in as a user who may.',
  ],
  [/cannot connect to the docker daemon/i, 'Start Docker there, if the container is one of it.'],
  // Docker writes it with a capital letter.
  [/no such container/, 'Podman shows to each user only the containers of that user.'],
]
