import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const css = readFileSync(resolve('src/styles/tokens.css'), 'utf8')

function block(opening: string): Map<string, string> {
  const from = css.indexOf(opening)
  expect(from).toBeGreaterThan(-1)
  const body = css.slice(from + opening.length, css.indexOf('}', from))
  return new Map([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!.trim()]))
}

const light = block(':root {')
const dark = block(":root[data-theme='dark'] {")

it('the dark tokens are the same by choice and by system', () => {
  expect(block(":root:not([data-theme='light']) {")).toEqual(dark)
})

it('text keeps its contrast on its ground, light and dark', () => {
  const pairs = [
    ['--ink-1', '--bg'],
    ['--ink-2', '--surface'],
    ['--ink-3', '--bg'],
    ['--ink-3', '--surface-3'],
    ['--brand-ink', '--brand-50'],
    ['--danger', '--danger-50'],
    ['--warn', '--warn-50'],
    ['--ok', '--ok-50'],
    ['--gold-ink', '--gold-50'],
    ['--bubble-me-ink', '--bubble-me'],
    ...['bench', 'plaintiff', 'defendant', 'agent', 'third', 'clerk', 'mediator'].map((r) => [`--role-${r}`, `--role-${r}-50`]),
  ] as [string, string][]
  for (const theme of [light, new Map([...light, ...dark])]) {
    for (const [ink, ground] of pairs) expect(contrast(theme.get(ink)!, theme.get(ground)!), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
})

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
