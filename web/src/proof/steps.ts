import type { Report } from './verify'

export interface Step {
  /** Words key under proof.steps. */
  key: string
  state: 'ok' | 'bad' | 'skipped'
  values?: Record<string, string | number>
}

/** What was checked, in the order of the checks. What could not be looked at because of something before it is not called good. */
export function stepsOf(report: Report, knownKey: boolean): Step[] {
  if (!report.key) return []
  const wrong = (pattern: RegExp) => report.findings.some((finding) => pattern.test(finding))
  const step = (key: string, pattern: RegExp, values?: Step['values']): Step => ({ key, state: wrong(pattern) ? 'bad' : 'ok', values })
  const key: Step = knownKey ? step('key', /^signature key/) : { key: 'keyUnknown', state: 'skipped' }
  const log = report.checkpoint ? 'ok' : 'skipped'
  const inLog = (name: string): Step => (log === 'ok' ? step(name, /^(proof|fork) /) : { key: name, state: 'skipped' })
  if (report.what === 'receipt' || report.what === 'sealed') {
    // The seal is a signature over the whole file, which PDF readers check; here it is the record inside that is held against the log.
    const inside: Step[] = report.what === 'sealed' ? [step('record', /^(altered|missing) record\.json/), { key: 'seal', state: 'skipped' }] : []
    return [
      ...inside,
      step('leaf', /^altered act [0-9]+$/),
      report.act?.body ? step('words', /^altered act [0-9]+ /) : { key: 'noWords', state: 'skipped' },
      step('signature', /^(signature|malformed) checkpoint/),
      inLog('inLog'),
      key,
    ]
  }
  return [
    step('files', /^(container|missing|unlisted) |^(altered|malformed) (?!records\/.* (act|block) )/, { count: report.files }),
    step('list', /^signature MANIFEST/),
    step('signature', /^(signature|malformed) (checkpoint|history)/),
    step('chain', /^(order|time|malformed records|altered records\/.* act [0-9]+$)/, { records: report.records, acts: report.acts }),
    step('bodies', /^(altered|malformed) records\/.* (body|audience)$/),
    inLog('inLog'),
    key,
  ]
}
