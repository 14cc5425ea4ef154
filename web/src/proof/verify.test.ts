import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hashOf, isProof, verify } from './verify'

// The same files as for the other two verifiers; tests run in web/.
const golden = join(process.cwd(), '../tests/verify/golden')
const expected = JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8')) as Record<string, string[]>
const file = (name: string) => new Blob([readFileSync(join(golden, name))])

it('f24_the_browser_says_of_every_golden_file_and_twin_what_the_other_verifiers_say', { timeout: 60_000 }, async () => {
  const names = readdirSync(golden).filter((name) => name !== 'expected.json')
  expect(names.length).toBeGreaterThan(30)
  for (const name of names) {
    const report = await verify(file(name))
    expect(report.findings, name).toEqual(expected[name])
  }
})

it('one byte changed anywhere is noticed', { timeout: 60_000 }, async () => {
  const whole = readFileSync(join(golden, 'golden.zip'))
  for (let at = 0; at < whole.length; at += 149) {
    const bytes = new Uint8Array(whole)
    bytes[at]! ^= 1 << at % 8
    const report = await verify(new Blob([bytes]))
    expect(report.findings.length, `byte ${at}`).toBeGreaterThan(0)
  }
})

it('another key than the published one is named', async () => {
  const report = await verify(file('receipt.txt'), 'weiting/x+00000000+AA==')
  expect(report.findings).toContain('signature key')
  expect((await verify(file('golden.zip'), report.key!.text)).findings).toEqual([])
})

it('a document is held against what the acts show', async () => {
  const report = await verify(file('golden.zip'))
  const contract = new Blob(['%PDF-1.7 an invented contract'])
  expect(await isProof(contract)).toBe(false)
  expect(await isProof(file('receipt.txt'))).toBe(true)
  expect(report.shown.has(await hashOf(contract))).toBe(true)
  expect(report.shown.has(await hashOf(new Blob(['%PDF-1.7 another contract'])))).toBe(false)
})
