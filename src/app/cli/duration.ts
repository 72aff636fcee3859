/** Times on the command line. */
export { parseDuration } from '../../shared/duration.ts'
