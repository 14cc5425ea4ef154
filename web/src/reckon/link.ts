/** What was filled in, as the part of an address after `#`: browsers send that part to no server. */
import type { Values } from './tool'

/** The longest that is put into an address. */
const LONGEST = 6_000

export function linkOf(path: string, values: Values): string {
  const packed = encodeURIComponent(JSON.stringify(values))
  return packed.length > LONGEST ? path : `${path}#in=${packed}`
}

/** What the address brings along: values of the kinds that a form has, and nothing else. */
export function broughtBy(hash: string): Values | null {
  if (!hash.startsWith('#in=')) return null
  try {
    return clean(JSON.parse(decodeURIComponent(hash.slice(4))), 0)
  } catch {
    return null
  }
}

function clean(value: unknown, depth: number): Values | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const kept: Values = {}
  for (const [key, one] of Object.entries(value).slice(0, 40)) {
    if (!/^[a-z_]{1,24}$/.test(key)) continue
    if (typeof one === 'boolean') kept[key] = one
    else if (typeof one === 'string') kept[key] = one.slice(0, 200)
    else if (Array.isArray(one) && one.every((item): item is string => typeof item === 'string')) kept[key] = one.slice(0, 50).map((item) => item.slice(0, 200))
    else if (Array.isArray(one) && depth === 0) kept[key] = one.slice(0, 100).map((item) => clean(item, 1)).filter((item) => item !== null)
  }
  return kept
}
