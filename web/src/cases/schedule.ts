// The form of a sitting: what stands in it, what is wrong with it, what goes to the server. Pure.
import type { CaseView, Id, NewSitting, SittingKind } from '@/api/types'
import { dayAt, fromInput, toInput } from '@/time'

export interface ScheduleForm {
  kind: SittingKind | null
  /** Values of datetime-local inputs, Beijing time. */
  opens: string
  closes: string
  members: Set<Id>
}

export type Field = 'kind' | 'opens' | 'closes' | 'members'
/** Words key under cases.schedule.wrong. */
export type Fault = 'kind' | 'opens' | 'closes' | 'past' | 'order' | 'members'

/** A fresh form: the bench is in, everybody else is chosen by hand. */
export function emptyForm(kase: CaseView): ScheduleForm {
  return {
    kind: null,
    opens: '',
    closes: '',
    members: new Set(kase.participants.filter((p) => p.group === 'tribunal').map((p) => p.id)),
  }
}

/** What is wrong, by field, in the order of the page; empty when the form can be sent. `now` in milliseconds. */
export function faults(form: ScheduleForm, kase: CaseView, now: number): Map<Field, Fault> {
  const wrong = new Map<Field, Fault>()
  const opens = fromInput(form.opens)
  const closes = fromInput(form.closes)
  if (!form.kind) wrong.set('kind', 'kind')
  if (!opens) wrong.set('opens', 'opens')
  // The minute that runs still counts as now: the input knows no seconds.
  else if (Date.parse(opens) < now - 60_000) wrong.set('opens', 'past')
  if (!closes) wrong.set('closes', 'closes')
  else if (opens && Date.parse(closes) <= Date.parse(opens)) wrong.set('closes', 'order')
  const outsideBench = kase.participants.some((p) => p.group !== 'tribunal' && form.members.has(p.id))
  if (!outsideBench) wrong.set('members', 'members')
  return wrong
}

/** The request; members in the order of the case. Only for a form without faults. */
export function toSitting(form: ScheduleForm, kase: CaseView): NewSitting {
  const opens_at = fromInput(form.opens)
  const closes_at = fromInput(form.closes)
  if (!form.kind || !opens_at || !closes_at) throw new Error('the form has faults')
  return { kind: form.kind, opens_at, closes_at, members: kase.participants.filter((p) => form.members.has(p.id)).map((p) => p.id) }
}

/** Quick choices of a start that still lie ahead. `key` is a words key under cases.schedule. */
export function quickStarts(now: number): { key: string; value: string }[] {
  const soon = Math.ceil((now + 5 * 60_000) / 300_000) * 300_000
  return [
    { key: 'soon', at: soon },
    { key: 'today14', at: dayAt(now, 0, 14) },
    { key: 'today16', at: dayAt(now, 0, 16) },
    { key: 'tomorrow9', at: dayAt(now, 1, 9) },
    { key: 'tomorrow14', at: dayAt(now, 1, 14) },
  ]
    .filter((choice) => choice.at > now)
    .map((choice) => ({ key: choice.key, value: toInput(choice.at) }))
}

/** Lengths to choose from, in hours. */
export const LENGTHS: readonly number[] = [2, 24, 72, 168]

/** The end that lies so many hours after the start; '' without a start. */
export function endAfter(opens: string, hours: number): string {
  const start = fromInput(opens)
  return start ? toInput(Date.parse(start) + hours * 3_600_000) : ''
}
