import { expect, it } from 'vitest'
import { newAsked, picks, toFields } from './asked'

const HOUR = 3_600_000
const now = Date.parse('2026-11-20T06:00:00Z')

it('no quick deadline lies after the end of the sitting, and the end itself is always offered', () => {
  expect(picks(now, now + HOUR).map((one) => one.key)).toEqual(['end'])
  const three = picks(now, now + 72 * HOUR)
  expect(three.map((one) => one.key)).toEqual(['hours', 'tomorrow', 'end'])
  expect(three.every((one) => one.at > now && one.at <= now + 72 * HOUR)).toBe(true)
  expect(new Date(three[1]!.at).toISOString()).toBe('2026-11-21T09:00:00.000Z')
})

it('fields are whole before they go to the court', () => {
  const field = (more: object) => ({ ...newAsked(), label: '意见', ...more })
  expect(toFields([])).toEqual([])
  expect(toFields([field({ label: ' ' })])).toBeNull()
  expect(toFields([field({}), field({})])).toBeNull()
  expect(toFields([field({ type: 'choice', choices: '同意' })])).toBeNull()
  expect(toFields([field({ type: 'choice', choices: '同意\n\n 不同意 \n同意' })])).toEqual([{ label: '意见', type: 'choice', required: true, choices: ['同意', '不同意'] }])
  expect(toFields([field({ choices: '忘了删' })])).toEqual([{ label: '意见', type: 'text', required: true }])
})
