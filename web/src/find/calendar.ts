/** The months of a room as a calendar shows them: Monday first, each day with its number of messages. */
import type { DayCount } from '@/api/types'

export interface Day {
  /** 2026-11-18 */
  date: string
  day: number
  acts: number
}

export interface Month {
  /** 2026-11 */
  key: string
  year: number
  month: number
  /** Empty places before the first, with Monday first. */
  blanks: number
  days: Day[]
}

/** Every month from the first day with messages to the last, those without any in between too. */
export function monthsOf(counts: readonly DayCount[]): Month[] {
  const first = counts[0]
  const last = counts.at(-1)
  if (!first || !last) return []
  const acts = new Map(counts.map((one) => [one.date, one.acts]))
  const months: Month[] = []
  let [year, month] = first.date.split('-').map(Number) as [number, number]
  for (let key = first.date.slice(0, 7); key <= last.date.slice(0, 7); key = keyOf(year, month)) {
    // Plain arithmetic with dates: no zone of the device has a part in it.
    const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
    const days = Array.from({ length }, (_, i) => {
      const date = `${key}-${String(i + 1).padStart(2, '0')}`
      return { date, day: i + 1, acts: acts.get(date) ?? 0 }
    })
    months.push({ key, year, month, blanks: (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7, days })
    month += 1
    if (month > 12) {
      month = 1
      year += 1
    }
  }
  return months
}

function keyOf(year: number, month: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
}
