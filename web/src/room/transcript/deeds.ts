/** What may be done to a transcript, as what the forms of the dialog fill in. */
import type { Act, Transcript } from '@/api/types'

export type Deed =
  | { what: 'draft' }
  | { what: 'points' }
  | { what: 'annotate' }
  | { what: 'circulate' }
  | { what: 'conclude' }
  | { what: 'correct'; no?: number; act?: string }
  | { what: 'settle'; request: string; accepted: boolean }

/**
 * The deeds of whoever makes the transcript at this moment, in the order of its life; the one that comes next stands last and is the main
 * button. `now` is the court's time in milliseconds: a term ends while the page is looked at.
 */
export function makerDeeds(view: Transcript, may: (kind: Act['kind']) => boolean, now: number): Deed[] {
  const stage = view.current?.stage
  const over = view.current?.until ? now >= Date.parse(view.current.until) : false
  const list: Deed[] = []
  const inWork = stage === 'drafted' || stage === 'circulated'
  if ((!stage || inWork) && may('points.record')) list.push({ what: 'points' })
  if (inWork && may('transcript.annotate')) list.push({ what: 'annotate' })
  if (stage && may('transcript.draft')) list.push({ what: 'draft' })
  if (inWork && may('transcript.circulate')) list.push({ what: 'circulate' })
  if (stage === 'circulated' && over && may('transcript.conclude')) list.push({ what: 'conclude' })
  if (!stage && may('transcript.draft')) list.push({ what: 'draft' })
  return list
}

/** One point in each line; after ｜ (or |) its reason. */
export function pointsOf(text: string): { text: string; reason?: string }[] {
  return text
    .split('\n')
    .map((line) => line.split(/[｜|]/))
    .map(([point, ...reason]) => ({ text: (point ?? '').trim(), reason: reason.join('｜').trim() }))
    .filter((point) => point.text !== '')
    .map((point) => (point.reason ? point : { text: point.text }))
}

/** The other way round. */
export function linesOf(points: readonly { text: string; reason?: string | null }[]): string {
  return points.map((point) => (point.reason ? `${point.text}｜${point.reason}` : point.text)).join('\n')
}
