import { describe, expect, it } from 'vitest'
import type { Entry } from '../outbox/entry'
import { apply, emptyFeed } from '../feed/apply'
import { pending, type Sent } from './optimism'
import type { Act } from '../feed/types'

const act = (seq: number, text: string, actor = 'me') => ({ seq, actor, kind: 'speech.text', text, audience: 'everyone' }) as Act
const entry = (n: number, text: string, more: Partial<Entry> = {}) =>
  ({ key: `k${n}`, n, head: 10, state: 'waiting', body: { kind: 'speech.text', text }, ...more }) as Entry
const sent = (one: Entry, seq: number): Sent => ({ entry: one, receipt: { room: 'r', seq, id: 'a', at: '', leaf: '' } })
const texts = (list: Entry[]) => list.map((one) => one.body.text)

describe('what is drawn before the record has it', () => {
  it('is everything that waits, in order', () => {
    expect(texts(pending(emptyFeed(10), 'me', [entry(2, '二'), entry(1, '一')], []))).toEqual(['一', '二'])
  })

  it('stays after the answer until the feed brings the act', () => {
    const one = entry(1, '一')
    const feed = emptyFeed(10)
    expect(texts(pending(feed, 'me', [], [sent(one, 11)]))).toEqual(['一'])
    const after = apply(feed, { type: 'act', act: act(11, '一') })
    expect(pending(after, 'me', [], [sent(one, 11)])).toEqual([])
  })

  it('leaves when the feed is faster than the answer', () => {
    const feed = apply(emptyFeed(10), { type: 'act', act: act(11, '一') })
    expect(pending(feed, 'me', [entry(1, '一', { state: 'sending' })], [])).toEqual([])
  })

  it('is not mistaken for another’s words, for older ones, or for the same words said before', () => {
    const other = apply(emptyFeed(10), { type: 'act', act: act(11, '一', 'other') })
    expect(texts(pending(other, 'me', [entry(1, '一', { state: 'sending' })], []))).toEqual(['一'])
    const older = apply(emptyFeed(10), { type: 'act', act: act(9, '一') })
    expect(texts(pending(older, 'me', [entry(1, '一', { state: 'sending' })], []))).toEqual(['一'])
    const twice = apply(emptyFeed(10), { type: 'act', act: act(11, '好') })
    const first = entry(1, '好')
    expect(texts(pending(twice, 'me', [entry(2, '好', { state: 'sending' })], [sent(first, 11)]))).toEqual(['好'])
  })

  it('in private is not mistaken for the same words said to everyone', () => {
    const alone = entry(1, '好', { state: 'sending', body: { kind: 'speech.text', text: '好', to: { members: ['j'] } } })
    const open = apply(emptyFeed(10), { type: 'act', act: act(11, '好') })
    expect(texts(pending(open, 'me', [alone], []))).toEqual(['好'])
    const heard = { ...act(11, '好'), audience: { members: ['j', 'me'] } } as Act
    expect(pending(apply(emptyFeed(10), { type: 'act', act: heard }), 'me', [alone], [])).toEqual([])
  })
})
