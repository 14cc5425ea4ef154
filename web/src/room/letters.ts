/**
 * Private messages to me that have not been before my eyes: the red numbers on the members.
 *
 * The server says which of them are unread by my mark. The mark is put when the end is looked at: it passes over what was
 * skipped on the way there, and stays behind what was seen in the middle. So this device remembers both: what is unread though
 * the mark has passed it, and what is seen though the mark has not.
 */
import { computed, ref } from 'vue'
import type { Act, Id } from '@/api/types'
import { isSpeech } from '@/feed/types'
import { onFarewell } from '@/stores/session'

export interface Letter {
  readonly seq: number
  readonly from: Id
}

const PREFIX = 'weiting.letters.'
/** More than anybody reads back; older ones are let go. */
const MOST = 500

/** Whether this act is a private message of somebody else to `me`: said, and not merely done where few see it. */
export function isLetter(act: Act, me: Id): boolean {
  return isSpeech(act) && act.actor !== me && typeof act.audience === 'object' && act.audience.members.includes(me)
}

interface Memory {
  readonly unread: readonly Letter[]
  /** Slots of those that have been seen. */
  readonly seen: readonly number[]
}

/** `owner` is whose device memory it is: a person in a room. */
export function useLetters(owner: string) {
  const memory = ref<Memory>(read(PREFIX + owner))
  const unread = computed(() => memory.value.unread)
  const byMember = computed(() => {
    const count = new Map<Id, number>()
    for (const { from } of unread.value) count.set(from, (count.get(from) ?? 0) + 1)
    return count
  })

  function put(next: readonly Letter[], seen: readonly number[]): void {
    memory.value = { unread: next.slice(-MOST), seen: seen.slice(-MOST) }
    write(PREFIX + owner, memory.value)
  }

  function add(letters: readonly Letter[]): void {
    const known = new Set([...unread.value.map((one) => one.seq), ...memory.value.seen])
    const fresh = letters.filter((one) => !known.has(one.seq))
    if (fresh.length > 0) put([...unread.value, ...fresh].sort((a, b) => a.seq - b.seq), memory.value.seen)
  }

  /** What the server told with a mark at `mark`: from there on it remembers what was seen. */
  function tell(letters: readonly Letter[], mark: number): void {
    const seen = memory.value.seen.filter((seq) => seq > mark)
    if (seen.length < memory.value.seen.length) put(unread.value, seen)
    add(letters)
  }

  /** The rows `from..to` are on the screen; `drawn` says of each whether it is more than a grey place. */
  function saw(from: number, to: number, drawn: (seq: number) => boolean): void {
    const now = unread.value.filter(({ seq }) => seq >= from && seq <= to && drawn(seq))
    if (now.length === 0) return
    const seen = [...memory.value.seen, ...now.map((one) => one.seq)].sort((a, b) => a - b)
    put(unread.value.filter((one) => !now.includes(one)), seen)
  }

  /** The oldest unread one of a member. */
  const first = (member: Id): number | undefined => unread.value.find((one) => one.from === member)?.seq

  return { unread, byMember, add, tell, saw, first }
}

onFarewell((why) => {
  if (why !== 'logout') return
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
})

function read(key: string): Memory {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as { unread?: unknown; seen?: unknown } | null
    return {
      unread: Array.isArray(kept?.unread) ? kept.unread.filter(isKept) : [],
      seen: Array.isArray(kept?.seen) ? kept.seen.filter((seq): seq is number => Number.isInteger(seq)) : [],
    }
  } catch {
    return { unread: [], seen: [] }
  }
}

function isKept(one: unknown): one is Letter {
  return typeof one === 'object' && one !== null && Number.isInteger((one as Letter).seq) && typeof (one as Letter).from === 'string'
}

function write(key: string, memory: Memory): void {
  try {
    if (memory.unread.length + memory.seen.length > 0) localStorage.setItem(key, JSON.stringify(memory))
    else localStorage.removeItem(key)
  } catch {
    // Storage is full or forbidden: they are then remembered as long as the page lives.
  }
}
