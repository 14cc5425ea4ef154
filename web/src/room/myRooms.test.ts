import { createPinia, setActivePinia } from 'pinia'
import { describe, expect, it, vi } from 'vitest'
import type { RoomCard } from '@/api/types'
import { useRooms } from '@/stores/rooms'
import { activeCases, countParts, roomAfter, roomsIn } from './myRooms'

vi.mock('@/api/court', () => ({ listRooms: () => Promise.resolve(desk()) }))

const PHASES = ['open', 'waiting', 'scheduled', 'closed', 'ended'] as const

/** A judge with 200 rooms of 150 cases. */
function desk(): RoomCard[] {
  return Array.from({ length: 200 }, (_, n) => ({
    id: `room-${n}`,
    phase: PHASES[n % 5]!,
    unread: n % 3,
    case: { id: `case-${n % 150}`, number: `(2026)沪0113民初${10_000 + n}号`, title: `甲${n}公司 诉 乙${n}公司`, cause: n % 2 ? '买卖合同纠纷' : '民间借贷纠纷' },
  })) as RoomCard[]
}

describe('a desk with 200 rooms', () => {
  it('is in the store whole, with its unread messages', async () => {
    setActivePinia(createPinia())
    const store = useRooms()
    await store.load()
    expect(store.rooms).toHaveLength(200)
    expect(store.unread).toBe(67 + 2 * 66)
    store.noteRead('room-2')
    expect(store.unread).toBe(67 + 2 * 66 - 2)
  })

  it('is cut into parts that together are all', () => {
    expect(countParts(desk())).toEqual({ going: 40, coming: 80, over: 80 })
    expect(roomsIn(desk(), 'going', '').every((room) => room.phase === 'open')).toBe(true)
    expect(activeCases(desk())).toBe(90)
  })

  it('finds by number, party and cause, in full and half width', () => {
    const found = (query: string) => roomsIn(desk(), 'going', query).map((room) => room.id)
    expect(found('民初10015')).toEqual(['room-15'])
    expect(found('（2026）沪0113民初１００１５号')).toEqual(['room-15'])
    expect(found('乙195公司')).toEqual(['room-195'])
    expect(found('买卖')).toHaveLength(20)
    expect(found('不存在')).toEqual([])
  })

  it('is walked through without wrapping, and entered from elsewhere at its ends', () => {
    const shown = roomsIn(desk(), 'coming', '')
    expect(roomAfter(shown, shown[0]!.id, 1)).toBe(shown[1])
    expect(roomAfter(shown, shown[1]!.id, -1)).toBe(shown[0])
    expect(roomAfter(shown, shown[0]!.id, -1)).toBeUndefined()
    expect(roomAfter(shown, shown[79]!.id, 1)).toBeUndefined()
    expect(roomAfter(shown, 'elsewhere', 1)).toBe(shown[0])
    expect(roomAfter(shown, 'elsewhere', -1)).toBe(shown[79])
    expect(roomAfter([], 'elsewhere', 1)).toBeUndefined()
  })
})
