import { describe, expect, it } from 'vitest'
import { PAGE, actAt, apply, emptyFeed, knownAfter, missing, newBelow, type Event, type Feed } from './apply'
import type { Act } from './types'

const ME = 'm1'

function act(seq: number, actor = 'm2'): Act {
  return {
    seq,
    id: `act-${seq}`,
    at: '2026-11-20T06:00:00Z',
    actor,
    name: '周明远',
    capacity: 'presiding_judge',
    label: '审判长',
    audience: 'everyone',
    sentence: `第 ${seq} 项`,
    leaf: 'ab',
    kind: 'speech.text',
    text: `第 ${seq} 项`,
  }
}

/** A small generator with a seed, so that a failing interleaving can be seen again. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state % below
  }
}

function shuffled<T>(list: T[], roll: (below: number) => number): T[] {
  const out = list.slice()
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = roll(i + 1)
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}

function known(feed: Feed): number[] {
  return [...knownAfter(feed, 0)].map((one) => one.seq)
}

describe('feed', () => {
  it('any interleaving of socket, pages and heads ends in the same room', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const roll = dice(seed)
      const head = 1 + roll(180)
      const events: Event[] = []
      for (let seq = 1; seq <= head; seq += 1) {
        // Each act comes once or twice, by the socket, in a page or both.
        if (roll(2)) events.push({ type: 'act', act: act(seq) })
        const from = Math.max(1, seq - roll(7))
        events.push({ type: 'page', acts: Array.from({ length: seq - from + 1 }, (_, i) => act(from + i)) })
        if (roll(3) === 0) events.push({ type: 'head', head: 1 + roll(head) })
      }
      const feed = shuffled(events, roll).reduce(apply, emptyFeed())
      expect(feed.head, `seed ${seed}`).toBe(head)
      expect(known(feed), `seed ${seed}`).toEqual(Array.from({ length: head }, (_, i) => i + 1))
    }
  })

  it('a duplicate teaches nothing and keeps the same object', () => {
    const feed = apply(emptyFeed(), { type: 'act', act: act(3) })
    expect(apply(feed, { type: 'act', act: { ...act(3), sentence: '别的' } })).toBe(feed)
    expect(apply(feed, { type: 'page', acts: [act(3)] })).toBe(feed)
    expect(apply(feed, { type: 'head', head: 2 })).toBe(feed)
    expect(actAt(feed, 3)?.sentence).toBe('第 3 项')
  })

  it('an older page fills its own slots and moves no other', () => {
    const late = apply(emptyFeed(120), { type: 'page', acts: [act(101), act(102)] })
    const both = apply(late, { type: 'page', acts: [act(1), act(2)] })
    expect(known(both)).toEqual([1, 2, 101, 102])
    expect(both.head).toBe(120)
    expect(both.pages.get(2)).toBe(late.pages.get(2))
    expect(actAt(both, 50)).toBeUndefined()
  })

  it('an event leaves the state before it as it was', () => {
    const before = apply(emptyFeed(), { type: 'act', act: act(1) })
    apply(before, { type: 'act', act: act(2) })
    expect(known(before)).toEqual([1])
    expect(before.head).toBe(1)
  })

  it('counts what is new below, without my own', () => {
    let feed = emptyFeed(10, 10)
    for (const one of [act(11), act(12, ME), act(13)]) feed = apply(feed, { type: 'act', act: one })
    expect(newBelow(feed, ME)).toBe(2)
    feed = apply(feed, { type: 'head', head: 15 })
    expect(newBelow(feed, ME)).toBe(4)
    feed = apply(feed, { type: 'seen', seq: 15 })
    expect(newBelow(feed, ME)).toBe(0)
  })

  it('seen never goes back and never past the head', () => {
    let feed = apply(emptyFeed(10, 4), { type: 'seen', seq: 2 })
    expect(feed.seen).toBe(4)
    feed = apply(feed, { type: 'seen', seq: 99 })
    expect(feed.seen).toBe(10)
  })

  it('asks for a page once and only for what is unknown', () => {
    const acts = Array.from({ length: PAGE }, (_, i) => act(51 + i))
    const feed = apply(emptyFeed(130), { type: 'page', acts })
    expect(missing(feed, 60, 90)).toEqual([])
    expect(missing(feed, 40, 130)).toEqual([
      { after: 0, limit: 50 },
      { after: 100, limit: 50 },
    ])
    expect(missing(feed, 101, 900)).toEqual([{ after: 100, limit: 50 }])
    expect(missing(emptyFeed(0), 1, 50)).toEqual([])
  })
})
