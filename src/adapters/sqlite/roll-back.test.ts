/** A transaction that has failed is taken back, and its own error stays the one that is told. */
import { expect, test } from 'vitest'
import { loadDriver } from './driver.ts'
import { rollBack } from './roll-back.ts'

test('takes a transaction back, and is silent when SQLite has done so already', async () => {
  const Driver = await loadDriver()
  const database = new Driver(':memory:')
  database.exec('CREATE TABLE lines (text)')
  database.exec('BEGIN')
  database.exec("INSERT INTO lines VALUES ('a')")
  rollBack(database)
  expect(database.prepare('SELECT * FROM lines').all()).toEqual([])
  expect(() => rollBack(database)).not.toThrow()
  database.close()
})
