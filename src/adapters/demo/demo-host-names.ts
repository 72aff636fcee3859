/** The hosts of the demo fleet: a small web application as one would meet it. */
export const demoHostNames: readonly string[] = ['web-1', 'web-2', 'api-1', 'worker-1', 'db-1']

/** What the inventory says of them (docs/guide/inventory.md). */
export const demoInventory = `hosts:
  web-[1-2]: {groups: [web], tags: [zone:eu]}
  api-1: {groups: [app], tags: [zone:eu]}
  worker-1: {groups: [app], tags: [zone:us]}
  db-1: {groups: [db], tags: [zone:us], note: "the only copy: ask before a restart"}
groups:
  shop: {groups: [web, app, db]}
`
