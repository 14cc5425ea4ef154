/** How large the next part of an upload should be. */

const MIB = 1024 * 1024
export const FIRST_PART = MIB
const LARGEST_PART = 16 * MIB

/**
 * Twice as large after a part that took less than half a second, half as large after one of more than four: what a
 * broken connection costs stays a few seconds, what a fast one wastes on round trips stays small.
 */
export function nextPart(part: number, milliseconds: number): number {
  if (milliseconds < 500) return Math.min(LARGEST_PART, part * 2)
  if (milliseconds > 4000) return Math.max(MIB, part / 2)
  return part
}
