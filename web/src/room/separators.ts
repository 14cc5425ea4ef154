/** Where a time stands between two messages. */
import { sameDay } from '@/time'

/** Minutes of silence after which the time is told again. */
const SILENCE = 5

/**
 * Whether the time is told above a message: at the beginning, on a new day, after five quiet minutes. When the one
 * before is not known yet, nothing is said: it will be, when it is.
 */
export function needsTime(at: string, before: string | undefined, first: boolean): boolean {
  if (first) return true
  if (before === undefined) return false
  return Date.parse(at) - Date.parse(before) >= SILENCE * 60_000 || !sameDay(at, before)
}
