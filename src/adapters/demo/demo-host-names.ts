/** The hosts of the demo fleet: a small web application as one would meet it. */
export const demoHostNames: readonly string[] = ['web-1', 'web-2', 'api-1', 'worker-1', 'db-1']
