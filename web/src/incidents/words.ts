import { addWords } from '@/words/late'
import incidents from '@/words/zh-CN/incidents'

addWords({ incidents })
