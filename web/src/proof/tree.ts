// The tree over all leaves of a court (RFC 9162, 2.1.3.2 and 2.1.4.2).
import type { Checkpoint } from './note'
import { same, sha256 } from './text'

const inner = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right)

/** Whether the path proves that this leaf is an entry of the tree. */
export function includes(checkpoint: Checkpoint, leaf: Uint8Array, index: bigint, path: Uint8Array[]): boolean {
  if (index >= checkpoint.size) return false
  let [at, last, node] = [index, checkpoint.size - 1n, sha256(Uint8Array.of(0), leaf)]
  for (const beside of path) {
    if (last === 0n) return false
    if (at & 1n || at === last) {
      node = inner(beside, node)
      while (!(at & 1n) && at !== 0n) [at, last] = [at >> 1n, last >> 1n]
    } else node = inner(node, beside)
    ;[at, last] = [at >> 1n, last >> 1n]
  }
  return last === 0n && same(node, checkpoint.root)
}

/** Whether the path proves that the later tree begins with the earlier one. */
export function continues(old: Checkpoint, later: Checkpoint, path: Uint8Array[]): boolean {
  if (old.origin !== later.origin || old.size > later.size) return false
  if (old.size === later.size) return path.length === 0 && same(old.root, later.root)
  if (old.size === 0n) return path.length === 0 && same(old.root, sha256())
  let [at, last] = [old.size - 1n, later.size - 1n]
  while (at & 1n) [at, last] = [at >> 1n, last >> 1n]
  const [first, ...rest] = at === 0n ? [old.root, ...path] : path
  if (!first) return false
  let [before, now] = [first, first]
  for (const beside of rest) {
    if (last === 0n) return false
    if (at & 1n || at === last) {
      ;[before, now] = [inner(beside, before), inner(beside, now)]
      while (!(at & 1n) && at !== 0n) [at, last] = [at >> 1n, last >> 1n]
    } else now = inner(now, beside)
    ;[at, last] = [at >> 1n, last >> 1n]
  }
  return last === 0n && same(before, old.root) && same(now, later.root)
}
