import { expect, it } from 'vitest'
import { addressRules, isNetwork } from './address-rules.ts'

const inside = [
  '127.0.0.1',
  '127.9.9.9',
  '0.0.0.0',
  '169.254.169.254',
  '168.63.129.16',
  '100.100.100.200',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:169.254.169.254',
  '64:ff9b::169.254.169.254',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '::127.0.0.1',
]
const outside = [
  '93.184.215.14',
  '10.1.2.3',
  '192.168.1.1',
  '2606:2800:21f::1',
  'fd12:3456::1',
  '::ffff:8.8.8.8',
]

it('a webhook reaches neither this machine nor its neighbours nor the metadata of a cloud, however they are written', () => {
  const rules = addressRules([])
  for (const address of inside)
    expect([address, rules.isAllowed(address)]).toEqual([address, false])
  for (const address of outside)
    expect([address, rules.isAllowed(address)]).toEqual([address, true])
  expect(rules.isAllowed('localhost')).toBe(false)
})

it('what the server allows by name of its network is reached, and nothing beside it', () => {
  const rules = addressRules(['127.0.0.0/8', '::1'])
  expect(rules.isAllowed('127.0.0.1')).toBe(true)
  expect(rules.isAllowed('::ffff:127.0.0.1')).toBe(true)
  expect(rules.isAllowed('::1')).toBe(true)
  expect(rules.isAllowed('169.254.169.254')).toBe(false)
  expect(['10.0.0.0/8', '::1', 'fd00::/8'].every(isNetwork)).toBe(true)
  expect(['10.0.0.0/33', 'localhost', '', '1.2.3/8', '::/129'].some(isNetwork)).toBe(false)
})
