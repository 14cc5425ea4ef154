/** One room as this member sees it: its view, its feed, and what keeps both up to date. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { getRoom, markRead, readActs } from '@/api/court'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { Act, RoomView } from '@/api/types'
import { actAt, apply, emptyFeed, missing, newBelow, PAGE, type Event } from '@/feed/apply'
import { useLive } from '@/feed/connection'
import type { LiveState } from '@/feed/live'
import { flushOutbox } from '@/outbox/start'
import { useRooms } from '@/stores/rooms'
import { useSession } from '@/stores/session'
import { isLetter, useLetters } from './letters'
import { useNow } from './useNow'

export type Room = ReturnType<typeof useRoom>

/** `start` names the slot to begin at; without it the first unread one, or the end. */
export function useRoom(id: string, start?: number) {
  const view = shallowRef<RoomView | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(true)
  const feed = shallowRef(emptyFeed())
  const ready = ref(false)
  const live = ref<LiveState>('connecting')
  const pagesFailed = ref(0)
  /** The first slot that was unread when the room was opened; 0 for none. */
  const firstUnread = ref(0)
  const now = useNow()
  const letters = useLetters(`${useSession().me?.person ?? ''}.${id}`)
  const hearers = new Set<(act: Act) => void>()
  const asked = new Set<number>()
  let leave: (() => void) | null = null
  let unhear: (() => void) | null = null
  let gone = false

  const me = computed(() => view.value?.me.member ?? '')
  const below = computed(() => newBelow(feed.value, me.value))
  const may = (kind: Act['kind']): boolean => view.value?.me.may.includes(kind) ?? false

  async function load(): Promise<void> {
    loading.value = true
    try {
      const next = await getRoom(id)
      if (gone) return
      accept(next)
      problem.value = null
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      loading.value = false
    }
  }

  function accept(next: RoomView): void {
    view.value = next
    if (next.gate) return
    if (!leave) letters.tell(next.letters, next.read)
    if (leave) return dispatch({ type: 'head', head: next.head })
    feed.value = emptyFeed(next.head, next.read)
    if (next.read < next.head) firstUnread.value = next.read + 1
    open(next)
  }

  function open(next: RoomView): void {
    const first = start ?? (next.read < next.head ? next.read + 1 : next.head)
    void need(first - 15, first + 20).then(() => (ready.value = true))
    const connection = useLive()
    leave = connection.watch(id, next.head, {
      act: hear,
      head: (head) => dispatch({ type: 'head', head }),
      online: present,
      error: () => void load(),
    })
    unhear = connection.onState((state) => {
      if (state === 'open' && live.value !== 'open') flushOutbox()
      live.value = state
    })
  }

  function dispatch(event: Event): void {
    feed.value = apply(feed.value, event)
  }

  function hear(act: Act): void {
    if (actAt(feed.value, act.seq)) return
    dispatch({ type: 'act', act })
    if (isLetter(act, me.value)) letters.add([{ seq: act.seq, from: act.actor }])
    // The phase, the members and what I may do follow from these; the server folds them, not we.
    if (/^(sitting|member|transcript|signature)\./.test(act.kind)) void load()
    for (const each of hearers) each(act)
  }

  function present(online: string[]): void {
    if (!view.value) return
    const members = view.value.members.map((one) => ({ ...one, online: online.includes(one.id) }))
    view.value = { ...view.value, members }
  }

  /** Makes the slots `from..to` known. */
  async function need(from: number, to: number): Promise<void> {
    const wanted = missing(feed.value, from, to).filter(({ after }) => !asked.has(after))
    await Promise.all(wanted.map(({ after }) => fetchPage(after)))
  }

  async function fetchPage(after: number): Promise<void> {
    asked.add(after)
    try {
      dispatch({ type: 'page', acts: await readActs(id, after, PAGE) })
      asked.delete(after)
    } catch {
      // Asked again by whoever still looks there, but not at once.
      setTimeout(() => {
        asked.delete(after)
        pagesFailed.value += 1
      }, 3000)
    }
  }

  /** An answer has named a slot of mine. The socket usually brings it; if it does not, it is fetched. */
  function expect(seq: number): void {
    setTimeout(() => {
      if (gone || actAt(feed.value, seq)) return
      dispatch({ type: 'head', head: seq })
      void need(seq, seq)
    }, 2000)
  }

  let reading: ReturnType<typeof setTimeout> | undefined
  /** The end has been looked at: everything is read, here and on the server. */
  function sawEnd(): void {
    const seq = feed.value.head
    if (feed.value.seen >= seq && (view.value?.read ?? 0) >= seq) return
    dispatch({ type: 'seen', seq })
    clearTimeout(reading)
    reading = setTimeout(() => {
      if (!view.value || view.value.read >= seq) return
      markRead(id, seq).then(
        () => {
          if (view.value) view.value = { ...view.value, read: Math.max(view.value.read, seq) }
          useRooms().noteRead(id)
        },
        // The mark is put again with the next message; nothing hangs on it.
        () => undefined,
      )
    }, 600)
  }

  /** The rows `from..to` are on the screen. */
  function saw(from: number, to: number): void {
    letters.saw(from, to, (seq) => actAt(feed.value, seq) !== undefined)
  }

  function onAct(hearer: (act: Act) => void): void {
    hearers.add(hearer)
    onScopeDispose(() => hearers.delete(hearer))
  }

  // When the hour comes the server is asked, and asked again if its clock is a little behind.
  let due: ReturnType<typeof setTimeout> | undefined
  const turn = computed(() => {
    if (!view.value) return ''
    const { opens_at, closes_at, phase } = view.value
    const opened = now.value >= Date.parse(opens_at)
    const closed = now.value >= Date.parse(closes_at)
    return closed && phase !== 'ended' ? 'close' : opened && phase === 'scheduled' ? 'open' : ''
  })
  watch(turn, function ask(next, _before, onCleanup) {
    clearTimeout(due)
    if (!next) return
    let tries = 0
    const again = (): void => {
      tries += 1
      void load().then(() => {
        if (turn.value && tries < 20) due = setTimeout(again, Math.min(30_000, 1000 * 2 ** tries))
      })
    }
    again()
    onCleanup(() => clearTimeout(due))
  })

  onScopeDispose(() => {
    gone = true
    leave?.()
    unhear?.()
    clearTimeout(due)
    clearTimeout(reading)
  })
  void load()

  return { id, view, problem, loading, feed, ready, live, below, me, now, firstUnread, pagesFailed, letters, may, load, need, expect, sawEnd, saw, onAct }
}
