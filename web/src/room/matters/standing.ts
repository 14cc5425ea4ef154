/** Where a matter stands by the court's clock between two answers of the server, and what follows for the screen. */
import type { Matter, MatterField, MatterStatus } from '@/api/types'

export type Tab = 'open' | 'answered' | 'overdue' | 'withdrawn'
export const TABS: readonly Tab[] = ['open', 'answered', 'overdue', 'withdrawn']

/** The server's word, but that what was open becomes overdue when the hour comes. */
export function statusAt(matter: Pick<Matter, 'status' | 'deadline'>, now: number): MatterStatus {
  return matter.status === 'open' && now >= Date.parse(matter.deadline) ? 'overdue' : matter.status
}

/** What a judge has closed is over, as what was withdrawn is, unless it was answered. */
export function tabOf(status: MatterStatus): Tab {
  return status === 'closed' ? 'withdrawn' : status
}

/** How many of those who are asked have answered; those who left without an answer are not waited for. */
export function progressOf(matter: Matter): { done: number; all: number } {
  const counted = matter.targets.filter((one) => one.answer || !one.left)
  return { done: counted.filter((one) => one.answer).length, all: counted.length }
}

/** How much of the time is over, in percent. */
export function timeGone(matter: Pick<Matter, 'issued_at' | 'deadline'>, now: number): number {
  const from = Date.parse(matter.issued_at)
  const whole = Date.parse(matter.deadline) - from
  return whole <= 0 ? 100 : Math.round(Math.min(1, Math.max(0, (now - from) / whole)) * 100)
}

export type Fault = 'required' | 'number' | 'date' | 'choice'

/** What is wrong with a value, as the court will see it; null when it fits. */
export function faultOf(field: MatterField, given: string | undefined): Fault | null {
  const value = (given ?? '').trim()
  if (!value) return field.required ? 'required' : null
  if (field.type === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) return 'number'
  if (field.type === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value)) return 'date'
  if (field.type === 'choice' && !(field.choices ?? []).includes(value)) return 'choice'
  return null
}
