import { describe, expect, it } from 'vitest'
import type { RoomMember } from '@/api/types'
import { seenBy } from './audience'
import { countdown } from './countdown'
import { exactTime } from './exactTime'
import { frameRatio } from './frame'
import { needsTime } from './separators'
import { toolsFor } from './tools'

describe('the time between messages', () => {
  const at = '2026-11-20T06:10:00Z'
  it('stands at the beginning, after five quiet minutes and on a new day of Beijing', () => {
    expect(needsTime(at, undefined, true)).toBe(true)
    expect(needsTime(at, '2026-11-20T06:05:00Z', false)).toBe(true)
    expect(needsTime('2026-11-20T16:01:00Z', '2026-11-20T15:59:00Z', false)).toBe(true)
  })

  it('does not stand between messages that follow each other, nor after one not known yet', () => {
    expect(needsTime(at, '2026-11-20T06:05:01Z', false)).toBe(false)
    expect(needsTime(at, undefined, false)).toBe(false)
    expect(needsTime('2026-11-21T00:01:00Z', '2026-11-20T23:59:00Z', false)).toBe(false)
  })
})

describe('the countdown', () => {
  const now = Date.parse('2026-11-20T06:00:00Z')
  it('tells days only when there are any, and ends at nothing', () => {
    expect(countdown(now + 1000, now)).toBe('00:00:01')
    expect(countdown(now + 86_399_000, now)).toBe('23:59:59')
    expect(countdown(now + 2 * 86_400_000 + 3_723_000, now)).toBe('2 天 01:02:03')
    expect(countdown(now, now)).toBeNull()
    expect(countdown(now - 1, now)).toBeNull()
    expect(countdown(now + 1, now)).toBe('00:00:01')
  })
})

describe('who may see a message', () => {
  const member = (id: string, name: string, me = false) => ({ id, name, me }) as RoomMember
  const members = [member('j', '周明远'), member('p', '张晓岚', true), member('a', '陈立')]
  const judge = { actor: 'j', label: '审判长' }

  it('is not told of what everyone sees', () => {
    expect(seenBy('everyone', members, false, judge)).toBeNull()
  })

  it('is told from the reader’s side', () => {
    expect(seenBy('bench', members, true, { actor: 'p', label: '原告' })).toEqual({ key: 'onlyBench' })
    expect(seenBy({ members: ['j', 'p'] }, members, false, judge)).toEqual({ key: 'onlyYouAnd', names: '审判长' })
    expect(seenBy({ members: ['j', 'p', 'a'] }, members, false, judge)).toEqual({ key: 'onlyYouAnd', names: '审判长、陈立' })
    expect(seenBy({ members: ['a', 'p', 'j'] }, members, true, judge)).toEqual({ key: 'onlyYouAnd', names: '张晓岚、陈立' })
  })

  it('passes over members who are no longer there', () => {
    expect(seenBy({ members: ['j', 'p', 'gone'] }, members, true, judge)).toEqual({ key: 'onlyYouAnd', names: '张晓岚' })
  })
})

describe('what the panel offers', () => {
  const keys = (place: 'phone' | 'desk', ...mine: string[]) => toolsFor(place, (kind) => mine.includes(kind)).map((one) => one.key)
  it('is only what I may do', () => {
    expect(keys('phone')).toEqual(['contact', 'case'])
    expect(keys('phone', 'speech.photo')).toEqual(['album', 'camera', 'contact', 'case'])
    expect(keys('phone', 'speech.photo', 'speech.video', 'speech.document', 'sitting.reschedule')).toEqual([
      'album',
      'camera',
      'film',
      'file',
      'contact',
      'case',
      'reschedule',
    ])
    expect(keys('phone', 'location.send', 'sitting.close')).toEqual(['contact', 'location', 'case', 'close'])
    expect(keys('desk', 'speech.video', 'speech.voice', 'speech.document')).toEqual(['album', 'file', 'voice', 'case'])
  })

  it('in private is only what can go to one member', () => {
    const all = ['speech.photo', 'speech.video', 'speech.voice', 'speech.document', 'location.send', 'sitting.open', 'sitting.close', 'sitting.reschedule']
    const alone = (place: 'phone' | 'desk') => toolsFor(place, (kind) => all.includes(kind), true).map((one) => one.key)
    expect(alone('phone')).toEqual(['album', 'camera', 'film', 'file'])
    expect(alone('desk')).toEqual(['album', 'file', 'voice'])
    expect(toolsFor('phone', () => false, true)).toEqual([])
  })
})

describe('small things', () => {
  it('a picture’s place keeps its shape within bounds', () => {
    expect(frameRatio(1600, 1200)).toBeCloseTo(4 / 3)
    expect(frameRatio()).toBeCloseTo(4 / 3)
    expect(frameRatio(5000, 100)).toBe(1.8)
    expect(frameRatio(100, 5000)).toBe(0.62)
  })

  it('the record’s time is told as exactly as it is kept, in Beijing', () => {
    expect(exactTime('2026-11-23T06:05:09.123456Z')).toBe('2026年11月23日 14:05:09.123456')
    expect(exactTime('2026-11-23T16:05:09Z')).toBe('2026年11月24日 00:05:09')
  })
})
