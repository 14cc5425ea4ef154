import { describe, expect, it } from 'vitest'
import type { CaseView, Participant } from '@/api/types'
import { emptyForm, endAfter, faults, quickStarts, toSitting } from './schedule'

const now = Date.parse('2026-11-20T06:05:00Z')
const person = (id: string, group: Participant['group']): Participant => ({ id, name: id, acting: null, capacity: 'witness', label: '', group })
const kase = {
  participants: [person('judge', 'tribunal'), person('clerk', 'tribunal'), person('plaintiff', 'parties'), person('agent', 'agents')],
} as CaseView

const whole = () => {
  const form = emptyForm(kase)
  form.kind = 'inquiry'
  form.opens = '2026-11-21T09:00'
  form.closes = '2026-11-23T17:00'
  form.members.add('plaintiff')
  return form
}

describe('the form of a sitting', () => {
  it('begins with the bench and nobody else', () => {
    expect([...emptyForm(kase).members]).toEqual(['judge', 'clerk'])
  })

  it('names every fault of an empty form in the order of the page', () => {
    expect([...faults(emptyForm(kase), kase, now).keys()]).toEqual(['kind', 'opens', 'closes', 'members'])
  })

  it('sends Beijing times as UTC and members in the order of the case', () => {
    const form = whole()
    expect(faults(form, kase, now).size).toBe(0)
    expect(toSitting(form, kase)).toEqual({
      kind: 'inquiry',
      opens_at: '2026-11-21T01:00:00Z',
      closes_at: '2026-11-23T09:00:00Z',
      members: ['judge', 'clerk', 'plaintiff'],
    })
  })

  it('refuses a start in the past, but not the minute that runs', () => {
    const form = whole()
    form.opens = '2026-11-20T14:04'
    expect(faults(form, kase, now + 30_000).get('opens')).toBe('past')
    form.opens = '2026-11-20T14:05'
    expect(faults(form, kase, now + 30_000).has('opens')).toBe(false)
  })

  it('refuses an end that is not after the start', () => {
    const form = whole()
    form.closes = form.opens
    expect(faults(form, kase, now).get('closes')).toBe('order')
  })

  it('refuses a sitting of the bench alone', () => {
    const form = whole()
    form.members.delete('plaintiff')
    expect(faults(form, kase, now).get('members')).toBe('members')
  })

  it('offers only starts that lie ahead', () => {
    expect(quickStarts(now).map((c) => c.value)).toEqual([
      '2026-11-20T14:10',
      '2026-11-20T16:00',
      '2026-11-21T09:00',
      '2026-11-21T14:00',
    ])
    expect(endAfter('2026-11-21T09:00', 72)).toBe('2026-11-24T09:00')
    expect(endAfter('', 72)).toBe('')
  })
})
