import { expect, it } from 'vitest'
import { readReleases, releases } from './updates'

it('the shipped announcements have a version, a day, a title and something to say', () => {
  expect(releases.length).toBeGreaterThan(0)
  for (const release of releases) {
    expect(release.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(release.day).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect(release.title).not.toBe('')
    expect(release.points.length).toBeGreaterThan(0)
  }
})

it('the newest stands first, and a title is not a point', () => {
  const read = readReleases('# 公告\n\n开头\n\n## 2.0.0 2027-01-02\n\n二\n\n- 甲\n- 乙\n\n## 1.0.0 2027-01-01\n\n一\n\n- 丙\n')
  expect(read.map((one) => [one.version, one.day, one.title, one.points])).toEqual([
    ['2.0.0', '2027-01-02', '二', ['甲', '乙']],
    ['1.0.0', '2027-01-01', '一', ['丙']],
  ])
})
