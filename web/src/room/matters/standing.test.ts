import { expect, it } from 'vitest'
import type { Matter, MatterField } from '@/api/types'
import { faultOf, progressOf, statusAt, tabOf, timeGone } from './standing'

const deadline = '2026-11-23T09:00:00Z'
const at = Date.parse(deadline)

it('what is open becomes overdue at its very deadline and nothing else changes by the clock', () => {
  expect(statusAt({ status: 'open', deadline }, at - 1)).toBe('open')
  expect(statusAt({ status: 'open', deadline }, at)).toBe('overdue')
  for (const status of ['answered', 'withdrawn', 'closed'] as const) expect(statusAt({ status, deadline }, at + 1)).toBe(status)
})

it('closed matters are listed with those that were withdrawn', () => {
  expect(tabOf('closed')).toBe('withdrawn')
  expect(tabOf('overdue')).toBe('overdue')
})

it('who left without an answer is not counted', () => {
  const target = (answer: boolean, left: boolean) => ({ answer: answer ? {} : null, left })
  const matter = { targets: [target(true, false), target(true, true), target(false, true), target(false, false)] } as unknown as Matter
  expect(progressOf(matter)).toEqual({ done: 2, all: 3 })
})

it('the bar of the time that is gone stays between nothing and all', () => {
  const matter = { issued_at: '2026-11-23T08:00:00Z', deadline }
  expect(timeGone(matter, at - 3_600_000 * 2)).toBe(0)
  expect(timeGone(matter, at - 1_800_000)).toBe(50)
  expect(timeGone(matter, at + 1)).toBe(100)
})

it('a value is looked at as the court will look at it', () => {
  const field = (type: MatterField['type'], required = false): MatterField => ({ label: '项', type, required, choices: ['甲', '乙'] })
  expect(faultOf(field('text', true), ' ')).toBe('required')
  expect(faultOf(field('text'), undefined)).toBeNull()
  for (const good of ['1', '-0.5', ' 86400.50 ']) expect(faultOf(field('number'), good)).toBeNull()
  for (const bad of ['1e5', '1,000', '.5', '１']) expect(faultOf(field('number'), bad)).toBe('number')
  expect(faultOf(field('date'), '2026-11-23')).toBeNull()
  expect(faultOf(field('choice'), '丙')).toBe('choice')
})
