/** The calculations of the server. Amounts go as they were typed and come back in fen. */
import { call } from '@/api/client'
import { ApiProblem, readProblem } from '@/api/problem'
import type { components } from '@/api/schema'

type Schemas = components['schemas']
export type FeeItem = Schemas['FeeItem']
export type FeeQuery = Schemas['FeeQuery']
export type Offered = Schemas['Offered']
export type PeriodAsk = Schemas['Ask']

const post = <T>(path: string, body: unknown) => call<T>('POST', `/api/tools/${path}`, { body })

export const getFeeItems = () => call<Schemas['FeeItems']>('GET', '/api/tools/fees')
export const reckonFee = (query: FeeQuery) => post<Schemas['FeeResult']>('fees', query)
export const reckonFeeChange = (what: Schemas['FeeAdjust']) => post<Schemas['FeeSettlement']>('fees/changes', what)
export const reckonLate = (query: Schemas['LateInterestQuery']) => post<Schemas['LateInterest']>('interest/late', query)
export const reckonLending = (query: Schemas['LendingQuery']) => post<Schemas['Lending']>('interest/lending', query)
export const reckonInterest = (query: Schemas['SimpleQuery']) => post<Schemas['SimpleInterest']>('interest/agreed', query)
export const reckonSchedule = (query: Schemas['ScheduleQuery']) => post<Schemas['InstalmentSchedule']>('interest/schedule', query)
export const getPeriods = () => call<Schemas['PeriodOffers']>('GET', '/api/tools/periods')
export const reckonPeriod = (ask: PeriodAsk) => post<Schemas['Period']>('periods', ask)
export const reckonPeriodEach = (asked: Schemas['PeriodForEach']) => post<Schemas['Together']>('periods/each', asked)
export type Cause = Schemas['CauseHit']
export const checkNumber = (ask: Schemas['NumberAsk']) => post<Schemas['NumberChecked']>('numbers', ask)
export const getCauses = (q: string, under?: string) => call<Schemas['CauseHits']>('GET', '/api/tools/causes', { query: { q: q || undefined, under: q ? undefined : under } })
export type RiskAsk = Schemas['RiskAsk']
export type RiskQuestion = Schemas['RiskQuestion']
export type RiskReport = Schemas['RiskReport']
export const getRiskKinds = () => call<Schemas['RiskKinds']>('GET', '/api/tools/risk')
export const askRisk = (given: Schemas['RiskAnswers']) => post<RiskAsk>('risk', given)
export const reportRisk = (given: Schemas['RiskAnswers']) => post<RiskReport>('risk/report', given)
export const getRules = () => call<Schemas['Rules']>('GET', '/api/tools/rules')

/** Asks for a file and hands it to the browser. Throws ApiProblem. */
export async function download(path: string, body: unknown, name: string): Promise<void> {
  let response: Response
  try {
    response = await fetch(`/api/tools/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), credentials: 'same-origin', cache: 'no-store' })
  } catch {
    throw new ApiProblem(0, { code: 'network' })
  }
  if (!response.ok) throw await readProblem(response)
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
