/**
 * The only place where the app shows something before the court has it in its record: which of my own messages to draw
 * below the feed. A message leaves this list when the feed brings the act it became.
 */
import type { Entry } from './entry'
import { actAt, knownAfter, type Feed } from '../feed/apply'
import { isFile, isText, type Act, type Receipt } from '../feed/types'

/** A message that the court has acknowledged in this page's life. */
export interface Sent {
  entry: Entry
  receipt: Receipt
}

/** My messages to draw at the end, in the order of writing. */
export function pending(feed: Feed, me: string, entries: readonly Entry[], sent: readonly Sent[]): Entry[] {
  const taken = new Set(sent.map((one) => one.receipt.seq))
  const acknowledged = sent.filter((one) => !actAt(feed, one.receipt.seq)).map((one) => one.entry)
  const keys = new Set(sent.map((one) => one.entry.key))
  const waiting = entries.filter((entry) => !keys.has(entry.key) && !alreadyHeard(feed, me, entry, taken))
  return [...acknowledged, ...waiting].sort((a, b) => a.n - b.n)
}

/** The feed may be faster than the answer: an own act with the same words that nothing else accounts for is this one. */
function alreadyHeard(feed: Feed, me: string, entry: Entry, taken: Set<number>): boolean {
  if (entry.state !== 'sending') return false
  for (const act of knownAfter(feed, entry.head ?? feed.head)) {
    if (act.actor !== me || taken.has(act.seq) || !same(act, entry)) continue
    taken.add(act.seq)
    return true
  }
  return false
}

function isPublic({ body }: Entry): boolean {
  return body.to === undefined || body.to === 'everyone'
}

function same(act: Act, entry: Entry): boolean {
  if (act.kind !== entry.body.kind || (act.audience === 'everyone') !== isPublic(entry)) return false
  if (isText(act)) return act.text === entry.body.text
  return isFile(act) && act.file.name === entry.file?.name && act.file.size === entry.file.size
}
