/**
 * To whom I am writing alone (私信), if to anybody. It outlives a reload: what was begun as private must never turn public by
 * itself. When the member can no longer be written to, the composer says so and waits; it does not fall back to everyone.
 */
import { computed, ref, watch } from 'vue'
import type { Id, RoomMember, RoomView } from '@/api/types'
import { useSession } from '@/stores/session'

const PREFIX = 'weiting.private.'

export interface Partner {
  id: Id
  name: string
  label: string
  capacity: RoomMember['capacity']
  /** Who sees it besides the two: 书记员孙悦. */
  also: string
  /** False when no private message can be sent to them any more. */
  open: boolean
  /** Whether a text message is to remind them of the next one (强提醒). Never so by itself. */
  remind: boolean
}

export function usePrivate(room: Id, view: () => RoomView | null) {
  const key = `${PREFIX}${useSession().me?.person ?? ''}.${room}`
  const kept = ref<{ id: Id; name: string } | null>(read(key))
  const remind = ref(false)
  watch(
    kept,
    (next) => {
      remind.value = false
      write(key, next)
    },
    { flush: 'sync' },
  )

  const partner = computed<Partner | null>(() => {
    if (!kept.value) return null
    const members = view()?.members ?? []
    const member = members.find((one) => one.id === kept.value?.id)
    if (!member) return { ...kept.value, label: '', capacity: 'witness', also: '', open: false, remind: false }
    return { id: member.id, name: member.name, label: member.label, capacity: member.capacity, also: alsoSeenBy(member, members), open: member.private !== null, remind: remind.value }
  })

  return {
    partner,
    begin: (member: RoomMember) => void (kept.value = { id: member.id, name: member.name }),
    end: () => void (kept.value = null),
    remind: (on: boolean) => void (remind.value = on),
    /** Whether to remind of the message that goes now; the one after it begins without. */
    takeRemind: () => remind.value && !(remind.value = false),
  }
}

/** 书记员孙悦、法官助理马宁: who else sees a private message to this member; empty for nobody. */
export function alsoSeenBy(member: RoomMember, members: readonly RoomMember[]): string {
  const also = member.private?.also ?? []
  return members
    .filter((one) => also.includes(one.id))
    .map((one) => `${one.label}${one.name}`)
    .join('、')
}

function read(key: string): { id: Id; name: string } | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') as { id?: unknown; name?: unknown } | null
    return typeof kept?.id === 'string' && typeof kept.name === 'string' ? { id: kept.id, name: kept.name } : null
  } catch {
    return null
  }
}

function write(key: string, value: { id: Id; name: string } | null): void {
  try {
    if (value) sessionStorage.setItem(key, JSON.stringify(value))
    else sessionStorage.removeItem(key)
  } catch {
    // Without storage it lasts as long as the page.
  }
}
