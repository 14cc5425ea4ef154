/**
 * What one member has seen of one room's record: slots 1..head, each known or not yet fetched.
 *
 * Slots are numbered by the server, so nothing is ever put in front of what is already there: an older page fills its
 * own slots, wherever the reader has scrolled to. State is never changed in place; a page of slots is copied when one
 * of its slots becomes known.
 */
import type { Act } from './types'

/** Slots to a page; also the `limit` of one request. */
export const PAGE = 50

export interface Feed {
  /** The last slot that exists. */
  readonly head: number
  /** The last slot that this member has had before the eyes. */
  readonly seen: number
  readonly pages: ReadonlyMap<number, readonly (Act | undefined)[]>
}

export type Event =
  | { type: 'act'; act: Act }
  | { type: 'page'; acts: readonly Act[] }
  | { type: 'head'; head: number }
  | { type: 'seen'; seq: number }

/** A room of which only the numbers are known. */
export function emptyFeed(head = 0, seen = 0): Feed {
  return { head, seen: Math.min(seen, head), pages: new Map() }
}

/** The feed after an event. An event that teaches nothing gives back the same object. */
export function apply(feed: Feed, event: Event): Feed {
  switch (event.type) {
    case 'act':
      return learn(feed, [event.act])
    case 'page':
      return learn(feed, event.acts)
    case 'head':
      return event.head > feed.head ? { ...feed, head: event.head } : feed
    case 'seen': {
      const seen = Math.min(event.seq, feed.head)
      return seen > feed.seen ? { ...feed, seen } : feed
    }
  }
}

/** The act in a slot; undefined while it has not been fetched. */
export function actAt(feed: Feed, seq: number): Act | undefined {
  return feed.pages.get(pageOf(seq))?.[slotOf(seq)]
}

/** How many acts of others stand below what has been seen. Unknown slots count: they are somebody's. */
export function newBelow(feed: Feed, me: string): number {
  let count = feed.head - feed.seen
  for (const [page, slots] of feed.pages) {
    if ((page + 1) * PAGE <= feed.seen) continue
    for (const act of slots) if (act && act.seq > feed.seen && act.actor === me) count -= 1
  }
  return count
}

/** The requests that make the slots `from..to` known: `after` and `limit` of each, page by page. */
export function missing(feed: Feed, from: number, to: number): { after: number; limit: number }[] {
  const first = Math.max(1, from)
  const last = Math.min(feed.head, to)
  const wanted: { after: number; limit: number }[] = []
  for (let page = pageOf(first); first <= last && page <= pageOf(last); page += 1) {
    const slots = feed.pages.get(page)
    const end = Math.min(feed.head, (page + 1) * PAGE)
    for (let seq = Math.max(first, page * PAGE + 1); seq <= Math.min(last, end); seq += 1) {
      if (slots?.[slotOf(seq)]) continue
      wanted.push({ after: page * PAGE, limit: PAGE })
      break
    }
  }
  return wanted
}

/** The known acts after a slot, in order. */
export function* knownAfter(feed: Feed, seq: number): Generator<Act> {
  const pages = [...feed.pages.keys()].filter((page) => (page + 1) * PAGE > seq).sort((a, b) => a - b)
  for (const page of pages) {
    for (const act of feed.pages.get(page) ?? []) if (act && act.seq > seq) yield act
  }
}

function learn(feed: Feed, acts: readonly Act[]): Feed {
  let head = feed.head
  let pages: Map<number, (Act | undefined)[]> | undefined
  const copied = new Set<number>()
  for (const act of acts) {
    if (act.seq < 1 || actAt(feed, act.seq)) continue
    head = Math.max(head, act.seq)
    pages ??= new Map(feed.pages as Map<number, (Act | undefined)[]>)
    const page = pageOf(act.seq)
    if (!copied.has(page)) {
      const slots = pages.get(page)
      pages.set(page, slots ? slots.slice() : new Array<Act | undefined>(PAGE).fill(undefined))
      copied.add(page)
    }
    const slots = pages.get(page)!
    slots[slotOf(act.seq)] ??= act
  }
  return pages ? { ...feed, head, pages } : feed
}

function pageOf(seq: number): number {
  return Math.floor((seq - 1) / PAGE)
}

function slotOf(seq: number): number {
  return (seq - 1) % PAGE
}
