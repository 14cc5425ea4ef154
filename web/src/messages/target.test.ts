import { describe, expect, it } from 'vitest'
import { targetOf } from './target'

const about = (topic: string, rest: object = {}) => targetOf({ topic, room: null, seq: null, matter: null, ...rest } as Parameters<typeof targetOf>[0])

describe('where a notification leads', () => {
  it('to the act in its room', () => {
    expect(about('letter.received', { room: 'r', seq: 7 })).toEqual({ path: '/rooms/r', query: { seq: '7' } })
  })
  it('to the matter, at its act', () => {
    expect(about('matter.due', { room: 'r', seq: 7, matter: 'm' })).toEqual({ path: '/rooms/r', query: { seq: '7', matter: 'm' } })
  })
  it('to the door while the room is behind a gate', () => {
    expect(about('sitting.scheduled', { room: 'r' })).toEqual({ path: '/rooms/r', query: {} })
  })
  it('to what one can do about a new device, and to what is left of a mandate that ended', () => {
    expect(about('device.new')).toBe('/me/devices')
    expect(about('agency.ended')).toBe('/agency')
  })
  it('to the reports, and nowhere once the room is closed to me', () => {
    expect(about('report.received')).toBe('/cases/missing/inbox')
    expect(about('report.answered')).toBe('/cases/missing')
    expect(about('member.ended')).toBeNull()
  })
})
