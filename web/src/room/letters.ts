/**
 * Private messages to me that have not been before my eyes: the red numbers on the members.
 *
 * The server says which of them are unread by my mark; the mark jumps to the end when the end is looked at, so what was
 * skipped on the way there is remembered on this device until its row has been on the screen.
 */
import { computed, ref } from 'vue'
import type { Act, Id } from '@/api/types'
import { onFarewell } from '@/stores/session'

export interface Letter {
  readonly seq: number
  readonly from: Id
}

const PREFIX = 'weiting.letters.'
/** More than anybody reads back; older ones are let go. */
const MOST = 500

/** Whether this act is a private message of somebody else to `me`. */
export function isLetter(act: Pick<Act, 'actor' | 'audience'>, me: Id): boolean {
  return act.actor !== me && typeof act.audience === 'object' && act.audience.members.includes(me)
}

/** `owner` is whose device memory it is: a person in a room. */
export function useLetters(owner: string) {
  const unread = ref<readonly Letter[]>(read(PREFIX + owner))
  const byMember = computed(() => {
    const count = new Map<Id, number>()
    for (const { from } of unread.value) count.set(from, (count.get(from) ?? 0) + 1)
    return count
  })

  function put(next: readonly Letter[]): void {
    unread.value = next.slice(-MOST)
    write(PREFIX + owner, unread.value)
  }

  function add(letters: readonly Letter[]): void {
    const known = new Set(unread.value.map((one) => one.seq))
    const fresh = letters.filter((one) => !known.has(one.seq))
    if (fresh.length > 0) put([...unread.value, ...fresh].sort((a, b) => a.seq - b.seq))
  }

  /** The rows `from..to` are on the screen; `drawn` says of each whether it is more than a grey place. */
  function saw(from: number, to: number, drawn: (seq: number) => boolean): void {
    const left = unread.value.filter(({ seq }) => seq < from || seq > to || !drawn(seq))
    if (left.length < unread.value.length) put(left)
  }

  /** The oldest unread one of a member. */
  const first = (member: Id): number | undefined => unread.value.find((one) => one.from === member)?.seq

  return { unread, byMember, add, saw, first }
}

onFarewell((why) => {
  if (why !== 'logout') return
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
})

function read(key: string): readonly Letter[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isKept) : []
  } catch {
    return []
  }
}

function isKept(one: unknown): one is Letter {
  return typeof one === 'object' && one !== null && Number.isInteger((one as Letter).seq) && typeof (one as Letter).from === 'string'
}

function write(key: string, letters: readonly Letter[]): void {
  try {
    if (letters.length > 0) localStorage.setItem(key, JSON.stringify(letters))
    else localStorage.removeItem(key)
  } catch {
    // Storage is full or forbidden: they are then remembered as long as the page lives.
  }
}
