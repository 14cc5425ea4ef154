import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { ref, shallowRef } from 'vue'
import type { RoomMember, RoomView } from '@/api/types'
import { useDraft } from './useDraft'
import { alsoSeenBy, usePrivate } from './usePrivate'

const member = (id: string, name: string, label: string, also: string[] | null) =>
  ({ id, name, label, capacity: 'court_clerk', private: also && { also } }) as unknown as RoomMember
const judge = member('j', '周明远', '审判长', ['c'])
const clerk = member('c', '孙悦', '书记员', [])
const party = member('p', '沈望舒', '原告', [])
const witness = member('w', '吴证', '证人', null)
const members = [judge, clerk, party, witness]
const view = (list: RoomMember[]) => shallowRef({ members: list } as unknown as RoomView)

beforeEach(() => {
  setActivePinia(createPinia())
  sessionStorage.clear()
  localStorage.clear()
})

describe('to whom I write alone', () => {
  it('is told with who else sees it', () => {
    expect(alsoSeenBy(judge, members)).toBe('书记员孙悦')
    expect(alsoSeenBy(party, members)).toBe('')
    const room = view(members)
    const { partner, begin, end } = usePrivate('r', () => room.value)
    expect(partner.value).toBeNull()
    begin(judge)
    expect(partner.value).toMatchObject({ id: 'j', name: '周明远', also: '书记员孙悦', open: true })
    end()
    expect(partner.value).toBeNull()
  })

  it('outlives a reload', () => {
    const room = view(members)
    usePrivate('r', () => room.value).begin(party)
    expect(usePrivate('r', () => room.value).partner.value?.id).toBe('p')
    expect(usePrivate('other', () => room.value).partner.value).toBeNull()
  })

  it('never turns public by itself: who has gone or may not be written to stays named, and nothing can be sent', () => {
    const room = view(members)
    const { partner, begin } = usePrivate('r', () => room.value)
    begin(judge)
    room.value = { members: [clerk] } as unknown as RoomView
    expect(partner.value).toMatchObject({ id: 'j', name: '周明远', open: false })
    room.value = { members: [{ ...judge, private: null }] } as unknown as RoomView
    expect(partner.value).toMatchObject({ id: 'j', open: false })
  })
})

describe('a text message that reminds', () => {
  it('goes with the next message alone, never by itself, and not to somebody else', () => {
    const room = view(members)
    const { partner, begin, remind, takeRemind } = usePrivate('r', () => room.value)
    begin(judge)
    expect([partner.value?.remind, takeRemind()]).toEqual([false, false])
    remind(true)
    expect(partner.value?.remind).toBe(true)
    expect([takeRemind(), takeRemind(), partner.value?.remind]).toEqual([true, false, false])
    remind(true)
    begin(party)
    expect([takeRemind(), partner.value?.remind]).toEqual([false, false])
  })
})

describe('what is begun in private', () => {
  it('stands in the private input only', () => {
    const to = ref<string | null>(null)
    const draft = useDraft('r', () => to.value)
    draft.value = '公开的话'
    to.value = 'j'
    expect(draft.value).toBe('')
    draft.value = '私下的话'
    to.value = null
    expect(draft.value).toBe('公开的话')
    to.value = 'p'
    expect(draft.value).toBe('')
    to.value = 'j'
    expect(draft.value).toBe('私下的话')
    expect(useDraft('r').value).toBe('公开的话')
  })
})
