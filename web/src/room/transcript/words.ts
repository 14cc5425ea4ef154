import { addWords } from '@/words/late'
import transcript from '@/words/zh-CN/transcript'

addWords({ transcript })
