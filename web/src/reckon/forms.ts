/** The tools that are a form and a result, each loaded when it is opened. */
import type { Tool } from './tool'

export const FORMS: Record<string, () => Promise<Tool>> = {
  'fee-case': () => import('./specs/fee').then((it) => it.feeCase),
  'fee-application': () => import('./specs/fee').then((it) => it.feeApplication),
  'fee-change': () => import('./specs/feeChange').then((it) => it.feeChange),
  'interest-late': () => import('./specs/late').then((it) => it.late),
  'interest-cap': () => import('./specs/lending').then((it) => it.lending),
  'interest-agreed': () => import('./specs/interest').then((it) => it.interest),
  instalments: () => import('./specs/schedule').then((it) => it.schedule),
  numbers: () => import('./specs/numbers').then((it) => it.numbers),
  periods: () => import('./specs/periods').then((it) => it.periods),
}
