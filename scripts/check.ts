/** `npm run check`: types, lint, format, unused code, sizes and unit tests, side by side, in seconds. */
import { runSteps, staticSteps } from './steps.ts'

const unitTests = { name: 'unit tests', command: 'vitest', args: ['run', '--project', 'unit'] }
const failed = await runSteps([...staticSteps, unitTests])
process.exitCode = failed.length > 0 ? 1 : 0
