import type { Group } from '@/api/types'

/** The order in which a court names those present. */
export const GROUPS: readonly Group[] = ['tribunal', 'parties', 'agents', 'others']

/** People by group, in the court's order; groups without anyone are left out. */
export function byGroup<T extends { group: Group }>(people: readonly T[]): { group: Group; people: T[] }[] {
  return GROUPS.map((group) => ({ group, people: people.filter((person) => person.group === group) })).filter(
    (part) => part.people.length > 0,
  )
}
